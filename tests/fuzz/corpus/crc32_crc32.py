@always_seq(clk.posedge, reset=rst)
def divide():
    """Eight steps of the polynomial division."""
    if f:
        remainder = intbv(0)[32:]
        remainder[:] = w ^ a
        for _ in range(8):
            if remainder[0]:
                remainder[:] = remainder >> 1 ^ 3988292384
            else:
                remainder[:] = remainder >> 1
        w.next = remainder

@always_comb
def output():
    wide.next = ~w
