"""A small accumulator CPU that runs a program from a ROM, with a tiny assembler."""

from myhdl import *

HALT, LOAD, STORE, ADD, SUB, LOADI, JUMP, JUMPZ, OUT = range(9)

t_state = enum("FETCH", "EXECUTE", "HALTED")


def assemble(lines):
    """Translate (label, operation, operand) lines; operands are numbers or labels."""
    labels = {label: address for address, (label, _, _) in enumerate(lines) if label}
    return tuple((operation << 8) | labels.get(operand, operand) for _, operation, operand in lines)


#: Multiply the words at 0 and 1 by adding up; show the product and halt.
PROGRAM = assemble([
    ("", LOADI, 12), ("", STORE, 0),
    ("", LOADI, 7), ("", STORE, 1),
    ("", LOADI, 1), ("", STORE, 3),
    ("", LOADI, 0), ("", STORE, 2),
    ("loop", LOAD, 1), ("", JUMPZ, "done"),
    ("", SUB, 3), ("", STORE, 1),
    ("", LOAD, 2), ("", ADD, 0), ("", STORE, 2),
    ("", OUT, 0),
    ("", JUMP, "loop"),
    ("done", LOAD, 2), ("", OUT, 0), ("", HALT, 0),
])


@block
def program_rom(address, word, program):
    """The program."""

    @always_comb
    def read():
        word.next = program[int(address)]

    return read


@block
def cpu(clk, rst, port, strobe, halted, program=PROGRAM):
    """Fetch an instruction in one cycle, execute it in the next. strobe is high when port has a new value."""
    state = Signal(t_state.FETCH)
    pc = Signal(intbv(0, min=0, max=len(program)))
    word = Signal(intbv(0)[12:])
    operation = Signal(intbv(0)[4:])
    operand = Signal(intbv(0)[8:])
    accumulator = Signal(modbv(0)[8:])
    loaded = Signal(intbv(0)[8:])
    memory = [Signal(intbv(0)[8:]) for _ in range(8)]
    rom = program_rom(pc, word, program)

    @always_comb
    def read_memory():
        loaded.next = memory[operand[3:]]

    @always_comb
    def status():
        halted.next = state == t_state.HALTED

    @always(clk.posedge)
    def write_memory():
        """The data memory's write port."""
        if state == t_state.EXECUTE and operation == STORE:
            memory[operand[3:]].next = accumulator

    @always_seq(clk.posedge, reset=rst)
    def control():
        """Fetch and execute."""
        strobe.next = 0
        if state == t_state.FETCH:
            operation.next = word[12:8]
            operand.next = word[8:]
            state.next = t_state.EXECUTE
        elif state == t_state.EXECUTE:
            state.next = t_state.FETCH
            if operation != HALT:
                pc.next = pc + 1
            if operation == LOAD:
                accumulator.next = loaded
            elif operation == ADD:
                accumulator.next = accumulator + loaded
            elif operation == SUB:
                accumulator.next = accumulator - loaded
            elif operation == LOADI:
                accumulator.next = operand
            elif operation == JUMP:
                pc.next = operand
            elif operation == JUMPZ:
                if accumulator == 0:
                    pc.next = operand
            elif operation == OUT:
                port.next = accumulator
                strobe.next = 1
            elif operation == HALT:
                state.next = t_state.HALTED

    return rom, read_memory, status, write_memory, control


@block
def bench():
    """Run the program and look at what it shows."""
    clk, strobe, halted = [Signal(bool(0)) for _ in range(3)]
    rst = ResetSignal(1, active=1, isasync=False)
    port = Signal(modbv(0)[8:])
    dut = cpu(clk, rst, port, strobe, halted)
    shown = []

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for _ in range(2):
            yield clk.negedge
        rst.next = 0
        while not halted:
            yield clk.negedge
            if strobe:
                shown.append(int(port))
                print("time %4d  port %d" % (now(), port))
        assert shown == [12 * i for i in range(1, 8)] + [84], shown
        print("halted after %d time steps" % now())
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
