//! Running a program with its output passed on.

use std::ffi::OsStr;
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result, bail};

/// The command as one would type it.
pub fn describe(command: &Command) -> String {
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    words.join(" ")
}

/// Says what it runs, runs it, and returns how it ended.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    let text = describe(command);
    note(&format!("$ {text}"));
    command.status().with_context(|| format!("`{text}` cannot be started"))
}

/// As [`status`], and an exit code other than 0 is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("`{}` failed ({status})", describe(command));
    }
    Ok(())
}

/// Tells the developer what is going on, on standard error.
#[expect(clippy::print_stderr, reason = "this is a command-line tool of the project's own")]
pub fn note(text: &str) {
    eprintln!("{text}");
}
