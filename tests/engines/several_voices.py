"""Processes that print at the same moments: their order is MyHDL's, and alternates."""
from myhdl import *


@block
def voice(clk, name, every):
    count = Signal(intbv(0)[8:])

    @instance
    def speak():
        while True:
            yield clk.posedge
            count.next = (count + 1) % 256
            if count % every == 0:
                print("%d says %d at %d" % (name, count, now()))

    return speak


@block
def bench():
    clk = Signal(bool(0))
    voices = [voice(clk, i, 1 + i) for i in range(4)]

    @always(clk.posedge)
    def check():
        assert now() < 1000
        print("check", now())

    @instance
    def clock():
        for i in range(60):
            yield delay(4)
            clk.next = not clk
            print("clock", int(clk))
        raise StopSimulation("done")

    @instance
    def timer():
        while True:
            yield delay(8)
            print("timer", now())

    return voices, check, clock, timer


bench().run_sim(quiet=1)
