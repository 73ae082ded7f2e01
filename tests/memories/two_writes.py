"""Two write ports and two clocked read ports, at one clock; the second write wins."""

from myhdl import *
from support import stimulus


@block
def two_writes(clk, we, a, d, q, wb, b, e, p):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def ports():
        if we:
            ram[a].next = d
        if wb:
            ram[b].next = e
        q.next = ram[a]
        p.next = ram[b]

    return ports


@block
def bench():
    clk, we, wb = [Signal(bool(0)) for _ in range(3)]
    a, b = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, e, q, p = [Signal(intbv(0)[16:]) for _ in range(4)]
    dut = two_writes(clk, we, a, d, q, wb, b, e, p)
    inputs = stimulus(clk, [we, a, d, wb, b, e])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
