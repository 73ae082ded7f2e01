"""Random inputs for the memories of this folder."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from myhdl import Signal, StopSimulation, block, delay, instance


def clock_of(clk: Signal, period: int, phase: int = 0):
    """A clock that is low first."""

    @instance
    def clock():
        yield delay(phase + 1)
        while True:
            yield delay(period // 2)
            clk.next = not clk

    return clock


@block
def stimulus(clk: Signal, inputs: Sequence[Signal], cycles: int = 400, other: Signal | None = None):
    """Drives the clocks, and random values; addresses are often small, so that the same ones come again."""
    clocks = [clock_of(clk, 10)] + ([] if other is None else [clock_of(other, 14, 2)])

    @instance
    def drive():
        random = Random(1)
        for _ in range(cycles):
            yield clk.negedge
            for signal in inputs:
                low, high = signal.min or 0, signal.max or 2
                high = random.choice((high, min(high, low + 6)))
                signal.next = random.randrange(low, high)
        raise StopSimulation

    return clocks, drive
