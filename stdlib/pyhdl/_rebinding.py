"""Which names of a file are rebound while it runs: they are no constants."""

from __future__ import annotations

import functools


@functools.cache
def _rebound(file: str) -> tuple[frozenset[str], frozenset[str]]:
    try:
        with open(file, "rb") as source:
            text = source.read()
        if b"global" not in text and b"nonlocal" not in text:
            return frozenset(), frozenset()
        import ast

        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError):
        return frozenset(), frozenset()
    names: tuple[set[str], set[str]] = (set(), set())
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            names[0].update(node.names)
        elif isinstance(node, ast.Nonlocal):
            names[1].update(node.names)
    return frozenset(names[0]), frozenset(names[1])


def is_global_rebound(file: str, name: str) -> bool:
    """Whether some function of the file declares the name ``global``."""
    return name in _rebound(file)[0]


def is_cell_rebound(file: str, name: str) -> bool:
    """Whether some function of the file declares the name ``nonlocal``."""
    return name in _rebound(file)[1]
