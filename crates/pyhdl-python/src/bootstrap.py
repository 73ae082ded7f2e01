import importlib.abc
import importlib.util
import sys

import _core

sys.modules["pyhdl._core"] = _core
del sys.modules["_core"]


class _Package(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports the package from the texts inside the program."""

    def find_spec(self, fullname, path=None, target=None):
        head, _, tail = fullname.partition(".")
        if head != "pyhdl":
            return None
        name = tail or "__init__"
        if name not in SOURCES:
            return None
        spec = importlib.util.spec_from_loader(fullname, self, origin=f"<pyhdl>/{name}.py", is_package=not tail)
        spec.has_location = True
        return spec

    def is_package(self, fullname):
        return fullname == "pyhdl"

    def get_source(self, fullname):
        return SOURCES[fullname.partition(".")[2] or "__init__"]

    def get_code(self, fullname):
        name = fullname.partition(".")[2] or "__init__"
        return compile(self.get_source(fullname), f"<pyhdl>/{name}.py", "exec", dont_inherit=True)


sys.meta_path.insert(0, _Package())
sys.argv = list(ARGS)

import pyhdl

pyhdl._core = _core
sys.modules["myhdl"] = pyhdl
