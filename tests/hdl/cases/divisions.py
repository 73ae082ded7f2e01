"""Division and remainder by constants, rounded down."""

import random

from myhdl import *


@block
def divisions(a, s, tenth, digit, half, odd):
    @always_comb
    def divide():
        tenth.next = a // 10
        digit.next = a % 10
        half.next = s // 2
        odd.next = s % 2
    return divide


@block
def bench():
    a = Signal(intbv(0)[6:])
    s = Signal(intbv(0, min=-16, max=16))
    tenth = Signal(intbv(0, min=0, max=7))
    digit = Signal(intbv(0)[4:])
    half = Signal(intbv(0, min=-8, max=8))
    odd = Signal(bool(0))
    dut = divisions(a, s, tenth, digit, half, odd)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(64)
            s.next = rng.randrange(-16, 16)
        raise StopSimulation

    return dut, stimulus
