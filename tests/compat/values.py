"""What the value types do: one line for each operation, with its result or the exception it raises.

The same lines under `python` with MyHDL and under `pyhdl sim`. Operands come from a generator of its own, so that
they are the same everywhere. What is not the same by intent is named in `left_out`.
"""

import copy
import operator
import re

import myhdl
from myhdl import (
    EnumItemType,
    EnumType,
    ResetSignal,
    Signal,
    SignalType,
    StopSimulation,
    block,
    concat,
    delay,
    downrange,
    enum,
    instance,
    intbv,
    modbv,
)

KIND = re.compile(r"<class '(?:myhdl|pyhdl)[\w.<>]*?\._?(\w+)'>")
ADDRESS = re.compile(r"0x[0-9a-f]{8,}")


class Numbers:
    """A linear congruential generator (modulus 2**64)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 24) % limit

    def between(self, low, high):
        """low <= result < high."""
        return low + self.below(high - low)

    def pick(self, choices):
        return choices[self.below(len(choices))]


numbers = Numbers(20251)


def kind(value):
    """The name of a type, without what is internal to either package."""
    if isinstance(value, SignalType):
        return "ResetSignal" if isinstance(value, ResetSignal) else "Signal"
    return type(value).__name__.lstrip("_")


def shown(value):
    """Everything that can be seen of a value. A bool inside a vector, which only MyHDL's repr shows, is a number."""
    return all_of(value).replace("bv(True)", "bv(1)").replace("bv(False)", "bv(0)")


def all_of(value):
    if isinstance(value, SignalType):
        return f"{kind(value)} {value!r} {value} {value.min} {value.max} {len(value)} of {shown(value.val)}"
    if isinstance(value, intbv):
        return f"{kind(value)} {value!r} {value} {int(value)} {value.min} {value.max} {len(value)}"
    if isinstance(value, EnumItemType):
        return f"item {value!r} {value}"
    if isinstance(value, EnumType):
        return f"enum {value!r} {value}"
    if isinstance(value, float):
        return f"float {value!r}"
    return f"{kind(value)} {value!r}"


NAMES = {"_Signal": "Signal", "SignalType": "Signal", "_ResetSignal": "ResetSignal", "EnumItem": "EnumItemType", "Enum": "EnumType"}
QUOTED = re.compile(r"'(?:pyhdl\.)?(_?\w+)'")


# Where the words differ and the meaning does not: pyhdl's words, MyHDL's, what stands for both.
WORDS = [
    # CPython's own, for a native class and for one in Python.
    (r"attribute ('\w+') of 'Signal' objects is not writable", r"property ('\w+') of 'Signal' object has no setter", r"\1 has no setter"),
    (r"type pyhdl\.\w+ doesn't", r"type \w+ doesn't", "type doesn't"),
    (r'"pyhdl\.EnumItemType"', '"EnumItem"', "EnumItem"),
    (r"; it has .*", "$^", ""),
    (r"__new__\(\) missing", r"__init__\(\) missing", "missing"),
    # MyHDL's message is an accident: its operator takes no operand.
    (r"a Signal does not support augmented assignment.*", r"_?Signal\._augm\(\) takes.*", "no augmented assignment"),
    (r"Expected new value of type <Enum: .*", r"Expected <'EnumItemType'>, got .*", "wrong enumeration"),
    (r"cannot create '\w+' instances", r"class \w+ is only intended for .*", "no instances"),
    ("enum literals should be strings", "$^", ""),
    (r"_Signal\.__pow__", "_Signal.__pow__", "Signal.__pow__"),
]


def said(text):
    """A message on one line, with types named in one way."""
    text = ADDRESS.sub("0x...", KIND.sub(lambda m: f"<'{NAMES.get(m[1], m[1])}'>", text))
    text = QUOTED.sub(lambda m: f"'{NAMES.get(m[1], m[1])}'", text).replace("\n", "\\n")
    for ours, theirs, both in WORDS:
        text = re.sub(theirs, both, re.sub(ours, both, text))
    return text


