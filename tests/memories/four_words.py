"""A small memory."""

from myhdl import *
from support import stimulus


@block
def four_words(clk, we, wa, d, ra, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(4)]

    @always(clk.posedge)
    def ports():
        if we:
            ram[wa].next = d
        q.next = ram[ra]

    return ports


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra = [Signal(intbv(0)[2:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = four_words(clk, we, wa, d, ra, q)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
