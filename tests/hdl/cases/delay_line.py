"""A list of registers."""

import random

from myhdl import *


@block
def delay_line(clk, d, q, length=4):
    """The input, some cycles later."""
    line = [Signal(intbv(0)[8:]) for _ in range(length)]

    @always(clk.posedge)
    def shift():
        line[0].next = d
        for i in range(1, length):
            line[i].next = line[i - 1]

    @always_comb
    def output():
        q.next = line[length - 1]

    return shift, output


@block
def bench():
    clk = Signal(bool(0))
    d = Signal(intbv(0)[8:])
    q = Signal(intbv(0)[8:])
    dut = delay_line(clk, d, q)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            d.next = rng.randrange(256)
        raise StopSimulation

    return dut, clock, stimulus
