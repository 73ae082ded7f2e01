"""The words of a vector, cut out at places that a loop's variable gives."""

from random import Random

from checking import check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def words(v, folded, total, reversed_, zeros, halves):
    @always_comb
    def fold():
        acc = intbv(0)[32:]
        for k in range(4):
            acc[:] = acc ^ v[32 * k + 32 : 32 * k]
        folded.next = acc

    @always_comb
    def add():
        acc = 0
        for k in range(4):
            acc = acc + v[32 * k + 32 : 32 * k]
        total.next = acc

    @always_comb
    def turn():
        for k in range(4):
            reversed_.next[128 - 32 * k : 96 - 32 * k] = v[32 * (k + 1) : 32 * k]

    @always_comb
    def count():
        found = 0
        for k in range(4):
            if v[32 * k + 32 : 32 * k] == 0:
                found += 1
        zeros.next = found

    @always_comb
    def down():
        acc = intbv(0)[16:]
        for k in range(7, -1, -1):
            acc[:] = (acc ^ v[16 * k + 16 : 16 * k]) >> 1
        halves.next = acc

    return fold, add, turn, count, down


def word(v, k):
    return v >> 32 * k & 0xFFFFFFFF


def halves_of(v):
    acc = 0
    for k in range(7, -1, -1):
        acc = (acc ^ v >> 16 * k & 0xFFFF) >> 1
    return acc


def values():
    """Every word in turn with all, one or none of its bits, and vectors at random."""
    random = Random(1)
    found = [w << 32 * k for w in (0, 1, 0x80000000, 0xFFFFFFFF) for k in range(4)]
    found += [2**128 - 1 - v for v in found]
    found += [random.randrange(2**128) for _ in range(200)]
    return [(v,) for v in found]


@block
def bench():
    v, reversed_ = [Signal(intbv(0)[128:]) for _ in range(2)]
    folded = Signal(intbv(0)[32:])
    total = Signal(intbv(0)[34:])
    zeros = Signal(intbv(0)[3:])
    halves = Signal(intbv(0)[16:])
    dut = words(v, folded, total, reversed_, zeros, halves)

    @instance
    def stimulus():
        yield from check(
            (v,),
            values(),
            [
                (folded, lambda v: v % 2**32 ^ (v >> 32) % 2**32 ^ (v >> 64) % 2**32 ^ v >> 96),
                (total, lambda v: sum(word(v, k) for k in range(4))),
                (reversed_, lambda v: sum(word(v, k) << 96 - 32 * k for k in range(4))),
                (zeros, lambda v: sum(word(v, k) == 0 for k in range(4))),
                (halves, halves_of),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
