"""pyhdl: hardware described in Python.

The language is MyHDL's: blocks, processes made by decorators, signals, bit vectors, enumerations. ``import myhdl``
inside a ``pyhdl`` run means this package.
"""

from pyhdl import conversion
from pyhdl._blackbox import blackbox
from pyhdl._block import Block, block
from pyhdl._conversion import toVerilog, toVHDL
from pyhdl._core import (
    ConcatSignal,
    Constant,
    EnumItemType,
    EnumType,
    OpenPort,
    ResetSignal,
    Signal,
    SignalType,
    TristateSignal,
    bin,
    concat,
    delay,
    downrange,
    enum,
    intbv,
    modbv,
    negedge,
    now,
    posedge,
)
from pyhdl._cosimulation import Cosimulation
from pyhdl._errors import (
    AlwaysCombError as AlwaysCombError,
    AlwaysError as AlwaysError,
    AlwaysSeqError as AlwaysSeqError,
    BlockError as BlockError,
    BlockInstanceError as BlockInstanceError,
    BusContentionWarning as BusContentionWarning,
    ConversionError as ConversionError,
    ConversionWarning as ConversionWarning,
    CosimulationError as CosimulationError,
    Error as Error,
    ExtractHierarchyError as ExtractHierarchyError,
    InstanceError as InstanceError,
    SimulationError as SimulationError,
    StopSimulation,
    ToVerilogError as ToVerilogError,
    ToVerilogWarning as ToVerilogWarning,
    ToVHDLError as ToVHDLError,
    ToVHDLWarning as ToVHDLWarning,
    TraceSignalsError as TraceSignalsError,
    _SuspendSimulation as _SuspendSimulation,
)
from pyhdl._hdlclass import HdlClass
from pyhdl._ports import Clock, In, Out, Reset
from pyhdl._process import always, always_comb, always_seq, instance, instances, join
from pyhdl._simulation import Simulation
from pyhdl._trace import traceSignals
from pyhdl._tristate import Tristate

__version__ = "0.1.0"

__all__ = [
    "Block",
    "Clock",
    "ConcatSignal",
    "Constant",
    "Cosimulation",
    "EnumItemType",
    "EnumType",
    "HdlClass",
    "In",
    "OpenPort",
    "Out",
    "Reset",
    "ResetSignal",
    "Signal",
    "SignalType",
    "Simulation",
    "StopSimulation",
    "Tristate",
    "TristateSignal",
    "always",
    "always_comb",
    "always_seq",
    "bin",
    "blackbox",
    "block",
    "concat",
    "conversion",
    "delay",
    "downrange",
    "enum",
    "instance",
    "instances",
    "intbv",
    "join",
    "modbv",
    "negedge",
    "now",
    "posedge",
    "toVHDL",
    "toVerilog",
    "traceSignals",
]
