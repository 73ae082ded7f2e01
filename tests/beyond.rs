//! Python that MyHDL simulates and does not convert: each program of `beyond/` prints the same bytes as under MyHDL, its
//! HDL does in every simulator what the Python does, and portable mode refuses it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Arguments, Trial};
use pyhdl_tests::{pyhdl, run};
use xtask::scratch::{self, Purpose};

/// What the programs import.
const SHARED: &str = "stimulus";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("prints_are_the_same_in_hdl", || Ok(prints_in_hdl()?))];
    for (name, path) in programs().unwrap_or_default() {
        let (a, b) = (path.clone(), path.clone());
        trials
            .push(Trial::test(format!("{name}::prints_what_myhdl_prints"), move || Ok(prints_the_same(&a)?)));
        trials.push(Trial::test(format!("{name}::agrees_in_every_simulator"), move || Ok(agrees(&b)?)));
        trials.push(Trial::test(format!("{name}::is_refused_in_portable_mode"), move || {
            Ok(is_refused(&path)?)
        }));
    }
    let count = trials.len();
    trials.push(Trial::test("there_are_programs", move || {
        if count > 15 { Ok(()) } else { Err("programs are missing".into()) }
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("beyond")
}

/// The programs by name.
fn programs() -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|ending| ending == "py") && name != SHARED {
            found.push((name, path));
        }
    }
    found.sort();
    Ok(found)
}

fn prints_the_same(program: &Path) -> Result<()> {
    let ours = run(pyhdl()?.arg("sim").arg(program).env("PYTHONDONTWRITEBYTECODE", "1"))?.success()?;
    let python = scratch::ensure(Purpose::Compare)?.python;
    let theirs = run(Command::new(python).arg(program).env("PYTHONDONTWRITEBYTECODE", "1"))?.success()?;
    ensure!(theirs.stdout().lines().count() > 20, "MyHDL prints too little");
    ensure!(ours.stdout() == theirs.stdout(), "pyhdl:\n{}\nMyHDL:\n{}", ours.stdout(), theirs.stdout());
    Ok(())
}

fn agrees(program: &Path) -> Result<()> {
    let place = tempfile::tempdir()?;
    let mut verify = pyhdl()?;
    verify.arg("verify").arg(program).args(["--top", "dut", "--with", "icarus,verilator,ghdl"]);
    verify.current_dir(place.path()).env("PYTHONDONTWRITEBYTECODE", "1");
    let outcome = run(&mut verify)?.success()?;
    for tool in ["Icarus Verilog: ", "Verilator: ", "GHDL: "] {
        ensure!(outcome.stdout().contains(tool), "{}", outcome.describe());
    }
    Ok(())
}

/// Every process except those that are marked as plain has something that MyHDL does not convert.
fn is_refused(program: &Path) -> Result<()> {
    let mut check = pyhdl()?;
    check.args(["check", "--portable", "--top", "dut"]).arg(program).env("PYTHONDONTWRITEBYTECODE", "1");
    let outcome = run(&mut check)?;
    ensure!(outcome.code == Some(1), "{}", outcome.describe());
    let name = program.file_name().context("a file")?.to_string_lossy();
    let refused: BTreeSet<usize> = outcome
        .stderr()
        .split(&format!("{name}:"))
        .skip(1)
        .filter_map(|rest| rest.split(':').next()?.parse().ok())
        .collect();
    // The processes by their lines: from `def` to the next one.
    let text = fs::read_to_string(program)?;
    let mut missing = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((_, line)) = lines.next() {
        if !line.trim_start().starts_with("@always") || line.contains("# plain") {
            continue;
        }
        let Some((start, _)) = lines.next() else { break };
        let mut end = start;
        while let Some((at, _)) = lines.next_if(|(_, l)| l.is_empty() || l.starts_with("        ")) {
            end = at;
        }
        if !refused.iter().any(|at| (start + 1..=end + 1).contains(at)) {
            missing.push(start + 1);
        }
    }
    ensure!(
        missing.is_empty(),
        "portable mode accepts the processes at lines {missing:?}\n{}",
        outcome.describe()
    );
    Ok(())
}

/// The HDL of a bench prints what the Python prints, in a simulator for each language.
fn prints_in_hdl() -> Result<()> {
    let place = tempfile::tempdir()?;
    let program = place.path().join("program.py");
    let text = format!(
        "import sys\n\nsys.path.insert(0, {:?})\nfrom myhdl.conversion import verify\nfrom prints import bench\n\n\
         for simulator in (\"iverilog\", \"ghdl\"):\n    verify.simulator = simulator\n    \
         print(simulator, bench().verify_convert())\n",
        folder().display().to_string()
    );
    fs::write(&program, text)?;
    let mut sim = pyhdl()?;
    sim.arg("sim").arg(&program).current_dir(place.path()).env("PYTHONDONTWRITEBYTECODE", "1");
    let outcome = run(&mut sim)?.success()?;
    for simulator in ["iverilog 0", "ghdl 0"] {
        ensure!(outcome.stdout().lines().any(|line| line == simulator), "{}", outcome.describe());
    }
    Ok(())
}
