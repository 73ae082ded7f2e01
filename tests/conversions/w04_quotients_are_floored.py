"""Quotients of negative numbers go down, not towards zero; a division that a condition keeps away does no harm."""

from checking import SIGNED, UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def quotients(s, t, u, third, opposite, eighth, own, guarded, last, mixed, other, greater):
    @always_comb
    def logic():
        third.next = s // 3
        opposite.next = s // (-3)
        eighth.next = s // 8
        own.next = s // s if s != 0 else 0
        guarded.next = s // t if t != 0 else 0
        last.next = 0 if t == 0 else s // t
        mixed.next = s // u if u != 0 else -1
        other.next = u // t if t != 0 else 7
        greater.next = t != 0 and s // t > 1

    return logic


@block
def bench():
    s, t, mixed = [Signal(intbv(0, min=-128, max=128)) for _ in range(3)]
    u = Signal(intbv(0)[8:])
    third, opposite, eighth, own, guarded, last = [Signal(intbv(0, min=-128, max=129)) for _ in range(6)]
    other = Signal(intbv(0, min=-255, max=256))
    greater = Signal(bool(0))
    dut = quotients(s, t, u, third, opposite, eighth, own, guarded, last, mixed, other, greater)

    @instance
    def stimulus():
        yield from check(
            (s, t, u),
            cases(SIGNED, SIGNED, UNSIGNED),
            [
                (third, lambda s, t, u: s // 3),
                (opposite, lambda s, t, u: s // (-3)),
                (eighth, lambda s, t, u: s // 8),
                (own, lambda s, t, u: s // s if s != 0 else 0),
                (guarded, lambda s, t, u: s // t if t != 0 else 0),
                (last, lambda s, t, u: 0 if t == 0 else s // t),
                (mixed, lambda s, t, u: s // u if u != 0 else -1),
                (other, lambda s, t, u: u // t if t != 0 else 7),
                (greater, lambda s, t, u: t != 0 and s // t > 1),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
