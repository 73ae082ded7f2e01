//! `cargo xtask test`: everything that has to hold.

use std::env::consts::EXE_SUFFIX;
use std::process::{Command, ExitCode, ExitStatus};

use anyhow::Result;
use clap::Args;
use xtask::scratch::{self, Purpose};
use xtask::{process, system, workspace};

#[derive(Args)]
pub struct Options {
    /// Do not install missing packages.
    #[arg(long)]
    no_install: bool,
    /// For the test runner: names of tests, options.
    #[arg(last = true, value_name = "ARGS")]
    args: Vec<String>,
}

pub fn run(options: &Options) -> Result<ExitCode> {
    if !options.no_install {
        system::install_missing()?;
    }
    scratch::ensure(Purpose::Compare)?;
    scratch::ensure(Purpose::Suite)?;
    scratch::myhdl_sources()?;
    let nextest = Command::new(workspace::cargo())
        .args(["nextest", "--version"])
        .output()
        .is_ok_and(|output| output.status.success());
    let mut tests = cargo(&if nextest { ["nextest", "run"] } else { ["test", "--all-targets"] });
    let code = code(process::status(tests.arg("--workspace").args(runner_args(nextest, &options.args)))?);
    // Nextest leaves out the examples in documentation, and `--all-targets` does as well.
    if code != 0 || !options.args.is_empty() {
        return Ok(ExitCode::from(code));
    }
    let mut doc = cargo(&["test", "--doc", "--workspace", "--quiet"]);
    let code = self::code(process::status(&mut doc)?);
    if code != 0 {
        return Ok(ExitCode::from(code));
    }
    // The tests have built it.
    super::random::slice(workspace::target().join("debug").join(format!("pyhdl{EXE_SUFFIX}")))
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(workspace::cargo());
    command.args(arguments).current_dir(workspace::root());
    command
}

/// Cargo's own runner takes a filter after `--`, nextest before it.
fn runner_args(nextest: bool, args: &[String]) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    if !nextest && !args.is_empty() {
        all.push("--");
    }
    all.extend(args.iter().map(String::as_str));
    all
}

/// The exit code to pass on; 1 for a runner that was killed.
fn code(status: ExitStatus) -> u8 {
    if status.success() { 0 } else { status.code().and_then(|c| u8::try_from(c).ok()).unwrap_or(1) }
}
