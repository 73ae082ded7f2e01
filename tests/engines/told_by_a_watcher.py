"""A watcher in Python tells another one in the delta cycle after the clock, in which nothing else changes: the clock wakes
it once only."""
from myhdl import *


@block
def sums(a, b, c, d):
    @always_comb
    def one():
        c.next = a + b

    @always_comb
    def two():
        d.next = a ^ b

    return one, two


@block
def bench():
    clk = Signal(bool(0))
    a, b, told = [Signal(intbv(0)[8:]) for _ in range(3)]
    c, d = Signal(intbv(0)[9:]), Signal(intbv(0)[8:])
    seen = {}

    @always(delay(3))
    def clock():
        clk.next = not clk

    @instance
    def stimulate():
        given = {}
        for step in range(900):
            a.next, b.next = step * 7 % 256, step * 13 % 256
            yield delay(1 + step % 3)
            given[step % 5] = int(c)
            if step % 50 == 0:
                print(step, now(), int(c), int(d), given)
        raise StopSimulation

    @always(clk)
    def watch():
        seen["times"] = seen.get("times", 0) + 1
        seen["sum"] = (seen.get("sum", 0) * 31 + int(c) + 7 * int(d)) % 1000003
        told.next = seen["sum"] % 16

    @always(told)
    def hear():
        if seen["times"] % 40 < 3:
            print("told", now(), seen["times"], told, int(c), int(d))

    return sums(a, b, c, d), clock, stimulate, watch, hear


bench().run_sim(quiet=1)
