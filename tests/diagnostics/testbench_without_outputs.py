# pyhdl emit FILE --testbench=recorded --vhdl
from myhdl import *


@block
def eater(a):
    @always_comb
    def logic():
        print(a)

    return logic


@block
def bench():
    a = Signal(bool(0))
    dut = eater(a)

    @instance
    def stimulus():
        yield delay(1)
        a.next = 1

    return dut, stimulus
