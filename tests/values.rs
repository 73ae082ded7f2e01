//! The value types do what MyHDL's do: the same results, the same exceptions.

use std::process::Command;

use anyhow::{Result, bail, ensure};
use pyhdl_tests::{pyhdl, run};
use xtask::scratch::{self, Purpose};
use xtask::workspace;

/// Fewer lines would mean that the script ended early, or compares less than it did.
const LEAST: usize = 12_000;

#[test]
fn operations_on_values_give_what_they_give_under_myhdl() -> Result<()> {
    let script = workspace::root().join("tests/compat/values.py");
    let ours = run(pyhdl()?.arg("sim").arg(&script))?.success()?;
    let python = scratch::ensure(Purpose::Compare)?.python;
    let theirs = run(Command::new(python).arg(&script))?.success()?;
    let (text, expected) = (ours.stdout(), theirs.stdout());
    ensure!(expected.lines().count() >= LEAST, "there are {} lines", expected.lines().count());
    if ours.stdout == theirs.stdout {
        return Ok(());
    }
    let differing: Vec<String> = text
        .lines()
        .zip(expected.lines())
        .filter(|(a, b)| a != b)
        .take(10)
        .map(|(a, b)| format!("  pyhdl: {a}\n  MyHDL: {b}"))
        .collect();
    let (a, b) = (text.lines().count(), expected.lines().count());
    bail!("{a} lines, {b} under MyHDL; the first that differ:\n{}", differing.join("\n"))
}
