# pyhdl emit FILE --verilog
from myhdl import *
@block
def un(clk, q):
    @always(clk.posedge)
    def one():
        table = {0: 1, 1: 0}
        q.next = table[int(q)]
    return one
@block
def bench():
    clk = Signal(bool(0)); q = Signal(bool(0))
    dut = un(clk, q)
    @instance
    def s():
        yield delay(1)
    return dut, s
