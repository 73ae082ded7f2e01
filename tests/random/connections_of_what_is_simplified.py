# Found by random designs: a port whose signal nothing uses any more once the design is simplified.
from random import Random

from myhdl import *

E0 = enum("IDLE", "RUN", "STOP")
E1 = enum("Red", "Green", "Blue", "Grey", encoding="one_hot")
E2 = enum("NO", "YES", "MAYBE", "LATER", "NEVER", encoding="one_cold")
SQUARES = (0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225)
MIXED = (-27, -18, 0, 9, 200)


class c0_b1_bus:
    def __init__(self):
        self.x0 = Signal(intbv(13)[5:])
        self.x1 = Signal(intbv(0, min=-1024, max=1024))
        self.z0 = Signal(intbv(0, min=-4, max=4))
        self.z1 = Signal(E0.IDLE)

@block
def c0_b2(clk, rst, a0, a1, q0, q1, K):
    s1 = Signal(modbv(0)[8:])
    @instance
    def p2():
        v1 = 0
        v2 = 0
        While = 123
        while True:
            yield clk.posedge
            k4 = 5
            while k4 > 0 and (v2 == 2047):
                k4 -= 1
                if all([K == v1, not bool(a0), 2 == K < a1]):
                    s1.next = (a0 << k4) + ((-1048576) + (-2))
                    s1.next = concat("11001", "0")
                elif v2 in (1,):
                    s1.next[6:2] = s1[8:5].signed() % 16
                    s1.next[8:5] = MIXED[a0[9:7]] % 8
                elif min(27 << k4, max(a0, s1)) < abs(k4 // 2):
                    if bool(v2):
                        v2 = s1.signed() % 164 - 64
                        s1.next = SQUARES[While % 16] >> 0
                        s1.next = (v1 * a0) - (v2 >> 8)
                    s1.next[8:7] = (-While) % 2
                    While = int(SQUARES[K])
                else:
                    if a1[a0 % 5]:
                        v2 = (s1.signed() >> k4) % 164 - 64
                    elif 3 > 37:
                        s1.next[8:6] = (v1 // (-2)) % 4
                        s1.next[k4] = bool(-13)
                        s1.next = a1[2:1]
                    else:
                        v2 = (a0 >> 2) % 164 - 64
                        v2 = ((k4 ^ s1) * (s1 >> k4)) % 164 - 64
                if 229 in (3,):
                    break
                if (~k4) > (s1.signed() and bool(v2)):
                    for i5 in range(0, 7, 2):
                        v2 = (concat(s1, v1 <= K, "0") if ((a0 != 3) and (bool(k4) and bool(k4))) else (s1 < k4)) % 164 - 64
                        s1.next[6:5] = s1.signed() % 2
                        s1.next = ((a0 * k4) ** 0) >> k4
                    v1 = int(bool(v2))
                    if bool(a1[4:2]):
                        s1.next = all([bool(While), bool(K)]) | ((v2 << 2) * (While if bool(v1) else 246))
                        s1.next = concat(s1[8:7], "011")
                    elif not (bool(a0) and bool(a0)):
                        s1.next[k4] = (v1 // 1) >= (While * v1) != concat("1")
                    else:
                        s1.next = ((v2 + K) << 11) - max(~274877906944, int(v2), v1 * v1)
                else:
                    s1.next = abs((v2 % 10) | (a1 and k4))
                s1.next = MIXED[3] // (-7)
            s1.next[8:1] = 20 + K
            s1.next = concat(s1)
    @always(clk.posedge)
    def p3():
        v1 = intbv(0)[11:]
        if 2:
            if not (270 in (2, -9, -4, -5,)):
                return
            if (q1 == E2.NO):
                pass
    return p2, p3

@block
def c0_b4(clk, rst, a0, q0):
    @always_comb
    def p1():
        q0.next = a0
        pass
    return p1

@block
def c0_b3(clk, rst, a0, q0):
    w1 = Signal(False)
    @always_comb
    def p2():
        w1.next = a0
    y3 = Signal(False)
    u4 = c0_b4(clk, rst, w1, y3)
    @always_comb
    def p5():
        q0.next = a0
        pass
    return p2, u4, p5

@block
def c0_b6(clk, rst, a0, q0):
    @always_comb
    def p1():
        q0.next = a0
        pass
    return p1

@block
def c0_b5(clk, rst, a0, q0):
    w1 = Signal(False)
    @always_comb
    def p2():
        w1.next = a0
    y3 = Signal(False)
    u4 = c0_b6(clk, rst, w1, y3)
    @always_comb
    def p5():
        q0.next = a0
        pass
    return p2, u4, p5

@block
def c0_b1(clk, rst, a0, a1, a2, q0, bus):
    w1 = Signal(intbv(0, min=-256, max=256))
    @always_comb
    def p2():
        w1.next = a0
    w3 = Signal(intbv(0, min=-15, max=9))
    @always_comb
    def p4():
        w3.next = a0
    y5 = Signal(intbv(0)[11:])
    y6 = Signal(E2.NO)
    u7 = c0_b2(clk, rst, w1, w3, y5, y6, 1)
    w8 = Signal(False)
    @always_comb
    def p9():
        w8.next = a0
    y10 = Signal(False)
    u11 = c0_b3(clk, rst, w8, y10)
    w12 = Signal(False)
    @always_comb
    def p13():
        w12.next = a0
    y14 = Signal(False)
    u15 = c0_b5(clk, rst, w12, y14)
    @always_comb
    def p16():
        q0.next = a0
        pass
    @always_comb
    def p17():
        bus.z0.next = a0
        pass
    @always_comb
    def p18():
        bus.z1.next = E0.IDLE
        pass
    return p2, p4, u7, p9, u11, p13, u15, p16, p17, p18

@block
def c0_b9(clk, rst, a0, q0):
    @always_comb
    def p1():
        q0.next = a0
        pass
    return p1

@block
def c0_b8(clk, rst, a0, q0):
    w1 = Signal(False)
    @always_comb
    def p2():
        w1.next = a0
    y3 = Signal(False)
    u4 = c0_b9(clk, rst, w1, y3)
    @always_comb
    def p5():
        q0.next = a0
        pass
    return p2, u4, p5

@block
def c0_b7(clk, rst, a0, q0):
    w1 = Signal(False)
    @always_comb
    def p2():
        w1.next = a0
    y3 = Signal(False)
    u4 = c0_b8(clk, rst, w1, y3)
    @always_comb
    def p5():
        q0.next = a0
        pass
    return p2, u4, p5

@block
def c0_top(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    w1 = Signal(True)
    @always_comb
    def p2():
        w1.next = flag
    w3 = Signal(intbv(0)[9:])
    @always_comb
    def p4():
        w3.next = octet
    w5 = Signal(intbv(1)[2:])
    @always_comb
    def p6():
        w5.next = octet % 4
    y7 = Signal(intbv(0, min=-12, max=5))
    bus8 = c0_b1_bus()
    @always_comb
    def p9():
        bus8.x0.next = octet % 32
    @always_comb
    def p10():
        bus8.x1.next = octet
    u11 = c0_b1(clk, rst, w1, w3, w5, y7, bus8)
    w12 = Signal(False)
    @always_comb
    def p13():
        w12.next = flag
    y14 = Signal(False)
    u15 = c0_b7(clk, rst, w12, y14)
    @always_comb
    def p16():
        o0_0.next = E2.NO
        pass
    @always_comb
    def p17():
        o0_1.next = flag
        pass
    @always_comb
    def p18():
        o0_2.next = octet % 11
        pass
    return p2, p4, p6, p9, p10, u11, p13, u15, p16, p17, p18

@block
def cases(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    c0_top_1 = c0_top(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2)
    return c0_top_1


# The model: plain Python integers, one per signal. It knows nothing of pyhdl.


class Overlay(dict):
    """What has been assigned and is not the value yet; before, the value."""

    def __missing__(self, index):
        return cur[index]


cur = []
nxt = Overlay()
combinational = []
clocked = []


def signal(initial):
    cur.append(initial)
    return len(cur) - 1


def bits(value, high, low):
    return (value >> low) & ((1 << (high - low)) - 1)


def bit(value, index):
    return bool((value >> index) & 1)


def put(value, high, low, part):
    mask = ((1 << (high - low)) - 1) << low
    return (value & ~mask) | ((part << low) & mask)


def put_bit(value, index, part):
    return put(value, index + 1, index, int(part))


def as_signed(value, width):
    return value - (1 << width) if value >> (width - 1) & 1 else value


def inverted(value, width):
    return ~value & ((1 << width) - 1)


def joined(*parts):
    value = 0
    for part, width in parts:
        value = (value << width) | (part & ((1 << width) - 1))
    return value


def wrapped(value, lo, hi):
    return (value - lo) % (hi - lo + 1) + lo


resets = {}


def on_edge(clock, level, process, reset=None, registers=()):
    """A process with a reset gives its registers their first values instead of running."""
    active, asynchronous = resets[reset] if reset is not None else (None, False)
    clocked.append((clock, level, process, reset, active, asynchronous, [(r, cur[r]) for r in registers]))


def started(generator):
    """A process that goes on where it stopped."""
    next(generator)
    return lambda: next(generator)


def settle():
    for _ in range(100):
        before = list(cur)
        for process in combinational:
            process()
            commit()
        if before == cur:
            return
    raise RuntimeError("the model does not settle")


def commit():
    for index, value in nxt.items():
        cur[index] = value
    nxt.clear()


def step(changes):
    """Inputs change at once; what waits for their edges sees the registers as they were."""
    before = {index: cur[index] for index in changes}
    for index, value in changes.items():
        cur[index] = value
    for clock, level, process, reset, active, asynchronous, registers in clocked:
        edge = clock in changes and before[clock] != cur[clock] and cur[clock] == level
        if asynchronous and reset in changes and before[reset] != cur[reset] and cur[reset] == active:
            edge = True
        if not edge:
            continue
        if reset is not None and cur[reset] == active:
            for index, initial in registers:
                nxt[index] = initial
        else:
            process()
    commit()
    settle()


class c0_b1_bus_model:
    def __init__(self):
        self.x0 = signal(13)
        self.x1 = signal(0)
        self.z0 = signal(0)
        self.z1 = signal(0)
def c0_b2_model(clk, rst, a0, a1, q0, q1, K):
    s1 = signal(0)
    def p2():
        v1 = 0
        v2 = 0
        While = 123
        while True:
            yield
            k4 = 5
            while k4 > 0 and (v2 == 2047):
                k4 -= 1
                if all([K == v1, not bool(cur[a0]), 2 == K < cur[a1]]):
                    nxt[s1] = wrapped((cur[a0] << k4) + ((-1048576) + (-2)), 0, 255)
                    nxt[s1] = wrapped(joined((0b11001, 5), (0b0, 1)), 0, 255)
                elif v2 in (1,):
                    nxt[s1] = wrapped(put(nxt[s1], 6, 2, as_signed(bits(cur[s1], 8, 5), 3) % 16), 0, 255)
                    nxt[s1] = wrapped(put(nxt[s1], 8, 5, MIXED[bits(cur[a0], 9, 7)] % 8), 0, 255)
                elif min(27 << k4, max(cur[a0], cur[s1])) < abs(k4 // 2):
                    if bool(v2):
                        v2 = as_signed(cur[s1], 8) % 164 - 64
                        nxt[s1] = wrapped(SQUARES[While % 16] >> 0, 0, 255)
                        nxt[s1] = wrapped((v1 * cur[a0]) - (v2 >> 8), 0, 255)
                    nxt[s1] = wrapped(put(nxt[s1], 8, 7, (-While) % 2), 0, 255)
                    While = SQUARES[K]
                else:
                    if bit(cur[a1], cur[a0] % 5):
                        v2 = (as_signed(cur[s1], 8) >> k4) % 164 - 64
                    elif 3 > 37:
                        nxt[s1] = wrapped(put(nxt[s1], 8, 6, (v1 // (-2)) % 4), 0, 255)
                        nxt[s1] = wrapped(put_bit(nxt[s1], k4, bool(-13)), 0, 255)
                        nxt[s1] = wrapped(bits(cur[a1], 2, 1), 0, 255)
                    else:
                        v2 = (cur[a0] >> 2) % 164 - 64
                        v2 = ((k4 ^ cur[s1]) * (cur[s1] >> k4)) % 164 - 64
                if 229 in (3,):
                    break
                if (~k4) > (as_signed(cur[s1], 8) and bool(v2)):
                    for i5 in range(0, 7, 2):
                        v2 = (joined((cur[s1], 8), (v1 <= K, 1), (0b0, 1)) if ((cur[a0] != 3) and (bool(k4) and bool(k4))) else (cur[s1] < k4)) % 164 - 64
                        nxt[s1] = wrapped(put(nxt[s1], 6, 5, as_signed(cur[s1], 8) % 2), 0, 255)
                        nxt[s1] = wrapped(((cur[a0] * k4) ** 0) >> k4, 0, 255)
                    v1 = bool(v2)
                    if bool(bits(cur[a1], 4, 2)):
                        nxt[s1] = wrapped(all([bool(While), bool(K)]) | ((v2 << 2) * (While if bool(v1) else 246)), 0, 255)
                        nxt[s1] = wrapped(joined((bits(cur[s1], 8, 7), 1), (0b011, 3)), 0, 255)
                    elif not (bool(cur[a0]) and bool(cur[a0])):
                        nxt[s1] = wrapped(put_bit(nxt[s1], k4, (v1 // 1) >= (While * v1) != joined((0b1, 1))), 0, 255)
                    else:
                        nxt[s1] = wrapped(((v2 + K) << 11) - max(~274877906944, int(v2), v1 * v1), 0, 255)
                else:
                    nxt[s1] = wrapped(abs((v2 % 10) | (cur[a1] and k4)), 0, 255)
                nxt[s1] = wrapped(MIXED[3] // (-7), 0, 255)
            nxt[s1] = wrapped(put(nxt[s1], 8, 1, 20 + K), 0, 255)
            nxt[s1] = wrapped(joined((cur[s1], 8)), 0, 255)
    on_edge(clk, 1, started(p2()))
    def p3():
        v1 = 0
        if 2:
            if not (270 in (2, -9, -4, -5,)):
                return
            if (cur[q1] == 0):
                pass
    on_edge(clk, 1, p3)
def c0_b4_model(clk, rst, a0, q0):
    def p1():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p1)
def c0_b3_model(clk, rst, a0, q0):
    w1 = signal(False)
    def p2():
        nxt[w1] = cur[a0]
    combinational.append(p2)
    y3 = signal(False)
    c0_b4_model(clk, rst, w1, y3)
    def p5():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p5)
def c0_b6_model(clk, rst, a0, q0):
    def p1():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p1)
def c0_b5_model(clk, rst, a0, q0):
    w1 = signal(False)
    def p2():
        nxt[w1] = cur[a0]
    combinational.append(p2)
    y3 = signal(False)
    c0_b6_model(clk, rst, w1, y3)
    def p5():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p5)
def c0_b1_model(clk, rst, a0, a1, a2, q0, bus):
    w1 = signal(0)
    def p2():
        nxt[w1] = cur[a0]
    combinational.append(p2)
    w3 = signal(0)
    def p4():
        nxt[w3] = cur[a0]
    combinational.append(p4)
    y5 = signal(0)
    y6 = signal(0)
    c0_b2_model(clk, rst, w1, w3, y5, y6, 1)
    w8 = signal(False)
    def p9():
        nxt[w8] = cur[a0]
    combinational.append(p9)
    y10 = signal(False)
    c0_b3_model(clk, rst, w8, y10)
    w12 = signal(False)
    def p13():
        nxt[w12] = cur[a0]
    combinational.append(p13)
    y14 = signal(False)
    c0_b5_model(clk, rst, w12, y14)
    def p16():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p16)
    def p17():
        nxt[bus.z0] = cur[a0]
        pass
    combinational.append(p17)
    def p18():
        nxt[bus.z1] = 0
        pass
    combinational.append(p18)
def c0_b9_model(clk, rst, a0, q0):
    def p1():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p1)
def c0_b8_model(clk, rst, a0, q0):
    w1 = signal(False)
    def p2():
        nxt[w1] = cur[a0]
    combinational.append(p2)
    y3 = signal(False)
    c0_b9_model(clk, rst, w1, y3)
    def p5():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p5)
def c0_b7_model(clk, rst, a0, q0):
    w1 = signal(False)
    def p2():
        nxt[w1] = cur[a0]
    combinational.append(p2)
    y3 = signal(False)
    c0_b8_model(clk, rst, w1, y3)
    def p5():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p5)
def c0_top_model(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    w1 = signal(True)
    def p2():
        nxt[w1] = cur[flag]
    combinational.append(p2)
    w3 = signal(0)
    def p4():
        nxt[w3] = cur[octet]
    combinational.append(p4)
    w5 = signal(1)
    def p6():
        nxt[w5] = cur[octet] % 4
    combinational.append(p6)
    y7 = signal(0)
    bus8 = c0_b1_bus_model()
    def p9():
        nxt[bus8.x0] = cur[octet] % 32
    combinational.append(p9)
    def p10():
        nxt[bus8.x1] = cur[octet]
    combinational.append(p10)
    c0_b1_model(clk, rst, w1, w3, w5, y7, bus8)
    w12 = signal(False)
    def p13():
        nxt[w12] = cur[flag]
    combinational.append(p13)
    y14 = signal(False)
    c0_b7_model(clk, rst, w12, y14)
    def p16():
        nxt[o0_0] = 0
        pass
    combinational.append(p16)
    def p17():
        nxt[o0_1] = cur[flag]
        pass
    combinational.append(p17)
    def p18():
        nxt[o0_2] = cur[octet] % 11
        pass
    combinational.append(p18)
def cases_model(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    c0_top_model(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2)


# The test bench.

SIGNALS = [
    ("clk", lambda: Signal(False), False),
    ("clk2", lambda: Signal(False), False),
    ("rst", lambda: ResetSignal(0, active=1, isasync=False), 0),
    ("arst", lambda: ResetSignal(0, active=1, isasync=True), 0),
    ("nrst", lambda: ResetSignal(1, active=0, isasync=True), 1),
    ("octet", lambda: Signal(intbv(0)[8:]), 0),
    ("short", lambda: Signal(intbv(0, min=-128, max=128)), 0),
    ("flag", lambda: Signal(False), False),
    ("go", lambda: Signal(False), False),
    ("nibble", lambda: Signal(intbv(0)[4:]), 0),
    ("three", lambda: Signal(intbv(0)[3:]), 0),
    ("one", lambda: Signal(intbv(0)[1:]), 0),
    ("odd", lambda: Signal(intbv(0, min=0, max=20)), 0),
    ("small", lambda: Signal(intbv(0, min=-16, max=16)), 0),
    ("skew", lambda: Signal(intbv(0, min=-3, max=61)), 0),
    ("wide", lambda: Signal(intbv(0)[37:]), 0),
    ("deep", lambda: Signal(intbv(0, min=-1099511627776, max=1099511627776)), 0),
    ("turn", lambda: Signal(modbv(0)[5:]), 0),
    ("around", lambda: Signal(modbv(0, min=-32, max=32)), 0),
    ("o0_0", lambda: Signal(E2.NEVER), 4),
    ("o0_1", lambda: Signal(False), False),
    ("o0_2", lambda: Signal(intbv(0, min=0, max=11)), 0),
]
INPUTS = [
    ("octet", 0, 255, False),
    ("short", -128, 127, False),
    ("flag", 0, 1, True),
    ("go", 0, 1, True),
    ("nibble", 0, 15, False),
    ("three", 0, 7, False),
    ("one", 0, 1, False),
    ("odd", 0, 19, False),
    ("small", -16, 15, False),
    ("skew", -3, 60, False),
    ("wide", 0, 137438953471, False),
    ("deep", -1099511627776, 1099511627775, False),
    ("turn", 0, 31, False),
    ("around", -32, 31, False),
]
OUTPUTS = [
    ("o0_0", [E2.NO, E2.YES, E2.MAYBE, E2.LATER, E2.NEVER]),
    ("o0_1", None),
    ("o0_2", None),
]
RESETS = [("rst", 1, False), ("arst", 1, True), ("nrst", 0, True)]
CLOCKS = ["clk", "clk2"]
SEED = 2135
VECTORS = 60


def operand(random, lo, hi, truth):
    """Ends and middles are where things go wrong."""
    values = [lo, hi, 0, 1, -1, lo + 1, hi - 1, lo // 2, hi // 2, hi // 2 + 1, random.randint(lo, hi)]
    value = random.choice(values) if random.random() < 0.5 else random.randint(lo, hi)
    value = min(max(value, lo), hi)
    return bool(value) if truth else value


def changes(random, vector):
    """Inputs and clocks never change together: who would be first?"""
    if CLOCKS and vector % 3:
        chosen = [name for name in CLOCKS if random.random() < 0.7]
        return {name: not cur[index[name]] for name in chosen}
    new = {name: operand(random, lo, hi, truth) for name, lo, hi, truth in INPUTS}
    for name, active, _ in RESETS:
        if random.random() < 0.3:
            new[name] = active if random.random() < 0.3 else 1 - active
    return new


index = {}


@block
def bench():
    signals = {name: make() for name, make, _ in SIGNALS}
    top = cases(**signals)

    @instance
    def stimulus():
        for name, _, initial in SIGNALS:
            index[name] = signal(initial)
        for name, active, asynchronous in RESETS:
            resets[index[name]] = (active, asynchronous)
        cases_model(**index)
        settle()
        random = Random(SEED)
        differing = set()
        for vector in range(VECTORS):
            new = changes(random, vector)
            for name, value in new.items():
                signals[name].next = value
            step({index[name]: value for name, value in new.items()})
            yield delay(10)
            for name, literals in OUTPUTS:
                expected = cur[index[name]]
                value = signals[name].val
                if literals:
                    expected = literals[expected]
                if value != expected and name not in differing:
                    differing.add(name)
                    inputs = {n: cur[index[n]] for n, *_ in INPUTS}
                    print("DIFFERS", name, "vector", vector, "model", expected, "simulation", value, inputs)
        print("COMPARED", VECTORS)

    return top, stimulus
