"""Variables of a process that keep nothing, and one that keeps its value."""

import random

from myhdl import *


@block
def variables(clk, a, b, q, seen):
    count = Signal(intbv(0)[4:])

    @always(clk.posedge)
    def compute():
        swap = a < b
        low = intbv(0)[8:]
        low[:] = a
        if swap:
            low[:] = b
        q.next = low
        count.next = (count + 1) % 16

    @always_comb
    def output():
        seen.next = count

    return compute, output


@block
def bench():
    clk = Signal(bool(0))
    a, b = [Signal(intbv(0)[8:]) for _ in range(2)]
    q = Signal(intbv(0)[8:])
    seen = Signal(intbv(0)[4:])
    dut = variables(clk, a, b, q, seen)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            a.next = rng.randrange(256)
            b.next = rng.randrange(256)
        raise StopSimulation

    return dut, clock, stimulus
