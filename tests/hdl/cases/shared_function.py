"""Two processes that call the same function of their variables."""

import random

from myhdl import *


def folded(value):
    """Both halves of a byte, one over the other."""
    return (value ^ (value >> 4)) & 15


@block
def shared_function(a, b, p, q):
    @always_comb
    def first():
        value = intbv(0)[8:]
        value[:] = a ^ 85
        p.next = folded(value)

    @always_comb
    def second():
        value = intbv(0)[8:]
        value[:] = b | 3
        q.next = folded(value)

    return first, second


@block
def bench():
    a, b = [Signal(intbv(0)[8:]) for _ in range(2)]
    p, q = [Signal(intbv(0)[4:]) for _ in range(2)]
    dut = shared_function(a, b, p, q)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(256)
            b.next = rng.randrange(256)
        raise StopSimulation

    return dut, stimulus
