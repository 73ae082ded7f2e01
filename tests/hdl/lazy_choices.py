from myhdl import *

ROM = (3, 1, 4, 1, 5)

@block
def lazy(clk, n, x, q, m, p, f, r):
    mem = [Signal(intbv(0)[4:]) for _ in range(5)]

    def share(a, b):
        return a // b

    def count(a):
        k = intbv(0)[8:]
        while a != 0:
            a[:] = a - 2
            k[:] = k + 1
        return k

    @always(clk.posedge)
    def work():
        q.next = (x // n if n != 0 else x) + 1
        m.next = (x % n if n != 0 else 0) | 1
        p.next = (ROM[n] if n < 5 else 7) ^ 1
        mem[(n if n < 5 else 0) + 0].next = x
        r.next = mem[n if n < 5 else 4]
        total = 0
        for i in range(3, -3, -1):
            total = total + ((ROM[i] + i) if i >= 0 else i)
        f.next = total + 20 + (share(x, n) if n > 0 else 0)

    return work

@block
def bench():
    clk = Signal(bool(0))
    n = Signal(intbv(0)[4:])
    x = Signal(intbv(0)[4:])
    q = Signal(intbv(0)[6:])
    m = Signal(intbv(0)[6:])
    p = Signal(intbv(0)[6:])
    f = Signal(intbv(0)[8:])
    r = Signal(intbv(0)[4:])
    dut = lazy(clk, n, x, q, m, p, f, r)

    @instance
    def stim():
        for i in range(256):
            n.next = i % 16
            x.next = i // 16
            yield delay(5)
            clk.next = 1
            yield delay(5)
            clk.next = 0
        raise StopSimulation
    return dut, stim
