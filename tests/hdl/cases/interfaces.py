"""An object of signals as a parameter."""

import random

from myhdl import *


class Bus:
    def __init__(self):
        self.valid = Signal(bool(0))
        self.data = Signal(intbv(0)[8:])


@block
def stage(clk, source, sink):
    """A register for a bus."""
    @always(clk.posedge)
    def forward():
        sink.valid.next = source.valid
        if source.valid:
            sink.data.next = source.data
    return forward


@block
def interfaces(clk, valid, data, seen, result):
    first, second, third = Bus(), Bus(), Bus()
    one, two = stage(clk, first, second), stage(clk, second, third)

    @always_comb
    def connect():
        first.valid.next = valid
        first.data.next = data
        seen.next = third.valid
        result.next = third.data

    return one, two, connect


@block
def bench():
    clk = Signal(bool(0))
    valid = Signal(bool(0))
    data = Signal(intbv(0)[8:])
    seen = Signal(bool(0))
    result = Signal(intbv(0)[8:])
    dut = interfaces(clk, valid, data, seen, result)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            valid.next = rng.randrange(2)
            data.next = rng.randrange(256)
        raise StopSimulation

    return dut, clock, stimulus
