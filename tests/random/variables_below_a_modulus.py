# Found by random designs: a variable that grows from round to round, up to a modulus, was refused as without bounds.
from random import Random

from myhdl import *

E0 = enum("IDLE", "RUN", "STOP")
E1 = enum("Red", "Green", "Blue", "Grey", encoding="one_hot")
E2 = enum("NO", "YES", "MAYBE", "LATER", "NEVER", encoding="one_cold")
SQUARES = (0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225)
MIXED = (-27, -18, 0, 9, 200)


def c0_f0(x0, x1, x2):
    if bool(x0):
        return +(+32)
    return (x1 ** x0) % 4096 - 2048
def c0_f1(x0, x1):
    if x0 in (-2,):
        return (x0 | (-262144)) & x0
    return abs(x1) | x1
class c0_b2_bus:
    def __init__(self):
        self.unsigned = Signal(intbv(7, min=0, max=15))
        self.z0 = Signal(intbv(0, min=0, max=30))

@block
def c0_b3(clk, rst, a0, unsigned, a2, q0, q1):
    mem2 = [Signal(intbv(0, min=-8, max=8)), Signal(intbv(0, min=-8, max=8)), Signal(intbv(4, min=-8, max=8)), Signal(intbv(0, min=-8, max=8)), Signal(intbv(0, min=-8, max=8)), Signal(intbv(0, min=-8, max=8)), Signal(intbv(-6, min=-8, max=8)), Signal(intbv(0, min=-8, max=8))]
    @instance
    def p1():
        v1 = 0
        v2 = 0
        v3 = 25
        while True:
            yield clk.posedge
            match ((274877906943 or (-1)) % 9 - 2):
                case -2:
                    q0.next = (mem2[q0] % (-7)) % 3
                    mem2[((-131072) << (unsigned == E1.Red)) % 8].next = abs(a0[6:2]) % 16 - 8
                    if q0[1]:
                        v2 //= 3
                    elif (unsigned == E1.Green):
                        q0.next = (256 if (a2 == E1.Blue) else a0) % 3
                        q0.next = ((a2 == E1.Blue) + (a2 == E1.Blue)) % 3
                    elif c0_f0((a2 == E1.Green), (unsigned == E1.Grey), (unsigned == E1.Green)):
                        q0.next = a0[4:] % 3
                        q0.next = int(v3) % 3
                        mem2[q0].next = (a2 == E1.Green) ** (a2 == E1.Green)
                case -1:
                    v2 = ((concat("0001", (unsigned == E1.Green)) + ((a2 == E1.Green) * v2)) if (a2 == E1.Grey) else (v3 ** (unsigned == E1.Green))) % 256
                    q0.next = int(1)
                    match (a0 % 9 - 2):
                        case -2:
                            pass
                case 0:
                    pass
                case 1:
                    pass
    @always_comb
    def p3():
        q1.next = a0 % 21 - 10
        pass
    return p1, p3

@block
def c0_b4(clk, rst, a0, q0):
    @always_comb
    def p1():
        q0.next = a0
        pass
    return p1

@block
def c0_b5(clk, rst, a0, q0):
    @always_comb
    def p1():
        q0.next = a0
        pass
    return p1

@block
def c0_b2(clk, rst, a0, q0, bus):
    w1 = Signal(intbv(0, min=-18, max=23))
    @always_comb
    def p2():
        w1.next = a0
    w3 = Signal(E1.Red)
    @always_comb
    def p4():
        w3.next = E1.Red
    w5 = Signal(E1.Blue)
    @always_comb
    def p6():
        w5.next = E1.Red
    y7 = Signal(intbv(0, min=0, max=3))
    y8 = Signal(intbv(0, min=-10, max=11))
    u9 = c0_b3(clk, rst, w1, w3, w5, y7, y8)
    w10 = Signal(False)
    @always_comb
    def p11():
        w10.next = a0
    y12 = Signal(False)
    u13 = c0_b4(clk, rst, w10, y12)
    w14 = Signal(False)
    @always_comb
    def p15():
        w14.next = a0
    y16 = Signal(False)
    u17 = c0_b5(clk, rst, w14, y16)
    @always_comb
    def p18():
        q0.next = a0
        pass
    @always_comb
    def p19():
        bus.z0.next = a0
        pass
    return p2, p4, p6, u9, p11, u13, p15, u17, p18, p19

