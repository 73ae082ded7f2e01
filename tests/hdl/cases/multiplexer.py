"""A choice by number, written as a chain."""

import random

from myhdl import *


@block
def multiplexer(sel, a, b, c, q):
    """The fourth input is zero."""
    @always_comb
    def choose():
        if sel == 0:
            q.next = a
        elif sel == 1:
            q.next = b
        elif sel == 2:
            q.next = c
        else:
            q.next = 0
    return choose


@block
def bench():
    sel = Signal(intbv(0)[2:])
    a, b, c = [Signal(intbv(0)[8:]) for _ in range(3)]
    q = Signal(intbv(0)[8:])
    dut = multiplexer(sel, a, b, c, q)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            sel.next = rng.randrange(4)
            a.next = rng.randrange(256)
            b.next = rng.randrange(256)
            c.next = rng.randrange(256)
        raise StopSimulation

    return dut, stimulus
