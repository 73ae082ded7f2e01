"""Three write ports."""

from myhdl import *
from support import stimulus


@block
def three_writes(clk, we, a, b, c, d, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def ports():
        if we[0]:
            ram[a].next = d
        if we[1]:
            ram[b].next = d
        if we[2]:
            ram[c].next = d
        q.next = ram[a]

    return ports


@block
def bench():
    clk, we = Signal(bool(0)), Signal(intbv(0)[3:])
    a, b, c = [Signal(intbv(0)[8:]) for _ in range(3)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = three_writes(clk, we, a, b, c, d, q)
    inputs = stimulus(clk, [we, a, b, c, d])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
