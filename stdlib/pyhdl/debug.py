"""What to put into a bug report: ``python -m pyhdl.debug``."""

from __future__ import annotations

import platform
import sys

from pyhdl import __version__


def print_versions() -> None:
    """Print the versions of the package, of Python and of the operating system, a line each."""
    rows = {
        "pyhdl": __version__,
        "Python": sys.version.replace("\n", " "),
        "implementation": platform.python_implementation(),
        "system": platform.platform(),
        "machine": platform.machine(),
    }
    for name, value in rows.items():
        print(f"{name:<15} {value}")


if __name__ == "__main__":
    print_versions()
