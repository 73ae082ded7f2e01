"""A clock whose falling edge wakes nobody but is followed by logic; delays of no time; a run in parts."""
from myhdl import *


@block
def bench():
    clk, slow = [Signal(bool(0)) for i in range(2)]
    low, high = [Signal(intbv(0)[8:]) for i in range(2)]
    count, still = [Signal(modbv(0)[8:]) for i in range(2)]
    pause = Signal(intbv(1, min=0, max=4))

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def step():
        count.next = count + 1
        slow.next = count[2]

    @always(slow.negedge)
    def rest():
        pause.next = 0 if pause == 3 else pause + 1

    @always_comb
    def levels():
        low.next = 0 if clk else count
        high.next = count if clk else 0

    @instance
    def breaks():
        while True:
            yield delay(int(pause))
            still.next = still + 1
            yield clk.posedge

    @instance
    def stimulus():
        for i in range(400):
            yield delay(3)
            print("%d: %d %d %d %d %d" % (now(), clk, low, high, still, pause))
        raise StopSimulation

    return clock, step, rest, levels, breaks, stimulus


top = bench()
top.run_sim(50, quiet=1)
print(now())
top.run_sim(5, quiet=1)
print(now())
top.run_sim(1, quiet=1)
print(now())
top.run_sim(quiet=1)
print(now())
