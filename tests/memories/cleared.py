"""A loop sets all elements at once."""

from myhdl import *
from support import stimulus


@block
def cleared(clk, clear, we, wa, d, ra, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def ports():
        if clear:
            for i in range(256):
                ram[i].next = 0
        elif we:
            ram[wa].next = d
        q.next = ram[ra]

    return ports


@block
def bench():
    clk, clear, we = [Signal(bool(0)) for _ in range(3)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = cleared(clk, clear, we, wa, d, ra, q)
    inputs = stimulus(clk, [clear, we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
