//! `pyhdl sim`: run a file's test bench.

use pyhdl_python::Failure;

use crate::{Stop, cli, codes, load};

pub fn run(args: &cli::Sim) -> Result<(), Stop> {
    let interpreter = load::start(&args.design)?;
    if args.no_lower {
        pyhdl_python::set_lowering(false);
    }
    let script = interpreter.run_script(&args.design.file)?;
    if script.simulations > 0 {
        return Ok(());
    }
    let simulated = interpreter.simulate_bench(
        &script,
        &args.design.file,
        args.design.top.as_deref(),
        args.until,
        args.wave.as_deref(),
    );
    match simulated {
        // A script that converts its design has done what it is for.
        Err(Failure::Diagnostic { diagnostic, .. })
            if diagnostic.code == codes::NO_TOP && script.conversions > 0 && args.design.top.is_none() =>
        {
            Ok(())
        }
        result => Ok(result?),
    }
}
