"""Sums, differences and products of numbers with a sign."""

import random

from myhdl import *


@block
def signed_arithmetic(a, b, total, difference, product, negated):
    @always_comb
    def compute():
        total.next = a + b
        difference.next = a - b
        product.next = a * b
        negated.next = -a
    return compute


@block
def bench():
    a, b = [Signal(intbv(0, min=-128, max=128)) for _ in range(2)]
    total, difference = [Signal(intbv(0, min=-256, max=256)) for _ in range(2)]
    product = Signal(intbv(0, min=-2**14, max=2**14 + 1))
    negated = Signal(intbv(0, min=-127, max=129))
    dut = signed_arithmetic(a, b, total, difference, product, negated)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(-128, 128)
            b.next = rng.randrange(-128, 128)
        raise StopSimulation

    return dut, stimulus
