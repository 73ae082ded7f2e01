# pyhdl sim FILE
from myhdl import *
@block
def un(a, b):
    @always_comb
    def one():
        a.next = not b
    @always_comb
    def two():
        b.next = a
    return one, two
@block
def bench():
    a, b = [Signal(bool(0)) for i in range(2)]
    dut = un(a, b)
    @instance
    def s():
        yield delay(1)
    return dut, s
