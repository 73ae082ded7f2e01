"""A function that a process calls twice."""

import random

from myhdl import *


def larger(a, b):
    """The larger of two."""
    if a > b:
        return a
    return b


@block
def functions_inside(a, b, c, q):
    @always_comb
    def find():
        q.next = larger(larger(a, b), c)
    return find


@block
def bench():
    a, b, c = [Signal(intbv(0)[8:]) for _ in range(3)]
    q = Signal(intbv(0)[8:])
    dut = functions_inside(a, b, c, q)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(256)
            b.next = rng.randrange(256)
            c.next = rng.randrange(256)
        raise StopSimulation

    return dut, stimulus
