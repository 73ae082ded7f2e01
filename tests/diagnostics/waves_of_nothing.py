# pyhdl sim FILE --wave waves.fst --wave-scope bench.dutt
from myhdl import *


@block
def wire(a, q):
    @always_comb
    def follow():
        q.next = a

    return follow


@block
def bench():
    a, q = [Signal(bool(0)) for _ in range(2)]
    dut = wire(a, q)

    @instance
    def stimulus():
        yield delay(1)

    return dut, stimulus
