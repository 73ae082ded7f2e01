"""A network of equal nodes: objects in lists, one block for many partners, and what goes through a level unchanged."""

import random

from myhdl import *


class Link:
    def __init__(self):
        self.word = Signal(intbv(0)[6:])
        self.last = Signal(bool(0))
        self.accept = Signal(bool(0))
        self.credit = Signal(intbv(0)[2:])


@block
def node(clk, came, goes):
    """Takes a word, adds one, hands it on."""

    @always(clk.posedge)
    def hand_on():
        if goes.accept or goes.credit == 3:
            goes.word.next = (came.word + 1) % 64
            goes.last.next = came.last

    @always_comb
    def answer():
        came.accept.next = goes.accept
        came.credit.next = goes.credit

    return hand_on, answer


@block
def row(clk, came, goes):
    middle = [Link() for _ in range(2)]
    nodes = [node(clk, came, middle[0]), node(clk, middle[0], middle[1]), node(clk, middle[1], goes)]
    return nodes


@block
def feed(clk, word, last, out):
    @always(clk.posedge)
    def send():
        if out.accept:
            out.word.next = word
            out.last.next = last

    return send


@block
def network(clk, word, last, accept, credit, result, end, spent):
    first, second, third = Link(), Link(), Link()
    head = feed(clk, word, last, first)
    rows = row(clk, first, second), row(clk, second, third)

    @always_comb
    def outside():
        result.next = third.word
        end.next = third.last
        third.accept.next = accept
        third.credit.next = credit + 1 if credit < 3 else 0

    @always_comb
    def back():
        spent.next = first.credit

    return head, rows, outside, back


@block
def bench():
    clk, last, accept, end = [Signal(bool(0)) for _ in range(4)]
    word, result = [Signal(intbv(0)[6:]) for _ in range(2)]
    credit, spent = [Signal(intbv(0)[2:]) for _ in range(2)]
    dut = network(clk, word, last, accept, credit, result, end, spent)

    @instance
    def stimulate():
        rng = random.Random(14)
        for _ in range(120):
            word.next = rng.randrange(64)
            last.next = rng.randrange(2)
            accept.next = rng.randrange(4) > 0
            credit.next = rng.randrange(3)
            yield delay(5)
            clk.next = 1
            yield delay(5)
            clk.next = 0
        raise StopSimulation

    return dut, stimulate


if __name__ == '__main__':
    bench().run_sim()
