//! [`Pool`]: some processes at a time, until all tasks are done or somebody wants an end.

use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, Instant};

use pyhdl_diag::Diagnostic;
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::worker::{Launcher, Run, Task, Worker};
use crate::codes;

/// How long a process that is asked to end may take for that.
const GRACE: Duration = Duration::from_secs(2);

/// How often one looks whether it has.
const POLL: Duration = Duration::from_millis(10);

/// Why a pool runs nothing any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// All tasks are done.
    Done,
    /// Whoever gets the runs wants no more.
    Enough,
    /// Ctrl-C, or another signal that ends programs.
    Signal(i32),
}

/// Processes that run; none of them is left when this is dropped.
pub struct Pool<'a> {
    launcher: Launcher<'a>,
    at_once: usize,
    signals: Signals,
    running: Vec<Worker>,
}

impl<'a> Pool<'a> {
    /// From now on Ctrl-C does not end this program by itself.
    pub fn new(launcher: Launcher<'a>, at_once: usize) -> Result<Pool<'a>, Box<Diagnostic>> {
        let signals = Signals::new([SIGCHLD, SIGINT, SIGTERM, SIGHUP]).map_err(|e| problem(&e))?;
        Ok(Pool { launcher, at_once, signals, running: Vec::new() })
    }

    /// Runs all tasks; `each` gets every run when it has ended.
    pub fn run(
        &mut self,
        tasks: impl IntoIterator<Item = Task>,
        each: &mut dyn FnMut(Run) -> ControlFlow<()>,
    ) -> Result<End, Box<Diagnostic>> {
        let mut tasks = tasks.into_iter();
        loop {
            while self.running.len() < self.at_once
                && let Some(task) = tasks.next()
            {
                self.running.push(self.launcher.start(&task).map_err(|e| problem(&e))?);
            }
            if self.running.is_empty() {
                return Ok(End::Done);
            }
            if let Some(signal) = self.signals.wait().find(|signal| *signal != SIGCHLD) {
                self.stop();
                return Ok(End::Signal(signal));
            }
            let mut at = 0;
            while at < self.running.len() {
                let Some(run) = self.running[at].ended().map_err(|e| problem(&e))? else {
                    at += 1;
                    continue;
                };
                self.running.remove(at);
                if each(run).is_break() {
                    self.stop();
                    return Ok(End::Enough);
                }
            }
        }
    }

    /// Ends what still runs: with SIGTERM, and with SIGKILL what takes too long. A second Ctrl-C waits no longer.
    fn stop(&mut self) {
        self.running.iter().for_each(Worker::terminate);
        let until = Instant::now() + GRACE;
        while Instant::now() < until && self.signals.pending().all(|signal| signal == SIGCHLD) {
            // What has ended may have left something of what it started.
            self.running.retain_mut(|worker| {
                let ended = !matches!(worker.ended(), Ok(None));
                if ended {
                    worker.kill();
                }
                !ended
            });
            if self.running.is_empty() {
                return;
            }
            thread::sleep(POLL);
        }
        self.running.drain(..).for_each(|mut worker| worker.kill());
    }
}

impl Drop for Pool<'_> {
    fn drop(&mut self) {
        self.stop();
    }
}

pub fn problem(error: &std::io::Error) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(codes::WORKER, format!("a process for a seed cannot be run: {error}"))
            .help("run fewer at a time with --jobs, or make room for temporary files"),
    )
}
