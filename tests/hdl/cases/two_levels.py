"""Blocks in blocks, with the author's names."""

import random

from myhdl import *


@block
def half_adder(a, b, s, c):
    """Two bits."""
    @always_comb
    def add():
        s.next = a ^ b
        c.next = a and b
    return add


@block
def full_adder(a, b, c, s, carry):
    """Three bits, of two half adders."""
    partial, first, second = [Signal(bool(0)) for _ in range(3)]
    left = half_adder(a, b, partial, first)
    right = half_adder(partial, c, s, second)

    @always_comb
    def join():
        carry.next = first or second

    return left, right, join


@block
def two_levels(x, y, total):
    """Four bits."""
    a, b, s = [[Signal(bool(0)) for _ in range(4)] for _ in range(3)]
    carries = [Signal(bool(0)) for _ in range(5)]
    adders = [full_adder(a[i], b[i], carries[i], s[i], carries[i + 1]) for i in range(4)]

    @always_comb
    def spread():
        carries[0].next = 0
        for i in range(4):
            a[i].next = x[i]
            b[i].next = y[i]

    @always_comb
    def gather():
        for i in range(4):
            total.next[i] = s[i]
        total.next[4] = carries[4]

    return adders, spread, gather


@block
def bench():
    x, y = [Signal(intbv(0)[4:]) for _ in range(2)]
    total = Signal(intbv(0)[5:])
    dut = two_levels(x, y, total)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            x.next = rng.randrange(16)
            y.next = rng.randrange(16)
        raise StopSimulation

    return dut, stimulus
