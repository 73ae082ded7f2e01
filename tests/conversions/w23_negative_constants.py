"""Constants, and signals that nobody drives, below 0."""

from checking import SIGNED, cases, check
from myhdl import Constant, Signal, always_comb, block, instance, intbv


@block
def offsets(s, moved, scaled, undriven, lowest, picked):
    offset = Constant(intbv(-3, min=-8, max=8))
    bottom = Constant(intbv(-8, min=-8, max=8))
    number = Constant(intbv(-200, min=-256, max=256))
    idle = Signal(intbv(-5, min=-8, max=8))
    idle_words = [Signal(intbv(-i, min=-8, max=8)) for i in range(4)]

    @always_comb
    def with_constants():
        moved.next = s + offset
        scaled.next = s * bottom + number
        lowest.next = s < number + 100

    @always_comb
    def with_signals():
        undriven.next = s - idle

    @always_comb
    def with_a_list():
        picked.next = idle_words[s % 4] * 2

    return with_constants, with_signals, with_a_list


@block
def bench():
    s = Signal(intbv(0, min=-128, max=128))
    moved, undriven, picked = [Signal(intbv(0, min=-256, max=256)) for _ in range(3)]
    scaled = Signal(intbv(0, min=-2048, max=2048))
    lowest = Signal(bool(0))
    dut = offsets(s, moved, scaled, undriven, lowest, picked)

    @instance
    def stimulus():
        yield from check(
            (s,),
            cases(SIGNED),
            [
                (moved, lambda s: s + -3),
                (scaled, lambda s: s * -8 + -200),
                (undriven, lambda s: s - -5),
                (lowest, lambda s: s < -100),
                (picked, lambda s: -(s % 4) * 2),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
