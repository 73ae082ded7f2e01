# refused: PH0301
# Signals are not sequences: MyHDL's simulation ignores the step, and so does this one. Hardware that does so would
# surprise everybody, and hardware that takes every second bit would differ from the simulation.
"""Slices with a step."""

from checking import UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def stepped(x, y, z):
    @always_comb
    def read():
        y.next = x[8:0:2]  # PH0301

    @always_comb
    def write():
        z.next[8:0:2] = x  # PH0301

    return read, write


@block
def bench():
    x, y, z = [Signal(intbv(0)[8:]) for _ in range(3)]
    dut = stepped(x, y, z)

    @instance
    def stimulus():
        yield from check((x,), cases(UNSIGNED), [(y, lambda x: x), (z, lambda x: x)])

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
