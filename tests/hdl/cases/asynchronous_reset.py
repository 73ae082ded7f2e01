"""A reset that takes effect at once."""

import random

from myhdl import *


@block
def asynchronous_reset(clk, rst, d, q):
    @always_seq(clk.posedge, reset=rst)
    def register():
        q.next = d
    return register


@block
def bench():
    clk = Signal(bool(0))
    rst = ResetSignal(1, active=0, isasync=True)
    d = Signal(intbv(0)[8:])
    q = Signal(intbv(170)[8:])
    dut = asynchronous_reset(clk, rst, d, q)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        rst.next = 0
        for step in range(40):
            yield clk.negedge
            rst.next = step not in (0, 17)
            d.next = rng.randrange(256)
        raise StopSimulation

    return dut, clock, stimulus
