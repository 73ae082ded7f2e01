"""Signals: what they take, what they show, what they refuse, and when they change."""

from myhdl import *
from myhdl import Error

from report import attempt

COLOURS = enum("RED", "GREEN", "BLUE")
OTHERS = enum("RED", "GREEN", "BLUE")


class Packet:
    """A value that is not a number."""

    def __init__(self, text=""):
        self.text = text

    def __eq__(self, other):
        return isinstance(other, Packet) and self.text == other.text

    def __repr__(self):
        return f"Packet({self.text!r})"


def set_next(signal, value):
    signal.next = value
    return signal.next


def set_item(signal, key, value):
    signal[key] = value


def set_attribute(signal, name, value):
    setattr(signal, name, value)
    return getattr(signal, name)


def construct():
    for value in (True, False, 0, 5, -3, intbv(3)[8:], intbv(-3, min=-8, max=8), modbv(3)[4:], COLOURS.RED, None, "text", [1, 2]):
        attempt(f"Signal({value!r})", lambda: Signal(value))
        s = Signal(value)
        attempt("  val", lambda: s.val)
        attempt("  next", lambda: s.next)
        attempt("  bounds", lambda: (s.min, s.max, len(s)))
    attempt("delay -1", lambda: Signal(0, delay=-1))
    attempt("delay 3", lambda: Signal(0, delay=3).delay)
    attempt("no value", lambda: Signal().val)
    attempt("set delay", lambda: set_attribute(Signal(0, delay=3), "delay", 7))


def assign():
    kinds = {
        "bool": lambda: Signal(False),
        "int": lambda: Signal(5),
        "vector": lambda: Signal(intbv(3)[4:]),
        "signed": lambda: Signal(intbv(0, min=-8, max=8)),
        "modular": lambda: Signal(modbv(3)[4:]),
        "enum": lambda: Signal(COLOURS.RED),
        "object": lambda: Signal(Packet("a")),
        "text": lambda: Signal("a"),
        "none": lambda: Signal(None),
    }
    values = (True, 0, 1, 2, 15, 16, -1, -9, "a", "b", None, 1.5, intbv(7), intbv(99), COLOURS.GREEN, OTHERS.GREEN, Packet("b"), Signal(1), Signal(intbv(4)[3:]), [1])
    for name, make in kinds.items():
        for value in values:
            if value is True and name in ("vector", "signed", "modular"):
                # pyhdl makes a number of it, so that it prints as one.
                continue
            if name == "enum" and value is not COLOURS.GREEN:
                # The text under MyHDL names a class inside it.
                try:
                    set_next(make(), value)
                except TypeError:
                    print(f"enum.next = {value!r} is refused")
                continue
            attempt(f"{name}.next = {value!r}", lambda: set_next(make(), value))
        for attribute in ("val", "min", "max", "posedge"):
            try:
                setattr(make(), attribute, 1)
            except AttributeError:
                print(f"{name}.{attribute} is read-only")
        attempt(f"{name}[0] = 1", lambda: set_item(make(), 0, 1))
        attempt(f"{name}[2:0] = 1", lambda: set_item(make(), slice(2, 0), 1))


def show():
    for signal in (Signal(True), Signal(5), Signal(intbv(10)[8:]), Signal(COLOURS.BLUE), Signal(modbv(3)[4:]), ResetSignal(1, active=0, isasync=True), Signal(None), Constant(4)):
        for name, action in (("str", str), ("repr", repr), ("int", int), ("bool", bool), ("hex", hex), ("len", len), ("hash", hash)):
            attempt(f"{name} {signal!r}", lambda: action(signal))


def driven():
    s = Signal(intbv(0)[4:])
    print(s.driven, s.read)
    for value in ("reg", "wire", True, False, None, "net"):
        attempt(f"driven = {value!r}", lambda: set_attribute(Signal(False), "driven", value))
    for value in (True, False, None):
        attempt(f"read = {value!r}", lambda: set_attribute(Signal(False), "read", value))


def operators():
    import operator

    a, b = Signal(intbv(12)[8:]), Signal(intbv(-5, min=-8, max=8))
    flag = Signal(True)
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and_", "or_", "xor", "eq", "ne", "lt", "le", "gt", "ge"):
        action = getattr(operator, name)
        for left, right in ((a, b), (b, a), (a, 3), (3, a), (flag, flag), (flag, True), (a, intbv(3)), (intbv(3), a), (a, flag)):
            attempt(f"{name} {left!r} {right!r}", lambda: action(left, right))
    for name in ("neg", "pos", "invert", "abs", "not_", "index"):
        for operand in (a, b, flag):
            attempt(f"{name} {operand!r}", lambda: getattr(operator, name)(operand))
    for name in ("iadd", "isub", "imul", "ifloordiv", "imod", "ipow", "ilshift", "irshift", "iand", "ior", "ixor"):
        try:
            getattr(operator, name)(a, 1)
        except TypeError:
            print(name, "TypeError")
    attempt("signed", lambda: a.signed())
    attempt("unsigned", lambda: b.unsigned())
    print(hasattr(a, "nothing"))
    attempt("index", lambda: (a[2], a[0], a[9], b[3]))
    attempt("slice", lambda: (a[4:2], a[8:], b[4:], b[2:]))
    attempt("negative index", lambda: a[-1])
    attempt("empty slice", lambda: a[2:2])


def resets():
    r = ResetSignal(0, active=1, isasync=False)
    print(r.active, r.isasync, repr(r), r.val)
    try:
        ResetSignal(0, 1)
    except TypeError:
        print("three arguments are needed")


def edges_and_updates():
    s, v, e = Signal(False), Signal(intbv(0)[4:]), Signal(COLOURS.RED)
    # A vector under MyHDL arrives with the value that it has by then.
    late = Signal(0, delay=5)
    packet = Signal(Packet("a"))

    @block
    def bench():
        @always(s.posedge)
        def rising():
            print(now(), "s rises", s, int(v))

        @always(s.negedge)
        def falling():
            print(now(), "s falls", s)

        @always(v.posedge)
        def vector_rises():
            print(now(), "v leaves zero", int(v))

        @always(v.negedge)
        def vector_falls():
            print(now(), "v is zero", int(v))

        @always(v)
        def vector():
            print(now(), "v changes", v, hex(v))

        @always(e)
        def colour():
            print(now(), "e changes", e)

        @always(late)
        def arrives():
            print(now(), "late", int(late))

        @always(packet)
        def object_changes():
            print(now(), "packet", packet.val)

        @instance
        def drive():
            for i in (1, 0, 1, 1, 3, 0, 8):
                s.next = i % 2
                v.next = i
                late.next = i
                e.next = COLOURS.GREEN if i == 3 else COLOURS.BLUE
                packet.next = Packet("x" * i)
                yield delay(3)
            v.next[2:] = 3
            v.next[3] = 0
            yield delay(1)
            print(now(), v, v.next)
            v.next[0] = 0
            yield v
            print(now(), v)
            late.next = 5
            yield delay(20)
            print(now(), late, s, e, packet)

        return instances()

    b = bench()
    b.run_sim(quiet=1)
    print(s, v, e, late)


def copies():
    a = Signal(intbv(5)[8:])
    d = a.duplicate()
    print(repr(d), len(d), d.min, d.max)
    print(repr(Signal(True).duplicate()))


construct()
assign()
show()
driven()
operators()
resets()
edges_and_updates()
copies()
