# pyhdl sim FILE --wave missing/waves.vcd
from myhdl import *


@block
def bench():
    @instance
    def stimulus():
        yield delay(1)

    return stimulus
