"""One block writes the memory and another one reads it."""

from myhdl import *
from support import stimulus


@block
def writer(clk, we, wa, d, ram):
    @always(clk.posedge)
    def write():
        if we:
            ram[wa].next = d

    return write


@block
def reader(clk, ra, q, ram):
    @always(clk.posedge)
    def read():
        q.next = ram[ra]

    return read


@block
def across_blocks(clk, we, wa, d, ra, q):
    ram = [Signal(intbv(0)[64:]) for _ in range(64)]

    return writer(clk, we, wa, d, ram), reader(clk, ra, q, ram)


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra = [Signal(intbv(0)[6:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[64:]) for _ in range(2)]
    dut = across_blocks(clk, we, wa, d, ra, q)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
