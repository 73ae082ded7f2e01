"""A SHA-256 core that hashes its own digests for ever: one round a clock, then a clock for the next block."""
import sys
from myhdl import *

INITIAL = (0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19)
CONSTANTS = (
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
)
ROUNDS = len(CONSTANTS)


@block
def constant(step, word):
    @always_comb
    def read():
        word.next = CONSTANTS[int(step)]

    return read


@block
def schedule(clk, load, digest, word):
    """The 16 words that the rounds take; each round shifts them, and makes the one for 16 rounds later."""
    w = [Signal(modbv(0)[32:]) for i in range(16)]
    sigma0, sigma1 = [Signal(modbv(0)[32:]) for i in range(2)]

    @always_comb
    def sigmas():
        sigma0.next = concat(w[1][7:], w[1][32:7]) ^ concat(w[1][18:], w[1][32:18]) ^ (w[1] >> 3)
        sigma1.next = concat(w[14][17:], w[14][32:17]) ^ concat(w[14][19:], w[14][32:19]) ^ (w[14] >> 10)
        word.next = w[0]

    @always(clk.posedge)
    def shift():
        if load:
            for i in range(8):
                w[i].next = digest[i]
            w[8].next = 0x80000000
            for i in range(9, 15):
                w[i].next = 0
            w[15].next = 256
        else:
            for i in range(15):
                w[i].next = w[i + 1]
            w[15].next = w[0] + sigma0 + w[9] + sigma1

    return sigmas, shift


@block
def add(value, initial, total):
    @always_comb
    def plus():
        total.next = value + initial

    return plus


@block
def dut(clk, rst, checksum):
    working = a, b, c, d, e, f, g, h = [Signal(modbv(INITIAL[i])[32:]) for i in range(8)]
    digest = [Signal(modbv(0)[32:]) for i in range(8)]
    step = Signal(intbv(0, min=0, max=ROUNDS))
    load = Signal(bool(1))
    k, word = [Signal(intbv(0)[32:]) for i in range(2)]
    sum0, sum1, choice, majority, t1 = [Signal(modbv(0)[32:]) for i in range(5)]
    rom = constant(step, k)
    words = schedule(clk, load, digest, word)
    totals = [add(working[i], INITIAL[i], digest[i]) for i in range(8)]

    @always_comb
    def functions():
        sum0.next = concat(a[2:], a[32:2]) ^ concat(a[13:], a[32:13]) ^ concat(a[22:], a[32:22])
        sum1.next = concat(e[6:], e[32:6]) ^ concat(e[11:], e[32:11]) ^ concat(e[25:], e[32:25])
        choice.next = (e & f) ^ (~e & g)
        majority.next = (a & b) ^ (a & c) ^ (b & c)

    @always_comb
    def temporary():
        t1.next = h + sum1 + choice + k + word

    @always_seq(clk.posedge, reset=rst)
    def rounds():
        if load:
            load.next = 0
            a.next = INITIAL[0]
            b.next = INITIAL[1]
            c.next = INITIAL[2]
            d.next = INITIAL[3]
            e.next = INITIAL[4]
            f.next = INITIAL[5]
            g.next = INITIAL[6]
            h.next = INITIAL[7]
        else:
            a.next = t1 + sum0 + majority
            b.next = a
            c.next = b
            d.next = c
            e.next = d + t1
            f.next = e
            g.next = f
            h.next = g
            if step == ROUNDS - 1:
                step.next = 0
                load.next = 1
            else:
                step.next = step + 1

    @always_seq(clk.posedge, reset=rst)
    def collect():
        checksum.next = concat(checksum[31:], checksum[31]) ^ a ^ e

    return rom, words, totals, functions, temporary, rounds, collect


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
