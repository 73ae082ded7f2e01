"""A test bench that stays in Python: random stimulus, waits that come late, a monitor with a dictionary."""
import random

from myhdl import *

@block
def counter(clk, rst, en, count, step):
    @always_seq(clk.posedge, reset=rst)
    def logic():
        if en:
            count.next = (count + step) % 256
    return logic

@block
def comb(a, b, c):
    t = Signal(intbv(0)[9:])
    @always_comb
    def one():
        t.next = a + b
    @always_comb
    def two():
        c.next = (t ^ a)[8:]
    return one, two

@block
def tb():
    clk = Signal(bool(0))
    rst = ResetSignal(1, active=1, isasync=False)
    en = Signal(bool(0))
    n = 30
    counts = [Signal(intbv(0)[8:]) for _ in range(n)]
    outs = [Signal(intbv(0)[8:]) for _ in range(n)]
    inst = [counter(clk, rst, en, counts[i], i + 1) for i in range(n)]
    inst2 = [comb(counts[i], counts[(i + 1) % n], outs[i]) for i in range(n)]

    @always(delay(5))
    def clkgen():
        clk.next = not clk

    @instance
    def stim():
        rng = random.Random(3)
        yield clk.posedge
        rst.next = 0
        for k in range(6000):
            yield clk.negedge
            en.next = rng.random() < 0.7
            if k % 500 == 499:
                yield delay(3)
                print(now(), int(counts[3]), int(outs[5]), en, clk)
                yield outs[7], delay(40)
                print("o", now(), int(outs[7]), int(counts[7]))
        raise StopSimulation

    total = {}
    @always(clk.posedge)
    def monitor():
        total['x'] = (total.get('x', 0) * 31 + int(outs[4]) + int(counts[1])) % 1000007
        if int(counts[0]) == 200 and now() % 700 == 5:
            print("mon", now(), total['x'])

    return inst, inst2, clkgen, stim, monitor

tb().run_sim()
