"""Registers at two clocks, and a synchroniser."""

import random

from myhdl import *


@block
def two_clocks(clk, other, d, q):
    first, second = [Signal(bool(0)) for _ in range(2)]

    @always(other.posedge)
    def source():
        first.next = d

    @always(clk.posedge)
    def synchronise():
        second.next = first
        q.next = second

    return source, synchronise


@block
def bench():
    clk = Signal(bool(0))
    other = Signal(bool(0))
    d = Signal(bool(0))
    q = Signal(bool(0))
    dut = two_clocks(clk, other, d, q)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            other.next = rng.randrange(2)
            d.next = rng.randrange(2)
        raise StopSimulation

    return dut, clock, stimulus
