# pyhdl emit FILE --top top --verilog
from pyhdl import *


@blackbox(files=["a.v"])
def box(clk, q):
    @always_comb
    def logic():
        q.next = not clk

    return logic


@blackbox(name="box", files=["b.v"])
def other(clk, q):
    @always_comb
    def logic():
        q.next = not clk

    return logic


@block
def top(clk, q):
    middle = Signal(bool(0))
    first, second = box(clk, middle), other(middle, q)
    return first, second


@block
def bench():
    clk, q = Signal(bool(0)), Signal(bool(0))
    dut = top(clk, q)

    @instance
    def stimulus():
        yield delay(1)

    return dut, stimulus