def show(label, action):
    """Print what an action gives."""
    try:
        text = shown(action())
    except Exception as error:
        names = [c.__name__ for c in type(error).__mro__]
        text = f"! {names[0]}: {said(str(error))}"
    print(f"{label} -> {text}")


BINARY = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
AUGMENTED = {
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "/=": operator.itruediv,
    "//=": operator.ifloordiv,
    "%=": operator.imod,
    "**=": operator.ipow,
    "<<=": operator.ilshift,
    ">>=": operator.irshift,
    "&=": operator.iand,
    "|=": operator.ior,
    "^=": operator.ixor,
}
UNARY = {
    "-": operator.neg,
    "+": operator.pos,
    "~": operator.invert,
    "abs": abs,
    "not": operator.not_,
    "bool": bool,
    "int": int,
    "float": float,
    "index": operator.index,
    "hex": hex,
    "oct": oct,
    "str": str,
    "repr": repr,
    "len": len,
    "hash": lambda x: type(hash(x)),
    "list": list,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "min": lambda x: x.min,
    "max": lambda x: x.max,
    "signed": lambda x: x.signed(),
    "unsigned": lambda x: x.unsigned(),
    "bin": myhdl.bin,
    "bin8": lambda x: myhdl.bin(x, 8),
    "intbv": intbv,
    "modbv": modbv,
    "%d": lambda x: "%d" % x,
    "%s": lambda x: "%s" % x,
    "%x": lambda x: "%x" % x,
    "format": lambda x: f"{x}",
    "range": lambda x: list(range(x)[:3]),
    "reversed": lambda x: list(reversed(x)),
    "in": lambda x: 1 in x,
    "round": round,
    "divmod": lambda x: divmod(x, 3),
    "rdivmod": lambda x: divmod(100, x),
    "pow3": lambda x: pow(x, 2, 5),
    "type": lambda x: isinstance(x, intbv),
    "call": lambda x: x(1),
    "call2": lambda x: x(2, 0),
    "next": lambda x: x.next,
    "wrong": lambda x: x.no_such_attribute,
}

Colour = enum("RED", "GREEN", "BLUE")
Other = enum("RED", "GREEN", encoding="one_hot")
Cold = enum("A", "B", "C", encoding="one_cold")


def bounds():
    """Bounds of a random vector."""
    form = numbers.below(6)
    if form == 0:
        return 0, 2 ** numbers.between(1, 40)
    if form == 1:
        half = 2 ** numbers.between(1, 34)
        return -half, half
    if form == 2:
        return 0, numbers.between(1, 300)
    if form == 3:
        return numbers.between(-300, 0), numbers.between(1, 300)
    if form == 4:
        low = numbers.between(-50, 50)
        return low, low + numbers.between(1, 90)
    return 0, 2 ** numbers.between(60, 70)


def vector(kind_of=intbv):
    """Source text and maker of a vector."""
    form = numbers.below(10)
    name = kind_of.__name__
    if form == 0:
        value = numbers.between(-1000, 1000)
        return f"{name}({value})", lambda: kind_of(value)
    if form == 1:
        width = numbers.between(1, 12)
        value = numbers.below(2**width)
        return f"{name}({value})[{width}:]", lambda: kind_of(value)[width:]
    low, high = bounds()
    value = numbers.between(low, high)
    return f"{name}({value}, {low}, {high})", lambda: kind_of(value, min=low, max=high)


def operand():
    """Source text and maker of an operand."""
    form = numbers.below(20)
    if form < 6:
        return vector()
    if form < 9:
        return vector(modbv)
    if form < 12:
        text, make = vector(numbers.pick((intbv, modbv)))
        return f"Signal({text})", lambda: Signal(make())
    if form == 12:
        value = numbers.pick((False, True))
        return f"Signal({value})", lambda: Signal(value)
    if form == 13:
        value = numbers.between(-20, 200)
        return f"Signal({value})", lambda: Signal(value)
    if form == 14:
        value = numbers.below(2)
        return f"ResetSignal({value})", lambda: ResetSignal(value, active=0, isasync=True)
    if form == 15:
        value = numbers.pick((False, True))
        return f"{value}", lambda: value
    if form < 19:
        value = numbers.pick((0, 1, -1, 2, 3, 5, 7, numbers.between(-300, 300), numbers.between(-(2**70), 2**70)))
        return f"{value}", lambda: value
    text, value = numbers.pick((
        ("1.5", 1.5),
        ("'a'", "a"),
        ("None", None),
        ("[]", []),
        ("Colour.RED", Colour.RED),
        ("Signal(Colour.GREEN)", Signal(Colour.GREEN)),
    ))
    return text, lambda: value


