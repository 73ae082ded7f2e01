"""Loops over more than numbers."""

from myhdl import Signal, always, block, enum, instances, intbv
from stimulus import Inputs, drive, outputs

STATE = enum("IDLE", "RUN", "STOP")
PRIMES = (2, 3, 5, 7)


@block
def loops(clk, a, b, c, results):
    taps = [Signal(intbv(3 * i + 1)[8:]) for i in range(4)]
    other = [Signal(intbv(7 * i + 2)[8:]) for i in range(4)]
    r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15, r16, r17 = results

    @always(clk.posedge)
    def shift():
        taps[0].next = a
        for now, before in zip(taps[1:], taps):
            now.next = before

    @always(clk.posedge)
    def swap():
        for x, y in zip(other, reversed(other)):
            x.next = (y + b) % 256

    @always(clk.posedge)
    def over_list():
        total = 0
        for tap in taps:
            total = total + tap
        r0.next = total % 256

    @always(clk.posedge)
    def with_enumerate():
        total = 0
        for i, tap in enumerate(taps, 1):
            total = total + i * tap
        r1.next = total % 256

    @always(clk.posedge)
    def with_zip():
        total = 0
        for tap, weight in zip(taps, PRIMES):
            total += tap * weight
        r2.next = total % 256

    @always(clk.posedge)
    def enumerated_pairs():
        total = 0
        for i, (x, y) in enumerate(zip(taps, other)):
            if i % 2:
                total += x * y
            else:
                total -= x
        r3.next = total % 256

    @always(clk.posedge)
    def backwards():
        total = 0
        for tap in reversed(taps):
            total = total * 2 ^ tap
        for tap in taps[::-1]:
            total = total * 2 ^ tap
        for tap in taps[-3:-1]:
            total = total * 2 ^ tap
        r4.next = total % 256

    @always(clk.posedge)
    def leaves():
        r5.next = 99
        for i, tap in enumerate(taps):
            if tap > b:
                r5.next = i
                break

    @always(clk.posedge)
    def leaves_or_else():
        for i, tap in enumerate(taps):
            if tap[0] and tap > b:
                r6.next = i
                break
        else:
            r6.next = 77

    @always(clk.posedge)
    def goes_on():
        total = 0
        for tap in taps:
            if tap[0]:
                continue
            total += tap
        r7.next = total % 256

    @always(clk.posedge)
    def nested():
        total = 0
        for x in taps:
            for y in other:
                if x == y:
                    break
                total += 1
            if total > 6:
                break
        r8.next = total

    @always(clk.posedge)
    def over_values():
        v = int(a)
        total = 0
        for k in (v, v + 1, 3):
            v = k * 2
            total += v
        r9.next = total % 256

    @always(clk.posedge)
    def rebinds():
        total = 0
        for k in (1, 2, 3):
            k = k + int(a)
            total += k
        r10.next = total % 256

    @always(clk.posedge)
    def one_name_in_several_loops():
        total = 0
        for i in range(4):
            total += i
        for i, tap in enumerate(taps):
            total += i * tap
        for i in range(2):
            total += i
        r11.next = (total + i) % 256

    @always(clk.posedge)
    def over_bits():
        total = 0
        v = intbv(int(a))[8:]
        for bit in v:
            total = total * 3 + bit
        r12.next = total % 256

    @always(clk.posedge)
    def returns():
        for v in (a, b, 3):
            if v > 100:
                r13.next = v
                return
        r13.next = 0

    @always(clk.posedge)  # plain
    def counts_ones():
        rest = int(a)
        n = 0
        while rest:
            rest &= rest - 1
            n += 1
        r14.next = n if n < 9 else 9

    @always(clk.posedge)  # plain
    def shrinks():
        rest = int(b)
        n = 0
        while rest > 0:
            rest >>= 1
            n += 1
        r15.next = n

    @always(clk.posedge)
    def while_or_else():
        i = 0
        while i < 4:
            if a[i]:
                break
            i += 1
        else:
            i = 9
        r16.next = i

    @always(clk.posedge)
    def over_states():
        total = 0
        state = STATE.RUN if c else STATE.STOP
        for weight, literal in zip(PRIMES, (STATE.IDLE, STATE.RUN, STATE.STOP)):
            if state == literal:
                total += weight
        r17.next = total

    return instances()


@block
def bench():
    inputs = Inputs()
    results = outputs(18)
    dut = loops(inputs.clk, inputs.a, inputs.b, inputs.c, results)
    stimulus = drive(inputs, results)
    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
