"""The write port in one process, the clocked read port in another."""

from myhdl import *
from support import stimulus


@block
def two_processes(clk, we, wa, d, ra, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def write():
        if we:
            ram[wa].next = d

    @always(clk.posedge)
    def read():
        q.next = ram[ra]

    return write, read


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = two_processes(clk, we, wa, d, ra, q)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
