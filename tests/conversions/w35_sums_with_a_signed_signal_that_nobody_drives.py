"""A sum stays signed where one of its terms is a signal that nobody drives."""

from checking import SIGNED, UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def sums(s, u, acc, shifted, product, less):
    first = Signal(intbv(0, min=-(2**35), max=2**35))
    start = Signal(intbv(-5, min=-(2**35), max=2**35))

    @always_comb
    def add():
        acc.next = first + s * (-7)

    @always_comb
    def shift():
        shifted.next = (start + s * u) >> 2

    @always_comb
    def multiply():
        product.next = (start - u) * s

    @always_comb
    def compare():
        less.next = start + s < u - 10

    return add, shift, multiply, compare


@block
def bench():
    s = Signal(intbv(0, min=-128, max=128))
    u = Signal(intbv(0)[8:])
    acc, shifted, product = [Signal(intbv(0, min=-(2**43), max=2**43)) for _ in range(3)]
    less = Signal(bool(0))
    dut = sums(s, u, acc, shifted, product, less)

    @instance
    def stimulus():
        yield from check(
            (s, u),
            cases(SIGNED, UNSIGNED),
            [
                (acc, lambda s, u: 0 + s * (-7)),
                (shifted, lambda s, u: (-5 + s * u) >> 2),
                (product, lambda s, u: (-5 - u) * s),
                (less, lambda s, u: -5 + s < u - 10),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
