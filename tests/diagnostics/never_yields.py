# pyhdl sim FILE
from myhdl import *


@block
def bench():
    a = Signal(bool(0))

    @instance
    def stimulus():
        yield delay(1)
        n = 0
        while True:
            n = n + 1

    return stimulus
