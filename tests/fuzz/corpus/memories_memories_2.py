@always_comb
def tap():
    a.next = mem5[4]

@always_comb
def choose():
    if b < 3:
        z.next = mem[b]
    else:
        z.next = 0

@always(clk.posedge)
def mark():
    flags[l % 10].next = f
    g.next = flags[b % 10]
