"""Sums halved by division, and rounded: the carry counts, and the result is as wide as the operands."""

from checking import UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def halves(u, v, same, half, rounded, mean, third):
    @always_comb
    def logic():
        same.next = (u + u) // 2
        half.next = (u + v) // 2
        rounded.next = (u + u + 1) >> 1
        mean.next = (u + v + 1) >> 1
        third.next = (u + v) // 3

    return logic


@block
def bench():
    u, v, same, half, rounded, mean, third = [Signal(intbv(0)[8:]) for _ in range(7)]
    dut = halves(u, v, same, half, rounded, mean, third)

    @instance
    def stimulus():
        yield from check(
            (u, v),
            cases(UNSIGNED, UNSIGNED),
            [
                (same, lambda u, v: (u + u) // 2),
                (half, lambda u, v: (u + v) // 2),
                (rounded, lambda u, v: (u + u + 1) >> 1),
                (mean, lambda u, v: (u + v + 1) >> 1),
                (third, lambda u, v: (u + v) // 3),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
