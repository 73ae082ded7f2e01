"""Constants with names: block parameters, locals of blocks, globals; instances that differ in them."""

from random import Random
from myhdl import *

LIMIT = 200
LOW = -3
NARROW = 9


@block
def add(clk, x, y, STEP=1, DEPTH=16):
    """Adds a step."""
    LAST = DEPTH - 1
    @always(clk.posedge)
    def step():
        if x > LIMIT:
            y.next = STEP
        elif x == LAST:
            y.next = x ^ LAST
        else:
            y.next = (x + STEP) % 256

    return step


@block
def offset(x, z, LOW):
    @always_comb
    def comb():
        z.next = max(x, LOW) + LOW

    return comb


@block
def pair(clk, a, b, c, STEP):
    one = add(clk, a, b, STEP, 8)
    two = add(clk, b, c, STEP + 1, 8)
    return one, two


@block
def constants(clk, data, first, c, d, e, z, z2):
    MASK = 0x5A
    m = Signal(intbv(0)[8:])
    n = Signal(intbv(0)[8:])
    p = pair(clk, data, first, m, 3)
    q = pair(clk, m, n, c, 7)
    s = Signal(intbv(0, min=-128, max=128))
    o = offset(s, z, LOW)
    o2 = offset(s, z2, -7)

    @always_comb
    def mix():
        d.next = ((data ^ MASK) & LIMIT) | n
        s.next = data[7:].signed()

    @always_comb
    def widths():
        # At the width that is used twice it has its name.
        if data[0]:
            e.next = data[4:] + NARROW
        elif data[1]:
            e.next = data + NARROW
        else:
            e.next = data - NARROW + 16

    return p, q, mix, widths, o, o2


@block
def bench():
    clk = Signal(bool(0))
    a, b, c, d = [Signal(intbv(0)[8:]) for _ in range(4)]
    e = Signal(intbv(0)[9:])
    z, z2 = [Signal(intbv(0, min=-256, max=256)) for _ in range(2)]
    dut = constants(clk, a, b, c, d, e, z, z2)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        random = Random(3)
        for i in range(100):
            a.next = random.choice([7, 5, 255, 201, 200, random.randrange(256)])
            yield clk.negedge
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
