# pyhdl check FILE
from myhdl import *


class Bus:
    def __init__(self):
        self.data = Signal(intbv(0)[8:])
        self.valid = Signal(bool(0))


@block
def stage(clk, reset, enable, bus, lanes, q):
    """Uses neither `reset` nor `enable`; of the bus and of the lanes only a part."""

    @always(clk.posedge)
    def hold():
        q.next = bus.data ^ lanes[0]

    return hold


@block
def gated(clk, reset, enable, use, q):
    """Uses `enable` in one of its instances."""
    if use:

        @always(clk.posedge)
        def count():
            if enable:
                q.next = not q

    else:

        @always(clk.posedge)
        def count():
            q.next = not q

    return count


@block
def design(clk, reset, enable, d, q, one, two):
    bus, lanes = Bus(), [Signal(intbv(0)[8:]) for _ in range(2)]

    @always_comb
    def connect():
        bus.data.next = d
        lanes[0].next = d

    first = stage(clk, reset, enable, bus, lanes, q)
    with_enable, without = gated(clk, reset, enable, True, one), gated(clk, reset, enable, False, two)

    return connect, first, with_enable, without


@block
def bench():
    clk, enable, one, two = [Signal(bool(0)) for _ in range(4)]
    reset = ResetSignal(0, active=1, isasync=False)
    d, q = [Signal(intbv(0)[8:]) for _ in range(2)]
    dut = design(clk, reset, enable, d, q, one, two)

    @instance
    def stimulus():
        yield delay(1)

    return dut, stimulus
