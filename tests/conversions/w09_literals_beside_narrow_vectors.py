"""A literal has all of its bits, however narrow or signed the vector beside it."""

from checking import SIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def literals(s, w, masked, wide, joined, behind, changed, low, negative, flipped, signs, larger):
    @always_comb
    def logic():
        masked.next = s & 0xFF
        wide.next = s & 0xFFF
        joined.next = 0xF0 | w
        behind.next = w | 0xF0
        changed.next = w ^ 0xA5
        low.next = s & -2
        negative.next = w | -16
        flipped.next = w ^ -1
        signs.next = s ^ 0x0F
        larger.next = s | 0x100

    return logic


@block
def bench():
    s, low = [Signal(intbv(0, min=-128, max=128)) for _ in range(2)]
    w = Signal(intbv(0)[4:])
    masked, joined, behind, changed = [Signal(intbv(0)[8:]) for _ in range(4)]
    wide = Signal(intbv(0)[12:])
    negative = Signal(intbv(0, min=-16, max=16))
    flipped = Signal(intbv(0, min=-16, max=1))
    signs = Signal(intbv(0, min=-256, max=256))
    larger = Signal(intbv(0, min=-128, max=512))
    dut = literals(s, w, masked, wide, joined, behind, changed, low, negative, flipped, signs, larger)

    @instance
    def stimulus():
        yield from check(
            (s, w),
            cases(SIGNED, range(16)),
            [
                (masked, lambda s, w: s & 0xFF),
                (wide, lambda s, w: s & 0xFFF),
                (joined, lambda s, w: 0xF0 | w),
                (behind, lambda s, w: w | 0xF0),
                (changed, lambda s, w: w ^ 0xA5),
                (low, lambda s, w: s & -2),
                (negative, lambda s, w: w | -16),
                (flipped, lambda s, w: w ^ -1),
                (signs, lambda s, w: s ^ 0x0F),
                (larger, lambda s, w: s | 0x100),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
