"""Conversion to HDL, and the check of what was converted in an HDL simulator."""

from __future__ import annotations

import sys

from pyhdl._block import Block
from pyhdl._conversion import toVerilog, toVHDL
from pyhdl._hierarchy import elaborated
from pyhdl._simulation import Simulation

__all__ = ["analyze", "registerSimulator", "toVHDL", "toVerilog", "verify"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

#: MyHDL's commands name the helper package after its version.
PACKAGE_VERSION = "011"


class _Simulator:
    """How a simulator is called. The commands have places for ``topname``, ``unitname`` and ``version``."""

    def __init__(
        self,
        name: str,
        hdl: str,
        analyze: str,
        elaborate: str | None,
        simulate: str,
        skiplines: int | None,
        skipchars: int | None,
        ignore: Iterable[str],
    ) -> None:
        self.name = name
        self.hdl = hdl
        self.analyze = analyze
        self.elaborate = elaborate
        self.simulate = simulate
        self.skiplines = skiplines
        self.skipchars = skipchars
        self.ignore = tuple(ignore)

    def shown(self, output: str) -> list[str]:
        """The lines of its output that the design printed."""
        lines = output.splitlines(keepends=True)[self.skiplines :]
        return [line[self.skipchars :] for line in lines if not line.startswith(self.ignore)]


_simulators: dict[str, _Simulator] = {}


def simulators() -> dict[str, _Simulator]:
    """The registered simulators by name."""
    return _simulators


def _command(what: str, text: Any) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"Invalid {what} command")
    return text


def registerSimulator(
    name: str | None = None,
    hdl: str | None = None,
    analyze: str | None = None,
    elaborate: str | None = None,
    simulate: str | None = None,
    skiplines: int | None = None,
    skipchars: int | None = None,
    ignore: Iterable[str] | None = None,
) -> None:
    """Make a simulator known to ``verify`` and ``analyze``.

    Args:
        name: What ``verify.simulator`` is set to.
        hdl: ``Verilog`` or ``VHDL``.
        analyze: The shell command that reads the file; ``%(topname)s`` is the top's name, ``%(unitname)s`` the same
            in lower case, ``%(version)s`` the number in the name of the helper package.
        elaborate: The command between analysis and simulation, where the simulator has one.
        simulate: The command that simulates and prints.
        skiplines: How many lines its output has before the design's.
        skipchars: How many characters it puts before each line.
        ignore: What lines start with that are not the design's.

    Raises:
        ValueError: A name or a command is missing, or the language is unknown.
    """
    if not isinstance(name, str) or not name.strip():
        raise ValueError("Invalid simulator name")
    if hdl not in ("Verilog", "VHDL"):
        raise ValueError(f"Invalid hdl {hdl}")
    analyze = _command("analyzer", analyze)
    if elaborate is not None:
        elaborate = _command("elaborate", elaborate)
    simulate = _command("simulator", simulate)
    _simulators[name] = _Simulator(name, hdl, analyze, elaborate, simulate, skiplines, skipchars, ignore or ())


