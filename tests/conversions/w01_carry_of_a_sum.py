"""A sum has its carry, also where it is shifted to the right and the result is as wide as the operands."""

from checking import UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def carry(u, v, same, half, quarter, top):
    @always_comb
    def logic():
        same.next = (u + u) >> 1
        half.next = (u + v) >> 1
        quarter.next = (u + v + u + 3) >> 2
        top.next = (u + v) >> 8

    return logic


@block
def bench():
    u, v, same, half, quarter = [Signal(intbv(0)[8:]) for _ in range(5)]
    top = Signal(intbv(0)[1:])
    dut = carry(u, v, same, half, quarter, top)

    @instance
    def stimulus():
        yield from check(
            (u, v),
            cases(UNSIGNED, UNSIGNED),
            [
                (same, lambda u, v: (u + u) >> 1),
                (half, lambda u, v: (u + v) >> 1),
                (quarter, lambda u, v: (u + v + u + 3) >> 2),
                (top, lambda u, v: (u + v) >> 8),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