def small():
    """An operand for exponents and shift counts."""
    value = numbers.between(-1, 12)
    form = numbers.below(4)
    if form == 0:
        return f"intbv({value})", lambda: intbv(value)
    if form == 1 and value in (0, 1):
        return f"Signal(bool({value}))", lambda: Signal(bool(value))
    if form == 2:
        return f"Signal(intbv({value}))", lambda: Signal(intbv(value))
    return f"{value}", lambda: value


def left_out(name, a, b):
    """Cases that differ by intent."""
    if name in ("&=", "|=", "^=", "<<=", ">>=") and isinstance(b(), SignalType):
        # MyHDL leaves a vector inside the vector: `intbv(intbv(6)[0:])[7:]`.
        return True
    if name in AUGMENTED and not is_number(b()):
        # The interpreter names the augmented operator there and the plain one here.
        return True
    if name in ("copy", "deepcopy", "call", "call2") and isinstance(a(), SignalType):
        # Copies of signals recurse without end there or give the bare value; slices outside of a signal and of
        # modbv have words and types of their own.
        return True
    if name in ("bin", "bin8") and not isinstance(a(), (int, intbv, SignalType)):
        return True
    # A slice of an enumeration's code, which MyHDL refuses in other words.
    return name in ("call", "call2", "list", "reversed", "in") and isinstance(a(), SignalType) and isinstance(a().val, EnumItemType)


def is_number(value):
    """Whether a value is an integer, or a signal that holds one."""
    if isinstance(value, SignalType):
        value = value.val
    return isinstance(value, (int, intbv))


def binary_operators(count):
    for _ in range(count):
        name = numbers.pick(list(BINARY))
        a_text, a = operand()
        b_text, b = small() if name in ("**", "<<", ">>") else operand()
        if name == "<<" and numbers.below(4) == 0:
            a_text, a, b_text, b = b_text, b, a_text, lambda: 3
            b_text = "3"
        if not left_out(name, a, b):
            show(f"{a_text} {name} {b_text}", lambda: BINARY[name](a(), b()))


def augmented_operators(count):
    for _ in range(count):
        name = numbers.pick(list(AUGMENTED))
        a_text, a = operand()
        b_text, b = small() if name in ("**=", "<<=", ">>=") else operand()

        def act():
            target = a()
            result = AUGMENTED[name](target, b())
            return [shown(result), result is target]

        if not left_out(name, a, b):
            show(f"{a_text} {name} {b_text}", act)


def unary_operators(count):
    for number in range(count):
        names = list(UNARY)
        name = names[number % len(names)]
        a_text, a = operand()
        if name in ("list", "reversed", "in") and isinstance(a(), SignalType):
            # A signal of an unsized vector has a bit for every index: these would not end.
            continue
        if not left_out(name, a, a):
            show(f"{name}({a_text})", lambda: UNARY[name](a()))


