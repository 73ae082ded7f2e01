"""Python integers in a test bench: one that counts, and one that grows too fast for compiled code."""
from myhdl import *


@block
def bench(fast):
    clk = Signal(bool(0))
    low = Signal(intbv(0)[8:])

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        seen = 0
        power = 1
        while True:
            yield clk.posedge
            seen = seen + int(low) + 1
            if fast:
                power = power * 3
                low.next = power % 251
            else:
                low.next = seen % 251
            if seen > 20000:
                print("seen %d %d" % (seen, low))
                raise StopSimulation

    return clock, stimulus


for fast in (False, True):
    for piece in range(5):
        bench(fast).run_sim(quiet=1)
