# pyhdl emit FILE --top top --verilog
from pyhdl import *


@blackbox
def box(clk, q, sizes):
    @always_comb
    def logic():
        q.next = not clk

    return logic


@block
def top(clk, q):
    inner = box(clk, q, [1, 2])
    return inner


@block
def bench():
    clk, q = Signal(bool(0)), Signal(bool(0))
    dut = top(clk, q)

    @instance
    def stimulus():
        yield delay(1)

    return dut, stimulus
