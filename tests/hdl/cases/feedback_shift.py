"""A shift register with feedback."""

import random

from myhdl import *


@block
def feedback_shift(clk, rst, q):
    """x^8 + x^6 + x^5 + x^4 + 1"""
    @always_seq(clk.posedge, reset=rst)
    def step():
        q.next = concat(q[7:], q[7] ^ q[5] ^ q[4] ^ q[3])
    return step


@block
def bench():
    clk = Signal(bool(0))
    rst = ResetSignal(1, active=1, isasync=False)
    q = Signal(intbv(1)[8:])
    dut = feedback_shift(clk, rst, q)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        rst.next = 1
        for step in range(40):
            yield clk.negedge
            rst.next = step in (0, 17)
        raise StopSimulation

    return dut, clock, stimulus
