//! How a run ends, and what the command line's options do.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use pyhdl_tests::{Outcome, pyhdl, run};
use tempfile::TempDir;

/// A design and a test bench of 100 time steps that changes an input every ten of them.
const DESIGN: &str = "\
from myhdl import *
import sys

@block
def invert(a, q):
    @always_comb
    def wire():
        q.next = not a
    return wire

@block
def bench():
    a, q = [Signal(bool(0)) for _ in range(2)]
    dut = invert(a, q)
    @instance
    def stimulus():
        for i in range(10):
            yield delay(10)
            a.next = not a
            on_step(i)
    return dut, stimulus

def on_step(i):
    pass

";

/// The same, and the script simulates it.
const RUNS: &str = "if __name__ == '__main__':\n    bench().run_sim(quiet=1)\n";

/// A folder with `design.py`: the design above and more.
fn design(more: &str) -> Result<TempDir> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("design.py"), format!("{DESIGN}{more}"))?;
    Ok(place)
}

/// `pyhdl` in that folder.
fn command(place: &Path, words: &str) -> Result<Command> {
    let mut command = pyhdl()?;
    command.args(words.split_whitespace()).current_dir(place);
    Ok(command)
}

fn on(more: &str, words: &str) -> Result<(TempDir, Outcome)> {
    let place = design(more)?;
    let outcome = run(&mut command(place.path(), words)?)?;
    Ok((place, outcome))
}

