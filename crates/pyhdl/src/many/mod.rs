//! `pyhdl sim --seeds`: the test bench under many seeds, each in a process of its own.
//!
//! A process for each seed costs the start of an interpreter, and has no state that another run could have left: what
//! a seed does here it does alone, too.

mod again;
mod junit;
mod outcome;
mod pool;
mod seeds;
mod tally;
mod worker;

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use pyhdl_diag::{Diagnostic, SourceTable};
use pyhdl_python::Failure;

pub use outcome::Outcome;
use pool::{End, Pool};
use seeds::Seeds;
use tally::Tally;
pub use worker::end_with_parent;
use worker::{Ending, Launcher, Run, Task};

use crate::progress::{Counter, Progress};
use crate::report::Reporter;
use crate::{Stop, cli, codes, load};

/// So many failing seeds are run again with waves.
const AGAIN: usize = 3;

/// Runs a file under the seeds that `--seeds` names.
pub fn run(args: &cli::Sim, seeds: &str, reporter: &mut Reporter) -> Result<(), Stop> {
    let Seeds(seeds) = seeds.parse().map_err(|error| {
        let message = format!("--seeds {seeds}: {error}");
        let help = "give a range as 1..200, a number, or a list of both as 1,5,9..20";
        Stop::Usage(Box::new(Diagnostic::error(codes::SEEDS, message).help(help)))
    })?;
    load::readable(&args.design)?;
    let junit = args.junit.as_deref().map(junit::File::new).transpose()?;
    let mut pool = Pool::new(launcher(args, reporter)?, at_once(args))?;

    let counter = Counter::start(seeds.len());
    let mut tally = Tally::new(&seeds, junit.is_some());
    let mut without_meaning = None;
    let mut unwritten = None;
    let tasks = seeds.iter().map(|seed| Task { seed: *seed, wave: None });
    let end = pool.run(tasks, &mut |run| {
        if tally.is_empty()
            && let Some(stop) = pointless(&run)
        {
            without_meaning = Some(stop);
            return ControlFlow::Break(());
        }
        tally.add(run);
        counter.at(tally.ended(), tally.failed());
        match counter.aside(|| tally.print(false)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(stop) => {
                unwritten = Some(stop);
                ControlFlow::Break(())
            }
        }
    })?;
    drop(counter);
    if let Some(stop) = without_meaning.or(unwritten) {
        return Err(stop);
    }
    tally.print(true)?;
    reporter.line(&tally.summary());
    let (shown, more) = tally.failing(AGAIN);
    if !shown.is_empty() {
        reporter.line("by itself, with waves:");
    }
    for seed in &shown {
        reporter.line(&format!("  {}", again::command(args, *seed, &again::wave(args, *seed))));
    }
    if more > 0 {
        reporter.line(&format!("  and {more} more"));
    }
    if let Some(junit) = junit {
        junit.write(&args.design.file, tally.runs())?;
    }
    if let End::Signal(signal) = end {
        return Err(ended_by(signal));
    }
    if shown.is_empty() {
        return Ok(());
    }
    let again = shown.iter().map(|seed| Task { seed: *seed, wave: Some(again::wave(args, *seed)) }).collect();
    write_waves(&mut pool, &tally, again, reporter)?;
    Err(Stop::Reported)
}

/// Runs failing seeds again with waves, and says where they do not do the same.
fn write_waves(
    pool: &mut Pool<'_>,
    tally: &Tally,
    again: Vec<Task>,
    reporter: &mut Reporter,
) -> Result<(), Stop> {
    let progress = Progress::start("running failing seeds again, with waves".to_owned());
    let mut runs = Vec::new();
    let end = pool.run(again, &mut |run| {
        runs.push(run);
        ControlFlow::Continue(())
    })?;
    drop(progress);
    runs.sort_by_key(|run| run.seed);
    for run in runs {
        let first = tally.verdict(run.seed);
        if run.verdict() != first {
            let message = format!("seed {} with waves {}", run.seed, run.verdict());
            let why =
                if run.passed() { "; the seed alone does not decide what this test bench does" } else { "" };
            let warning = Diagnostic::warning(codes::NOT_THE_SAME, message)
                .help(format!("without waves it {first}{why}"));
            reporter.show(&warning, &SourceTable::new());
        }
    }
    match end {
        End::Signal(signal) => Err(ended_by(signal)),
        End::Done | End::Enough => Ok(()),
    }
}

fn launcher<'a>(args: &'a cli::Sim, reporter: &Reporter) -> Result<Launcher<'a>, Stop> {
    let program = std::env::current_exe();
    let folder = tempfile::Builder::new().prefix("pyhdl-").tempdir();
    let both = program.and_then(|program| Ok((program, folder?)));
    let (program, folder) = both.map_err(|e| Stop::Diagnostic(pool::problem(&e)))?;
    Ok(Launcher { args, program, color: reporter.has_color(), folder })
}

fn at_once(args: &cli::Sim) -> usize {
    args.jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

/// What to say where other seeds need not be tried.
fn pointless(run: &Run) -> Option<Stop> {
    match &run.ending {
        Ending::Failed { always: true, code, .. } => {
            Some(Stop::Python(Failure::Exit { code: *code, message: Some(run.output.clone()) }))
        }
        Ending::Passed { simulated: false } => Some(Stop::Diagnostic(Box::new(
            Diagnostic::error(codes::NOTHING_SIMULATED, "the file simulates nothing, under whatever seed")
                .help("name the test bench with --top, or let the script run its simulation"),
        ))),
        _ => None,
    }
}

/// As shells report a program that a signal has ended.
fn ended_by(signal: i32) -> Stop {
    match signal {
        signal_hook::consts::SIGINT => Stop::Python(Failure::Interrupted),
        _ => Stop::Python(Failure::Exit { code: 128 + signal, message: Some("terminated".to_owned()) }),
    }
}
