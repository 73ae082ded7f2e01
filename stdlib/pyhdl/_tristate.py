"""Tristate signals: what their drivers come to."""

from __future__ import annotations

import warnings

from pyhdl._errors import BusContentionWarning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pyhdl._core import SignalType


class Tristate:
    """A name that MyHDL exports and that cannot be used there either."""

    def __init__(self, *args: Any) -> None:
        raise TypeError("a Tristate cannot be made: use TristateSignal")


def resolved(values: list[Any]) -> Any:
    """The value of a bus whose drivers have these values: the only one that is not None, else None.

    Warns:
        BusContentionWarning: There are several.
    """
    driven = [value for value in values if value is not None]
    if len(driven) > 1:
        warnings.warn("Bus contention", BusContentionWarning, stacklevel=2)
    return driven[0] if len(driven) == 1 else None


def resolution(bus: SignalType) -> Iterator[Any]:
    """A process that gives a bus the value that its drivers come to whenever one of them changes."""
    drivers = bus._drivers
    while drivers:
        yield drivers
        bus._resolve(resolved([driver.val for driver in drivers]))
