"""Tasks, functions that read signals, while loops, memories read in branches, prints, asserts, ordinary loop variables."""

from random import Random

from myhdl import *


@block
def tasks(clk, a, b, index, total, shown, logged, length, found, last, swapped_a, swapped_b):
    table = [Signal(intbv(i)[8:]) for i in range(8)]
    scale = (3, -1, 4, -1, 5)

    def gather(extra):
        result = a + extra
        if b > a:
            result = b + extra
        return result

    def swap():
        swapped_a.next = b
        swapped_b.next = a

    @always_comb
    def add():
        total.next = gather(concat(a, b) & 3)

    @always_comb
    def choose():
        if a > 100:
            shown.next = table[index]
        else:
            shown.next = table[7 - index] ^ a

    @always(clk.posedge)
    def write():
        table[index].next = a
        swap()
        if a == 17:
            print("a is", a, "and b", int(b))
            print("%d %s" % (b, index == 3))
        assert b <= 255, "out of range"

    @always_comb
    def measure():
        n = intbv(0, min=0, max=9)
        while n < 8 and a[n]:
            n[:] = n + 1
        length.next = n

    @always_comb
    def search():
        place = intbv(0)[4:]
        for i in range(8):
            place[:] = i
            if b[i]:
                break
        found.next = place

    @always_comb
    def log():
        if index < 5:
            logged.next = scale[index] * b
        else:
            logged.next = abs(a - b) - max(a, b)

    @always_comb
    def final():
        last.next = min(a, b, index) + (1 if a > b else 2)

    return add, choose, write, measure, search, log, final


@block
def bench():
    clk = Signal(bool(0))
    a, b, shown, swapped_a, swapped_b = [Signal(intbv(0)[8:]) for _ in range(5)]
    index = Signal(intbv(0)[3:])
    total = Signal(intbv(0)[9:])
    logged = Signal(intbv(0, min=-2048, max=2048))
    length = Signal(intbv(0, min=0, max=9))
    found, last = [Signal(intbv(0)[4:]) for _ in range(2)]
    dut = tasks(clk, a, b, index, total, shown, logged, length, found, last, swapped_a, swapped_b)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        random = Random(5)
        for i in range(200):
            yield clk.negedge
            a.next = random.choice([17, 255, random.randrange(256), (1 << random.randrange(9)) - 1])
            b.next = random.randrange(256)
            index.next = random.randrange(8)
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