/// An exit code and a message with this code, and nothing that the user cannot make sense of.
fn refused(outcome: &Outcome, exit: i32, code: &str) -> Result<()> {
    let said = outcome.stderr();
    ensure!(outcome.code == Some(exit) && said.contains(code), "{}", outcome.describe());
    ensure!(!said.contains("panicked") && !said.contains("<pyhdl>"), "{}", outcome.describe());
    Ok(())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The times of a VCD file.
fn times(file: PathBuf) -> Result<Vec<u64>> {
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    Ok(text.lines().filter_map(|line| line.strip_prefix('#')?.parse().ok()).collect())
}

#[test]
fn files_that_stay_open_are_flushed_at_the_end() -> Result<()> {
    let more = "log = open('log.txt', 'w')\ndef on_step(i):\n    log.write('%d\\n' % i)\n";
    for words in ["sim design.py", "verify design.py --with icarus"] {
        let (place, outcome) = on(more, words)?;
        outcome.success()?;
        let log = fs::read_to_string(place.path().join("log.txt"))?;
        ensure!(log == "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n", "{words}: {log:?}");
    }
    Ok(())
}

#[test]
fn what_python_does_at_its_end_is_done() -> Result<()> {
    let more = "import atexit, threading, time\natexit.register(print, 'bye')\n\
                def late():\n    time.sleep(0.3)\n    print('late', flush=True)\nthreading.Thread(target=late).start()\n";
    let (_place, outcome) = on(more, "sim design.py")?;
    let outcome = outcome.success()?;
    ensure!(outcome.stdout() == "late\nbye\n", "{}", outcome.describe());
    Ok(())
}

#[test]
fn the_scripts_exit_code_is_the_programs() -> Result<()> {
    for (exit, code) in [("3", 3), ("0", 0), ("None", 0), ("'no licence'", 1)] {
        let (_place, outcome) = on(&format!("sys.exit({exit})\n"), "sim design.py")?;
        ensure!(outcome.code == Some(code), "{exit}: {}", outcome.describe());
        ensure!(outcome.stderr().contains("no licence") == (code == 1), "{}", outcome.describe());
    }
    Ok(())
}

#[test]
fn a_file_that_ends_the_program_is_no_design() -> Result<()> {
    for words in ["check design.py", "tree design.py", "emit design.py", "verify design.py --with icarus"] {
        let (place, outcome) = on("sys.exit(0)\n", words)?;
        refused(&outcome, 1, "PH0203")?;
        ensure!(names(place.path())? == ["design.py"], "{words} left a file");
    }
    let (_place, outcome) = on("def on_step(i):\n    sys.exit(0)\n", "verify design.py --with icarus")?;
    refused(&outcome, 1, "PH0203")
}

#[test]
fn a_script_may_change_the_folder() -> Result<()> {
    let (_place, outcome) = on("import os\nos.chdir('/')\n", "check design.py")?;
    outcome.success()?.silence()?;
    let (_place, outcome) = on("import os\nos.chdir('/')\n", "tree design.py")?;
    let outcome = outcome.success()?;
    let wire = outcome.stdout().lines().find(|l| l.contains("wire:")).map(str::to_owned);
    ensure!(wire.is_some_and(|l| !l.contains("Python")), "{}", outcome.describe());
    Ok(())
}

#[test]
fn a_script_may_close_its_output() -> Result<()> {
    for more in ["sys.stdout = None\n", "sys.stdout.close()\n", "import os\nos.close(2)\n"] {
        on(more, "sim design.py")?.1.success()?;
    }
    Ok(())
}

#[test]
fn text_that_a_script_compiles_is_not_the_file() -> Result<()> {
    let (_place, outcome) = on("exec('x = = 1')\n", "sim design.py")?;
    refused(&outcome, 1, "PH0201")?;
    ensure!(outcome.stderr().contains("exec('x = = 1')"), "{}", outcome.describe());
    Ok(())
}

#[test]
fn until_ends_every_simulation() -> Result<()> {
    // Steps 0, 1 and 2 are at 10, 20 and 30.
    let printing = "def on_step(i):\n    print(now())\n";
    let stepwise = "if __name__ == '__main__':\n    tb = bench()\n    for _ in range(20):\n        tb.run_sim(5, quiet=1)\n";
    for run in ["", RUNS, stepwise] {
        let (_place, outcome) = on(&format!("{printing}{run}"), "sim design.py --until 30")?;
        let outcome = outcome.success()?;
        ensure!(outcome.stdout() == "10\n20\n30\n", "{}", outcome.describe());
    }
    let (_place, outcome) = on(printing, "verify design.py --with icarus --until 30")?;
    let outcome = outcome.success()?;
    ensure!(outcome.stdout().starts_with("10\n20\n30\nIcarus"), "{}", outcome.describe());
    for words in [
        "sim design.py --validate 1 --engine event",
        "sim design.py --until 0",
        "verify design.py --until 0",
        "sim design.py --until -1",
    ] {
        ensure!(on("", words)?.1.code == Some(2), "{words}");
    }
    Ok(())
}

#[test]
fn waves_are_written_whoever_starts_the_simulation() -> Result<()> {
    let all: Vec<u64> = (0..=10).map(|i| i * 10).collect();
    for more in ["", RUNS] {
        let (place, outcome) = on(more, "sim design.py --wave w.vcd")?;
        outcome.success()?;
        ensure!(times(place.path().join("w.vcd"))? == all, "{more:?}");
    }
    let (place, outcome) =
        on(&format!("{RUNS}    bench().run_sim(50, quiet=1)\n"), "sim design.py --wave w.vcd")?;
    outcome.success()?;
    ensure!(names(place.path())? == ["design.py", "w.vcd", "w_2.vcd"]);
    ensure!(times(place.path().join("w_2.vcd"))? == all[..=5]);
    Ok(())
}

#[test]
fn waves_that_cannot_be_written_are_an_error() -> Result<()> {
    for more in ["", RUNS] {
        for file in ["missing/w.vcd", ".", "/dev/full"] {
            let (place, outcome) = on(more, &format!("sim design.py --wave {file}"))?;
            refused(&outcome, 1, "PH0112")?;
            ensure!(names(place.path())? == ["design.py"], "{file}");
        }
    }
    Ok(())
}

#[test]
fn output_that_cannot_be_written_is_an_error() -> Result<()> {
    let place = design("def on_step(i):\n    print(i)\n")?;
    for unbuffered in ["", "1"] {
        let full = File::options().write(true).open("/dev/full")?;
        let mut command = command(place.path(), "sim design.py")?;
        let output =
            command.env("PYTHONUNBUFFERED", unbuffered).stdin(Stdio::null()).stdout(full).output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.code() == Some(1) && said.contains("PH0113"), "{:?} {said}", output.status);
    }
    Ok(())
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() -> Result<()> {
    // Far more than a pipe holds.
    let place = design("def on_step(i):\n    print('x' * 99_999)\n")?;
    let mut child = command(place.path(), "sim design.py")?
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("a pipe")?).read_line(&mut line)?;
    let mut said = String::new();
    child.stderr.take().context("a pipe")?.read_to_string(&mut said)?;
    let status = child.wait()?;
    ensure!(status.code() == Some(141) && said.is_empty(), "{status:?} {said}");
    Ok(())
}

