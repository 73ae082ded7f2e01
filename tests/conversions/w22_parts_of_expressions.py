"""Parts of expressions, parts of parts, and parts with a computed lower end."""

from checking import UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, concat, instance, intbv


@block
def parts(a, b, v, low, high, bits, part, upper, bit, deep, shifted, moved, sum_):
    @always_comb
    def logic():
        low.next = intbv(a + b)[4:]
        high.next = intbv(a + b)[9:4]
        bits.next = (a ^ b)[6:2]
        part.next = a[6:2][2:]
        upper.next = a[6:2][4:2]
        bit.next = a[6:2][1]
        deep.next = a[7:1][5:1][3:2]
        shifted.next = (a >> v)[4:]
        moved.next = concat(a, b)[v + 2 : v]
        sum_.next = a[6:2][2:] + (a & b)[8:1] * 3

    return logic


@block
def bench():
    a, b = [Signal(intbv(0)[8:]) for _ in range(2)]
    v = Signal(intbv(0)[3:])
    low, bits, shifted = [Signal(intbv(0)[4:]) for _ in range(3)]
    high = Signal(intbv(0)[5:])
    part, upper, moved = [Signal(intbv(0)[2:]) for _ in range(3)]
    bit = Signal(bool(0))
    deep = Signal(intbv(0)[1:])
    sum_ = Signal(intbv(0)[10:])
    dut = parts(a, b, v, low, high, bits, part, upper, bit, deep, shifted, moved, sum_)

    @instance
    def stimulus():
        yield from check(
            (a, b, v),
            cases(UNSIGNED, UNSIGNED, range(8)),
            [
                (low, lambda a, b, v: (a + b) % 16),
                (high, lambda a, b, v: (a + b) >> 4),
                (bits, lambda a, b, v: (a ^ b) >> 2 & 15),
                (part, lambda a, b, v: a >> 2 & 3),
                (upper, lambda a, b, v: a >> 4 & 3),
                (bit, lambda a, b, v: a >> 3 & 1),
                (deep, lambda a, b, v: a >> 4 & 1),
                (shifted, lambda a, b, v: (a >> v) % 16),
                (moved, lambda a, b, v: ((a << 8 | b) >> v) % 4),
                (sum_, lambda a, b, v: (a >> 2 & 3) + ((a & b) >> 1) * 3),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
