//! Names that output languages do not take: what designs with them become, and what is said about it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use pyhdl_tests::{pyhdl, run};

/// Words that Python itself does not take as names, and those of MyHDL that a design needs.
const NOT_IN_PYTHON: &str = "and as assert async await break class continue def del elif else except finally for from \
    global if import in is lambda nonlocal not or pass raise return try while with yield \
    Signal intbv block instance always always_comb always_seq delay range print int";

/// Every word once, as it is, in capitals, and with a capital.
fn words() -> BTreeSet<String> {
    let python: BTreeSet<&str> = NOT_IN_PYTHON.split_whitespace().collect();
    let mut all = BTreeSet::new();
    for line in include_str!("names/words.txt").lines().filter(|line| !line.starts_with('#')) {
        for word in line.split_whitespace() {
            let capital = word[..1].to_uppercase() + &word[1..];
            for form in [word.to_owned(), word.to_uppercase(), capital] {
                if !python.contains(form.as_str()) && !["None", "True", "False"].contains(&form.as_str()) {
                    all.insert(form);
                }
            }
        }
    }
    all
}

/// A design in which ports, signals, memories, variables, functions, processes, instances and blocks have names from
/// `words`, a few of each, and every word is one of them.
fn design(words: &[String]) -> String {
    let mut text = String::from("from myhdl import *\n\n");
    let mut tops = Vec::new();
    for (i, group) in words.chunks(6).enumerate() {
        let name = |k: usize| group.get(k).cloned().unwrap_or_else(|| format!("plain{k}"));
        let [port, memory, variable, process, instance, other] = [0, 1, 2, 3, 4, 5].map(name);
        let lines = [
            "@block".to_owned(),
            format!("def part{i}({port}, {other}):"),
            "    @always_comb".to_owned(),
            format!("    def {process}():"),
            format!("        {variable} = {port} + 1"),
            format!("        {other}.next = ({variable} * 3) % 16"),
            format!("    return {process}"),
            String::new(),
            "@block".to_owned(),
            format!("def holder{i}(clock_, {other}, data_):"),
            format!("    {memory} = [Signal(intbv(0)[4:]) for _ in range(4)]"),
            format!("    {variable} = Signal(intbv(0)[4:])"),
            format!("    {instance} = part{i}({other}, {variable})"),
            "    @always(clock_.posedge)".to_owned(),
            format!("    def {process}():"),
            format!("        {memory}[{other} % 4].next = {variable}"),
            format!("        data_.next = {memory}[{variable} % 4]"),
            format!("    return {instance}, {process}"),
            String::new(),
        ];
        text += &(lines.join("\n") + "\n");
        tops.push((format!("holder{i}"), format!("{other}_{i}")));
    }
    let count = tops.len();
    text += &format!("@block\ndef all_of_them(clock_, into, results):\n    parts = [None] * {count}\n");
    for (i, (holder, _)) in tops.iter().enumerate() {
        text += &format!("    parts[{i}] = {holder}(clock_, into, results[{i}])\n");
    }
    text += &format!(
        "    return parts

@block
def bench():
    clock_ = Signal(bool(0))
    into = Signal(intbv(0)[4:])
    total = Signal(intbv(0)[4:])
    results = [Signal(intbv(0)[4:]) for _ in range({count})]
    dut = all_of_them(clock_, into, results)

    @block
    def gather(results, total):
        @always_comb
        def fold():
            seen = 0
            for i in range({count}):
                seen = seen ^ results[i]
            total.next = seen
        return fold

    sum_of_them = gather(results, total)

    @instance
    def stimulus():
        for i in range(40):
            into.next = i * 7 % 16
            yield delay(5)
            clock_.next = not clock_
            yield delay(5)

    return dut, sum_of_them, stimulus
"
    );
    text
}

