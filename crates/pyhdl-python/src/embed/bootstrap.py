import marshal
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER

import _core

sys.modules["pyhdl._core"] = _core
del sys.modules["_core"]


def _compiled():
    """The package's code objects, if this Python reads what the one of the build wrote."""
    if not COMPILED.startswith(MAGIC_NUMBER):
        return {}
    return marshal.loads(COMPILED[len(MAGIC_NUMBER) :])


class _Package:
    """Imports the package from the texts inside the program."""

    codes = _compiled()

    def find_spec(self, fullname, path=None, target=None):
        head, _, tail = fullname.partition(".")
        name = tail or "__init__"
        if head != "pyhdl" or name not in SOURCES:
            return None
        spec = ModuleSpec(fullname, self, origin=f"<pyhdl>/{name}.py", is_package=not tail)
        spec.has_location = True
        return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(self.get_code(module.__name__), module.__dict__)

    def is_package(self, fullname):
        return fullname == "pyhdl"

    def get_source(self, fullname):
        return SOURCES[fullname.partition(".")[2] or "__init__"]

    def get_code(self, fullname):
        name = fullname.partition(".")[2] or "__init__"
        code = self.codes.get(name)
        return code or compile(self.get_source(fullname), f"<pyhdl>/{name}.py", "exec", dont_inherit=True)


sys.meta_path.insert(0, _Package())
sys.argv = list(ARGS)

import pyhdl

pyhdl._core = _core

import pyhdl.compat
