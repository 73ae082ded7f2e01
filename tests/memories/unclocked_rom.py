"""A constant table, read without a clock."""

from myhdl import *
from support import stimulus


@block
def unclocked_rom(clk, a, q, total):
    table = tuple((i * i + 3 * i) % 65521 for i in range(256))

    @always_comb
    def read():
        q.next = table[a]

    @always(clk.posedge)
    def count():
        total.next = (total + q) % 65536

    return read, count


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(0)[8:])
    q, total = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = unclocked_rom(clk, a, q, total)
    inputs = stimulus(clk, [a])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
