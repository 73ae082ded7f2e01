"""Annotations of a block's parameters: with them a block can be a top by itself, without a test bench.

``clk: Clock``, ``rst: Reset(active=0, isasync=True)``, ``d: In[8]`` (8 bits, unsigned), ``x: In[-8, 8]`` (bounds,
the upper one excluded), ``en: In[bool]``, ``state: Out[t_state]``, ``q: Out[8]``.
"""

from __future__ import annotations

import functools

from pyhdl._core import EnumType, ResetSignal, Signal, SignalType, intbv

TYPE_CHECKING = False
if TYPE_CHECKING:
    import inspect
    from typing import Any


class _Direction:
    """``In[...]`` or ``Out[...]``."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getitem__(self, shape: Any) -> Port:
        return Port(self._name, shape)

    def __repr__(self) -> str:
        return self._name


class Port:
    """A direction and a shape.

    Attributes:
        direction: ``In`` or ``Out``.
        shape: A number of bits, a pair of bounds, ``bool``, or an enumeration.
    """

    def __init__(self, direction: str, shape: Any) -> None:
        self.direction = direction
        self.shape = shape
        ok = shape is bool or (isinstance(shape, EnumType) and len(dir(shape)) > 0)
        ok = ok or (isinstance(shape, int) and not isinstance(shape, bool) and shape > 0)
        if isinstance(shape, tuple):
            ok = len(shape) == 2 and all(isinstance(b, int) for b in shape) and shape[0] < shape[1]
        if not ok:
            raise TypeError(f"{direction}[{shape!r}]: write a number of bits, two bounds, bool, or an enum")

    def signal(self) -> SignalType:
        """A new signal of this shape."""
        shape = self.shape
        if shape is bool:
            return Signal(bool(0))
        if isinstance(shape, EnumType):
            return Signal(getattr(shape, dir(shape)[0]))
        if isinstance(shape, tuple):
            low, high = shape
            return Signal(intbv(0 if low <= 0 < high else low, min=low, max=high))
        return Signal(intbv(0)[shape:])

    def __repr__(self) -> str:
        return f"{self.direction}[{self.shape!r}]"


class Clock:
    """A clock: a bool input."""

    @staticmethod
    def signal() -> SignalType:
        """A new clock signal."""
        return Signal(bool(0))


class Reset:
    """A reset input.

    Args:
        active: The level at which it resets.
        isasync: Whether it acts at once, not at the next clock edge.

    Raises:
        ValueError: The active level is neither 0 nor 1.
    """

    def __init__(self, active: int = 1, isasync: bool = False) -> None:
        if active not in (0, 1):
            raise ValueError(f"Reset(active={active!r}): the active level is 0 or 1")
        self.active = active
        self.isasync = isasync

    def signal(self) -> SignalType:
        """A new reset signal, not active."""
        return ResetSignal(not self.active, active=self.active, isasync=self.isasync)


In = _Direction("In")
Out = _Direction("Out")


def parameters(func: Any) -> list[inspect.Parameter]:
    """A function's parameters, with annotations that are strings evaluated where that is possible."""
    import inspect

    try:
        return list(inspect.signature(func, eval_str=True).parameters.values())
    except Exception:
        return list(inspect.signature(func).parameters.values())


@functools.lru_cache(maxsize=1024)
def directions(func: Any) -> tuple[tuple[str, bool], ...]:
    """The parameters that are annotated as ports, and whether each is an output."""
    found = []
    for parameter in parameters(func):
        if is_port(parameter.annotation):
            annotation = parameter.annotation
            found.append((parameter.name, isinstance(annotation, Port) and annotation.direction == "Out"))
    return tuple(found)


def is_port(annotation: Any) -> bool:
    """Whether an annotation says what signal belongs there."""
    return annotation is Clock or annotation is Reset or isinstance(annotation, (Clock, Port, Reset))


def signal_for(annotation: Any) -> SignalType | None:
    """A signal for an annotated parameter; None where the annotation says nothing about signals."""
    if not is_port(annotation):
        return None
    return Reset().signal() if annotation is Reset else annotation.signal()
