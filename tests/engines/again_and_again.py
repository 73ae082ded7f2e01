"""A run in many pieces, with values looked at and set in between."""
from myhdl import *


@block
def bench(clk, enable, count, double, limit):
    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def step():
        if enable:
            if count == limit:
                count.next = 0
            else:
                count.next = count + 1

    @always_comb
    def twice():
        double.next = 2 * count

    return clock, step, twice


clk, enable = [Signal(bool(0)) for i in range(2)]
count, double, limit = Signal(intbv(0)[10:]), Signal(intbv(0)[11:]), Signal(intbv(100)[10:])
sim = Simulation(bench(clk, enable, count, double, limit))
for piece in range(300):
    sim.run(7 + piece % 11, quiet=1)
    print(piece, now(), int(clk), int(count), int(double))
    enable.next = piece % 5 != 0
    if piece == 150:
        limit.next = 20
