"""A table of constants."""

import random

from myhdl import *


SINE = (0, 49, 90, 117, 127, 117, 90, 49)


@block
def lookup(clk, phase, value, squared):
    """A table that a register follows, and one that is logic."""
    @always(clk.posedge)
    def registered():
        value.next = SINE[phase]

    @always_comb
    def logic():
        squared.next = (0, 1, 4, 9, 16, 25, 36, 49)[phase]

    return registered, logic


@block
def bench():
    clk = Signal(bool(0))
    phase = Signal(intbv(0)[3:])
    value = Signal(intbv(0)[7:])
    squared = Signal(intbv(0)[6:])
    dut = lookup(clk, phase, value, squared)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            phase.next = rng.randrange(8)
        raise StopSimulation

    return dut, clock, stimulus
