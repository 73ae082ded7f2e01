"""Arithmetic that hardware gets wrong when it follows the operands' widths: carries, mixed signs, floor division."""

from random import Random

from myhdl import *


@block
def arithmetic(a, b, s, t, average, mixed, less, quotient, rest, shifted, scaled, negated, wrapped):
    @always_comb
    def sums():
        average.next = (a + b) >> 1
        mixed.next = a + s
        less.next = s < a

    @always_comb
    def divisions():
        if t != 0:
            quotient.next = s // t
            rest.next = s % t
        else:
            quotient.next = 0
            rest.next = 0

    @always_comb
    def others():
        shifted.next = (s - b) >> 3
        scaled.next = a * s
        negated.next = -s
        wrapped.next = a - b - 1

    return sums, divisions, others


@block
def bench():
    a, b = [Signal(intbv(0)[8:]) for _ in range(2)]
    s, t = [Signal(intbv(0, min=-128, max=128)) for _ in range(2)]
    average = Signal(intbv(0)[8:])
    mixed = Signal(intbv(0, min=-128, max=383))
    less = Signal(bool(0))
    quotient = Signal(intbv(0, min=-128, max=129))
    rest = Signal(intbv(0, min=-128, max=128))
    shifted = Signal(intbv(0, min=-48, max=17))
    scaled = Signal(intbv(0, min=-128 * 255, max=127 * 255 + 1))
    negated = Signal(intbv(0, min=-127, max=129))
    wrapped = Signal(modbv(0)[6:])
    dut = arithmetic(a, b, s, t, average, mixed, less, quotient, rest, shifted, scaled, negated, wrapped)

    @instance
    def stimulus():
        random = Random(1)
        for i in range(300):
            a.next = random.choice([0, 255, random.randrange(256)])
            b.next = random.choice([0, 255, random.randrange(256)])
            s.next = random.choice([-128, 127, 0, random.randrange(-128, 128)])
            t.next = random.choice([-128, -1, 1, 0, 127, random.randrange(-128, 128)])
            yield delay(10)
            assert average == (int(a) + int(b)) // 2
            assert wrapped == (int(a) - int(b) - 1) % 64
            assert t == 0 or (quotient == int(s) // int(t) and rest == int(s) % int(t))

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
