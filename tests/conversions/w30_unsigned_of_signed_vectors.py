"""The bits of a signed vector as an unsigned number, in combinational logic."""

from checking import SIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def views(s, t, bits, sum_, mixed, greater, shifted, back, part):
    @always_comb
    def alone():
        bits.next = s.unsigned()

    @always_comb
    def in_expressions():
        sum_.next = s.unsigned() + t.unsigned()
        mixed.next = s.unsigned() + t
        greater.next = s.unsigned() > t.unsigned()
        shifted.next = s.unsigned() >> 3
        back.next = s.unsigned().signed()
        part.next = s[8:4].unsigned()

    return alone, in_expressions


@block
def bench():
    s, t, back = [Signal(intbv(0, min=-128, max=128)) for _ in range(3)]
    bits, shifted = [Signal(intbv(0)[8:]) for _ in range(2)]
    sum_ = Signal(intbv(0)[9:])
    mixed = Signal(intbv(0, min=-128, max=383))
    greater = Signal(bool(0))
    part = Signal(intbv(0)[4:])
    dut = views(s, t, bits, sum_, mixed, greater, shifted, back, part)

    @instance
    def stimulus():
        yield from check(
            (s, t),
            cases(SIGNED, SIGNED),
            [
                (bits, lambda s, t: s % 256),
                (sum_, lambda s, t: s % 256 + t % 256),
                (mixed, lambda s, t: s % 256 + t),
                (greater, lambda s, t: s % 256 > t % 256),
                (shifted, lambda s, t: s % 256 >> 3),
                (back, lambda s, t: s),
                (part, lambda s, t: s % 256 >> 4),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
