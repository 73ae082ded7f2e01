# Found by random designs: the largest of bools, as a condition.
from random import Random

from myhdl import *

E0 = enum("IDLE", "RUN", "STOP")
E1 = enum("Red", "Green", "Blue", "Grey", encoding="one_hot")
E2 = enum("NO", "YES", "MAYBE", "LATER", "NEVER", encoding="one_cold")
SQUARES = (0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225)
MIXED = (-27, -18, 0, 9, 200)


class c0_b3_bus:
    def __init__(self):
        self.x0 = Signal(modbv(0)[3:])
        self.x1 = Signal(modbv(0)[2:])
        self.z0 = Signal(E0.RUN)
        self.z1 = Signal(intbv(0)[12:])

@block
def c0_b3(clk, rst, a0, q0, bus):
    architecture = [Signal(intbv(1)[2:]) for _ in range(2)]
    @always(clk.posedge)
    def p1():
        v1 = 1
        for i2 in range(1, -1, -1):
            k3 = 5
            while k3 > 0:
                k3 -= 1
                v1 = (bus.x1 & a0) % 2
                q0.next = i2 and bus.x1
            q0.next = a0[8:5]
        q0.next = (q0 // q0) if q0 != 0 else bus.x0
    @always_comb
    def p3():
        bus.z0.next = E0.IDLE
        bus.z1.next = (((~1) << 6) * ((bus.x1 << 8) * (a0 * bus.x0))) % 4096
        if (bus.x1 if bool(q0) else 262143) // ((2 * (q0 - bus.x0)) + 1):
            bus.z1.next = (a0.signed() | (q0 ^ a0)) % 4096
    return p1, p3

@block
def c0_b2(clk, rst, a0, a1, q0, K):
    w1 = Signal(intbv(0)[8:])
    @always_comb
    def p2():
        w1.next = SQUARES[(a0 == E0.IDLE)]
    BEGIN = Signal(intbv(0)[12:])
    bus4 = c0_b3_bus()
    @always_comb
    def p5():
        bus4.x0.next = max(+(18 * (a1 == E2.NO)), MIXED[(a0 == E0.RUN)], abs((a0 == E0.STOP) & K))
    @always_comb
    def p6():
        bus4.x1.next = w1[5:3]
    u7 = c0_b3(clk, rst, w1, BEGIN, bus4)
    s8 = Signal(modbv(0)[6:])
    @always_comb
    def p9():
        v1 = 862
        v2 = 2
        v3 = 0
        s8.next = MIXED[4]
        s8.next = max((a0 == E0.RUN), K, (bus4.z0 == E0.RUN)) & ((a0 == E0.RUN) + (a0 == E0.RUN))
        s8.next = (+(bus4.z0 == E0.IDLE)) if ((bus4.z0 == E0.STOP) in (33554432, -4, 25, 247,)) else (+(a0 == E0.RUN))
    @instance
    def p10():
        v1 = 141
        v2 = intbv(52, min=-64, max=64)
        while True:
            yield clk.posedge
            if (bus4.z0 == E0.IDLE) == 8:
                v1 = min(K, bus4.z1) % 256
                q0.next = abs((a1 == E2.NEVER) << 3) % 4
            elif (a1 == E2.NEVER):
                q0.next[0] = q0[0]
            elif (0 * w1) in (31, 3,):
                for i3 in range(0, 2, 2):
                    q0.next = s8.signed() % 4
                    q0.next[2 % 2] = concat((a1 == E2.NEVER)) < i3
                    if (a1 == E2.YES):
                        q0.next = bus4.z1[10:8]
                    elif (a0 == E0.STOP) and (a0 == E0.RUN):
                        q0.next = (v1 << (a1 == E2.MAYBE)) % 4
                        q0.next = w1.signed() % 4
                        q0.next = ((BEGIN[(a1 == E2.NO)+1:(a1 == E2.NO)] or ((bus4.z0 == E0.IDLE) + BEGIN)) * ((i3 + s8) >> q0)) % 4
            else:
                q0.next = (concat(BEGIN, "110") + (w1 // (-2))) % 4
                for i4 in range(1, -1, -1):
                    match ((~(bus4.z1 - (a0 == E0.STOP))) % 9 - 2):
                        case -2 | -1 if any([(bus4.z0 == E0.STOP), (a0 == E0.STOP), (a1 == E2.YES)]) ^ (i4 in (16383, 1, 0, 17,)):
                            q0.next = max(min(v2, q0, (a1 == E2.LATER)), (bus4.z0 == E0.IDLE) - (a1 == E2.YES), v2 * (a0 == E0.IDLE)) % 4
                            q0.next = (K - BEGIN) % 4
                    if (((bus4.z0 == E0.IDLE) - bus4.z1) >= ((a1 == E2.NEVER) ** 1)) and (not ((a1 == E2.YES) | (a0 == E0.STOP))):
                        q0.next[v1 % 2] = ((a1 == E2.YES) & (a0 == E0.RUN)) or (not (a0 == E0.STOP))
    return p2, p5, p6, u7, p9, p10

@block
def c0_b1(clk, rst, a0, q0, q1):
    w1 = Signal(E0.RUN)
    @always_comb
    def p2():
        w1.next = E0.STOP
    w3 = Signal(E2.LATER)
    @always_comb
    def p4():
        w3.next = E2.YES
    y5 = Signal(intbv(2)[2:])
    u6 = c0_b2(clk, rst, w1, w3, y5, 10)
    mem8 = [Signal(intbv(0, min=-14, max=51)) for _ in range(7)]
    @always(clk.negedge)
    def p7():
        subtype = 0
        v2 = 0
        v3 = 7
        q0.next = q0[4:2]
        q0.next[4:0] = max(192, subtype) % 16
        q0.next = subtype if (w3 == E2.YES) else (w3 == E2.NO)
    @always(clk.posedge)
    def p9():
        match (abs((w1 == E0.STOP) * (w1 == E0.RUN))):
            case -2:
                if bool(q0):
                    q1.next = ((a0 + (w1 == E0.RUN)) * (-2)) <= (concat((w1 == E0.STOP), "100") - y5)
                    q1.next = not bool(max((w3 == E2.LATER), (w3 == E2.NO)))
            case -1:
                pass
    return p2, p4, u6, p7, p9

@block
def c0_top(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0):
    w1 = Signal(intbv(1649)[11:])
    @always_comb
    def p2():
        w1.next = octet
    y3 = Signal(intbv(0)[8:])
    y4 = Signal(True)
    u5 = c0_b1(clk, rst, w1, y3, y4)
    @always_comb
    def p6():
        o0_0.next = octet % 18 - 11
        pass
    return p2, u5, p6

@block
def cases(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0):
    c0_top_1 = c0_top(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0)
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


class c0_b3_bus_model:
    def __init__(self):
        self.x0 = signal(0)
        self.x1 = signal(0)
        self.z0 = signal(1)
        self.z1 = signal(0)
def c0_b3_model(clk, rst, a0, q0, bus):
    architecture = [signal(1) for _ in range(2)]
    def p1():
        v1 = 1
        for i2 in range(1, -1, -1):
            k3 = 5
            while k3 > 0:
                k3 -= 1
                v1 = (cur[bus.x1] & cur[a0]) % 2
                nxt[q0] = i2 and cur[bus.x1]
            nxt[q0] = bits(cur[a0], 8, 5)
        nxt[q0] = (cur[q0] // cur[q0]) if cur[q0] != 0 else cur[bus.x0]
    on_edge(clk, 1, p1)
    def p3():
        nxt[bus.z0] = 0
        nxt[bus.z1] = (((~1) << 6) * ((cur[bus.x1] << 8) * (cur[a0] * cur[bus.x0]))) % 4096
        if (cur[bus.x1] if bool(cur[q0]) else 262143) // ((2 * (cur[q0] - cur[bus.x0])) + 1):
            nxt[bus.z1] = (as_signed(cur[a0], 8) | (cur[q0] ^ cur[a0])) % 4096
    combinational.append(p3)
def c0_b2_model(clk, rst, a0, a1, q0, K):
    w1 = signal(0)
    def p2():
        nxt[w1] = SQUARES[(cur[a0] == 0)]
    combinational.append(p2)
    BEGIN = signal(0)
    bus4 = c0_b3_bus_model()
    def p5():
        nxt[bus4.x0] = wrapped(max(+(18 * (cur[a1] == 0)), MIXED[(cur[a0] == 1)], abs((cur[a0] == 2) & K)), 0, 7)
    combinational.append(p5)
    def p6():
        nxt[bus4.x1] = wrapped(bits(cur[w1], 5, 3), 0, 3)
    combinational.append(p6)
    c0_b3_model(clk, rst, w1, BEGIN, bus4)
    s8 = signal(0)
    def p9():
        v1 = 862
        v2 = 2
        v3 = 0
        nxt[s8] = wrapped(MIXED[4], 0, 63)
        nxt[s8] = wrapped(max((cur[a0] == 1), K, (cur[bus4.z0] == 1)) & ((cur[a0] == 1) + (cur[a0] == 1)), 0, 63)
        nxt[s8] = wrapped((+(cur[bus4.z0] == 0)) if ((cur[bus4.z0] == 2) in (33554432, -4, 25, 247,)) else (+(cur[a0] == 1)), 0, 63)
    combinational.append(p9)
    def p10():
        v1 = 141
        v2 = 52
        while True:
            yield
            if (cur[bus4.z0] == 0) == 8:
                v1 = min(K, cur[bus4.z1]) % 256
                nxt[q0] = abs((cur[a1] == 4) << 3) % 4
            elif (cur[a1] == 4):
                nxt[q0] = wrapped(put_bit(nxt[q0], 0, bit(cur[q0], 0)), 0, 3)
            elif (0 * cur[w1]) in (31, 3,):
                for i3 in range(0, 2, 2):
                    nxt[q0] = as_signed(cur[s8], 6) % 4
                    nxt[q0] = wrapped(put_bit(nxt[q0], 2 % 2, joined(((cur[a1] == 4), 1)) < i3), 0, 3)
                    if (cur[a1] == 1):
                        nxt[q0] = bits(cur[bus4.z1], 10, 8)
                    elif (cur[a0] == 2) and (cur[a0] == 1):
                        nxt[q0] = (v1 << (cur[a1] == 2)) % 4
                        nxt[q0] = as_signed(cur[w1], 8) % 4
                        nxt[q0] = ((bits(cur[BEGIN], (cur[a1] == 0) + 1, (cur[a1] == 0)) or ((cur[bus4.z0] == 0) + cur[BEGIN])) * ((i3 + cur[s8]) >> cur[q0])) % 4
            else:
                nxt[q0] = (joined((cur[BEGIN], 12), (0b110, 3)) + (cur[w1] // (-2))) % 4
                for i4 in range(1, -1, -1):
                    match ((~(cur[bus4.z1] - (cur[a0] == 2))) % 9 - 2):
                        case -2 | -1 if any([(cur[bus4.z0] == 2), (cur[a0] == 2), (cur[a1] == 1)]) ^ (i4 in (16383, 1, 0, 17,)):
                            nxt[q0] = max(min(v2, cur[q0], (cur[a1] == 3)), (cur[bus4.z0] == 0) - (cur[a1] == 1), v2 * (cur[a0] == 0)) % 4
                            nxt[q0] = (K - cur[BEGIN]) % 4
                    if (((cur[bus4.z0] == 0) - cur[bus4.z1]) >= ((cur[a1] == 4) ** 1)) and (not ((cur[a1] == 1) | (cur[a0] == 2))):
                        nxt[q0] = wrapped(put_bit(nxt[q0], v1 % 2, ((cur[a1] == 1) & (cur[a0] == 1)) or (not (cur[a0] == 2))), 0, 3)
    on_edge(clk, 1, started(p10()))
def c0_b1_model(clk, rst, a0, q0, q1):
    w1 = signal(1)
    def p2():
        nxt[w1] = 2
    combinational.append(p2)
    w3 = signal(3)
    def p4():
        nxt[w3] = 1
    combinational.append(p4)
    y5 = signal(2)
    c0_b2_model(clk, rst, w1, w3, y5, 10)
    mem8 = [signal(0) for _ in range(7)]
    def p7():
        subtype = 0
        v2 = 0
        v3 = 7
        nxt[q0] = bits(cur[q0], 4, 2)
        nxt[q0] = wrapped(put(nxt[q0], 4, 0, max(192, subtype) % 16), 0, 255)
        nxt[q0] = subtype if (cur[w3] == 1) else (cur[w3] == 0)
    on_edge(clk, 0, p7)
    def p9():
        match (abs((cur[w1] == 2) * (cur[w1] == 1))):
            case -2:
                if bool(cur[q0]):
                    nxt[q1] = ((cur[a0] + (cur[w1] == 1)) * (-2)) <= (joined(((cur[w1] == 2), 1), (0b100, 3)) - cur[y5])
                    nxt[q1] = not bool(max((cur[w3] == 3), (cur[w3] == 0)))
            case -1:
                pass
    on_edge(clk, 1, p9)
def c0_top_model(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0):
    w1 = signal(1649)
    def p2():
        nxt[w1] = cur[octet]
    combinational.append(p2)
    y3 = signal(0)
    y4 = signal(True)
    c0_b1_model(clk, rst, w1, y3, y4)
    def p6():
        nxt[o0_0] = cur[octet] % 18 - 11
        pass
    combinational.append(p6)
def cases_model(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0):
    c0_top_model(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0)


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
    ("o0_0", lambda: Signal(intbv(0, min=-11, max=7)), 0),
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
    ("o0_0", None),
]
RESETS = [("rst", 1, False), ("arst", 1, True), ("nrst", 0, True)]
CLOCKS = ["clk", "clk2"]
SEED = 934844129774
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
