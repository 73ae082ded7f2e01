# Found by random designs: in VHDL, `a = -b and c` is `(a = -b) and c`.
from random import Random

from myhdl import *

E0 = enum("IDLE", "RUN", "STOP")
E1 = enum("Red", "Green", "Blue", "Grey", encoding="one_hot")
E2 = enum("NO", "YES", "MAYBE", "LATER", "NEVER", encoding="one_cold")
SQUARES = (0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225)
MIXED = (-27, -18, 0, 9, 200)


class c0_b1_bus:
    def __init__(self):
        self.x0 = Signal(modbv(0)[2:])
        self.x1 = Signal(intbv(1)[3:])
        self.z0 = Signal(intbv(0, min=-1, max=1))

@block
def c0_b1(clk, rst, ß, in_, unsigned, q0, bus):
    mem2 = [Signal(True) for _ in range(6)]
    @always(clk.negedge)
    def p1():
        bus.z0.next = ((in_ == E1.Red) if (in_ == E1.Blue) else (in_ == E1.Grey)) % 2 - 1
        if any([bool(bus.x1.signed()), not q0[2], bus.x0[0]]):
            if not ((in_ == E1.Green) == ß):
                if (in_ == E1.Red) >= bus.z0 <= (in_ == E1.Grey):
                    bus.z0.next = concat("0110", (in_ == E1.Blue)) % 2 - 1
                elif bus.x0[1:0]:
                    q0.next = (bus.x0 << 3) % 40 - 10
                else:
                    bus.z0.next = (concat(unsigned & (in_ == E1.Red)) if (in_ == E1.Grey) else min(bus.x0 - unsigned, ß - unsigned, (in_ == E1.Green) & (in_ == E1.Grey))) % 2 - 1
                    mem2[4].next = (in_ == E1.Red) <= unsigned <= 0
            else:
                if bus.x1 == (in_ == E1.Grey):
                    q0.next = SQUARES[9] % 40 - 10
                    if (in_ == E1.Green) or (in_ == E1.Red):
                        return
                    q0.next = bus.x1.signed()
                else:
                    if bus.x0[0]:
                        return
            q0.next = 85 % 40 - 10
        elif (in_ == E1.Red) << bus.x1:
            mem2[bus.x0].next = q0[5]
            bus.z0.next = int(q0) % 2 - 1
            q0.next = (bus.z0[1:0] ^ ((-bus.x1) if (unsigned <= (in_ == E1.Blue)) else (q0 if (in_ == E1.Grey) else (in_ == E1.Green)))) % 40 - 10
        else:
            if not ß:
                q0.next = (in_ == E1.Green) // ((2 * (in_ == E1.Green)) + 1)
            elif (((in_ == E1.Red) + unsigned) * ((in_ == E1.Red) % ((2 * (in_ == E1.Grey)) + 1))) > (in_ == E1.Red) == sum((max(-512, (in_ == E1.Grey), (in_ == E1.Red)), (in_ == E1.Red), max(q0, unsigned, bus.z0))):
                if bus.x0.signed() % 256:
                    bus.z0.next = ((-262144) | bus.x0) % 2 - 1
                    bus.z0.next = (unsigned << 8) % 2 - 1
                    q0.next = bus.x0 + bus.x1
                k1 = 5
                while k1 > 0 and ((-13) in (-48, -2, 0,)):
                    k1 -= 1
                    q0.next = bus.z0
                    bus.z0.next = bus.x1 % 2 - 1
                bus.z0.next = ((((in_ == E1.Blue) - bus.x0) or mem2[1]) & bus.x1[3:2][1:0]) % 2 - 1
    return p1

@block
def c0_b2(clk, rst, a0, q0):
    @always_comb
    def p1():
        q0.next = a0
        pass
    return p1

