"""Two blocks drive one tristate net, each with a driver of its own, and lets go of it."""

import random

from myhdl import *


@block
def station(out, enable, value):

    @always_comb
    def drive():
        out.next = value if enable else None

    return drive


@block
def shared_bus(clk, first, second, a, b, seen):
    bus = TristateSignal(intbv(0)[4:])
    one = station(bus.driver(), first, a)
    two = station(bus.driver(), second, b)

    @always(clk.posedge)
    def listen():
        seen.next = bus

    return one, two, listen


@block
def bench():
    clk, first, second = [Signal(bool(0)) for _ in range(3)]
    a, b, seen = [Signal(intbv(0)[4:]) for _ in range(3)]
    dut = shared_bus(clk, first, second, a, b, seen)
    rng = random.Random(5)

    @instance
    def stimulus():
        for step in range(60):
            first.next = 0
            second.next = 0
            yield delay(5)
            turn = rng.randrange(2)
            first.next = turn
            second.next = not turn
            a.next = rng.randrange(16)
            b.next = rng.randrange(16)
            yield delay(5)
            clk.next = 1
            yield delay(5)
            clk.next = 0
        raise StopSimulation

    return dut, stimulus
