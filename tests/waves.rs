//! The waves of examples, read back by an independent reader, equal MyHDL's at every time step.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use pyhdl_tests::{Outcome, pyhdl, run};
use xtask::scratch::{self, Purpose};
use xtask::workspace;

/// Both files of an example, in a folder of their own.
struct Waves {
    _place: tempfile::TempDir,
    pyhdl: PathBuf,
    myhdl: PathBuf,
    /// MyHDL names an instance after its block and a number; pyhdl, as the author did.
    scope: String,
}

fn waves(example: &str) -> Result<Waves> {
    let place = tempfile::tempdir()?;
    let file = workspace::root().join("examples").join(example).join(format!("{example}.py"));
    let [ours, theirs] = ["pyhdl", "myhdl"].map(|name| place.path().join(name));
    for folder in [&ours, &theirs] {
        fs::create_dir(folder)?;
    }
    run(pyhdl()?.arg("sim").arg(&file).args(["--", "--trace"]).current_dir(&ours))?.success()?;
    let python = scratch::ensure(Purpose::Compare)?.python;
    run(Command::new(python).arg(&file).arg("--trace").current_dir(&theirs))?.success()?;
    let vcd = format!("{example}.vcd");
    Ok(Waves {
        _place: place,
        pyhdl: ours.join(&vcd),
        myhdl: theirs.join(&vcd),
        scope: format!("{example}.{example}0={example}.dut"),
    })
}

fn compare(ours: &Path, theirs: &Path, scope: &str) -> Result<Outcome> {
    let script = workspace::root().join("tests/compat/compare_waves.py");
    let python = scratch::ensure(Purpose::Compare)?.python;
    let arguments = [script.as_os_str(), ours.as_os_str(), theirs.as_os_str(), OsStr::new(scope)];
    run(Command::new(python).args(arguments))
}

fn same_as_under_myhdl(example: &str, summary: &str) -> Result<()> {
    let waves = waves(example)?;
    let outcome = compare(&waves.pyhdl, &waves.myhdl, &waves.scope)?.success()?;
    // How much there is to compare is known, so that a comparison of nothing does not pass.
    ensure!(outcome.stdout() == summary, "{}", outcome.describe());
    Ok(())
}

#[test]
fn counter_has_the_same_waves_as_under_myhdl() -> Result<()> {
    same_as_under_myhdl("counter", "compared 8 signals, 242 time steps, 1936 values\n")
}

#[test]
fn traffic_has_the_same_waves_as_under_myhdl() -> Result<()> {
    same_as_under_myhdl("traffic", "compared 12 signals, 521 time steps, 6252 values\n")
}

/// What the comparison says about pyhdl's waves of `traffic` after a change to the file.
fn after_change(change: impl Fn(&str) -> Option<String>) -> Result<String> {
    let waves = waves("traffic")?;
    let text = fs::read_to_string(&waves.pyhdl)?;
    let changed = change(&text).context("the file has no such place")?;
    ensure!(changed != text, "nothing has changed");
    fs::write(&waves.pyhdl, changed)?;
    let outcome = compare(&waves.pyhdl, &waves.myhdl, &waves.scope)?;
    ensure!(outcome.code == Some(1), "{}", outcome.describe());
    Ok(outcome.stdout())
}

fn replaced_once(text: &str, from: &str, to: &str) -> Option<String> {
    text.contains(from).then(|| text.replacen(from, to, 1))
}

#[test]
fn one_altered_number_is_found() -> Result<()> {
    let said = after_change(|text| replaced_once(text, "\nb011 ", "\nb111 "))?;
    ensure!(said.contains("traffic.dut.timer at time 45: pyhdl 111, MyHDL 011\n"), "{said}");
    // Nothing else differs: the value lives for ten steps.
    ensure!(said.lines().count() == 11, "{said}");
    Ok(())
}

#[test]
fn one_altered_literal_is_found() -> Result<()> {
    let said = after_change(|text| replaced_once(text, "\nsYELLOW ", "\nsRED "))?;
    ensure!(said.contains(": pyhdl RED, MyHDL YELLOW\n"), "{said}");
    Ok(())
}

#[test]
fn an_unknown_value_is_found() -> Result<()> {
    let said = after_change(|text| replaced_once(text, "\nb011 ", "\nbxxx "))?;
    ensure!(said.contains("traffic.dut.timer at time 45: pyhdl xxx, MyHDL 011\n"), "{said}");
    Ok(())
}

#[test]
fn a_change_at_another_time_is_found() -> Result<()> {
    let said = after_change(|text| replaced_once(text, "\n#45\n", "\n#46\n"))?;
    ensure!(said.contains("traffic.dut.timer at time 45: pyhdl 010, MyHDL 011\n"), "{said}");
    Ok(())
}

#[test]
fn a_signal_of_another_name_is_found() -> Result<()> {
    let said = after_change(|text| replaced_once(text, " timer $end", " counter $end"))?;
    ensure!(said.contains("traffic.dut.counter: only in pyhdl's file\n"), "{said}");
    ensure!(said.contains("traffic.dut.timer: only in MyHDL's file\n"), "{said}");
    Ok(())
}