@block
def c0_b7(clk, rst, a0, q0):
    @always_comb
    def p1():
        q0.next = a0
        pass
    return p1

@block
def c0_b6(clk, rst, a0, q0):
    w1 = Signal(False)
    @always_comb
    def p2():
        w1.next = a0
    y3 = Signal(False)
    u4 = c0_b7(clk, rst, w1, y3)
    @always_comb
    def p5():
        q0.next = a0
        pass
    return p2, u4, p5

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
def c0_b1(clk, rst, a0, a1, a2, q0, K):
    w1 = Signal(True)
    @always_comb
    def p2():
        w1.next = bool(K)
    y3 = Signal(intbv(0)[3:])
    bus4 = c0_b2_bus()
    @always_comb
    def p5():
        bus4.unsigned.next = K % 15
    u6 = c0_b2(clk, rst, w1, y3, bus4)
    w7 = Signal(False)
    @always_comb
    def p8():
        w7.next = w1
    y9 = Signal(False)
    u10 = c0_b6(clk, rst, w7, y9)
    w11 = Signal(False)
    @always_comb
    def p12():
        w11.next = w1
    y13 = Signal(False)
    u14 = c0_b8(clk, rst, w11, y13)
    @always_comb
    def p15():
        q0.next = K % 2
        pass
    return p2, p5, u6, p8, u10, p12, u14, p15

@block
def c0_b12(clk, rst, a0, q0):
    @always_comb
    def p1():
        q0.next = a0
        pass
    return p1

@block
def c0_b11(clk, rst, a0, q0):
    w1 = Signal(False)
    @always_comb
    def p2():
        w1.next = a0
    y3 = Signal(False)
    u4 = c0_b12(clk, rst, w1, y3)
    @always_comb
    def p5():
        q0.next = a0
        pass
    return p2, u4, p5

@block
def c0_b10(clk, rst, a0, q0):
    w1 = Signal(False)
    @always_comb
    def p2():
        w1.next = a0
    y3 = Signal(False)
    u4 = c0_b11(clk, rst, w1, y3)
    @always_comb
    def p5():
        q0.next = a0
        pass
    return p2, u4, p5

