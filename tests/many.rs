//! `pyhdl sim --seeds`, and what a run says about itself: how far it is, and what its time went into.

#[path = "../crates/pyhdl-wave/tests/reader/mod.rs"]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod reader;

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pyhdl_tests::{Outcome, pyhdl, run};
use tempfile::TempDir;

/// An adder that is wrong for one pair of operands, and a test bench with 160 random pairs. Plain Python, with
/// `random.seed(n)`, meets that pair under two of the seeds 1 to 200: as the 94th under 2, as the 100th under 169.
const RARE: &str = "\
import random
from myhdl import *

@block
def adder(a, b, s):
    @always_comb
    def add():
        if a == 122 and b == 93:
            s.next = 0
        else:
            s.next = a + b
    return add

@block
def bench():
    a, b = [Signal(intbv(0)[7:]) for _ in range(2)]
    s = Signal(intbv(0)[8:])
    dut = adder(a, b, s)
    @instance
    def stimulus():
        for _ in range(160):
            a.next = random.randrange(128)
            b.next = random.randrange(128)
            yield delay(1)
            assert s == a + b, f'{int(a)} + {int(b)} is not {int(s)}'
        print('all is well')
    return dut, stimulus
";

const WRONG: &str = "failed: AssertionError: 122 + 93 is not 0 (design.py:25)";

/// A test bench that does what `act` says with the seed.
fn acting(act: &str) -> String {
    let act = act.replace('\n', "\n        ");
    format!(
        "import os, random, signal, subprocess, sys, time\nfrom myhdl import *\nseed = int(os.environ['PYHDL_SEED'])\n\
         @block\ndef bench():\n    @instance\n    def stimulus():\n        yield delay(1)\n        {act}\n    \
         return stimulus\n"
    )
}

fn design(text: &str) -> Result<TempDir> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("design.py"), text)?;
    Ok(place)
}

fn command(place: &Path, words: &str) -> Result<Command> {
    let mut command = pyhdl()?;
    command.args(["sim", "design.py"]).args(words.split_whitespace()).current_dir(place);
    Ok(command)
}

fn on(text: &str, words: &str) -> Result<(TempDir, Outcome)> {
    let place = design(text)?;
    let outcome = run(&mut command(place.path(), words)?)?;
    Ok((place, outcome))
}

/// An exit code, and a message with this code.
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

#[test]
fn a_rare_bug_is_found_under_its_seeds_and_can_be_repeated() -> Result<()> {
    let (place, outcome) = on(RARE, "--seeds 1..200 --jobs 2")?;
    ensure!(outcome.code == Some(1), "{}", outcome.describe());
    let expected: String = (1..=200)
        .map(|seed| format!("seed {seed}: {}\n", if seed == 2 || seed == 169 { WRONG } else { "passed" }))
        .collect();
    ensure!(outcome.stdout() == expected, "{}", outcome.describe());
    let said = outcome.stderr();
    ensure!(said.contains("200 seeds: 198 passed, 2 failed") && !said.contains("\nall is well"), "{said}");
    ensure!(names(place.path())? == ["design.py", "design_seed169.fst", "design_seed2.fst"], "{said}");
    for (seed, step) in [(2, 94), (169, 100)] {
        let file = place.path().join(format!("design_seed{seed}.fst"));
        waves_end_with_the_bug(&file, step)?;
        fs::remove_file(&file)?;
        let again = format!("--seed {seed} --wave design_seed{seed}.fst");
        ensure!(said.contains(&format!("\n  pyhdl sim design.py {again}\n")), "{said}");
        let outcome = run(&mut command(place.path(), &again)?)?;
        refused(&outcome, 1, "122 + 93 is not 0")?;
        waves_end_with_the_bug(&file, step)?;
    }
    Ok(())
}

