"""Memories in every shape: written and read by index, as a shift register, elements as ports, signed, of bools."""

from random import Random

from myhdl import *


@block
def invert(a, z):
    @always_comb
    def logic():
        z.next = ~a & 0xFF

    return logic


@block
def memories(clk, write, address, other, data, stored, both, delayed, chosen, flag, signed_sum):
    ram = [Signal(intbv(0)[8:]) for _ in range(16)]
    line = [Signal(intbv(i)[8:]) for i in range(5)]
    lanes = [Signal(intbv(0)[8:]) for _ in range(3)]
    flags = [Signal(bool(0)) for _ in range(10)]
    signeds = [Signal(intbv(0, min=-64, max=64)) for _ in range(4)]
    inverters = [invert(line[i], lanes[i]) for i in range(3)]

    @always(clk.posedge)
    def store():
        if write:
            ram[address].next = data
        stored.next = ram[address]

    @always_comb
    def look():
        both.next = concat(ram[address], ram[other])

    @always(clk.posedge)
    def shift():
        line[0].next = data
        for i in range(1, 5):
            line[i].next = line[i - 1]

    @always_comb
    def tap():
        delayed.next = line[4]

    @always_comb
    def choose():
        if other < 3:
            chosen.next = lanes[other]
        else:
            chosen.next = 0

    @always(clk.posedge)
    def mark():
        flags[address % 10].next = write
        flag.next = flags[other % 10]

    @always(clk.posedge)
    def signs():
        signeds[address[2:]].next = data[7:].signed()
        signed_sum.next = signeds[0] + signeds[1] + signeds[other[2:]]

    return inverters, store, look, shift, tap, choose, mark, signs


@block
def bench():
    clk, write, flag = [Signal(bool(0)) for _ in range(3)]
    address, other = [Signal(intbv(0)[4:]) for _ in range(2)]
    data, stored, delayed, chosen = [Signal(intbv(0)[8:]) for _ in range(4)]
    both = Signal(intbv(0)[16:])
    signed_sum = Signal(intbv(0, min=-192, max=192))
    dut = memories(clk, write, address, other, data, stored, both, delayed, chosen, flag, signed_sum)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        random = Random(3)
        for _ in range(200):
            yield clk.negedge
            write.next = random.randrange(2)
            address.next = random.randrange(16)
            other.next = random.randrange(16)
            data.next = random.randrange(256)
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
