"""Shadow signals: slices, concatenations and tristate buses."""

import warnings

from myhdl import *

from report import attempt

warnings.simplefilter("error")


def set_next(signal, value):
    signal.next = value


def make():
    a = Signal(intbv(0xA5)[8:])
    b = Signal(False)
    for arguments in ((0,), (7,), (8, 4), (4, 0), (3, 3), (2, 5), (-1,), (4, -1)):
        attempt(f"a{arguments}", lambda: repr(a(*arguments)))
    nibble = a(6, 2)
    print(repr(nibble), len(nibble), nibble.min, nibble.max, int(nibble(1)), repr(nibble(3, 1)))
    attempt("next of a slice", lambda: set_next(nibble, 1))
    both = ConcatSignal(a, b, nibble, True, "01", intbv(2)[2:])
    print(len(both), repr(both), hex(both))
    attempt("next of a concatenation", lambda: set_next(both, 1))
    for arguments in ((a, 1), (1.5, a), (None, a)):
        attempt(f"ConcatSignal{arguments!r}", lambda: repr(ConcatSignal(*arguments)))
    t = TristateSignal(intbv(0)[4:])
    print(t.val, len(t))
    try:
        t.next = 1
    except AttributeError:
        print("a bus is driven by its drivers")
    d = t.driver()
    print(d.val, d.next)
    attempt("next of a driver", lambda: set_next(d, 16))
    attempt("a driver of one bit", lambda: set_next(TristateSignal(False).driver(), 2))
    d.next = 3
    d.next = None


@block
def followers():
    a = Signal(intbv(0)[8:])
    f = Signal(False)
    low, bit, high = a(4, 0), a(7), a(8, 4)
    inner = high(3, 1)
    joined = ConcatSignal(f, low, bit)

    @always(low)
    def show_low():
        print(now(), "low", low)

    @always(bit.posedge)
    def show_bit():
        print(now(), "bit rises")

    @always(inner)
    def show_inner():
        print(now(), "inner", inner)

    @always(joined)
    def show_joined():
        print(now(), "joined", joined, int(joined))

    @always_comb
    def logic():
        print(now(), "comb", int(high), int(joined))

    @instance
    def drive():
        for value in (0x01, 0x80, 0xFF, 0xFF, 0x0F, 0x5A):
            a.next = value
            f.next = value[0] if isinstance(value, intbv) else value % 2
            yield delay(2)
            print(now(), a, low, bit, high, inner, joined)

    return instances()


@block
def bus():
    wire = TristateSignal(intbv(0)[4:])
    one, two = wire.driver(), wire.driver()

    @always(wire)
    def show():
        print(now(), "bus", wire.val)

    @instance
    def drive():
        yield delay(1)
        one.next = 5
        yield delay(1)
        print(now(), wire.val, one.val, two.val)
        one.next = None
        two.next = 9
        yield delay(1)
        print(now(), wire.val)
        two.next = None
        yield delay(1)
        print(now(), wire.val)
        one.next = 1
        two.next = 1
        yield delay(1)
        print("never")

    return instances()


make()
followers().run_sim(quiet=1)
b = bus()
try:
    b.run_sim(quiet=1)
except Warning as warning:
    print(type(warning).__name__, warning)
