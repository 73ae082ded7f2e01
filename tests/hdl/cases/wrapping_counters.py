"""Counters that wrap, at powers of two and elsewhere."""

import random

from myhdl import *


@block
def wrapping_counters(clk, en, binary, decimal, down):
    @always(clk.posedge)
    def count():
        if en:
            binary.next = binary + 1
            decimal.next = decimal + 1
            down.next = down - 3
    return count


@block
def bench():
    clk = Signal(bool(0))
    en = Signal(bool(0))
    binary = Signal(modbv(0)[4:])
    decimal = Signal(modbv(0, min=0, max=10))
    down = Signal(modbv(0, min=-8, max=8))
    dut = wrapping_counters(clk, en, binary, decimal, down)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            en.next = rng.randrange(2)
        raise StopSimulation

    return dut, clock, stimulus
