# converts by itself
"""A conversion that fails leaves nothing behind: no file, and no name or other option for the next one."""

import os
import tempfile

from myhdl import ConversionError, Signal, always_comb, block, intbv

ENDINGS = {"Verilog": ".v", "VHDL": ".vhd"}
HEADS = {"Verilog": "module working", "VHDL": "entity working"}


@block
def failing(x, y):
    @always_comb
    def logic():
        names = {0: 1, 1: 0}
        y.next = names[int(x[0])]

    return logic


@block
def working(x, y):
    @always_comb
    def logic():
        y.next = x + 1

    return logic


def instantiated(design):
    return design(Signal(intbv(0)[8:]), Signal(intbv(0)[9:]))


def contents(folder):
    """The texts of all files by name."""
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name)) as file:
            found[name] = file.read()
    return found


def fails(design, **options):
    """Converts a design that has no hardware meaning."""
    try:
        design.convert(**options)
    except ConversionError as error:
        assert "PH0301" in str(error), error
    else:
        raise AssertionError("the conversion does not fail")


def check(hdl, before, folder):
    """Both designs in turn; returns what the folder contains after each conversion, and what it should contain."""
    instantiated(working).convert(hdl=hdl, path=before)
    right = contents(before)
    assert HEADS[hdl] in right["working" + ENDINGS[hdl]]
    found = []

    design = instantiated(failing)
    fails(design, hdl=hdl, path=folder, name="oops")
    found.append((contents(folder), {}))
    # Under its own name it fails as well.
    fails(design, hdl=hdl, path=folder)
    found.append((contents(folder), {}))
    instantiated(working).convert(hdl=hdl, path=folder)
    found.append((contents(folder), right))

    # What was there under the name that fails stays as it was.
    mine = "oops" + ENDINGS[hdl]
    with open(os.path.join(folder, mine), "w") as file:
        file.write("mine")
    fails(instantiated(failing), hdl=hdl, path=folder, name="oops")
    found.append((contents(folder), {**right, mine: "mine"}))
    instantiated(working).convert(hdl=hdl, path=folder)
    found.append((contents(folder), {**right, mine: "mine"}))

    fails(instantiated(failing), hdl=hdl, path=folder, header="not for the next one")
    instantiated(working).convert(hdl=hdl, path=folder)
    found.append((contents(folder), {**right, mine: "mine"}))
    return found


def main():
    count = 0
    for hdl in ENDINGS:
        with tempfile.TemporaryDirectory() as before, tempfile.TemporaryDirectory() as folder:
            for number, (found, right) in enumerate(check(hdl, before, folder)):
                assert found == right, f"{hdl}, step {number}: {found}, not {right}"
                count += 1
    print(count, "values are right")


if __name__ == "__main__":
    main()
