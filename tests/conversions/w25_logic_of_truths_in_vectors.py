"""`and` and `or` of truths are 0 or 1 in a vector as well."""

from checking import BITS, UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def truths(a, b, c, either, both, one, signed, not_, value, last, sum_, bit):
    @always_comb
    def logic():
        either.next = bool(a) or bool(b)
        both.next = bool(a) and bool(b)
        one.next = c or bool(a)
        signed.next = a > b and c
        not_.next = not (a and b)
        value.next = a or b
        last.next = a and b
        sum_.next = (bool(a) or bool(b)) + (c and bool(b))
        bit.next = bool(a) or bool(b)

    return logic


@block
def bench():
    a, b, either, both, not_, value, last = [Signal(intbv(0)[8:]) for _ in range(7)]
    c, bit = [Signal(bool(0)) for _ in range(2)]
    one = Signal(intbv(0)[1:])
    signed = Signal(intbv(0, min=-128, max=128))
    sum_ = Signal(intbv(0)[2:])
    dut = truths(a, b, c, either, both, one, signed, not_, value, last, sum_, bit)

    @instance
    def stimulus():
        yield from check(
            (a, b, c),
            cases(UNSIGNED, UNSIGNED, BITS),
            [
                (either, lambda a, b, c: bool(a) or bool(b)),
                (both, lambda a, b, c: bool(a) and bool(b)),
                (one, lambda a, b, c: c or bool(a)),
                (signed, lambda a, b, c: a > b and c),
                (not_, lambda a, b, c: not (a and b)),
                (value, lambda a, b, c: a or b),
                (last, lambda a, b, c: a and b),
                (sum_, lambda a, b, c: (bool(a) or bool(b)) + (c and bool(b))),
                (bit, lambda a, b, c: bool(a) or bool(b)),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
