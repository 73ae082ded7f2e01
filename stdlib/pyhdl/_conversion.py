"""Conversion to HDL, called from Python."""

from __future__ import annotations

import time
import warnings

from pyhdl import _core, _hierarchy, _portable
from pyhdl._block import Block
from pyhdl._errors import BlockInstanceError, ConversionWarning, ToVerilogWarning, ToVHDLWarning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: How many designs were converted.
runs = 0


class _Converter:
    """Called with a block: writes HDL. The attributes are the options.

    Attributes:
        name: The name of the top and of the file; None for the block's own.
        directory: The folder to write to, which must exist; None for the current one.
        header: A text for the top of the file, with places for ``$filename``, ``$version`` and ``$date``.
        no_myhdl_header: Leave out the line that says where the file comes from.
        initial_values: False leaves out the values at power-up.
        assertions: Check in the HDL what Python refuses; Verilog becomes SystemVerilog, in a file ``<name>.sv``.
    """

    if TYPE_CHECKING:
        name: str | None

    hdl = ""
    warning: type[ConversionWarning] = ConversionWarning
    #: Options that are as they were before after each conversion, with the value that means "not chosen".
    once: dict[str, Any] = {"name": None, "header": "", "no_myhdl_header": False, "assertions": False}
    #: Options that stay.
    lasting: dict[str, Any] = {"directory": None, "initial_values": None}

    def __init__(self) -> None:
        self.__dict__.update(self.once)
        self.__dict__.update(self.lasting)
        self.portmap: dict[str, Any] = {}

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.once and name not in self.lasting and name != "portmap":
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        self.__dict__[name] = value

    def __call__(self, design: Any, *args: Any, **kwargs: Any) -> Block:
        """Convert a block, or a block function called with the arguments.

        Raises:
            ConversionError: The design has no meaning in hardware.
            OSError: The files cannot be written.
        """
        made = _hierarchy.elaborated(design, args, kwargs, f"to{self.hdl}()")
        self.convert(made, {})
        return made

    def convert(self, design: Block, options: dict[str, Any]) -> None:
        """Convert a block with options for this time.

        Raises:
            AttributeError: There is no such option.
            ConversionError: The design has no meaning in hardware.
            OSError: The files cannot be written.
        """
        global runs
        runs += 1
        chosen = {name: getattr(self, name) for name in (*self.once, *self.lasting)}
        for name, value in options.items():
            if name == "path":
                name = "directory"
            if name == "testbench":
                name, value = "no_testbench", not value
            if name not in chosen:
                raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
            chosen[name] = value
        self.__dict__.update(self.once)
        _refuse_lost_ports(design)
        _portable.check(design)
        self._convert_filter(*_contents(design))
        top, self.portmap, notes = _core.convert(design, self.hdl.lower(), self._settings(design, chosen))
        design.argnames, design.argdict = list(self.portmap), dict(self.portmap)
        for note in notes:
            warnings.warn(note, self.warning, stacklevel=3)

    def _convert_filter(
        self, h: Block, intf: Block, siglist: list[Any], memlist: list[Any], genlist: list[Any]
    ) -> None:
        """What a subclass wants to look at before the conversion: it sees, and changes nothing in, the hierarchy.

        Args:
            h: The block that is converted.
            intf: The same, for its parameters.
            siglist: The signals of all blocks in it.
            memlist: The lists of signals.
            genlist: The processes.
        """

    def _settings(self, design: Block, chosen: dict[str, Any]) -> dict[str, Any]:
        """The options as the emitter wants them."""
        from pyhdl import __version__

        settings = dict(chosen, directory=chosen["directory"] or ".")
        import string

        settings["header"] = string.Template(chosen["header"]).safe_substitute(
            filename=(chosen["name"] or design.block_name) + self._ending(chosen["assertions"]),
            version=__version__,
            date=time.strftime("%a %b %d %H:%M:%S %Y", time.gmtime()) if "$date" in chosen["header"] else "",
        )
        return settings

    ending = ""

    def _ending(self, assertions: bool) -> str:
        return ".sv" if assertions and self.ending == ".v" else self.ending


