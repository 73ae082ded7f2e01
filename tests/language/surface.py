"""What the package offers by name, and what processes and blocks say of themselves."""

import myhdl
from myhdl import (
    EnumItemType,
    EnumType,
    Signal,
    SignalType,
    Tristate,
    always,
    always_comb,
    always_seq,
    bin,
    block,
    concat,
    conversion,
    delay,
    downrange,
    enum,
    instance,
    instances,
    intbv,
)
from report import attempt

NAMES = """bin concat intbv modbv join posedge negedge Signal SignalType Constant ConcatSignal TristateSignal now delay
downrange StopSimulation Cosimulation Simulation instances instance block always_comb always_seq ResetSignal always enum
EnumType EnumItemType traceSignals toVerilog toVHDL conversion Tristate OpenPort HdlClass""".split()
OTHERS = """Error AlwaysError AlwaysCombError InstanceError BlockError BlockInstanceError CosimulationError
ExtractHierarchyError SimulationError TraceSignalsError ConversionError ToVerilogError ToVHDLError ConversionWarning
ToVerilogWarning ToVHDLWarning _SuspendSimulation __version__""".split()

print(len(NAMES), [name for name in NAMES if name not in myhdl.__all__])
print([name for name in OTHERS if not hasattr(myhdl, name)])
for name in OTHERS[:-2]:
    print(name, issubclass(getattr(myhdl, name), Warning), issubclass(getattr(myhdl, name), myhdl.Error))

for error in (myhdl.Error("kind"), myhdl.Error("kind", "text"), myhdl.ToVerilogError("kind", "text", "place: ")):
    print(repr(str(error)), error.kind, error.msg, repr(error.info))

print(isinstance(Signal(0), SignalType), isinstance(enum("A", "B"), EnumType), isinstance(enum("A").A, EnumItemType))
try:
    Tristate(0)
except TypeError:
    print("Tristate cannot be made")
print(callable(myhdl.debug.print_versions) if hasattr(myhdl, "debug") else True)
print([hasattr(conversion, name) for name in ("verify", "analyze", "registerSimulator", "toVerilog", "toVHDL")])

print([bin(n) for n in (0, 1, -1, -2, 5, -5)], [bin(n, 4) for n in (0, 1, -1, 5, 100)])
print(list(downrange(4)), list(downrange(8, 2)), list(downrange(8, 1, 3)))
print(concat("10", intbv(5)[4:], True), len(concat("10", intbv(5)[4:], True)), len(concat(1, "01")))
attempt("length", lambda: concat("1", intbv(3)))
attempt("type", lambda: concat("1", 3))


@block
def unit(clk, a, y):
    memory = [Signal(intbv(0)[4:]) for _ in range(3)]
    state = Signal(False)

    @always(clk.posedge)
    def clocked():
        state.next = a
        memory[0].next = 1

    @always_comb
    def logic():
        y.next = state

    @always_seq(clk.posedge, reset=None)
    def sequential():
        state.next = state

    @instance
    def waiting():
        yield delay(3)

    def unused():
        pass

    return instances()


ATTRIBUTES = """name genfunc gen symdict sigdict losdict inputs outputs inouts callername modctxt ast waiter""".split()
made = unit(*[Signal(False) for _ in range(3)])
for process in made.subs:
    print(process.name, [name for name in ATTRIBUTES if not hasattr(process, name)])
    print(sorted(process.inputs), sorted(process.outputs), sorted(process.inouts), sorted(process.losdict))
    print(process.callername, "y" in process.sigdict, "unit" in process.symdict, process.gen is process.gen)
print(made.subs[1].func.__name__, len(made.subs[0].senslist))


@block
def hooked(a, y):
    @always_comb
    def logic():
        y.next = not a

    return logic


class Looking(type(myhdl.toVerilog)):
    """Looks at what is converted."""

    def _convert_filter(self, h, intf, siglist, memlist, genlist):
        print("converting", intf.func.__name__, len(siglist), len(memlist), len(genlist))


converter = Looking()
converter.directory = __import__("tempfile").mkdtemp()
converter.no_testbench = True
converter(hooked(Signal(False), Signal(False)))
