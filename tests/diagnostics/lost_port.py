# pyhdl sim FILE
from myhdl import *


@block
def shadowed(a, y):
    a = Signal(intbv(1)[4:])

    @always_comb
    def logic():
        y.next = a

    return logic


shadowed(Signal(intbv(0)[4:]), Signal(intbv(0)[4:])).convert(hdl="VHDL")
