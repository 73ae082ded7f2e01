"""One write port and one clocked read port."""

import random

from myhdl import *


@block
def block_ram(clk, we, waddr, raddr, din, dout):
    memory = [Signal(intbv(0)[8:]) for _ in range(16)]

    @always(clk.posedge)
    def write():
        if we:
            memory[waddr].next = din

    @always(clk.posedge)
    def read():
        dout.next = memory[raddr]

    return write, read


@block
def bench():
    clk = Signal(bool(0))
    we = Signal(bool(0))
    waddr, raddr = [Signal(intbv(0)[4:]) for _ in range(2)]
    din = Signal(intbv(0)[8:])
    dout = Signal(intbv(0)[8:])
    dut = block_ram(clk, we, waddr, raddr, din, dout)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            we.next = rng.randrange(2)
            waddr.next = rng.randrange(16)
            raddr.next = rng.randrange(16)
            din.next = rng.randrange(256)
        raise StopSimulation

    return dut, clock, stimulus
