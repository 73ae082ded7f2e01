//! From HDL to Python and back: `pyhdl where`, `pyhdl lint`, source maps.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use pyhdl_tests::{Outcome, pyhdl, run};
use tempfile::TempDir;

/// `cell` has Verilog of the author's own, with a width that does not fit.
const DESIGN: &str = "\
from myhdl import *

@block
def cell(a, q):
    q.driven = 'wire'
    @always_comb
    def model():
        q.next = a
    cell.verilog_code = '''
// by hand
assign $q = {$a, 1'b0};
'''
    cell.vhdl_code = '$q <= $a;'
    return model

@block
def top(clk, a, q, r):
    inner = cell(a, r)
    @always(clk.posedge)
    def count():
        if a == 3:
            q.next = 0
        elif a > 5:
            q.next = (
                q
                + 1)
    return inner, count

@block
def bench():
    clk = Signal(bool(0))
    a, q, r = [Signal(modbv(0)[4:]) for _ in range(3)]
    dut = top(clk, a, q, r)
    @instance
    def go():
        a.next = 3
        yield delay(1)
    return dut, go
";

/// A folder with the design, and its HDL in `rtl`.
fn emitted(options: &str) -> Result<TempDir> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("design.py"), DESIGN)?;
    on(place.path(), &format!("emit design.py -o rtl {options}"))?.success()?;
    Ok(place)
}

fn on(place: &Path, words: &str) -> Result<Outcome> {
    let mut command = pyhdl()?;
    run(command.args(words.split_whitespace()).current_dir(place))
}

/// The number of the only line of a file with a text.
fn line(file: &Path, text: &str) -> Result<usize> {
    let lines = fs::read_to_string(file)?;
    let found: Vec<usize> =
        (1..).zip(lines.lines()).filter(|(_, l)| l.contains(text)).map(|(n, _)| n).collect();
    ensure!(found.len() == 1, "{text} is in the lines {found:?} of\n{lines}");
    Ok(found[0])
}

#[test]
fn statements_are_found_both_ways() -> Result<()> {
    let place = emitted("--verilog --sv --vhdl")?;
    let python = |text| line(&place.path().join("design.py"), text);
    for (file, reset, counting, elif) in [
        ("top.v", "q <= 4'd0;", "q <= q + 4'd1;", "else if"),
        ("top.sv", "q <= 4'd0;", "q <= q + 4'd1;", "else if"),
        ("top.vhd", "q <= (others => '0');", "q <= q + 1;", "elsif"),
    ] {
        let hdl = place.path().join("rtl").join(file);
        for (text, from) in
            [(reset, "            q.next = 0"), (counting, "q.next = ("), (elif, "elif a > 5")]
        {
            let (at, from) = (line(&hdl, text)?, python(from)?);
            let found = on(place.path(), &format!("where rtl/{file}:{at}"))?.success()?.stdout();
            ensure!(found.starts_with(&format!("design.py:{from}: ")), "{file}:{at}: {found}");
            let back = on(place.path(), &format!("where design.py:{from} -o rtl"))?.success()?.stdout();
            ensure!(back.contains(&format!("rtl/{file}:{at}: {}", text.trim())) || text == elif, "{back}");
            ensure!(back.contains(&format!("rtl/{file}:{at}: ")), "{back}");
        }
    }
    // A line inside a statement of several lines is part of it.
    let inside = python("                + 1)")?;
    let back = on(place.path(), &format!("where design.py:{inside} -o rtl"))?.success()?.stdout();
    ensure!(back.contains("rtl/top.v:") && back.contains("q <= q + 4'd1;"), "{back}");
    Ok(())
}

#[test]
fn names_are_found_both_ways() -> Result<()> {
    let place = emitted("--verilog")?;
    let found = on(place.path(), "where rtl/top.v:q")?.success()?.stdout();
    ensure!(found.lines().any(|line| line == "dut.q"), "{found}");
    let back = on(place.path(), "where design.py:q -o rtl")?.success()?.stdout();
    ensure!(back.lines().any(|line| line == "rtl/top.v:top.q"), "{back}");
    let blocks = on(place.path(), "where design.py:cell -o rtl")?.success()?.stdout();
    ensure!(blocks == "rtl/top.v:cell_1\n" || blocks == "rtl/top.v:cell\n", "{blocks}");
    Ok(())
}

/// A block with an object and a list as parameters.
const GROUPED: &str = "\
from myhdl import *

