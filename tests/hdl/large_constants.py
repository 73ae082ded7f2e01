"""Constants around the ends of VHDL's integers: 31 bits in the standard, fewer in some tools."""

from myhdl import always_comb, block, delay, instance, intbv, Signal


@block
def sums(a, low, p, q, r, s, t):
    @always_comb
    def add():
        p.next = 2147483618 + a
        q.next = (2147483647 - 1) + a
        r.next = (a + (1 << 30)) & 0xFFFFFFFF
        s.next = low - 2147483648
        t.next = 4294967295 - a if low < -2147483600 else 1073741824 - a

    return add


@block
def bench():
    a = Signal(intbv(0)[8:])
    low = Signal(intbv(0, min=-(2**31), max=2**31))
    p, q, r = [Signal(intbv(0)[33:]) for _ in range(3)]
    s = Signal(intbv(0, min=-(2**32), max=2**32))
    t = Signal(intbv(0)[33:])
    dut = sums(a, low, p, q, r, s, t)

    @instance
    def stimulus():
        for i in range(256):
            a.next = i
            low.next = (-(2**31) + i, 2**31 - 1 - i)[i % 2]
            yield delay(1)
            assert p == 2147483618 + i
            assert q == 2147483646 + i
            assert r == 1073741824 + i
            assert s == (i - 2**32, -1 - i)[i % 2]
            if i == 48:
                assert t == 1073741776
            if i == 46:
                assert t == 4294967249

    return dut, stimulus
