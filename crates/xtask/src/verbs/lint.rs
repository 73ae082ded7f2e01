//! `cargo xtask lint`: what a machine can say about the style of the code. All checks run; any finding fails.

use std::process::{Command, ExitCode};

use anyhow::Result;
use xtask::scratch::{self, Purpose};
use xtask::{process, workspace};

pub fn run() -> Result<ExitCode> {
    let root = workspace::root();
    let mut checks = Vec::new();
    for arguments in [
        &["fmt", "--all", "--check"][..],
        &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"],
    ] {
        let mut command = Command::new(workspace::cargo());
        command.args(arguments);
        checks.push(command);
    }
    let scratch = scratch::ensure(Purpose::Lint)?;
    for (program, arguments) in [
        ("ruff", &["check", "stdlib"][..]),
        ("ruff", &["format", "--check", "stdlib"]),
        ("mypy", &["stdlib/pyhdl"]),
    ] {
        let mut command = Command::new(scratch.program(program));
        command.args(arguments);
        checks.push(command);
    }
    let mut failed = Vec::new();
    for mut check in checks {
        if !process::status(check.current_dir(&root))?.success() {
            failed.push(process::describe(&check));
        }
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    process::note(&format!("these checks found something:\n  {}", failed.join("\n  ")));
    Ok(ExitCode::FAILURE)
}
