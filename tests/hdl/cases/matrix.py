"""A list of lists of signals."""

import random

from myhdl import *


@block
def matrix(clk, d, q):
    """Each row passes on to the next."""
    cells = [[Signal(intbv(0)[4:]) for _ in range(2)] for _ in range(2)]

    @always(clk.posedge)
    def move():
        cells[0][0].next = d
        cells[0][1].next = cells[0][0]
        cells[1][0].next = cells[0][1]
        cells[1][1].next = cells[1][0]

    @always_comb
    def output():
        q.next = cells[1][1]

    return move, output


@block
def bench():
    clk = Signal(bool(0))
    d = Signal(intbv(0)[4:])
    q = Signal(intbv(0)[4:])
    dut = matrix(clk, d, q)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for step in range(40):
            yield clk.negedge
            d.next = rng.randrange(16)
        raise StopSimulation

    return dut, clock, stimulus
