//! The `pyhdl` program under test: the one of this checkout, or the one that `PYHDL_PROGRAM` names, as the mutation
//! check does.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, anyhow, bail};
use xtask::workspace;

/// Names the program to test, in place of the one that is built here.
const GIVEN: &str = "PYHDL_PROGRAM";

/// A command that runs `pyhdl` as it is in this checkout. The first call of a process builds it where it is out of
/// date: Cargo makes a program's path known only to the tests of its own package.
pub fn pyhdl() -> Result<Command> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| program().map_err(|e| format!("{e:#}")));
    program.as_ref().map(Command::new).map_err(|e| anyhow!("{e}"))
}

fn program() -> Result<PathBuf> {
    let Some(given) = std::env::var_os(GIVEN) else { return build() };
    // The suites call it in folders of their own.
    let given = std::path::absolute(given)?;
    if !given.is_file() {
        bail!("{GIVEN} names {}, which is no file", given.display());
    }
    Ok(given)
}

fn build() -> Result<PathBuf> {
    // `--workspace`, so that dependencies have the features that they have in the build of the tests and are not
    // built again.
    let output = Command::new(workspace::cargo())
        .args(["build", "--quiet", "--workspace", "--bin", "pyhdl", "--message-format", "json"])
        .current_dir(workspace::root())
        .stdin(Stdio::null())
        .output()
        .context("cargo cannot be started")?;
    if !output.status.success() {
        bail!("the program cannot be built:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let program = workspace::target().join("debug").join(format!("pyhdl{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        bail!("Cargo has built no {}", program.display());
    }
    Ok(program)
}
