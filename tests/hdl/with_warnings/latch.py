"""Latches: values that depend on themselves, about which the tools warn with reason."""

from random import Random

from myhdl import *


@block
def latches(a, gate, kept, open_while):
    latch = Signal(intbv(0)[8:])

    @always_comb
    def hold():
        if gate:
            latch.next = a
        else:
            latch.next = latch
        kept.next = latch

    @always_comb
    def follow():
        if gate:
            open_while.next = a

    return hold, follow


@block
def bench():
    a, kept, open_while = [Signal(intbv(0)[8:]) for _ in range(3)]
    gate = Signal(bool(0))
    dut = latches(a, gate, kept, open_while)
    random = Random(3)

    @instance
    def stimulus():
        last = 0
        for _ in range(100):
            a.next = random.randrange(256)
            gate.next = random.randrange(2)
            yield delay(10)
            last = int(a) if gate else last
            assert kept == last and open_while == last
        raise StopSimulation

    return dut, stimulus
