"""Processes: the decorators that make a function into one, and what belongs to them."""

from __future__ import annotations

import sys
import types

from pyhdl import _block, _portable
from pyhdl._core import Edge, EnumItemType, ResetSignal, SignalType, delay, intbv
from pyhdl._cosimulation import Cosimulation
from pyhdl._errors import AlwaysCombError, AlwaysError, AlwaysSeqError, InstanceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any, TypeGuard

    from pyhdl._inspection import Analysis

_GENERATOR = 0x20


class Process:
    """A function that a decorator made into a process of a block.

    Attributes:
        kind: ``instance``, ``always``, ``always_comb`` or ``always_seq``.
        func: The function.
        senslist: What ``always`` waits for.
        edge: The clock edge of ``always_seq``.
        reset: The reset signal of ``always_seq``, or None.
        callername: The function in which the decorator stands.
        modctxt: Whether that is a block function.
    """

    def __init__(
        self,
        kind: str,
        func: types.FunctionType,
        senslist: tuple[Any, ...] = (),
        edge: Edge | None = None,
        reset: SignalType | None = None,
    ) -> None:
        self.kind = kind
        self.func = func
        self.name = func.__name__
        self.senslist = senslist
        self.edge = edge
        self.reset = reset
        self.callername = ""
        self.modctxt = False
        self._gen: Generator[Any, None, None] | None = None
        #: What the variables outside of the function that it changes began with, for a reset.
        self._first: dict[str, Any] = _changed(func) if reset is not None else {}

    @property
    def gen(self) -> Generator[Any, None, None]:
        """The process as a generator."""
        if self._gen is None:
            self._gen = self.func() if self.kind == "instance" else self._run()
        return self._gen

    def _run(self) -> Generator[Any, None, None]:
        """Wait and run, again and again."""
        wait = self._waits_for()
        if self.kind == "always_comb":
            self.func()
        while True:
            yield wait
            if self._in_reset():
                for name in self.outputs:
                    for signal in _signals(self.symdict[name]):
                        signal.next = signal._init
                self.reset_variables()
            else:
                self.func()

    def _waits_for(self) -> tuple[Any, ...]:
        if self.kind == "always_comb":
            return tuple(signal for name in self.inputs for signal in _signals(self.symdict[name]))
        if self.kind == "always":
            return self.senslist
        reset = self.reset
        if reset is None or not reset.isasync:
            return (self.edge,)
        return (self.edge, reset.posedge if reset.active else reset.negedge)

    def _in_reset(self) -> bool:
        return self.reset is not None and bool(self.reset.val) == bool(self.reset.active)

    def reset_variables(self) -> None:
        """Give the variables outside of the function that it changes the values that they began with."""
        cells = dict(zip(self.func.__code__.co_freevars, self.func.__closure__ or (), strict=False))
        for name, first in self._first.items():
            cell = cells[name]
            if isinstance(first, intbv):
                cell.cell_contents[:] = first
            else:
                cell.cell_contents = first

    @property
    def analysis(self) -> Analysis:
        """What the function reads and drives, by its source."""
        from pyhdl._inspection import analysis

        return analysis(self.func)

    @property
    def ast(self) -> Any:
        """The function's syntax tree; None where there is no source."""
        return self.analysis.ast

    @property
    def symdict(self) -> dict[str, Any]:
        """The names that the function can see outside of itself."""
        return self.analysis.symdict

    @property
    def sigdict(self) -> dict[str, Any]:
        """Those of them that are signals."""
        return self.analysis.sigdict

    @property
    def losdict(self) -> dict[str, Any]:
        """Those of them that are lists of signals."""
        return self.analysis.losdict

    @property
    def inputs(self) -> set[str]:
        """The names of the signals that it reads."""
        return self.analysis.inputs

    @property
    def outputs(self) -> set[str]:
        """The names of the signals that it drives."""
        return self.analysis.outputs

    @property
    def inouts(self) -> set[str]:
        """The names of the signals that it drives and reads in one assignment."""
        return self.analysis.inouts

    @property
    def waiter(self) -> Any:
        """What the process waits for between its runs; None for an ``instance``, which says so itself."""
        return None if self.kind == "instance" else self._waits_for()

    @property
    def genfunc(self) -> types.FunctionType:
        """The generator function of an ``instance`` process."""
        return self.func

    def __repr__(self) -> str:
        return f"<{self.kind} process {self.name}>"


def _signals(value: Any) -> list[Any]:
    """A signal, or those of a list."""
    return value if isinstance(value, list) else [value]


def _rebinds(code: types.CodeType) -> bool:
    """Whether a function may give a variable outside of it another value."""
    import opcode

    stores = (opcode.opmap["STORE_DEREF"], opcode.opmap["STORE_GLOBAL"], opcode.opmap["DELETE_DEREF"])
    return any(operation in stores for operation in code.co_code[::2])


