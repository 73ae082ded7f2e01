"""Two places write, but never at one clock edge: one write port."""

from myhdl import *
from support import stimulus


@block
def one_write_of_two(clk, we, wa, d, wb, b, e, ra, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def ports():
        if we:
            ram[wa].next = d
        elif wb:
            ram[b].next = e
        q.next = ram[ra]

    return ports


@block
def bench():
    clk, we, wb = [Signal(bool(0)) for _ in range(3)]
    wa, b, ra = [Signal(intbv(0)[8:]) for _ in range(3)]
    d, e, q = [Signal(intbv(0)[16:]) for _ in range(3)]
    dut = one_write_of_two(clk, we, wa, d, wb, b, e, ra, q)
    inputs = stimulus(clk, [we, wa, d, wb, b, e, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
