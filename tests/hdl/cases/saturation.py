"""A sum that stays within its bounds."""

import random

from myhdl import *


@block
def saturation(a, b, q):
    @always_comb
    def add():
        q.next = min(max(a + b, -128), 127)
    return add


@block
def bench():
    a, b = [Signal(intbv(0, min=-128, max=128)) for _ in range(2)]
    q = Signal(intbv(0, min=-128, max=128))
    dut = saturation(a, b, q)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(-128, 128)
            b.next = rng.randrange(-128, 128)
        raise StopSimulation

    return dut, stimulus
