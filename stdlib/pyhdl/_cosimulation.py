"""Simulation of Python and HDL together: an HDL simulator runs beside the Python one and exchanges values with it.

The HDL simulator calls the tasks ``$from_myhdl`` and ``$to_myhdl`` of the module in ``sim/vpi``. Both sides talk in
short texts through two pipes: the names and sizes of the signals once, then, in every delta cycle in which something
has changed, a time and values.
"""

from __future__ import annotations

import os

from pyhdl._core import EnumItemType, SignalType
from pyhdl._errors import CosimulationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from typing import Any

#: Longest message, in bytes.
_LONGEST = 1 << 16


class Cosimulation:
    """An HDL simulation that takes part in a Python simulation.

    Args:
        exe: The command that starts the HDL simulator, as a list of words, or with blanks between them.
        kwargs: The signals, by the names that they have in the calls of the tasks.

    Raises:
        CosimulationError: The simulator cannot be started, or what it says about its signals does not fit.
    """

    def __init__(self, exe: str | list[str] = "", **kwargs: SignalType) -> None:
        import subprocess

        from_child, to_parent = os.pipe()
        from_parent, to_child = os.pipe()
        environment = dict(os.environ, MYHDL_TO_PIPE=str(to_parent), MYHDL_FROM_PIPE=str(from_parent))
        self._read = from_child
        self._write = to_child
        self._child: subprocess.Popen[bytes] | None = None
        #: For each direction the names, the sizes in bits and the signals.
        self._from: list[tuple[str, int, SignalType]] = []
        self._to: dict[str, SignalType] = {}
        #: What the child was told last. It is told nothing before a first change.
        self._sent: list[str] = []
        #: The child has been answered and says something next.
        self._child_speaks = True
        try:
            command = exe.split() if isinstance(exe, str) else list(exe)
            self._child = subprocess.Popen(command, env=environment, pass_fds=(to_parent, from_parent))
        except OSError as error:
            raise CosimulationError("OSError", str(error)) from error
        finally:
            os.close(to_parent)
            os.close(from_parent)
            if self._child is None:
                self.close()
        try:
            self._agree(kwargs)
        except BaseException:
            self.close()
            raise

    def _agree(self, signals: dict[str, SignalType]) -> None:
        """Listen to what the child says about its signals, up to its start."""
        while True:
            words = self._listen().split()
            if words[0] == "START":
                if not self._to:
                    raise CosimulationError("No signals communicating to myhdl")
                self._say("OK")
                self._sent = [_hex(signal, size) for _, size, signal in self._from]
                return
            if words[0] not in ("FROM", "TO"):
                raise CosimulationError("Unexpected cosim input", words[0])
            if int(words[1]) != 0:
                raise CosimulationError("myhdl vpi call when not at time 0")
            for name, size in zip(words[2::2], words[3::2], strict=False):
                if name not in signals:
                    raise CosimulationError("Signal not found in Cosimulation arguments", name)
                if name in self._to or any(name == known for known, _, _ in self._from):
                    raise CosimulationError("Duplicate signal name in myhdl vpi call", name)
                if words[0] == "FROM":
                    self._from.append((name, int(size), signals[name]))
                else:
                    self._to[name] = signals[name]
            self._say("OK")

    def _listen(self) -> str:
        message = os.read(self._read, _LONGEST)
        if not message:
            raise CosimulationError("Premature simulation end")
        return message.decode(errors="replace")

    def _say(self, message: str) -> None:
        try:
            os.write(self._write, message.encode())
        except BrokenPipeError as error:
            raise CosimulationError("Premature simulation end") from error

    @property
    def signals(self) -> list[SignalType]:
        """The signals that take part."""
        return [*(signal for _, _, signal in self._from), *self._to.values()]

    def exchange(self, time: int, pending: bool) -> bool:
        """Take over what the child says, and tell it what has changed.

        Args:
            time: Now, in time steps.
            pending: Whether signals of the Python side are about to change.

        Returns:
            Whether there is another delta cycle.
        """
        changed = self._take()
        values = [_hex(signal, size) for _, size, signal in self._from]
        if not (pending or changed or values != self._sent):
            return False
        self._tell(time, values)
        return True

    def _take(self) -> bool:
        """Give the signals what the child says; whether one of them is about to change."""
        if not self._child_speaks:
            return False
        self._child_speaks = False
        words = self._listen().split()
        changed = False
        for name, digits in zip(words[1::2], words[2::2], strict=False):
            signal = self._to[name]
            value = _parsed(digits, signal)
            changed = changed or value != signal.val
            signal.next = value
        return changed

    def _tell(self, time: int, values: list[str]) -> None:
        words = [str(time)]
        if values != self._sent:
            words += values
            self._sent = values
        self._say(" ".join(words))
        self._child_speaks = True

    def advance(self, time: int) -> None:
        """Tell the child that time moves on."""
        self._tell(time, [_hex(signal, size) for _, size, signal in self._from])

    def close(self) -> None:
        """End the HDL simulation."""
        for pipe in (self._read, self._write):
            if pipe >= 0:
                os.close(pipe)
        self._read = self._write = -1
        if self._child is not None:
            try:
                self._child.wait(timeout=5)
            except Exception:  # It has not ended in this time.
                self._child.kill()
                self._child.wait()
            self._child = None

    def __del__(self) -> None:
        if getattr(self, "_read", -1) >= 0:
            self.close()


def _hex(signal: SignalType, size: int) -> str:
    """A signal's value as the child wants it: two's complement in hexadecimal digits."""
    value = signal.val
    if value is None:
        return "z"
    return f"{int(value) & ((1 << size) - 1):x}"


def _parsed(digits: str, signal: SignalType) -> Any:
    """The value that the child means, for a signal."""
    try:
        number = int(digits, 16)
    except ValueError:
        if digits in ("z", "Z"):
            return None
        return signal._init if digits in ("x", "X") else 0
    if isinstance(signal._init, bool):
        return bool(number)
    if isinstance(signal._init, EnumItemType):
        literals = (getattr(signal._init._type, name) for name in dir(signal._init._type))
        return next((literal for literal in literals if int(literal) == number), signal._init)
    width = len(signal)
    low = signal.min
    if low is not None and low < 0 and number >= 1 << (width - 1):
        number -= 1 << width
    return number