class Pair:
    def __init__(self):
        self.low, self.high = [Signal(intbv(0)[4:]) for _ in range(2)]

@block
def picker(pair, words, k, q):
    @always_comb
    def logic():
        q.next = words[k] ^ pair.low ^ pair.high
    return logic

@block
def bench():
    pair = Pair()
    words = [Signal(intbv(0)[4:]) for _ in range(4)]
    k, q = Signal(intbv(0)[2:]), Signal(intbv(0)[4:])
    return picker(pair, words, k, q)
";

#[test]
fn names_of_interfaces_are_found_both_ways() -> Result<()> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("grouped.py"), GROUPED)?;
    on(place.path(), "emit grouped.py --top picker --sv --vhdl --interfaces -o rtl")?.success()?;
    for (emitted, python) in [
        ("rtl/picker.vhd:pair.low", "pair_low"),
        ("rtl/picker.vhd:pair", "pair"),
        ("rtl/picker.vhd:words(2)", "words_2"),
        ("rtl/picker.vhd:words", "words"),
        ("rtl/picker.sv:pair.high", "pair_high"),
        ("rtl/picker.sv:words", "words"),
        ("rtl/picker.sv:words_items", "words"),
    ] {
        let found = on(place.path(), &format!("where {emitted}"))?.success()?.stdout();
        ensure!(found.lines().any(|line| line.ends_with(&format!(".{python}"))), "{emitted}: {found}");
    }
    let back = on(place.path(), "where grouped.py:pair_low -o rtl")?.success()?.stdout();
    for place in ["rtl/picker.sv:picker.pair.low", "rtl/picker.vhd:picker.pair.low"] {
        ensure!(back.lines().any(|line| line == place), "{back}");
    }
    Ok(())
}

#[test]
fn a_name_in_a_flat_design_is_a_path() -> Result<()> {
    let place = emitted("--verilog --flat")?;
    let text = fs::read_to_string(place.path().join("rtl/top.v"))?;
    ensure!(text.matches("\nmodule ").count() == 1, "{text}");
    let found = on(place.path(), "where rtl/top.v:r")?.success()?.stdout();
    ensure!(found == "dut.r\n", "{found}");
    Ok(())
}

#[test]
fn a_warning_in_an_authors_own_verilog_is_shown_at_the_python() -> Result<()> {
    let place = emitted("--verilog")?;
    let linted = on(place.path(), "lint design.py --with verilator,icarus")?;
    let said = linted.stderr();
    ensure!(linted.code == Some(1), "{}", linted.describe());
    let def = line(&place.path().join("design.py"), "def cell")?;
    for part in ["PH0751", "Verilator: WIDTH", &format!("design.py:{}", def - 1), "assign q = {a, 1'b0};"] {
        ensure!(said.contains(part), "no {part:?} in\n{}", linted.describe());
    }
    ensure!(
        linted.stdout() == "Verilator: 1 message\nIcarus Verilog: nothing to say\n",
        "{}",
        linted.describe()
    );
    let vhdl = on(place.path(), "lint design.py --with ghdl")?.success()?;
    ensure!(vhdl.stdout() == "GHDL: nothing to say\n", "{}", vhdl.describe());
    Ok(())
}

#[test]
fn messages_of_tools_get_their_python_lines() -> Result<()> {
    let place = emitted("--verilog")?;
    let mut verilator = Command::new("verilator");
    let said = run(verilator.args(["--lint-only", "-Wall", "rtl/top.v"]).current_dir(place.path()))?;
    let mut annotate = pyhdl()?;
    let mut child = annotate
        .args(["where", "-"])
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("a pipe")?.write_all(said.stderr().as_bytes())?;
    let output = String::from_utf8(child.wait_with_output()?.stdout)?;
    let lines: Vec<&str> = output.lines().collect();
    let message =
        lines.iter().position(|l| l.contains("%Warning-WIDTH: rtl/top.v:")).context(output.clone())?;
    let def = line(&place.path().join("design.py"), "def cell")?;
    ensure!(lines[message + 1].starts_with(&format!("  design.py:{}: ", def - 1)), "{output}");
    // Everything else goes through as it is.
    let others: Vec<&str> = output.lines().filter(|l| !l.starts_with("  design.py:")).collect();
    ensure!(others == said.stderr().lines().collect::<Vec<_>>(), "{output}");
    Ok(())
}

