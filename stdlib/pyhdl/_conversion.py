"""Conversion to HDL, called from Python."""

from __future__ import annotations

from pyhdl import _core
from pyhdl._block import Block
from pyhdl._errors import BlockInstanceError, ToVerilogError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Options of MyHDL's that change nothing here.
_IGNORED = {"testbench", "no_testbench", "trace", "timescale", "no_myhdl_header", "header", "no_myhdl_package"}
_KNOWN = {"name", "path", "directory", "initial_values"} | _IGNORED

#: How many designs were converted.
runs = 0


def convert(design: Block, hdl: str, options: dict[str, Any]) -> None:
    """Write a design as HDL into a folder.

    Args:
        design: The block.
        hdl: ``Verilog`` or ``VHDL``, in any case.
        options: See :meth:`Block.convert`.
    """
    global runs
    runs += 1
    language = hdl.lower()
    if language not in ("verilog", "vhdl"):
        raise BlockInstanceError(f"unknown hdl {hdl}")
    for key in options:
        if key not in _KNOWN:
            raise AttributeError(f"the conversion has no attribute {key}")
    folder = options.get("path") or options.get("directory") or "."
    _core.convert(design, language, folder, options.get("name"))


class _Converter:
    """Called with a block, or with a block function and its arguments: writes HDL."""

    def __init__(self, hdl: str) -> None:
        self.hdl = hdl
        self.name: str | None = None
        self.directory: str | None = None

    def __call__(self, design: Any, *args: Any, **kwargs: Any) -> Any:
        made = design if isinstance(design, Block) else design(*args, **kwargs)
        if not isinstance(made, Block):
            raise ToVerilogError("first argument should be a function with the block decorator")
        convert(made, self.hdl, {"name": self.name, "directory": self.directory})
        self.name = None
        return made


toVerilog = _Converter("Verilog")
toVHDL = _Converter("VHDL")
