import random

from myhdl import *

rng = random.Random(3)


@block
def device(clk, a, total):
    @always(clk.posedge)
    def add():
        total.next = total + a

    return add


@block
def bench():
    clk = Signal(bool(0))
    a = Signal(intbv(0)[4:])
    total = Signal(modbv(0)[8:])
    dut = device(clk, a, total)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for i in range(30):
            yield clk.negedge
            a.next = rng.randrange(16)
        raise StopSimulation

    return dut, clock, stimulus
