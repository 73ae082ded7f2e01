"""Interfaces of which blocks use a part: tools say what they do not use, and are right."""

import random

from myhdl import *


class Bus:
    def __init__(self):
        self.address = Signal(intbv(0)[8:])
        self.offset = Signal(intbv(0, min=-8, max=8))
        self.write = Signal(bool(0))
        self.answer = Signal(intbv(0)[8:])
        self.error = Signal(bool(0))
        self.unused = Signal(intbv(0)[4:])


@block
def requests(clk, bus, taps):
    @always(clk.posedge)
    def ask():
        bus.address.next = (bus.address + bus.answer + 1) % 256
        bus.offset.next = bus.address[4:].signed()
        bus.write.next = not bus.error
        taps[bus.address[2:]].next = bus.address

    return ask


@block
def answers(bus):
    @always_comb
    def answer():
        bus.answer.next = bus.address ^ 0x55
        bus.error.next = bus.write and bus.offset < 0

    return answer


@block
def ends(taps, total):
    @always_comb
    def both():
        total.next = taps[0] + taps[3]

    return both


@block
def parts(clk, total, high):
    bus = Bus()
    taps = [Signal(intbv(0)[8:]) for _ in range(4)]
    asks = requests(clk, bus, taps)
    says = answers(bus)
    outer = ends(taps, total)

    @always_comb
    def look():
        high.next = bus.address[7] ^ (bus.offset < -2)

    return asks, says, outer, look


@block
def bench():
    clk, high = [Signal(bool(0)) for _ in range(2)]
    total = Signal(intbv(0)[9:])
    dut = parts(clk, total, high)

    @instance
    def stimulate():
        for _ in range(100):
            yield delay(5)
            clk.next = 1
            yield delay(5)
            clk.next = 0
        raise StopSimulation

    return dut, stimulate
