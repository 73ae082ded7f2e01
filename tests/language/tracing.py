"""Waves: scopes, variables and values, read back from the file. Numbers without a width are left out: MyHDL declares
them as real numbers and writes texts."""

import os
import re
import tempfile

from myhdl import *

os.chdir(tempfile.mkdtemp())
STATE = enum("IDLE", "BUSY")


def read(path):
    """Print the variables and the values that those of the outermost scope have when time goes on."""
    scopes, names, values, shown, variables = [], {}, {}, {}, []
    with open(path) as file:
        head, body = file.read().split("$enddefinitions")
    for kind, rest in re.findall(r"\$(scope|upscope|var|timescale)\s+(.*?)\s*\$end", head, re.DOTALL):
        if kind == "scope":
            scopes.append(rest.split()[1])
        elif kind == "upscope":
            scopes.pop()
        elif kind == "timescale":
            print("timescale", "".join(rest.split()))
        else:
            form, width, code, name = rest.split()[:4]
            variables.append((name, width if form == "reg" else form))
            if scopes[1:] in ([], ["taps"], ["more"]):
                names[".".join([*scopes[1:], name])] = code
    print(scopes, sorted(variables))

    def settle(time):
        for name, code in sorted(names.items()):
            value = values.get(code)
            if value is not None and shown.get(name) != value:
                print(time, name, value)
                shown[name] = value

    time = 0
    for line in body.splitlines()[1:]:
        if line.startswith("#"):
            settle(time)
            time = int(line[1:])
        elif line and line[0] in "01zx":
            values[line[1:]] = line[0]
        elif line and line[0] == "b":
            value, code = line[1:].split()
            values[code] = "z" if set(value) == {"z"} else value.lstrip("0") or "0"
        elif line and line[0] == "s":
            value, code = line[1:].split()
            values[code] = value
    settle(time)


@block
def unit(a, y, taps):
    state = Signal(STATE.IDLE)

    @always(a)
    def step():
        y.next = a + 1
        taps[0].next = a
        for i in range(2):
            taps[i + 1].next = taps[i]
        state.next = STATE.BUSY if a > 3 else STATE.IDLE

    return step


@block(skipname=True)
def quiet(a, y, taps):
    inner = unit(a, y, taps)
    return inner


@block
def bench():
    a, y, z = [Signal(intbv(0)[5:]) for i in range(3)]
    low = Signal(intbv(0, min=-8, max=8))
    taps = [Signal(intbv(0)[5:]) for i in range(3)]
    more = [Signal(intbv(0)[5:]) for i in range(3)]
    flag = Signal(False)
    wire = TristateSignal(intbv(0)[4:])
    line = wire.driver()
    one = unit(a, y, taps)
    two = quiet(y, z, more)

    @instance
    def drive():
        for i in range(6):
            a.next = i
            flag.next = i % 2
            low.next = -i
            line.next = None if i == 3 else i
            yield delay(5)

    return instances()


design = bench()
design.config_sim(trace=True, name="waves", timescale="10ps")
design.run_sim(quiet=1)
design.quit_sim()
print(sorted(os.listdir(".")))
read("waves.vcd")
design = bench()
design.config_sim(trace=True, name="waves", tracebackup=True, tracelists=False)
design.run_sim(quiet=1)
design.quit_sim()
print(len(os.listdir(".")))
read("waves.vcd")