/// At this time step the operands are those of the bug, and the sum is 0.
fn waves_end_with_the_bug(file: &Path, step: u64) -> Result<()> {
    let waves = reader::read(file);
    for (name, value) in [("a", "1111010"), ("b", "1011101"), ("s", "00000000")] {
        let (_, changes) = waves.vars.get(&format!("bench0.{name}")).context("a signal")?;
        ensure!(changes.last().is_some_and(|(_, last)| last == value), "{name}: {changes:?}");
    }
    // The operands have been there since the step before.
    ensure!(waves.times.last().is_some_and(|last| last + 1 >= step), "{:?}", waves.times.last());
    Ok(())
}

#[test]
fn how_many_run_at_a_time_makes_no_difference() -> Result<()> {
    let one = on(RARE, "--seeds 160..175,1..5,3 --jobs 1")?.1;
    let several = on(RARE, "--seeds 160..175,1..5,3 --jobs 5")?.1;
    ensure!(one.stdout() == several.stdout() && one.stderr() == several.stderr(), "{}", one.describe());
    let seeds: Vec<String> =
        one.stdout().lines().filter_map(|l| Some(l.split_once(':')?.0.to_owned())).collect();
    let expected: Vec<String> = (1..=5).chain(160..=175).map(|seed| format!("seed {seed}")).collect();
    ensure!(seeds == expected, "{seeds:?}");
    Ok(())
}

#[test]
fn a_seed_decides_everything_that_is_random() -> Result<()> {
    // Looks like numpy; what counts is when it is seeded.
    let place = design(&acting(
        "print(seed, random.random(), numpy.random.first, list({'a', 'b', 'c', 'd', 'e', 'f'}))",
    ))?;
    let text = fs::read_to_string(place.path().join("design.py"))?;
    fs::write(place.path().join("design.py"), format!("import numpy\nprint(numpy.random.first)\n{text}"))?;
    fs::create_dir(place.path().join("numpy"))?;
    fs::write(place.path().join("numpy/__init__.py"), "from . import random\n")?;
    fs::write(
        place.path().join("numpy/random.py"),
        "first = None\ndef seed(number):\n    global first\n    first = number\n",
    )?;
    let mut outputs = Vec::new();
    for seed in [5, 5, 4_294_967_295_u32] {
        outputs.push(run(&mut command(place.path(), &format!("--seed {seed}"))?)?.success()?.stdout());
    }
    ensure!(outputs[0] == outputs[1] && outputs[0] != outputs[2], "{outputs:?}");
    // Python's own `random.seed(5)`.
    ensure!(outputs[0].starts_with("5\n5 0.6229016948897019 5 ["), "{outputs:?}");
    ensure!(outputs[2].starts_with("4294967295\n4294967295 "), "{outputs:?}");
    Ok(())
}

#[test]
fn output_is_that_of_failing_runs() -> Result<()> {
    let act = "print('this is', seed)\nif seed == 3:\n    print('x' * 99, file=sys.stderr)\n    sys.exit('gave up')\n\
               if seed == 4:\n    os._exit(9)";
    let (place, outcome) = on(&acting(act), "--seeds 1..4 --junit junit.xml")?;
    ensure!(
        outcome.stdout()
            == "seed 1: passed\nseed 2: passed\nseed 3: failed: gave up\nseed 4: failed: exit code 9\n",
        "{}",
        outcome.describe()
    );
    let said = outcome.stderr();
    ensure!(said.contains("output of seed 3:\n") && said.contains(&"x".repeat(99)), "{said}");
    ensure!(said.contains("this is 3") && !said.contains("this is 1"), "{said}");
    ensure!(junit(place.path())? == "1 passed|2 passed|3 failure gave up|4 failure exit code 9", "{said}");
    Ok(())
}

