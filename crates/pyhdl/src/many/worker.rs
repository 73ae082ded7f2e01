//! One seed in a process of its own.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use super::again::words;
use super::outcome::Outcome;
use crate::cli;

/// So much of a run's output is kept, from its end.
const KEPT: u64 = 64 * 1024;

/// A run to be made.
#[derive(Clone, Debug)]
pub struct Task {
    pub seed: u32,
    pub wave: Option<PathBuf>,
}

/// A run that has ended.
#[derive(Debug)]
pub struct Run {
    pub seed: u32,
    pub ending: Ending,
    pub took: Duration,
    /// What it wrote to standard output and standard error, in the order in which that came.
    pub output: String,
}

#[derive(Debug)]
pub enum Ending {
    Passed {
        simulated: bool,
    },
    /// One line says why. `always` where no other seed can change that.
    Failed {
        message: String,
        code: i32,
        always: bool,
    },
    /// A signal, or a fault of pyhdl, ended it.
    Died(String),
}

impl Run {
    pub fn passed(&self) -> bool {
        matches!(self.ending, Ending::Passed { .. })
    }

    /// What became of it, in a line.
    pub fn verdict(&self) -> String {
        match &self.ending {
            Ending::Passed { .. } => "passed".to_owned(),
            Ending::Failed { message, .. } | Ending::Died(message) => format!("failed: {message}"),
        }
    }
}

/// How processes are started for the seeds of one command.
pub struct Launcher<'a> {
    pub args: &'a cli::Sim,
    /// This program.
    pub program: PathBuf,
    /// Whether their messages have colours.
    pub color: bool,
    /// Where they leave their outcomes.
    pub folder: tempfile::TempDir,
}

/// A process that runs one seed, and leads a group of what it starts itself.
pub struct Worker {
    seed: u32,
    child: Child,
    outcome: PathBuf,
    output: File,
    since: Instant,
}

impl Launcher<'_> {
    pub fn start(&self, task: &Task) -> io::Result<Worker> {
        let outcome = self.folder.path().join(task.seed.to_string());
        let output = tempfile::tempfile_in(self.folder.path())?;
        let color = if self.color { "always" } else { "never" };
        let own: [OsString; 5] =
            ["--color".into(), color.into(), "sim".into(), "--outcome".into(), outcome.clone().into()];
        let child = Command::new(&self.program)
            .args(own)
            .args(words(self.args, task.seed, task.wave.as_deref()))
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output.try_clone()?)
            .process_group(0)
            .spawn()?;
        Ok(Worker { seed: task.seed, child, outcome, output, since: Instant::now() })
    }
}

impl Worker {
    /// How it ended, once it has.
    pub fn ended(&mut self) -> io::Result<Option<Run>> {
        let Some(status) = self.child.try_wait()? else { return Ok(None) };
        let took = self.since.elapsed();
        let outcome = Outcome::read(&self.outcome);
        // The next run with this seed begins without it.
        let _ = std::fs::remove_file(&self.outcome);
        Ok(Some(Run {
            seed: self.seed,
            ending: ending(status, outcome),
            took,
            output: tail(&mut self.output)?,
        }))
    }

    /// Asks it, and what it has started, to end. An error only means that it has ended by itself.
    pub fn terminate(&self) {
        self.signal(Signal::SIGTERM);
    }

    /// Ends it, and what it has started.
    pub fn kill(&mut self) {
        self.signal(Signal::SIGKILL);
        let _ = self.child.wait();
    }

    fn signal(&self, signal: Signal) {
        if let Ok(group) = i32::try_from(self.child.id()) {
            let _ = killpg(Pid::from_raw(group), signal);
        }
    }
}

fn ending(status: ExitStatus, outcome: Option<Outcome>) -> Ending {
    if let Some(number) = status.signal() {
        let name = Signal::try_from(number).map_or_else(|_| format!("signal {number}"), |s| s.to_string());
        return Ending::Died(format!("killed by {name}"));
    }
    let code = status.code().unwrap_or_default();
    if code == i32::from(crate::EXIT_INTERNAL) && outcome.is_none() {
        return Ending::Died("a fault of pyhdl".to_owned());
    }
    match outcome {
        outcome if code == 0 => Ending::Passed { simulated: outcome.is_none_or(|o| o.simulated) },
        Some(Outcome { failure: Some(message), always, .. }) => Ending::Failed { message, code, always },
        _ => Ending::Failed { message: format!("exit code {code}"), code, always: false },
    }
}

/// The end of a file as text.
fn tail(file: &mut File) -> io::Result<String> {
    let length = file.seek(SeekFrom::End(0))?;
    let left_out = length.saturating_sub(KEPT);
    file.seek(SeekFrom::Start(left_out))?;
    let mut bytes = Vec::new();
    file.take(KEPT).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(if left_out > 0 { format!("... {left_out} bytes left out ...\n{text}") } else { text.into_owned() })
}

/// Lets this process, which runs one seed, end when the process ends that has started it, however that happens.
pub fn end_with_parent() {
    #[cfg(target_os = "linux")]
    // Where the system refuses, only a parent that is killed leaves it running.
    let _ = nix::sys::prctl::set_pdeathsig(Signal::SIGKILL);
}