def _register_known() -> None:
    package = "pck_myhdl_%(version)s.vhd"
    registerSimulator(
        name="ghdl",
        hdl="VHDL",
        analyze=f"mkdir -p work && ghdl -a --std=08 --workdir=work {package} %(topname)s.vhd",
        elaborate="ghdl -e --std=08 --workdir=work %(unitname)s",
        simulate="ghdl -r --std=08 --workdir=work %(unitname)s --ieee-asserts=disable",
    )
    registerSimulator(
        name="nvc",
        hdl="VHDL",
        analyze=f"nvc --std=2008 --work=work_nvc -a {package} %(topname)s.vhd",
        elaborate="nvc --std=2008 --work=work_nvc -e %(topname)s",
        simulate="nvc --std=2008 --work=work_nvc -r %(topname)s",
    )
    questa = 'vsim {library}.%(topname)s -quiet -c -do "run -all; quit -f"'
    registerSimulator(
        name="vlog",
        hdl="Verilog",
        analyze="vlib work_vlog && vlog -work work_vlog %(topname)s.v",
        simulate=questa.format(library="work_vlog"),
        skiplines=6,
        skipchars=2,
        ignore=("# **", "# //", "# run -all"),
    )
    registerSimulator(
        name="vcom",
        hdl="VHDL",
        analyze=f"vlib work_vcom && vcom -2008 -work work_vcom {package} %(topname)s.vhd",
        simulate=questa.format(library="work_vcom"),
        skiplines=6,
        skipchars=2,
        ignore=("# **", "# //", "#    Time:", "# run -all"),
    )
    registerSimulator(
        name="iverilog",
        hdl="Verilog",
        analyze="iverilog -o %(topname)s.o %(topname)s.v",
        simulate="vvp %(topname)s.o",
    )
    registerSimulator(
        name="cver",
        hdl="Verilog",
        analyze="cver -c -q %(topname)s.v",
        simulate="cver -q %(topname)s.v",
        skiplines=3,
    )


_register_known()


class _Verification:
    """Converts a design, gives the result to an HDL simulator, and compares what both print.

    Attributes:
        simulator: The name of the simulator.
    """

    def __init__(self, analyze_only: bool) -> None:
        self.simulator = "ghdl"
        self._analyze_only = analyze_only

    def __call__(self, design: Any, *args: Any, **kwargs: Any) -> int:
        """0 where the simulator accepts the design and, for ``verify``, prints the same lines; else another number.

        Raises:
            ValueError: The simulator is not registered.
        """
        if not self.simulator:
            raise ValueError("No simulator specified")
        simulator = _simulators.get(self.simulator)
        if simulator is None:
            raise ValueError(f"Simulator {self.simulator} is not registered")
        converter = toVerilog if simulator.hdl == "Verilog" else toVHDL
        chosen = converter.name
        if isinstance(design, Block):
            top = chosen or kwargs.get("name") or design.func.__name__
            instance = design.convert(hdl=simulator.hdl, **kwargs)
        else:
            instance = elaborated(design, args, kwargs, "analyze()/verify()")
            top = chosen or instance.block_name
            converter(instance)
        names = {"topname": top, "unitname": top.lower(), "version": PACKAGE_VERSION}
        import subprocess

        code = subprocess.call(simulator.analyze % names, shell=True)
        if code != 0:
            print("Analysis failed", file=sys.stderr)
            return code
        if self._analyze_only:
            print("Analysis succeeded", file=sys.stderr)
            return 0
        return _compare(instance, simulator, names)


def _compare(instance: Any, simulator: _Simulator, names: dict[str, str]) -> int:
    import contextlib
    import difflib
    import io
    import subprocess

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        Simulation(instance).run()
    expected = printed.getvalue().splitlines(keepends=True)
    if not expected:
        print("No MyHDL simulation output - nothing to verify", file=sys.stderr)
        return 1
    if simulator.elaborate is not None:
        code = subprocess.call(simulator.elaborate % names, shell=True)
        if code != 0:
            print("Elaboration failed", file=sys.stderr)
            return code
    run = subprocess.run(simulator.simulate % names, shell=True, stdout=subprocess.PIPE, errors="replace")
    # What a simulator says after the design's last line is its own.
    actual = simulator.shown(run.stdout)[: len(expected)]
    difference = list(
        difflib.unified_diff(
            [line.lower() for line in expected],
            [line.lower() for line in actual],
            fromfile="MyHDL",
            tofile=simulator.name,
        )
    )
    for file, lines in (("MyHDL.log", expected), (f"{simulator.name}.log", actual), ("diff.log", difference)):
        with open(file, "w") as log:
            log.writelines(lines)
    if difference:
        print("Conversion verification failed", file=sys.stderr)
        return 1
    print("Conversion verification succeeded", file=sys.stderr)
    return 0


verify = _Verification(analyze_only=False)
analyze = _Verification(analyze_only=True)