/// `junit.xml` as Python's XML reader sees it.
fn junit(place: &Path) -> Result<String> {
    let reader = "import sys\nfrom xml.etree import ElementTree\ncases = []\n\
        for case in ElementTree.parse('junit.xml').getroot().iter('testcase'):\n    \
        assert float(case.get('time')) >= 0 and case.get('classname') == 'design'\n    \
        bad = [(e.tag + ' ' + e.get('message')) for e in case if e.tag in ('failure', 'error')]\n    \
        cases.append(case.get('name').removeprefix('seed ') + ' ' + (bad or ['passed'])[0])\n\
        print('|'.join(cases), end='')\nsys.exit(0)\n";
    fs::write(place.join("read.py"), reader)?;
    let outcome = run(pyhdl()?.args(["sim", "read.py"]).current_dir(place))?;
    Ok(outcome.success()?.stdout())
}

#[test]
fn a_run_that_is_killed_has_failed() -> Result<()> {
    let act = "if seed == 2:\n    print('until here', flush=True)\n    os.kill(os.getpid(), signal.SIGKILL)";
    let (place, outcome) = on(&acting(act), "--seeds 1..3 --junit junit.xml")?;
    ensure!(outcome.code == Some(1), "{}", outcome.describe());
    ensure!(outcome.stdout() == "seed 1: passed\nseed 2: failed: killed by SIGKILL\nseed 3: passed\n");
    ensure!(outcome.stderr().contains("until here"), "{}", outcome.describe());
    ensure!(junit(place.path())? == "1 passed|2 error killed by SIGKILL|3 passed");
    Ok(())
}

#[test]
fn the_command_has_the_options_and_the_scripts_arguments() -> Result<()> {
    let act = "assert seed != 2 or sys.argv[1:] != ['-v', 'a b']";
    let place = design(&acting(act))?;
    fs::create_dir(place.path().join("out"))?;
    let mut command =
        command(place.path(), "--seeds 1..2 --until 50 --engine event --wave out/w.vcd --wave-to 40")?;
    let outcome = run(command.args(["--", "-v", "a b"]))?;
    let expected = "\n  pyhdl sim design.py --until 50 --seed 2 --wave out/w_seed2.vcd --wave-to 40 --engine event \
                    -- -v 'a b'\n";
    ensure!(outcome.code == Some(1) && outcome.stderr().contains(expected), "{}", outcome.describe());
    ensure!(names(&place.path().join("out"))? == ["w_seed2.vcd"]);
    Ok(())
}

#[test]
fn waves_are_of_the_first_failing_seeds() -> Result<()> {
    let (place, outcome) = on(&acting("assert seed % 2"), "--seeds 1..20")?;
    let said = outcome.stderr();
    ensure!(said.contains("20 seeds: 10 passed, 10 failed") && said.contains("\n  and 7 more\n"), "{said}");
    ensure!(
        names(place.path())? == ["design.py", "design_seed2.fst", "design_seed4.fst", "design_seed6.fst"]
    );
    Ok(())
}

#[test]
fn what_is_no_seed_is_refused() -> Result<()> {
    for seeds in ["9..1", "a..b", "", ",", "1..", "1..1000000000", "-3", "-3..4", "4294967296"] {
        let place = design(RARE)?;
        let outcome = run(command(place.path(), "")?.args(["--seeds", seeds]))?;
        refused(&outcome, 2, "PH0116")?;
        ensure!(outcome.stdout().is_empty() && names(place.path())? == ["design.py"], "{seeds}");
    }
    for words in ["--seed -1", "--seed 1 --seeds 1", "--jobs 2", "--junit x.xml", "--seeds 1 --jobs 0"] {
        let outcome = on(RARE, words)?.1;
        ensure!(outcome.code == Some(2), "{}", outcome.describe());
    }
    Ok(())
}

#[test]
fn what_no_seed_changes_is_said_once() -> Result<()> {
    let without_bench = RARE.replace("def bench():", "def bench(a):");
    let converts = format!("{without_bench}\nbench(1).convert(hdl='Verilog')\n");
    for (text, code) in [
        (without_bench.as_str(), "PH0103"),
        (
            converts
                .replace("def bench(a)", "def other(a)")
                .replace("bench(1)", "adder(*[Signal(bool(0))] * 3)")
                .as_str(),
            "PH0117",
        ),
        ("def f(:\n", "PH0202"),
    ] {
        let outcome = on(text, "--seeds 1..100 --jobs 2")?.1;
        refused(&outcome, 1, code)?;
        ensure!(
            outcome.stdout().is_empty() && outcome.stderr().matches(code).count() == 1,
            "{}",
            outcome.describe()
        );
    }
    let place = design(RARE)?;
    let outcome = run(pyhdl()?.args(["sim", "none.py", "--seeds", "1..9"]).current_dir(place.path()))?;
    refused(&outcome, 1, "PH0101")
}

