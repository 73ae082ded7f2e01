# portable
def pick(left, right):
    if left > right:
        return left
    return right

@always_comb
def compare():
    z.next = pick(a, b)
    i1.next = bool(c)
    o.next = 3 + len(a) % 2 + fixed % 4
    es.next = single.ONLY

@always_seq(clk.posedge, reset=None)
def load():
    if f:
        smem[c].next = u
    else:
        e_next.next = e
