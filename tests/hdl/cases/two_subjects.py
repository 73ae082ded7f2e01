"""Chains of comparisons of two signals, which are no choice by one value."""

import random

from myhdl import *


@block
def two_subjects(a, b, q):
    @always_comb
    def decide():
        if a == 1:
            q.next = 1
        elif b == 2:
            q.next = 2
        elif a == 3:
            q.next = 3
        else:
            q.next = 0

    return decide


@block
def bench():
    a, b, q = [Signal(intbv(0)[2:]) for _ in range(3)]
    dut = two_subjects(a, b, q)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(60):
            yield delay(10)
            a.next = rng.randrange(4)
            b.next = rng.randrange(4)
        raise StopSimulation

    return dut, stimulus
