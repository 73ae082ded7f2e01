"""Makes ``import myhdl`` mean this package, for files that are written for MyHDL.

``import pyhdl.compat`` before them, or ``pytest -p pyhdl.compat``; the ``pyhdl`` program does it by itself. Without
this import, ``import myhdl`` is MyHDL's own business: nothing is replaced by accident.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import sys

import pyhdl
from pyhdl._portable import set_portable

__all__ = ["set_portable"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from collections.abc import Sequence


class _Alias:
    """Finds ``myhdl`` and what is in it: the same module objects as ``pyhdl`` and what is in that."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec for ``myhdl.x`` where ``pyhdl.x`` is public."""
        head, _, tail = fullname.partition(".")
        if head != "myhdl" or tail.startswith("_"):
            return None
        return importlib.machinery.ModuleSpec(fullname, self)  # type: ignore[arg-type]

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """The module itself, not a second one."""
        try:
            module = importlib.import_module("pyhdl" + spec.name[len("myhdl") :])
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(f"No module named {spec.name!r}", name=spec.name) from error
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """It has run already; importing it under another name changes nothing about it."""
        if module.__spec__ is not None:
            module.__spec__ = module.__spec__.loader_state


def _install() -> None:
    present = sys.modules.get("myhdl")
    if present is not None and present is not pyhdl:
        raise ImportError("MyHDL itself has been imported already: import pyhdl.compat before it", name="myhdl")
    if present is None:
        sys.meta_path.insert(0, _Alias())
        sys.modules["myhdl"] = pyhdl


_install()
