"""Binary numbers and Gray codes."""

import random

from myhdl import *


@block
def gray_code(binary, gray, back):
    @always_comb
    def encode():
        gray.next = binary ^ (binary >> 1)

    @always_comb
    def decode():
        value = intbv(0)[8:]
        value[:] = gray
        for i in range(6, -1, -1):
            value[i] = value[i + 1] ^ gray[i]
        back.next = value

    return encode, decode


@block
def bench():
    binary = Signal(intbv(0)[8:])
    gray, back = [Signal(intbv(0)[8:]) for _ in range(2)]
    dut = gray_code(binary, gray, back)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            binary.next = rng.randrange(256)
        raise StopSimulation

    return dut, stimulus
