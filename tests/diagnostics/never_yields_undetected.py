# pyhdl sim FILE
from myhdl import *


@block
def bench():
    a = Signal(bool(0))

    @instance
    def stimulus():
        n = 1
        yield delay(1)
        while n > 0:
            n = n + 1
            if n > 5:
                n = 1

    return stimulus
