"""Parts of signals as signals of their own."""

import random

from myhdl import *


@block
def shadows(a, b, low, word):
    part, rest = a(4, 0), a(8, 4)
    joined = ConcatSignal(rest, b)

    @always_comb
    def use():
        low.next = part
        word.next = joined

    return use


@block
def bench():
    a = Signal(intbv(0)[8:])
    b = Signal(intbv(0)[4:])
    low = Signal(intbv(0)[4:])
    word = Signal(intbv(0)[8:])
    dut = shadows(a, b, low, word)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(256)
            b.next = rng.randrange(16)
        raise StopSimulation

    return dut, stimulus
