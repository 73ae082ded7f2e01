"""A synchronous FIFO with a memory, two pointers and a fill level."""

import random
from collections import deque

from myhdl import *


@block
def fifo(clk, rst, push, pop, din, dout, empty, full, depth=8):
    """Keep words in the order of their arrival. Pushing into a full or popping from an empty FIFO does nothing."""
    memory = [Signal(intbv(0)[len(din):]) for _ in range(depth)]
    write_at, read_at = [Signal(modbv(0, min=0, max=depth)) for _ in range(2)]
    level = Signal(intbv(0, min=0, max=depth + 1))
    pushing, popping = [Signal(bool(0)) for _ in range(2)]

    @always_comb
    def flags():
        """What the outside sees, and what will happen at the next edge."""
        empty.next = level == 0
        full.next = level == depth
        pushing.next = push and level != depth
        popping.next = pop and level != 0

    @always_comb
    def output():
        """The oldest word."""
        dout.next = memory[read_at]

    @always(clk.posedge)
    def store():
        """The memory's write port."""
        if pushing:
            memory[write_at].next = din

    @always_seq(clk.posedge, reset=rst)
    def control():
        """The pointers and the fill level."""
        if pushing:
            write_at.next = write_at + 1
        if popping:
            read_at.next = read_at + 1
        if pushing and not popping:
            level.next = level + 1
        elif popping and not pushing:
            level.next = level - 1

    return flags, output, store, control


@block
def bench():
    """Push and pop at random, and compare with a deque."""
    clk, push, pop, empty, full = [Signal(bool(0)) for _ in range(5)]
    rst = ResetSignal(1, active=1, isasync=False)
    din, dout = [Signal(intbv(0)[8:]) for _ in range(2)]
    dut = fifo(clk, rst, push, pop, din, dout, empty, full)

    rng = random.Random(3)
    expected = deque()
    most = [0]

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for _ in range(2):
            yield clk.negedge
        rst.next = 0
        for cycle in range(400):
            eager = cycle // 100 % 2 == 0
            push.next = rng.random() < (0.8 if eager else 0.3)
            pop.next = rng.random() < (0.3 if eager else 0.8)
            din.next = rng.randrange(256)
            yield delay(1)
            assert empty == (len(expected) == 0)
            assert full == (len(expected) == 8)
            popped = None
            if pop and not empty:
                popped = expected.popleft()
                assert dout == popped
            if push and not full:
                expected.append(int(din))
            most[0] = max(most[0], len(expected))
            yield clk.negedge
        print("400 cycles, at most %d words" % most[0])
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