def constructors(count):
    for maker in (intbv, modbv):
        name = maker.__name__
        for _ in range(count):
            low, high = bounds()
            value = numbers.between(low - 5, high + 5)
            show(f"{name}({value}, {low}, {high})", lambda: maker(value, min=low, max=high))
            width = numbers.between(1, 20)
            show(f"{name}({value}, _nrbits={width})", lambda: maker(value, _nrbits=width))
            if maker is intbv:
                # MyHDL's modbv with one bound fails in a comparison with None.
                show(f"{name}({value}, min={low})", lambda: maker(value, min=low))
                show(f"{name}({value}, max={high})", lambda: maker(value, max=high))
            inner_text, inner = vector(numbers.pick((intbv, modbv)))
            show(f"{name}({inner_text})", lambda: maker(inner()))
            show(f"{name}({inner_text}, {low}, {high})", lambda: maker(inner(), min=low, max=high))
        for text in ("0", "1", "0101", "1111_0000", "", "2", "-1", "0b1", "1_", "00000000000000000001", "abc"):
            show(f"{name}({text!r})", lambda: maker(text))
        for text, value in (
            ("None", None),
            ("1.5", 1.5),
            ("[]", []),
            ("True", True),
            ("Signal(bool(1))", Signal(bool(1))),
            ("Signal(intbv(3)[4:])", Signal(intbv(3)[4:])),
            ("Signal(7)", Signal(7)),
            ("Colour.GREEN", Colour.GREEN),
        ):
            show(f"{name}({text})", lambda: maker(value))
        for low, high in ((0, 0), (5, 5), (0, 1), (-1, 0), (-1, 1), (-8, -4), (4, 8), (-8, 9), (None, None)):
            show(f"{name}(0, {low}, {high})", lambda: maker(0, min=low, max=high))
            show(f"{name}({low}, {low}, {high})", lambda: maker(low, min=low, max=high))
        show(f"{name}()", maker)
        show(f"{name}(1, 0, 8)", lambda: maker(1, 0, 8))
        show(f"{name}(1, intbv(0), Signal(8))", lambda: maker(1, intbv(0), intbv(8)))


def subscripts(count):
    for _ in range(count):
        a_text, a = operand()
        i, j = numbers.between(-2, 14), numbers.between(-2, 10)
        show(f"{a_text}[{i}]", lambda: a()[i])
        show(f"{a_text}[{i}:{j}]", lambda: a()[i:j])
        show(f"{a_text}[{i}:]", lambda: a()[i:])
        show(f"{a_text}[:{j}]", lambda: a()[:j])
        v_text, v = operand() if numbers.below(3) == 0 else small()
        while not is_number(v()):
            # MyHDL calls int() on whatever is assigned to a slice.
            v_text, v = operand()

        def set_bit():
            target = a()
            target[i] = v()
            return target

        def set_slice():
            target = a()
            target[i:j] = v()
            return target

        def set_top():
            target = a()
            target[i:] = v()
            return target

        def set_bottom():
            target = a()
            target[:j] = v()
            return target

        def set_all():
            target = a()
            target[:] = v()
            return target

        if isinstance(a(), list):
            continue
        show(f"{a_text}[{i}] = {v_text}", set_bit)
        show(f"{a_text}[{i}:{j}] = {v_text}", set_slice)
        show(f"{a_text}[{i}:] = {v_text}", set_top)
        show(f"{a_text}[:{j}] = {v_text}", set_bottom)
        show(f"{a_text}[:] = {v_text}", set_all)
    for i in (intbv(2), modbv(2)[4:], Signal(2), Signal(intbv(2)[4:]), True):
        show(f"intbv(0xa5)[8:][{i!r}]", lambda: intbv(0xA5)[8:][i])
        show(f"intbv(0xa5)[8:][{i!r}:0]", lambda: intbv(0xA5)[8:][i:0])
        show(f"intbv(0xa5)[8:][8:{i!r}]", lambda: intbv(0xA5)[8:][8:i])


def nexts(count):
    """`.next` of every kind of signal with every kind of value."""
    for _ in range(count):
        s_text, s = operand()
        while not isinstance(s(), SignalType):
            s_text, s = operand()
        v_text, v = operand() if numbers.below(2) else small()

        if isinstance(s().val, bool) and isinstance(v(), (EnumItemType, SignalType)):
            continue

        def act():
            target = s()
            target.next = v()
            return [shown(target), shown(target.next)]

        def in_place():
            target = s()
            target.next[3:0] = v()
            return [shown(target), shown(target.next)]

        def bit_in_place():
            target = s()
            target.next[1] = v()
            return [shown(target), shown(target.next)]

        show(f"{s_text}.next = {v_text}", act)
        if not is_number(v()):
            continue
        show(f"{s_text}.next[3:0] = {v_text}", in_place)
        show(f"{s_text}.next[1] = {v_text}", bit_in_place)


