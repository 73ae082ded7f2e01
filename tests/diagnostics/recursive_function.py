# pyhdl emit FILE
from myhdl import *


def factorial(n):
    if n == 0:
        return 1
    return n * factorial(n - 1)


@block
def table(a, q):
    @always_comb
    def compute():
        q.next = factorial(a)

    return compute


@block
def bench():
    a, q = [Signal(modbv(0)[8:]) for _ in range(2)]
    dut = table(a, q)

    @instance
    def stimulus():
        yield delay(1)

    return dut, stimulus
