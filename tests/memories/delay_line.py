"""A shift register: every element moves at every clock edge."""

from myhdl import *
from support import stimulus


@block
def delay_line(clk, d, ra, q):
    line = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def shift():
        line[0].next = d
        for i in range(1, 256):
            line[i].next = line[i - 1]
        q.next = line[ra]

    return shift


@block
def bench():
    clk = Signal(bool(0))
    ra = Signal(intbv(0)[8:])
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = delay_line(clk, d, ra, q)
    inputs = stimulus(clk, [d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
