"""The address has a register; a read gives what is in the memory after it."""

from myhdl import *
from support import stimulus


@block
def registered_address(clk, we, wa, d, ra, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]
    address = Signal(intbv(0)[8:])

    @always(clk.posedge)
    def write():
        if we:
            ram[wa].next = d
        address.next = ra

    @always_comb
    def read():
        q.next = ram[address]

    return write, read


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = registered_address(clk, we, wa, d, ra, q)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
