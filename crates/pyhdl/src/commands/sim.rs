//! `pyhdl sim`: run a file's test bench.

use pyhdl_diag::{Diagnostic, SourceTable};
use pyhdl_python::{Failure, Interpreter, RunOptions, set_run_options};

use crate::report::Reporter;
use crate::{Stop, cli, codes, load};

pub fn run(args: &cli::Sim, reporter: &mut Reporter) -> Result<(), Stop> {
    let interpreter = load::start(&args.design)?;
    let result = simulate(&interpreter, args, reporter);
    result.and(interpreter.end().map_err(Stop::from))
}

fn simulate(interpreter: &Interpreter, args: &cli::Sim, reporter: &mut Reporter) -> Result<(), Stop> {
    set_run_options(RunOptions {
        lower: !args.no_lower,
        until: args.until,
        wave: args.wave.clone(),
        excerpt: args.excerpt(),
        ..RunOptions::default()
    });
    let script = interpreter.run_script(&args.design.file)?;
    if script.simulations > 0 {
        if let Some(top) = &args.design.top {
            let unused = format!("`--top {top}` has no effect: the file runs its own simulation");
            reporter.show(&Diagnostic::warning(codes::TOP_UNUSED, unused), &SourceTable::new());
        }
        return Ok(());
    }
    let simulated = interpreter.simulate_bench(&script, &args.design.file, args.design.top.as_deref());
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
