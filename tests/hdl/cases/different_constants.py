"""Instances of one block that differ in a constant."""

import random

from myhdl import *


@block
def scale(clk, a, q, factor):
    @always(clk.posedge)
    def multiply():
        q.next = (a * factor) % 256
    return multiply


@block
def different_constants(clk, a, p, q, r):
    threes = scale(clk, a, p, 3)
    fives = scale(clk, a, q, 5)
    again = scale(clk, a, r, 3)
    return threes, fives, again


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(0)[8:])
    p, q, r = [Signal(intbv(0)[8:]) for _ in range(3)]
    dut = different_constants(clk, a, p, q, r)
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
