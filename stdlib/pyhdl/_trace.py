"""Waves."""

from __future__ import annotations

import os

from pyhdl._block import Block
from pyhdl._errors import TraceSignalsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class _TraceSignals:
    """Called with a block: its simulation writes waves. The attributes are the options."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.directory: str | None = None
        self.filename: str | None = None
        self.timescale = "1ns"
        self.tracelists = True
        self.tracebackup = True

    def __call__(self, design: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(design, Block):
            if args or kwargs:
                raise TraceSignalsError("traceSignals of a block takes no further arguments")
            design._trace = self.options(design)
            return design
        if not callable(design):
            raise TraceSignalsError("traceSignals first argument should be a classic function")
        made = design(*args, **kwargs)
        if not isinstance(made, Block):
            raise TraceSignalsError("traceSignals needs a function with the block decorator")
        made._trace = self.options(made)
        return made

    def options(self, design: Block) -> dict[str, Any]:
        """The file to write for a design, with an existing one moved out of the way."""
        name = self.filename or self.name or design.block_name
        path = os.path.join(self.directory or "", f"{name}.vcd")
        if self.tracebackup and os.path.exists(path):
            import shutil

            stamp = os.path.getmtime(path)
            shutil.copyfile(path, f"{path[:-4]}.{stamp}.vcd")
        return {"path": path, "timescale": self.timescale, "tracelists": self.tracelists, "top": self.name}


traceSignals = _TraceSignals()
