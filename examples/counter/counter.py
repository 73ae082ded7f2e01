"""A counter with enable and asynchronous reset."""

import sys

from myhdl import *


@block
def counter(clk, rst_n, enable, count):
    """Count up at every rising clock edge while enable is high; wrap around at the top."""

    @always_seq(clk.posedge, reset=rst_n)
    def advance():
        """The counting register."""
        if enable:
            count.next = count + 1

    return advance


@block
def bench():
    """Reset the counter, let it count past its top, stop it, and reset it between two clock edges."""
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
            print("time %3d   count %2d   %s" % (now(), count, "#" * int(count)))
            assert count == (i + 1) % 16
        enable.next = 0
        for i in range(3):
            yield clk.negedge
            assert count == 4
        print("stopped at", int(count))
        rst_n.next = 0
        yield delay(1)
        assert count == 0
        print("reset to", int(count))
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    tb = bench()
    if "--trace" in sys.argv:
        tb.config_sim(trace=True, name="counter")
    tb.run_sim(quiet=1)
