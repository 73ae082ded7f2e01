@always(clk.posedge)
def tally():
    left = intbv(0, min=0, max=6)
    left[:] = c
    while left > 0:
        left[:] = left - 1
        m.next = m + 1

@always(clk.posedge)
def store():
    if f:
        for i in range(100):
            mem[i].next = i % 16
    else:
        mem[o].next = m
    a.next = mem[o]
