"""A delay line with a pointer: the elements stay, the place moves."""

from myhdl import *
from support import stimulus


@block
def ring_buffer(clk, d, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]
    at = Signal(modbv(0)[8:])

    @always(clk.posedge)
    def ports():
        ram[at].next = d
        q.next = ram[at]
        at.next = at + 1

    return ports


@block
def bench():
    clk = Signal(bool(0))
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = ring_buffer(clk, d, q)
    inputs = stimulus(clk, [d])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
