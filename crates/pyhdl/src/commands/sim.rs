//! `pyhdl sim`: run a file's test bench.

use crate::{Stop, cli, load};

pub fn run(args: &cli::Sim) -> Result<(), Stop> {
    let interpreter = load::start(&args.design)?;
    if args.no_lower {
        pyhdl_python::set_lowering(false);
    }
    let script = interpreter.run_script(&args.design.file)?;
    if script.simulations == 0 {
        interpreter.simulate_bench(
            &script,
            &args.design.file,
            args.design.top.as_deref(),
            args.until,
            args.wave.as_deref(),
        )?;
    }
    Ok(())
}
