"""Three clocks, one of them divided in a register, one gated by logic; asynchronous resets; registers between them."""
from myhdl import *


@block
def counter(clk, rst, count):
    @always_seq(clk.posedge, reset=rst)
    def step():
        count.next = count + 3

    return step


@block
def bench():
    fast, slow, divided, gated, enable = [Signal(bool(0)) for i in range(5)]
    rst = ResetSignal(1, active=1, isasync=True)
    a, b, c, d, e, total = [Signal(modbv(0)[12:]) for i in range(6)]
    parts = [counter(fast, rst, a), counter(slow, rst, b), counter(divided, None, c), counter(gated, rst, d)]

    @always(delay(3))
    def one():
        fast.next = not fast

    @always(delay(7))
    def other():
        slow.next = not slow

    @always(fast.negedge)
    def divide():
        divided.next = not divided
        if a[2]:
            enable.next = not enable

    @always_comb
    def gate():
        gated.next = fast and enable

    @always(slow.posedge, divided.negedge)
    def both():
        e.next = a + b + e

    @always_comb
    def sums():
        total.next = a ^ b ^ (c << 2) ^ d ^ (e << 1)

    @instance
    def stimulus():
        yield delay(20)
        rst.next = 0
        for i in range(200):
            yield slow.negedge, divided.posedge
            print("%d: %d %d %d %d %d %d" % (now(), a, b, c, d, e, total))
            if i == 120:
                rst.next = 1
                yield delay(1)
                print("%d: %d %d %d %d" % (now(), a, b, d, total))
                yield delay(4)
                rst.next = 0
        raise StopSimulation

    return parts, one, other, divide, gate, both, sums, stimulus


bench().run_sim(quiet=1)
