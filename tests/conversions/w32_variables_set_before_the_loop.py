"""Variables of an `@instance` that have their first values before its loop."""

from checking import BITS, UNSIGNED, cases, check_clocked
from myhdl import Signal, block, enum, instance, intbv, modbv

STATE = enum("IDLE", "RUN", "STOP")
START = 40


@block
def counters(clk, c, x, number, counted, ticks, place, together):
    first = START // 8

    @instance
    def of_a_vector():
        v = intbv(5)[8:]
        while True:
            yield clk.posedge
            number.next = v
            v[:] = (v * 3 + x) % 256

    @instance
    def of_an_integer():
        n = 3
        while True:
            yield clk.posedge
            counted.next = n
            if n == 17:
                n = -2
            else:
                n = n + 1

    @instance
    def of_several():
        on = True
        wrapping = modbv(-1, min=-8, max=8)
        later = first
        while True:
            yield clk.posedge
            if on:
                ticks.next = wrapping
            else:
                ticks.next = later
            on = not on and bool(c)
            wrapping[:] = wrapping + 3
            later = wrapping // 2

    @instance
    def of_a_state():
        state = STATE.RUN
        while True:
            yield clk.posedge
            if state == STATE.IDLE:
                place.next = 1
                state = STATE.RUN
            elif state == STATE.RUN:
                place.next = 2
                state = STATE.STOP
            else:
                place.next = 3
                if c:
                    state = STATE.IDLE

    @instance
    def one_after_the_other():
        a = intbv(START)[8:]
        b = a + 2
        while True:
            yield clk.posedge
            together.next = b
            b = a + x
            a[:] = x

    return of_a_vector, of_an_integer, of_several, of_a_state, one_after_the_other


def model(values):
    v, n, on, wrapping, later, state, a, b = 5, 3, True, -1, START // 8, "RUN", START, START + 2
    for c, x in values:
        number, counted, together = v, n, b
        ticks = wrapping if on else later
        place = {"IDLE": 1, "RUN": 2, "STOP": 3}[state]
        v = (v * 3 + x) % 256
        n = -2 if n == 17 else n + 1
        on = not on and c
        wrapping = (wrapping + 3 + 8) % 16 - 8
        later = wrapping // 2
        if state != "STOP" or c:
            state = {"IDLE": "RUN", "RUN": "STOP", "STOP": "IDLE"}[state]
        a, b = x, a + x
        yield number, counted, ticks, place, together


@block
def bench():
    clk, c = [Signal(bool(0)) for _ in range(2)]
    x, number = [Signal(intbv(0)[8:]) for _ in range(2)]
    counted = Signal(intbv(0, min=-2, max=18))
    ticks = Signal(intbv(0, min=-8, max=8))
    place = Signal(intbv(0)[2:])
    together = Signal(intbv(0)[9:])
    dut = counters(clk, c, x, number, counted, ticks, place, together)

    @instance
    def stimulus():
        values = cases(BITS, UNSIGNED)
        yield from check_clocked(clk, (c, x), values, (number, counted, ticks, place, together), model)

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
