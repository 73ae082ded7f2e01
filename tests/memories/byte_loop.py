"""A loop over the bytes of an element, each with its own write enable."""

from myhdl import *
from support import stimulus


@block
def byte_loop(clk, we, wa, d, ra, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def ports():
        for i in range(2):
            if we[i]:
                ram[wa].next[8 * i + 8 : 8 * i] = d[8 * i + 8 : 8 * i]
        q.next = ram[ra]

    return ports


@block
def bench():
    clk, we = Signal(bool(0)), Signal(intbv(0)[2:])
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = byte_loop(clk, we, wa, d, ra, q)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