@block
def c0_top(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    w1 = Signal(False)
    @always_comb
    def p2():
        w1.next = wide != 2 <= 299
    w3 = Signal(E1.Red)
    @always_comb
    def p4():
        w3.next = E1.Green
    CLK = Signal(intbv(0, min=-10, max=30))
    bus6 = c0_b1_bus()
    @always_comb
    def p7():
        bus6.x0.next = short[4:0]
    @always_comb
    def p8():
        bus6.x1.next = ((-32768) * (w3 == E1.Green)) % 8
    u9 = c0_b1(clk, rst, w1, w3, flag, CLK, bus6)
    s10 = Signal(intbv(0)[2:])
    mem12 = [Signal(intbv(2, min=-4, max=4)) for _ in range(6)]
    @always(clk2.negedge)
    def p11():
        v1 = 0
        activation = 14
        v3 = 0
        if not (w3 == E1.Blue):
            activation = int(CLK[4:2])
            s10.next = MIXED[4] % 4
            s10.next[1:0] = ((w1 + 262144) if w1 else (15 * 32767)) % 2
        else:
            match (skew[4:0] % 9 - 2):
                case -2 | -1:
                    s10.next = (v1 if (w3 == E1.Blue) else small) % 4
                    if bool((0 * (w3 == E1.Grey)) if (go & (w3 == E1.Green)) else (turn >> go)):
                        if ((one if go else v1) - (three + (w3 == E1.Green))) == ((-deep) & octet):
                            return
                case 0:
                    pass
                case 1:
                    pass
    w13 = Signal(False)
    @always_comb
    def p14():
        w13.next = flag
    y15 = Signal(False)
    u16 = c0_b2(clk, rst, w13, y15)
    @always_comb
    def p17():
        o0_0.next = E1.Red
        pass
    @always_comb
    def p18():
        o0_1.next = E0.IDLE
        pass
    @always_comb
    def p19():
        o0_2.next = octet % 2
        pass
    return p2, p4, p7, p8, u9, p11, p14, u16, p17, p18, p19

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
        self.x0 = signal(0)
        self.x1 = signal(1)
        self.z0 = signal(0)
def c0_b1_model(clk, rst, ß, in_, unsigned, q0, bus):
    mem2 = [signal(True) for _ in range(6)]
    def p1():
        nxt[bus.z0] = ((cur[in_] == 0) if (cur[in_] == 2) else (cur[in_] == 3)) % 2 - 1
        if any([bool(as_signed(cur[bus.x1], 3)), not bit(cur[q0], 2), bit(cur[bus.x0], 0)]):
            if not ((cur[in_] == 1) == cur[ß]):
                if (cur[in_] == 0) >= cur[bus.z0] <= (cur[in_] == 3):
                    nxt[bus.z0] = joined((0b0110, 4), ((cur[in_] == 2), 1)) % 2 - 1
                elif bits(cur[bus.x0], 1, 0):
                    nxt[q0] = (cur[bus.x0] << 3) % 40 - 10
                else:
                    nxt[bus.z0] = (joined((cur[unsigned] & (cur[in_] == 0), 1)) if (cur[in_] == 3) else min(cur[bus.x0] - cur[unsigned], cur[ß] - cur[unsigned], (cur[in_] == 1) & (cur[in_] == 3))) % 2 - 1
                    nxt[mem2[4]] = (cur[in_] == 0) <= cur[unsigned] <= 0
            else:
                if cur[bus.x1] == (cur[in_] == 3):
                    nxt[q0] = SQUARES[9] % 40 - 10
                    if (cur[in_] == 1) or (cur[in_] == 0):
                        return
                    nxt[q0] = as_signed(cur[bus.x1], 3)
                else:
                    if bit(cur[bus.x0], 0):
                        return
            nxt[q0] = 85 % 40 - 10
        elif (cur[in_] == 0) << cur[bus.x1]:
            nxt[mem2[cur[bus.x0]]] = bit(cur[q0], 5)
            nxt[bus.z0] = int(cur[q0]) % 2 - 1
            nxt[q0] = (bits(cur[bus.z0], 1, 0) ^ ((-cur[bus.x1]) if (cur[unsigned] <= (cur[in_] == 2)) else (cur[q0] if (cur[in_] == 3) else (cur[in_] == 1)))) % 40 - 10
        else:
            if not cur[ß]:
                nxt[q0] = (cur[in_] == 1) // ((2 * (cur[in_] == 1)) + 1)
            elif (((cur[in_] == 0) + cur[unsigned]) * ((cur[in_] == 0) % ((2 * (cur[in_] == 3)) + 1))) > (cur[in_] == 0) == sum((max(-512, (cur[in_] == 3), (cur[in_] == 0)), (cur[in_] == 0), max(cur[q0], cur[unsigned], cur[bus.z0]))):
                if as_signed(cur[bus.x0], 2) % 256:
                    nxt[bus.z0] = ((-262144) | cur[bus.x0]) % 2 - 1
                    nxt[bus.z0] = (cur[unsigned] << 8) % 2 - 1
                    nxt[q0] = cur[bus.x0] + cur[bus.x1]
                k1 = 5
                while k1 > 0 and ((-13) in (-48, -2, 0,)):
                    k1 -= 1
                    nxt[q0] = cur[bus.z0]
                    nxt[bus.z0] = cur[bus.x1] % 2 - 1
                nxt[bus.z0] = ((((cur[in_] == 2) - cur[bus.x0]) or cur[mem2[1]]) & bits(bits(cur[bus.x1], 3, 2), 1, 0)) % 2 - 1
    on_edge(clk, 0, p1)
def c0_b2_model(clk, rst, a0, q0):
    def p1():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p1)
