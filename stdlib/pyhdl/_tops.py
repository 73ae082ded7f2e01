"""How the program finds the top of a file's design."""

from __future__ import annotations

import inspect
import re
from typing import Any

from pyhdl import _block, _core
from pyhdl._ports import is_port, parameters, signal_for

_BENCH = re.compile(r"(^|_)(bench|tb|test|testbench|sim)($|_|[0-9])|^test|bench$", re.IGNORECASE)

NO_TOP = 103
MANY_TOPS = 104


class _Intercepted(BaseException):
    """Carries the block whose simulation was about to start."""

    def __init__(self, design: _block.Block) -> None:
        self.design = design


class Candidate:
    """A block function of the file.

    Attributes:
        name: Its name.
        line: Where it is defined.
        free: It can be called without arguments.
        ported: Every parameter without a default is annotated as a port.
    """

    def __init__(self, name: str, func: Any) -> None:
        self.name = name
        self.func = func
        inner = inspect.unwrap(func)
        self.line = inner.__code__.co_firstlineno
        kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        self.parameters = [p for p in parameters(inner) if p.kind not in kinds]
        needed = [p for p in self.parameters if p.default is inspect.Parameter.empty]
        self.free = not needed
        self.ported = any(is_port(p.annotation) for p in self.parameters)
        self.ported = self.ported and all(is_port(p.annotation) for p in needed)
        #: Annotations that are still text could not be evaluated.
        self.unread = [p for p in needed if isinstance(p.annotation, str)]

    def call(self) -> _block.Block:
        """An instance, with new signals for the annotated parameters."""
        given = []
        named = {}
        for parameter in self.parameters:
            signal = signal_for(parameter.annotation)
            if parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
                given.append(parameter.default if signal is None else signal)
            elif signal is not None:
                named[parameter.name] = signal
        return self.func(*given, **named)

    @property
    def looks_like_bench(self) -> bool:
        """Whether the name says that this is a test bench."""
        return bool(_BENCH.search(self.name))


def candidates(namespace: dict[str, Any], file: str) -> list[Candidate]:
    """The block functions that a file defines, in the order of their definition."""
    found = []
    for name, value in namespace.items():
        if getattr(value, "is_pyhdl_block", False):
            code = getattr(inspect.unwrap(value), "__code__", None)
            if code is not None and code.co_filename == file and inspect.unwrap(value).__name__ == name:
                found.append(Candidate(name, value))
    return sorted(found, key=lambda c: c.line)


def _listing(found: list[Candidate]) -> str:
    return ", ".join(f"`{c.name}` (line {c.line})" for c in found)


def _error(code: int, message: str, help: str, file: str, line: int = 0) -> Exception:
    return _core.diagnostic_error(code, message, help, file, line)


def find_bench(namespace: dict[str, Any], file: str, top: str | None) -> _block.Block:
    """The test bench to simulate: the one named, or the only one there is.

    Raises:
        DiagnosticError: There is none, or there are several.
    """
    found = candidates(namespace, file)
    if not found:
        raise _error(NO_TOP, "this file has no block", "put @block above the function that describes hardware", file)
    if top is not None:
        for candidate in found:
            if candidate.name == top:
                if candidate.free or candidate.ported:
                    return candidate.call()
                needed = ", ".join(p.name for p in candidate.parameters if p.default is p.empty)
                help = f"annotate its parameters ({needed}) as ports, or name a test bench without parameters"
                raise _error(NO_TOP, f"the block `{top}` needs arguments", help, file, candidate.line)
        raise _error(NO_TOP, f"this file has no block `{top}`", f"it has {_listing(found)}", file)
    free = [c for c in found if c.free and not c.ported]
    benches = free if len(free) == 1 else [c for c in free if c.looks_like_bench]
    if len(benches) == 1:
        return benches[0].call()
    if not free:
        ported = [c for c in found if c.ported]
        if len(ported) == 1:
            return ported[0].call()
        help = f"write a block without parameters that makes the signals; the file has {_listing(found)}"
        raise _error(NO_TOP, "this file has no test bench: no block without parameters", help, file)
    help = f"choose one with --top: {_listing(benches or free)}"
    raise _error(MANY_TOPS, "several blocks could be the test bench", help, file)


def intercept(design: _block.Block) -> None:
    """Leave the script at the point where it would simulate."""
    raise _Intercepted(design)


def instances(design: _block.Block) -> list[tuple[str, _block.Block]]:
    """All blocks under a block with their function names, outermost first."""
    found: list[tuple[str, _block.Block]] = []
    level = [design]
    while level:
        inner = [sub for d in level for sub in d.subs if isinstance(sub, _block.Block)]
        found.extend((sub.block_name, sub) for sub in inner)
        level = inner
    return found


def find_root(namespace: dict[str, Any], file: str, top: str | None) -> _block.Block | None:
    """What to elaborate for HDL: the test bench, or the block that is named; None where the script must run.

    Raises:
        DiagnosticError: There is nothing to elaborate, or there is too much.
    """
    found = candidates(namespace, file)
    if not found:
        raise _error(NO_TOP, "this file has no block", "put @block above the function that describes hardware", file)
    by_name = {c.name: c for c in found}
    if top is not None and top in by_name and (by_name[top].free or by_name[top].ported):
        return by_name[top].call()
    if top is None:
        ported = [c for c in found if c.ported]
        free = [c for c in found if c.free and not c.ported]
        if not free and len(ported) == 1:
            return ported[0].call()
    benches = [c for c in found if c.free and not c.ported]
    if not benches:
        return None
    if top is None or len(benches) == 1:
        return find_bench(namespace, file, None)
    return _bench_with(benches, top, file) or find_bench(namespace, file, None)


def _bench_with(benches: list[Candidate], top: str, file: str) -> _block.Block | None:
    """The test bench in which a block is instantiated.

    Raises:
        DiagnosticError: There are several.
    """
    elaborated = [(bench, bench.call()) for bench in benches]
    having = [(bench, design) for bench, design in elaborated if any(name == top for name, _ in instances(design))]
    likely = [pair for pair in having if pair[0].looks_like_bench]
    if len(having) > 1 and len(likely) != 1:
        message = f"several test benches instantiate `{top}`"
        raise _error(MANY_TOPS, message, f"choose one with --top: {_listing([b for b, _ in having])}", file)
    chosen = likely if len(having) > 1 else having
    return chosen[0][1] if chosen else None


def elaborate_script(run: Any, namespace: dict[str, Any], file: str, top: str | None) -> _block.Block:
    """Run the script up to the first simulation that it starts, and return what it would simulate.

    Raises:
        DiagnosticError: It starts none.
    """
    _block.intercept_run = intercept
    try:
        run()
    except _Intercepted as caught:
        return caught.design
    finally:
        _block.intercept_run = None
    found = candidates(namespace, file)
    if top is not None:
        return find_bench(namespace, file, top)
    ported = [c for c in found if c.ported]
    if len(ported) > 1:
        raise _error(MANY_TOPS, "several blocks could be the top", f"choose one with --top: {_listing(ported)}", file)
    for candidate in found:
        if candidate.unread:
            text = candidate.unread[0].annotation
            message = f"the annotation `{text}` of `{candidate.name}` has no meaning here"
            raise _error(NO_TOP, message, "use names that the file defines or imports", file, candidate.line)
    help = f"write a block without parameters, or annotate the parameters as ports; the file has {_listing(found)}"
    message = "this file has no test bench: no block without parameters, and it starts no simulation"
    raise _error(NO_TOP, message, help, file)
