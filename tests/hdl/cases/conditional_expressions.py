"""Choices inside expressions."""

import random

from myhdl import *


@block
def conditional_expressions(a, b, sel, q, flag):
    @always_comb
    def choose():
        q.next = a if sel else (b if a > b else 0)
        flag.next = True if a == b else sel
    return choose


@block
def bench():
    a, b = [Signal(intbv(0)[8:]) for _ in range(2)]
    sel = Signal(bool(0))
    q = Signal(intbv(0)[8:])
    flag = Signal(bool(0))
    dut = conditional_expressions(a, b, sel, q, flag)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(256)
            b.next = rng.randrange(256)
            sel.next = rng.randrange(2)
        raise StopSimulation

    return dut, stimulus
