# refused: PH0303
# A sum is an int in Python, and ints have no bits to index: running such a line raises a TypeError. `intbv(a + b)[4:]`
# is what works in both.
"""Slices and bits of sums."""

from checking import UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def sums(a, b, low, odd):
    @always_comb
    def slices():
        low.next = a
        # Nothing is larger; Python never gets here.
        if a > 255:
            low.next = (a + b)[4:]  # PH0303

    @always_comb
    def bits():
        odd.next = b[0]
        if b > 255:
            odd.next = (a - b)[0]  # PH0303

    return slices, bits


@block
def bench():
    a, b, low = [Signal(intbv(0)[8:]) for _ in range(3)]
    odd = Signal(bool(0))
    dut = sums(a, b, low, odd)

    @instance
    def stimulus():
        yield from check(
            (a, b),
            cases(UNSIGNED, UNSIGNED),
            [
                (low, lambda a, b: a),
                (odd, lambda a, b: b % 2),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
