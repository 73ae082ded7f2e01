"""A signal read in a loop that assigns it: each round reads the value before the clock edge. And a memory reset in a
loop."""

from myhdl import always, block, delay, instance, intbv, modbv, Signal


@block
def rounds(clk, rst, count, address, q, last):
    mem = [Signal(intbv(0)[4:]) for _ in range(100)]

    @always(clk.posedge)
    def tally():
        left = intbv(0, min=0, max=6)
        left[:] = count
        while left > 0:
            left[:] = left - 1
            q.next = q + 1

    @always(clk.posedge)
    def store():
        if rst:
            for i in range(100):
                mem[i].next = i % 16
        else:
            mem[address].next = q
        last.next = mem[address]

    return tally, store


@block
def bench():
    clk = Signal(bool(0))
    rst = Signal(bool(1))
    count = Signal(intbv(0, min=0, max=6))
    address = Signal(intbv(0, min=0, max=100))
    q = Signal(modbv(0)[4:])
    last = Signal(intbv(0)[4:])
    dut = rounds(clk, rst, count, address, q, last)

    @instance
    def stimulus():
        expected = 0
        for i in range(200):
            rst.next = i < 2
            count.next = i % 6
            address.next = i * 7 % 100
            yield delay(5)
            clk.next = 1
            yield delay(5)
            clk.next = 0
            if i % 6 > 0:
                expected = (expected + 1) % 16
            assert q == expected
            if i == 1:
                assert last == 7

    return dut, stimulus
