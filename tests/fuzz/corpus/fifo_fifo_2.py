@always_seq(clk.posedge, reset=rst)
def control():
    """The pointers and the fill level."""
    if f:
        m.next = m + 1
    if g:
        z.next = z + 1
    if f and (not g):
        o.next = o + 1
    elif g and (not f):
        o.next = o - 1
