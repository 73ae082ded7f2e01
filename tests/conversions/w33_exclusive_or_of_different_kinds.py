"""Exclusive or of bits, truths, vectors, parts and integers in all mixtures, as in generators of random numbers."""

from checking import BITS, UNSIGNED, cases, check_clocked
from myhdl import Signal, always, always_comb, block, concat, instance, intbv

SEED = 0xACE1
TAPS = (0xB400, 0x0082)


@block
def generators(clk, c, x, shifted, galois, mixed, bit, signed):
    register = Signal(intbv(SEED)[16:])
    other = Signal(intbv(SEED)[16:])
    spare = Signal(intbv(-1, min=-128, max=128))

    @always(clk.posedge)
    def fibonacci():
        fed = register[15] ^ register[13] ^ (register[12] == 1) ^ (register[10] and c)
        register.next = concat(register[15:], fed)

    @always(clk.posedge)
    def with_masks():
        if other[0]:
            other.next = (other >> 1) ^ TAPS[0] ^ x
        else:
            other.next = (other >> 1) ^ (TAPS[1] & x)

    @always(clk.posedge)
    def with_a_sign():
        spare.next = (spare ^ x[7:]) ^ c

    @always_comb
    def results():
        shifted.next = register
        galois.next = other
        mixed.next = register[8:] ^ (x[0] ^ c) ^ (x > 100) ^ (register ^ other)[12:4]
        bit.next = (register > other) ^ c ^ x[3] ^ (register[4:2] == 1)
        signed.next = spare ^ register[4:] ^ -x

    return fibonacci, with_masks, with_a_sign, results


def model(values):
    register = other = SEED
    spare = -1
    for c, x in values:
        fed = register >> 15 ^ register >> 13 ^ register >> 12 ^ (register >> 10 & c)
        register = (register << 1 | fed & 1) & 0xFFFF
        other = other >> 1 ^ TAPS[0] ^ x if other & 1 else other >> 1 ^ TAPS[1] & x
        spare = spare ^ x & 127 ^ c
        mixed = register & 255 ^ x & 1 ^ c ^ int(x > 100) ^ (register ^ other) >> 4 & 255
        bit = int(register > other) ^ c ^ x >> 3 & 1 ^ int(register >> 2 & 3 == 1)
        yield register, other, mixed, bit, spare ^ register & 15 ^ -x


@block
def bench():
    clk, c, bit = [Signal(bool(0)) for _ in range(3)]
    x, mixed = [Signal(intbv(0)[8:]) for _ in range(2)]
    shifted, galois = [Signal(intbv(0)[16:]) for _ in range(2)]
    signed = Signal(intbv(0, min=-256, max=256))
    dut = generators(clk, c, x, shifted, galois, mixed, bit, signed)

    @instance
    def stimulus():
        values = cases(BITS, UNSIGNED)
        yield from check_clocked(clk, (c, x), values, (shifted, galois, mixed, bit, signed), model)

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
