"""The process that writes has a reset, which sets all elements."""

from myhdl import *
from support import stimulus


@block
def all_reset(clk, reset, we, wa, d, ra, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always_seq(clk.posedge, reset=reset)
    def ports():
        if we:
            ram[wa].next = d
        q.next = ram[ra]

    return ports


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    reset = ResetSignal(0, active=1, isasync=False)
    dut = all_reset(clk, reset, we, wa, d, ra, q)
    inputs = stimulus(clk, [reset, we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
