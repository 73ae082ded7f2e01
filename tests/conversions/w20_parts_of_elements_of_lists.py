"""Shadow signals that are parts of elements of lists: of a list that is a memory, and of one that is only signals."""

from checking import BITS, UNSIGNED, cases, check_clocked
from myhdl import ConcatSignal, Signal, always, always_comb, block, instance, intbv


@block
def shadows(clk, write, place, x, flag, middle, parity, word, ends):
    words = [Signal(intbv(0)[8:]) for _ in range(4)]
    lowest = words[0](0)
    part = words[1](6, 2)
    bits = [w(7) for w in words]
    single = [Signal(intbv(0)[8:]) for _ in range(2)]
    both = ConcatSignal(single[0](0), single[1](8, 4))

    @always(clk.posedge)
    def store():
        if write:
            words[place].next = x

    @always(clk.posedge)
    def shift():
        single[0].next = x
        single[1].next = single[0]

    @always_comb
    def read():
        if lowest:
            flag.next = 2
        else:
            flag.next = 1
        middle.next = part
        word.next = words[place]

    @always_comb
    def fold():
        odd = False
        for i in range(4):
            odd = odd ^ bits[i]
        parity.next = odd

    @always_comb
    def join():
        ends.next = both

    return store, shift, read, fold, join


def model(values):
    words = [0] * 4
    first = second = 0
    for write, place, x in values:
        if write:
            words[place] = x
        first, second = x, first
        parity = sum(word >> 7 for word in words) % 2
        yield 1 + words[0] % 2, words[1] >> 2 & 15, parity, words[place], (first & 1) << 4 | second >> 4


@block
def bench():
    clk, write, parity = [Signal(bool(0)) for _ in range(3)]
    place, flag = [Signal(intbv(0)[2:]) for _ in range(2)]
    x, word = [Signal(intbv(0)[8:]) for _ in range(2)]
    middle = Signal(intbv(0)[4:])
    ends = Signal(intbv(0)[5:])
    dut = shadows(clk, write, place, x, flag, middle, parity, word, ends)

    @instance
    def stimulus():
        values = cases(BITS, range(4), UNSIGNED)
        yield from check_clocked(clk, (write, place, x), values, (flag, middle, parity, word, ends), model)

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
