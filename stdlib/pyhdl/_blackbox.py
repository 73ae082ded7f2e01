"""Black boxes: blocks that are modules elsewhere, with a model in Python to simulate."""

from __future__ import annotations

import functools
import os

from pyhdl import _core
from pyhdl._block import Block, BlockFunction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_BLACK_BOX = 323


class BlackBox:
    """What is known of a module that exists already.

    Attributes:
        name: The module or entity; None for the name of the function.
        library: The VHDL library that it is in; None where it is not said.
        files: Where its sources are, relative to the Python file.
        rename: The names that arguments have in the module, where they have another one.
        parameters: Parameters beside those that are arguments.
        directions: Which ports are outputs, of those for which that is said.
        numeric: In VHDL, ports with several bits are ``unsigned`` and ``signed`` instead of ``std_logic_vector``.
    """

    def __init__(
        self,
        func: Any,
        name: str | None,
        library: str | None,
        files: Iterable[str | os.PathLike[str]],
        rename: Mapping[str, str],
        parameters: Mapping[str, Any],
        inputs: Iterable[str],
        outputs: Iterable[str],
        numeric: bool,
    ) -> None:
        self.func = func
        self.name = func.__name__ if name is None else name
        self.library = library
        if isinstance(files, (str, os.PathLike)):
            files = [files]
        self.files = [os.fspath(path) for path in files]
        self.rename = dict(rename)
        self.parameters = dict(parameters)
        self.directions: dict[str, bool] = {}
        for names, output in ((inputs, False), (outputs, True)):
            for port in [names] if isinstance(names, str) else names:
                if self.directions.setdefault(port, output) != output:
                    raise self._error(f"`{port}` is named as an input and as an output", "name it once")
        self.numeric = bool(numeric)
        for given in (self.name, *self.rename.values(), *self.parameters, *([library] if library is not None else [])):
            if not _is_name(given):
                raise self._error(f"{given!r} is no name in HDL", "use letters, digits and underscores")
        for parameter, value in self.parameters.items():
            if not _is_parameter(value):
                raise self._wrong(parameter, value)

    def instance(self, block: Block) -> tuple[list[tuple[str, Any]], list[tuple[str, Any, bool | None]]]:
        """The parameters with their values, and the ports with their signals and directions, of one instance.

        Raises:
            DiagnosticError: An argument is neither, or a name is none of an argument.
        """
        import inspect

        bound = inspect.signature(self.func).bind(*block.args, **block.kwargs)
        bound.apply_defaults()
        parameters: list[tuple[str, Any]] = []
        ports: list[tuple[str, Any, bool | None]] = []
        for name, value in bound.arguments.items():
            if value is None or (name == "self" and not isinstance(value, _core.SignalType)):
                continue
            there = self.rename.get(name, name)
            if isinstance(value, _core.SignalType):
                ports.append((there, value, self.directions.get(name)))
            elif _is_parameter(value):
                parameters.append((there, value))
            else:
                raise self._wrong(name, value)
        known = list(bound.arguments)
        signals = {name for name, value in bound.arguments.items() if isinstance(value, _core.SignalType)}
        for name in self.rename:
            if name not in known:
                raise self._unknown(name, known)
        for name in self.directions:
            if name not in signals and bound.arguments.get(name, name) is not None:
                raise self._unknown(name, sorted(signals))
        parameters.extend(self.parameters.items())
        seen: set[str] = set()
        for there in [name for name, _ in parameters] + [name for name, _, _ in ports]:
            if there.lower() in seen:
                raise self._error(f"`{there}` is the name of two ports or parameters", "rename one of them")
            if not _is_name(there):
                raise self._error(f"{there!r} is no name in HDL", 'give it another one: rename={"argument": "NAME"}')
            seen.add(there.lower())
        if not ports:
            raise self._error(f"the black box `{self.name}` has no ports", "pass signals to it")
        return parameters, ports

    def sources(self) -> list[str]:
        """The files, relative to the Python file or absolute."""
        folder = os.path.dirname(os.path.abspath(self.func.__code__.co_filename))
        return [os.path.normpath(os.path.join(folder, path)) for path in self.files]

    def _wrong(self, name: str, value: Any) -> Exception:
        if isinstance(value, str):
            message = f"`{name}` of the black box `{self.name}` is a text that HDL cannot write: {value!r}"
            return self._error(message, "use characters of ASCII that can be printed")
        message = f"`{name}` of the black box `{self.name}` is a {type(value).__name__}: no signal and no parameter"
        return self._error(message, "pass signals one by one; parameters are int, bool, float or str")

    def _unknown(self, name: str, known: list[str]) -> Exception:
        message = f"the black box `{self.name}` has no port `{name}`"
        return self._error(message, f"it has {', '.join(known)}" if known else "it has none")

    def _error(self, message: str, help: str) -> Exception:
        code = self.func.__code__
        error: Exception = _core.diagnostic_error(_BLACK_BOX, message, help, code.co_filename, code.co_firstlineno, "")
        return error


def _is_name(text: Any) -> bool:
    return isinstance(text, str) and text.isidentifier() and text.isascii() and not text.startswith("_")


def _is_parameter(value: Any) -> bool:
    if isinstance(value, float):
        return value - value == 0
    if isinstance(value, str):
        return value.isascii() and value.isprintable()
    return isinstance(value, (bool, int))


def blackbox(
    func: Any = None,
    *,
    name: str | None = None,
    library: str | None = None,
    files: Iterable[str | os.PathLike[str]] = (),
    rename: Mapping[str, str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    inputs: Iterable[str] = (),
    outputs: Iterable[str] = (),
    numeric: bool = False,
) -> Any:
    """Make a function into a block that is a module elsewhere: its contents are only simulated.

    In HDL it is an instance. Arguments that are signals are its ports, arguments that are ``int``, ``bool``, ``float``
    or ``str`` its parameters or generics, and those that are ``None`` are left out.

    Args:
        func: A function that returns blocks and processes: the model.
        name: The module or entity; the function's name by default.
        library: The VHDL library that it is in.
        files: Verilog and VHDL sources, relative to the Python file. They are copied to the output.
        rename: What arguments are called in the module: ``{"clk": "CLKIN1"}``.
        parameters: Further parameters with their values.
        inputs: Ports that are inputs. What the model drives is an output by default, all else is an input.
        outputs: Ports that are outputs.
        numeric: In VHDL, ports with several bits are ``unsigned`` and ``signed``, not ``std_logic_vector``.

    Raises:
        DiagnosticError: Something of that is no name or no value of a parameter; when it is called, an argument is
            neither a signal nor a parameter, or a name is none of an argument.
    """
    options: dict[str, Any] = {
        "name": name,
        "library": library,
        "files": files,
        "rename": rename or {},
        "parameters": parameters or {},
        "inputs": inputs,
        "outputs": outputs,
        "numeric": numeric,
    }
    if func is None:
        return functools.partial(blackbox, **options)
    if isinstance(func, BlockFunction):
        func = func.func
    if not hasattr(func, "__code__"):
        raise TypeError(f"blackbox() takes a function, not {type(func).__name__}")
    made = BlockFunction(func, False)
    made.black_box = BlackBox(func, **options)
    return made
