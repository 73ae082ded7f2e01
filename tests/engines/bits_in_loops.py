"""Loops over bits: such as are one operation on words, and such as are not. Python's integers say what comes."""
from myhdl import *

N = 400


@block
def logic(a, b, c, en, outs, regs, clk):
    q, r, s, t, u, v = outs
    w, x = regs

    @always_comb
    def plain():
        for i in range(16):
            q.next[i] = a[i] ^ b[i]
        for i in range(4, 12):
            r.next[i] = a[i + 3] and not b[i - 4]
        for i in range(4):
            r.next[i] = 1
        for i in range(12, 20):
            r.next[i] = en

    @always_comb
    def mixed():
        for i in range(20):
            s.next[i] = (a[i] | c[i + 2]) if en else a[i] == b[i]
            t.next[19 - i] = a[i]
        for j in range(4):
            for i in range(5):
                u.next[5 * j + i] = (a[5 * j + i] != c[i]) and bool(b[j])

    @always_comb
    def variables():
        word = intbv(0)[20:]
        carry = False
        for i in range(20):
            word[i] = a[i] and b[i]
        for i in range(20):
            # Each round sees the one before.
            v.next[i] = word[i] ^ carry
            carry = word[i] or (carry and c[i])

    @always(clk.posedge)
    def registers():
        for i in range(20):
            w.next[i] = w[i] ^ a[i]
        for i in range(19):
            x.next[i + 1] = x[i]
        x.next[0] = en

    return plain, mixed, variables, registers


@block
def limited(a, clk, y, z):
    """The bits of a signal whose bounds are not those of its bits."""

    @always(clk.posedge)
    def signed():
        for i in range(5):
            y.next[i] = a[i]
        z.next = y + i

    return signed


@block
def bench():
    clk = Signal(bool(0))
    en = Signal(bool(0))
    a, b = [Signal(intbv(0)[20:]) for _ in range(2)]
    c = Signal(intbv(0, min=-2 ** 21, max=2 ** 21))
    outs = [Signal(intbv(0)[20:]) for _ in range(6)]
    regs = [Signal(intbv(0)[20:]) for _ in range(2)]
    y = Signal(intbv(0, min=0, max=40))
    z = Signal(intbv(0)[8:])
    dut = logic(a, b, c, en, outs, regs, clk)
    other = limited(a, clk, y, z)

    @instance
    def check():
        w = 0
        x = 0
        total = 0
        for n in range(N):
            an = n * 2654435761 % 1048576
            bn = n * 40503 * 77 % 1048576
            cn = n * 69069 * 12345 % 4194304 - 2097152
            a.next = an
            b.next = bn
            c.next = cn
            en.next = n % 3 == 1
            yield delay(1)
            assert outs[0] == (an ^ bn) % 65536
            expected = 15
            for i in range(4, 12):
                expected += (an >> (i + 3) & 1 and 1 - (bn >> (i - 4) & 1)) << i
            assert outs[1] == expected + (n % 3 == 1) * 0xFF000
            if n % 3 == 1:
                assert outs[2] == (an | cn >> 2) % 1048576
            else:
                assert outs[2] == (an ^ bn ^ 0xFFFFF)
            expected = 0
            for i in range(20):
                expected += (an >> i & 1) << (19 - i)
            assert outs[3] == expected
            expected = 0
            for j in range(4):
                if bn >> j & 1:
                    expected += ((an >> 5 * j ^ cn) % 32) << 5 * j
            assert outs[4] == expected
            total = (total * 31 + outs[5]) % 1000003
            assert regs[0] == w
            assert regs[1] == x
            w = w ^ an
            x = x * 2 % 1048576 + (n % 3 == 1)
            clk.next = 1
            yield delay(1)
            clk.next = 0
            if n % 40 == 0:
                print(now(), total, outs[5], y, z)
        raise StopSimulation

    return dut, other, check


bench().run_sim()
