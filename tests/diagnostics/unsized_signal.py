# pyhdl emit FILE
from myhdl import *


@block
def accumulate(clk, q):
    total = Signal(0)

    @always(clk.posedge)
    def add():
        total.next = total + 1
        q.next = total > 10

    return add


@block
def bench():
    clk, q = [Signal(bool(0)) for _ in range(2)]
    dut = accumulate(clk, q)

    @instance
    def stimulus():
        yield delay(1)

    return dut, stimulus
