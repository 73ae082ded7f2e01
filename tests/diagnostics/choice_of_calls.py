# pyhdl emit --vhdl FILE
"""A choice inside an expression between a loop that may not end and a constant: VHDL would run the loop."""

from myhdl import always_comb, block, delay, instance, intbv, Signal


@block
def tally(x, y, q):
    def steps(a):
        k = intbv(0)[8:]
        v = intbv(0)[8:]
        v[:] = a
        while v != 0:
            v[:] = v >> 1
            k[:] = k + 1
        return k

    @always_comb
    def work():
        q.next = y + (steps(x) if x < 100 else 0)

    return work


@block
def bench():
    x = Signal(intbv(0)[8:])
    y = Signal(intbv(0)[4:])
    q = Signal(intbv(0)[9:])
    dut = tally(x, y, q)

    @instance
    def stimulus():
        yield delay(1)

    return dut, stimulus
