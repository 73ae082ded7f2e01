"""A constant table, read at a clock."""

from myhdl import *
from support import stimulus


@block
def clocked_rom(clk, a, q):
    table = tuple((i * i + 3 * i) % 65521 for i in range(256))

    @always(clk.posedge)
    def read():
        q.next = table[a]

    return read


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(0)[8:])
    q = Signal(intbv(0)[16:])
    dut = clocked_rom(clk, a, q)
    inputs = stimulus(clk, [a])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
