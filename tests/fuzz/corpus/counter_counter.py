@always_seq(clk.posedge, reset=rst_n)
def advance():
    """The counting register."""
    if f:
        m.next = m + 1
