"""Processes, blocks, signals, variables and functions that are named like literals of enumerations in another case."""

from checking import BITS, UNSIGNED, cases, check_clocked
from myhdl import Signal, always, always_comb, block, enum, instance, intbv

STATE = enum("FETCH", "DECODE", "EXECUTE", "STORE", "HALT")
OTHER = enum("Fetch", "Decode", "Idle", encoding="one_hot")


@block
def fetch(clk, state, halt):
    @always(clk.posedge)
    def execute():
        if state == STATE.FETCH:
            state.next = STATE.DECODE
        elif state == STATE.DECODE:
            state.next = STATE.EXECUTE
        elif state == STATE.EXECUTE:
            state.next = STATE.STORE
        elif state == STATE.STORE:
            if halt:
                state.next = STATE.HALT
            else:
                state.next = STATE.FETCH
        else:
            state.next = STATE.FETCH

    return execute


@block
def processor(clk, halt, x, number, word, seen):
    decode = Signal(STATE.FETCH)
    idle = Signal(OTHER.Idle)
    state = fetch(clk, decode, halt)

    def store(value):
        return value ^ 0x55

    @always_comb
    def execute():
        number.next = 0
        if decode == STATE.DECODE:
            number.next = 1
        elif decode == STATE.EXECUTE:
            number.next = 2
        elif decode == STATE.STORE:
            number.next = 3
        elif decode == STATE.HALT:
            number.next = 4

    @always(clk.posedge)
    def HALT():
        fetch = store(x)
        if decode == STATE.HALT:
            fetch = 255
        word.next = fetch

    @always(clk.posedge)
    def Execute():
        seen.next = idle == OTHER.Idle
        if decode == STATE.EXECUTE:
            idle.next = OTHER.Fetch
        elif idle == OTHER.Fetch:
            idle.next = OTHER.Decode
        else:
            idle.next = OTHER.Idle

    return state, execute, HALT, Execute


def model(values):
    state, idle = 0, "idle"
    for halt, x in values:
        word = 255 if state == 4 else x ^ 0x55
        seen = idle == "idle"
        idle = "fetch" if state == 2 else "decode" if idle == "fetch" else "idle"
        state = (1, 2, 3, 4 if halt else 0, 0)[state]
        yield state, word, seen


@block
def bench():
    clk, halt, seen = [Signal(bool(0)) for _ in range(3)]
    x, word = [Signal(intbv(0)[8:]) for _ in range(2)]
    number = Signal(intbv(0)[3:])
    dut = processor(clk, halt, x, number, word, seen)

    @instance
    def stimulus():
        values = cases(UNSIGNED, BITS)
        yield from check_clocked(clk, (x, halt), values, (number, word, seen), lambda v: model([r[::-1] for r in v]))

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
