"""Sums are compared as the numbers that they are, not as wide as their operands."""

from checking import SIGNED, UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def sums(u, v, s, t, above, over, full, negative, below, far, equal, fits):
    @always_comb
    def logic():
        above.next = u + u > 255
        over.next = u + v > 255
        full.next = (u + 1) == 256
        negative.next = s + s < 0
        below.next = s + t < 0
        far.next = s - t > 127
        equal.next = u + v == s + t
        fits.next = s + t <= u - v

    return logic


@block
def bench():
    u, v = [Signal(intbv(0)[8:]) for _ in range(2)]
    s, t = [Signal(intbv(0, min=-128, max=128)) for _ in range(2)]
    above, over, full, negative, below, far, equal, fits = [Signal(bool(0)) for _ in range(8)]
    dut = sums(u, v, s, t, above, over, full, negative, below, far, equal, fits)

    @instance
    def stimulus():
        yield from check(
            (u, v, s, t),
            cases(UNSIGNED, UNSIGNED, SIGNED, SIGNED),
            [
                (above, lambda u, v, s, t: u + u > 255),
                (over, lambda u, v, s, t: u + v > 255),
                (full, lambda u, v, s, t: (u + 1) == 256),
                (negative, lambda u, v, s, t: s + s < 0),
                (below, lambda u, v, s, t: s + t < 0),
                (far, lambda u, v, s, t: s - t > 127),
                (equal, lambda u, v, s, t: u + v == s + t),
                (fits, lambda u, v, s, t: s + t <= u - v),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
