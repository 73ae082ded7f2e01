"""Functions inside processes, default values, assignments inside expressions, several targets."""

from myhdl import Signal, always, block, instances, intbv
from stimulus import Inputs, drive, outputs

STEP = 3


def shifted(x, by=-1, *, scale=STEP, pair=(1, 2)):
    return (x + by) * scale + pair[1]


@block
def functions(clk, a, b, c, results):
    taps = [Signal(intbv(5 * i + 2)[8:]) for i in range(4)]
    r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15, r16, r17 = results

    @always(clk.posedge)
    def shift():
        taps[0].next = a
        for now, before in zip(taps[1:], taps):
            now.next = before

    @always(clk.posedge)  # plain
    def defaults():
        r0.next = (shifted(a) + shifted(b, 2, scale=1)) % 256

    @always(clk.posedge)
    def inner():
        def low(x):
            return x % 16

        def both(x, y=2):
            return low(x) + y

        r1.next = both(a) + both(b, 1)

    @always(clk.posedge)
    def sees_what_is_then():
        k = 3
        add = lambda x: (x + k) % 256  # noqa: E731
        k = 5
        r2.next = add(a)

    @always(clk.posedge)
    def drives():
        def give(value):
            r3.next = value

        give(a % 64)

    @always(clk.posedge)
    def walrus():
        if (x := (a + b) % 256) > 100:
            r4.next = x
        else:
            r4.next = 0

    @always(clk.posedge)
    def walrus_under_condition():
        if c and (x := a % 16) > 3:
            r5.next = x
        else:
            r5.next = 0

    @always(clk.posedge)
    def walrus_or():
        if c or (x := a % 16) > 3:
            r6.next = 1
        else:
            r6.next = x

    @always(clk.posedge)
    def walrus_elif():
        x = 200
        if c:
            r7.next = 1
        elif (x := a % 16) > 3:
            r7.next = x
        elif (x := b % 64) > 30:
            r7.next = x + 1
        else:
            r7.next = x + 100

    @always(clk.posedge)
    def walrus_in_choice():
        r8.next = (x := a % 4) + 1 if c else (x := b % 8)
        r9.next = x

    @always(clk.posedge)
    def walrus_in_function():
        def least(q):
            if (z := q + 1) > 9:
                return z
            return 5

        r10.next = least(a % 16)

    @always(clk.posedge)
    def unpacks():
        w, x, y, z = taps
        q, rest = divmod(int(a), 7)
        r11.next = (w + 2 * x + 3 * y + 4 * z) % 256
        r12.next = q * 7 + rest

    @always(clk.posedge)
    def exchanges():
        x, y = int(a), int(b)
        x, y = y, x
        r13.next = (2 * x + y) % 256

    @always(clk.posedge)
    def chains():
        r14.next = (10 < a < 100 <= b) + (1 if a < 10 else 2 if a < 100 else 3) + (4 if 3 == 3 == a else 0)

    @block
    def made(offset, result):
        @always(clk.posedge)
        def adds():
            def plus(x):
                return (x + offset) % 256

            result.next = plus(a)

        return adds

    several = [made(offset, result) for offset, result in ((5, r15), (9, r16))]

    @always(clk.posedge)
    def elements_chosen_before():
        i = int(a) % 2
        total = 0
        for tap in (taps[i], taps[i + 1]):
            i = 3
            total += tap
        r17.next = (total + i) % 256

    return instances()


@block
def bench():
    inputs = Inputs()
    results = outputs(18)
    dut = functions(inputs.clk, inputs.a, inputs.b, inputs.c, results)
    stimulus = drive(inputs, results)
    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
