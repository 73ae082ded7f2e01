# pyhdl emit FILE
from myhdl import *
t = enum("A", "B")
@block
def un(clk, q, st):
    @always(clk.posedge)
    def one():
        q.next = t.A
        st.next = 1
    return one
@block
def bench():
    clk = Signal(bool(0)); q = Signal(intbv(0)[4:]); st = Signal(t.A)
    dut = un(clk, q, st)
    @instance
    def s():
        for i in range(4):
            clk.next = not clk
            yield delay(1)
    return dut, s
