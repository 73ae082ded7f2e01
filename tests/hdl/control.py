"""Loops, matches, functions, tasks, locals, early returns."""

from random import Random

from myhdl import *

WIDTH = 8


@block
def control(clk, rst, data, limit, ones, first, parity, median, reversed_bits, saturated, kind, steps, total):
    def count_ones(word):
        """How many bits are set."""
        count = intbv(0, min=0, max=WIDTH + 1)
        for i in range(WIDTH):
            if word[i]:
                count[:] = count + 1
        return count

    def clip(value, top):
        if value > top:
            return top
        return value

    @always_comb
    def scan():
        """Find the lowest bit that is set."""
        first.next = WIDTH
        for i in range(WIDTH):
            if data[i] == 0:
                continue
            first.next = i
            break

    @always_comb
    def count():
        ones.next = count_ones(data)

    @always_comb
    def backwards():
        for i in range(WIDTH - 1, -1, -1):
            reversed_bits.next[WIDTH - 1 - i] = data[i]

    @always_comb
    def even():
        result = bool(0)
        for i in range(0, WIDTH, 2):
            result = result ^ data[i]
        parity.next = result

    @always_comb
    def middle():
        low = data[4:]
        high = data[8:4]
        if low < high:
            median.next = high
        else:
            median.next = low

    @always_comb
    def clipped():
        saturated.next = clip(data, limit)

    @always_comb
    def classify():
        match data:
            case 0:
                kind.next = 0
            case 1 | 2 | 4 | 8 | 16 | 32 | 64 | 128:
                kind.next = 1
            case 255:
                kind.next = 2
            case _:
                kind.next = 3

    @always_seq(clk.posedge, reset=rst)
    def accumulate():
        if data == 7:
            return
        steps.next = steps + 1
        if total + data > 1000:
            total.next = 0
        else:
            total.next = total + data

    return scan, count, backwards, even, middle, clipped, classify, accumulate


@block
def bench():
    clk = Signal(bool(0))
    rst = ResetSignal(0, active=0, isasync=True)
    data, limit, reversed_bits, saturated = [Signal(intbv(0)[WIDTH:]) for _ in range(4)]
    ones, first = [Signal(intbv(0, min=0, max=WIDTH + 1)) for _ in range(2)]
    parity = Signal(bool(0))
    median = Signal(intbv(0)[4:])
    kind = Signal(intbv(0)[2:])
    steps = Signal(modbv(0)[5:])
    total = Signal(intbv(0, min=0, max=1001))
    dut = control(clk, rst, data, limit, ones, first, parity, median, reversed_bits, saturated, kind, steps, total)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        random = Random(2)
        yield clk.negedge
        rst.next = 1
        for i in range(300):
            data.next = random.choice([0, 7, 255, 1 << random.randrange(8), random.randrange(256)])
            limit.next = random.randrange(256)
            if i == 150:
                rst.next = 0
            elif i == 153:
                rst.next = 1
            yield clk.negedge
            assert ones == bin(int(data)).count("1")
            assert saturated == min(data, limit)
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
