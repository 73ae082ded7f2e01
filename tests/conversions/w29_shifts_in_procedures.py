"""Functions that drive the signals which they are given with shifts of others."""

from checking import SIGNED, UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


def left(c, a, b):
    c.next = a << b


def right(c, a, b):
    c.next = a >> b


def both(c, d, a, b):
    moved = a << b
    c.next = moved & 0xFF
    d.next = moved >> 8


@block
def shifts(a, s, b, wide, signed, narrow, half, low, high, constant):
    @always_comb
    def to_the_left():
        left(wide, a, b)
        left(signed, s, b)

    @always_comb
    def to_the_right():
        right(narrow, a, b)
        right(half, s, b)

    @always_comb
    def in_two_parts():
        both(low, high, a, b)

    @always_comb
    def by_a_number():
        left(constant, a, 3)

    return to_the_left, to_the_right, in_two_parts, by_a_number


@block
def bench():
    a, narrow, low, high = [Signal(intbv(0)[8:]) for _ in range(4)]
    s, half = [Signal(intbv(0, min=-128, max=128)) for _ in range(2)]
    b = Signal(intbv(0)[3:])
    wide = Signal(intbv(0)[15:])
    signed = Signal(intbv(0, min=-(2**14), max=2**14))
    constant = Signal(intbv(0)[11:])
    dut = shifts(a, s, b, wide, signed, narrow, half, low, high, constant)

    @instance
    def stimulus():
        yield from check(
            (a, s, b),
            cases(UNSIGNED, SIGNED, range(8)),
            [
                (wide, lambda a, s, b: a << b),
                (signed, lambda a, s, b: s << b),
                (narrow, lambda a, s, b: a >> b),
                (half, lambda a, s, b: s >> b),
                (low, lambda a, s, b: (a << b) % 256),
                (high, lambda a, s, b: (a << b) >> 8),
                (constant, lambda a, s, b: a << 3),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
