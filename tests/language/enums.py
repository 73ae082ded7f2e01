"""Enumerations: their literals, encodings, comparisons, and what is refused."""

import copy
import operator

from myhdl import *

from report import attempt

BINARY = enum("IDLE", "RUN", "STOP", "DONE", "LOST")
HOT = enum("A", "B", "C", encoding="one_hot")
COLD = enum("A", "B", "C", encoding="one_cold")
ONE = enum("ONLY")


def set_attribute(target, name, value):
    setattr(target, name, value)


for kind in (BINARY, HOT, COLD, ONE):
    print(str(kind), repr(kind), len(kind), isinstance(kind, EnumType))
    for name in ("IDLE", "A", "B", "C", "ONLY", "LOST"):
        item = getattr(kind, name, None)
        if item is None:
            print("no", name)
            continue
        print(name, str(item), repr(item), isinstance(item, EnumItemType), hash(item) == hash(item))
        s = Signal(item)
        print(len(s), s.min, s.max, s)
    attempt("assign", lambda: set_attribute(kind, "A", 1))
    attempt("assign new", lambda: set_attribute(kind, "NEW", 1))
for name in ("eq", "ne", "lt", "le", "gt", "ge"):
    action = getattr(operator, name)
    for right in (HOT.A, HOT.B, COLD.A, Signal(HOT.A), Signal(COLD.A), 1, "A", None):
        attempt(f"{name} {right!r}", lambda: action(HOT.A, right))
for arguments, options in ((("A", "A"), {}), ((), {}), (("A", "B"), {"encoding": "gray"}), (("A", "B"), {"encoding": "binary"})):
    attempt(f"enum{arguments} {options}", lambda: enum(*arguments, **options))
for action in (lambda: enum("A", 1), lambda: EnumType(), lambda: EnumItemType()):
    try:
        action()
    except TypeError:
        print("refused")
print(copy.copy(HOT.A) is HOT.A, copy.deepcopy(HOT.A) is HOT.A)
print({BINARY.RUN: 1}[BINARY.RUN])


@block
def machine():
    state = Signal(BINARY.IDLE)
    clock = Signal(False)

    @always(delay(5))
    def tick():
        clock.next = not clock

    @always(clock.posedge)
    def step():
        if state == BINARY.IDLE:
            state.next = BINARY.RUN
        elif state == BINARY.RUN:
            state.next = BINARY.STOP
        elif state == BINARY.STOP:
            state.next = BINARY.DONE
        else:
            state.next = BINARY.IDLE

    @always(state)
    def show():
        print(now(), state, state == BINARY.RUN, state != BINARY.RUN, state.val in (BINARY.STOP, BINARY.DONE))

    return instances()


machine().run_sim(70, quiet=1)