#[test]
fn attributes_say_where_things_come_from() -> Result<()> {
    let place = emitted("--verilog --sv --vhdl --src")?;
    let python = |text| line(&place.path().join("design.py"), text);
    let process = python("@always(clk.posedge)")?;
    for (file, text) in [
        ("top.v", format!("(* src = \"design.py:{process}\" *) always @(posedge clk) begin : count")),
        ("top.sv", format!("(* src = \"design.py:{process}\" *) always_ff @(posedge clk) begin : count")),
        ("top.vhd", format!("attribute src of count : label is \"design.py:{process}\";")),
    ] {
        line(&place.path().join("rtl").join(file), &text)?;
    }
    let tool = |words: &str| -> Result<()> {
        let mut words = words.split_whitespace();
        let mut command = Command::new(words.next().context("a program")?);
        run(command.args(words).current_dir(place.path()))?.silence()
    };
    tool("ghdl -a --std=08 rtl/top.vhd")?;
    tool("iverilog -g2005 -Wall -t null rtl/top.v")?;
    tool("iverilog -g2012 -Wall -t null rtl/top.sv")?;
    tool("yosys -q -f verilog rtl/top.v -p proc")?;
    // Not all tools take attributes of assignments.
    fs::write(place.path().join("grouped.py"), GROUPED)?;
    on(place.path(), "emit grouped.py --top picker --verilog --src -o rtl")?.success()?;
    line(&place.path().join("rtl/picker.v"), "  assign q = ")?;
    tool("iverilog -g2005 -Wall -t null rtl/picker.v")?;
    tool("yosys -q -f verilog rtl/picker.v -p proc")
}

#[test]
fn the_same_design_has_the_same_maps_wherever_it_is() -> Result<()> {
    let (one, other) = (emitted("--verilog --vhdl")?, emitted("--verilog --vhdl")?);
    for name in ["rtl/top.v.map.json", "rtl/top.vhd.map.json"] {
        let texts = [&one, &other].map(|place| fs::read_to_string(place.path().join(name)));
        let [a, b] = texts;
        let a = a?;
        ensure!(a == b?, "{name} differs");
        ensure!(a.contains("\"../design.py\""), "{a}");
    }
    Ok(())
}

#[test]
fn changed_files_are_told() -> Result<()> {
    let place = emitted("--verilog")?;
    fs::write(place.path().join("design.py"), format!("# new\n{DESIGN}"))?;
    let at = line(&place.path().join("rtl/top.v"), "q <= q + 4'd1;")?;
    let found = on(place.path(), &format!("where rtl/top.v:{at}"))?.success()?;
    ensure!(
        found.stderr().contains("PH0127") && found.stderr().contains("design.py changed"),
        "{}",
        found.describe()
    );
    Ok(())
}

#[test]
fn bad_places_are_answered() -> Result<()> {
    let place = emitted("--verilog")?;
    fs::write(place.path().join("broken.v.map.json"), "{\"version\": 1")?;
    fs::write(
        place.path().join("old.v.map.json"),
        "{\"version\":0,\"hdl\":\"\",\"digest\":\"\",\"sources\":[],\"lines\":[],\"modules\":[]}",
    )?;
    for (place_asked, code, exit) in [
        ("where rtl/top.v", "PH0124", 2),
        ("where rtl/top.v:", "PH0124", 2),
        ("where :12", "PH0124", 2),
        ("where rtl/other.v:1", "PH0125", 1),
        ("where broken.v:1", "PH0125", 1),
        ("where old.v:1", "PH0125", 1),
        ("where design.py:1 -o missing", "PH0125", 1),
        ("where rtl/top.v:1", "PH0126", 1),
        ("where rtl/top.v:99999999", "PH0126", 1),
        ("where rtl/top.v:99999999999999999999", "PH0126", 1),
        ("where rtl/top.v:nothing", "PH0126", 1),
        ("where design.py:1 -o rtl", "PH0126", 1),
    ] {
        let outcome = on(place.path(), place_asked)?;
        ensure!(outcome.code == Some(exit) && outcome.stderr().contains(code), "{}", outcome.describe());
        ensure!(outcome.stdout().is_empty(), "{}", outcome.describe());
    }
    Ok(())
}

#[test]
fn no_map_is_written_where_none_is_wanted() -> Result<()> {
    let place = emitted("--verilog --no-map")?;
    let names: Vec<_> =
        fs::read_dir(place.path().join("rtl"))?.map(|e| Ok(e?.file_name())).collect::<Result<_>>()?;
    ensure!(names == ["top.v"], "{names:?}");
    Ok(())
}
