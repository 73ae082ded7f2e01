"""Portable mode: what MyHDL does not take is refused, for designs that both have to convert."""

from __future__ import annotations

import types

from pyhdl import _core
from pyhdl._core import SignalType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pyhdl._block import Block

enabled = False

_NOT_PORTABLE = 320


def set_portable(on: bool = True) -> None:
    """Refuse, from now on, what MyHDL does not take. See the book's page on compatibility."""
    global enabled
    enabled = on
    _core.set_portable(on)


def embeds_function(func: types.FunctionType) -> bool:
    """Whether a function defines another one."""
    inner = (constant for constant in func.__code__.co_consts if isinstance(constant, types.CodeType))
    return any(not code.co_name.startswith("<") for code in inner)


def _processes(design: Block) -> Iterator[tuple[Block, Any]]:
    from pyhdl._block import Block

    level = [design]
    while level:
        for block in level:
            yield from ((block, sub) for sub in block.subs if not isinstance(sub, Block))
        level = [sub for block in level for sub in block.subs if isinstance(sub, Block)]


def check(design: Block) -> None:
    """Refuse local variables of processes that have the name of a signal around them.

    Raises:
        DiagnosticError: There is one.
    """
    if not enabled:
        return
    function = design.func
    owner = function.__qualname__.rpartition(".")[0] if hasattr(function, "__qualname__") else ""
    code = getattr(function, "__code__", None)
    if owner and not owner.endswith("<locals>") and code is not None and code.co_varnames[:1] != ("self",):
        message = "MyHDL does not convert a method whose first parameter is not called `self`"
        place = (code.co_filename, code.co_firstlineno)
        raise _core.diagnostic_error(_NOT_PORTABLE, message, "call it `self`", *place)
    for block, process in _processes(design):
        func = getattr(process, "func", None)
        if func is None:
            continue
        for name in func.__code__.co_varnames:
            around = block.symdict.get(name, func.__globals__.get(name))
            if isinstance(around, SignalType):
                message = f"MyHDL does not convert a local variable with the name of a signal: `{name}`"
                place = (func.__code__.co_filename, func.__code__.co_firstlineno)
                kind = "Variable has same name as a hierarchical Signal"
                raise _core.diagnostic_error(_NOT_PORTABLE, message, "use another name", *place, kind)
