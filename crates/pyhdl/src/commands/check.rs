//! `pyhdl check`: elaborate and lower, and say what is wrong.

use pyhdl_emit::Language;

use crate::commands::emit;
use crate::report::Reporter;
use crate::{Stop, cli, load};

pub fn run(args: &cli::Check, reporter: &mut Reporter) -> Result<(), Stop> {
    let loaded = load::load(&args.design)?;
    // What passes the check can be emitted.
    emit::emit(&loaded, &[Language::Verilog, Language::Vhdl], None, reporter)?;
    Ok(())
}
