"""Powers with constant and with changing exponents."""

from checking import SIGNED, UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def powers(u, s, n, square, cube, signed, two, any_, none, less, negative):
    @always_comb
    def logic():
        square.next = u**2
        cube.next = s**3
        signed.next = s**2
        two.next = 2**n
        any_.next = s**n
        none.next = u**0
        less.next = u**2 < s**2 + 1000
        negative.next = (-2) ** n

    return logic


@block
def bench():
    u, two = [Signal(intbv(0)[8:]) for _ in range(2)]
    s = Signal(intbv(0, min=-128, max=128))
    n = Signal(intbv(0)[3:])
    square = Signal(intbv(0)[16:])
    cube = Signal(intbv(0, min=-2097152, max=2097152))
    signed = Signal(intbv(0, min=0, max=16385))
    any_ = Signal(intbv(0, min=-562949953421312, max=562949953421312))
    none = Signal(intbv(0)[1:])
    less = Signal(bool(0))
    negative = Signal(intbv(0, min=-128, max=65))
    dut = powers(u, s, n, square, cube, signed, two, any_, none, less, negative)

    @instance
    def stimulus():
        yield from check(
            (u, s, n),
            cases(UNSIGNED, SIGNED, range(8)),
            [
                (square, lambda u, s, n: u**2),
                (cube, lambda u, s, n: s**3),
                (signed, lambda u, s, n: s**2),
                (two, lambda u, s, n: 2**n),
                (any_, lambda u, s, n: s**n),
                (none, lambda u, s, n: u**0),
                (less, lambda u, s, n: u**2 < s**2 + 1000),
                (negative, lambda u, s, n: (-2) ** n),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
