"""One address: a read while the element is written gives what is written."""

from myhdl import *
from support import stimulus


@block
def write_first(clk, we, a, d, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def port():
        q.next = ram[a]
        if we:
            ram[a].next = d
            q.next = d

    return port


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    a = Signal(intbv(0)[8:])
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = write_first(clk, we, a, d, q)
    inputs = stimulus(clk, [we, a, d])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
