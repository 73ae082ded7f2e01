"""Names that the languages do not take as they are, interfaces, and instances of one block with several parameters."""

from myhdl import *


class Bus:
    def __init__(self):
        self.data = Signal(intbv(0)[8:])
        self.end = Signal(bool(0))
        self.Data = Signal(intbv(0)[4:])


@block
def adder(process, signal, amount):
    """Add a constant.

    Two blank lines and "quotes" in a docstring are no problem.
    """

    @always_comb
    def always():
        signal.data.next = (process.data + amount) & 0xFF
        signal.end.next = not process.end
        signal.Data.next = process.Data ^ amount

    return always


@block
def entity(reg, _wire, out):
    middle, Middle = Bus(), Bus()
    begin = adder(reg, middle, 1)
    end = adder(middle, Middle, 2)
    case = adder(Middle, out, 1)

    @always_comb
    def wire():
        _wire.next = reg.data[8:4]

    return begin, end, case, wire


@block
def bench():
    reg, out = Bus(), Bus()
    _wire = Signal(intbv(0)[4:])
    dut = entity(reg, _wire, out)

    @instance
    def stimulus():
        for i in range(40):
            reg.data.next = i * 13 % 256
            reg.end.next = i % 3 == 0
            reg.Data.next = i % 16
            yield delay(3)
            assert out.data == (reg.data + 4) % 256

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
