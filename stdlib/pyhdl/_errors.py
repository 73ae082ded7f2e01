"""The exceptions of the language."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyhdl._core import DiagnosticHolder


class StopSimulation(Exception):
    """Raised by a process to end the simulation."""


class _SuspendSimulation(Exception):
    """Raised by a process to leave a simulation that can be run on."""


class Error(Exception):
    """Base of the errors that the package raises itself.

    Attributes:
        kind: What is wrong, the same text each time.
        msg: Details.
        info: Where, as a prefix.
    """

    def __init__(self, kind: str, msg: str = "", info: str = "") -> None:
        super().__init__(kind, msg, info)
        self.kind = kind
        self.msg = msg
        self.info = info

    def __str__(self) -> str:
        text = f"{self.info}{self.kind}"
        return f"{text}: {self.msg}" if self.msg else text


class AlwaysError(Error):
    """Wrong use of ``@always``."""


class AlwaysCombError(Error):
    """Wrong use of ``@always_comb``."""


class AlwaysSeqError(AlwaysError):
    """Wrong use of ``@always_seq``."""


class InstanceError(Error):
    """Wrong use of ``@instance``."""


class BlockError(Error):
    """A block that returns something else than blocks and processes.

    Attributes:
        place: The file and the line of the block.
    """

    place: tuple[str, int] | None = None


class BlockInstanceError(Error):
    """Wrong use of a block object."""


class ExtractHierarchyError(Error):
    """A function that returns no processes, where some are wanted."""


class SimulationError(Error):
    """A simulation that cannot be made or run."""


class CosimulationError(Error):
    """Trouble with the HDL simulator of a cosimulation."""


class TraceSignalsError(Error):
    """Waves that cannot be written."""


class ConversionError(Error):
    """A design that cannot be converted to HDL."""


class ToVerilogError(ConversionError):
    """A design that cannot be converted to Verilog."""


class ToVHDLError(ConversionError):
    """A design that cannot be converted to VHDL."""


class DiagnosticError(ToVerilogError, ToVHDLError):
    """A finding with a stable code; ``diagnostic`` holds it for the command line, ``kind`` is what MyHDL calls it."""

    def __init__(self, text: str, diagnostic: DiagnosticHolder) -> None:
        super().__init__(diagnostic.kind, text)
        self.diagnostic = diagnostic

    def __str__(self) -> str:
        return self.msg


class OutputError(DiagnosticError, OSError):
    """Standard output that cannot be written."""


class WaveFileError(DiagnosticError, OSError):
    """Waves that cannot be written."""


class ConversionWarning(UserWarning):
    """Something about a converted design that may not be meant."""


class ToVerilogWarning(ConversionWarning):
    """Something about a design converted to Verilog that may not be meant."""


class ToVHDLWarning(ConversionWarning):
    """Something about a design converted to VHDL that may not be meant."""


class BusContentionWarning(UserWarning):
    """Several drivers of a tristate signal drive it at once."""
