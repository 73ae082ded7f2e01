"""Hierarchy of designs in the old function style: functions without ``@block`` that return processes."""

from __future__ import annotations

import sys
import warnings

from pyhdl import _block
from pyhdl._cosimulation import Cosimulation
from pyhdl._errors import ExtractHierarchyError
from pyhdl._process import Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from collections.abc import Iterator
    from typing import Any

_GENERATOR = 0x20


class _Call:
    """A call of a function that returned processes, with such calls inside it."""

    def __init__(self, frame: types.FrameType, returned: Any, calls: list[_Call]) -> None:
        self.code = frame.f_code
        self.namespace = _block.namespace(frame.f_code, frame)
        self.returned = returned
        self.calls = calls


def _is_design(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(_is_design(element) for element in value)
    return isinstance(value, (Process, _block.Block, Cosimulation))


def _is_design_function(frame: types.FrameType) -> bool:
    code = frame.f_code
    own = frame.f_globals.get("__name__", "").partition(".")[0] == "pyhdl"
    return not (own or code.co_flags & _GENERATOR or code.co_name.startswith("<"))


class _Recorder:
    """A profile function that records which functions return processes."""

    def __init__(self) -> None:
        #: For each function that runs, the recorded calls inside it.
        self.open: list[list[_Call]] = [[]]

    def __call__(self, frame: types.FrameType, event: str, arg: Any) -> None:
        if event == "call":
            self.open.append([])
        elif event == "return" and len(self.open) > 1:
            calls = self.open.pop()
            if arg is not None and _is_design_function(frame) and _is_design(arg):
                calls = [_Call(frame, arg, calls)]
            self.open[-1].extend(calls)


def extract(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _block.Block:
    """Call a function without ``@block``, and make blocks of it and of the functions inside it that return processes.

    Raises:
        ExtractHierarchyError: It returns no processes.
    """
    recorder = _Recorder()
    before = sys.getprofile()
    sys.setprofile(recorder)
    try:
        returned = func(*args, **kwargs)
    finally:
        sys.setprofile(before)
    if isinstance(returned, _block.Block):
        return returned
    calls = [call for call in recorder.open[0] if call.returned is returned]
    if not calls:
        raise ExtractHierarchyError("No instances found", str(getattr(func, "__name__", func)))
    return _as_block(calls[-1], func, args, kwargs)


def _as_block(top: _Call, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _block.Block:
    """The block of a call, with those of the calls inside it in place of what they returned."""
    made: dict[int, _block.Block] = {}
    # Callees first, without recursion: hierarchies can be deeper than the stack.
    order = [top]
    for call in order:
        order.extend(call.calls)
    for call in reversed(order):
        of = {id(inner.returned): made[id(inner)] for inner in call.calls}
        subs = list(_replaced(call.returned, of))
        names, params = call.namespace
        # The names of lists that were returned are the names of the instances.
        names = {name: of.get(id(value), value) for name, value in names.items()}
        if call is top:
            made[id(call)] = _block.Block.assembled(func, args, kwargs, (names, params), subs)
        else:
            described = _Described(call.code)
            made[id(call)] = _block.Block.assembled(described, (), {}, (names, params), subs)
    return made[id(top)]


class _Described:
    """What a block needs to know of a function whose object is not at hand."""

    def __init__(self, code: types.CodeType) -> None:
        self.__name__ = code.co_name
        self.__code__ = code
        doc = code.co_consts[0] if code.co_consts else None
        self.__doc__ = doc if isinstance(doc, str) else None


def _replaced(value: Any, of: dict[int, _block.Block]) -> Iterator[Any]:
    """The processes and blocks in what a function returned."""
    if id(value) in of:
        yield of[id(value)]
    elif isinstance(value, (list, tuple, set)):
        for element in value:
            yield from _replaced(element, of)
    else:
        yield value


def deprecated(caller: str) -> None:
    """Say that a function without ``@block`` was given where a block belongs."""
    text = f"{caller}: Deprecated usage: See http://dev.myhdl.org/meps/mep-114.html"
    warnings.warn(f"\n    {text}", DeprecationWarning, stacklevel=4)


def elaborated(design: Any, args: tuple[Any, ...], kwargs: dict[str, Any], caller: str) -> _block.Block:
    """The block that a call like ``toVerilog(design, *args)`` is about.

    Raises:
        ExtractHierarchyError: A function without ``@block`` returns no processes.
    """
    if isinstance(design, _block.Block):
        return design
    if getattr(design, "is_pyhdl_block", False):
        return design(*args, **kwargs)
    deprecated(caller)
    return extract(design, args, kwargs)
