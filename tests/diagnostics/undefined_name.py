# pyhdl emit FILE
from myhdl import *


@block
def adder(a, q):
    @always_comb
    def add():
        q.next = a + offset

    return add


@block
def bench():
    a, q = [Signal(modbv(0)[8:]) for _ in range(2)]
    dut = adder(a, q)

    @instance
    def stimulus():
        yield delay(1)

    return dut, stimulus
