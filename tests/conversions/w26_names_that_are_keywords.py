"""Names that are keywords of Verilog, SystemVerilog or VHDL, or that one of them does not take."""

from checking import UNSIGNED, cases, check_clocked
from myhdl import Signal, always, always_comb, block, enum, instance, instances, intbv

STATE = enum("BEGIN", "END", "WAIT")


@block
def module(reg, wire, entity):
    @always_comb
    def assign():
        entity.next = (reg + wire) % 256

    return assign


@block
def architecture(always_, input_, _output, in__out):
    buffer, signal = [Signal(intbv(0)[8:]) for _ in range(2)]

    def function(integer, real):
        variable = integer ^ real
        return variable + 1

    def task(component, port, downto):
        component.next = (port + downto) % 256

    @always(always_.posedge)
    def process():
        buffer.next = input_

    @always_comb
    def initial():
        task(signal, buffer, 3)

    @always_comb
    def case():
        _output.next = function(buffer, signal) & 0xFF
        in__out.next = buffer > signal

    return instances()


@block
def library(reg, assign, clock, begin, end, wire, logic, out, inout, state):
    bit, byte = [Signal(intbv(0)[8:]) for _ in range(2)]
    memory = [Signal(intbv(0)[8:]) for _ in range(4)]
    component = module(reg, assign, bit)
    generate = architecture(clock, assign, byte, inout)

    @always_comb
    def reg_():
        begin.next = bit
        end.next = byte

    @always(clock.posedge)
    def work():
        integer = 0
        for loop in range(8):
            if reg[loop]:
                integer += 1
        logic.next = integer
        memory[reg % 4].next = assign

    @always_comb
    def others():
        range_ = memory[0]
        wire.next = range_ ^ memory[3]

    @always(clock.posedge)
    def when():
        if state == STATE.BEGIN:
            state.next = STATE.WAIT
            out.next = 1
        elif state == STATE.WAIT:
            state.next = STATE.END
            out.next = 2
        else:
            state.next = STATE.BEGIN
            out.next = 3

    return component, generate, reg_, work, others, when


def model(values):
    memory = [0] * 4
    for cycle, (reg, assign) in enumerate(values):
        memory[reg % 4] = assign
        signal = (assign + 3) % 256
        yield (
            (reg + assign) % 256,
            ((assign ^ signal) + 1) % 256,
            memory[0] ^ memory[3],
            bin(reg).count("1"),
            cycle % 3 + 1,
            assign > signal,
        )


@block
def bench():
    reg, assign, begin, end, wire = [Signal(intbv(0)[8:]) for _ in range(5)]
    clock, inout = [Signal(bool(0)) for _ in range(2)]
    logic = Signal(intbv(0)[4:])
    out = Signal(intbv(0)[2:])
    state = Signal(STATE.BEGIN)
    dut = library(reg, assign, clock, begin, end, wire, logic, out, inout, state)

    @instance
    def stimulus():
        values = cases(UNSIGNED, UNSIGNED)
        yield from check_clocked(clock, (reg, assign), values, (begin, end, wire, logic, out, inout), model)

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
