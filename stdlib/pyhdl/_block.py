"""Blocks: functions that return processes and other blocks."""

from __future__ import annotations

import collections
import contextlib
import functools
import gc
import itertools
import sys
import types

from pyhdl import _core, _ports
from pyhdl._errors import BlockError, BlockInstanceError, ToVerilogError, ToVHDLError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from pyhdl._blackbox import BlackBox
    from pyhdl._simulation import Simulation


class _Elaboration:
    """A call of a block function that has not returned yet."""

    __slots__ = ("code", "frame")

    def __init__(self, code: types.CodeType | None) -> None:
        self.code = code
        self.frame: types.FrameType | None = None


_open: list[_Elaboration] = []

#: So many collections of middle-aged objects before Python looks for garbage among all objects.
_NEVER = 1 << 30


class _Growth:
    """While a hierarchy grows nearly all of its objects stay: Python looks for garbage among the younger ones only.

    Otherwise it would go through the whole hierarchy again and again: a quarter of the time for a large one.
    """

    __slots__ = ("before",)

    def __enter__(self) -> None:
        self.before = gc.get_threshold()
        gc.set_threshold(*self.before[:2], _NEVER)

    def __exit__(self, *exception: object) -> None:
        # Unless the design has settled that itself.
        if gc.get_threshold()[2] == _NEVER:
            gc.set_threshold(*self.before)


#: Called with the block instead of running it, where the caller only wants the elaborated design.
intercept_run: Callable[[Block], None] | None = None
#: How many simulations were run.
runs = 0
#: How many blocks were called.
_calls = 0


def is_open(frame: types.FrameType) -> bool:
    """Whether a frame is that of the block function that is running."""
    return bool(_open) and _open[-1].code is frame.f_code


def note_frame(frame: types.FrameType | None) -> None:
    """Remember the frame of the innermost block call, so that its local variables can be read after it returned."""
    if not _open or _open[-1].frame is not None:
        return
    wanted = _open[-1].code
    while frame is not None:
        if frame.f_code is wanted:
            _open[-1].frame = frame
            return
        frame = frame.f_back


