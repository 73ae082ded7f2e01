"""Each byte of an element has its own write enable."""

from myhdl import *
from support import stimulus


@block
def byte_enables(clk, we, wa, d, ra, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def ports():
        if we[0]:
            ram[wa].next[8:0] = d[8:0]
        if we[1]:
            ram[wa].next[16:8] = d[16:8]
        q.next = ram[ra]

    return ports


@block
def bench():
    clk, we = Signal(bool(0)), Signal(intbv(0)[2:])
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = byte_enables(clk, we, wa, d, ra, q)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
