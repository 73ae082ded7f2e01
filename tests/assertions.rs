//! HDL with `--assertions`: what Python refuses is said in every simulator, with its line; what Python accepts raises no
//! alarm, nor do unknown inputs. The designs are the blocks of `assertions/`, under test benches that do the same in
//! Python, Verilog and VHDL.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::{Arguments, Trial};
use pyhdl_tests::{Outcome, pyhdl, run};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("nothing_is_checked_that_cannot_happen", || Ok(nothing_is_checked_that_cannot_happen()?)),
        Trial::test("indices_may_count_from_the_end", || Ok(indices_may_count_from_the_end()?)),
        Trial::test("conversions_have_the_option", || Ok(conversions_have_the_option()?)),
    ];
    for (file, least, test) in [
        ("refused.py", 20, is_refused as fn(&Design) -> Result<()>),
        ("accepted.py", 6, is_accepted as fn(&Design) -> Result<()>),
    ] {
        let designs = designs(file);
        let found = designs.as_ref().map_or(0, Vec::len);
        trials.push(Trial::test(format!("{file}::is_read"), move || {
            if found >= least { Ok(()) } else { Err(format!("{found} blocks").into()) }
        }));
        for design in designs.unwrap_or_default() {
            let name = format!("{}::{}", file.trim_end_matches(".py"), design.name);
            trials.push(Trial::test(name, move || Ok(test(&design)?)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A block of one of the files.
struct Design {
    file: PathBuf,
    name: String,
    /// The line that is refused, and what is said then.
    refused: Option<(usize, String)>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assertions")
}

fn designs(file: &str) -> Result<Vec<Design>> {
    let file = folder().join(file);
    let mut found: Vec<Design> = Vec::new();
    for (index, line) in fs::read_to_string(&file)?.lines().enumerate() {
        if let Some((name, _)) = line.strip_prefix("def ").and_then(|rest| rest.split_once('(')) {
            found.push(Design { file: file.clone(), name: name.to_owned(), refused: None });
        }
        if let Some((_, said)) = line.split_once("  # refused: ") {
            let last = found.last_mut().context("a block before the line")?;
            last.refused = Some((index + 1, said.to_owned()));
        }
    }
    found.retain(|design| design.name != "bench");
    Ok(found)
}

impl Design {
    /// `pyhdl` on the file, with this block under the test bench.
    fn pyhdl(&self, verb: &str, words: &[&str]) -> Result<Command> {
        let mut command = pyhdl()?;
        command.arg(verb).arg(&self.file).args(words);
        command.env("DUT", &self.name).env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(command)
    }

    /// What the simulators print under the test benches in HDL.
    fn in_hdl(&self, place: &Path) -> Result<Vec<(&'static str, Outcome)>> {
        let words = ["--top", &self.name, "--name", "dut", "--verilog", "--vhdl", "--assertions", "-o"];
        run(self.pyhdl("emit", &words)?.arg(place))?.success()?;
        let bench = |name: &str| folder().join(name);
        let start = |program: &str, words: &str| {
            let mut command = Command::new(program);
            command.args(words.split_whitespace()).current_dir(place);
            command
        };

        let mut build = start("iverilog", "-g2012 -Wall -s bench -o bench.vvp dut.sv");
        run(build.arg(bench("bench.sv")))?.success()?;
        let icarus = run(&mut start("vvp", "-n bench.vvp"))?;

        run(&mut start("verilator", "--lint-only -Wall -Wno-UNUSED dut.sv"))?.silence()?;
        let mut build = start(
            "verilator",
            "--binary --assert --top-module bench --Mdir build -MAKEFLAGS OPT_FAST=-O0 \
             -MAKEFLAGS OPT_SLOW=-O0 -MAKEFLAGS OPT_GLOBAL=-O0 dut.sv",
        );
        run(build.arg(bench("bench.sv")))?.success()?;
        let verilator = run(&mut Command::new(place.join("build/Vbench")))?;

        run(start("ghdl", "-a --std=08 dut.vhd").arg(bench("bench.vhd")))?.success()?;
        let ghdl = run(&mut start("ghdl", "-r --std=08 bench"))?;
        Ok(vec![("Icarus Verilog", icarus), ("Verilator", verilator), ("GHDL", ghdl)])
    }
}

fn is_refused(design: &Design) -> Result<()> {
    let Some((line, said)) = &design.refused else { bail!("no line is marked") };
    let place = tempfile::tempdir()?;
    let python = run(design.pyhdl("sim", &[])?.current_dir(place.path()))?;
    ensure!(
        python.code == Some(1) && python.stderr().contains(&format!("refused.py:{line}:")),
        "{}",
        python.describe()
    );
    for (tool, outcome) in design.in_hdl(place.path())? {
        let printed = outcome.stdout() + &outcome.stderr();
        ensure!(printed.contains(&format!("refused.py:{line}: {said}")), "{tool}: {}", outcome.describe());
    }
    Ok(())
}

fn is_accepted(design: &Design) -> Result<()> {
    let place = tempfile::tempdir()?;
    run(design.pyhdl("sim", &[])?.current_dir(place.path()))?.success()?;
    for (tool, outcome) in design.in_hdl(place.path())? {
        let printed = outcome.stdout() + &outcome.stderr();
        ensure!(
            printed.contains("applied everything") && !printed.contains("accepted.py"),
            "{tool}: {}",
            outcome.describe()
        );
    }
    let words = ["--with", "icarus,verilator,ghdl", "--assertions"];
    run(design.pyhdl("verify", &words)?.current_dir(place.path()))?.success()?;
    Ok(())
}

/// A counter from 0 to 9 and a memory of ten places.
const KEPT: &str = "\
from myhdl import *

@block
def kept(clk, q):
    count = Signal(intbv(0, min=0, max=10))
    mem = [Signal(intbv(0)[4:]) for _ in range(10)]

    @always(clk.posedge)
    def step():
        count.next = 0 if count == 9 else count + 1
        mem[count].next = count
        q.next = mem[9 - count] + 100 // (count + 1)

    return step

@block
def bench():
    clk = Signal(bool(0))
    q = Signal(intbv(0)[8:])
    dut = kept(clk, q)

    @always(delay(5))
    def drive():
        clk.next = not clk

    return dut, drive
";

fn nothing_is_checked_that_cannot_happen() -> Result<()> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("kept.py"), KEPT)?;
    let emit = |words: &str| -> Result<Vec<String>> {
        let mut command = pyhdl()?;
        let words = format!("emit kept.py --top kept --verilog --vhdl {words}");
        command.args(words.split_whitespace()).current_dir(place.path());
        let written = run(&mut command)?.success()?.stdout();
        written.lines().map(|file| Ok(fs::read_to_string(place.path().join(file))?)).collect()
    };
    let (plain, checked) = (emit("")?, emit("--assertions")?);
    ensure!(plain == checked, "{}", checked.concat());
    ensure!(place.path().join("kept.v").is_file() && place.path().join("kept.sv").is_file(), "file names");
    Ok(())
}

/// An index that counts from the end of a list.
const FROM_THE_END: &str = "\
from myhdl import *

@block
def look(i, q):
    primes = (2, 3, 5, 7, 11)

    @always_comb
    def look_up():
        q.next = primes[i - 1]

    return look_up

@block
def bench():
    i = Signal(intbv(1, min=0, max=6))
    q = Signal(intbv(0)[8:])
    dut = look(i, q)

    @instance
    def stimulus():
        yield delay(10)
        i.next = 0
        yield delay(10)

    return dut, stimulus
";

fn indices_may_count_from_the_end() -> Result<()> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("look.py"), FROM_THE_END)?;
    let mut verify = pyhdl()?;
    verify.args(["verify", "look.py", "--assertions", "--with", "icarus,verilator,ghdl"]);
    run(verify.current_dir(place.path()))?.success()?;
    Ok(())
}

const CONVERSIONS: &str = "
design = kept(Signal(bool(0)), Signal(intbv(0)[8:]))
design.convert(hdl='Verilog', assertions=True, header='$filename')
toVHDL.assertions = True
toVHDL(kept, Signal(bool(0)), Signal(intbv(0)[8:]))
";

fn conversions_have_the_option() -> Result<()> {
    let place = tempfile::tempdir()?;
    let text = KEPT.replace("intbv(0, min=0, max=10)", "intbv(0)[4:]") + CONVERSIONS;
    fs::write(place.path().join("script.py"), text)?;
    let mut sim = pyhdl()?;
    sim.args(["sim", "script.py", "--until", "10"]).current_dir(place.path());
    run(&mut sim)?.success()?;
    let read = |name: &str| fs::read_to_string(place.path().join(name)).context(name.to_owned());
    let (verilog, vhdl) = (read("kept.sv")?, read("kept.vhd")?);
    ensure!(verilog.contains("kept.sv") && verilog.contains("$error(\"script.py:11: "), "{verilog}");
    ensure!(vhdl.contains("report \"script.py:11: "), "{vhdl}");
    Ok(())
}
