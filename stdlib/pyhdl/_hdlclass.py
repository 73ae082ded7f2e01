"""Designs as classes: ports are attributes, and a method describes the hardware."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod

from pyhdl._block import Block
from pyhdl._process import Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class HdlClass(ABC):
    """Base of a class whose objects are instances of hardware.

    The constructor takes or makes the signals at the ports and keeps them as attributes. The method ``hdl``, with the
    decorator ``@block(skipname=True)``, describes the inside and ends with ``return self.hdlinstances()``.
    """

    @abstractmethod
    def __init__(self) -> None:
        pass

    @abstractmethod
    def hdl(self) -> Block:
        """The hardware inside."""

    def hdlinstances(self) -> list[Any]:
        """The processes, blocks and objects of such classes among the local variables of the calling method.

        Returns:
            The processes and blocks; for each object its hardware, under the name of the variable.
        """
        found: list[Any] = []
        for name, value in sys._getframe(1).f_locals.items():
            self._collect(name, value, found)
        return found

    def _collect(self, name: str, value: Any, found: list[Any]) -> None:
        if isinstance(value, HdlClass):
            if value is not self:
                inside = value.hdl()
                inside.instance_name = name
                found.append(inside)
        elif isinstance(value, (Process, Block)):
            found.append(value)
        elif isinstance(value, (list, tuple)):
            for position, element in enumerate(value):
                self._collect(f"{name}_{position}", element, found)

    def convert(self, hdl: str = "Verilog", **options: Any) -> Block:
        """Write the design as HDL; the signals among the attributes are the ports. See :meth:`Block.convert`."""
        return self.hdl().convert(hdl, **options)
