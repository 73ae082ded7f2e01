//! `cargo xtask bench`: how long things take, in ratios within one run.

mod design;
mod engines;
mod harness;
mod startup;

use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::{Args, Subcommand};
use xtask::{process, workspace};

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Whole short runs against MyHDL: start-up, elaboration, import. Prints the table of the README.
    #[command(
        after_help = "Examples:\n  cargo xtask bench startup\n  cargo xtask bench startup --runs 9 counter fifo"
    )]
    Startup(startup::Options),
    /// Clock cycles a second of long runs, on pyhdl, MyHDL, Icarus Verilog, GHDL and Verilator.
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

/// Builds packages for what is timed.
fn release(packages: &[&str]) -> Result<()> {
    let mut build = Command::new(workspace::cargo());
    build.args(["build", "--release"]).current_dir(workspace::root());
    process::run(build.args(packages.iter().flat_map(|package| ["--package", package])))
}
