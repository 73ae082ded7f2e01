# Found by random statements: in VHDL, `a = -b and c` is `(a = -b) and c`.
from random import Random

from myhdl import *

E0 = enum("IDLE", "RUN", "STOP")
E1 = enum("Red", "Green", "Blue", "Grey", encoding="one_hot")
E2 = enum("NO", "YES", "MAYBE", "LATER", "NEVER", encoding="one_cold")
SQUARES = (0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225)
MIXED = (-27, -18, 0, 9, 200)


def c0_f0(x0):
    if bool(x0):
        return (x0 + x0) // 255
    return concat("10")[1:0]
@block
def c0_top(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    @always_seq(clk.posedge, reset=rst)
    def p1():
        select = True
        o0_0.next = ((short * turn) // (-10)) % 46 - 15
    mem3 = [Signal(True) for _ in range(6)]
    @always_seq(clk.posedge, reset=nrst)
    def p2():
        k1 = 1
        while k1 > 0 and (int(one) <= (deep ^ deep)):
            k1 -= 1
            k2 = 2
            while k2 > 0 and (not (o0_2 >= o0_1[1:0])):
                k2 -= 1
                o0_2.next = (one + skew) == ((-around) & (nibble ** 1))
                o0_2.next = (octet ^ go) == concat(flag)
                match (c0_f0(-1) % 9 - 2):
                    case -2:
                        o0_2.next = skew[one]
                    case -1 | 0:
                        o0_2.next = (not (short in (1, 30, 3, 1,))) ^ ((flag <= short) & o0_2)
                        if octet[6]:
                            break
                    case 1 | 2:
                        o0_2.next = bool(deep)
                        o0_2.next = 37 <= 28
                        o0_2.next = not (not (o0_2 or go))
                    case 4 | 6:
                        o0_2.next = around < wide
                        o0_2.next = short[flag]
            o0_2.next = concat(o0_1, "1001", flag | o0_2) == (around == octet)
    return p1, p2

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


def c0_f0_model(x0):
    if bool(x0):
        return (x0 + x0) // 255
    return bits(joined((0b10, 2)), 1, 0)
def c0_top_model(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    def p1():
        select = True
        nxt[o0_0] = ((cur[short] * cur[turn]) // (-10)) % 46 - 15
    on_edge(clk, 1, p1, rst, [o0_0])
    mem3 = [signal(True) for _ in range(6)]
    def p2():
        k1 = 1
        while k1 > 0 and (int(cur[one]) <= (cur[deep] ^ cur[deep])):
            k1 -= 1
            k2 = 2
            while k2 > 0 and (not (cur[o0_2] >= bits(cur[o0_1], 1, 0))):
                k2 -= 1
                nxt[o0_2] = (cur[one] + cur[skew]) == ((-cur[around]) & (cur[nibble] ** 1))
                nxt[o0_2] = (cur[octet] ^ cur[go]) == joined((cur[flag], 1))
                match (c0_f0(-1) % 9 - 2):
                    case -2:
                        nxt[o0_2] = bit(cur[skew], cur[one])
                    case -1 | 0:
                        nxt[o0_2] = (not (cur[short] in (1, 30, 3, 1,))) ^ ((cur[flag] <= cur[short]) & cur[o0_2])
                        if bit(cur[octet], 6):
                            break
                    case 1 | 2:
                        nxt[o0_2] = bool(cur[deep])
                        nxt[o0_2] = 37 <= 28
                        nxt[o0_2] = not (not (cur[o0_2] or cur[go]))
                    case 4 | 6:
                        nxt[o0_2] = cur[around] < cur[wide]
                        nxt[o0_2] = bit(cur[short], cur[flag])
            nxt[o0_2] = joined((cur[o0_1], 1), (0b1001, 4), (cur[flag] | cur[o0_2], 1)) == (cur[around] == cur[octet])
    on_edge(clk, 1, p2, nrst, [o0_2])
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
    ("o0_0", lambda: Signal(intbv(0, min=-15, max=31)), 0),
    ("o0_1", lambda: Signal(modbv(0)[1:]), 0),
    ("o0_2", lambda: Signal(False), False),
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
    ("o0_1", None),
    ("o0_2", None),
]
RESETS = [("rst", 1, False), ("arst", 1, True), ("nrst", 0, True)]
CLOCKS = ["clk", "clk2"]
SEED = 60005
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
