# Found by random designs: a loop that unknown values at power-up did not leave.
from random import Random

from myhdl import *

E0 = enum("IDLE", "RUN", "STOP")
E1 = enum("Red", "Green", "Blue", "Grey", encoding="one_hot")
E2 = enum("NO", "YES", "MAYBE", "LATER", "NEVER", encoding="one_cold")
SQUARES = (0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225)
MIXED = (-27, -18, 0, 9, 200)


def c0_f0(x0):
    return concat(intbv(5)[4:], intbv(5)[4:])[7:6] == x0 >= concat(bool(x0), intbv(5)[4:])[5:4]
def c0_f1(x0, x1):
    if bool(x1):
        return (x1 or x1) % ((2 * (x0 + x0)) + 1)
    if x1 <= x1:
        return (x0 << x1) + (x0 ** 0)
    return 1
@block
def c0_b3(clk, rst, a0, a1, a2, q0):
    @always(clk.posedge)
    def p1():
        If = intbv(31, min=-17, max=49)
        v2 = 0
        v3 = 41
        if a2 | a2:
            q0.next = min(4194303, v3, 4) ** 0
            q0.next[11:10] = concat("0111", a2) % 2
        elif a2:
            v3 = (v3 % (-10)) % 128
        elif If[v2 % 7]:
            q0.next = concat(any([a2, a2]), q0, "00") % 2048
            k4 = 5
            while k4 > 0:
                k4 -= 1
                v3 = (If & (-128)) % 128
                q0.next = ((+If) // ((2 * (a1 // ((2 * v2) + 1))) + 1)) % 2048
        else:
            q0.next[q0 % 11] = (not (a0 != a2)) and concat(a1, a2, a2)[a1 % 6]
            if If[v3 % 7]:
                return
    return p1

@block
def c0_b4(clk, rst, a0, q0, q1):
    mem2 = [Signal(intbv(0)[12:]) for _ in range(8)]
    @always_seq(clk.posedge, reset=rst)
    def p1():
        mem2[q1 % 8].next = (q1 if q0 == 0 else (((1048575 // 1) * min(a0, q1)) // q0)) % 4096
        mem2[(q1 * a0) % 8].next = ((-1024) + q1) % 4096
        mem2[7].next = ((+min(q1, q0)) + ((a0 - q0) >> 6)) % 4096
    return p1

@block
def c0_b2(clk, rst, a0, q0, q1):
    w1 = Signal(intbv(0, min=-64, max=64))
    @always_comb
    def p2():
        w1.next = (concat(a0) ** 3) % 128 - 64
    w3 = Signal(intbv(0)[4:])
    @always_comb
    def p4():
        w3.next = concat(a0, bool(a0) or bool(w1), "01") % 16
    w5 = Signal(False)
    @always_comb
    def p6():
        w5.next = any([(w3 >> (w1 % 8)) != w3[2:], c0_f0(w1) <= w3[4:1]])
    y7 = Signal(intbv(0)[11:])
    u8 = c0_b3(clk, rst, w1, w3, w5, y7)
    w9 = Signal(intbv(0, min=-11, max=16))
    @always_comb
    def p10():
        w9.next = concat(w5 or w5, 3 <= 1)
    y11 = Signal(intbv(0)[5:])
    y12 = Signal(intbv(0, min=-256, max=256))
    u13 = c0_b4(clk, rst, w9, y11, y12)
    @always(clk.posedge)
    def p14():
        v1 = intbv(0, min=-19, max=34)
        v2 = 0
        q0.next = ((v2 + w9) % (-3)) % 35
        v1[:] = (y11[4:1] | ((w5 ** 3) * (v1 - y7))) % 53 - 19
        for i3 in range(0, 7, 2):
            if y12[6:5] < w1[w5+1:w5]:
                if (i3 + y7) >= max(i3, w9):
                    v1[:] = (w1 % (-2)) if (w1 >= y7) else abs(0)
                q0.next = (y12 * y12) % 35
            else:
                q0.next = (+a0) ** 0
            q0.next = ((-8192) * v1) % 35
    @always_seq(clk.posedge, reset=rst)
    def p15():
        if (q1 == E2.MAYBE) or (q1 == E2.LATER):
            q1.next = E2.NEVER
            q1.next = E2.YES
        elif (q1 == E2.MAYBE) or w5:
            q1.next = E2.NO
        elif y12[7:5]:
            q1.next = E2.YES
            q1.next = E2.YES
        else:
            q1.next = E2.NEVER
            q1.next = E2.NO
        q1.next = E2.MAYBE
    return p2, p4, p6, u8, p10, u13, p14, p15

@block
def c0_b5(clk, rst, a0, a1, q0, guarded, K):
    s1 = Signal(E1.Red)
    @always_comb
    def p2():
        s1.next = E1.Green
        if any([not bool(a1), bool(K) ^ bool(K)]):
            s1.next = E1.Red
        elif bool(a1 % (-10)):
            s1.next = E1.Grey
            s1.next = E1.Blue
            if ((K % 3) + (K - a0)) in (-4, 13, 67108863, -4,):
                match (a0 % 9 - 2):
                    case -2:
                        s1.next = E1.Grey
                    case _:
                        s1.next = E1.Blue
                        s1.next = E1.Grey
                        s1.next = E1.Grey
            else:
                s1.next = E1.Grey
        else:
            s1.next = E1.Grey
            subtype = 4
            while subtype > 0 and (max(~K, a0 and a0) != ((a1 * a0) - SQUARES[K])):
                subtype -= 1
                s1.next = E1.Blue
                if max(K ^ a1, subtype - a0, subtype << subtype) >= SQUARES[14]:
                    s1.next = E1.Blue
                    s1.next = E1.Blue
                else:
                    s1.next = E1.Red
                if bool(a1):
                    s1.next = E1.Grey
                    if not bool(subtype):
                        return
                elif MIXED[concat(bool(a1), a0) % 5] in (8,):
                    if ((a0 % 4) + c0_f1(a0, a1 % 4)) > a0:
                        break
                    s1.next = E1.Red
                    s1.next = E1.Green
                else:
                    s1.next = E1.Green
        s1.next = E1.Grey
        s1.next = E1.Green
    @always(clk.negedge)
    def p3():
        v1 = 0
        v2 = modbv(10)[4:]
        k3 = 4
        while k3 > 0:
            k3 -= 1
            q0.next = a0.signed() % 2
            match ((a0 << (s1 == E1.Green)) % 9 - 2):
                case -2:
                    if K != a0:
                        continue
                case -1 | 0 if v1 <= K <= (s1 == E1.Green):
                    if (~int((s1 == E1.Green))) <= ((a1 | q0) * (K if (s1 == E1.Red) else K)):
                        q0.next[1:0] = ((((s1 == E1.Red) // ((2 * a1) + 1)) // (-1)) % (-4)) % 2
                    elif (s1 == E1.Grey) >= ((s1 == E1.Grey) * (s1 == E1.Blue)):
                        q0.next = (s1 == E1.Green)
                        v1 = 1 & 15
                        if not (((0 % v1) if v1 else q0) != a0.signed()):
                            continue
                    if (s1 == E1.Red) and (s1 == E1.Red):
                        q0.next[1:] = (MIXED[(~(s1 == E1.Grey)) % 5] + (((s1 == E1.Blue) * (s1 == E1.Blue)) if (s1 == E1.Green) else q0[1:0])) % 2
                        q0.next = (q0 if (s1 == E1.Red) else 6) % 2
                        q0.next = (v1 << 3) % 2
                    elif abs(v2) != q0[1:]:
                        q0.next = (13 << (s1 == E1.Red)) % 2
                        q0.next = (-SQUARES[15]) % 2
                    else:
                        q0.next[0] = not ((2 >> q0) in (-65536, -16384, 3,))
                        v2[1:0] = a1[4:3]
                        q0.next[(s1 == E1.Red) % 1] = (s1 == E1.Blue)
                    q0.next = concat("1", (s1 == E1.Grey), q0) % 2
            q0.next[1:] = ((min(k3, a0) + (2 if (s1 == E1.Red) else k3)) + (((s1 == E1.Grey) << q0) + (k3 ** 1))) % 2
        for i4 in range(-2, -1):
            q0.next[1:0] = (s1 == E1.Grey)
    mem5 = [Signal(intbv(0, min=0, max=28)) for _ in range(8)]
    @always(clk.posedge)
    def output():
        maß = 139
        v2 = 0
        v3 = 0
        v2 &= max(q0, a1)
    return p2, p3, output

@block
def c0_b1(clk, rst, In, a1, a2, q0, q1, K):
    w1 = Signal(intbv(0, min=0, max=28))
    @always_comb
    def p2():
        w1.next = sum(((a1 ** 3) // ((2 * (a1 * a1)) + 1), In.signed())) % 28
    y3 = Signal(intbv(0, min=0, max=35))
    y4 = Signal(E2.YES)
    u5 = c0_b2(clk, rst, w1, y3, y4)
    s6 = Signal(intbv(-3, min=-14, max=7))
    @always(clk.negedge)
    def p7():
        s6.next = ((y4 == E2.NO) ^ s6) % 21 - 14
    w8 = Signal(intbv(0)[3:])
    @always_comb
    def p9():
        w8.next = (9 // (-2)) % 8
    w10 = Signal(intbv(0, min=0, max=11))
    @always_comb
    def p11():
        w10.next = abs(MIXED[y3 % 5]) % 11
    y12 = Signal(intbv(0)[1:])
    y13 = Signal(modbv(0)[7:])
    u14 = c0_b5(clk, rst, w8, w10, y12, y13, 15)
    @always_comb
    def p15():
        q0.next = (y4 == E2.NO) if s6 == 0 else ((y4 == E2.NO) // s6)
        q0.next[8:6] = (min((y4 == E2.LATER), In) if ((y4 == E2.NEVER) ^ (y4 == E2.LATER)) else (y13 + w10)) % 4
    @always_comb
    def p16():
        q1.next = (-16) + (y4 == E2.MAYBE)
        q1.next[K % 5] = a1[0]
    return p2, u5, p7, p9, p11, u14, p15, p16

@block
def c0_top(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1):
    w1 = Signal(intbv(0, min=-2, max=2))
    @always_comb
    def p2():
        w1.next = ((go + short) if (flag == 0) else ((skew % go) if go else flag)) % 4 - 2
    w3 = Signal(intbv(0, min=-8, max=8))
    @always_comb
    def p4():
        w3.next = odd ** 0
    assign = Signal(modbv(224)[8:])
    y6 = Signal(intbv(0, min=-32, max=32))
    u7 = c0_b1(clk, nrst, turn, w1, w3, assign, y6, 8)
    s8 = Signal(modbv(8)[7:])
    @always_seq(clk2.posedge, reset=rst)
    def p9():
        v1 = intbv(0, min=0, max=7)
        s8.next[0] = flag
    @always(clk.negedge)
    def p10():
        v1 = 25
        v2 = intbv(0, min=-8, max=8)
        k3 = 4
        while k3 > 0:
            k3 -= 1
            v1 = int(concat(turn[4:2]))
            if (flag >> 8) < (o0_1 * 0):
                continue
            v1 = int(v2)
            o0_0.next = MIXED[3] % 4096
        for i4 in range(0, 5, 2):
            o0_1.next = s8.signed() % 16 - 8
            if (not flag) and (octet > flag):
                break
            for i5 in range(0, 5, 2):
                if (-130) | i5:
                    o0_0.next = ((nibble - o0_1) * (one >> 6)) % 4096
                    o0_0.next = 13
                elif go:
                    o0_0.next[11:10] = ((-262144) + ((s8 + nibble) & (w3 >> flag))) % 2
                    o0_0.next = ((-13) | (i4 % ((2 * three) + 1))) % 4096
                    o0_0.next = (deep ^ turn) % 4096
            v1 = (+(three[3:2] + (14 + w3))) % 116 - 16
            o0_1.next = max(s8, o0_1) % 16 - 8
        o0_1.next = o0_1 >> 10
    return p2, p4, u7, p9, p10

@block
def cases(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1):
    c0_top_1 = c0_top(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1)
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
    return bits(joined((5, 4), (5, 4)), 7, 6) == x0 >= bits(joined((bool(x0), 1), (5, 4)), 5, 4)
def c0_f1_model(x0, x1):
    if bool(x1):
        return (x1 or x1) % ((2 * (x0 + x0)) + 1)
    if x1 <= x1:
        return (x0 << x1) + (x0 ** 0)
    return 1
def c0_b3_model(clk, rst, a0, a1, a2, q0):
    def p1():
        If = 31
        v2 = 0
        v3 = 41
        if cur[a2] | cur[a2]:
            nxt[q0] = min(4194303, v3, 4) ** 0
            nxt[q0] = wrapped(put(nxt[q0], 11, 10, joined((0b0111, 4), (cur[a2], 1)) % 2), 0, 2047)
        elif cur[a2]:
            v3 = (v3 % (-10)) % 128
        elif bit(If, v2 % 7):
            nxt[q0] = joined((any([cur[a2], cur[a2]]), 1), (cur[q0], 11), (0b00, 2)) % 2048
            k4 = 5
            while k4 > 0:
                k4 -= 1
                v3 = (If & (-128)) % 128
                nxt[q0] = ((+If) // ((2 * (cur[a1] // ((2 * v2) + 1))) + 1)) % 2048
        else:
            nxt[q0] = wrapped(put_bit(nxt[q0], cur[q0] % 11, (not (cur[a0] != cur[a2])) and bit(joined((cur[a1], 4), (cur[a2], 1), (cur[a2], 1)), cur[a1] % 6)), 0, 2047)
            if bit(If, v3 % 7):
                return
    on_edge(clk, 1, p1)
def c0_b4_model(clk, rst, a0, q0, q1):
    mem2 = [signal(0) for _ in range(8)]
    def p1():
        nxt[mem2[cur[q1] % 8]] = (cur[q1] if cur[q0] == 0 else (((1048575 // 1) * min(cur[a0], cur[q1])) // cur[q0])) % 4096
        nxt[mem2[(cur[q1] * cur[a0]) % 8]] = ((-1024) + cur[q1]) % 4096
        nxt[mem2[7]] = ((+min(cur[q1], cur[q0])) + ((cur[a0] - cur[q0]) >> 6)) % 4096
    on_edge(clk, 1, p1, rst, [*mem2])
def c0_b2_model(clk, rst, a0, q0, q1):
    w1 = signal(0)
    def p2():
        nxt[w1] = (joined((cur[a0], 5)) ** 3) % 128 - 64
    combinational.append(p2)
    w3 = signal(0)
    def p4():
        nxt[w3] = joined((cur[a0], 5), (bool(cur[a0]) or bool(cur[w1]), 1), (0b01, 2)) % 16
    combinational.append(p4)
    w5 = signal(False)
    def p6():
        nxt[w5] = any([(cur[w3] >> (cur[w1] % 8)) != bits(cur[w3], 2, 0), c0_f0(cur[w1]) <= bits(cur[w3], 4, 1)])
    combinational.append(p6)
    y7 = signal(0)
    c0_b3_model(clk, rst, w1, w3, w5, y7)
    w9 = signal(0)
    def p10():
        nxt[w9] = joined((cur[w5] or cur[w5], 1), (3 <= 1, 1))
    combinational.append(p10)
    y11 = signal(0)
    y12 = signal(0)
    c0_b4_model(clk, rst, w9, y11, y12)
    def p14():
        v1 = 0
        v2 = 0
        nxt[q0] = ((v2 + cur[w9]) % (-3)) % 35
        v1 = (bits(cur[y11], 4, 1) | ((cur[w5] ** 3) * (v1 - cur[y7]))) % 53 - 19
        for i3 in range(0, 7, 2):
            if bits(cur[y12], 6, 5) < bits(cur[w1], cur[w5] + 1, cur[w5]):
                if (i3 + cur[y7]) >= max(i3, cur[w9]):
                    v1 = (cur[w1] % (-2)) if (cur[w1] >= cur[y7]) else abs(0)
                nxt[q0] = (cur[y12] * cur[y12]) % 35
            else:
                nxt[q0] = (+cur[a0]) ** 0
            nxt[q0] = ((-8192) * v1) % 35
    on_edge(clk, 1, p14)
    def p15():
        if (cur[q1] == 2) or (cur[q1] == 3):
            nxt[q1] = 4
            nxt[q1] = 1
        elif (cur[q1] == 2) or cur[w5]:
            nxt[q1] = 0
        elif bits(cur[y12], 7, 5):
            nxt[q1] = 1
            nxt[q1] = 1
        else:
            nxt[q1] = 4
            nxt[q1] = 0
        nxt[q1] = 2
    on_edge(clk, 1, p15, rst, [q1])
def c0_b5_model(clk, rst, a0, a1, q0, guarded, K):
    s1 = signal(0)
    def p2():
        nxt[s1] = 1
        if any([not bool(cur[a1]), bool(K) ^ bool(K)]):
            nxt[s1] = 0
        elif bool(cur[a1] % (-10)):
            nxt[s1] = 3
            nxt[s1] = 2
            if ((K % 3) + (K - cur[a0])) in (-4, 13, 67108863, -4,):
                match (cur[a0] % 9 - 2):
                    case -2:
                        nxt[s1] = 3
                    case _:
                        nxt[s1] = 2
                        nxt[s1] = 3
                        nxt[s1] = 3
            else:
                nxt[s1] = 3
        else:
            nxt[s1] = 3
            subtype = 4
            while subtype > 0 and (max(~K, cur[a0] and cur[a0]) != ((cur[a1] * cur[a0]) - SQUARES[K])):
                subtype -= 1
                nxt[s1] = 2
                if max(K ^ cur[a1], subtype - cur[a0], subtype << subtype) >= SQUARES[14]:
                    nxt[s1] = 2
                    nxt[s1] = 2
                else:
                    nxt[s1] = 0
                if bool(cur[a1]):
                    nxt[s1] = 3
                    if not bool(subtype):
                        return
                elif MIXED[joined((bool(cur[a1]), 1), (cur[a0], 3)) % 5] in (8,):
                    if ((cur[a0] % 4) + c0_f1(cur[a0], cur[a1] % 4)) > cur[a0]:
                        break
                    nxt[s1] = 0
                    nxt[s1] = 1
                else:
                    nxt[s1] = 1
        nxt[s1] = 3
        nxt[s1] = 1
    combinational.append(p2)
    def p3():
        v1 = 0
        v2 = 10
        k3 = 4
        while k3 > 0:
            k3 -= 1
            nxt[q0] = as_signed(cur[a0], 3) % 2
            match ((cur[a0] << (cur[s1] == 1)) % 9 - 2):
                case -2:
                    if K != cur[a0]:
                        continue
                case -1 | 0 if v1 <= K <= (cur[s1] == 1):
                    if (~int((cur[s1] == 1))) <= ((cur[a1] | cur[q0]) * (K if (cur[s1] == 0) else K)):
                        nxt[q0] = wrapped(put(nxt[q0], 1, 0, ((((cur[s1] == 0) // ((2 * cur[a1]) + 1)) // (-1)) % (-4)) % 2), 0, 1)
                    elif (cur[s1] == 3) >= ((cur[s1] == 3) * (cur[s1] == 2)):
                        nxt[q0] = (cur[s1] == 1)
                        v1 = 1 & 15
                        if not (((0 % v1) if v1 else cur[q0]) != as_signed(cur[a0], 3)):
                            continue
                    if (cur[s1] == 0) and (cur[s1] == 0):
                        nxt[q0] = wrapped(put(nxt[q0], 1, 0, (MIXED[(~(cur[s1] == 3)) % 5] + (((cur[s1] == 2) * (cur[s1] == 2)) if (cur[s1] == 1) else bits(cur[q0], 1, 0))) % 2), 0, 1)
                        nxt[q0] = (cur[q0] if (cur[s1] == 0) else 6) % 2
                        nxt[q0] = (v1 << 3) % 2
                    elif abs(v2) != bits(cur[q0], 1, 0):
                        nxt[q0] = (13 << (cur[s1] == 0)) % 2
                        nxt[q0] = (-SQUARES[15]) % 2
                    else:
                        nxt[q0] = wrapped(put_bit(nxt[q0], 0, not ((2 >> cur[q0]) in (-65536, -16384, 3,))), 0, 1)
                        v2 = wrapped(put(v2, 1, 0, bits(cur[a1], 4, 3)), 0, 15)
                        nxt[q0] = wrapped(put_bit(nxt[q0], (cur[s1] == 0) % 1, (cur[s1] == 2)), 0, 1)
                    nxt[q0] = joined((0b1, 1), ((cur[s1] == 3), 1), (cur[q0], 1)) % 2
            nxt[q0] = wrapped(put(nxt[q0], 1, 0, ((min(k3, cur[a0]) + (2 if (cur[s1] == 0) else k3)) + (((cur[s1] == 3) << cur[q0]) + (k3 ** 1))) % 2), 0, 1)
        for i4 in range(-2, -1):
            nxt[q0] = wrapped(put(nxt[q0], 1, 0, (cur[s1] == 3)), 0, 1)
    on_edge(clk, 0, p3)
    mem5 = [signal(0) for _ in range(8)]
    def output():
        maß = 139
        v2 = 0
        v3 = 0
        v2 &= max(cur[q0], cur[a1])
    on_edge(clk, 1, output)
def c0_b1_model(clk, rst, In, a1, a2, q0, q1, K):
    w1 = signal(0)
    def p2():
        nxt[w1] = sum(((cur[a1] ** 3) // ((2 * (cur[a1] * cur[a1])) + 1), as_signed(cur[In], 5))) % 28
    combinational.append(p2)
    y3 = signal(0)
    y4 = signal(1)
    c0_b2_model(clk, rst, w1, y3, y4)
    s6 = signal(-3)
    def p7():
        nxt[s6] = ((cur[y4] == 0) ^ cur[s6]) % 21 - 14
    on_edge(clk, 0, p7)
    w8 = signal(0)
    def p9():
        nxt[w8] = (9 // (-2)) % 8
    combinational.append(p9)
    w10 = signal(0)
    def p11():
        nxt[w10] = abs(MIXED[cur[y3] % 5]) % 11
    combinational.append(p11)
    y12 = signal(0)
    y13 = signal(0)
    c0_b5_model(clk, rst, w8, w10, y12, y13, 15)
    def p15():
        nxt[q0] = wrapped((cur[y4] == 0) if cur[s6] == 0 else ((cur[y4] == 0) // cur[s6]), 0, 255)
        nxt[q0] = wrapped(put(nxt[q0], 8, 6, (min((cur[y4] == 3), cur[In]) if ((cur[y4] == 4) ^ (cur[y4] == 3)) else (cur[y13] + cur[w10])) % 4), 0, 255)
    combinational.append(p15)
    def p16():
        nxt[q1] = (-16) + (cur[y4] == 2)
        nxt[q1] = wrapped(put_bit(nxt[q1], K % 5, bit(cur[a1], 0)), -32, 31)
    combinational.append(p16)
def c0_top_model(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1):
    w1 = signal(0)
    def p2():
        nxt[w1] = ((cur[go] + cur[short]) if (cur[flag] == 0) else ((cur[skew] % cur[go]) if cur[go] else cur[flag])) % 4 - 2
    combinational.append(p2)
    w3 = signal(0)
    def p4():
        nxt[w3] = cur[odd] ** 0
    combinational.append(p4)
    assign = signal(224)
    y6 = signal(0)
    c0_b1_model(clk, nrst, turn, w1, w3, assign, y6, 8)
    s8 = signal(8)
    def p9():
        v1 = 0
        nxt[s8] = wrapped(put_bit(nxt[s8], 0, cur[flag]), 0, 127)
    on_edge(clk2, 1, p9, rst, [s8])
    def p10():
        v1 = 25
        v2 = 0
        k3 = 4
        while k3 > 0:
            k3 -= 1
            v1 = joined((bits(cur[turn], 4, 2), 2))
            if (cur[flag] >> 8) < (cur[o0_1] * 0):
                continue
            v1 = v2
            nxt[o0_0] = MIXED[3] % 4096
        for i4 in range(0, 5, 2):
            nxt[o0_1] = as_signed(cur[s8], 7) % 16 - 8
            if (not cur[flag]) and (cur[octet] > cur[flag]):
                break
            for i5 in range(0, 5, 2):
                if (-130) | i5:
                    nxt[o0_0] = ((cur[nibble] - cur[o0_1]) * (cur[one] >> 6)) % 4096
                    nxt[o0_0] = 13
                elif cur[go]:
                    nxt[o0_0] = wrapped(put(nxt[o0_0], 11, 10, ((-262144) + ((cur[s8] + cur[nibble]) & (cur[w3] >> cur[flag]))) % 2), 0, 4095)
                    nxt[o0_0] = ((-13) | (i4 % ((2 * cur[three]) + 1))) % 4096
                    nxt[o0_0] = (cur[deep] ^ cur[turn]) % 4096
            v1 = (+(bits(cur[three], 3, 2) + (14 + cur[w3]))) % 116 - 16
            nxt[o0_1] = max(cur[s8], cur[o0_1]) % 16 - 8
        nxt[o0_1] = cur[o0_1] >> 10
    on_edge(clk, 0, p10)
def cases_model(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1):
    c0_top_model(clk, clk2, rst, arst, nrst, octet, short, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1)


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
    ("o0_0", lambda: Signal(intbv(1816)[12:]), 1816),
    ("o0_1", lambda: Signal(intbv(5, min=-8, max=8)), 5),
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
]
RESETS = [("rst", 1, False), ("arst", 1, True), ("nrst", 0, True)]
CLOCKS = ["clk", "clk2"]
SEED = 52016
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
