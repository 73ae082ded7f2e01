import os
import sys

os.environ["PYHDL_SEED"] = str(SEED)


class _Seeding:
    """Loads a module as its own loader does, and seeds its global generator then."""

    def __init__(self, loader):
        self.loader = loader

    def __getattr__(self, name):
        return getattr(self.loader, name)

    def exec_module(self, module):
        module.__loader__ = module.__spec__.loader = self.loader
        self.loader.exec_module(module)
        _seed(module)


class _Seeded:
    """Finds the modules that have a global generator, each once."""

    waiting = {"random", "numpy.random"}

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in self.waiting:
            return None
        self.waiting.discard(fullname)
        for finder in sys.meta_path:
            spec = finder.find_spec(fullname, path, target) if finder is not self else None
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Seeding(spec.loader)
                return spec
        return None


def _seed(module):
    # A file of the user's may have the same name.
    seed = getattr(module, "seed", None)
    if callable(seed):
        seed(SEED)


for _name in _Seeded.waiting & set(sys.modules):
    _Seeded.waiting.discard(_name)
    _seed(sys.modules[_name])
sys.meta_path.insert(0, _Seeded())