@functools.cache
def _name_order(code: types.CodeType) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parameters of a function, and its other local variables in the order of their definition."""
    import dis

    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)
    params = code.co_varnames[:count]
    stores: dict[str, None] = {}
    for instruction in dis.get_instructions(code):
        if instruction.opname.startswith("STORE_"):
            names = instruction.argval
            for name in names if isinstance(names, tuple) else (names,):
                if isinstance(name, str):
                    stores.setdefault(name)
    return params, tuple(n for n in stores if n not in params)


def namespace(code: types.CodeType, frame: types.FrameType | None) -> tuple[dict[str, Any], int]:
    """The names visible in a block: parameters, locals in order of definition, names of enclosing functions."""
    if frame is None:
        return {}, 0
    found = dict(frame.f_locals)
    params, others = _name_order(code)
    names: dict[str, Any] = {}
    for name in params:
        if name in found:
            names[name] = found.pop(name)
    count = len(names)
    for name in others:
        if name in found:
            names[name] = found.pop(name)
    names.update(found)
    return names, count


def _flatten(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple, set)):
        for element in value:
            yield from _flatten(element)
    else:
        yield value


class Block:
    """One instance of a block.

    Attributes:
        func: The block function.
        subs: The blocks and processes that the function returned, flattened.
        symdict: The names visible in the function.
        name: The instance's name where its parent gives it none.
        callername: The function that called the block function.
        modctxt: Whether that is the function of the block around this one.
        sim: The simulation that ``run_sim`` started; None before and after it.
        argnames: The names of the ports, once the block has been converted as a top.
        argdict: The signals at these ports, by name.
    """

    def __init__(self, func: Any, deco: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        calls = deco.calls
        deco.calls += 1
        self.skipname = deco.skipname
        self.deco = deco
        self._describe(func, args, kwargs, calls)
        global _calls
        _calls += 1
        self.elaboration = _calls
        outer = _core.elaborating(self.elaboration)
        code = getattr(func, "__code__", None)
        elaboration = _Elaboration(code)
        growth = contextlib.nullcontext() if _open else _Growth()
        _open.append(elaboration)
        try:
            with growth:
                returned = func(*args, **kwargs)
        finally:
            _open.pop()
            _core.elaborating(outer)
        frame, elaboration.frame = elaboration.frame, None
        self.symdict, self.param_count = namespace(code, frame) if code else ({}, 0)
        self._contain(list(_flatten(returned)))

    @classmethod
    def assembled(
        cls,
        func: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        names: tuple[dict[str, Any], int],
        subs: list[Any],
    ) -> Block:
        """A block of parts that are there already.

        Args:
            func: What has the name, the docstring and the code of the function.
            args: What it was called with.
            kwargs: The same, by name.
            names: The names visible in it, and how many of them, from the first, are parameters.
            subs: The blocks and processes that it consists of.
        """
        made = cls.__new__(cls)
        made.skipname = False
        made.deco = None
        made._describe(func, args, kwargs, 0)
        made.elaboration = 0
        made.symdict, made.param_count = names
        made._contain(subs)
        return made

    def _describe(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any], calls: int) -> None:
        self.func = func
        self.args = args
        self.kwargs = kwargs
        self.block_name = func.__name__
        if args and _is_method(func):
            owner = type(args[0]).__name__
            self.block_name = owner if self.skipname else f"{owner}_{func.__name__}"
        self.name = f"{self.block_name}{calls}"
        if self.deco is not None and self.deco.receiver is not None and not self.skipname:
            self.name = f"{self.deco.owner}_{func.__name__}{calls}"
        self.__name__ = self.name
        self.doc = func.__doc__
        self.__doc__ = func.__doc__
        code = getattr(func, "__code__", None)
        self.file = code.co_filename if code else ""
        self.line = code.co_firstlineno if code else 1
        #: The name that the instance has in its parent, where no variable tells.
        self.instance_name: str | None = None
        self.callername = ""
        self.modctxt = False
        self.argnames: list[str] = []
        self.argdict: dict[str, Any] = {}
        self.sim: Simulation | None = None
        self._trace: dict[str, Any] | None = None

    def _contain(self, subs: list[Any]) -> None:
        from pyhdl._cosimulation import Cosimulation
        from pyhdl._process import Process

        self.subs = subs
        for sub in subs:
            if not isinstance(sub, (Block, Process, Cosimulation)):
                error = BlockError(f"{self.name}: A block should return block or instantiator objects")
                error.place = (self.file, self.line)
                raise error

    def user_code(self) -> tuple[Any, Any] | None:
        """What the author wrote in Verilog and in VHDL; None where there is nothing.

        For each language the name of an instance, or pieces of text and what goes between them.

        Raises:
            ConversionError: A place in a text has a name that the block does not have.
        """
        deco = self.deco
        if deco is None:
            return None
        written: list[Any] = []
        for language in ("verilog", "vhdl"):
            instance = getattr(deco, f"{language}_instance")
            text = getattr(deco, f"{language}_code")
            if instance is not None:
                written.append(str(instance))
            else:
                written.append(None if text is None else list(self._pieces(str(text), language)))
        return None if written == [None, None] else (written[0], written[1])

    def black_box(self) -> tuple[str, str | None, bool, list[str], list[Any], list[Any]] | None:
        """The module elsewhere that the block stands for; None where it is its own.

        Its name and library, whether its ports are numbers, its files, the parameters, and the ports.
        """
        box = None if self.deco is None else self.deco.black_box
        if box is None:
            return None
        parameters, ports = box.instance(self)
        return box.name, box.library, box.numeric, box.sources(), parameters, ports

    def _pieces(self, text: str, language: str) -> Iterator[Any]:
        """A text in pieces, with objects for the names after a dollar sign."""
        end = 0
        import string

        for found in string.Template.pattern.finditer(text):
            yield text[end : found.start()]
            end = found.end()
            if found["escaped"] is not None:
                yield "$"
                continue
            name = found["named"] or found["braced"]
            if name is None:
                raise self._code_error(language, f"a `$` without a name: {text[found.start() :].splitlines()[0]}")
            yield self._named(name, language)
        yield text[end:]

    def _named(self, name: str, language: str) -> Any:
        """What a name in a text means; ``bus_data`` is the attribute ``data`` of ``bus``."""
        if name in self.symdict:
            return self.symdict[name]
        for position in range(len(name) - 1, 0, -1):
            if name[position] == "_" and name[:position] in self.symdict:
                inside = getattr(self.symdict[name[:position]], name[position + 1 :], None)
                if inside is not None:
                    return inside
        raise self._code_error(language, name)

    def _code_error(self, language: str, what: str) -> Exception:
        kind = ToVerilogError if language == "verilog" else ToVHDLError
        name = "Verilog" if language == "verilog" else "VHDL"
        error = kind(f"Error in user defined {name} code", what, f"in file {self.file}, line {self.line}:\n    ")
        return error

    @property
    def verilog_code(self) -> str | None:
        """The author's text in Verilog."""
        return getattr(self.deco, "verilog_code", None)

    @property
    def vhdl_code(self) -> str | None:
        """The author's text in VHDL."""
        return getattr(self.deco, "vhdl_code", None)

    @property
    def directions(self) -> tuple[tuple[str, bool], ...]:
        """The annotated ports, and whether each is an output."""
        if not getattr(self.func, "__annotations__", None):
            return ()
        return _ports.directions(self.func)

    @property
    def sigdict(self) -> dict[str, Any]:
        """The signals among the block's names."""
        return {n: v for n, v in self.symdict.items() if isinstance(v, _core.SignalType)}

    @property
    def unnamed(self) -> bool:
        """Whether names leave this level of the hierarchy out. A method's level has the name of its object."""
        return self.skipname and not (self.args and _is_method(self.func))

    @property
    def memdict(self) -> dict[str, Any]:
        """The lists of signals among the block's names."""
        return {n: v for n, v in self.symdict.items() if is_list_of_signals(v)}

    @property
    def callinfo(self) -> types.SimpleNamespace:
        """Where the block function was called: ``name``, ``modctxt``, ``symdict``."""
        return types.SimpleNamespace(name=self.callername, modctxt=self.modctxt, symdict=self.symdict)

    def config_sim(self, trace: bool = False, **options: Any) -> None:
        """Set how the simulation runs.

        Args:
            trace: Write waves.
            options: ``name``, ``directory``, ``filename``, ``timescale``, ``tracelists``, ``tracebackup``.
        """
        from pyhdl._trace import traceSignals

        for key, value in options.items():
            if not hasattr(traceSignals, key):
                raise BlockInstanceError("unknown trace option", key)
            setattr(traceSignals, key, value)
        if trace:
            traceSignals.trace(self)
        else:
            self._trace = None

    def run_sim(self, duration: int | None = None, quiet: int = 0) -> None:
        """Run the simulation, or go on with it.

        Args:
            duration: Number of time steps; None runs until the end.
            quiet: Not 0 keeps the closing message off standard error.
        """
        if intercept_run is not None:
            intercept_run(self)
        if self.sim is None or self.sim.finished:
            from pyhdl._simulation import Simulation

            self.sim = Simulation(self)
        self.sim.run(duration, quiet)

    def quit_sim(self) -> None:
        """End the simulation, so that another one can be started."""
        if self.sim is not None:
            self.sim.quit()
            self.sim = None

    def convert(self, hdl: str = "Verilog", **options: Any) -> Block:
        """Write the design as HDL.

        Args:
            hdl: ``Verilog`` or ``VHDL``, in any case.
            options: The attributes of ``toVerilog`` and ``toVHDL``, for this time; ``path`` for ``directory``, and
                ``testbench`` for the opposite of ``no_testbench``.
        """
        from pyhdl import _conversion

        _conversion.convert(self, hdl, options)
        return self

    def verify_convert(self) -> int:
        """Convert, run the result in the simulator ``conversion.verify.simulator``, and compare what is printed.

        Returns:
            0 where the same lines are printed.
        """
        from pyhdl import conversion

        return conversion.verify(self)

    def analyze_convert(self) -> int:
        """Convert, and let the simulator ``conversion.analyze.simulator`` compile the result.

        Returns:
            0 where it does.
        """
        from pyhdl import conversion

        return conversion.analyze(self)

    def __repr__(self) -> str:
        return f"<block {self.name}>"


