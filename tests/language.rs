//! The language: each program of `language/` prints the same bytes under pyhdl as under MyHDL.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::{Arguments, Trial};
use pyhdl_tests::{pyhdl, run};
use xtask::scratch::{self, Purpose};
use xtask::workspace;

/// What the programs import.
const SHARED: &str = "report";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match programs() {
        Ok(programs) => programs
            .into_iter()
            .map(|(name, path)| Trial::test(name, move || Ok(prints_the_same(&path)?)))
            .collect(),
        Err(error) => vec![Trial::test("programs", move || Err(error.into()))],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The programs by name.
fn programs() -> Result<Vec<(String, PathBuf)>> {
    let folder = workspace::root().join("tests").join("language");
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|ending| ending == "py") && name != SHARED {
            found.push((name, path));
        }
    }
    found.sort();
    ensure!(!found.is_empty(), "there is no program in {}", folder.display());
    Ok(found)
}

fn prints_the_same(program: &Path) -> Result<()> {
    let ours = run(pyhdl()?.arg("sim").arg(program).env("PYTHONDONTWRITEBYTECODE", "1"))?.success()?;
    let python = scratch::ensure(Purpose::Compare)?.python;
    let theirs = run(Command::new(python).arg(program).env("PYTHONDONTWRITEBYTECODE", "1"))?.success()?;
    let (text, expected) = (ours.stdout(), theirs.stdout());
    ensure!(!expected.is_empty(), "MyHDL prints nothing");
    if text == expected {
        return Ok(());
    }
    let (number, (a, b)) = text
        .lines()
        .chain(std::iter::repeat("(the end)"))
        .zip(expected.lines().chain(std::iter::once("(the end)")))
        .enumerate()
        .find(|(_, (a, b))| a != b)
        .unwrap_or((0, ("the same lines", "with other ends of line")));
    bail!("line {} differs\n  pyhdl: {a}\n  MyHDL: {b}", number + 1)
}
