# pyhdl emit FILE --testbench=recorded
from myhdl import *


@block
def inverter(a, y):
    @always_comb
    def logic():
        y.next = not a

    return logic


@block
def bench():
    a, y = Signal(bool(0)), Signal(bool(0))
    dut = inverter(a, y)

    @instance
    def stimulus():
        yield delay(10**15)
        a.next = 1

    return dut, stimulus
