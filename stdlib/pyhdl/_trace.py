"""Waves."""

from __future__ import annotations

import os

from pyhdl import _core, _hierarchy
from pyhdl._block import Block
from pyhdl._errors import TraceSignalsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any


class _TraceSignals:
    """Called with a block: its simulation writes waves. The attributes are the options.

    Attributes:
        name: What the outermost scope is called; None for the block's name.
        directory: The folder of the file; None for the current one.
        filename: The file's name without its ending; None for the block's name.
        timescale: What a time step is, like ``1ns``.
        tracelists: Also the signals of lists.
        tracebackup: Keep an older file under another name.
    """

    def __init__(self) -> None:
        self.name: str | None = None
        self.directory: str | None = None
        self.filename: str | None = None
        self.timescale = "1ns"
        self.tracelists = True
        self.tracebackup = True
        #: The blocks that are to be traced and have not been simulated yet.
        self._waiting: list[Block] = []

    def __call__(self, design: Any, *args: Any, **kwargs: Any) -> Block:
        """The block, whose simulation will write waves; for a block function, what it gives for the arguments.

        Raises:
            TraceSignalsError: There is nothing to trace.
            OSError: The file cannot be written.
        """
        if not isinstance(design, Block) and not callable(design):
            raise TraceSignalsError("traceSignals first argument should be a classic function", f"got {type(design)}")
        made = _hierarchy.elaborated(design, args, kwargs, "traceSignals()")
        self.trace(made)
        return made

    def trace(self, design: Block) -> None:
        """Make a block's simulation write waves. Blocks inside it that were to be traced no longer are."""
        inside = {id(block) for block in _blocks([design])}
        for block in [block for block in self._waiting if id(block) in inside]:
            self._waiting.remove(block)
            if block._trace is not None:
                if os.path.exists(block._trace["path"]):
                    os.remove(block._trace["path"])
                block._trace = None
        options = self._options(design)
        _core.start_waves(design, options["path"], options["timescale"], options["tracelists"], options["top"])
        design._trace = options
        self._waiting.append(design)

    def _options(self, design: Block) -> dict[str, Any]:
        """What the engine needs, with an existing file out of the way."""
        block = self.name or design.func.__name__
        path = os.path.join(os.path.abspath(self.directory or ""), f"{self.filename or block}.vcd")
        if self.tracebackup and os.path.exists(path):
            import shutil

            shutil.copyfile(path, f"{path[:-4]}.{os.path.getmtime(path)}.vcd")
        return {"path": path, "timescale": self.timescale, "tracelists": self.tracelists, "top": block}

    def started(self, engine: _core.Engine, parts: Iterable[Any]) -> None:
        """Let an engine write the waves of the blocks among the parts, and inside them, that are to be traced."""
        if not self._waiting:
            return
        for block in _blocks(parts):
            if block._trace is not None and block in self._waiting:
                engine.trace(**block._trace, block=block)
                self._waiting.remove(block)


def _blocks(parts: Iterable[Any]) -> Iterator[Block]:
    """The blocks among the parts, and those inside them."""
    level = [part for part in parts if isinstance(part, Block)]
    while level:
        yield from level
        level = [sub for block in level for sub in block.subs if isinstance(sub, Block)]


traceSignals = _TraceSignals()
