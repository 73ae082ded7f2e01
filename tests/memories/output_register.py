"""A second register behind the clocked read, with an enable."""

from myhdl import *
from support import stimulus


@block
def output_register(clk, we, wa, d, ra, en, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]
    read = Signal(intbv(0)[16:])

    @always(clk.posedge)
    def ports():
        if we:
            ram[wa].next = d
        read.next = ram[ra]
        if en:
            q.next = read

    return ports


@block
def bench():
    clk, we, en = [Signal(bool(0)) for _ in range(3)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = output_register(clk, we, wa, d, ra, en, q)
    inputs = stimulus(clk, [we, wa, d, ra, en])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
