"""Written at one clock and read at another."""

from myhdl import *
from support import stimulus


@block
def two_clocks(clk, we, wa, d, rclk, ra, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def write():
        if we:
            ram[wa].next = d

    @always(rclk.posedge)
    def read():
        q.next = ram[ra]

    return write, read


@block
def bench():
    clk, rclk, we = [Signal(bool(0)) for _ in range(3)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = two_clocks(clk, we, wa, d, rclk, ra, q)
    inputs = stimulus(clk, [we, wa, d, ra], other=rclk)
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
