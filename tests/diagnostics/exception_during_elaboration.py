# pyhdl sim FILE
from myhdl import *
def helper(x):
    return 1 // x
@block
def bench():
    q = Signal(intbv(0)[8:])
    helper(0)
    @instance
    def s():
        yield delay(1)
    return s
