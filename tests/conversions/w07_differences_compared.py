"""Differences of unsigned numbers are compared with their sign."""

from checking import UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def differences(u, v, always_less, twice, less, more, negative, least, same):
    @always_comb
    def logic():
        always_less.next = u - 1 < u
        twice.next = 2 * u - u > 5
        less.next = u - 1 < v
        more.next = 2 * u - v > 5
        negative.next = u - v < 0
        least.next = u - v >= -200
        same.next = u - v == v - u

    return logic


@block
def bench():
    u, v = [Signal(intbv(0)[8:]) for _ in range(2)]
    always_less, twice, less, more, negative, least, same = [Signal(bool(0)) for _ in range(7)]
    dut = differences(u, v, always_less, twice, less, more, negative, least, same)

    @instance
    def stimulus():
        yield from check(
            (u, v),
            cases(UNSIGNED, UNSIGNED),
            [
                (always_less, lambda u, v: u - 1 < u),
                (twice, lambda u, v: 2 * u - u > 5),
                (less, lambda u, v: u - 1 < v),
                (more, lambda u, v: 2 * u - v > 5),
                (negative, lambda u, v: u - v < 0),
                (least, lambda u, v: u - v >= -200),
                (same, lambda u, v: u - v == v - u),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
