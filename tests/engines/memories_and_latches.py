"""Memories that are read and written in one process and in several, lists of variables, a latch."""
from myhdl import *


@block
def bench():
    clk, hold, we = [Signal(bool(0)) for i in range(3)]
    words = [Signal(modbv(i * 7)[10:]) for i in range(16)]
    nibbles = [Signal(intbv(0)[9:]) for i in range(16)]
    other = [Signal(modbv(i)[70:]) for i in range(5)]
    at, back = [Signal(modbv(0)[4:]) for i in range(2)]
    first, second, third, latched, mixed = [Signal(modbv(0)[70:]) for i in range(5)]

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def read_first():
        at.next = at + 5
        words[at].next = words[back] + 1
        first.next = words[at]

    @always(clk.posedge)
    def exchange():
        back.next = back + 3
        other[back % 5].next = (other[at % 5] * 12345678901234567 + words[3]) % 2 ** 70
        second.next = other[back % 5]

    @always(clk.negedge)
    def part():
        nibbles[back].next[4:] = at
        third.next = words[7] + nibbles[at]

    @always_comb
    def latch():
        if hold:
            latched.next = first ^ third

    @always_comb
    def mix():
        found = [modbv(0)[12:] for i in range(4)]
        for i in range(4):
            found[i][:] = words[i] + i
        total = modbv(0)[70:]
        for i in range(4):
            total[:] = total * 3 + found[(i + 1) % 4]
            if total > 100000:
                break
        mixed.next = total + latched

    @instance
    def stimulus():
        for i in range(150):
            yield clk.negedge
            hold.next = i % 3 == 1
            yield delay(1)
            print("%x %x %x %x %x %x" % (first, second, third, latched, mixed, words[i % 16]))
        raise StopSimulation

    return clock, read_first, exchange, part, latch, mix, stimulus


bench().run_sim(quiet=1)
