"""A bitonic sorter, built by recursion from a block that puts two numbers in order."""

import random

from myhdl import *

ASCENDING, DESCENDING = False, True


@block
def compare(a, b, low, high, direction):
    """Put two numbers in order."""

    @always_comb
    def order():
        if (a > b) != direction:
            low.next = b
            high.next = a
        else:
            low.next = a
            high.next = b

    return order


@block
def feedthrough(a, z):
    """Pass one number on."""

    @always_comb
    def wire():
        z.next = a

    return wire


@block
def merge(inputs, outputs, direction):
    """Sort a bitonic list: compare its halves, then merge each half."""
    count = len(inputs)
    width = len(inputs[0])
    if count == 1:
        single = feedthrough(inputs[0], outputs[0])
        return single
    half = count // 2
    middle = [Signal(intbv(0)[width:]) for _ in range(count)]
    compares = [compare(inputs[i], inputs[i + half], middle[i], middle[i + half], direction) for i in range(half)]
    lower = merge(middle[:half], outputs[:half], direction)
    upper = merge(middle[half:], outputs[half:], direction)
    return compares, lower, upper


@block
def sort(inputs, outputs, direction):
    """Sort one half up and the other down, which makes a bitonic list, and merge it."""
    count = len(inputs)
    width = len(inputs[0])
    if count == 1:
        single = feedthrough(inputs[0], outputs[0])
        return single
    half = count // 2
    bitonic = [Signal(intbv(0)[width:]) for _ in range(count)]
    up = sort(inputs[:half], bitonic[:half], ASCENDING)
    down = sort(inputs[half:], bitonic[half:], DESCENDING)
    merged = merge(bitonic, outputs, direction)
    return up, down, merged


@block
def sorter(a0, a1, a2, a3, a4, a5, a6, a7, z0, z1, z2, z3, z4, z5, z6, z7):
    """Sort eight numbers, the smallest first, without a clock."""
    network = sort([a0, a1, a2, a3, a4, a5, a6, a7], [z0, z1, z2, z3, z4, z5, z6, z7], ASCENDING)
    return network


@block
def bench():
    """Sort random numbers and compare with Python."""
    rng = random.Random(8)
    a0, a1, a2, a3, a4, a5, a6, a7 = inputs = [Signal(intbv(0)[6:]) for _ in range(8)]
    z0, z1, z2, z3, z4, z5, z6, z7 = outputs = [Signal(intbv(0)[6:]) for _ in range(8)]
    dut = sorter(a0, a1, a2, a3, a4, a5, a6, a7, z0, z1, z2, z3, z4, z5, z6, z7)

    @instance
    def stimulus():
        for _ in range(40):
            numbers = [rng.randrange(64) for _ in range(8)]
            for port, number in zip(inputs, numbers):
                port.next = number
            yield delay(10)
            result = [int(z) for z in outputs]
            assert result == sorted(numbers), (numbers, result)
        print(numbers, "->", result)
        print("40 lists sorted")

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