def is_list_of_signals(value: Any) -> bool:
    """Whether an object is a list of signals and of nothing else."""
    return isinstance(value, list) and bool(value) and all(isinstance(element, _core.SignalType) for element in value)


def _is_method(func: Any) -> bool:
    code = getattr(func, "__code__", None)
    return bool(code and code.co_varnames[:1] == ("self",))


class BlockFunction:
    """A function that gives an instance of hardware when it is called.

    Attributes:
        verilog_code: Text in Verilog in place of the block's contents, with places like ``$name``.
        vhdl_code: The same in VHDL.
        verilog_instance: The name of an instance of a Verilog module that is elsewhere, in place of the block.
        vhdl_instance: The same in VHDL.
    """

    is_pyhdl_block = True

    def __init__(self, func: Any, skipname: bool, receiver: Any = None) -> None:
        functools.update_wrapper(self, func)
        self.func = func
        self.skipname = skipname
        self.receiver = receiver
        self.calls = 0
        #: For a method: what its object is called.
        self.owner = ""
        self.verilog_code: str | None = None
        self.vhdl_code: str | None = None
        self.verilog_instance: str | None = None
        self.vhdl_instance: str | None = None
        #: The module elsewhere that it stands for.
        self.black_box: BlackBox | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Block:
        caller = sys._getframe(1)
        note_frame(caller)
        if self.receiver is not None:
            args = (self.receiver, *args)
        made = Block(self.func, self, args, kwargs)
        made.callername = caller.f_code.co_name
        made.modctxt = is_open(caller)
        if self.black_box is not None:
            self.black_box.instance(made)
        return made

    def __get__(self, instance: Any, owner: Any = None) -> BlockFunction:
        """The function as a method of an object, the same one each time."""
        if instance is None:
            return self
        attributes = getattr(instance, "__dict__", {})
        key = f"_pyhdl_{self.func.__name__}"
        bound = attributes.get(key)
        if bound is None or bound.func is not self.func:
            bound = BlockFunction(self.func, self.skipname, instance)
            if hasattr(instance, "get_instance_ident"):
                bound.owner = str(instance.get_instance_ident())
            else:
                bound.owner = f"{type(instance).__name__}{next(_objects[type(instance).__name__])}"
            for code in (*_CODE, "black_box"):
                setattr(bound, code, getattr(self, code))
            attributes[key] = bound
        return bound


#: How many methods of objects of a class were used as blocks, by the class's name.
_objects: collections.defaultdict[str, itertools.count[int]] = collections.defaultdict(itertools.count)

_CODE = ("verilog_code", "vhdl_code", "verilog_instance", "vhdl_instance")


def block(func: Any = None, *, skipname: bool = False) -> Any:
    """Make a function into a block: calling it gives an instance of hardware.

    Args:
        func: A function that returns blocks and processes.
        skipname: Leave this level out of hierarchical names.
    """
    if func is None:
        return functools.partial(block, skipname=skipname)
    return BlockFunction(func, skipname)
