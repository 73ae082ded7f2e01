"""Compare two VCD files, read by vcdvcd: every signal of either, at every time step.

Usage: compare_waves.py OURS MYHDL [THEIR_SCOPE=OUR_SCOPE ...]

Prints how much was compared, or every difference with signal, time and both values; exits 1 if there is one.

Declared types and widths have to agree too. Enumeration literals are text. vcdvcd skips the lines that hold text
(`sRED %`), so they are handed to it as the bits of that text, and turned back for the comparison. Unknown values
(`x`, `z`, none yet) do not occur in the designs compared here; where one does, that is a difference.
"""

from __future__ import annotations

import pathlib
import re
import sys
import tempfile

import vcdvcd

TEXT = re.compile(r"s(\S*) (\S+)")
MOST_SHOWN = 20


def bits_for_text(line: str) -> str:
    """A line of the file, with text replaced by its bits after a one that keeps leading zeros."""
    found = TEXT.fullmatch(line.strip())
    if found is None:
        return line
    digits = "".join(f"{byte:08b}" for byte in found[1].encode())
    return f"b1{digits} {found[2]}"


def shown(value: str | None, kind: str) -> str:
    """A value as a person reads it."""
    if value is None:
        return "no value"
    if kind != "string" or not set(value) <= {"0", "1"}:
        return value
    digits = value.lstrip("0")[1:]
    return bytes(int(digits[i : i + 8], 2) for i in range(0, len(digits), 8)).decode()


class Waves:
    """A file's signals."""

    def __init__(self, path: str, scopes: dict[str, str]) -> None:
        lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
        body = lines.index(next(line for line in lines if line.strip().startswith("$enddefinitions")))
        with tempfile.TemporaryDirectory() as folder:
            readable = pathlib.Path(folder, "readable.vcd")
            readable.write_text("\n".join(lines[:body] + [bits_for_text(line) for line in lines[body:]]) + "\n")
            self._vcd = vcdvcd.VCDVCD(str(readable))
        self.end = self._vcd.endtime
        self.step = self._vcd.timescale["timescale"]
        self.signals = {}
        self.scopes = set()
        for name in self._vcd.signals:
            scope, _, leaf = name.rpartition(".")
            leaf = leaf.partition("[")[0]
            self.scopes.add(scope)
            self.signals[f"{scopes.get(scope, scope)}.{leaf}"] = self._vcd[name]
        if len(self.signals) != len(self._vcd.signals):
            raise SystemExit(f"{path}: two signals have the same name")


def kind_of(signal: object) -> tuple[str, int | None]:
    """Type and width; the width that is declared for text means nothing."""
    kind = signal.var_type
    return kind, None if kind == "string" else int(signal.size)


def values(signal: object, end: int) -> list[str | None]:
    """The value at each time from 0 to the end."""
    found: list[str | None] = []
    last = None
    changes = iter(signal.tv)
    change = next(changes, None)
    for time in range(end + 1):
        while change is not None and change[0] <= time:
            last = change[1]
            change = next(changes, None)
        found.append(last)
    return found


def main(ours_path: str, theirs_path: str, *renamed: str) -> int:
    """Compare; the exit code."""
    scopes = dict(r.split("=") for r in renamed)
    ours, theirs = Waves(ours_path, {}), Waves(theirs_path, scopes)
    differences: list[str] = []
    unused = set(scopes) - theirs.scopes
    if unused:
        differences.append(f"MyHDL has no scope {', '.join(sorted(unused))}")
    if (ours.end, ours.step) != (theirs.end, theirs.step):
        differences.append(
            f"the end is at {ours.end} in steps of {ours.step} s; MyHDL: {theirs.end}, {theirs.step} s"
        )
    for name in sorted(ours.signals.keys() - theirs.signals.keys()):
        differences.append(f"{name}: only in pyhdl's file")
    for name in sorted(theirs.signals.keys() - ours.signals.keys()):
        differences.append(f"{name}: only in MyHDL's file")
    common = sorted(ours.signals.keys() & theirs.signals.keys())
    end = max(ours.end, theirs.end)
    count = 0
    for name in common:
        a, b = ours.signals[name], theirs.signals[name]
        if kind_of(a) != kind_of(b):
            differences.append(f"{name}: declared as {kind_of(a)}; MyHDL: {kind_of(b)}")
        for time, (x, y) in enumerate(zip(values(a, end), values(b, end), strict=True)):
            count += 1
            known = x is not None and y is not None and set(x) | set(y) <= {"0", "1"}
            if x != y or not known:
                x_text, y_text = shown(x, a.var_type), shown(y, b.var_type)
                differences.append(f"{name} at time {time}: pyhdl {x_text}, MyHDL {y_text}")
    for difference in differences[:MOST_SHOWN]:
        print(difference)
    if len(differences) > MOST_SHOWN:
        print(f"and {len(differences) - MOST_SHOWN} more")
    print(f"compared {len(common)} signals, {end + 1} time steps, {count} values")
    return 1 if differences or not count else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
