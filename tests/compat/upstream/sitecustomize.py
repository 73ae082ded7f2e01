"""Stands in for the private modules of MyHDL that its test suite imports. Python runs this file at its start wherever
its folder is on the path; only the suite's own runs have it there."""

import os
import sys
import types
from pathlib import Path

import pyhdl
import pyhdl.compat
import pyhdl.conversion


def _module(path, **names):
    """Makes ``myhdl.<path>``."""
    module = types.ModuleType(f"myhdl.{path}")
    module.__dict__.update(names)
    sys.modules[module.__name__] = module
    return module


def _kinds(**kinds):
    """What MyHDL calls ``_error``: the texts of a module's errors by name."""
    return types.SimpleNamespace(**kinds)


#: MyHDL names its packages and logs after its own version.
pyhdl.__version__ = "0.11.52"

_module(
    "_Simulation",
    Simulation=pyhdl.Simulation,
    Cosimulation=pyhdl.Cosimulation,
    _error=_kinds(
        ArgType="Inappriopriate argument type",
        DuplicatedArg="Duplicated argument",
        MultipleSim="Only a single Simulation instance is allowed",
    ),
)
_module(
    "_traceSignals",
    traceSignals=pyhdl.traceSignals,
    TraceSignalsError=pyhdl.TraceSignalsError,
    _error=_kinds(
        ArgType="traceSignals first argument should be a classic function",
        MultipleTraces="Cannot trace multiple instances simultaneously",
        TopLevelName="result of traceSignals call should be assigned to a top level name",
    ),
)
_module(
    "_always",
    _error=_kinds(
        ArgType="decorated object should be a classic (non-generator) function",
        DecArgType="decorator argument should be a Signal, edge, or delay",
        NrOfArgs="decorated function should not have arguments",
    ),
)
_module(
    "_always_comb",
    always_comb=pyhdl.always_comb,
    _error=_kinds(
        ArgType="always_comb argument should be a classic function",
        NrOfArgs="always_comb argument should be a function without arguments",
        Scope="always_comb argument should be a local function",
        SignalAsInout="signal (%s) used as inout in always_comb function argument",
        EmbeddedFunction="embedded functions in always_comb function argument not supported",
        EmptySensitivityList="sensitivity list is empty",
    ),
)
_module(
    "_always_seq",
    AlwaysSeqError=pyhdl.AlwaysSeqError,
    _error=_kinds(
        EdgeType="first argument should be an edge",
        ResetType="reset argument should be a ResetSignal",
    ),
)
_module(
    "_instance",
    _error=_kinds(
        ArgType="decorated object should be a generator function",
        NrOfArgs="decorated generator function should not have arguments",
    ),
)
_module(
    "_Cosimulation",
    Cosimulation=pyhdl.Cosimulation,
    CosimulationError=pyhdl.CosimulationError,
    _error=_kinds(
        DuplicateSigNames="Duplicate signal name in myhdl vpi call",
        SigNotFound="Signal not found in Cosimulation arguments",
        TimeZero="myhdl vpi call when not at time 0",
        NoCommunication="No signals communicating to myhdl",
        SimulationEnd="Premature simulation end",
        OSError="OSError",
    ),
)
_module("conversion._verify", _simulators=pyhdl.conversion.simulators())
_module(
    "conversion._misc",
    _error=_kinds(
        FirstArgType="first argument should be a classic function",
        ArgType="leaf cell type error",
        NotSupported="Not supported",
        TopLevelName="Result of toVerilog call should be assigned to a top level name",
        SigMultipleDriven="Signal has multiple drivers",
        UndefinedBitWidth="Signal has undefined bit width",
        UndrivenSignal="Signal is not driven",
        UnreadSignal="Signal is driven but not read",
        UnusedPort="Port is not used",
        OutputPortRead="Output port is read internally",
        Requirement="Requirement violation",
        UnboundLocal="Local variable may be referenced before assignment",
        TypeMismatch="Type mismatch with earlier assignment",
        NrBitsMismatch="Nr of bits mismatch with earlier assignment",
        IntbvBitWidth="intbv object should have a bit width",
        ModbvRange="modbv object should have full bit vector range",
        TypeInfer="Can't infer variable type",
        ReturnTypeMismatch="Return type mismatch",
        ReturnNrBitsMismatch="Returned nr of bits mismatch",
        ReturnIntbvBitWidth="Returned intbv instance should have bit width",
        ReturnTypeInfer="Can't infer return type",
        ShadowingSignal="Port is not used or shadowed by internal signal",
        ShadowingVar="Variable has same name as a hierarchical Signal",
        FreeVarTypeError="Free variable should be a Signal or an int",
        ExtraArguments="Extra positional or named arguments are not supported",
        UnsupportedYield="Unsupported yield statement",
        UnsupportedListComp="Unsupported list comprehension form: should be [intbv()[n:] for i in range(m)]",
        ListElementAssign="Can't assign to list element; use slice assignment to change its value",
        NotASignal="Non-local object should be a Signal",
        UnsupportedType="Object type is not supported in this context",
        InconsistentType="Signal elements should have the same base type",
        InconsistentBitWidth="Signal elements should have the same bit width",
        UnsupportedFormatString="Unsupported format string",
        FormatString="Format string error",
        UnsupportedAttribute="Unsupported attribute",
        PortInList="Port in list is not supported",
        ListAsPort="List of signals as a port is not supported",
        SignalInMultipleLists="Signal in multiple list is not supported",
    ),
)

# What only tests of MyHDL's own engine look into: the names are there, and those tests are on the list of what fails.
_module("_simulator", _siglist=[], _tracing=0, _tf=None)
pyhdl._simulator = sys.modules["myhdl._simulator"]
_WAITERS = "_DelayWaiter _EdgeTupleWaiter _EdgeWaiter _SignalTupleWaiter _SignalWaiter _Waiter"
_module("_Waiter", _inferWaiter=None, **{name: type(name, (), {}) for name in _WAITERS.split()})

# The suite asks, of some designs, that they be refused: those tests run in portable mode.
if os.environ.get("PYHDL_PORTABLE"):
    pyhdl.compat.set_portable()
