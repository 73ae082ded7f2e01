"""Conditions in conditions, with defaults before them."""

import random

from myhdl import *


@block
def nested_conditions(clk, a, b, mode, q):
    @always(clk.posedge)
    def decide():
        q.next = q
        if mode[0]:
            if a > b:
                q.next = a
            elif a == b:
                q.next = 0
        elif mode[1]:
            q.next = b
    return decide


@block
def bench():
    clk = Signal(bool(0))
    a, b = [Signal(intbv(0)[8:]) for _ in range(2)]
    mode = Signal(intbv(0)[2:])
    q = Signal(intbv(0)[8:])
    dut = nested_conditions(clk, a, b, mode, q)
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
            mode.next = rng.randrange(4)
        raise StopSimulation

    return dut, clock, stimulus
