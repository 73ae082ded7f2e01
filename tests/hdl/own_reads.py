"""Combinational processes that read what they drive: in any order, in branches, as chains of assignments."""

from random import Random

from myhdl import *


@block
def own_reads(a, b, sel, chain, late, early, held, swapped, other):
    ready, inner, first, second = [Signal(intbv(0)[8:]) for _ in range(4)]
    x, y = [Signal(intbv(0)[8:]) for _ in range(2)]

    @always_comb
    def forwards():
        """Each value is there before it is read."""
        ready.next = a ^ b
        inner.next = ready + 1 if ready < 255 else 0
        chain.next = inner

    @always_comb
    def backwards():
        """Each value is read before it is there."""
        late.next = second
        second.next = first
        first.next = a & b

    @always_comb
    def branches():
        if sel == 1:
            x.next = a
        elif sel == 2:
            x.next = b
        else:
            x.next = 0
        early.next = x
        if x > 100:
            held.next = x - 100
        else:
            held.next = 0

    @always_comb
    def between():
        """The read stands between two assignments: the last one counts."""
        y.next = 0
        swapped.next = y
        if sel[0]:
            y.next = a
        other.next = y

    return forwards, backwards, branches, between


@block
def bench():
    a, b, chain, late, early, held, swapped, other = [Signal(intbv(0)[8:]) for _ in range(8)]
    sel = Signal(intbv(0)[2:])
    dut = own_reads(a, b, sel, chain, late, early, held, swapped, other)
    random = Random(3)

    @instance
    def stimulus():
        for _ in range(100):
            a.next = random.randrange(256)
            b.next = random.randrange(256)
            sel.next = random.randrange(4)
            yield delay(10)
            assert chain == ((a ^ b) + 1) % 256
            assert late == a & b
            assert early == (0, a, b, 0)[sel]
            assert held == max(0, early - 100)
            assert swapped == (a if sel % 2 else 0) and other == swapped
        raise StopSimulation

    return dut, stimulus
