"""Chains of if compare with constants that are expressions."""

from checking import cases, check
from myhdl import Signal, always_comb, block, instance, intbv

N = 10
WORD = 4


@block
def chains(x, s, place, inner, sign, none):
    last = 8

    @always_comb
    def unsigned():
        if x == 0:
            place.next = 1
        elif x == (N - 1):
            place.next = 2
        elif x == 2**WORD - 1:
            place.next = 3
        else:
            place.next = 0

    @always_comb
    def of_the_block():
        if x == 0:
            inner.next = 1
        elif x == (last // 2) - 1:
            inner.next = 2
        elif x == (last - 1):
            inner.next = 3
        else:
            inner.next = 0

    @always_comb
    def signed():
        if s == 0:
            sign.next = 1
        elif s == (0 - 1):
            sign.next = 2
        elif s == -last:
            sign.next = 3
        else:
            sign.next = 0

    @always_comb
    def out_of_range():
        if x == 0:
            none.next = 1
        elif x == (-1):
            none.next = 2
        elif x == (N - 5):
            none.next = 3
        else:
            none.next = 0

    return unsigned, of_the_block, signed, out_of_range


@block
def bench():
    x = Signal(intbv(0)[4:])
    s = Signal(intbv(0, min=-8, max=8))
    place, inner, sign, none = [Signal(intbv(0)[2:]) for _ in range(4)]
    dut = chains(x, s, place, inner, sign, none)

    @instance
    def stimulus():
        yield from check(
            (x, s),
            cases(range(16), range(-8, 8)),
            [
                (place, lambda x, s: 1 if x == 0 else 2 if x == 9 else 3 if x == 15 else 0),
                (inner, lambda x, s: 1 if x == 0 else 2 if x == 3 else 3 if x == 7 else 0),
                (sign, lambda x, s: 1 if s == 0 else 2 if s == -1 else 3 if s == -8 else 0),
                (none, lambda x, s: 1 if x == 0 else 3 if x == 5 else 0),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
