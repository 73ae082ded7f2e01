"""The inputs of the designs in this folder, and the prints of their outputs."""

from myhdl import Signal, StopSimulation, block, delay, instance, intbv, modbv

ROUNDS = 48


class Inputs:
    """A clock, three vectors and a bit."""

    def __init__(self):
        self.clk = Signal(False)
        self.a = Signal(intbv(0)[8:])
        self.b = Signal(intbv(0)[8:])
        self.s = Signal(intbv(0, min=-8, max=8))
        self.c = Signal(False)


def outputs(count):
    """As many outputs of 8 bits that wrap."""
    return [Signal(modbv(0)[8:]) for _ in range(count)]


@block
def drive(inputs, results):
    """Runs through values of the inputs and prints what the outputs become."""
    clk, a, b, s, c = inputs.clk, inputs.a, inputs.b, inputs.s, inputs.c

    @instance
    def values():
        for i in range(ROUNDS):
            a.next = (i * 37 + 5) % 256
            b.next = (i * 91 + 50) % 256 if i % 5 else (i * 37 + 5) % 256
            s.next = i * 7 % 16 - 8
            c.next = i % 3 == 0
            yield delay(5)
            clk.next = True
            yield delay(5)
            clk.next = False
            print(i, *[int(result) for result in results])
        raise StopSimulation

    return values
