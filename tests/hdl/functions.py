"""Functions of local variables, functions in functions, tasks, assertions with values in their messages."""

from random import Random

from myhdl import *

t_kind = enum("NONE", "SMALL", "LARGE")


def increment(value):
    """One more."""
    return value + 1


def weight(value):
    """The number of ones."""
    ones = 0
    for i in range(8):
        if value[i]:
            ones += 1
    return ones


def clamp(value, low, high):
    if value < low:
        return low
    if value > high:
        return high
    return value


def kind_of(value):
    if value == 0:
        return t_kind.NONE
    if value < 100:
        return t_kind.SMALL
    return t_kind.LARGE


def spread(a, b):
    return increment(a) * increment(b)


def halves(high, low, value):
    low.next = value[4:]
    high.next = value[8:4]


def choose(target, first, a, b):
    if first:
        target.next = a
    else:
        target.next = b


@block
def functions(clk, a, b, ones, product, limited, kind, last, high, low, chosen, kept):
    @always_comb
    def split():
        """A task that combinational logic calls: its assignments take effect at once."""
        halves(high, low, a)

    @always_comb
    def pick():
        choose(chosen, a > b, a, b)

    @always(clk.posedge)
    def keep():
        choose(kept, a > b, a, b)

    @always_comb
    def count():
        copy = intbv(0)[8:]
        copy[:] = a ^ b
        ones.next = weight(copy)

    @always_comb
    def multiply():
        best = 0
        for i in range(4):
            best = spread(i, a & 7)
        product.next = best

    @always(clk.posedge)
    def register():
        difference = int(a) - int(b)
        limited.next = clamp(difference, -20, 20)
        kind.next = kind_of(a)
        assert difference < 256, "a - b is %d, a is %s" % (difference, a)

    @always(clk.posedge)
    def step():
        n = 0
        while n < 5:
            n = clamp(increment(n), 0, 5)
        last.next = n

    return split, pick, keep, count, multiply, register, step


@block
def bench():
    clk = Signal(bool(0))
    a, b = [Signal(intbv(0)[8:]) for _ in range(2)]
    ones, product, last, chosen, kept = [Signal(intbv(0)[8:]) for _ in range(5)]
    high, low = [Signal(intbv(0)[4:]) for _ in range(2)]
    limited = Signal(intbv(0, min=-20, max=21))
    kind = Signal(t_kind.NONE)
    dut = functions(clk, a, b, ones, product, limited, kind, last, high, low, chosen, kept)
    random = Random(8)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for _ in range(80):
            a.next = random.choice((0, 1, 99, 100, random.randrange(256)))
            b.next = random.randrange(256)
            yield clk.negedge
            assert high * 16 + low == a and chosen == max(a, b) and kept == chosen
            assert ones == bin(a ^ b).count("1")
            assert product == 4 * ((a & 7) + 1)
        assert last == 5
        raise StopSimulation

    return dut, clock, stimulus
