"""A stream with a handshake: what goes with it and what comes back, and blocks that take all of it or a part."""

import random

from myhdl import *

t_kind = enum('HEAD', 'BODY', 'TAIL')


class Stream:
    def __init__(self, width):
        self.data = Signal(intbv(0)[width:])
        self.level = Signal(intbv(0, min=-4, max=4))
        self.kind = Signal(t_kind.HEAD)
        self.valid = Signal(bool(0))
        self.ready = Signal(bool(0))


@block
def source(clk, reset, word, out):
    @always_seq(clk.posedge, reset=reset)
    def send():
        if out.ready or not out.valid:
            out.valid.next = word != 0
            out.data.next = word
            out.level.next = word[3:].signed()
            if word[0]:
                out.kind.next = t_kind.HEAD
            elif word[1]:
                out.kind.next = t_kind.BODY
            else:
                out.kind.next = t_kind.TAIL

    return send


@block
def stage(clk, s, out):
    @always(clk.posedge)
    def move():
        if out.ready or not out.valid:
            out.valid.next = s.valid
            out.data.next = s.data + 1 if s.kind != t_kind.TAIL and s.data < 255 else s.data
            out.level.next = -s.level if s.level > -4 else s.level
            out.kind.next = s.kind

    @always_comb
    def back():
        s.ready.next = out.ready or not out.valid

    return move, back


@block
def sink(clk, s, stall, total):
    @always_comb
    def answer():
        s.ready.next = not stall

    @always(clk.posedge)
    def add():
        if s.valid and s.ready:
            total.next = (total + s.data + (s.level if s.kind == t_kind.BODY else 0)) % 4096

    return answer, add


@block
def monitor(s, seen):
    """Looks at a part of the stream."""

    @always_comb
    def look():
        seen.next = s.valid and s.data > 99

    return look


@block
def stream(clk, reset, word, stall, total, seen):
    first, second = Stream(8), Stream(8)
    head = source(clk, reset, word, first)
    middle = stage(clk, first, second)
    last = sink(clk, second, stall, total)
    watch = monitor(second, seen)
    return head, middle, last, watch


@block
def bench():
    clk, stall, seen = [Signal(bool(0)) for _ in range(3)]
    reset = ResetSignal(0, active=1, isasync=False)
    word = Signal(intbv(0)[8:])
    total = Signal(intbv(0)[12:])
    dut = stream(clk, reset, word, stall, total, seen)

    @instance
    def stimulate():
        rng = random.Random(11)
        for i in range(120):
            word.next = rng.choice([0, rng.randrange(256)])
            stall.next = rng.randrange(3) == 0
            reset.next = i in (0, 60)
            yield delay(5)
            clk.next = 1
            yield delay(5)
            clk.next = 0
        raise StopSimulation

    return dut, stimulate


if __name__ == '__main__':
    bench().run_sim()