def _changed(func: types.FunctionType) -> dict[str, Any]:
    """The values that the variables outside of a function that it changes have now."""
    found: dict[str, Any] = {}
    rebinds = _rebinds(func.__code__)
    for name, cell in zip(func.__code__.co_freevars, func.__closure__ or (), strict=False):
        try:
            value = cell.cell_contents
        except ValueError:
            continue
        if not isinstance(value, intbv) and not (rebinds and isinstance(value, (bool, int, EnumItemType))):
            continue
        from pyhdl._inspection import analysis

        if name in analysis(func).mutated:
            import copy

            found[name] = copy.copy(value)
    return found


class Join:
    """Several clauses of a ``yield`` that must all have fired."""

    def __init__(self, *clauses: Any) -> None:
        self._join_clauses = clauses


def join(*clauses: Any) -> Join:
    """In a ``yield``: wait until all clauses have fired."""
    return Join(*clauses)


def _is_function(func: Any) -> TypeGuard[types.FunctionType]:
    return isinstance(func, types.FunctionType)


def _is_generator(func: types.FunctionType) -> bool:
    return bool(func.__code__.co_flags & _GENERATOR)


def _has_arguments(func: types.FunctionType) -> bool:
    code = func.__code__
    return bool(code.co_argcount + code.co_kwonlyargcount or code.co_flags & 0x0C)


def _placed(frame: types.FrameType, process: Process) -> Process:
    """The process with the function that it was made in."""
    _block.note_frame(frame)
    process.callername = frame.f_code.co_name
    process.modctxt = _block.is_open(frame)
    return process


def instance(func: Callable[[], Generator[Any, None, None]]) -> Process:
    """Make a generator function into a process that runs from the start of the simulation."""
    if not _is_function(func) or not _is_generator(func):
        raise InstanceError("decorated object should be a generator function")
    if _has_arguments(func):
        raise InstanceError("decorated generator function should not have arguments")
    return _placed(sys._getframe(1), Process("instance", func))


def always(*events: Any) -> Callable[[Callable[[], None]], Process]:
    """Make a function into a process that runs at the first of the events, again and again.

    Args:
        events: Signals (any change), edges (``clk.posedge``), delays.
    """
    for event in events:
        if not isinstance(event, (SignalType, Edge, delay)):
            raise AlwaysError("decorator argument should be a Signal, edge, or delay")
    if not events:
        raise AlwaysError("decorator argument should be a Signal, edge, or delay", "there is none")

    def decorate(func: Callable[[], None]) -> Process:
        if not _is_function(func) or _is_generator(func):
            raise AlwaysError("decorated object should be a classic (non-generator) function")
        if _has_arguments(func):
            raise AlwaysError("decorated function should not have arguments")
        return _placed(sys._getframe(1), Process("always", func, senslist=events))

    return decorate


def always_comb(func: Callable[[], None]) -> Process:
    """Make a function into combinational logic: it runs when a signal that it reads changes."""
    if not _is_function(func) or _is_generator(func):
        raise AlwaysCombError("always_comb argument should be a classic function")
    if _has_arguments(func):
        raise AlwaysCombError("always_comb argument should be a function without arguments")
    if _portable.enabled and _portable.embeds_function(func):
        raise AlwaysCombError("embedded functions in always_comb function argument not supported")
    return _placed(sys._getframe(1), Process("always_comb", func))


def always_seq(edge: Edge, reset: SignalType | None) -> Callable[[Callable[[], None]], Process]:
    """Make a function into clocked logic.

    Args:
        edge: The clock edge, ``clk.posedge`` or ``clk.negedge``.
        reset: A ``ResetSignal``, or None. While it is active, what the function drives has its initial value.
    """
    if not isinstance(edge, Edge):
        raise AlwaysSeqError("first argument should be an edge")
    if reset is not None and not isinstance(reset, ResetSignal):
        raise AlwaysSeqError("reset argument should be a ResetSignal")

    def decorate(func: Callable[[], None]) -> Process:
        if not _is_function(func) or _is_generator(func):
            raise AlwaysSeqError("decorated object should be a classic (non-generator) function")
        if _has_arguments(func):
            raise AlwaysSeqError("decorated function should not have arguments")
        return _placed(sys._getframe(1), Process("always_seq", func, edge=edge, reset=reset))

    return decorate


def _is_instance(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return bool(value) and all(_is_instance(v) for v in value)
    return isinstance(value, (Process, _block.Block, Cosimulation))


def instances() -> list[Any]:
    """All blocks and processes, and lists of them, among the caller's local variables."""
    return [value for value in sys._getframe(1).f_locals.values() if _is_instance(value)]
