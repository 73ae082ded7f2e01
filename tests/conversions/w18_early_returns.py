"""`return` ends one run of a process; the next one starts at the top again."""

from checking import BITS, UNSIGNED, cases, check_clocked
from myhdl import ResetSignal, Signal, always, always_comb, always_seq, block, instance, intbv, modbv


@block
def returns(clk, rst, hold, x, total, place, limited, kept):
    @always(clk.posedge)
    def add():
        if hold:
            return
        total.next = total + x

    @always(clk.posedge)
    def search():
        for i in range(8):
            if x[i]:
                place.next = i
                return
        place.next = 8

    @always_comb
    def limit():
        limited.next = 0
        if hold:
            return
        limited.next = 200
        if x > 200:
            return
        limited.next = x

    @always_seq(clk.posedge, reset=rst)
    def keep():
        if x < 128:
            if hold:
                return
            kept.next = x
            return
        kept.next = kept ^ x

    return add, search, limit, keep


def model(values):
    total = kept = 0
    for rst, hold, x in values:
        total = total if hold else (total + x) % 256
        place = next((i for i in range(8) if x >> i & 1), 8)
        limited = 0 if hold else min(x, 200)
        if rst:
            kept = 0
        elif x >= 128:
            kept ^= x
        elif not hold:
            kept = x
        yield total, place, limited, kept


@block
def bench():
    clk, hold = [Signal(bool(0)) for _ in range(2)]
    rst = ResetSignal(0, active=1, isasync=False)
    x, limited, kept = [Signal(intbv(0)[8:]) for _ in range(3)]
    total = Signal(modbv(0)[8:])
    place = Signal(intbv(0)[4:])
    dut = returns(clk, rst, hold, x, total, place, limited, kept)

    @instance
    def stimulus():
        values = cases(BITS, BITS, UNSIGNED)
        yield from check_clocked(clk, (rst, hold, x), values, (total, place, limited, kept), model)

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
