@always(clk.posedge)
def store():
    if f:
        mem[a].next = b
    z.next = mem[a]

@always_comb
def look():
    d.next = concat(mem[a], mem[l])

@always(clk.posedge)
def shift():
    mem5[0].next = b
    for i in range(1, 5):
        mem5[i].next = mem5[i - 1]
