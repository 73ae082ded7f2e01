"""Unsigned vectors taken as signed ones, and unsigned ones beside them in one expression."""

from checking import UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def mixtures(u, v, whole, part, both, high, difference, product, less, equal):
    @always_comb
    def logic():
        whole.next = u.signed() + u
        part.next = u[4:].signed() + u
        both.next = u.signed() + v
        high.next = u[8:4].signed() + v
        difference.next = v - u.signed()
        product.next = u[4:].signed() * v
        less.next = u.signed() < v
        equal.next = u.signed() == u

    return logic


def signed(value, width):
    """The two's complement of that width that these bits are."""
    return value - (1 << width) if value >> (width - 1) else value


@block
def bench():
    u, v = [Signal(intbv(0)[8:]) for _ in range(2)]
    whole, both = [Signal(intbv(0, min=-128, max=383)) for _ in range(2)]
    part, high = [Signal(intbv(0, min=-8, max=263)) for _ in range(2)]
    difference = Signal(intbv(0, min=-127, max=384))
    product = Signal(intbv(0, min=-2040, max=1786))
    less, equal = [Signal(bool(0)) for _ in range(2)]
    dut = mixtures(u, v, whole, part, both, high, difference, product, less, equal)

    @instance
    def stimulus():
        yield from check(
            (u, v),
            cases(UNSIGNED, UNSIGNED),
            [
                (whole, lambda u, v: signed(u, 8) + u),
                (part, lambda u, v: signed(u % 16, 4) + u),
                (both, lambda u, v: signed(u, 8) + v),
                (high, lambda u, v: signed(u // 16, 4) + v),
                (difference, lambda u, v: v - signed(u, 8)),
                (product, lambda u, v: signed(u % 16, 4) * v),
                (less, lambda u, v: signed(u, 8) < v),
                (equal, lambda u, v: signed(u, 8) == u),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
