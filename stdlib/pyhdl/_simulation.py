"""Running simulations."""

from __future__ import annotations

import sys

from pyhdl import _block, _core
from pyhdl._cosimulation import Cosimulation
from pyhdl._errors import SimulationError, StopSimulation
from pyhdl._process import Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def run(engine: _core.Engine, duration: int | None, quiet: int) -> int:
    """Run an engine and say on standard error how it ended. Returns 1 where it can go on."""
    outcome = engine.run(None if not duration else int(duration))
    if not quiet:
        sys.stdout.flush()
        if outcome == "suspended":
            message = engine.stop_message or f"Simulated {duration} timesteps"
            text = f"<class 'myhdl._SuspendSimulation'>: {message}"
        elif outcome == "no more events":
            text = "<class 'myhdl.StopSimulation'>: No more events"
        else:
            text = f"<class 'myhdl.StopSimulation'>: {engine.stop_message}"
        print(text, file=sys.stderr)
    return 1 if outcome == "suspended" else 0


def _flatten(args: Any) -> Iterator[Any]:
    for arg in args:
        if isinstance(arg, (list, tuple, set)):
            yield from _flatten(arg)
        else:
            yield arg


class Simulation:
    """A simulation of blocks, processes and generators.

    Args:
        args: Blocks, processes, generators, and lists of them.
    """

    def __init__(self, *args: Any) -> None:
        parts = list(_flatten(args))
        seen: set[int] = set()
        for part in parts:
            if not isinstance(part, (_block.Block, Process, Cosimulation)) and not hasattr(part, "send"):
                raise SimulationError("Inappriopriate argument type", str(type(part)))
            if id(part) in seen:
                raise SimulationError("Duplicated argument")
            seen.add(id(part))
        from pyhdl._trace import traceSignals

        only = parts[0] if len(parts) == 1 else None
        self._engine = _core.Engine(only if isinstance(only, _block.Block) else parts)
        for part in parts:
            if isinstance(part, _block.Block) and part._trace is not None and part not in traceSignals._waiting:
                # Another simulation of a block that is traced.
                self._engine.trace(**part._trace, block=part)
        traceSignals.started(self._engine, parts)

    @property
    def finished(self) -> bool:
        """Whether it has ended, so that it cannot be run on."""
        return self._engine.finished

    def run(self, duration: int | None = None, quiet: int = 0) -> int:
        """Run for a number of time steps, or to the end. Returns 1 where the simulation can go on, else 0."""
        if self._engine.finished:
            raise StopSimulation("Simulation has already finished")
        _block.runs += 1
        return run(self._engine, duration, quiet)

    def quit(self) -> None:
        """End the simulation, so that its signals can be used in another one."""
        self._engine.quit()
