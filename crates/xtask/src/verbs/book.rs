//! `cargo xtask book`: the manual, with mdBook.

use std::process::{Command, ExitCode};

use anyhow::{Result, bail};
use clap::Args;
use xtask::{process, workspace};

#[derive(Args)]
pub struct Options {
    /// Open it in a browser.
    #[arg(long)]
    open: bool,
}

pub fn run(options: &Options) -> Result<ExitCode> {
    let Ok(mdbook) = which::which("mdbook") else {
        bail!("mdBook is not installed; `cargo install mdbook` installs it");
    };
    let mut build = Command::new(mdbook);
    build.arg("build").arg(workspace::root().join("book"));
    build.arg("--dest-dir").arg(workspace::target().join("book"));
    if options.open {
        build.arg("--open");
    }
    process::run(&mut build)?;
    Ok(ExitCode::SUCCESS)
}
