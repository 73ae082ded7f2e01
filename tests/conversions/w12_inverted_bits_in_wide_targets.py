"""An inverted bit is the number -1 or -2, in a target of any width; masked, it fills the mask."""

from checking import BITS, cases, check
from myhdl import Signal, always_comb, block, instance, intbv, modbv


@block
def inversions(b, c, number, filled, wrapped, sum_, both, odd, shifted):
    @always_comb
    def logic():
        number.next = ~b
        filled.next = ~b & 0xFF
        wrapped.next = ~b
        sum_.next = ~b + c - 1
        both.next = ~b | c
        odd.next = (~b) & 1
        shifted.next = ~b << 2

    return logic


@block
def bench():
    b, c, odd = [Signal(bool(0)) for _ in range(3)]
    number = Signal(intbv(0, min=-128, max=128))
    filled = Signal(intbv(0)[8:])
    wrapped = Signal(modbv(0)[8:])
    sum_ = Signal(intbv(0, min=-3, max=1))
    both = Signal(intbv(0, min=-2, max=2))
    shifted = Signal(intbv(0, min=-8, max=1))
    dut = inversions(b, c, number, filled, wrapped, sum_, both, odd, shifted)

    @instance
    def stimulus():
        yield from check(
            (b, c),
            cases(BITS, BITS) * 2,
            [
                (number, lambda b, c: ~b),
                (filled, lambda b, c: ~b & 0xFF),
                (wrapped, lambda b, c: ~b % 256),
                (sum_, lambda b, c: ~b + c - 1),
                (both, lambda b, c: ~b | c),
                (odd, lambda b, c: (~b) & 1),
                (shifted, lambda b, c: ~b << 2),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