#[test]
fn a_top_that_has_no_effect_is_a_warning() -> Result<()> {
    let (_place, outcome) = on(RUNS, "sim design.py --top bench")?;
    refused(&outcome, 0, "PH0107")
}

#[test]
fn a_name_that_a_language_does_not_have_is_refused() -> Result<()> {
    for (name, languages) in
        [("module", "--verilog"), ("entity", "--vhdl"), ("a__b", "--vhdl"), ("1a", "--verilog")]
    {
        let (place, outcome) = on("", &format!("emit design.py {languages} --name {name}"))?;
        refused(&outcome, 2, "PH0108")?;
        ensure!(names(place.path())? == ["design.py"], "{name}");
    }
    let (place, outcome) = on("", "emit design.py --verilog --vhdl --name inverter -o rtl")?;
    outcome.success()?;
    ensure!(
        names(&place.path().join("rtl"))?
            == ["inverter.v", "inverter.v.map.json", "inverter.vhd", "inverter.vhd.map.json"]
    );
    Ok(())
}

#[test]
fn a_bench_that_stops_at_a_clock_edge_is_compared_up_to_it() -> Result<()> {
    let more = "\
@block
def counter(clk, q):
    @always(clk.posedge)
    def count():
        q.next = q + 1
    return count

@block
def counting():
    clk, q = Signal(bool(0)), Signal(modbv(0)[4:])
    dut = counter(clk, q)
    @always(delay(5))
    def clock():
        clk.next = not clk
    @instance
    def stimulus():
        for _ in range(6):
            yield clk.posedge
        raise StopSimulation
    return dut, clock, stimulus
";
    // The file has another test bench: the block's name, or the test bench's, says which one is meant.
    for top in ["counter", "counting"] {
        let (_place, outcome) = on(more, &format!("verify design.py --top {top}"))?;
        let outcome = outcome.success()?;
        ensure!(outcome.stdout().matches("1 output equal").count() == 3, "{}", outcome.describe());
    }
    Ok(())
}

#[test]
fn a_design_without_outputs_proves_nothing() -> Result<()> {
    let place = tempfile::tempdir()?;
    let text = "\
from myhdl import *

@block
def sink(clk, a):
    seen = Signal(bool(0))
    @always(clk.posedge)
    def keep():
        seen.next = a
    return keep

@block
def bench():
    clk, a = [Signal(bool(0)) for _ in range(2)]
    dut = sink(clk, a)
    @always(delay(5))
    def clock():
        clk.next = not clk
    return dut, clock
";
    fs::write(place.path().join("design.py"), text)?;
    let outcome = run(&mut command(place.path(), "verify design.py --with icarus --until 100")?)?;
    refused(&outcome, 1, "PH0106")
}

#[test]
fn a_place_to_keep_things_is_looked_at_first() -> Result<()> {
    let (_place, outcome) =
        on("def on_step(i):\n    print(i)\n", "verify design.py --with icarus --keep design.py")?;
    refused(&outcome, 1, "PH0102")?;
    ensure!(outcome.stdout.is_empty(), "{}", outcome.describe());
    let (place, outcome) = on("", "verify design.py --with icarus --keep work")?;
    outcome.success()?;
    ensure!(names(&place.path().join("work"))?.contains(&"invert.v".to_owned()));
    Ok(())
}

#[test]
fn a_terminal_is_told_what_takes_time_and_a_file_is_not() -> Result<()> {
    let place = design("")?;
    let program = command(place.path(), "")?.get_program().to_string_lossy().into_owned();
    let typed = format!("{program} verify design.py --with icarus");
    let outcome = run(Command::new("script").args(["-qefc", &typed, "/dev/null"]).current_dir(place.path()))?
        .success()?;
    ensure!(outcome.stdout().contains("Icarus Verilog: building"), "{}", outcome.describe());
    let outcome = run(&mut command(place.path(), "verify design.py --with icarus")?)?.success()?;
    ensure!(outcome.stderr.is_empty(), "{}", outcome.describe());
    Ok(())
}
