def average(p, q):
    total = p + q
    return total // 2
def sub_state(next):

@always_comb
def sub_logic():
    w.next = concat(a, b, x)
    if c[0]:
        a.next = z
    a.next = mem[b[3:]]
    l.next = a
