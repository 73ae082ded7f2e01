"""A conditional expression as an operand."""

from checking import BITS, SIGNED, UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def choices(u, s, c, next_, same, left, constant, negative, less, nested, truth):
    @always_comb
    def logic():
        next_.next = (u if c else s) + 1
        same.next = (u if c else u) + 1
        left.next = (u if c else s) << 1
        constant.next = s + (1 if c else 0)
        negative.next = -(u if c else s)
        less.next = (u if s > 0 else s) < 5
        nested.next = (u if c else (s if s > 0 else 3)) + (u if s else 1)
        truth.next = (c if u > 100 else not c) and s != 0

    return logic


@block
def bench():
    u = Signal(intbv(0)[8:])
    s = Signal(intbv(0, min=-128, max=128))
    c, less, truth = [Signal(bool(0)) for _ in range(3)]
    next_ = Signal(intbv(0, min=-127, max=257))
    same = Signal(intbv(0, min=0, max=257))
    left = Signal(intbv(0, min=-512, max=512))
    constant = Signal(intbv(0, min=-128, max=129))
    negative = Signal(intbv(0, min=-255, max=129))
    nested = Signal(intbv(0, min=-256, max=512))
    dut = choices(u, s, c, next_, same, left, constant, negative, less, nested, truth)

    @instance
    def stimulus():
        yield from check(
            (u, s, c),
            cases(UNSIGNED, SIGNED, BITS),
            [
                (next_, lambda u, s, c: (u if c else s) + 1),
                (same, lambda u, s, c: (u if c else u) + 1),
                (left, lambda u, s, c: (u if c else s) << 1),
                (constant, lambda u, s, c: s + (1 if c else 0)),
                (negative, lambda u, s, c: -(u if c else s)),
                (less, lambda u, s, c: (u if s > 0 else s) < 5),
                (nested, lambda u, s, c: (u if c else (s if s > 0 else 3)) + (u if s else 1)),
                (truth, lambda u, s, c: (c if u > 100 else not c) and s != 0),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
