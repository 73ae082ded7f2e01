# pyhdl emit FILE --testbench
from myhdl import *


@block
def inverter(a, y):
    @always_comb
    def logic():
        y.next = not a

    return logic
