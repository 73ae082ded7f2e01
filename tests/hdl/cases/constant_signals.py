"""A signal that is a constant."""

import random

from myhdl import *


@block
def constant_signals(a, q):
    step = Constant(intbv(3)[4:])

    @always_comb
    def add():
        q.next = (a + step) % 256

    return add


@block
def bench():
    a = Signal(intbv(0)[8:])
    q = Signal(intbv(0)[8:])
    dut = constant_signals(a, q)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(256)
        raise StopSimulation

    return dut, stimulus
