//! The designs that are timed (`bench/`): for some cycles each prints what it prints under MyHDL, on every engine, with
//! every pass of compiled code on and off; and compiled code has the values that event mode has.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};
use libtest_mimic::{Arguments, Trial};
use pyhdl_tests::{pyhdl, run};
use xtask::scratch::{self, Purpose};

const CYCLES: &str = "60";

/// Its test bench stays in Python.
const IN_PYTHON: &str = "hostile_tb";

/// Options of compiled runs: all passes, none, each one left out.
const RUNS: [&[&str]; 17] = [
    &["--validate", "10"],
    &["--validate", "70", "--without", "all"],
    &["--engine", "compiled"],
    &["--engine", "compiled", "--without", "in-place"],
    &["--engine", "compiled", "--without", "wires"],
    &["--engine", "compiled", "--without", "dead-stores"],
    &["--engine", "compiled", "--without", "grouping"],
    &["--engine", "compiled", "--without", "if-conversion"],
    &["--engine", "compiled", "--without", "jump-tables"],
    &["--engine", "compiled", "--without", "ranges"],
    &["--engine", "compiled", "--without", "word-recovery"],
    &["--engine", "compiled", "--without", "unrolling"],
    &["--engine", "compiled", "--without", "stepping"],
    &["--engine", "compiled", "--without", "short-lists"],
    &["--engine", "compiled", "--without", "deferral"],
    &["--engine", "compiled", "--without", "packing"],
    &["--engine", "compiled", "--without", "optimizer"],
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let designs = designs().unwrap_or_default();
    let count = designs.len();
    let mut trials = vec![Trial::test("there_are_designs", move || {
        if count >= 12 { Ok(()) } else { Err(format!("there are {count}").into()) }
    })];
    for design in designs {
        let name = design.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let copy = design.clone();
        trials.push(Trial::test(format!("{name}::prints_what_it_prints_under_myhdl"), move || {
            Ok(prints_the_same(&copy)?)
        }));
        if name != IN_PYTHON {
            trials.push(Trial::test(format!("{name}::is_the_same_compiled"), move || {
                Ok(is_the_same_compiled(&design)?)
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn designs() -> Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "py") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn prints_the_same(design: &Path) -> Result<()> {
    let place = tempfile::tempdir()?;
    let ours =
        run(pyhdl()?.arg("sim").arg(design).args(["--", CYCLES]).current_dir(place.path()))?.success()?;
    let mut python = Command::new(scratch::ensure(Purpose::Compare)?.python);
    python.args(["-B", "-W", "ignore"]).arg(design).arg(CYCLES).current_dir(place.path());
    let theirs = run(&mut python)?.success()?;
    ensure!(theirs.stdout().contains("checksum "), "{}", theirs.describe());
    ensure!(ours.stdout() == theirs.stdout(), "pyhdl:\n{}\nMyHDL:\n{}", ours.stdout(), theirs.stdout());
    Ok(())
}

fn is_the_same_compiled(design: &Path) -> Result<()> {
    let place = tempfile::tempdir()?;
    let sim = |options: &[&str]| -> Result<_> {
        let mut program = pyhdl()?;
        program.arg("sim").arg(design).args(options).args(["--", CYCLES]).current_dir(place.path());
        run(program.env("PYHDL_CACHE", place.path().join("cache")))?.success()
    };
    let reference = sim(&["--engine", "event"])?;
    ensure!(reference.stdout().contains("checksum "), "{}", reference.describe());
    for options in RUNS {
        // The second time from the cache, if it was worth keeping.
        for _ in 0..2 {
            let compiled = sim(&[options, &["--explain"]].concat())?;
            ensure!(compiled.stderr().contains("compiled, cycle mode"), "{}", compiled.describe());
            ensure!(compiled.stdout() == reference.stdout(), "{options:?}: {}", compiled.describe());
        }
    }
    let interpreted = sim(&["--engine", "cycle", "--validate", "30"])?;
    ensure!(interpreted.stdout() == reference.stdout(), "{}", interpreted.describe());
    Ok(())
}
