# pyhdl emit FILE --top top --verilog
from pyhdl import *


@blackbox(inputs=["clock"])
def box(clk, q):
    @always_comb
    def logic():
        q.next = not clk

    return logic


@block
def top(clk, q):
    inner = box(clk, q)
    return inner


@block
def bench():
    clk, q = Signal(bool(0)), Signal(bool(0))
    dut = top(clk, q)

    @instance
    def stimulus():
        yield delay(1)

    return dut, stimulus
