@always(clk.posedge)
def go_round():
    """Indices that wrap around."""
    mem[(a + 3) % 16].next = m
    b.next = mem[(a + 9) % 16]
