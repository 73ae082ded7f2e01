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
        ("ruff", &["check", "--config", "crates/xtask/lint/ruff.toml", "stdlib"][..]),
        ("ruff", &["format", "--config", "crates/xtask/lint/ruff.toml", "--check", "stdlib"]),
        ("mypy", &["--config-file", "crates/xtask/lint/mypy.ini", "stdlib/pyhdl"]),
    ] {
        let mut command = Command::new(scratch.program(program));
        command.args(arguments);
        // Their notes belong with what else can be made again.
        command.env("RUFF_CACHE_DIR", scratch.folder.join("ruff-cache"));
        command.env("MYPY_CACHE_DIR", scratch.folder.join("mypy-cache"));
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
