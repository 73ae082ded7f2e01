"""A memory that starts with values."""

import random

from myhdl import *


@block
def initial_contents(clk, we, addr, din, dout):
    memory = [Signal(intbv(7 * i)[8:]) for i in range(8)]

    @always(clk.posedge)
    def access():
        if we:
            memory[addr].next = din
        dout.next = memory[addr]

    return access


@block
def bench():
    clk = Signal(bool(0))
    we = Signal(bool(0))
    addr = Signal(intbv(0)[3:])
    din = Signal(intbv(0)[8:])
    dout = Signal(intbv(0)[8:])
    dut = initial_contents(clk, we, addr, din, dout)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            we.next = rng.randrange(2)
            addr.next = rng.randrange(8)
            din.next = rng.randrange(256)
        raise StopSimulation

    return dut, clock, stimulus
