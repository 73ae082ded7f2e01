"""Wide arithmetic: sums modulo a 255-bit prime, products, rotations, comparisons, a 384-bit accumulator."""
import sys
from myhdl import *

PRIME = 2 ** 255 - 19


@block
def source(clk, rst, word):
    """256 pseudo-random bits: the last four states of a 64-bit xorshift."""
    state = Signal(modbv(0x9E3779B97F4A7C15)[64:])
    a, b = [Signal(modbv(0)[64:]) for i in range(2)]

    @always_comb
    def first():
        a.next = state ^ (state << 13)

    @always_comb
    def second():
        b.next = a ^ (a >> 7)

    @always_seq(clk.posedge, reset=rst)
    def shift():
        state.next = b ^ (b << 17)
        word.next = concat(word[192:], state)

    return first, second, shift


@block
def modular(clk, rst, word, total):
    """The sum of all words modulo the prime."""
    raw, reduced = [Signal(modbv(0)[257:]) for i in range(2)]

    @always_comb
    def add():
        raw.next = total + word[255:]

    @always_comb
    def subtract():
        reduced.next = raw - PRIME

    @always_seq(clk.posedge, reset=rst)
    def keep():
        if raw >= PRIME:
            total.next = reduced[256:]
        else:
            total.next = raw[256:]

    return add, subtract, keep


@block
def multiply(clk, rst, a, b, by, scaled):
    """The product of the low halves, and the one before it shifted to the right."""
    product = Signal(modbv(0)[256:])

    @always_seq(clk.posedge, reset=rst)
    def step():
        product.next = a[128:] * b[128:]
        scaled.next = product >> by[7:]

    return step


@block
def rotate(clk, rst, value, by, rotated):
    twice = Signal(modbv(0)[512:])

    @always_comb
    def shift():
        twice.next = concat(value, value) << by

    @always_seq(clk.posedge, reset=rst)
    def keep():
        rotated.next = twice[512:256]

    return shift, keep


@block
def order(clk, rst, a, b, low, high):
    @always_seq(clk.posedge, reset=rst)
    def compare():
        if a < b:
            low.next = a
            high.next = b
        else:
            low.next = b
            high.next = a

    return compare


@block
def dut(clk, rst, checksum):
    word, total, scaled, rotated, low, high = [Signal(modbv(0)[256:]) for i in range(6)]
    acc = Signal(modbv(0)[384:])
    by = Signal(intbv(0)[8:])
    words = source(clk, rst, word)
    sums = modular(clk, rst, word, total)
    products = multiply(clk, rst, word, total, by, scaled)
    rotations = rotate(clk, rst, total, by, rotated)
    orders = order(clk, rst, scaled, rotated, low, high)

    @always_comb
    def amount():
        by.next = word[256:248]

    @always_seq(clk.posedge, reset=rst)
    def accumulate():
        if acc[383] and low[0]:
            acc.next = acc - concat(high, low[128:])
        else:
            acc.next = acc + concat(low, high[256:128])

    @always_seq(clk.posedge, reset=rst)
    def collect():
        checksum.next = concat(checksum[31:], checksum[31]) ^ acc[384:352] ^ acc[32:]

    return words, sums, products, rotations, orders, amount, accumulate, collect


@block
def bench(n_cycles):
    clk = Signal(bool(0))
    rst = ResetSignal(1, active=1, isasync=False)
    checksum = Signal(intbv(0)[32:])
    top = dut(clk, rst, checksum)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        yield clk.posedge
        yield clk.posedge
        rst.next = 0
        for i in range(n_cycles):
            yield clk.posedge
        print("checksum %08x" % int(checksum))
        raise StopSimulation

    return top, clock, stimulus


if __name__ == "__main__":
    bench(int(sys.argv[1]) if len(sys.argv) > 1 else 1000).run_sim(quiet=1)
