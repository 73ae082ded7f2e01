"""A loop over the bits of a word."""

import random

from myhdl import *


@block
def parity(a, odd, ones):
    """Counts the ones."""
    @always_comb
    def count():
        total = intbv(0, min=0, max=9)
        for i in range(8):
            if a[i]:
                total[:] = total + 1
        ones.next = total
        odd.next = total[0]
    return count


@block
def bench():
    a = Signal(intbv(0)[8:])
    odd = Signal(bool(0))
    ones = Signal(intbv(0)[4:])
    dut = parity(a, odd, ones)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            a.next = rng.randrange(256)
        raise StopSimulation

    return dut, stimulus
