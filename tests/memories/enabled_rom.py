"""A constant table of signed values, not a power of two long, with an enable."""

from myhdl import *
from support import stimulus


@block
def enabled_rom(clk, en, a, q):
    table = tuple((i * 37) % 2001 - 1000 for i in range(600))

    @always(clk.posedge)
    def read():
        if en:
            q.next = table[a]

    return read


@block
def bench():
    clk, en = [Signal(bool(0)) for _ in range(2)]
    a = Signal(intbv(0, min=0, max=600))
    q = Signal(intbv(0, min=-1024, max=1024))
    dut = enabled_rom(clk, en, a, q)
    inputs = stimulus(clk, [en, a])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
