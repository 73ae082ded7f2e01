"""A short constant table, read at a clock."""

from myhdl import *
from support import stimulus


@block
def small_rom(clk, a, q):
    table = (3, 1, 4, 1, 5, 9, 2, 6)

    @always(clk.posedge)
    def read():
        q.next = table[a]

    return read


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(0)[3:])
    q = Signal(intbv(0)[4:])
    dut = small_rom(clk, a, q)
    inputs = stimulus(clk, [a])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