def signals():
    for text, value in (
        ("None", None),
        ("True", True),
        ("0", 0),
        ("'a'", "a"),
        ("1.5", 1.5),
        ("[1]", [1]),
        ("(1, 2)", (1, 2)),
        ("Colour.BLUE", Colour.BLUE),
        ("intbv(3)", intbv(3)),
        ("modbv(3)[4:]", modbv(3)[4:]),
    ):
        show(f"Signal({text})", lambda: Signal(value))
        show(f"Signal({text}).val", lambda: Signal(value).val)
        for name in ("val", "min", "max", "driven", "read", "next"):
            show(f"Signal({text}).{name}", lambda: getattr(Signal(value), name))
            for new in (False, True, "reg", "wire", "other", 3):
                show(f"Signal({text}).{name} = {new!r}", lambda: setattr(Signal(value), name, new))
        for new_text, new in (("2", 2), ("'b'", "b"), ("[2]", [2]), ("None", None), ("2.5", 2.5)):

            def act():
                target = Signal(value)
                target.next = new
                return [shown(target), shown(target.next)]

            show(f"Signal({text}).next = {new_text}", act)
    show("Signal()", Signal)
    show("Signal(0, delay=-1)", lambda: Signal(0, delay=-1))
    show("ResetSignal(0)", lambda: ResetSignal(0))
    show("ResetSignal(0, 0)", lambda: ResetSignal(0, 0))
    for value in (0, 1, True, False, 2, intbv(1)):
        show(f"ResetSignal({value!r}, active=1, isasync=False)", lambda: ResetSignal(value, active=1, isasync=False))
    reset = ResetSignal(1, active=0, isasync=True)
    show("active", lambda: reset.active)
    show("isasync", lambda: reset.isasync)
    show("isinstance", lambda: [isinstance(reset, SignalType), isinstance(Signal(0), SignalType)])
    show("posedge", lambda: kind(Signal(bool(0)).posedge) != "")


def enums():
    show("enum()", enum)
    show("enum('A')", lambda: enum("A"))
    show("enum(1)", lambda: enum(1))
    show("enum('A', 'A')", lambda: enum("A", "A"))
    show("enum('A', encoding='gray')", lambda: enum("A", encoding="gray"))
    show("enum('A', encoding=None)", lambda: enum("A", encoding=None))
    show("EnumType()", EnumType)
    show("EnumItemType()", EnumItemType)
    for name, of in (("Colour", Colour), ("Other", Other), ("Cold", Cold)):
        show(name, lambda: of)
        show(f"len({name})", lambda: len(of))
        show(f"{name}.NONE", lambda: of.NONE)
        show(f"{name}.RED = 1", lambda: setattr(of, "RED", 1))
        show(f"{name}.new = 1", lambda: setattr(of, "new", 1))
        show(f"type({name})", lambda: isinstance(of, EnumType))
    items = [Colour.RED, Colour.GREEN, Colour.BLUE, Other.RED, Other.GREEN, Cold.A, Cold.B, Cold.C]
    for a in items:
        for name in ("int", "hex", "oct", "index", "bool", "str", "repr", "copy", "deepcopy", "format", "%s", "%d", "-", "~"):
            show(f"{name}({a!r})", lambda: UNARY[name](a))
        show(f"hash({a!r})", lambda: hash(a) == hash(copy.copy(a)))
        show(f"{{{a!r}}}", lambda: {a: 1}[a])
        others = [*items, Signal(Colour.RED), Signal(Other.GREEN), 0, 1, None, "RED", intbv(0), Signal(0)]
        for b in others:
            for name in ("==", "!=", "<", ">=", "+", "&"):
                show(f"{a!r} {name} {b!r}", lambda: BINARY[name](a, b))
                show(f"{b!r} {name} {a!r}", lambda: BINARY[name](b, a))
        for b in others:

            def act():
                target = Signal(a)
                target.next = b
                return [shown(target), shown(target.next)]

            show(f"Signal({a!r}).next = {b!r}", act)
        for name in UNARY:
            if not left_out(name, lambda: Signal(a), None):
                show(f"{name}(Signal({a!r}))", lambda: UNARY[name](Signal(a)))


