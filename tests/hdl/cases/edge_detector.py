"""A delayed copy and a comparison."""

import random

from myhdl import *


@block
def edge_detector(clk, level, rose, fell):
    before = Signal(bool(0))

    @always(clk.posedge)
    def remember():
        before.next = level

    @always_comb
    def compare():
        rose.next = level and not before
        fell.next = before and not level

    return remember, compare


@block
def bench():
    clk = Signal(bool(0))
    level = Signal(bool(0))
    rose, fell = [Signal(bool(0)) for _ in range(2)]
    dut = edge_detector(clk, level, rose, fell)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            level.next = rng.randrange(2)
        raise StopSimulation

    return dut, clock, stimulus