#[test]
fn every_word_of_every_language_is_a_name_in_python() -> Result<()> {
    let words: Vec<String> = words().into_iter().collect();
    let place = tempfile::tempdir()?;
    // Several files, so that each word is in every place in one of them.
    for turn in 0..6 {
        let turned: Vec<String> = words.iter().cycle().skip(turn).take(words.len()).cloned().collect();
        fs::write(place.path().join("words.py"), design(&turned))?;
        let mut command = pyhdl()?;
        // Verilator takes long to compile so many modules, and the two others have the stricter parsers.
        command.args(["verify", "words.py", "--top", "all_of_them", "--with", "ghdl,icarus"]);
        run(command.current_dir(place.path()))?.success()?;
        let mut command = pyhdl()?;
        command.args(["emit", "words.py", "--top", "all_of_them", "--verilog"]);
        run(command.current_dir(place.path()))?.success()?;
        let mut lint = std::process::Command::new("verilator");
        lint.args(["--lint-only", "all_of_them.v"]).current_dir(place.path());
        run(&mut lint)?.success()?;
    }
    Ok(())
}

const RENAMED: &str = "\
from myhdl import *

@block
def inner(reg, Reg, _q, q__2, out_):
    @always_comb
    def process():
        größe = reg + Reg
        _q.next = größe % 16
        q__2.next = größe > 3
        out_.next = reg
    return process

@block
def outer(clk, reg, q):
    Reg, Out, out = [Signal(intbv(0)[4:]) for _ in range(3)]
    begin = Signal(bool(0))
    end = inner(reg, Reg, Out, begin, out)
    @always(clk.posedge)
    def assign():
        Reg.next = Out ^ out
        q.next = begin
    return end, assign

@block
def bench():
    clk, q = [Signal(bool(0)) for _ in range(2)]
    reg = Signal(intbv(0)[4:])
    return outer(clk, reg, q)
";

/// The table under a heading: Python's name, the emitted one.
fn table(text: &str, heading: &str) -> Vec<(String, String)> {
    let lines = text.lines().skip_while(|line| *line != heading).skip(1);
    lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            Some((words.next()?, words.next()?))
        })
        .collect()
}

fn explained(place: &Path, arguments: &[&str]) -> Result<String> {
    fs::write(place.join("design.py"), RENAMED)?;
    let mut command = pyhdl()?;
    command.args(["emit", "design.py", "--top", "outer", "--explain"]).args(arguments).current_dir(place);
    Ok(run(&mut command)?.success()?.stdout())
}

#[test]
fn what_is_renamed_is_explained_and_is_in_the_files() -> Result<()> {
    let place = tempfile::tempdir()?;
    let text = explained(place.path(), &["--verilog", "--vhdl"])?;
    ensure!(text.starts_with("./outer.v\n./outer.vhd\n"), "{text}");
    let verilog = table(&text, "Names in Verilog-2005:");
    let vhdl = table(&text, "Names in VHDL-2008:");
    let python = |table: &[(String, String)]| table.iter().map(|(p, _)| p.clone()).collect::<Vec<_>>();
    assert_eq!(
        python(&verilog),
        [
            "inner.größe",
            "inner.process",
            "inner.reg",
            "outer.assign",
            "outer.begin",
            "outer.end",
            "outer.reg"
        ],
    );
    assert_eq!(
        python(&vhdl),
        [
            "inner.Reg",
            "inner._q",
            "inner.größe",
            "inner.out_",
            "inner.process",
            "inner.q__2",
            "outer.Out",
            "outer.Reg",
            "outer.begin",
            "outer.end",
            "outer.out",
        ]
    );
    for (table, file) in [(verilog, "outer.v"), (vhdl, "outer.vhd")] {
        let text = fs::read_to_string(place.path().join(file))?;
        for (name, emitted) in table {
            ensure!(text.contains(&emitted), "{name} is no {emitted} in {text}");
        }
    }
    // The same again, and nothing without being asked.
    assert_eq!(explained(place.path(), &["--verilog", "--vhdl"])?, text);
    Ok(())
}

/// The widths of a port differ, and the constants do: the widths are why there are two modules.
const SEVERAL: &str = "\
from myhdl import *

