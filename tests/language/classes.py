"""Designs as classes, constants, and outputs that nobody uses."""

from myhdl import *

from report import attempt


def set_next(signal, value):
    signal.next = value


class Adder(HdlClass):
    def __init__(self, width, a=None, b=None):
        self.a = a if a is not None else Signal(intbv(0)[width:])
        self.b = b if b is not None else Signal(intbv(0)[width:])
        self.total = Signal(intbv(0)[width + 1 :])

    @block(skipname=True)
    def hdl(self):
        @always_comb
        def add():
            self.total.next = self.a + self.b

        return self.hdlinstances()


class Pair(HdlClass):
    def __init__(self, width):
        self.a = Signal(intbv(0)[width:])
        self.result = Signal(intbv(0)[width + 2 :])
        self.width = width

    @block(skipname=True)
    def hdl(self):
        first = Adder(self.width, self.a, self.a)
        second = Adder(self.width + 1, first.total, first.total)

        @always_comb
        def out():
            self.result.next = second.total

        return self.hdlinstances()


pair = Pair(4)


@block
def bench():
    dut = pair.hdl()

    @instance
    def drive():
        for i in (1, 2, 15):
            pair.a.next = i
            yield delay(2)
            print(now(), int(pair.result))

    return dut, drive


bench().run_sim(quiet=1)

FIVE = Constant(5)
WIDE = Constant(intbv(200)[8:])
ON = Constant(True)
attempt("constant", lambda: set_next(FIVE, 1))
print(FIVE + 1, WIDE[8:4], ON and 3, int(WIDE), bool(ON))
unused = OpenPort()
unused.next = 3
unused.next = intbv(9)[8:]
print(unused.val)


@block
def uses():
    a, y = Signal(intbv(0)[8:]), Signal(intbv(0)[9:])

    @always_comb
    def logic():
        y.next = a + WIDE if ON else FIVE
        unused.next = a

    @instance
    def drive():
        for i in range(3):
            a.next = 20 * i
            yield delay(1)
            print(now(), int(y))

    return logic, drive


uses().run_sim(quiet=1)
