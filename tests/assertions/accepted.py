"""Blocks in which Python refuses nothing, whatever the test bench applies."""

import os

from myhdl import *


@block
def guarded_by_if(clk, a, b, q):
    mem = [Signal(intbv(i)[8:]) for i in range(10)]
    level = Signal(intbv(0, min=0, max=20))

    @always(clk.posedge)
    def write():
        if a < 10:
            mem[a].next = b
        if b == 0:
            level.next = 0
        elif a // b > 1:
            level.next = a - b
        else:
            level.next = (a + b) // 2

    @always_comb
    def read():
        if b > 9:
            q.next = level
        else:
            q.next = mem[b]

    return write, read


@block
def guarded_by_what_is_not_evaluated(clk, a, b, q):
    primes = (2, 3, 5, 7, 11)

    @always(clk.posedge)
    def look():
        if b != 0 and a % b == 1 or a > 4 or primes[a] == 5:
            q.next = a // b if b > 0 else primes[2]
        else:
            q.next = 1 << (b - 3) if 3 <= b < 8 else 0

    return look


@block
def guarded_by_leaving(clk, a, b, q):
    def share(x, y):
        if y == 0:
            return 255
        return x // y

    @always(clk.posedge)
    def walk():
        total = 0
        for i in range(15):
            if i == b:
                continue
            if i > a:
                break
            total = total + 15 // abs(i - b)
        q.next = total if share(a, b) < 16 and total < 256 else 0

    return walk


@block
def bounds_that_are_kept(clk, a, b, q):
    count = Signal(intbv(0, min=0, max=10))
    turn = Signal(modbv(0, min=0, max=10))
    picked = Signal(intbv(0, min=0, max=12))

    @always(clk.posedge)
    def step():
        if count == 9:
            count.next = 0
        else:
            count.next = count + 1
        turn.next = turn + 7
        k = intbv(0, min=0, max=12)
        k[3] = a[3]
        k[1] = a[1]
        picked.next[2] = b[0]
        picked.next[0] = b[1]
        assert k + picked < 24
        assert a == b or a != b

    @always_comb
    def show():
        q.next = count + turn + picked

    return step, show


@block
def values_that_last_no_time(clk, a, b, q):
    """In Verilog what is read from the memory is a wire: it may be a moment behind `a`."""
    mem = [Signal(intbv(i)[8:]) for i in range(16)]
    primes = (2, 3, 5)

    @always(clk.posedge)
    def write():
        mem[b].next = b

    @always_comb
    def look_up():
        q.next = primes[mem[a] - a]

    return write, look_up


@block
def counters_with_reset(clk, a, b, q):
    reset = ResetSignal(0, active=1, isasync=True)
    level = Signal(intbv(5, min=5, max=20))

    @always_comb
    def when():
        reset.next = a == b

    @always_seq(clk.posedge, reset=reset)
    def step():
        if level < 19:
            level.next = level + 1

    @always_comb
    def show():
        q.next = 100 // level

    return when, step, show


@block
def bench():
    clk = Signal(bool(0))
    a, b = [Signal(intbv(0)[4:]) for _ in range(2)]
    q = Signal(intbv(0)[8:])
    dut = globals()[os.environ["DUT"]](clk, a, b, q)

    @instance
    def stimulus():
        for i in range(256):
            a.next = i >> 4
            b.next = i & 15
            yield delay(5)
            clk.next = 1
            yield delay(5)
            clk.next = 0

    return dut, stimulus
