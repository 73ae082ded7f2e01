"""Two clocked read ports: the memory is there twice."""

from myhdl import *
from support import stimulus


@block
def two_reads(clk, we, wa, d, ra, rb, q, p):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def ports():
        if we:
            ram[wa].next = d
        q.next = ram[ra]
        p.next = ram[rb]

    return ports


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra, rb = [Signal(intbv(0)[8:]) for _ in range(3)]
    d, q, p = [Signal(intbv(0)[16:]) for _ in range(3)]
    dut = two_reads(clk, we, wa, d, ra, rb, q, p)
    inputs = stimulus(clk, [we, wa, d, ra, rb])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
