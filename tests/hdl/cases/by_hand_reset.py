"""A reset that the author has written out."""

import random

from myhdl import *


@block
def by_hand_reset(clk, clear, d, q):
    @always(clk.posedge, clear.negedge)
    def register():
        if not clear:
            q.next = 0
        else:
            q.next = d
    return register


@block
def bench():
    clk = Signal(bool(0))
    clear = Signal(bool(1))
    d = Signal(intbv(0)[8:])
    q = Signal(intbv(0)[8:])
    dut = by_hand_reset(clk, clear, d, q)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            clear.next = rng.randrange(4) != 0
            d.next = rng.randrange(256)
        raise StopSimulation

    return dut, clock, stimulus
