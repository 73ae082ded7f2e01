"""Parts of the words of a memory."""

import random

from myhdl import *


@block
def byte_enables(clk, we, addr, din, dout):
    memory = [Signal(intbv(0)[16:]) for _ in range(8)]

    @always(clk.posedge)
    def access():
        if we[0]:
            memory[addr].next[8:] = din[8:]
        if we[1]:
            memory[addr].next[16:8] = din[16:8]
        dout.next = memory[addr]

    return access


@block
def bench():
    clk = Signal(bool(0))
    we = Signal(intbv(0)[2:])
    addr = Signal(intbv(0)[3:])
    din = Signal(intbv(0)[16:])
    dout = Signal(intbv(0)[16:])
    dut = byte_enables(clk, we, addr, din, dout)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            we.next = rng.randrange(4)
            addr.next = rng.randrange(8)
            din.next = rng.randrange(65536)
        raise StopSimulation

    return dut, clock, stimulus
