"""pyhdl: hardware described in Python.

The language is MyHDL's: blocks, processes made by decorators, signals, bit vectors, enumerations. ``import myhdl``
inside a ``pyhdl`` run means this package.
"""

from pyhdl import conversion
from pyhdl._block import Block, block
from pyhdl._conversion import toVerilog, toVHDL
from pyhdl._cosimulation import Cosimulation
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
from pyhdl._errors import (
    AlwaysCombError,
    AlwaysError,
    AlwaysSeqError,
    BlockError,
    BlockInstanceError,
    BusContentionWarning,
    ConversionError,
    ConversionWarning,
    CosimulationError,
    Error,
    ExtractHierarchyError,
    InstanceError,
    SimulationError,
    StopSimulation,
    ToVerilogError,
    ToVerilogWarning,
    ToVHDLError,
    ToVHDLWarning,
    TraceSignalsError,
)
from pyhdl._hdlclass import HdlClass
from pyhdl._ports import Clock, In, Out, Reset
from pyhdl._process import always, always_comb, always_seq, instance, instances, join
from pyhdl._simulation import Simulation
from pyhdl._trace import traceSignals

__version__ = "0.1.0"

__all__ = [
    "Block",
    "Clock",
    "ConcatSignal",
    "Constant",
    "EnumItemType",
    "EnumType",
    "In",
    "Out",
    "Reset",
    "ResetSignal",
    "Signal",
    "SignalType",
    "Simulation",
    "StopSimulation",
    "always",
    "always_comb",
    "always_seq",
    "bin",
    "block",
    "concat",
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

_OTHER_NAMES = (
    AlwaysCombError,
    AlwaysError,
    AlwaysSeqError,
    BlockError,
    BlockInstanceError,
    ConversionError,
    CosimulationError,
    Error,
    InstanceError,
    SimulationError,
    ToVHDLError,
    ToVerilogError,
    TraceSignalsError,
)