def _contents(design: Block) -> tuple[Block, Block, list[Any], list[Any], list[Any]]:
    """A block with the signals, the lists of signals and the processes in it, each once."""
    from pyhdl._block import Block

    signals: dict[int, Any] = {}
    lists: dict[int, Any] = {}
    processes: list[Any] = []
    open_blocks = [design]
    while open_blocks:
        block = open_blocks.pop()
        signals.update((id(signal), signal) for signal in block.sigdict.values())
        lists.update((id(memory), memory) for memory in block.memdict.values())
        for sub in block.subs:
            (open_blocks if isinstance(sub, Block) else processes).append(sub)
    return design, design, list(signals.values()), list(lists.values()), processes


_LOST_PORT = 321


def _refuse_lost_ports(design: Block) -> None:
    """Refuse a top that gives the name of one of its ports to another signal.

    Raises:
        DiagnosticError: It does.
    """
    import inspect

    try:
        passed = inspect.signature(design.func).bind(*design.args, **design.kwargs).arguments
    except (TypeError, ValueError):
        return
    for name, value in passed.items():
        now = design.symdict.get(name, value)
        if isinstance(value, _core.SignalType) and isinstance(now, _core.SignalType) and now is not value:
            if len(now) == 0:
                # It has no width: that is said first.
                continue
            message = f"the port `{name}` is lost: the block makes another signal with this name"
            help = "use another name for the signal inside"
            kind = "Port is not used or shadowed by internal signal"
            raise _core.diagnostic_error(_LOST_PORT, message, help, design.file, design.line, kind)


class _ToVerilog(_Converter):
    """Writes Verilog.

    Attributes:
        timescale: What a time step is, for test benches.
        standard: ``2001``; ``1995`` lists the signals that combinational logic reacts to.
        prefer_blocking_assignments: False makes assignments in combinational logic delayed ones.
        no_testbench: Leave out ``tb_<name>.v``, the frame for cosimulation.
        trace: That frame writes waves.
        portmap: After a conversion, the top's ports by name: what a ``Cosimulation`` is called with.
    """

    hdl = "Verilog"
    ending = ".v"
    warning = ToVerilogWarning
    once = {
        **_Converter.once,
        "standard": "2001",
        "prefer_blocking_assignments": True,
        "radix": "",
        "no_testbench": False,
        "trace": False,
    }
    lasting = {**_Converter.lasting, "timescale": "1ns/10ps"}


class _ToVHDL(_Converter):
    """Writes VHDL.

    Attributes:
        library: The library that the design is compiled into.
        use_clauses: Text in place of the use clause of the helper package.
        component_declarations: Text for the declarations of the top's architecture.
        architecture: The name of the architectures.
        std_logic_ports: The top's vector ports are ``std_logic_vector``.
        no_myhdl_package: Leave out the helper package's file.
    """

    hdl = "VHDL"
    ending = ".vhd"
    warning = ToVHDLWarning
    once = {
        **_Converter.once,
        "component_declarations": None,
        "architecture": "MyHDL",
        "std_logic_ports": False,
        "no_myhdl_package": False,
    }
    lasting = {**_Converter.lasting, "library": "work", "use_clauses": None}


toVerilog = _ToVerilog()
toVHDL = _ToVHDL()


def convert(design: Block, hdl: str, options: dict[str, Any]) -> None:
    """Write a block as HDL.

    Args:
        design: The block.
        hdl: ``Verilog`` or ``VHDL``, in any case.
        options: The attributes of ``toVerilog`` and ``toVHDL`` with values for this time; ``path`` for ``directory``.

    Raises:
        BlockInstanceError: There is no such language.
        AttributeError: There is no such option.
        ConversionError: The design has no meaning in hardware.
    """
    converter = {"verilog": toVerilog, "vhdl": toVHDL}.get(hdl.lower())
    if converter is None:
        raise BlockInstanceError(f"unknown hdl {hdl}")
    converter.convert(design, options)
