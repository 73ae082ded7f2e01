"""A state machine with an enumeration inside one module."""

import random

from myhdl import *

t_state = enum('IDLE', 'RUN', 'REST')


@block
def state_machine(clk, rst, start, stop, busy, ticks):
    """Idle, running, and one cycle of rest."""
    state = Signal(t_state.IDLE)

    @always_comb
    def output():
        busy.next = state != t_state.IDLE

    @always_seq(clk.posedge, reset=rst)
    def control():
        """The transitions."""
        if state == t_state.IDLE:
            ticks.next = 0
            if start:
                state.next = t_state.RUN
        elif state == t_state.RUN:
            ticks.next = (ticks + 1) % 16
            if stop:
                state.next = t_state.REST
        else:
            state.next = t_state.IDLE

    return output, control


@block
def bench():
    clk = Signal(bool(0))
    rst = ResetSignal(0, active=1, isasync=False)
    start, stop = [Signal(bool(0)) for _ in range(2)]
    busy = Signal(bool(0))
    ticks = Signal(intbv(0)[4:])
    dut = state_machine(clk, rst, start, stop, busy, ticks)
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
            start.next = rng.randrange(2)
            stop.next = rng.randrange(2)
        raise StopSimulation

    return dut, clock, stimulus
