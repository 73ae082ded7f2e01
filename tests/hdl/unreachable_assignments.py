"""Outputs whose assignments cannot be reached keep their initial values."""

from myhdl import always, block, delay, instance, intbv, Signal

LIMITS = (3, 5)


@block
def idle(clk, a, p, q):
    @always(clk.posedge)
    def one():
        for i in range(3):
            if LIMITS[0] == 3:
                break
            q.next = a
        p.next = a

    return one


@block
def bench():
    clk = Signal(bool(0))
    a, p = [Signal(intbv(0)[4:]) for _ in range(2)]
    q = Signal(intbv(9)[4:])
    dut = idle(clk, a, p, q)

    @instance
    def stimulus():
        for i in range(16):
            a.next = i
            yield delay(1)
            clk.next = 1
            yield delay(1)
            clk.next = 0
            assert (p, q) == (i, 9)

    return dut, stimulus