#[test]
fn places_that_take_no_files_are_named() -> Result<()> {
    // A file is no folder, for whoever runs this.
    let outcome = on(RARE, "--seeds 1..9 --junit design.py/junit.xml")?.1;
    refused(&outcome, 1, "PH0102")?;
    ensure!(outcome.stdout().is_empty(), "{}", outcome.describe());
    let outcome = on(RARE, "--seeds 1..2 --wave design.py/w.fst")?.1;
    refused(&outcome, 1, "PH0119")?;
    let said = outcome.stderr();
    ensure!(
        said.contains("cannot write design.py/w_seed2.fst") && said.contains("122 + 93 is not 0"),
        "{said}"
    );
    Ok(())
}

#[test]
fn a_failure_that_does_not_come_again_is_said() -> Result<()> {
    let act = "if seed == 2 and not os.path.exists('seen'):\n    open('seen', 'w').close()\n    assert False";
    let outcome = on(&acting(act), "--seeds 1..3")?.1;
    refused(&outcome, 1, "PH0119")?;
    ensure!(outcome.stderr().contains("seed 2 with waves passed"), "{}", outcome.describe());
    Ok(())
}

/// Starts seeds of which the first ends and the others wait, each with a process of its own, and returns when they do.
fn waiting(place: &Path) -> Result<Child> {
    let mut command = command(place, "--seeds 1..9 --jobs 3 --junit junit.xml")?;
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let start = Instant::now();
    while names(place)?.iter().filter(|name| name.starts_with("pids")).count() < 3 {
        ensure!(start.elapsed() < Duration::from_secs(60), "nothing waits");
        thread::sleep(Duration::from_millis(20));
    }
    Ok(child)
}

const WAITS: &str = "if seed > 1:\n    other = subprocess.Popen(['sleep', '1000'])\n    \
    open('pids%d' % seed, 'w').write('%d %d' % (os.getpid(), other.pid))\n    os.rename('pids%d' % seed, 'pids_%d' % seed)\n    \
    time.sleep(1000)";

/// Whether what the waiting seeds have noted is gone.
fn all_gone(place: &Path) -> Result<()> {
    for name in names(place)?.iter().filter(|name| name.starts_with("pids")) {
        for pid in fs::read_to_string(place.join(name))?.split_whitespace() {
            let pid = Pid::from_raw(pid.parse()?);
            let start = Instant::now();
            // A process whose parent has ended is there until somebody has asked how it ended.
            while kill(pid, None).is_ok() && !is_zombie(pid) {
                ensure!(start.elapsed() < Duration::from_secs(20), "{pid} is left");
                thread::sleep(Duration::from_millis(20));
            }
        }
    }
    Ok(())
}

fn is_zombie(pid: Pid) -> bool {
    let out = Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output();
    out.is_ok_and(|out| out.stdout.trim_ascii_start().first().is_none_or(|state| *state == b'Z'))
}

#[test]
fn signals_end_all_processes_and_show_what_is_known() -> Result<()> {
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        let place = design(&acting(WAITS))?;
        let child = waiting(place.path())?;
        kill(Pid::from_raw(child.id().try_into()?), signal)?;
        let start = Instant::now();
        let output = child.wait_with_output()?;
        ensure!(start.elapsed() < Duration::from_secs(10), "it took {:?}", start.elapsed());
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.code() == Some(code), "{}: {said}", output.status);
        ensure!(output.stdout == b"seed 1: passed\n", "{}", String::from_utf8_lossy(&output.stdout));
        ensure!(said.contains("1 of 9 seeds: 1 passed, 0 failed"), "{said}");
        all_gone(place.path())?;
        ensure!(junit(place.path())? == "1 passed");
    }
    Ok(())
}

