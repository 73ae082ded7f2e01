//! [`Tally`]: what is known of the seeds, told in their order.

use std::collections::BTreeMap;
use std::io::{self, Write};

use pyhdl_diag::Diagnostic;
use pyhdl_python::{Failure, codes as python};

use super::worker::Run;
use crate::Stop;

/// The runs that have ended.
pub struct Tally {
    /// Seeds that have not been told about, in the order in which that happens, the next one last.
    next: Vec<u32>,
    /// Runs that ended before those of smaller seeds.
    early: BTreeMap<u32, Run>,
    /// Runs that have been told about. Those that passed, and without `outputs` all of them, without their output.
    told: Vec<Run>,
    outputs: bool,
    seeds: usize,
    failed: usize,
}

impl Tally {
    /// `outputs` keeps what failing runs wrote.
    pub fn new(seeds: &[u32], outputs: bool) -> Tally {
        Tally {
            next: seeds.iter().rev().copied().collect(),
            early: BTreeMap::new(),
            told: Vec::new(),
            outputs,
            seeds: seeds.len(),
            failed: 0,
        }
    }

    pub fn add(&mut self, mut run: Run) {
        if run.passed() {
            run.output.clear();
        } else {
            self.failed += 1;
        }
        self.early.insert(run.seed, run);
    }

    pub fn is_empty(&self) -> bool {
        self.ended() == 0
    }

    pub fn ended(&self) -> usize {
        self.early.len() + self.told.len()
    }

    pub fn failed(&self) -> usize {
        self.failed
    }

    /// Tells about the runs whose turn it is; with `all`, also where there are others missing before them. Lines go to
    /// standard output, what failing runs wrote to standard error.
    pub fn print(&mut self, all: bool) -> Result<(), Stop> {
        while let Some((seed, _)) = self.early.first_key_value()
            && (all || self.next.last() == Some(seed))
            && let Some((_, mut run)) = self.early.pop_first()
        {
            self.next.pop();
            let mut out = io::stdout().lock();
            writeln!(out, "seed {}: {}", run.seed, run.verdict())
                .and_then(|()| out.flush())
                .map_err(unwritten)?;
            drop(out);
            show_output(&run);
            if !self.outputs {
                run.output.clear();
            }
            self.told.push(run);
        }
        Ok(())
    }

    /// How many seeds did what.
    pub fn summary(&self) -> String {
        let ended = self.ended();
        let known = if ended < self.seeds { format!("{ended} of ") } else { String::new() };
        let seeds = if self.seeds == 1 { "seed" } else { "seeds" };
        format!("{known}{} {seeds}: {} passed, {} failed", self.seeds, ended - self.failed, self.failed)
    }

    /// The runs that have been told about.
    pub fn runs(&self) -> &[Run] {
        &self.told
    }

    /// The first failing seeds, and how many more there are.
    pub fn failing(&self, most: usize) -> (Vec<u32>, usize) {
        let failing = self.told.iter().filter(|run| !run.passed()).map(|run| run.seed);
        let first: Vec<u32> = failing.take(most).collect();
        let more = self.failed - first.len();
        (first, more)
    }

    /// What became of a seed.
    pub fn verdict(&self, seed: u32) -> String {
        self.told.iter().find(|run| run.seed == seed).map_or_else(String::new, Run::verdict)
    }
}

/// A closed standard error is nobody's loss.
fn show_output(run: &Run) {
    if !run.output.is_empty() {
        let end = if run.output.ends_with('\n') { "" } else { "\n" };
        let _ = write!(io::stderr().lock(), "output of seed {}:\n{}{end}", run.seed, run.output);
    }
}

fn unwritten(error: io::Error) -> Stop {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Stop::Python(Failure::OutputClosed);
    }
    let message = format!("standard output cannot be written: {error}");
    Stop::Diagnostic(Box::new(
        Diagnostic::error(python::OUTPUT, message)
            .help("make room on the disk, or send the output somewhere else"),
    ))
}
