"""A register with an enable, at the falling edge."""

import random

from myhdl import *


@block
def enable(clk, en, d, q):
    @always(clk.negedge)
    def register():
        if en:
            q.next = d
    return register


@block
def bench():
    clk = Signal(bool(0))
    en = Signal(bool(0))
    d = Signal(intbv(0)[8:])
    q = Signal(intbv(0)[8:])
    dut = enable(clk, en, d, q)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            en.next = rng.randrange(2)
            d.next = rng.randrange(256)
        raise StopSimulation

    return dut, clock, stimulus
