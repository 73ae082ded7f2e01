"""Lists of signals: indexed where they are read, indexed where they are driven, passed on, and in parts."""

import random

from myhdl import *


@block
def shift(clk, sample, taps):
    @always(clk.posedge)
    def move():
        taps[0].next = sample
        for i in range(1, len(taps)):
            taps[i].next = taps[i - 1]

    return move


@block
def choose(taps, k, picked, low):
    @always_comb
    def read():
        picked.next = taps[k]

    @always_comb
    def bits():
        low.next = taps[k + 4][3:]

    return read, bits


@block
def pass_on(taps, k, picked, low):
    inner = choose(taps, k, picked, low)
    return inner


@block
def write(clk, where, value, flags):
    @always(clk.posedge)
    def put():
        for i in range(4):
            if where == i:
                flags[i].next = value

    return put


@block
def count(flags, number):
    @always_comb
    def add():
        found = 0
        for i in range(len(flags)):
            if flags[i]:
                found += 1
        number.next = found

    return add


@block
def invert(a, q):
    @always_comb
    def logic():
        q.next = a ^ 3

    return logic


@block
def lists(clk, sample, k, where, value, picked, low, number, turned):
    taps = [Signal(intbv(0, min=-32, max=32)) for _ in range(8)]
    flags = [Signal(intbv(0)[2:]) for _ in range(4)]
    opposite = [Signal(intbv(0)[2:]) for _ in range(4)]
    line = shift(clk, sample, taps)
    reader = pass_on(taps, k, picked, low)
    writer = write(clk, where, value, flags)
    counter = count(flags, number)
    # Each drives one element.
    inverters = [invert(flags[i], opposite[i]) for i in range(4)]
    other = count(opposite, turned)
    return line, reader, writer, counter, inverters, other


@block
def bench():
    clk = Signal(bool(0))
    sample, picked = [Signal(intbv(0, min=-32, max=32)) for _ in range(2)]
    k, where, value = [Signal(intbv(0)[2:]) for _ in range(3)]
    number, turned, low = [Signal(intbv(0)[3:]) for _ in range(3)]
    dut = lists(clk, sample, k, where, value, picked, low, number, turned)

    @instance
    def stimulate():
        rng = random.Random(12)
        for i in range(120):
            sample.next = rng.randrange(-32, 32)
            k.next = rng.randrange(4)
            where.next = rng.randrange(4)
            value.next = rng.randrange(4)
            yield delay(5)
            clk.next = 1
            yield delay(5)
            clk.next = 0
        raise StopSimulation

    return dut, stimulate


if __name__ == '__main__':
    bench().run_sim()
