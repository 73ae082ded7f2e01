"""One simulation for each thing that a process in Python may begin to do late: every kind of wait, new signals, objects,
an end."""
from myhdl import *


@block
def stage(clk, a, b):
    t = Signal(intbv(0)[8:])

    @always(clk.posedge)
    def register():
        b.next = t

    @always_comb
    def sums():
        t.next = (a * 3 + 1) % 256

    return register, sums


@block
def bench(kind):
    clk, other = Signal(bool(0)), Signal(bool(0))
    x = [Signal(intbv(0)[8:]) for _ in range(6)]
    stages = [stage(clk, x[i], x[i + 1]) for i in range(5)]
    own, thing = Signal(intbv(0)[8:]), Signal([0])
    seen = {}

    @always(delay(5))
    def clock():
        clk.next = not clk

    def edges(count):
        for _ in range(count):
            yield clk.posedge
        seen["edges"] = seen.get("edges", 0) + int(x[5])

    @instance
    def stimulate():
        for i in range(700):
            yield clk.negedge
            x[0].next = (i * 7) % 256
            if i > 300 and i % 11 == 0:
                if kind == "delay(0)":
                    yield delay(0)
                if kind == "None":
                    yield None
                if kind == "join":
                    yield join(edges(2), delay(7), x[5])
                if kind == "fork":
                    yield edges(3), delay(12)
                if kind == "signal":
                    yield x[4], delay(40)
                if kind == "drive":
                    other.next = not other
                    own.next = i % 256
                if kind == "object":
                    thing.next = [i]
                print(kind, i, now(), seen, [int(s) for s in x], thing)
            if kind == "far" and i == 555:
                yield delay(2000)
                print("far", now(), int(x[5]))
            if kind == "end" and i == 555:
                return
        raise StopSimulation

    @always(own)
    def hear():
        seen["own"] = int(own)
        print("own", now(), int(own), int(x[5]), other)

    @always(thing)
    def look():
        seen["thing"] = thing.val
        print("thing", now(), thing, int(x[5]))

    return stages, clock, stimulate, hear, look


for kind in ("nothing", "delay(0)", "None", "join", "fork", "signal", "drive", "object", "far", "end"):
    bench(kind).run_sim(9000, quiet=1)
    print(kind, "ends at", now())
one = bench("drive")
while now() < 6000:
    one.run_sim(500, quiet=1)
print("in parts, at", now())
one.quit_sim()
