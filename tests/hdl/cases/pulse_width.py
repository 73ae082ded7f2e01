"""A counter that is compared."""

import random

from myhdl import *


@block
def pulse_width(clk, duty, out):
    phase = Signal(modbv(0)[4:])

    @always(clk.posedge)
    def run():
        phase.next = phase + 1
        out.next = phase < duty

    return run


@block
def bench():
    clk = Signal(bool(0))
    duty = Signal(intbv(0)[4:])
    out = Signal(bool(0))
    dut = pulse_width(clk, duty, out)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            duty.next = rng.randrange(16)
        raise StopSimulation

    return dut, clock, stimulus
