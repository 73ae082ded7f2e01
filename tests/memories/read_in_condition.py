"""A condition looks at an element, without a register between."""

from myhdl import *
from support import stimulus


@block
def read_in_condition(clk, we, wa, d, ra, hit):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def ports():
        if we:
            ram[wa].next = d
        if ram[ra] == d:
            hit.next = not hit

    return ports


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, hit = Signal(intbv(0)[16:]), Signal(bool(0))
    dut = read_in_condition(clk, we, wa, d, ra, hit)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
