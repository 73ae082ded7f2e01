"""A local bit is a part of a concatenation."""

from checking import BITS, cases, check
from myhdl import Signal, always_comb, block, concat, instance, intbv


@block
def feedback(x, c, next_, cleared, ends):
    @always_comb
    def shift():
        fb = bool(0)
        fb = c ^ x[15]
        next_.next = concat(x[15:], fb)

    @always_comb
    def clear():
        fb = bool(0)
        cleared.next = concat(x[15:], fb)

    @always_comb
    def frame():
        first = bool(x[0])
        last = not first
        ends.next = concat(first, x[8:], last)

    return shift, clear, frame


@block
def bench():
    x, next_, cleared = [Signal(intbv(0)[16:]) for _ in range(3)]
    c = Signal(bool(0))
    ends = Signal(intbv(0)[10:])
    dut = feedback(x, c, next_, cleared, ends)

    @instance
    def stimulus():
        yield from check(
            (x, c),
            cases(range(1 << 16), BITS)[::37],
            [
                (next_, lambda x, c: x << 1 & 0xFFFF | c ^ x >> 15 & 1),
                (cleared, lambda x, c: x << 1 & 0xFFFF),
                (ends, lambda x, c: (x & 1) << 9 | (x & 255) << 1 | (not x & 1)),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
