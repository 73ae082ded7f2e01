//! Designs that are compiled, most of them with their test benches (`engines/`): they print the same on every engine,
//! with every pass on and off, and compiled code has the values that event mode has. Some of them assert what Python computes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, ensure};
use libtest_mimic::{Arguments, Trial};
use pyhdl_tests::{pyhdl, run};

/// It is not at its end when the script ends, so that nothing is said about it.
const SUSPENDED: &str = "again_and_again";

/// Some of their simulations are compiled as a whole, and some have processes that cannot be.
const UNBOUNDED: [&str; 2] = ["many_without_bounds", "numbers_without_bounds"];

/// Where some of their processes have no code, the others are compiled. Other designs are in event mode then.
const PARTLY: [&str; 5] = [
    "edges_nobody_waits_for",
    "every_yield_in_python",
    "handshakes_in_python",
    "registers_side_by_side",
    "wires_where_they_are_read",
];

/// With processes in Python, which run beside machine code only.
const IN_PYTHON: [&str; 5] = [
    "bench_in_python",
    "every_yield_in_python",
    "generators_in_python",
    "handshakes_in_python",
    "told_by_a_watcher",
];

/// Options of runs in cycle mode that are interpreted.
const INTERPRETED: [&[&str]; 4] =
    [&["--validate", "1"], &["--validate", "7"], &["--without", "all", "--validate", "3"], &[]];

/// Options of compiled runs: all passes, none, each one left out.
const RUNS: [&[&str]; 22] = [
    &["--validate", "1"],
    &["--validate", "9"],
    &["--validate", "4", "--without", "all"],
    &["--engine", "compiled"],
    &["--engine", "compiled", "--without", "near-readers"],
    &["--engine", "compiled", "--without", "copies"],
    &["--engine", "compiled", "--without", "inlining"],
    &["--engine", "compiled", "--without", "in-place"],
    &["--engine", "compiled", "--without", "wires"],
    &["--engine", "compiled", "--without", "dead-stores"],
    &["--engine", "compiled", "--without", "grouping"],
    &["--engine", "compiled", "--without", "if-conversion"],
    &["--engine", "compiled", "--without", "jump-tables"],
    &["--engine", "compiled", "--without", "ranges"],
    &["--engine", "compiled", "--without", "word-recovery"],
    &["--engine", "compiled", "--without", "unrolling"],
    &["--engine", "compiled", "--without", "deferral"],
    &["--engine", "compiled", "--without", "inlining,deferral"],
    &["--engine", "compiled", "--without", "packing"],
    &["--engine", "compiled", "--without", "short-lists"],
    &["--engine", "compiled", "--without", "stepping"],
    &["--engine", "compiled", "--without", "optimizer"],
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let designs = designs().unwrap_or_default();
    let count = designs.len();
    let mut trials = vec![Trial::test("there_are_designs", move || {
        if count >= 15 { Ok(()) } else { Err(format!("there are {count}").into()) }
    })];
    for design in designs {
        let name = design.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        trials.push(Trial::test(format!("{name}::is_the_same_on_every_engine"), move || {
            Ok(is_the_same(&design, &name)?)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn designs() -> Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("engines");
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder)? {
        found.push(entry?.path());
    }
    found.retain(|path| path.extension().is_some_and(|ending| ending == "py"));
    found.sort();
    Ok(found)
}

fn is_the_same(design: &Path, name: &str) -> Result<()> {
    let place = tempfile::tempdir()?;
    let sim = |options: &[&str]| -> Result<_> {
        let mut program = pyhdl()?;
        program.arg("sim").arg(design).args(options).current_dir(place.path());
        run(program.env("PYHDL_CACHE", place.path().join("cache")))?.success()
    };
    let reference = sim(&["--engine", "event"])?;
    ensure!(reference.stdout().lines().count() >= 8, "{}", reference.describe());
    for options in RUNS {
        let compiled = sim(&[options, &["--explain"]].concat())?;
        let said = compiled.stderr();
        ensure!(name == SUSPENDED || said.contains("compiled, cycle mode"), "{}", compiled.describe());
        let refused = said.contains("is interpreted beside it: a number without bounds");
        ensure!(!said.contains("event mode:"), "{}", compiled.describe());
        ensure!(refused == UNBOUNDED.contains(&name), "{}", compiled.describe());
        ensure!(compiled.stdout() == reference.stdout(), "{options:?}: {}", compiled.describe());
    }
    // Some processes have no code.
    for options in [&["--validate", "1"][..], &["--engine", "compiled"]] {
        let partly = sim(&[options, &["--without", "some-processes", "--explain"]].concat())?;
        let beside = partly.stderr().contains("is interpreted beside it: its code is left out");
        ensure!(beside || !PARTLY.contains(&name), "{}", partly.describe());
        ensure!(partly.stdout() == reference.stdout(), "{options:?}: {}", partly.describe());
    }
    for options in INTERPRETED {
        let interpreted = sim(&[options, &["--engine", "cycle", "--explain"]].concat())?;
        let said = interpreted.stderr();
        let guests = said.contains("event mode: processes run in Python");
        ensure!(guests == IN_PYTHON.contains(&name), "{}", interpreted.describe());
        let cycle = said.contains("interpreted, cycle mode");
        ensure!(cycle != (guests || name == SUSPENDED), "{}", interpreted.describe());
        ensure!(interpreted.stdout() == reference.stdout(), "{options:?}: {}", interpreted.describe());
    }
    Ok(())
}
