"""Bits and slices, read and assigned."""

import random

from myhdl import *


@block
def parts(a, i, high, bit, chosen, swapped):
    @always_comb
    def take():
        high.next = a[8:4]
        bit.next = a[7]
        chosen.next = a[i]
        swapped.next = concat(a[4:], a[8:4])
    return take


@block
def bench():
    a = Signal(intbv(0)[8:])
    i = Signal(intbv(0)[3:])
    high = Signal(intbv(0)[4:])
    bit, chosen = [Signal(bool(0)) for _ in range(2)]
    swapped = Signal(intbv(0)[8:])
    dut = parts(a, i, high, bit, chosen, swapped)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(256)
            i.next = rng.randrange(8)
        raise StopSimulation

    return dut, stimulus
