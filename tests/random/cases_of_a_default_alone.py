# Found by random designs: a case of nothing but a default, which Icarus Verilog 11 does not survive.
from random import Random

from myhdl import *

E0 = enum("IDLE", "RUN", "STOP")
E1 = enum("Red", "Green", "Blue", "Grey", encoding="one_hot")
E2 = enum("NO", "YES", "MAYBE", "LATER", "NEVER", encoding="one_cold")
SQUARES = (0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225)
MIXED = (-27, -18, 0, 9, 200)


def c0_f0(x0):
    if any([bool(x0), bool(x0)]):
        return concat(bool(x0), "010")[4:3] - abs(x0)
    return (x0 ^ x0) ** 0
def c0_f1(x0):
    if x0 != x0:
        return bool(x0) << (x0 % 8)
    if bool(x0) and bool(x0):
        return +concat("00000")
    return concat(not bool(x0), "01011")
@block
def c0_b1(clk, rst, a0, q0, q1, K):
    @always(clk.posedge)
    def p1():
        v1 = intbv(-6, min=-8, max=8)
        q0.next = ((q0 + 146) << a0) % 2 - 1
    return p1

@block
def c0_top(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    y1 = Signal(intbv(-1, min=-1, max=1))
    y2 = Signal(E0.IDLE)
    u3 = c0_b1(clk, arst, flag, y1, y2, 11)
    @always(clk.posedge)
    def p4():
        v1 = intbv(0)[5:]
        o0_1.next = o0_0[8:7]
        o0_1.next = around[go+1:go] // ((2 * wide[(y2 == E0.RUN)+17:(y2 == E0.RUN)]) + 1)
        o0_1.next = short[7:1]
    @always_seq(clk.posedge, reset=nrst)
    def p5():
        v1 = 0
        v1 = (+deep) % 101 - 1
        for i2 in range(4, -1, -1):
            for i3 in range(0, 4, 2):
                v1 = (small * skew) % 101 - 1
                v1 = (((one - 34359738368) - concat(wide)) >> (y2 == E0.IDLE)) % 101 - 1
            if c0_f1(v1 % 16 - 8) >= o0_2:
                o0_2.next = ((o0_2 + nibble) * (wide if (y2 == E0.RUN) else 23)) or ((y1 % (-1)) * ((y2 == E0.IDLE) // (-4)))
            elif turn[2]:
                o0_2.next = (o0_2 // 3) if turn[one] else (odd if (y2 == E0.STOP) else octet)
                match ((concat(three, "10100", (y2 == E0.RUN) != one) << 11) % 9 - 2):
                    case -2 | 0 if min(skew, y1) in (-64, 32768,):
                        o0_2.next[6:4] = abs(one)
                    case 0 if min((-512) // ((2 * y1) + 1), y1 * wide) in (-16, -1, 3,):
                        o0_2.next[6:5] = ((turn.signed() if (small != o0_1) else (+three)) - (go if small == 0 else ((turn if o0_1 == 0 else (odd % o0_1)) % small))) % 2
                    case 0:
                        o0_2.next = (around[5:0] << o0_1) * deep[36:27].signed()
                o0_2.next[6:5] = (((y2 == E0.RUN) * 17) - (nibble + deep)) % 2
            else:
                o0_2.next[deep % 6] = (y2 == E0.IDLE)
            k4 = 1
            while k4 > 0:
                k4 -= 1
                o0_2.next = -sum((concat(one, flag, (y2 == E0.IDLE)), flag & v1))
                o0_2.next[5:4] = c0_f1(65535 % 16 - 8) % 2
            if (y2 == E0.IDLE) and ((nibble + 0) == (+4) > min(small, three, o0_1)):
                break
            match (abs(c0_f1(short % 16 - 8)) % 9 - 2):
                case -2 | -1:
                    v1 = int(concat(o0_2[6:2], "0"))
                case 1:
                    if wide.signed() < ((y2 == E0.STOP) * wide):
                        break
                    if 222 in (-1048576,):
                        o0_2.next = turn ^ one
                case 3 if small[one] | (one <= octet):
                    o0_2.next = three
                case 4 | 5 if go:
                    v1 = ((skew * deep) + (small if go else go)) % 101 - 1
                    match (turn[5:1] % 9 - 2):
                        case -2 | 0:
                            o0_2.next[3:] = ((max(turn, nibble, 18) if nibble[one] else (three * go)) - ((skew >> 0) - int(o0_2))) % 8
                        case 2 if all([go & (y2 == E0.RUN)]) or go:
                            o0_2.next = concat(o0_2)
                        case 2 | 3:
                            v1 = ~o0_0[7:1]
                            v1 = deep % 101 - 1
                        case _:
                            if flag | flag:
                                return
                    if not flag:
                        o0_2.next[3:] = ((nibble if (y2 == E0.STOP) else (y2 == E0.STOP)) or (i2 >> o0_1)) % 8
                        o0_2.next = odd
                    elif bool((-512) << three):
                        o0_2.next = three.signed()
                        v1 = (((one | o0_1) % 4) - sum((-go, c0_f1(o0_2 % 16 - 8), go))) % 101 - 1
                        o0_2.next = concat(one) & concat("1001")
                    else:
                        o0_2.next = (i2 % o0_2) if o0_2 != 0 else three
                        o0_2.next = o0_1[2:1] & (o0_0 ^ odd)
                        o0_2.next[1:] = (4194303 * o0_1) % 2
                case _:
                    if around > 2:
                        o0_2.next = (concat("0110", go, (y2 == E0.STOP)) // (y2 == E0.IDLE)) if (y2 == E0.IDLE) else around
                        o0_2.next[2:1] = (y2 == E0.IDLE)
                        v1 = (c0_f0((-1024) % 128) // (-3)) % 101 - 1
                    elif ((y2 == E0.IDLE) & (y2 == E0.IDLE)) ^ (y2 == E0.RUN):
                        o0_2.next[o0_1] = turn[one]
                        o0_2.next = nibble.signed()
                        o0_2.next[6:5] = around % 2
                    elif (y2 == E0.STOP) and go:
                        if flag < octet:
                            return
                        o0_2.next = turn[5:2] * three
            o0_2.next = +(one + skew)
            if go != go:
                match ((-1) >> (y2 == E0.RUN)):
                    case -2:
                        v1 = (~((o0_2 // ((2 * o0_2) + 1)) - (o0_1 % 8))) % 101 - 1
                    case _:
                        o0_2.next = odd[5:3]
            elif wide.signed():
                o0_2.next = max(o0_2, one)
                v1 = (octet if (concat("0001", "0") == octet) else octet) % 101 - 1
    return u3, p4, p5

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
    if any([bool(x0), bool(x0)]):
        return bits(joined((bool(x0), 1), (0b010, 3)), 4, 3) - abs(x0)
    return (x0 ^ x0) ** 0
def c0_f1_model(x0):
    if x0 != x0:
        return bool(x0) << (x0 % 8)
    if bool(x0) and bool(x0):
        return +joined((0b00000, 5))
    return joined((not bool(x0), 1), (0b01011, 5))
def c0_b1_model(clk, rst, a0, q0, q1, K):
    def p1():
        v1 = -6
        nxt[q0] = ((cur[q0] + 146) << cur[a0]) % 2 - 1
    on_edge(clk, 1, p1)
def c0_top_model(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    y1 = signal(-1)
    y2 = signal(0)
    c0_b1_model(clk, arst, flag, y1, y2, 11)
    def p4():
        v1 = 0
        nxt[o0_1] = wrapped(bits(cur[o0_0], 8, 7), 0, 3)
        nxt[o0_1] = wrapped(bits(cur[around], cur[go] + 1, cur[go]) // ((2 * bits(cur[wide], (cur[y2] == 1) + 17, (cur[y2] == 1))) + 1), 0, 3)
        nxt[o0_1] = wrapped(bits(cur[short], 7, 1), 0, 3)
    on_edge(clk, 1, p4)
    def p5():
        v1 = 0
        v1 = (+cur[deep]) % 101 - 1
        for i2 in range(4, -1, -1):
            for i3 in range(0, 4, 2):
                v1 = (cur[small] * cur[skew]) % 101 - 1
                v1 = (((cur[one] - 34359738368) - joined((cur[wide], 37))) >> (cur[y2] == 0)) % 101 - 1
            if c0_f1(v1 % 16 - 8) >= cur[o0_2]:
                nxt[o0_2] = wrapped(((cur[o0_2] + cur[nibble]) * (cur[wide] if (cur[y2] == 1) else 23)) or ((cur[y1] % (-1)) * ((cur[y2] == 0) // (-4))), 0, 63)
            elif bit(cur[turn], 2):
                nxt[o0_2] = wrapped((cur[o0_2] // 3) if bit(cur[turn], cur[one]) else (cur[odd] if (cur[y2] == 2) else cur[octet]), 0, 63)
                match ((joined((cur[three], 3), (0b10100, 5), ((cur[y2] == 1) != cur[one], 1)) << 11) % 9 - 2):
                    case -2 | 0 if min(cur[skew], cur[y1]) in (-64, 32768,):
                        nxt[o0_2] = wrapped(put(nxt[o0_2], 6, 4, abs(cur[one])), 0, 63)
                    case 0 if min((-512) // ((2 * cur[y1]) + 1), cur[y1] * cur[wide]) in (-16, -1, 3,):
                        nxt[o0_2] = wrapped(put(nxt[o0_2], 6, 5, ((as_signed(cur[turn], 5) if (cur[small] != cur[o0_1]) else (+cur[three])) - (cur[go] if cur[small] == 0 else ((cur[turn] if cur[o0_1] == 0 else (cur[odd] % cur[o0_1])) % cur[small]))) % 2), 0, 63)
                    case 0:
                        nxt[o0_2] = wrapped((bits(cur[around], 5, 0) << cur[o0_1]) * as_signed(bits(cur[deep], 36, 27), 9), 0, 63)
                nxt[o0_2] = wrapped(put(nxt[o0_2], 6, 5, (((cur[y2] == 1) * 17) - (cur[nibble] + cur[deep])) % 2), 0, 63)
            else:
                nxt[o0_2] = wrapped(put_bit(nxt[o0_2], cur[deep] % 6, (cur[y2] == 0)), 0, 63)
            k4 = 1
            while k4 > 0:
                k4 -= 1
                nxt[o0_2] = wrapped(-sum((joined((cur[one], 1), (cur[flag], 1), ((cur[y2] == 0), 1)), cur[flag] & v1)), 0, 63)
                nxt[o0_2] = wrapped(put(nxt[o0_2], 5, 4, c0_f1(65535 % 16 - 8) % 2), 0, 63)
            if (cur[y2] == 0) and ((cur[nibble] + 0) == (+4) > min(cur[small], cur[three], cur[o0_1])):
                break
            match (abs(c0_f1(cur[short] % 16 - 8)) % 9 - 2):
                case -2 | -1:
                    v1 = joined((bits(cur[o0_2], 6, 2), 4), (0b0, 1))
                case 1:
                    if as_signed(cur[wide], 37) < ((cur[y2] == 2) * cur[wide]):
                        break
                    if 222 in (-1048576,):
                        nxt[o0_2] = wrapped(cur[turn] ^ cur[one], 0, 63)
                case 3 if bit(cur[small], cur[one]) | (cur[one] <= cur[octet]):
                    nxt[o0_2] = wrapped(cur[three], 0, 63)
                case 4 | 5 if cur[go]:
                    v1 = ((cur[skew] * cur[deep]) + (cur[small] if cur[go] else cur[go])) % 101 - 1
                    match (bits(cur[turn], 5, 1) % 9 - 2):
                        case -2 | 0:
                            nxt[o0_2] = wrapped(put(nxt[o0_2], 3, 0, ((max(cur[turn], cur[nibble], 18) if bit(cur[nibble], cur[one]) else (cur[three] * cur[go])) - ((cur[skew] >> 0) - int(cur[o0_2]))) % 8), 0, 63)
                        case 2 if all([cur[go] & (cur[y2] == 1)]) or cur[go]:
                            nxt[o0_2] = wrapped(joined((cur[o0_2], 6)), 0, 63)
                        case 2 | 3:
                            v1 = inverted(bits(cur[o0_0], 7, 1), 6)
                            v1 = cur[deep] % 101 - 1
                        case _:
                            if cur[flag] | cur[flag]:
                                return
                    if not cur[flag]:
                        nxt[o0_2] = wrapped(put(nxt[o0_2], 3, 0, ((cur[nibble] if (cur[y2] == 2) else (cur[y2] == 2)) or (i2 >> cur[o0_1])) % 8), 0, 63)
                        nxt[o0_2] = wrapped(cur[odd], 0, 63)
                    elif bool((-512) << cur[three]):
                        nxt[o0_2] = wrapped(as_signed(cur[three], 3), 0, 63)
                        v1 = (((cur[one] | cur[o0_1]) % 4) - sum((-cur[go], c0_f1(cur[o0_2] % 16 - 8), cur[go]))) % 101 - 1
                        nxt[o0_2] = wrapped(joined((cur[one], 1)) & joined((0b1001, 4)), 0, 63)
                    else:
                        nxt[o0_2] = wrapped((i2 % cur[o0_2]) if cur[o0_2] != 0 else cur[three], 0, 63)
                        nxt[o0_2] = wrapped(bits(cur[o0_1], 2, 1) & (cur[o0_0] ^ cur[odd]), 0, 63)
                        nxt[o0_2] = wrapped(put(nxt[o0_2], 1, 0, (4194303 * cur[o0_1]) % 2), 0, 63)
                case _:
                    if cur[around] > 2:
                        nxt[o0_2] = wrapped((joined((0b0110, 4), (cur[go], 1), ((cur[y2] == 2), 1)) // (cur[y2] == 0)) if (cur[y2] == 0) else cur[around], 0, 63)
                        nxt[o0_2] = wrapped(put(nxt[o0_2], 2, 1, (cur[y2] == 0)), 0, 63)
                        v1 = (c0_f0((-1024) % 128) // (-3)) % 101 - 1
                    elif ((cur[y2] == 0) & (cur[y2] == 0)) ^ (cur[y2] == 1):
                        nxt[o0_2] = wrapped(put_bit(nxt[o0_2], cur[o0_1], bit(cur[turn], cur[one])), 0, 63)
                        nxt[o0_2] = wrapped(as_signed(cur[nibble], 4), 0, 63)
                        nxt[o0_2] = wrapped(put(nxt[o0_2], 6, 5, cur[around] % 2), 0, 63)
                    elif (cur[y2] == 2) and cur[go]:
                        if cur[flag] < cur[octet]:
                            return
                        nxt[o0_2] = wrapped(bits(cur[turn], 5, 2) * cur[three], 0, 63)
            nxt[o0_2] = wrapped(+(cur[one] + cur[skew]), 0, 63)
            if cur[go] != cur[go]:
                match ((-1) >> (cur[y2] == 1)):
                    case -2:
                        v1 = (~((cur[o0_2] // ((2 * cur[o0_2]) + 1)) - (cur[o0_1] % 8))) % 101 - 1
                    case _:
                        nxt[o0_2] = wrapped(bits(cur[odd], 5, 3), 0, 63)
            elif as_signed(cur[wide], 37):
                nxt[o0_2] = wrapped(max(cur[o0_2], cur[one]), 0, 63)
                v1 = (cur[octet] if (joined((0b0001, 4), (0b0, 1)) == cur[octet]) else cur[octet]) % 101 - 1
    on_edge(clk, 1, p5, nrst, [o0_2])
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
    ("o0_0", lambda: Signal(intbv(22)[8:]), 22),
    ("o0_1", lambda: Signal(modbv(0)[2:]), 0),
    ("o0_2", lambda: Signal(modbv(12)[6:]), 12),
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
SEED = 31
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
