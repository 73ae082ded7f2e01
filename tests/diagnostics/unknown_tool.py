# pyhdl verify FILE --with modelsim
from myhdl import *
@block
def two(clk, a, q):
    @always(clk.posedge)
    def one():
        q.next = a
    @always(clk.posedge)
    def other():
        q.next = a + 1
    return one, other
@block
def bench():
    clk = Signal(bool(0)); a, q = [Signal(modbv(0)[8:]) for i in range(2)]
    dut = two(clk, a, q)
    @instance
    def s():
        yield delay(1)
    return dut, s
