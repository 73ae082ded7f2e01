"""Python's match on a number, with several values in an arm."""

import random

from myhdl import *


@block
def match_numbers(op, a, b, q):
    """A small arithmetic unit."""
    @always_comb
    def compute():
        match op:
            case 0:
                q.next = a
            case 1 | 2:
                q.next = a & b
            case 3:
                q.next = a | b
            case _:
                q.next = a ^ b
    return compute


@block
def bench():
    op = Signal(intbv(0)[3:])
    a, b = [Signal(intbv(0)[8:]) for _ in range(2)]
    q = Signal(intbv(0)[8:])
    dut = match_numbers(op, a, b, q)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            op.next = rng.randrange(8)
            a.next = rng.randrange(256)
            b.next = rng.randrange(256)
        raise StopSimulation

    return dut, stimulus
