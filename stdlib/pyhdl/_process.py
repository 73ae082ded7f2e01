"""Processes: the decorators that make a function into one, and what belongs to them."""

from __future__ import annotations

import sys
import types

from pyhdl import _block, _portable
from pyhdl._cosimulation import Cosimulation
from pyhdl._core import Edge, ResetSignal, SignalType, delay
from pyhdl._errors import AlwaysCombError, AlwaysError, AlwaysSeqError, InstanceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any, TypeGuard

_GENERATOR = 0x20


class Process:
    """A function that a decorator made into a process of a block.

    Attributes:
        kind: ``instance``, ``always``, ``always_comb`` or ``always_seq``.
        func: The function.
        senslist: What ``always`` waits for.
        edge: The clock edge of ``always_seq``.
        reset: The reset signal of ``always_seq``, or None.
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
        self._gen: Generator[Any, None, None] | None = None

    @property
    def gen(self) -> Generator[Any, None, None]:
        """The generator of an ``instance`` process."""
        if self._gen is None:
            self._gen = self.func()
        return self._gen

    def __repr__(self) -> str:
        return f"<{self.kind} process {self.name}>"


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


def instance(func: Callable[[], Generator[Any, None, None]]) -> Process:
    """Make a generator function into a process that runs from the start of the simulation."""
    if not _is_function(func) or not _is_generator(func):
        raise InstanceError("decorated object should be a generator function")
    if _has_arguments(func):
        raise InstanceError("decorated generator function should not have arguments")
    _block.note_frame(sys._getframe(1))
    return Process("instance", func)


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
        _block.note_frame(sys._getframe(1))
        return Process("always", func, senslist=events)

    return decorate


def always_comb(func: Callable[[], None]) -> Process:
    """Make a function into combinational logic: it runs when a signal that it reads changes."""
    if not _is_function(func) or _is_generator(func):
        raise AlwaysCombError("always_comb argument should be a classic function")
    if _has_arguments(func):
        raise AlwaysCombError("always_comb argument should be a function without arguments")
    if _portable.enabled and _portable.embeds_function(func):
        raise AlwaysCombError("embedded functions in always_comb function argument not supported")
    _block.note_frame(sys._getframe(1))
    return Process("always_comb", func)


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
        _block.note_frame(sys._getframe(1))
        return Process("always_seq", func, edge=edge, reset=reset)

    return decorate


def _is_instance(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return bool(value) and all(_is_instance(v) for v in value)
    return isinstance(value, (Process, _block.Block, Cosimulation))


def instances() -> list[Any]:
    """All blocks and processes, and lists of them, among the caller's local variables."""
    return [value for value in sys._getframe(1).f_locals.values() if _is_instance(value)]
