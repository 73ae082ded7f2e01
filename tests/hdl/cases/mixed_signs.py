"""Comparisons of numbers with and without a sign."""

import random

from myhdl import *


@block
def mixed_signs(a, u, less, equal, largest):
    @always_comb
    def compare():
        less.next = a < u
        equal.next = a == u
        largest.next = max(a, u)
    return compare


@block
def bench():
    a = Signal(intbv(0, min=-128, max=128))
    u = Signal(intbv(0)[8:])
    less, equal = [Signal(bool(0)) for _ in range(2)]
    largest = Signal(intbv(0, min=-128, max=256))
    dut = mixed_signs(a, u, less, equal, largest)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(-128, 128)
            u.next = rng.randrange(256)
        raise StopSimulation

    return dut, stimulus
