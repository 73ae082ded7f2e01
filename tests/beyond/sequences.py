"""sum, any, all, min, max, comprehensions, membership, lists that a process makes."""

import enum as python_enum

from myhdl import Signal, always, block, instances, intbv
from stimulus import Inputs, drive, outputs

ODD = (1, 3, 5, 7)
MATRIX = ((1, 2), (3, 4), (5, 6))


class Limit(python_enum.IntEnum):
    LOW = 20
    HIGH = 200


@block
def sequences(clk, a, b, s, c, results):
    taps = [Signal(intbv(9 * i + 4)[8:]) for i in range(4)]
    (r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15, r16, r17, r18, r19, r20, r21, r22) = results

    @always(clk.posedge)
    def shift():
        taps[0].next = a
        for now, before in zip(taps[1:], taps):
            now.next = before

    @always(clk.posedge)
    def sums():
        r0.next = sum(taps) % 256
        r1.next = sum(tap * k for tap, k in zip(taps, ODD)) % 256
        r2.next = sum(a[i] for i in range(8)) + sum((c, a > 5, b > 5))
        r3.next = sum(taps[1:3], 7) % 256
        r4.next = sum(tap for tap in taps if tap > b) % 256
        r5.next = sum(1 for i in range(8) if a[i] if i % 2)

    @always(clk.posedge)
    def truths():
        r6.next = any(a[i] for i in range(0, 8, 3))
        r7.next = all(tap > 3 for tap in taps)
        r8.next = any(tap == b for tap in taps) or all([c, a > 3])
        r9.next = all(tap > 20 for tap in taps if tap > 10)
        r10.next = any(x == y + 1 for x in taps for y in taps)

    @always(clk.posedge)
    def extremes():
        r11.next = min(taps)
        r12.next = max(*taps, b, 3)
        r13.next = max(abs(s), 5) + min(s + 8, 3)
        r14.next = min(tap + int(b[2:]) for tap in taps) % 256

    @always(clk.posedge)
    def members():
        r15.next = (a in ODD) + 2 * (b not in (5, 50, 141)) + 4 * (s in range(-3, 4)) + 8 * (a in taps)

    @always(clk.posedge)
    def tables():
        squares = [i * i for i in range(8)]
        thrice = tuple(3 * x for x in squares)
        r16.next = (squares[a[3:]] + thrice[b[3:]]) % 256

    @always(clk.posedge)
    def lists():
        pair = [int(a) % 16, int(b) % 16]
        if pair[0] > pair[1]:
            pair[0], pair[1] = pair[1], pair[0]
        r17.next = pair[0] * 16 + pair[1]

    @always(clk.posedge)
    def counters():
        counts = [0] * 2
        for i in range(8):
            counts[int(a[i])] += 1
        r18.next = counts[0] * 16 + counts[1]

    @always(clk.posedge)
    def chosen():
        sums = [tap + 1 for tap in taps]
        r19.next = sums[a[2:]] % 256

    @always(clk.posedge)
    def own_scope():
        i = 7
        total = sum(i for i in range(4))
        r20.next = total + i

    @always(clk.posedge)
    def limits():
        r21.next = Limit.LOW + 1 if a > Limit.HIGH else sum([]) + any([]) + all([])

    @always(clk.posedge)
    def rows():
        total = 0
        for i, row in enumerate(MATRIX):
            for k in row:
                total += k * taps[i]
        r22.next = (total + MATRIX[2][0]) % 256

    return instances()


@block
def bench():
    inputs = Inputs()
    results = outputs(23)
    dut = sequences(inputs.clk, inputs.a, inputs.b, inputs.s, inputs.c, results)
    stimulus = drive(inputs, results)
    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
