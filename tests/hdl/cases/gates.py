"""Logic of single bits and of words."""

import random

from myhdl import *


@block
def gates(a, b, x, y, land, lor, lxor, inverted, word):
    """Each output is one expression."""
    @always_comb
    def logic():
        land.next = a and b
        lor.next = a or not b
        lxor.next = a ^ b
        inverted.next = not a
        word.next = (x & y) | (~x & 0x0f)
    return logic


@block
def bench():
    a, b = [Signal(bool(0)) for _ in range(2)]
    x, y = [Signal(intbv(0)[8:]) for _ in range(2)]
    land, lor, lxor, inverted = [Signal(bool(0)) for _ in range(4)]
    word = Signal(intbv(0)[8:])
    dut = gates(a, b, x, y, land, lor, lxor, inverted, word)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(2)
            b.next = rng.randrange(2)
            x.next = rng.randrange(256)
            y.next = rng.randrange(256)
        raise StopSimulation

    return dut, stimulus
