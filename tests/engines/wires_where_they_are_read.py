"""Wires of one short expression, read in branches, loops and parts of words; some wrap, some are seen by test benches."""
from myhdl import *


@block
def bench():
    clk = Signal(bool(0))
    state = Signal(modbv(0x1234)[16:])
    wide = Signal(modbv(3)[90:])
    signed = Signal(intbv(-3, min=-200, max=200))
    bit, top, copy_of_bit, odd = [Signal(bool(0)) for i in range(4)]
    nibble, folded = [Signal(modbv(0)[4:]) for i in range(2)]
    part = Signal(modbv(0)[3:])
    twice, seen = [Signal(modbv(0)[16:]) for i in range(2)]
    low = Signal(intbv(0, min=-8, max=8))
    bits = Signal(intbv(0)[12:])
    above = Signal(intbv(0)[8:])
    signs = Signal(intbv(0)[9:])
    chosen, counted, total = [Signal(modbv(0)[16:]) for i in range(3)]

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(clk.posedge)
    def step():
        state.next = concat(state[15:], state[15] ^ state[13] ^ state[12] ^ state[10])
        wide.next = wide * 5 + state
        signed.next = (int(state) % 399) - 199
        total.next = total + chosen + counted

    @always_comb
    def first():
        bit.next = state[3]

    @always_comb
    def second():
        top.next = signed[9]

    @always_comb
    def third():
        copy_of_bit.next = bit

    @always_comb
    def fourth():
        nibble.next = state[9:2]

    @always_comb
    def fifth():
        part.next = state[12:4]

    @always_comb
    def sixth():
        twice.next = state + state

    @always_comb
    def seventh():
        low.next = signed[4:].signed()

    @always_comb
    def eighth():
        odd.next = wide[77]

    @always_comb
    def ninth():
        folded.next = nibble ^ state[16:12]

    @always_comb
    def tenth():
        above.next = signed[70:62]

    @always_comb
    def watched():
        seen.next = twice + 1

    @always_comb
    def together():
        bits.next = concat(top, part, bit, nibble[3:], copy_of_bit, odd, signed[9:8], low[3])

    @always_comb
    def beside():
        signs.next = concat(above, bit)

    @always_comb
    def choose():
        if bit:
            chosen.next = twice ^ bits
        elif top:
            chosen.next = folded
        else:
            chosen.next = twice + folded

    @always_comb
    def count():
        found = modbv(0)[16:]
        for i in range(4):
            if folded[i]:
                found[:] = found + nibble + i
        while found > 9 and copy_of_bit:
            found[:] = found - 7 - part
        counted.next = found

    @instance
    def stimulus():
        for i in range(300):
            yield clk.negedge
            s, w, n = int(state), int(wide), int(signed)
            nib, par = (s >> 2) & 15, (s >> 4) & 7
            fold = nib ^ (s >> 12)
            assert seen == (2 * s + 1) % 65536
            low_now = ((n & 15) ^ 8) - 8
            want = ((n >> 9) & 1) << 11 | par << 8 | (s >> 3 & 1) << 7 | (nib & 7) << 4
            want = want | (s >> 3 & 1) << 3 | (w >> 77 & 1) << 2 | (n >> 8 & 1) << 1 | (low_now >> 3 & 1)
            assert bits == want
            assert signs == (511 if n < 0 else 0) & ~1 | (s >> 3 & 1)
            print("%d: %x %x %x %d" % (now(), bits, chosen, counted, total))
        raise StopSimulation

    return clock, step, first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, watched, \
        together, beside, choose, count, stimulus


bench().run_sim(quiet=1)