@block
def c0_top(clk, clk2, rst, arst, nrst, octet, short, brief, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    s1 = Signal(intbv(345)[11:])
    @always_comb
    def p2():
        v1 = -116
        s1.next = concat("0100") & ((go // (-10)) if (brief > 128) else odd if (brief < 127) else (skew << one))
        if not ((-1) >= around):
            s1.next[one] = brief == deep
            k2 = 3
            while k2 > 0:
                k2 -= 1
                s1.next = ((wide if flag else go) + (three >> one)) % 2048
                for i3 in downrange(2, 1):
                    v1 = (v1 * 3 + i3) % 356 - 256
                    s1.next = 1048576 % 2048
                    s1.next = ((abs(one) + (0 | v1)) - max(brief << 9, one * short, concat(nibble))) % 2048
                s1.next = v1 % 2048
        elif not (around > small):
            v1 = (((wide * wide) // (-10)) + (-skew.unsigned())) % 356 - 256
            v1 = ((octet // (-7)) ^ (deep ** one)) % (-4)
            s1.next = (max(-131072, odd) | ((wide * deep) // (-10))) % 2048
        else:
            for i4 in range(0, 1):
                v1 = (v1 * 3 + i4) % 356 - 256
                if odd >= (-1):
                    s1.next = octet[i4+3:i4]
                    s1.next = (((35 % odd) if odd else octet) ** 3) % 2048
                    v1 = (around + v1) % 356 - 256
                    continue
                if small.unsigned():
                    v1 = ((skew + short) if (octet > 13) else (v1 + brief) if (octet < 15) else (i4 + i4)) % 356 - 256
                    s1.next = (-odd.signed()) % 2048
                    s1.next = (((2 - small) ^ max(one, skew, v1)) * (flag ** 2)) % 2048
                    break
                else:
                    s1.next = (abs(one) // ((2 * (small ** 2)) + 1)) % 2048
                    s1.next = wide % 2048
            s1.next = v1 % 2048
            v1 = ((wide * wide) // (-3)) % 356 - 256
            s1.next = odd
        s1.next = ((brief[:0] - (one % (-4))) % ((2 * (around * turn)) + 1)) % 2048
    w3 = Signal(intbv(0)[4:])
    @always_comb
    def p4():
        w3.next = octet % 16
    w5 = Signal(intbv(595)[12:])
    @always_comb
    def p6():
        w5.next = octet
    w7 = Signal(intbv(0)[4:])
    @always_comb
    def p8():
        w7.next = octet % 16
    y9 = Signal(intbv(0)[1:])
    u10 = c0_b1(clk, rst, w3, w5, w7, y9, 1)
    w11 = Signal(False)
    @always_comb
    def p12():
        w11.next = flag
    y13 = Signal(False)
    u14 = c0_b10(clk, rst, w11, y13)
    @always_comb
    def p15():
        o0_0.next = octet
        pass
    @always_comb
    def p16():
        o0_1.next = octet % 64
        pass
    @always_comb
    def p17():
        o0_2.next = E2.NO
        pass
    return p2, p4, p6, p8, u10, p12, u14, p15, p16, p17

@block
def cases(clk, clk2, rst, arst, nrst, octet, short, brief, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    c0_top_1 = c0_top(clk, clk2, rst, arst, nrst, octet, short, brief, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2)
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


def c0_f0_model(x0, x1, x2):
    if bool(x0):
        return +(+32)
    return (x1 ** x0) % 4096 - 2048
def c0_f1_model(x0, x1):
    if x0 in (-2,):
        return (x0 | (-262144)) & x0
    return abs(x1) | x1
class c0_b2_bus_model:
    def __init__(self):
        self.unsigned = signal(7)
        self.z0 = signal(0)
def c0_b3_model(clk, rst, a0, unsigned, a2, q0, q1):
    mem2 = [signal(0), signal(0), signal(4), signal(0), signal(0), signal(0), signal(-6), signal(0)]
    def p1():
        v1 = 0
        v2 = 0
        v3 = 25
        while True:
            yield
            match ((274877906943 or (-1)) % 9 - 2):
                case -2:
                    nxt[q0] = (cur[mem2[cur[q0]]] % (-7)) % 3
                    nxt[mem2[((-131072) << (cur[unsigned] == 0)) % 8]] = abs(bits(cur[a0], 6, 2)) % 16 - 8
                    if bit(cur[q0], 1):
                        v2 //= 3
                    elif (cur[unsigned] == 1):
                        nxt[q0] = (256 if (cur[a2] == 2) else cur[a0]) % 3
                        nxt[q0] = ((cur[a2] == 2) + (cur[a2] == 2)) % 3
                    elif c0_f0((cur[a2] == 1), (cur[unsigned] == 3), (cur[unsigned] == 1)):
                        nxt[q0] = bits(cur[a0], 4, 0) % 3
                        nxt[q0] = int(v3) % 3
                        nxt[mem2[cur[q0]]] = (cur[a2] == 1) ** (cur[a2] == 1)
                case -1:
                    v2 = ((joined((0b0001, 4), ((cur[unsigned] == 1), 1)) + ((cur[a2] == 1) * v2)) if (cur[a2] == 3) else (v3 ** (cur[unsigned] == 1))) % 256
                    nxt[q0] = int(1)
                    match (cur[a0] % 9 - 2):
                        case -2:
                            pass
                case 0:
                    pass
                case 1:
                    pass
    on_edge(clk, 1, started(p1()))
    def p3():
        nxt[q1] = cur[a0] % 21 - 10
        pass
    combinational.append(p3)
def c0_b4_model(clk, rst, a0, q0):
    def p1():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p1)
def c0_b5_model(clk, rst, a0, q0):
    def p1():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p1)
def c0_b2_model(clk, rst, a0, q0, bus):
    w1 = signal(0)
    def p2():
        nxt[w1] = cur[a0]
    combinational.append(p2)
    w3 = signal(0)
    def p4():
        nxt[w3] = 0
    combinational.append(p4)
    w5 = signal(2)
    def p6():
        nxt[w5] = 0
    combinational.append(p6)
    y7 = signal(0)
    y8 = signal(0)
    c0_b3_model(clk, rst, w1, w3, w5, y7, y8)
    w10 = signal(False)
    def p11():
        nxt[w10] = cur[a0]
    combinational.append(p11)
    y12 = signal(False)
    c0_b4_model(clk, rst, w10, y12)
    w14 = signal(False)
    def p15():
        nxt[w14] = cur[a0]
    combinational.append(p15)
    y16 = signal(False)
    c0_b5_model(clk, rst, w14, y16)
    def p18():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p18)
    def p19():
        nxt[bus.z0] = cur[a0]
        pass
    combinational.append(p19)
def c0_b7_model(clk, rst, a0, q0):
    def p1():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p1)
def c0_b6_model(clk, rst, a0, q0):
    w1 = signal(False)
    def p2():
        nxt[w1] = cur[a0]
    combinational.append(p2)
    y3 = signal(False)
    c0_b7_model(clk, rst, w1, y3)
    def p5():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p5)
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
def c0_b1_model(clk, rst, a0, a1, a2, q0, K):
    w1 = signal(True)
    def p2():
        nxt[w1] = bool(K)
    combinational.append(p2)
    y3 = signal(0)
    bus4 = c0_b2_bus_model()
    def p5():
        nxt[bus4.unsigned] = K % 15
    combinational.append(p5)
    c0_b2_model(clk, rst, w1, y3, bus4)
    w7 = signal(False)
    def p8():
        nxt[w7] = cur[w1]
    combinational.append(p8)
    y9 = signal(False)
    c0_b6_model(clk, rst, w7, y9)
    w11 = signal(False)
    def p12():
        nxt[w11] = cur[w1]
    combinational.append(p12)
    y13 = signal(False)
    c0_b8_model(clk, rst, w11, y13)
    def p15():
        nxt[q0] = K % 2
        pass
    combinational.append(p15)
def c0_b12_model(clk, rst, a0, q0):
    def p1():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p1)
def c0_b11_model(clk, rst, a0, q0):
    w1 = signal(False)
    def p2():
        nxt[w1] = cur[a0]
    combinational.append(p2)
    y3 = signal(False)
    c0_b12_model(clk, rst, w1, y3)
    def p5():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p5)
def c0_b10_model(clk, rst, a0, q0):
    w1 = signal(False)
    def p2():
        nxt[w1] = cur[a0]
    combinational.append(p2)
    y3 = signal(False)
    c0_b11_model(clk, rst, w1, y3)
    def p5():
        nxt[q0] = cur[a0]
        pass
    combinational.append(p5)
def c0_top_model(clk, clk2, rst, arst, nrst, octet, short, brief, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    s1 = signal(345)
    def p2():
        v1 = -116
        nxt[s1] = joined((0b0100, 4)) & ((cur[go] // (-10)) if (cur[brief] > 128) else cur[odd] if (cur[brief] < 127) else (cur[skew] << cur[one]))
        if not ((-1) >= cur[around]):
            nxt[s1] = wrapped(put_bit(nxt[s1], cur[one], cur[brief] == cur[deep]), 0, 2047)
            k2 = 3
            while k2 > 0:
                k2 -= 1
                nxt[s1] = ((cur[wide] if cur[flag] else cur[go]) + (cur[three] >> cur[one])) % 2048
                for i3 in downrange(2, 1):
                    v1 = (v1 * 3 + i3) % 356 - 256
                    nxt[s1] = 1048576 % 2048
                    nxt[s1] = ((abs(cur[one]) + (0 | v1)) - max(cur[brief] << 9, cur[one] * cur[short], joined((cur[nibble], 4)))) % 2048
                nxt[s1] = v1 % 2048
        elif not (cur[around] > cur[small]):
            v1 = (((cur[wide] * cur[wide]) // (-10)) + (-(cur[skew] % 2**7))) % 356 - 256
            v1 = ((cur[octet] // (-7)) ^ (cur[deep] ** cur[one])) % (-4)
            nxt[s1] = (max(-131072, cur[odd]) | ((cur[wide] * cur[deep]) // (-10))) % 2048
        else:
            for i4 in range(0, 1):
                v1 = (v1 * 3 + i4) % 356 - 256
                if cur[odd] >= (-1):
                    nxt[s1] = bits(cur[octet], i4 + 3, i4)
                    nxt[s1] = (((35 % cur[odd]) if cur[odd] else cur[octet]) ** 3) % 2048
                    v1 = (cur[around] + v1) % 356 - 256
                    continue
                if (cur[small] % 2**5):
                    v1 = ((cur[skew] + cur[short]) if (cur[octet] > 13) else (v1 + cur[brief]) if (cur[octet] < 15) else (i4 + i4)) % 356 - 256
                    nxt[s1] = (-as_signed(cur[odd], 5)) % 2048
                    nxt[s1] = (((2 - cur[small]) ^ max(cur[one], cur[skew], v1)) * (cur[flag] ** 2)) % 2048
                    break
                else:
                    nxt[s1] = (abs(cur[one]) // ((2 * (cur[small] ** 2)) + 1)) % 2048
                    nxt[s1] = cur[wide] % 2048
            nxt[s1] = v1 % 2048
            v1 = ((cur[wide] * cur[wide]) // (-3)) % 356 - 256
            nxt[s1] = cur[odd]
        nxt[s1] = (((cur[brief] >> 0) - (cur[one] % (-4))) % ((2 * (cur[around] * cur[turn])) + 1)) % 2048
    combinational.append(p2)
    w3 = signal(0)
    def p4():
        nxt[w3] = cur[octet] % 16
    combinational.append(p4)
    w5 = signal(595)
    def p6():
        nxt[w5] = cur[octet]
    combinational.append(p6)
    w7 = signal(0)
    def p8():
        nxt[w7] = cur[octet] % 16
    combinational.append(p8)
    y9 = signal(0)
    c0_b1_model(clk, rst, w3, w5, w7, y9, 1)
    w11 = signal(False)
    def p12():
        nxt[w11] = cur[flag]
    combinational.append(p12)
    y13 = signal(False)
    c0_b10_model(clk, rst, w11, y13)
    def p15():
        nxt[o0_0] = wrapped(cur[octet], -4, 8)
        pass
    combinational.append(p15)
    def p16():
        nxt[o0_1] = cur[octet] % 64
        pass
    combinational.append(p16)
    def p17():
        nxt[o0_2] = 0
        pass
    combinational.append(p17)
def cases_model(clk, clk2, rst, arst, nrst, octet, short, brief, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2):
    c0_top_model(clk, clk2, rst, arst, nrst, octet, short, brief, flag, go, nibble, three, one, odd, small, skew, wide, deep, turn, around, o0_0, o0_1, o0_2)


# The test bench.

SIGNALS = [
    ("clk", lambda: Signal(False), False),
    ("clk2", lambda: Signal(False), False),
    ("rst", lambda: ResetSignal(0, active=1, isasync=False), 0),
    ("arst", lambda: ResetSignal(0, active=1, isasync=True), 0),
    ("nrst", lambda: ResetSignal(1, active=0, isasync=True), 1),
    ("octet", lambda: Signal(intbv(0)[8:]), 0),
    ("short", lambda: Signal(intbv(0, min=-128, max=128)), 0),
    ("brief", lambda: Signal(intbv(0, min=-128, max=128)), 0),
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
    ("o0_0", lambda: Signal(modbv(0, min=-4, max=9)), 0),
    ("o0_1", lambda: Signal(intbv(0)[6:]), 0),
    ("o0_2", lambda: Signal(E2.MAYBE), 2),
]
INPUTS = [
    ("octet", 0, 255, False),
    ("short", -128, 127, False),
    ("brief", -128, 127, False),
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
    ("o0_2", [E2.NO, E2.YES, E2.MAYBE, E2.LATER, E2.NEVER]),
]
RESETS = [("rst", 1, False), ("arst", 1, True), ("nrst", 0, True)]
CLOCKS = ["clk", "clk2"]
SEED = 377959767994
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
