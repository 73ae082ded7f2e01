"""Objects and lists at the top: nested, in two dimensions, with words of the languages as names, of both directions."""

import random

from myhdl import *


class Command:
    def __init__(self):
        self.begin = Signal(bool(0))
        self.reg = Signal(intbv(0)[4:])


class Port:
    def __init__(self):
        self.command = Command()
        self.lanes = [Signal(intbv(0)[4:]) for _ in range(2)]
        self.answer = Signal(intbv(0)[5:])
        self.busy = Signal(bool(0))


@block
def unit(clk, port, matrix, column):
    @always(clk.posedge)
    def work():
        port.busy.next = port.command.begin
        if port.command.begin:
            port.answer.next = port.command.reg + port.lanes[0]
        else:
            port.answer.next = port.lanes[1]

    @always_comb
    def sums():
        column[0].next = matrix[0][0] + matrix[1][0] + matrix[2][0]
        column[1].next = matrix[0][1] ^ matrix[1][1] ^ matrix[2][1]

    return work, sums


@block
def boundary(clk, port, matrix, column):
    inner = unit(clk, port, matrix, column)
    return inner


@block
def bench():
    clk = Signal(bool(0))
    port = Port()
    matrix = [[Signal(intbv(0)[3:]) for _ in range(2)] for _ in range(3)]
    column = [Signal(intbv(0)[5:]) for _ in range(2)]
    dut = boundary(clk, port, matrix, column)

    @instance
    def stimulate():
        rng = random.Random(13)
        for _ in range(120):
            port.command.begin.next = rng.randrange(2)
            port.command.reg.next = rng.randrange(16)
            for lane in port.lanes:
                lane.next = rng.randrange(16)
            for row in matrix:
                for element in row:
                    element.next = rng.randrange(8)
            yield delay(5)
            clk.next = 1
            yield delay(5)
            clk.next = 0
        raise StopSimulation

    return dut, stimulate


if __name__ == '__main__':
    bench().run_sim()
