"""Indices that count from the end of lists whose length is no power of two."""

from myhdl import Signal, StopSimulation, always, always_comb, block, delay, instance, intbv

PRIMES = (3, 5, 7, 11, 13)


@block
def from_the_end(clk, i, x, y, z, w, last):
    mem = [Signal(intbv(k)[8:]) for k in range(6)]

    @always(clk.posedge)
    def store():
        mem[i - 3].next = x
        last.next = mem[-1]

    @always_comb
    def look_up():
        y.next = mem[i - 6]
        z.next = PRIMES[i - 5] if i < 5 else 1

    @always(clk.posedge)
    def listed():
        t = [intbv(0)[8:] for _ in range(3)]
        for k in range(3):
            t[k][:] = k + 1
        t[-(i % 3) - 1][:] = 9
        w.next = t[0] + t[-1] * 2 + t[i % 3 - 3]

    return store, look_up, listed


@block
def bench():
    clk = Signal(False)
    i = Signal(intbv(0, min=0, max=6))
    x, y, z, w, last = [Signal(intbv(0)[8:]) for _ in range(5)]
    dut = from_the_end(clk, i, x, y, z, w, last)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        mem = list(range(6))
        for k in range(60):
            yield clk.negedge
            i.next, x.next = k * 7 % 6, k * 31 % 256
            yield delay(1)
            at = int(i)
            assert y == mem[at - 6] and z == (PRIMES[at - 5] if at < 5 else 1)
            expected = mem[-1]
            mem[at - 3] = int(x)
            yield clk.posedge
            yield delay(1)
            t = [1, 2, 3]
            t[-(at % 3) - 1] = 9
            assert last == expected and w == t[0] + t[-1] * 2 + t[at % 3 - 3]
        raise StopSimulation

    return dut, clock, stimulus
