"""An enumeration at a port, coded with one bit for each state."""

import random

from myhdl import *

t_turn = enum('NORTH', 'EAST', 'SOUTH', encoding='one_hot')


@block
def one_hot(clk, rst, go, state):
    """Round and round."""
    @always_seq(clk.posedge, reset=rst)
    def turn():
        if go:
            match state:
                case t_turn.NORTH:
                    state.next = t_turn.EAST
                case t_turn.EAST:
                    state.next = t_turn.SOUTH
                case t_turn.SOUTH:
                    state.next = t_turn.NORTH
    return turn


@block
def bench():
    clk = Signal(bool(0))
    rst = ResetSignal(0, active=0, isasync=True)
    go = Signal(bool(0))
    state = Signal(t_turn.NORTH)
    dut = one_hot(clk, rst, go, state)
    rng = random.Random(1)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        rst.next = 0
        for step in range(40):
            yield clk.negedge
            rst.next = step not in (0, 17)
            go.next = rng.randrange(2)
        raise StopSimulation

    return dut, clock, stimulus
