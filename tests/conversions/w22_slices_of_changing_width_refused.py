# refused: PH0304
# Vectors have as many bits as elaboration gives them; how many bits these slices have is known only later. The help
# says how to write what is meant.
"""Slices whose width changes at run time."""

from checking import UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, concat, instance, intbv


@block
def changing(a, v, low, high, joined):
    @always_comb
    def from_a_constant():
        low.next = a[v:2]  # PH0304

    @always_comb
    def to_a_constant():
        high.next = a[8:v]  # PH0304

    @always_comb
    def in_a_concatenation():
        joined.next = concat(a, a[v:])  # PH0304

    return from_a_constant, to_a_constant, in_a_concatenation


@block
def bench():
    a, low, high = [Signal(intbv(0)[8:]) for _ in range(3)]
    v = Signal(intbv(3, min=3, max=8))
    joined = Signal(intbv(0)[16:])
    dut = changing(a, v, low, high, joined)

    @instance
    def stimulus():
        yield from check(
            (a, v),
            cases(UNSIGNED, range(3, 8)),
            [
                (low, lambda a, v: a % 2**v >> 2),
                (high, lambda a, v: a >> v),
                (joined, lambda a, v: a << v | a % 2**v),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
