//! [`Stage`]: what a mutated program has to get past, from what is quick to what is thorough.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use pyhdl_random::{Batch, Lab, Subject};

use super::tree::Tree;
use crate::verbs::random;

/// How long the program may take for one thing with a random batch: many times what it takes on a busy machine.
const CALL_LIMIT: Duration = Duration::from_secs(150);
/// How long a suite may take, on a busy machine.
const SUITE_LIMIT: Duration = Duration::from_secs(3600);
/// How long a suite that is stopped may take to stop what it has started.
const STOPPING: Duration = Duration::from_secs(5);

/// Batches of random cases for each subject.
const BATCHES: u64 = 5;
const TOOLS: [&str; 2] = ["icarus", "ghdl"];

/// The suites that look at values; the quick ones first. Not the tests of what the text looks like: what a design does
/// must give a mutation away.
const SUITES: [&str; 6] = ["language", "operators", "beyond", "random", "hdl", "conversions"];
const LEFT_OUT: [&str; 2] =
    ["is_clean_and_as_reviewed", "a_difference_is_reported_with_signal_time_values_and_line"];

#[derive(Clone, Copy, Debug)]
pub enum Stage {
    /// A batch of random cases, against the model and in other simulators.
    Random { subject: Subject, seed: u64 },
    /// A suite of `tests/`.
    Suite(&'static str),
}

impl Stage {
    /// All stages, or the `quick` ones; the random ones begin with a seed.
    pub fn all(seed: u64, quick: bool) -> Vec<Stage> {
        let random = (0..BATCHES).flat_map(|batch| {
            Subject::ALL.map(|subject| Stage::Random { subject, seed: seed.wrapping_add(batch) })
        });
        let suites = SUITES.into_iter().filter(|_| !quick).map(Stage::Suite);
        random.chain(suites).collect()
    }

    pub fn name(self) -> String {
        match self {
            Stage::Random { subject, seed } => format!("random {}, seed {seed}", subject.name()),
            Stage::Suite(suite) => format!("suite {suite}"),
        }
    }

    /// What a program does wrong; `None` if nothing.
    pub fn finding(self, program: &Path, tree: &Tree, temporary: &Path) -> Result<Option<String>> {
        match self {
            Stage::Random { subject, seed } => {
                let stage =
                    pyhdl_random::Stage::Tools { tools: TOOLS.map(str::to_owned).into(), assertions: false };
                let batch = Batch::random(subject, seed, random::size(subject, &stage));
                let lab = Lab {
                    program: program.to_owned(),
                    vectors: random::vectors(subject),
                    limit: CALL_LIMIT,
                    unread: AtomicUsize::new(0),
                };
                lab.run(&batch, &stage)
            }
            Stage::Suite(suite) => run(&mut command(suite, program, tree, temporary)),
        }
    }
}

/// Builds the suites, which the program is no part of.
pub fn build_suites(tree: &Tree) -> Result<()> {
    let mut build = tree.cargo();
    build.args(["test", "--quiet", "--package", "pyhdl-tests", "--no-run"]);
    build.args(SUITES.iter().flat_map(|suite| ["--test", suite]));
    xtask::process::run(&mut build)
}

fn command(suite: &str, program: &Path, tree: &Tree, temporary: &Path) -> Command {
    let mut tests = tree.cargo();
    tests.args(["test", "--package", "pyhdl-tests", "--test", suite, "--"]);
    tests.args(LEFT_OUT.iter().flat_map(|test| ["--skip", test]));
    tests.env("PYHDL_PROGRAM", program).env("TMPDIR", temporary);
    tests
}

/// Runs a suite until its first test fails. Returns which that is.
fn run(suite: &mut Command) -> Result<Option<String>> {
    let mut child =
        in_own_group(suite).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let output = child.stdout.take().context("no output")?;
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(std::io::Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    let until = Instant::now() + SUITE_LIMIT;
    loop {
        match lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                if let Some(test) = failed(&line) {
                    stop(&mut child);
                    return Ok(Some(test.to_owned()));
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                stop(&mut child);
                return Ok(Some("does not end".to_owned()));
            }
            Err(RecvTimeoutError::Disconnected) => {
                let status: ExitStatus = child.wait()?;
                return Ok((!status.success()).then(|| format!("ends with {status}")));
            }
        }
    }
}

/// The test that a line of a test runner says has failed.
fn failed(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix("FAILED")?.trim_end().strip_suffix("...").map(str::trim_end)
}

fn in_own_group(command: &mut Command) -> &mut Command {
    std::os::unix::process::CommandExt::process_group(command, 0)
}

/// Stops a suite and the programs that it runs. These are asked first: they stop the simulators that they have started.
fn stop(child: &mut Child) {
    if let Ok(group) = i32::try_from(child.id()) {
        let group = Pid::from_raw(group);
        // An error only means that all have ended by themselves.
        let _ = killpg(group, Signal::SIGINT);
        std::thread::sleep(STOPPING);
        let _ = killpg(group, Signal::SIGKILL);
    }
    let _ = child.wait();
}

/// An empty folder for what stopped programs leave behind.
pub fn emptied(folder: PathBuf) -> Result<PathBuf> {
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("{} cannot be emptied", folder.display()))?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_failed_test_is_named() {
        assert_eq!(super::failed("test a::agrees ... FAILED"), Some("a::agrees"));
        assert_eq!(super::failed("test a::agrees         ... FAILED"), Some("a::agrees"));
        assert_eq!(super::failed("test a::agrees ... ok"), None);
        assert_eq!(super::failed("test result: FAILED. 1 passed; 1 failed"), None);
    }
}
