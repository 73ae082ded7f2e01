"""Edges of two clocks, an asynchronous reset written by hand, a falling edge, a process in a generator."""

from myhdl import *


@block
def clocks(clk, slow, rst_n, d, rising, falling, by_hand, crossed, looped):
    @always(clk.posedge)
    def up():
        rising.next = d

    @always(clk.negedge)
    def down():
        falling.next = d + rising

    @always(clk.posedge, rst_n.negedge)
    def hand():
        if not rst_n:
            by_hand.next = 9
        else:
            by_hand.next = by_hand + 1

    @always_seq(slow.posedge, reset=None)
    def cross():
        crossed.next = rising

    @instance
    def loop():
        while True:
            yield slow.negedge
            if d == 3:
                looped.next = 0
            else:
                looped.next = looped + d

    return up, down, hand, cross, loop


@block
def bench():
    clk, slow = [Signal(bool(0)) for _ in range(2)]
    rst_n = Signal(bool(1))
    d = Signal(intbv(0)[3:])
    rising, crossed = [Signal(intbv(0)[3:]) for _ in range(2)]
    falling = Signal(intbv(0)[4:])
    by_hand = Signal(modbv(0)[4:])
    looped = Signal(modbv(0)[6:])
    dut = clocks(clk, slow, rst_n, d, rising, falling, by_hand, crossed, looped)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(delay(13))
    def slow_clock():
        slow.next = not slow

    @instance
    def stimulus():
        for i in range(100):
            yield delay(7)
            d.next = i % 8
            rst_n.next = i % 31 != 20
        raise StopSimulation

    return dut, clock, slow_clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
