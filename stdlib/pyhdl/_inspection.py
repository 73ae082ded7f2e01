"""What a process reads and drives, by its source: for programs that look at processes."""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
import types

from pyhdl._block import is_list_of_signals
from pyhdl._core import Constant, SignalType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Analysis:
    """What the names of a function mean, and what it does with those that are signals.

    Attributes:
        symdict: The names that it can see outside of itself.
        sigdict: Those that it uses and that are signals.
        losdict: Those that it uses and that are lists of signals.
        inputs: The names of the signals that it reads.
        outputs: The names of the signals that it drives.
        inouts: The names of the signals that it both drives and reads in one assignment.
        mutated: The names of other objects that it changes in place or rebinds.
        ast: Its syntax tree; None where there is no source.
    """

    def __init__(self, func: types.FunctionType) -> None:
        self.symdict: dict[str, Any] = dict(func.__globals__)
        for name, cell in zip(func.__code__.co_freevars, func.__closure__ or (), strict=False):
            try:
                self.symdict[name] = cell.cell_contents
            except ValueError:
                continue
        used = {name: self.symdict[name] for name in sorted(_names(func.__code__)) if name in self.symdict}
        self.sigdict = {name: value for name, value in used.items() if isinstance(value, SignalType)}
        self.losdict = {name: value for name, value in used.items() if is_list_of_signals(value)}
        self.inputs: set[str] = set()
        self.outputs: set[str] = set()
        self.inouts: set[str] = set()
        self.mutated: set[str] = set()
        self._local = set(func.__code__.co_varnames) | set(func.__code__.co_cellvars)
        self.ast: ast.Module | None = None
        try:
            self.ast = ast.parse(textwrap.dedent(inspect.getsource(func)))
        except (OSError, TypeError, SyntaxError):
            return
        for statement in getattr(self.ast.body[0], "body", []):
            self._visit(statement)

    def _is_signal(self, name: str) -> bool:
        return name not in self._local and (name in self.sigdict or name in self.losdict)

    def _visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.If) and _is_debug(node):
            return
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                self._target(target, isinstance(node, ast.AugAssign))
            if node.value is not None:
                self._visit(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len":
            # The width of a signal is not its value.
            return
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            self.mutated.update(node.names)
        elif isinstance(node, ast.Name):
            if self._is_signal(node.id) and not isinstance(self.sigdict.get(node.id), Constant):
                self.inputs.add(node.id)
        else:
            for child in ast.iter_child_nodes(node):
                self._visit(child)

    def _target(self, node: ast.AST, augmented: bool) -> None:
        """What is assigned; indices are read."""
        if isinstance(node, (ast.Tuple, ast.List)):
            for element in node.elts:
                self._target(element, augmented)
            return
        in_place = augmented
        while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
            if isinstance(node, ast.Subscript):
                in_place = True
                self._visit(node.slice)
            node = node.value
        if not isinstance(node, ast.Name):
            return
        if self._is_signal(node.id):
            (self.inouts if augmented else self.outputs).add(node.id)
        elif in_place and node.id not in self._local:
            self.mutated.add(node.id)


def _names(code: types.CodeType) -> set[str]:
    """The names outside of a function that it, or a function inside it, uses."""
    names = {*code.co_freevars, *code.co_names}
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _names(constant)
    return names


def _is_debug(node: ast.If) -> bool:
    return isinstance(node.test, ast.Name) and node.test.id == "__debug__" and not node.orelse


@functools.lru_cache(maxsize=256)
def analysis(func: types.FunctionType) -> Analysis:
    """What a function reads and drives."""
    return Analysis(func)
