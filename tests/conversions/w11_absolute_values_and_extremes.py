"""abs() of the lowest number needs a bit more; max() and min() of unsigned and signed numbers."""

from checking import SIGNED, UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def extremes(s, u, v, distance, apart, largest, same, smallest, mixed, low, three, clipped, nested):
    @always_comb
    def logic():
        distance.next = abs(s)
        apart.next = abs(u - v)
        largest.next = max(u, v)
        same.next = max(u, u)
        smallest.next = min(u, v)
        mixed.next = max(u, s)
        low.next = min(u, s)
        three.next = max(u, v, 3)
        clipped.next = max(-5, min(100, s))
        nested.next = max(abs(s), u) - abs(s)

    return logic


@block
def bench():
    s, low = [Signal(intbv(0, min=-128, max=128)) for _ in range(2)]
    u, v, largest, same, smallest, three = [Signal(intbv(0)[8:]) for _ in range(6)]
    distance = Signal(intbv(0, min=0, max=129))
    apart = Signal(intbv(0, min=0, max=256))
    mixed = Signal(intbv(0, min=-128, max=256))
    clipped = Signal(intbv(0, min=-5, max=101))
    nested = Signal(intbv(0, min=-256, max=257))
    dut = extremes(s, u, v, distance, apart, largest, same, smallest, mixed, low, three, clipped, nested)

    @instance
    def stimulus():
        yield from check(
            (s, u, v),
            cases(SIGNED, UNSIGNED, UNSIGNED),
            [
                (distance, lambda s, u, v: abs(s)),
                (apart, lambda s, u, v: abs(u - v)),
                (largest, lambda s, u, v: max(u, v)),
                (same, lambda s, u, v: max(u, u)),
                (smallest, lambda s, u, v: min(u, v)),
                (mixed, lambda s, u, v: max(u, s)),
                (low, lambda s, u, v: min(u, s)),
                (three, lambda s, u, v: max(u, v, 3)),
                (clipped, lambda s, u, v: max(-5, min(100, s))),
                (nested, lambda s, u, v: max(abs(s), u) - abs(s)),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
