@always_comb
def flags():
    """What the outside sees, and what will happen at the next edge."""
    f.next = o == 0
    g.next = o == 8
    h.next = p and o != 8
    q.next = f and o != 0

@always_comb
def output():
    """The oldest word."""
    a.next = mem[m]

@always(clk.posedge)
def store():
    """The memory's write port."""
    if h:
        mem[z].next = b
