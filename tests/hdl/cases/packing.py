"""Parts of a register, each assigned by itself."""

import random

from myhdl import *


@block
def packing(clk, low, high, flag, word):
    @always(clk.posedge)
    def pack():
        word.next[4:] = low
        word.next[8:4] = high
        word.next[8] = flag
    return pack


@block
def bench():
    clk = Signal(bool(0))
    low, high = [Signal(intbv(0)[4:]) for _ in range(2)]
    flag = Signal(bool(0))
    word = Signal(intbv(0)[9:])
    dut = packing(clk, low, high, flag, word)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            low.next = rng.randrange(16)
            high.next = rng.randrange(16)
            flag.next = rng.randrange(2)
        raise StopSimulation

    return dut, clock, stimulus
