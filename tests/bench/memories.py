"""Memories read and written at random every cycle: a hash table, a chase of pointers, and a history."""
import sys
from myhdl import *

BUCKETS = 4096
CELLS = 8192
AGES = 16384


@block
def source(clk, rst, word):
    """A 32-bit xorshift."""
    state = Signal(modbv(0x2545F491)[32:])
    a, b = [Signal(modbv(0)[32:]) for i in range(2)]

    @always_comb
    def first():
        a.next = state ^ (state << 13)

    @always_comb
    def second():
        b.next = a ^ (a >> 17)

    @always_seq(clk.posedge, reset=rst)
    def shift():
        state.next = b ^ (b << 5)

    @always_comb
    def out():
        word.next = state

    return first, second, shift, out


@block
def table(clk, rst, word, found):
    """Counts keys, some of which come often; a key that meets another one in its bucket takes its place."""
    keys = [Signal(intbv(0)[16:]) for i in range(BUCKETS)]
    counts = [Signal(modbv(0)[16:]) for i in range(BUCKETS)]
    key, stored = [Signal(intbv(0)[16:]) for i in range(2)]
    count = Signal(modbv(0)[16:])
    bucket = Signal(modbv(0)[12:])

    @always_comb
    def select():
        key.next = word[16:] & word[32:16]

    @always_comb
    def address():
        bucket.next = key * 0x9E5 ^ key[16:4]

    @always_comb
    def look():
        stored.next = keys[bucket]
        count.next = counts[bucket]

    @always_seq(clk.posedge, reset=rst)
    def account():
        keys[bucket].next = key
        if stored == key:
            counts[bucket].next = count + 1
            found.next = concat(key, count)
        else:
            counts[bucket].next = 1
            found.next = concat(stored, count)

    return select, address, look, account


@block
def chase(clk, rst, word, where):
    """Goes to some distance from where a pointer leads, over and over; sets another pointer meanwhile."""
    cells = [Signal(modbv(0)[13:]) for i in range(CELLS)]
    there = Signal(modbv(0)[13:])

    @always_comb
    def follow():
        there.next = cells[where]

    @always_seq(clk.posedge, reset=rst)
    def step():
        where.next = there + word[29:16]
        cells[word[13:]].next = word[32:19]

    return follow, step


@block
def history(clk, rst, word, found, where, past):
    """What was found goes in in order, and comes out at random."""
    ages = [Signal(modbv(0)[32:]) for i in range(AGES)]
    end = Signal(modbv(0)[14:])

    @always_seq(clk.posedge, reset=rst)
    def record():
        ages[end].next = found ^ where
        end.next = end + 1
        past.next = ages[word[32:18]]

    return record


@block
def dut(clk, rst, checksum):
    word, found, past = [Signal(modbv(0)[32:]) for i in range(3)]
    where = Signal(modbv(0)[13:])
    words = source(clk, rst, word)
    counting = table(clk, rst, word, found)
    pointers = chase(clk, rst, word, where)
    records = history(clk, rst, word, found, where, past)

    @always_seq(clk.posedge, reset=rst)
    def collect():
        checksum.next = concat(checksum[31:], checksum[31]) ^ found ^ where ^ past

    return words, counting, pointers, records, collect


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
