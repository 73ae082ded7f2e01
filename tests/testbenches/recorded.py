"""A clock that starts high and is used at both edges, an enumeration, signed numbers, words of VHDL and of the test
bench as names, one bit vectors, several changes in one time step, and a test bench that only Python can run."""

from myhdl import *

Mode = enum("IDLE", "UP", "DOWN")


@block
def device(clk, line, expected, errors, mode, std, one, total):
    """Names that the test bench has other uses for."""

    @always(clk.posedge)
    def up():
        if line:
            expected.next = expected + errors
            mode.next = Mode.UP
        else:
            expected.next = 0
            mode.next = Mode.DOWN

    @always(clk.negedge)
    def down():
        total.next = total + 1

    @always_comb
    def together():
        std.next = one[0] and line

    return up, down, together


@block
def bench():
    """What is recorded: \\ " and more."""
    clk = Signal(bool(1))
    line, std = Signal(bool(0)), Signal(bool(0))
    expected = Signal(modbv(0, min=-64, max=64))
    errors = Signal(intbv(0, min=-4, max=4))
    mode = Signal(Mode.IDLE)
    one = Signal(intbv(0)[1:])
    total = Signal(modbv(0)[70:])
    dut = device(clk, line, expected, errors, mode, std, one, total)
    values = {"errors": [3, -4, 2, -1]}

    @instance
    def clock():
        while True:
            yield delay(5)
            clk.next = not clk

    @instance
    def stimulus():
        for number in values["errors"] * 5:
            yield clk.negedge
            errors.next = number
            line.next = 1
            yield delay(0)
            one.next = not one
            yield delay(0)
            one.next = not one
            yield delay(0)
            one.next = not one
        raise StopSimulation

    return dut, clock, stimulus
