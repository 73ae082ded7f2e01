"""A constant table behind a register for the address."""

from myhdl import *
from support import stimulus


@block
def registered_address_rom(clk, a, q):
    table = tuple((i * i + 3 * i) % 65521 for i in range(256))
    address = Signal(intbv(0)[8:])

    @always(clk.posedge)
    def hold():
        address.next = a

    @always_comb
    def read():
        q.next = table[address]

    return hold, read


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(0)[8:])
    q = Signal(intbv(0)[16:])
    dut = registered_address_rom(clk, a, q)
    inputs = stimulus(clk, [a])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
