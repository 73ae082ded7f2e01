"""Signed elements, used in arithmetic behind the read."""

from myhdl import *
from support import stimulus


@block
def signed_elements(clk, we, wa, d, ra, q):
    ram = [Signal(intbv(0, min=-32768, max=32768)) for _ in range(256)]
    read = Signal(intbv(0, min=-32768, max=32768))

    @always(clk.posedge)
    def ports():
        if we:
            ram[wa].next = d
        read.next = ram[ra]
        q.next = read + 1

    return ports


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d = Signal(intbv(0, min=-32768, max=32768))
    q = Signal(intbv(0, min=-32768, max=32769))
    dut = signed_elements(clk, we, wa, d, ra, q)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
