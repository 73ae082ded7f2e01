"""Registers with a reset at the clock edge, and without one."""

import random

from myhdl import *


@block
def synchronous_reset(clk, rst, d, kept, free):
    @always_seq(clk.posedge, reset=rst)
    def with_reset():
        kept.next = d

    @always(clk.posedge)
    def without_reset():
        free.next = kept

    return with_reset, without_reset


@block
def bench():
    clk = Signal(bool(0))
    rst = ResetSignal(1, active=1, isasync=False)
    d = Signal(intbv(0)[8:])
    kept = Signal(intbv(5)[8:])
    free = Signal(intbv(0)[8:])
    dut = synchronous_reset(clk, rst, d, kept, free)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        rst.next = 1
        for step in range(40):
            yield clk.negedge
            rst.next = step in (0, 17)
            d.next = rng.randrange(256)
        raise StopSimulation

    return dut, clock, stimulus
