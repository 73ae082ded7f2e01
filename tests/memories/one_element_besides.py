"""An element has a use of its own, besides the ports."""

from myhdl import *
from support import stimulus


@block
def one_element_besides(clk, we, wa, d, ra, q, first):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def ports():
        if we:
            ram[wa].next = d
        q.next = ram[ra]

    @always_comb
    def look():
        first.next = ram[0]

    return ports, look


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q, first = [Signal(intbv(0)[16:]) for _ in range(3)]
    dut = one_element_besides(clk, we, wa, d, ra, q, first)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
