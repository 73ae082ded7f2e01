//! `pyhdl check`: elaborate and lower, and say what is wrong.

use crate::report::Reporter;
use crate::{Stop, cli, load};

pub fn run(args: &cli::Check, reporter: &mut Reporter) -> Result<(), Stop> {
    let loaded = load::load(&args.design)?;
    loaded.report(reporter);
    Ok(())
}
