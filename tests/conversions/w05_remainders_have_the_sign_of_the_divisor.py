"""Remainders have the sign of the divisor."""

from checking import SIGNED, UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def remainders(s, t, u, seventh, opposite, eighth, own, guarded, mixed, other):
    @always_comb
    def logic():
        seventh.next = s % 7
        opposite.next = s % (-7)
        eighth.next = s % 8
        own.next = s % s if s != 0 else 0
        guarded.next = s % t if t != 0 else 0
        mixed.next = s % u if u != 0 else 0
        other.next = u % t if t != 0 else 0

    return logic


@block
def bench():
    s, t, own, guarded, other = [Signal(intbv(0, min=-128, max=128)) for _ in range(5)]
    u, mixed = [Signal(intbv(0)[8:]) for _ in range(2)]
    seventh = Signal(intbv(0, min=0, max=7))
    opposite = Signal(intbv(0, min=-6, max=1))
    eighth = Signal(intbv(0, min=0, max=8))
    dut = remainders(s, t, u, seventh, opposite, eighth, own, guarded, mixed, other)

    @instance
    def stimulus():
        yield from check(
            (s, t, u),
            cases(SIGNED, SIGNED, UNSIGNED),
            [
                (seventh, lambda s, t, u: s % 7),
                (opposite, lambda s, t, u: s % (-7)),
                (eighth, lambda s, t, u: s % 8),
                (own, lambda s, t, u: s % s if s != 0 else 0),
                (guarded, lambda s, t, u: s % t if t != 0 else 0),
                (mixed, lambda s, t, u: s % u if u != 0 else 0),
                (other, lambda s, t, u: u % t if t != 0 else 0),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
