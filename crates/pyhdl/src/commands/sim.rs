//! `pyhdl sim`: run a file's test bench.

use clap::CommandFactory;
use clap::error::ErrorKind;
use pyhdl_diag::{Diagnostic, SourceTable};
use pyhdl_python::phases::{self, Phase};
use pyhdl_python::{EngineChoice, Failure, Interpreter, Mode, RunOptions, jit, modes, set_run_options};

use crate::many::{self, Outcome};
use crate::progress::Live;
use crate::report::Reporter;
use crate::{Stop, cli, codes, load, profile, stats};

pub fn run(args: &cli::Sim, reporter: &mut Reporter) -> Result<(), Stop> {
    if args.validate.is_some() && args.engine == cli::Engine::Event {
        let text =
            "`--validate` compares cycle mode with event mode: `--engine event` leaves nothing to compare";
        cli::Cli::command().error(ErrorKind::ArgumentConflict, text).exit();
    }
    if let Some(seeds) = &args.seeds {
        return many::run(args, seeds, reporter);
    }
    if args.outcome.is_some() {
        many::end_with_parent();
    }
    let result = once(args, reporter);
    if let Some(path) = &args.outcome {
        Outcome::of(&result).write(path);
    }
    result.map(|_| ())
}

/// One run; whether it simulated anything.
fn once(args: &cli::Sim, reporter: &mut Reporter) -> Result<bool, Stop> {
    if args.stats {
        phases::measure();
    }
    if args.profile {
        pyhdl_python::profile::start();
    }
    let interpreter = load::start_seeded(&args.design, args.seed)?;
    phases::switch(Phase::Python);
    let live = Live::start(args.until);
    set_run_options(RunOptions {
        lower: !args.no_lower,
        until: args.until,
        wave: args.wave.clone(),
        excerpt: args.excerpt(),
        engine: engine(args),
        validate: args.validate,
        profile: args.profile,
        ..RunOptions::default()
    });
    let result = simulate(&interpreter, args, reporter);
    live.end();
    let ended = interpreter.end().map_err(Stop::from);
    let result = result.and_then(|simulated| ended.map(|()| simulated));
    if args.explain {
        explain(reporter);
    }
    if let Some(profile) = args.profile.then(pyhdl_python::profile::profile).flatten() {
        reporter.line(profile::table(&profile).trim_end());
    }
    if let Some(phases) = phases::measured() {
        reporter.line(&stats::table(&phases));
    }
    result
}

fn simulate(interpreter: &Interpreter, args: &cli::Sim, reporter: &mut Reporter) -> Result<bool, Stop> {
    let script = interpreter.run_script(&args.design.file)?;
    if script.simulations > 0 {
        if let Some(top) = &args.design.top {
            let unused = format!("`--top {top}` has no effect: the file runs its own simulation");
            reporter.show(&Diagnostic::warning(codes::TOP_UNUSED, unused), &SourceTable::new());
        }
        return Ok(true);
    }
    let simulated = interpreter.simulate_bench(&script, &args.design.file, args.design.top.as_deref());
    match simulated {
        // A script that converts its design has done what it is for.
        Err(Failure::Diagnostic { diagnostic, .. })
            if diagnostic.code == codes::NO_TOP && script.conversions > 0 && args.design.top.is_none() =>
        {
            Ok(false)
        }
        result => Ok(result.map(|()| true)?),
    }
}

/// The engine that the options choose.
fn engine(args: &cli::Sim) -> EngineChoice {
    match args.engine {
        cli::Engine::Event => EngineChoice::Event,
        cli::Engine::Auto if args.without.is_empty() && args.validate.is_none() => EngineChoice::usual(),
        cli::Engine::Auto | cli::Engine::Compiled | cli::Engine::Cycle => {
            let mut options = jit::Options::default();
            for pass in &args.without {
                match pass.as_str() {
                    "all" => jit::PASSES.iter().all(|pass| options.leave_out(pass.name)),
                    one => options.leave_out(one),
                };
            }
            match args.engine {
                cli::Engine::Cycle => EngineChoice::Cycle(options.plan),
                _ => EngineChoice::Compiled(options),
            }
        }
    }
}

/// So many processes that are interpreted beside compiled code are named.
const BESIDE: usize = 8;

/// Says how each simulation was running.
fn explain(reporter: &mut Reporter) {
    let modes = modes();
    for (number, mode) in modes.iter().enumerate() {
        let which = if modes.len() > 1 { format!("simulation {}: ", number + 1) } else { String::new() };
        let text = match mode {
            Mode::Event => "event mode; it did not last long enough to be compiled".to_owned(),
            Mode::Cycle { after, compiled, beside } => {
                let how = if *compiled { "compiled" } else { "interpreted" };
                let mut text = format!("{how}, cycle mode; {after} activations in event mode");
                for (process, reason) in beside.iter().take(BESIDE) {
                    text.push_str(&format!("\n  `{process}` is interpreted beside it: {reason}"));
                }
                if beside.len() > BESIDE {
                    text.push_str(&format!("\n  so are {} others", beside.len() - BESIDE));
                }
                text
            }
            Mode::OnlyEvent(reason) => format!("event mode: {reason}"),
        };
        reporter.line(&format!("{which}{text}"));
    }
}