def c0_top_model(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    w1 = signal(False)
    def p2():
        nxt[w1] = cur[wide] != 2 <= 299
    combinational.append(p2)
    w3 = signal(0)
    def p4():
        nxt[w3] = 1
    combinational.append(p4)
    CLK = signal(0)
    bus6 = c0_b1_bus_model()
    def p7():
        nxt[bus6.x0] = wrapped(bits(cur[short], 4, 0), 0, 3)
    combinational.append(p7)
    def p8():
        nxt[bus6.x1] = ((-32768) * (cur[w3] == 1)) % 8
    combinational.append(p8)
    c0_b1_model(clk, rst, w1, w3, flag, CLK, bus6)
    s10 = signal(0)
    mem12 = [signal(2) for _ in range(6)]
    def p11():
        v1 = 0
        activation = 14
        v3 = 0
        if not (cur[w3] == 2):
            activation = bits(cur[CLK], 4, 2)
            nxt[s10] = MIXED[4] % 4
            nxt[s10] = wrapped(put(nxt[s10], 1, 0, ((cur[w1] + 262144) if cur[w1] else (15 * 32767)) % 2), 0, 3)
        else:
            match (bits(cur[skew], 4, 0) % 9 - 2):
                case -2 | -1:
                    nxt[s10] = (v1 if (cur[w3] == 2) else cur[small]) % 4
                    if bool((0 * (cur[w3] == 3)) if (cur[go] & (cur[w3] == 1)) else (cur[turn] >> cur[go])):
                        if ((cur[one] if cur[go] else v1) - (cur[three] + (cur[w3] == 1))) == ((-cur[deep]) & cur[octet]):
                            return
                case 0:
                    pass
                case 1:
                    pass
    on_edge(clk2, 0, p11)
    w13 = signal(False)
    def p14():
        nxt[w13] = cur[flag]
    combinational.append(p14)
    y15 = signal(False)
    c0_b2_model(clk, rst, w13, y15)
    def p17():
        nxt[o0_0] = 0
        pass
    combinational.append(p17)
    def p18():
        nxt[o0_1] = 0
        pass
    combinational.append(p18)
    def p19():
        nxt[o0_2] = cur[octet] % 2
        pass
    combinational.append(p19)
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
    ("o0_0", lambda: Signal(E1.Red), 0),
    ("o0_1", lambda: Signal(E0.IDLE), 0),
    ("o0_2", lambda: Signal(intbv(1)[1:]), 1),
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
    ("o0_0", [E1.Red, E1.Green, E1.Blue, E1.Grey]),
    ("o0_1", [E0.IDLE, E0.RUN, E0.STOP]),
    ("o0_2", None),
]
RESETS = [("rst", 1, False), ("arst", 1, True), ("nrst", 0, True)]
CLOCKS = ["clk", "clk2"]
SEED = 50002
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