#[test]
#[cfg(target_os = "linux")]
fn runs_do_not_survive_the_program() -> Result<()> {
    let place = design(&acting(
        &WAITS.replace("other = subprocess.Popen(['sleep', '1000'])", "class other: pid = os.getpid()"),
    ))?;
    let mut child = waiting(place.path())?;
    child.kill()?;
    child.wait()?;
    all_gone(place.path())
}

#[test]
fn a_reader_that_goes_away_ends_everything() -> Result<()> {
    let place = design(&acting("pass"))?;
    let mut child = command(place.path(), "--seeds 1..100000")?
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    drop(child.stdout.take());
    let output = child.wait_with_output()?;
    ensure!(output.status.code() == Some(141) && output.stderr.is_empty(), "{}", output.status);
    Ok(())
}

/// A test bench of about three seconds, which prints at half of its time.
const LASTS: &str = "for i in range(300):\n    time.sleep(0.01)\n    yield delay(10)\n    \
                     if i == 250:\n        print('PRINTED')";

#[test]
fn a_long_run_says_on_a_terminal_how_far_it_is() -> Result<()> {
    let place = design(&acting(LASTS))?;
    let terminal = nix::pty::openpty(None, None)?;
    let (output, errors) = (terminal.slave.try_clone()?, terminal.slave);
    let mut child = command(place.path(), "--seed 1 --until 4000")?
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .spawn()?;
    let mut bytes = Vec::new();
    let mut reader = File::from(terminal.master);
    let mut part = [0; 4096];
    // Reading fails when nobody has the other end any more.
    while let Ok(length @ 1..) = reader.read(&mut part) {
        bytes.extend_from_slice(&part[..length]);
    }
    ensure!(child.wait()?.success());
    let said = String::from_utf8_lossy(&bytes);
    ensure!(said.contains(" time steps/s, ") && said.contains(" left"), "{said:?}");
    // On a line that is empty by then.
    ensure!(said.contains("\u{1b}[2KPRINTED\r\n"), "{said:?}");
    ensure!(said.trim_end_matches(['\r', '\n']).ends_with("\u{1b}[2K"), "{said:?}");
    Ok(())
}

#[test]
fn a_long_run_says_nothing_elsewhere() -> Result<()> {
    let (_place, outcome) = on(&acting(LASTS), "--seed 1 --until 4000")?;
    let outcome = outcome.success()?;
    ensure!(outcome.stdout() == "PRINTED\n" && outcome.stderr().is_empty(), "{}", outcome.describe());
    Ok(())
}

#[test]
fn stats_say_what_the_time_went_into() -> Result<()> {
    let act = "for i in range(1000):\n    yield delay(10)\ntime.sleep(0.3)";
    let text = acting(act).replace("@block", "time.sleep(0.2)\n@block");
    let outcome = on(&text, "--seed 1 --stats --wave w.vcd")?.1.success()?;
    let said = outcome.stderr();
    let seconds = |phase: &str| -> Result<f64> {
        let line = said.lines().find(|line| line.starts_with(phase)).context(phase.to_owned())?;
        let number = line.strip_prefix(phase).and_then(|line| line.split_whitespace().next());
        Ok(number.context("a number")?.parse()?)
    };
    ensure!(seconds("elaboration")? >= 0.2 && seconds("run")? >= 0.3, "{said}");
    let parts = ["interpreter", "elaboration", "lowering", "run"];
    let sum: f64 = parts.iter().map(|phase| seconds(phase).unwrap_or(0.0)).sum();
    ensure!(sum <= seconds("all")? + 0.005, "{said}");
    ensure!(said.contains("10,001 time steps, "), "{said}");
    ensure!(outcome.stdout().is_empty());
    Ok(())
}
