"""Registers that change alike, of all widths: counters, delay lines, sums of products, masks; a ring; some read others."""
from myhdl import *

COUNT = 38


@block
def counter(clk, rst, step, count):
    @always_seq(clk.posedge, reset=rst)
    def tick():
        count.next = count + step

    return tick


@block
def stage(clk, rst, before, after):
    @always_seq(clk.posedge, reset=rst)
    def shift():
        after.next = before

    return shift


@block
def tap(clk, rst, sample, by, before, after):
    @always_seq(clk.posedge, reset=rst)
    def add():
        after.next = before - sample * by

    return add


@block
def mixed(clk, rst, a, b, mask, after):
    @always_seq(clk.posedge, reset=rst)
    def mix():
        after.next = ((a ^ b) & mask) + (~a | mask)

    return mix


@block
def down(clk, rst, count):
    @always_seq(clk.posedge, reset=rst)
    def tick():
        count.next = count - 5

    return tick


@block
def bench():
    clk = Signal(bool(0))
    rst = ResetSignal(1, active=1, isasync=False)
    sample = Signal(intbv(0, min=-128, max=128))
    counts = [Signal(modbv(i)[3 + 5 * i % 61:]) for i in range(COUNT)]
    parts = [counter(clk, rst, (-i if i % 3 else 2 ** 40 + i), counts[i]) for i in range(COUNT)]
    line = [Signal(modbv(i)[11:]) for i in range(20)]
    parts += [stage(clk, rst, line[i], line[i + 1]) for i in range(19)]
    ring = [Signal(modbv(i * i)[8:]) for i in range(16)]
    parts += [stage(clk, rst, ring[i - 1], ring[i]) for i in range(16)]
    narrow = [Signal(modbv(0)[16:]) for i in range(17)]
    middle = [Signal(modbv(0)[31:]) for i in range(9)]
    large = [Signal(modbv(0)[61:]) for i in range(9)]
    for sums in narrow, middle, large:
        parts += [tap(clk, rst, sample, 3 - 7 * i, sums[i], sums[i + 1]) for i in range(len(sums) - 1)]
    masks = [Signal(modbv(5 * i)[8:]) for i in range(18)]
    parts += [mixed(clk, rst, masks[i], masks[i + 1], 11 * i + 3, masks[i]) for i in range(17)]
    checked = [Signal(intbv(0, min=0, max=1000)) for i in range(8)]
    limited = [Signal(intbv(0)[12:]) for i in range(8)]
    parts += [stage(clk, rst, checked[i], limited[i]) for i in range(8)]
    parts += [stage(clk, rst, checked[i], checked[i + 1]) for i in range(7)]
    rounds = [Signal(modbv(0, min=0, max=1000)) for i in range(8)]
    signed = [Signal(modbv(0, min=-300, max=300)) for i in range(8)]
    parts += [counter(clk, rst, 13 * i, rounds[i]) for i in range(8)]
    parts += [counter(clk, rst, 37 * i, signed[i]) for i in range(8)]
    pair = [Signal(modbv(9)[64:]) for i in range(2)]
    between = Signal(modbv(0)[64:])

    @always_seq(clk.posedge, reset=rst)
    def read_the_later_one():
        between.next = between ^ (pair[1] << 3)

    parts += [down(clk, rst, pair[0]), read_the_later_one, down(clk, rst, pair[1])]
    fed, low, entry, high = checked[0], narrow[0], line[0], large[0]
    total, sign = [Signal(modbv(0)[64:]) for i in range(2)]

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always_seq(clk.posedge, reset=rst)
    def stimulate():
        sample.next = (sample * 5 + 90) % 256 - 128
        fed.next = (sample + 128) * 3
        entry.next = entry + 77
        low.next = low + 1
        high.next = high + 2 ** 55 + 1

    @always_seq(clk.posedge, reset=rst)
    def collect():
        total.next = total + counts[7] + line[19] + ring[5] + narrow[16] + middle[8] + large[8] + masks[3]
        sign.next = sign ^ (limited[7] << 20) ^ counts[30]

    @instance
    def stimulus():
        for i in range(2):
            yield clk.posedge
        rst.next = 0
        yield clk.posedge
        for i in range(150):
            yield clk.negedge
            assert counts[3] == (3 + (2 ** 40 + 3) * (i + 1)) % 2 ** 18
            assert counts[22] == (22 - 22 * (i + 1)) % 2 ** 52
            assert counts[36] == (36 + (2 ** 40 + 36) * (i + 1)) % 2 ** 61
            print("%d: %x %x %x %x %x %x %x" % (i, total, sign, line[9], ring[3], narrow[8], middle[4], large[5]))
            print("%x %x %x %d" % (masks[0], masks[9], counts[13], limited[3]))
            print("%x %x" % (between, pair[0]))
            print("%d %d %d" % (rounds[5], rounds[7], signed[6]))
            if i == 100:
                rst.next = 1
                yield clk.posedge
                rst.next = 0
                yield clk.posedge
                break
        for i in range(40):
            yield clk.negedge
            assert counts[34] == (34 - 34 * (i + 1)) % 2 ** 51
            print("%x %x %x %x" % (total, sign, masks[4], counts[8]))
        raise StopSimulation

    return parts, clock, stimulate, collect, stimulus


bench().run_sim(quiet=1)
