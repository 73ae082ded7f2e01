"""Values out of bounds, indices outside of lists, failed asserts: the same exception at the same time."""
from myhdl import *


@block
def bench(kind):
    clk = Signal(bool(0))
    count = Signal(intbv(0, min=0, max=40))
    signed = Signal(intbv(0, min=-30, max=20))
    at = Signal(modbv(0)[5:])
    words = [Signal(intbv(0)[8:]) for i in range(20)]
    out, wide = Signal(intbv(0)[8:]), Signal(intbv(0, min=0, max=2 ** 70))

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def step():
        at.next = at + 1
        if kind == 0:
            count.next = count + 3
        elif kind == 1:
            signed.next = signed - 4
        elif kind == 2:
            out.next = words[at]
        elif kind == 3:
            wide.next = (wide + 1) * 1000
        elif kind == 4:
            out.next = 100 // (at - 9)
        elif kind == 5:
            out.next = 1 << (at - 3 if at > 6 else 2)
        elif kind == 6:
            out.next[4:] = at
        else:
            assert at < 13, "too far: %d" % at

    return clock, step


for kind in range(8):
    try:
        bench(kind).run_sim(2000, quiet=1)
        print(kind, "ends", now())
    except Exception as problem:
        print(kind, now(), type(problem).__name__, str(problem).splitlines()[0])
