//! `pyhdl check`: elaborate and lower, and say what is wrong.

use pyhdl_emit::Language;
use pyhdl_python::{RunOptions, set_run_options};

use crate::commands::emit;
use crate::report::Reporter;
use crate::{Stop, cli, load};

pub fn run(args: &cli::Check, reporter: &mut Reporter) -> Result<(), Stop> {
    set_run_options(RunOptions { portable: args.portable, ..RunOptions::default() });
    let loaded = load::load(&args.design)?;
    // What passes the check can be emitted.
    emit::emit(&loaded, &[Language::Verilog, Language::Vhdl], emit::Choices::default(), reporter)?;
    Ok(())
}
