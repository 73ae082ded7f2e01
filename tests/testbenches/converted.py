"""A test bench that is convertible as it stands."""

from myhdl import *


@block
def counter(clk, rst_n, enable, count):
    """Count up."""

    @always_seq(clk.posedge, reset=rst_n)
    def advance():
        if enable:
            count.next = count + 1

    return advance


@block
def bench():
    """Reset the counter, let it count."""
    clk, enable = [Signal(bool(0)) for _ in range(2)]
    rst_n = ResetSignal(0, active=0, isasync=True)
    count = Signal(modbv(0)[4:])
    dut = counter(clk, rst_n, enable, count)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        yield clk.negedge
        rst_n.next = 1
        enable.next = 1
        for i in range(20):
            yield clk.negedge
            assert count == (i + 1) % 16, "wrong count"
        enable.next = 0
        yield delay(1)
        raise StopSimulation

    return dut, clock, stimulus
