# pyhdl sim FILE
from myhdl import *
@block
def un(clk, q):
    @always(clk.posedge)
    def one():
        q.next = q + 100
    return one
@block
def bench():
    clk = Signal(bool(0)); q = Signal(intbv(0)[8:])
    dut = un(clk, q)
    @instance
    def s():
        for i in range(10):
            clk.next = not clk
            yield delay(1)
    return dut, s
