@always(clk.posedge)
def write_port():
    if f:
        mem[a].next = b

@always(clk.posedge)
def read_port():
    """The word that was there before the edge."""
    z.next = mem[l]
