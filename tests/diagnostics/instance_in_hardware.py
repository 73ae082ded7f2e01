# pyhdl emit FILE --verilog --vhdl
from myhdl import *


@block
def pulse(q):
    @instance
    def run():
        q.next = 1
        yield delay(10)
        q.next = 0

    return run


@block
def bench():
    q = Signal(bool(0))
    dut = pulse(q)

    @always(delay(5))
    def clock():
        pass

    return dut, clock
