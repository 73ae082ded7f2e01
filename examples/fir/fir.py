"""A transposed FIR filter with signed samples."""

import random

from myhdl import *

COEFFICIENTS = (-3, 7, 20, 7, -3)


@block
def tap(clk, rst, sample, before, after, coefficient):
    """Multiply the sample, add what the tap before has, and keep the sum."""

    @always_seq(clk.posedge, reset=rst)
    def accumulate():
        after.next = before + sample * coefficient

    return accumulate


@block
def first_tap(clk, rst, sample, after, coefficient):
    """The tap with none before it."""

    @always_seq(clk.posedge, reset=rst)
    def multiply():
        after.next = sample * coefficient

    return multiply


@block
def fir(clk, rst, sample, result, coefficients=COEFFICIENTS):
    """Filter a sample at each clock edge. In the transposed form every tap has its own register."""
    count = len(coefficients)
    bound = max(abs(sample.min), sample.max) * sum(abs(c) for c in coefficients) + 1
    sums = [Signal(intbv(0, min=-bound, max=bound)) for _ in range(count)]
    first = first_tap(clk, rst, sample, sums[0], coefficients[-1])
    taps = [tap(clk, rst, sample, sums[i - 1], sums[i], coefficients[-1 - i]) for i in range(1, count)]
    last = sums[count - 1]

    @always_comb
    def output():
        result.next = last

    return first, taps, output


@block
def bench():
    """Filter noise and compare with the sum that defines the filter."""
    clk = Signal(bool(0))
    rst = ResetSignal(1, active=1, isasync=False)
    sample = Signal(intbv(0, min=-128, max=128))
    bound = 128 * sum(abs(c) for c in COEFFICIENTS) + 1
    result = Signal(intbv(0, min=-bound, max=bound))
    dut = fir(clk, rst, sample, result)
    rng = random.Random(5)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for _ in range(2):
            yield clk.negedge
        rst.next = 0
        history = [0] * len(COEFFICIENTS)
        for _ in range(200):
            sample.next = rng.randrange(-128, 128)
            yield clk.negedge
            history = [int(sample)] + history[:-1]
            assert result == sum(c * s for c, s in zip(COEFFICIENTS, history))
        print("200 samples, the last result is", int(result))
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
