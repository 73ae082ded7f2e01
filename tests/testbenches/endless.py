"""A test bench without an end."""

from myhdl import *


@block
def inverter(a, y):
    @always_comb
    def logic():
        y.next = not a

    return logic


@block
def bench():
    a, y = Signal(bool(0)), Signal(bool(0))
    dut = inverter(a, y)

    @always(delay(3))
    def stimulus():
        a.next = not a

    return dut, stimulus
