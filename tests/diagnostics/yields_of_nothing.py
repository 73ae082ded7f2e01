# pyhdl sim FILE
from myhdl import *


@block
def bench():
    @instance
    def stimulus():
        while True:
            yield []

    return stimulus
