"""A small memory, read without a clock: two ports, as in a processor."""

from myhdl import *
from support import stimulus


@block
def register_file(clk, we, wa, d, ra, rb, q, p):
    registers = [Signal(intbv(0)[16:]) for _ in range(16)]

    @always(clk.posedge)
    def write():
        if we:
            registers[wa].next = d

    @always_comb
    def read():
        q.next = registers[ra]
        p.next = registers[rb]

    return write, read


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra, rb = [Signal(intbv(0)[4:]) for _ in range(3)]
    d, q, p = [Signal(intbv(0)[16:]) for _ in range(3)]
    dut = register_file(clk, we, wa, d, ra, rb, q, p)
    inputs = stimulus(clk, [we, wa, d, ra, rb])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
