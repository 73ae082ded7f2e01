"""Elements of 36 bits."""

from myhdl import *
from support import stimulus


@block
def wide_36(clk, we, wa, d, ra, q):
    ram = [Signal(intbv(0)[36:]) for _ in range(256)]

    @always(clk.posedge)
    def ports():
        if we:
            ram[wa].next = d
        q.next = ram[ra]

    return ports


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[36:]) for _ in range(2)]
    dut = wide_36(clk, we, wa, d, ra, q)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
