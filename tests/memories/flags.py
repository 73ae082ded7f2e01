"""Elements of one bit."""

from myhdl import *
from support import stimulus


@block
def flags(clk, we, wa, d, ra, q):
    ram = [Signal(bool(0)) for _ in range(4096)]

    @always(clk.posedge)
    def ports():
        if we:
            ram[wa].next = d
        q.next = ram[ra]

    return ports


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra = [Signal(intbv(0)[12:]) for _ in range(2)]
    d, q = [Signal(bool(0)) for _ in range(2)]
    dut = flags(clk, we, wa, d, ra, q)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
