# pyhdl check FILE
from myhdl import *
@block
def bench_a():
    @instance
    def s():
        yield delay(1)
    return s
@block
def bench_b():
    @instance
    def s():
        yield delay(1)
    return s
