//! Bad input: each gets a coded diagnostic with the Python line and help, an exit code, and leaves no file behind.
//!
//! Each `diagnostics/*.py` is a case; its first line is the command, with `FILE` for the case itself. What the user
//! sees is kept beside it as a snapshot (`cargo insta review` after a change that is meant).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Arguments, Failed, Trial};
use pyhdl_tests::{Outcome, pyhdl, run};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("file_missing", || Ok(file_missing()?)),
        Trial::test("file_is_a_folder", || Ok(file_is_a_folder()?)),
        Trial::test("output_folder_not_writable", || Ok(output_folder_not_writable()?)),
        Trial::test("simulator_not_installed", || Ok(simulator_not_installed()?)),
        Trial::test("wrong_command_line", || Ok(wrong_command_line()?)),
    ];
    let cases = cases().unwrap_or_default();
    let count = cases.len();
    trials.push(Trial::test("there_are_cases", move || {
        if count >= 20 { Ok(()) } else { Err(Failed::from(format!("there are {count}"))) }
    }));
    for case in cases {
        let name = case.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        trials.push(Trial::test(name.clone(), move || Ok(check(&case, &name)?)));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("diagnostics")
}

fn cases() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "py") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn check(case: &Path, name: &str) -> Result<()> {
    let text = fs::read_to_string(case)?;
    let command = text.lines().next().and_then(|l| l.strip_prefix("# pyhdl ")).context("no command line")?;
    let place = tempfile::tempdir()?;
    let file = case.file_name().context("a file")?;
    fs::copy(case, place.path().join(file))?;
    let mut program = pyhdl()?;
    program.current_dir(place.path());
    for word in command.split_whitespace() {
        if word == "FILE" {
            program.arg(file);
        } else {
            program.arg(word);
        }
    }
    let outcome = run(&mut program)?;
    let mut left: Vec<String> = Vec::new();
    for entry in fs::read_dir(place.path())? {
        left.push(entry?.file_name().to_string_lossy().into_owned());
    }
    ensure!(left == [file.to_string_lossy().into_owned()], "files are left behind: {left:?}");
    snapshot(name, &outcome)
}

fn snapshot(name: &str, outcome: &Outcome) -> Result<()> {
    ensure!(
        !outcome.stderr().contains("panicked") && !outcome.stderr().contains("PH0001"),
        "{}",
        outcome.describe()
    );
    let text = format!(
        "exit code {}\n--- standard output\n{}--- standard error\n{}",
        outcome.code.map_or_else(|| "none".to_owned(), |c| c.to_string()),
        outcome.stdout(),
        outcome.stderr()
    );
    insta::with_settings!({ snapshot_path => folder(), prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
    Ok(())
}

fn file_missing() -> Result<()> {
    snapshot("file_missing", &run(pyhdl()?.args(["sim", "nowhere.py"]))?)
}

fn file_is_a_folder() -> Result<()> {
    let place = tempfile::tempdir()?;
    fs::create_dir(place.path().join("design.py"))?;
    snapshot("file_is_a_folder", &run(pyhdl()?.args(["emit", "design.py"]).current_dir(place.path()))?)
}

/// A design that is fine.
const GOOD: &str = "from myhdl import *\n\n@block\ndef inverter(a, q):\n    @always_comb\n    def invert():\n        \
                    q.next = not a\n    return invert\n\n@block\ndef bench():\n    a, q = [Signal(bool(0)) for _ in \
                    range(2)]\n    dut = inverter(a, q)\n    @instance\n    def stimulus():\n        yield delay(1)\n    \
                    return dut, stimulus\n";

fn output_folder_not_writable() -> Result<()> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("good.py"), GOOD)?;
    // A file in the way stops every user, also the one who may write everywhere.
    fs::write(place.path().join("taken"), "")?;
    let outcome =
        run(pyhdl()?.args(["emit", "good.py", "--verilog", "-o", "taken/rtl"]).current_dir(place.path()))?;
    ensure!(fs::read_dir(place.path())?.count() == 2, "files are left behind");
    snapshot("output_folder_not_writable", &outcome)
}

fn simulator_not_installed() -> Result<()> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("good.py"), GOOD)?;
    let mut program = pyhdl()?;
    program.args(["verify", "good.py", "--with", "verilator,ghdl"]).current_dir(place.path());
    program.env("PATH", place.path());
    snapshot("simulator_not_installed", &run(&mut program)?)
}

fn wrong_command_line() -> Result<()> {
    let outcome = run(pyhdl()?.args(["emit"]))?;
    ensure!(outcome.code == Some(2), "{}", outcome.describe());
    ensure!(outcome.stderr().contains("Usage"), "{}", outcome.describe());
    Ok(())
}
