//! Calls of the package that `language/` does not show: what they write, and what they say.

use std::fs;

use anyhow::{Result, ensure};
use pyhdl_tests::{Outcome, pyhdl, run};
use tempfile::TempDir;

const DESIGN: &str = r#"
import warnings
from myhdl import *

warnings.simplefilter("ignore")


@block
def choice(clk, a, b, y, z):
    @always_comb
    def choose():
        if a:
            y.next = b
        else:
            y.next = 3

    @always(clk.posedge)
    def keep():
        z.next = y

    return choose, keep


def make():
    clk, a = Signal(False), Signal(False)
    b, y, z = (Signal(intbv(0)[4:]) for _ in range(3))
    return choice(clk, a, b, y, z)


def text(name):
    with open(name) as file:
        return file.read()

"#;

/// Runs a program that goes on after [`DESIGN`], in a folder of its own.
fn program(more: &str) -> Result<(TempDir, Outcome)> {
    let place = tempfile::tempdir()?;
    let file = place.path().join("program.py");
    fs::write(&file, format!("{DESIGN}{more}"))?;
    let outcome = run(pyhdl()?.arg("sim").arg(&file).current_dir(place.path()))?.success()?;
    Ok((place, outcome))
}

fn prints(more: &str, expected: &str) -> Result<()> {
    let (_place, outcome) = program(more)?;
    ensure!(outcome.stdout() == expected, "{}", outcome.describe());
    Ok(())
}

#[test]
fn debug_prints_versions() -> Result<()> {
    // A simulation, so that the file is one for `sim`.
    let (_place, outcome) =
        program("import myhdl.debug\nmyhdl.debug.print_versions()\nmake().run_sim(1, quiet=1)\n")?;
    for word in ["pyhdl", "Python"] {
        ensure!(outcome.stdout().contains(word), "{}", outcome.describe());
    }
    Ok(())
}

#[test]
fn signals_are_assigned_to_signals() -> Result<()> {
    let more = r#"
@block
def wires(a, y):
    inner = Signal(intbv(0)[4:])
    inner.assign(a)

    @always_comb
    def out():
        y.next = inner

    return out


@block
def bench():
    a, y = Signal(intbv(0)[4:]), Signal(intbv(0)[4:])
    dut = wires(a, y)

    @instance
    def drive():
        for i in range(3):
            a.next = i + 5
            yield delay(2)
            print(int(y))

    return dut, drive


bench().run_sim(quiet=1)
dut = wires(Signal(intbv(0)[4:]), Signal(intbv(0)[4:]))
dut.convert(hdl="Verilog", testbench=False)
print("assign inner = a;" in text("wires.v"))
dut.convert(hdl="VHDL")
print("inner <= a;" in text("wires.vhd"))
"#;
    prints(more, "5\n6\n7\nTrue\nTrue\n")
}

#[test]
fn verilog_of_1995_names_what_it_waits_for() -> Result<()> {
    let more = "make().convert(hdl='Verilog', standard='1995', testbench=False)\n\
                print('@(a or b)' in text('choice.v').replace('always ', ''))\n";
    prints(more, "True\n")
}

#[test]
fn assignments_in_logic_can_be_delayed() -> Result<()> {
    let more = "for preferred in True, False:\n    \
                make().convert(hdl='Verilog', prefer_blocking_assignments=preferred, testbench=False)\n    \
                print('y = b;' in text('choice.v'), 'y <= b;' in text('choice.v'))\n";
    prints(more, "True False\nFalse True\n")
}

#[test]
fn options_without_effect_are_accepted() -> Result<()> {
    let more = "make().convert(hdl='Verilog', testbench=False)\nplain = text('choice.v')\n\
                make().convert(hdl='Verilog', radix='hex', testbench=False)\nprint(plain == text('choice.v'))\n";
    prints(more, "True\n")
}

#[test]
fn instances_of_foreign_modules() -> Result<()> {
    let more = r#"
@block
def foreign(a, y):
    @always_comb
    def model():
        y.next = not a

    y.driven = "wire"
    a.read = True
    return model


foreign.verilog_instance = "cell"
foreign.vhdl_instance = "cell"


@block
def around(a, y):
    inside = foreign(a, y)
    return inside


around(Signal(False), Signal(False)).convert(hdl="Verilog", testbench=False)
print("foreign cell" in text("around.v"), ".a (a)" in text("around.v") or ".a(a)" in text("around.v"))
around(Signal(False), Signal(False)).convert(hdl="VHDL")
print("cell : entity work.foreign" in text("around.vhd").replace("cell:", "cell :"))
"#;
    prints(more, "True True\nTrue\n")
}

#[test]
fn a_second_conversion_gives_the_same_files() -> Result<()> {
    let more = r#"
def leaf(clk, d, q):
    state = Signal(intbv(0)[4:])

    @always(clk.posedge)
    def count():
        state.next = (state + d) % 16

    @always_comb
    def out():
        q.next = state

    return count, out


def middle(clk, d, q):
    between = Signal(intbv(0)[4:])
    first = leaf(clk, d, between)
    second = leaf(clk, between, q)
    return first, second


def top(clk, d, q):
    inner = middle(clk, d, q)
    return inner


def old():
    return Signal(False), Signal(intbv(0)[4:]), Signal(intbv(0)[4:])


texts = []
for _ in range(3):
    toVerilog.no_testbench = True
    toVerilog(top, *old())
    toVHDL(top, *old())
    make().convert(hdl="Verilog", testbench=False)
    texts.append((text("top.v"), text("top.vhd"), text("choice.v")))
print(texts[0] == texts[1] == texts[2], all("between" in text for text in texts[0][:2]))
"#;
    prints(more, "True True\n")
}

#[test]
fn simulators_are_registered() -> Result<()> {
    let more = r#"
from myhdl.conversion import analyze, registerSimulator, verify

for name, hdl, command in (3, "Verilog", "a"), ("mine", "Ada", "a"), ("mine", "VHDL", 3):
    try:
        registerSimulator(name=name, hdl=hdl, analyze=command, simulate="b")
    except ValueError as error:
        print(error)
registerSimulator(name="echo", hdl="Verilog", analyze="echo %(topname)s.v > said.txt", simulate="true")
analyze.simulator = "echo"
print(make().analyze_convert(), text("said.txt").strip())
for known in "ghdl", "nvc", "vlog", "vcom", "iverilog", "cver":
    verify.simulator = known
print(verify.simulator)
"#;
    prints(more, "Invalid simulator name\nInvalid hdl Ada\nInvalid analyzer command\n0 choice.v\ncver\n")
}
