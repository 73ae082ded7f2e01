"""Names that differ in nothing but case: of ports, signals, processes, instances, functions, variables and literals."""

from checking import UNSIGNED, cases, check_clocked
from myhdl import Signal, always, always_comb, block, enum, instance, intbv

STATE = enum("Idle", "IDLE", "idle")


@block
def adder(x, X, y):
    @always_comb
    def logic():
        y.next = (x + X) % 256

    return logic


@block
def cases_of_names(clk, a, A, sum_, Sum_, SUM_, place):
    count, Count, COUNT = [Signal(intbv(n)[8:]) for n in range(3)]
    state, State = [Signal(STATE.Idle) for _ in range(2)]
    words, Words = [[Signal(intbv(0)[8:]) for _ in range(2)] for _ in range(2)]
    part = adder(a, A, count)
    Part = adder(A, count, Count)

    def double(v):
        return 2 * v

    def Double(v):
        return 2 * v + 1

    @always(clk.posedge)
    def step():
        COUNT.next = (COUNT + count) % 256
        words[a[0]].next = a
        Words[a[0]].next = A

    @always(clk.posedge)
    def Step():
        State.next = state
        if state == STATE.Idle:
            state.next = STATE.IDLE
        elif state == STATE.IDLE:
            state.next = STATE.idle
        else:
            state.next = STATE.Idle

    @always_comb
    def logic():
        t = double(Count)
        T = Double(count)
        sum_.next = (t + T) % 256
        Sum_.next = (t * 2 + T) % 256

    @always_comb
    def Logic():
        SUM_.next = COUNT ^ words[0] ^ Words[1]
        place.next = 0
        if state == STATE.IDLE:
            place.next = 1
        elif State == STATE.IDLE:
            place.next = 2

    return part, Part, step, Step, logic, Logic


def model(values):
    counted = 2
    words, others = [0, 0], [0, 0]
    for cycle, (a, b) in enumerate(values, 1):
        first = (a + b) % 256
        second = (b + first) % 256
        counted = (counted + first) % 256
        words[a % 2], others[a % 2] = a, b
        t, u = 2 * second, 2 * first + 1
        yield (t + u) % 256, (t * 2 + u) % 256, counted ^ words[0] ^ others[1], (0, 1, 2)[cycle % 3]


@block
def bench():
    clk = Signal(bool(0))
    a, A, sum_, Sum_, SUM_ = [Signal(intbv(0)[8:]) for _ in range(5)]
    place = Signal(intbv(0)[2:])
    dut = cases_of_names(clk, a, A, sum_, Sum_, SUM_, place)

    @instance
    def stimulus():
        values = cases(UNSIGNED, UNSIGNED)
        yield from check_clocked(clk, (a, A), values, (sum_, Sum_, SUM_, place), model)

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
