"""Shifts by constants and by signals."""

import random

from myhdl import *


@block
def shifts(a, s, n, left, right, arithmetic, doubled):
    @always_comb
    def shift():
        left.next = (a << n) & 0xff
        right.next = a >> n
        arithmetic.next = s >> n
        doubled.next = a << 1
    return shift


@block
def bench():
    a = Signal(intbv(0)[8:])
    s = Signal(intbv(0, min=-128, max=128))
    n = Signal(intbv(0)[3:])
    left, right = [Signal(intbv(0)[8:]) for _ in range(2)]
    arithmetic = Signal(intbv(0, min=-128, max=128))
    doubled = Signal(intbv(0)[9:])
    dut = shifts(a, s, n, left, right, arithmetic, doubled)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(256)
            s.next = rng.randrange(-128, 128)
            n.next = rng.randrange(8)
        raise StopSimulation

    return dut, stimulus
