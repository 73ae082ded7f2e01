"""Read without a clock, into a register of another process."""

from myhdl import *
from support import stimulus


@block
def register_elsewhere(clk, we, wa, d, ra, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]
    word = Signal(intbv(0)[16:])

    @always(clk.posedge)
    def write():
        if we:
            ram[wa].next = d

    @always_comb
    def read():
        word.next = ram[ra]

    @always(clk.posedge)
    def hold():
        q.next = word

    return write, read, hold


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = register_elsewhere(clk, we, wa, d, ra, q)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
