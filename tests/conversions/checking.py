"""Test benches that compare a design's outputs with plain integers."""

from itertools import product
from math import prod
from random import Random

from myhdl import delay

UNSIGNED = range(256)
SIGNED = range(-128, 128)
BITS = (False, True)


def check(inputs, values, outputs):
    """What a process does that gives the inputs each tuple of values: each output has to be its function of that tuple.

    The functions see integers only, so what they return is what Python makes of them.
    """
    count = 0
    for given in values:
        for signal, value in zip(inputs, given, strict=True):
            signal.next = value
        yield delay(10)
        for number, (output, function) in enumerate(outputs):
            found, right = int(output), int(function(*map(int, given)))
            assert found == right, f"output {number} of {given} is {found}, not {right}"
            count += 1
    print(count, "values are right, of", len(outputs), "outputs")


def check_clocked(clk, inputs, values, outputs, model):
    """What a process does that gives the inputs one tuple of values a clock cycle.

    `model` is a generator function: from the same values it makes the outputs after each rising edge, as integers.
    """
    count = 0
    right = model([tuple(map(int, given)) for given in values])
    for given, expected in zip(values, right, strict=True):
        for signal, value in zip(inputs, given, strict=True):
            signal.next = value
        yield delay(5)
        clk.next = True
        yield delay(5)
        found = tuple(map(int, outputs))
        assert found == expected, f"in cycle {count // len(found)} with {given}: {found}, not {expected}"
        count += len(found)
        clk.next = False
    print(count, "values are right, of", len(outputs), "outputs")


def cases(*ranges):
    """All tuples of numbers of these ranges; where they are too many, all tuples of special numbers and some others."""
    if prod(map(len, ranges)) <= 2048:
        return list(product(*ranges))
    random = Random(1)
    found = list(product(*map(special, ranges)))
    for place, numbers in enumerate(ranges):
        for number in numbers:
            for choices in map(special, ranges), ranges, ranges:
                others = [random.choice(choice) for choice in choices]
                found.append((*others[:place], number, *others[place + 1 :]))
    return found


def special(numbers):
    """The numbers of a range where carries and signs change."""
    middle = len(numbers) // 2
    places = {0, 1, middle - 1, middle, len(numbers) - 2, len(numbers) - 1}
    return [numbers[place] for place in sorted(places) if place in range(len(numbers))]
