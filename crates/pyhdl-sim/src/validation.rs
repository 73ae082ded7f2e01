//! Validation: an engine in cycle mode runs a few time steps, then the kernel runs the same ones in event mode, and all
//! signals, variables and waits must be the same.

use pyhdl_diag::Diagnostic;
use pyhdl_ir::{Design, ProcessId};

use crate::cycle::{CycleEngine, CycleExit, Frame, Role, Snapshot};
use crate::interpreter::Fault;
use crate::kernel::Simulation;
use crate::{Host, HostError, HostTask, Outcome, Resumption, SimError, Value, codes};

impl Simulation {
    /// Runs time steps on the engine, each `every` of them again in event mode. Returns how the engine came back and
    /// where it is then.
    pub(crate) fn run_validated(
        &mut self,
        engine: &mut dyn CycleEngine,
        roles: &[Role],
        every: u64,
        host: &mut dyn Host,
        until: Option<u64>,
    ) -> Result<(CycleExit, Snapshot), Fault> {
        let mut shadow = Simulation::new(self.design.clone());
        let start = self.snapshot();
        shadow.store.restore(self.design.signals.indices().zip(self.store.all(self.design.signals.len())));
        shadow.resume_from(&start, &mut Silent(host))?;
        engine.enter(&start, &self.store);
        loop {
            // The next stop lies behind the next event, or nothing would ever happen.
            let next = shadow.calendar.next_time().unwrap_or(u64::MAX);
            let wanted = next.max(shadow.time.saturating_add(every - 1));
            let stop = until.map_or(wanted, |until| until.min(wanted));
            let exit = engine.run(host, Some(stop), None);
            let mut snapshot = engine.leave(&self.store);
            self.settle_stale(&snapshot, host)?;
            let expected = shadow.run(&mut Silent(host), Some(stop - shadow.time).filter(|d| *d > 0));
            self.compare_ends(&exit, &expected)?;
            if matches!(exit, CycleExit::Reached) {
                snapshot.stale.clear();
                self.compare(&snapshot, &shadow, roles)?;
            }
            let over = until.is_some_and(|until| stop >= until);
            let nothing_left = shadow.calendar.next_time().is_none();
            if !matches!(exit, CycleExit::Reached) || over || nothing_left {
                return Ok((exit, snapshot));
            }
        }
    }

    fn compare_ends(&self, exit: &CycleExit, expected: &Result<Outcome, SimError>) -> Result<(), Fault> {
        let same = match (exit, expected) {
            (CycleExit::Reached, Ok(Outcome::Suspended | Outcome::NoMoreEvents)) => true,
            (CycleExit::Stopped(_), Ok(Outcome::Stopped)) => true,
            // An error of the host's, in printing, is not the engine's.
            (CycleExit::Failed(SimError::Host(_)), _) => true,
            (CycleExit::Failed(a), Err(b)) => a.to_string() == b.to_string(),
            _ => false,
        };
        match same {
            true => Ok(()),
            false => Err(differs(&format!("the run ends with {exit:?}, in event mode with {expected:?}"))),
        }
    }

    fn compare(&self, snapshot: &Snapshot, shadow: &Simulation, roles: &[Role]) -> Result<(), Fault> {
        let design: &Design = &self.design;
        let time = snapshot.time;
        let count = design.signals.len();
        let (ours, theirs) = (self.store.all(count), shadow.store.all(count));
        for (id, (a, b)) in design.signals.indices().zip(ours.iter().zip(&theirs)) {
            if a != b {
                let name = design.signal_path(id);
                return Err(differs(&format!("at time {time} signal `{name}` is {a}, in event mode {b}")));
            }
        }
        let expected = shadow.snapshot();
        for (id, frame) in snapshot.frames.iter_enumerated() {
            let other = &expected.frames[id];
            if roles[id.index()] == Role::Waits && !is_same(frame, other) {
                let name = name_of(design, id);
                return Err(differs(&format!(
                    "at time {time} process `{name}` waits as {frame:?}, in event mode as {other:?}"
                )));
            }
        }
        Ok(())
    }
}

fn name_of(design: &Design, id: ProcessId) -> String {
    let process = &design.processes[id];
    format!("{}.{}", design.path(process.scope), process.name)
}

/// Variables that one side does not keep between activations are not compared.
fn is_same(a: &Frame, b: &Frame) -> bool {
    let slots = a.slots.iter().zip(&b.slots);
    let differ = |(a, b): (&Option<Value>, &Option<Value>)| matches!((a, b), (Some(a), Some(b)) if a != b);
    a.wait == b.wait && a.wake == b.wake && !slots.into_iter().any(differ)
}

fn differs(what: &str) -> Fault {
    Diagnostic::error(codes::ENGINES_DIFFER, format!("compiled code differs from event mode: {what}"))
        .help("please report it, with the design that shows it; `--engine event` does not compile")
        .into()
}

/// A world in which what is printed has been printed already.
struct Silent<'h>(&'h mut dyn Host);

impl Host for Silent<'_> {
    fn resume(&mut self, _task: HostTask) -> Result<Resumption, HostError> {
        Ok(Resumption::Finished)
    }

    fn call(&mut self, _process: ProcessId) -> Result<(), HostError> {
        Ok(())
    }

    fn commit(&mut self, _signal: pyhdl_ir::SignalId) -> Result<bool, HostError> {
        Ok(false)
    }

    fn print(&mut self, _text: &str) -> Result<(), HostError> {
        Ok(())
    }

    fn interrupted(&mut self, time: u64) -> Result<(), HostError> {
        self.0.interrupted(time)
    }

    fn outcome_of(&self, error: &HostError) -> Option<Outcome> {
        self.0.outcome_of(error)
    }
}