@block
def scale(a, q, by):
    @always_comb
    def multiply():
        q.next = a * by
    return multiply

@block
def both(a, b, q, r):
    narrow = scale(a, q, 3)
    wide = scale(b, r, 5)
    return narrow, wide

@block
def bench():
    a, b, q, r = [Signal(intbv(0)[width:]) for width in (4, 6, 8, 10)]
    return both(a, b, q, r)
";

#[test]
fn blocks_with_several_modules_are_explained() -> Result<()> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("several.py"), SEVERAL)?;
    let mut command = pyhdl()?;
    command.args(["emit", "several.py", "--top", "both", "--verilog", "--vhdl", "--explain"]);
    let text = run(command.current_dir(place.path()))?.success()?.stdout();
    for (heading, [narrow, wide]) in [
        ("Blocks with several modules in Verilog-2005:", ["input  wire [3:0] a,", "input  wire [5:0] a,"]),
        (
            "Blocks with several modules in VHDL-2008:",
            ["a : in  unsigned(3 downto 0);", "a : in  unsigned(5 downto 0);"],
        ),
    ] {
        let line = format!("  scale: scale has `{narrow}`, scale_1 has `{wide}`");
        ensure!(text.contains(&format!("\n{heading}\n{line}\n")), "no {line} in {text}");
    }
    // The first is the first in the Python.
    let verilog = fs::read_to_string(place.path().join("both.v"))?;
    ensure!(verilog.contains("scale narrow (") && verilog.contains("scale_1 wide ("), "{verilog}");
    Ok(())
}

#[test]
fn a_design_without_renamed_names_says_so() -> Result<()> {
    let place = tempfile::tempdir()?;
    let example = xtask::workspace::root().join("examples/counter/counter.py");
    let mut command = pyhdl()?;
    command.arg("emit").arg(example).args(["--verilog", "--explain"]).current_dir(place.path());
    let outcome = run(&mut command)?.success()?;
    ensure!(
        outcome.stdout().ends_with("\nNames in Verilog-2005: all as in Python\n"),
        "{}",
        outcome.describe()
    );
    Ok(())
}

#[test]
fn initial_values_can_be_left_out() -> Result<()> {
    let place = tempfile::tempdir()?;
    let example = xtask::workspace::root().join("examples/counter/counter.py");
    let mut texts = Vec::new();
    for choice in ["all", "none"] {
        let mut command = pyhdl()?;
        command.arg("emit").arg(&example).args(["--verilog", "--vhdl", "--initial-values", choice]);
        run(command.current_dir(place.path()))?.success()?;
        for file in ["counter.v", "counter.vhd"] {
            texts.push(fs::read_to_string(place.path().join(file))?);
        }
    }
    ensure!(texts[0].contains("count = 4'd0\n") && texts[1].contains(":= (others => '0')\n"));
    ensure!(texts[2].contains("output reg  [3:0] count\n") && !texts[3].contains(":="), "{}", texts[3]);
    Ok(())
}

/// Entities are seen everywhere, and would hide the functions that the package has.
#[test]
fn blocks_may_be_called_as_helper_functions_are() -> Result<()> {
    let place = tempfile::tempdir()?;
    for name in ["floor_mod", "choose", "digits"] {
        let text = format!(
            "\
from myhdl import *

@block
def {name}(a, b, y):
    @always_comb
    def compute():
        y.next = a % b if b != 0 else 0
    return compute

@block
def bench():
    a, b, y = [Signal(intbv(0, min=-8, max=8)) for _ in range(3)]
    dut = {name}(a, b, y)
    @instance
    def stimulus():
        for i in range(-8, 8):
            a.next, b.next = i, -3
            yield delay(10)
    return dut, stimulus
"
        );
        fs::write(place.path().join("design.py"), text)?;
        let mut command = pyhdl()?;
        command.args(["verify", "design.py", "--with", "ghdl"]).current_dir(place.path());
        run(&mut command)?.success()?;
    }
    Ok(())
}