def functions(count):
    for _ in range(count):
        picked = [operand() for _ in range(numbers.between(2, 5))]
        text = ", ".join(t for t, _ in picked)
        if numbers_of(picked[0][1]()) < 0 or not all(is_number(make()) for _, make in picked):
            # A negative first operand with a width, which has bits here, is out of the result's range there.
            continue
        show(f"concat({text})", lambda: concat(*(make() for _, make in picked)))
        low, high = bounds()
        sized = intbv(numbers.between(low, high), min=low, max=high)
        text = numbers.pick(("0", "1", "10", "0011"))
        flag = numbers.pick((False, True))
        first = numbers.pick((sized, text, flag, 5, -3, intbv(9)))
        if isinstance(first, intbv) and len(first) and first < 0:
            continue
        show(
            f"concat({first!r}, {sized!r}, {text!r}, {flag}, Signal)",
            lambda: concat(first, sized, text, flag, Signal(sized), Signal(flag)),
        )
        value, width = numbers.between(-600, 600), numbers.between(-3, 14)
        show(f"bin({value})", lambda: myhdl.bin(value))
        show(f"bin({value}, {width})", lambda: myhdl.bin(value, width))
        show(f"bin(intbv({value}), {width})", lambda: myhdl.bin(intbv(value), width))
        start, stop, step = numbers.between(-3, 12), numbers.between(-3, 8), numbers.between(-2, 4)
        show(f"downrange({start})", lambda: list(downrange(start)))
        show(f"downrange({start}, {stop})", lambda: list(downrange(start, stop)))
        show(f"downrange({start}, {stop}, {step})", lambda: list(downrange(start, stop, step)))
    for value in (0, 1, -1, True, intbv(3), Signal(3)):
        show(f"downrange({value!r})", lambda: list(downrange(value)))
        show(f"delay({value!r})", lambda: kind(delay(value)))
        show(f"bin({value!r})", lambda: myhdl.bin(value))
    show("concat()", concat)


def allowed(signal, value):
    """Whether a signal takes a value: one that MyHDL refuses becomes the next value all the same."""
    try:
        trial = Signal(copy.copy(signal.val))
        trial.next = value
    except Exception:
        return False
    return True


def numbers_of(value):
    """The number in a value; -1 for what is none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return -1


@block
def bench():
    """The same in a simulation, where values change."""
    picked = []
    for _ in range(60):
        text, make = operand()
        if isinstance(make(), SignalType) and make().val is not None:
            picked.append((text, make()))

    @instance
    def stimulus():
        for step in range(40):
            for text, signal in picked:
                value_text, value = operand() if numbers.below(3) == 0 else small()
                form = numbers.below(3)
                if not is_number(value()):
                    continue
                if form and (0 < len(signal) < 3 or not 0 <= numbers_of(value()) < 2):
                    # An assignment in place that MyHDL refuses has changed the value already.
                    form = 0
                if form == 0 and not allowed(signal, value()):
                    continue
                try:
                    if form == 0:
                        signal.next = value()
                    elif form == 1:
                        signal.next[2:] = value()
                    else:
                        signal.next[1] = value()
                except Exception as error:
                    print(f"{text}: {form} {value_text} ! {type(error).__name__}: {said(str(error))}")
                print(f"{text}: {form} {value_text} -> {shown(signal)} then {shown(signal.next)}")
            yield delay(1)
            for text, signal in picked:
                print(f"{step} {text}: {shown(signal)}")
                other_text, other = operand()
                name = numbers.pick(list(BINARY))
                # A vector that was assigned a bool holds one there, which messages about other types name.
                if name not in ("**", "<<", ">>") and is_number(other()):
                    show(f"{step} {text} {name} {other_text}", lambda: BINARY[name](signal, other()))
        raise StopSimulation

    return stimulus


constructors(60)
binary_operators(3000)
augmented_operators(1500)
unary_operators(1500)
subscripts(250)
nexts(500)
signals()
enums()
functions(150)
bench().run_sim(quiet=1)
