"""Twenty instances of a process of which there is no code: its number has no bounds."""
from myhdl import *


@block
def counter(clk, q, step):
    @always(clk.posedge)
    def count():
        q.next = (q + step) % 256

    return count


@block
def digest(clk, q, out):
    @instance
    def go():
        total = 1
        while True:
            yield clk.posedge
            total = total * 3 + int(q)
            out.next = total % 251

    return go


@block
def bench():
    clk = Signal(bool(0))
    counts = [Signal(intbv(i)[8:]) for i in range(20)]
    outs = [Signal(intbv(0)[8:]) for i in range(20)]
    counters = [counter(clk, counts[i], i + 1) for i in range(20)]
    digests = [digest(clk, counts[i], outs[i]) for i in range(20)]
    together = Signal(intbv(0)[16:])

    @always_comb
    def add():
        together.next = outs[0] + outs[7] + outs[19]

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def tell():
        for i in range(300):
            yield clk.negedge
            if i % 20 == 0:
                print("at %d: %d %d %d" % (now(), together, outs[3], counts[9]))
        raise StopSimulation

    return counters, digests, add, clock, tell


bench().run_sim(quiet=1)
