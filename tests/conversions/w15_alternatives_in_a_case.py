"""A case with alternatives takes each of them, not their union as bits."""

from checking import cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def alternatives(a, s, kind, sign):
    @always_comb
    def unsigned():
        match a:
            case 1 | 2:
                kind.next = 1
            case 3 | 8 | 12:
                kind.next = 2
            case _:
                kind.next = 0

    @always_comb
    def signed():
        sign.next = 0
        match s:
            case -1 | -2:
                sign.next = 1
            case 0 | -8:
                sign.next = 2
            case 7:
                sign.next = 3

    return unsigned, signed


@block
def bench():
    a = Signal(intbv(0)[4:])
    s = Signal(intbv(0, min=-8, max=8))
    kind, sign = [Signal(intbv(0)[2:]) for _ in range(2)]
    dut = alternatives(a, s, kind, sign)

    @instance
    def stimulus():
        yield from check(
            (a, s),
            cases(range(16), range(-8, 8)),
            [
                (kind, lambda a, s: 1 if a in (1, 2) else 2 if a in (3, 8, 12) else 0),
                (sign, lambda a, s: 1 if s in (-1, -2) else 2 if s in (0, -8) else 3 if s == 7 else 0),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
