"""Parts of vectors on both sides, at constant and at changing places, concatenations, shadow signals."""

from random import Random

from myhdl import *


@block
def slices(clk, a, place, value, low, part, bits, packed, swapped, shifted, top):
    upper = a(16, 12)

    @always_comb
    def read():
        low.next = a[4:]
        part.next = a[12:4]
        bits.next = a[place]
        top.next = upper ^ a[16:12] ^ 5

    @always_comb
    def join():
        swapped.next = concat(a[8:], a[16:8])
        shifted.next = (a << 3)[16:] | (a >> place)

    @always(clk.posedge)
    def write():
        packed.next[place] = value[0]
        packed.next[20:16] = value
        packed.next[21] = a > 1000

    return read, join, write


@block
def bench():
    clk = Signal(bool(0))
    a, swapped, shifted = [Signal(intbv(0)[16:]) for _ in range(3)]
    place, value, low, top = [Signal(intbv(0)[4:]) for _ in range(4)]
    part = Signal(intbv(0)[8:])
    bits = Signal(bool(0))
    packed = Signal(intbv(0)[22:])
    dut = slices(clk, a, place, value, low, part, bits, packed, swapped, shifted, top)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        random = Random(4)
        for _ in range(150):
            yield clk.negedge
            a.next = random.randrange(1 << 16)
            place.next = random.randrange(16)
            value.next = random.randrange(16)
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
