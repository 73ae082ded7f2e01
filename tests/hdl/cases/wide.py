"""Words wider than a machine's."""

import random

from myhdl import *


@block
def wide(clk, a, total, folded):
    @always(clk.posedge)
    def accumulate():
        total.next = (total * 3 + a) % 2**100

    @always_comb
    def fold():
        folded.next = total[100:50] ^ total[50:]

    return accumulate, fold


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(0)[8:])
    total = Signal(intbv(0)[100:])
    folded = Signal(intbv(0)[50:])
    dut = wide(clk, a, total, folded)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            a.next = rng.randrange(256)
        raise StopSimulation

    return dut, clock, stimulus
