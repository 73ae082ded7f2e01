//! How a run moves from the kernel to an engine in cycle mode and back, always between two time steps.

use std::mem;
use std::time::Instant;

use oxc_index::IndexVec;
use pyhdl_ir::{ProcessId, Range, SignalId};

use crate::cycle::{CycleEngine, CycleExit, Frame, Plan, PlanOptions, Role, Snapshot};
use crate::interpreter::Fault;
use crate::kernel::Simulation;
use crate::program::{Op, Position, SiteTrigger};
use crate::waiting::{Activities, Calendar, WaiterLists, Work};
use crate::watching::Watching;
use crate::{Host, SimError};

/// Makes an engine of a plan, or says in a few words what the design contains that it cannot do. The second argument
/// says whether all values are watched.
pub type Compile = Box<dyn FnOnce(Plan, bool) -> Result<Box<dyn CycleEngine>, String> + Send>;

/// When and how a simulation goes on in cycle mode.
pub struct Cycling {
    /// After so many activations of processes in event mode.
    pub after: u64,
    pub options: PlanOptions,
    pub compile: Compile,
    /// Every so many units of time everything is compared with event mode.
    pub validate: Option<u64>,
}

/// Whether the simulation uses cycle mode.
pub(crate) enum Cycles {
    Off,
    Later(Cycling),
    Ready(Ready),
    /// It never will, for this reason.
    Never(String),
}

/// An engine that can take over.
pub(crate) struct Ready {
    /// Not before this number of activations.
    from: u64,
    engine: Box<dyn CycleEngine>,
    roles: Vec<Role>,
    validate: Option<u64>,
    /// Made for observers.
    watched: bool,
    /// Ranges that it relies on.
    relied: Vec<(SignalId, Range)>,
}

/// How a simulation has been running.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Event mode, because nothing else was asked for or because it did not last long enough.
    Event,
    /// Cycle mode, after so many activations in event mode.
    Cycle { after: u64 },
    /// Event mode, for this reason.
    OnlyEvent(String),
}

impl Simulation {
    /// Goes on in cycle mode after a while, if the design has a plan that can be compiled.
    pub fn cycle(&mut self, cycling: Cycling) {
        self.cycles = Cycles::Later(cycling);
    }

    /// Number of processes of the design.
    pub fn processes(&self) -> usize {
        self.design.processes.len()
    }

    pub fn mode(&self) -> Mode {
        match &self.cycles {
            Cycles::Off | Cycles::Later(..) => Mode::Event,
            Cycles::Ready(..) => Mode::Cycle { after: self.activations },
            Cycles::Never(reason) => Mode::OnlyEvent(reason.clone()),
        }
    }

    /// Runs time steps in cycle mode, as far as that is possible.
    pub(crate) fn run_cycles(&mut self, host: &mut dyn Host, until: Option<u64>) -> Result<(), Fault> {
        let from = match &self.cycles {
            Cycles::Off | Cycles::Never(_) => return Ok(()),
            Cycles::Later(cycling) => cycling.after,
            Cycles::Ready(ready) => ready.from,
        };
        let next = self.calendar.next_time();
        let nothing = next.is_none_or(|next| until.is_some_and(|until| next > until || self.time >= until));
        if self.activations < from || nothing {
            return Ok(());
        }
        let mut ready = match mem::replace(&mut self.cycles, Cycles::Off) {
            Cycles::Ready(ready) => ready,
            Cycles::Later(cycling) => match self.ready(host, cycling) {
                Ok(ready) => ready,
                Err(reason) => {
                    self.cycles = Cycles::Never(reason);
                    return Ok(());
                }
            },
            other => {
                self.cycles = other;
                return Ok(());
            }
        };
        if !self.observers.is_empty() && !ready.watched {
            self.cycles = Cycles::Never("somebody began to watch later".to_owned());
            return Ok(());
        }
        let outside =
            |(signal, range): &(SignalId, Range)| !range.contains(&self.store.get(*signal).to_bigint());
        if ready.relied.iter().any(outside) {
            self.cycles = Cycles::Never("a signal was set to a value that no process gives it".to_owned());
            return Ok(());
        }
        let start = self.time;
        self.close_step(true);
        let (exit, snapshot) = match ready.validate {
            Some(every) => self.run_validated(&mut *ready.engine, &ready.roles, every, host, until)?,
            None => {
                ready.engine.enter(&self.snapshot(), &self.store);
                let exit = self.run_watched(&mut *ready.engine, host, until);
                (exit, ready.engine.leave(&self.store))
            }
        };
        // To change costs time: not again at once, where runs are short.
        let pause = 4 * (self.design.signals.len() + self.design.processes.len()) as u64;
        ready.from = if snapshot.time - start < pause { self.activations + pause } else { self.activations };
        self.cycles = Cycles::Ready(ready);
        self.resume_from(&snapshot, host)?;
        self.open = !matches!(exit, CycleExit::Reached);
        match exit {
            CycleExit::Reached => Ok(()),
            CycleExit::Stopped(message) => Err(Fault::Stop(message)),
            CycleExit::Failed(error) => Err(Fault::Error(Box::new(error))),
        }
    }

    /// Runs time steps on the engine; the observers hear of each of them when it is over.
    fn run_watched(
        &mut self,
        engine: &mut dyn CycleEngine,
        host: &mut dyn Host,
        until: Option<u64>,
    ) -> CycleExit {
        if self.observers.is_empty() {
            return engine.run(host, until, None);
        }
        let mut watching = Watching::new(&mut self.observers, &self.store, &self.design, engine);
        engine.run(host, until, Some(&mut watching))
    }

    fn ready(&self, host: &dyn Host, cycling: Cycling) -> Result<Ready, String> {
        if !host.is_alone() {
            return Err("another simulation exchanges values with this one".to_owned());
        }
        if self.store.lock().has_delayed() {
            return Err("a signal has a delay".to_owned());
        }
        let start = Instant::now();
        let plan = Plan::new(self.design.clone(), &cycling.options);
        host.planned(start.elapsed());
        let plan = plan.map_err(|e| e.text(&self.design))?;
        let roles = plan.roles.raw.clone();
        let relied = plan.relied.clone();
        let watched = !self.observers.is_empty();
        let engine = (cycling.compile)(plan, watched)?;
        Ok(Ready { from: 0, engine, roles, validate: cycling.validate, watched, relied })
    }

    /// What the kernel knows between two time steps.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let processes = self.design.processes.indices();
        let mut frames: IndexVec<ProcessId, Frame> = processes
            .map(|id| Frame { slots: self.interpreter.slots_of(id).to_vec(), ..Frame::default() })
            .collect();
        for activity in self.activities.living() {
            if let Work::Process(id) = activity.work {
                frames[id].wait = self.interpreter.wait_of(id);
                frames[id].since = activity.since;
            }
        }
        for (activity, time) in self.calendar.wakes(&self.activities) {
            if let Work::Process(id) = activity.work {
                let wake = &mut frames[id].wake;
                *wake = Some(wake.map_or(time, |before| before.min(time)));
            }
        }
        Snapshot { time: self.time, frames, stale: Vec::new() }
    }

    /// Goes on where an engine has left: everybody waits again for what he waited for there.
    pub(crate) fn resume_from(&mut self, snapshot: &Snapshot, host: &mut dyn Host) -> Result<(), Fault> {
        self.time = snapshot.time;
        self.store.lock().time = snapshot.time;
        self.settle_stale(snapshot, host)?;
        let behind = self.positions_behind_waits();
        self.runnable.clear();
        self.activities = Activities::default();
        self.waiters = WaiterLists::new(self.design.signals.len());
        self.calendar = Calendar::default();
        let mut waiting: Vec<(u64, ProcessId, u32)> = Vec::new();
        for (id, frame) in snapshot.frames.iter_enumerated() {
            if let Some(wait) = frame.wait {
                let site = self.interpreter.program().processes[id].first_site + wait;
                self.interpreter.place(id, behind[site as usize], &frame.slots);
                waiting.push((frame.since, id, site));
            }
        }
        waiting.sort_unstable();
        for (since, id, site) in waiting {
            let token = self.activities.start(Work::Process(id), None);
            self.activities.get_mut(token).since = since;
            self.waits = self.waits.max(since);
            for trigger in &self.interpreter.program().sites[site as usize].triggers {
                match trigger {
                    SiteTrigger::Change(signal) => self.waiters.on_change(*signal, token, &self.activities),
                    SiteTrigger::Rising(signal) => self.waiters.on_rising(*signal, token, &self.activities),
                    SiteTrigger::Falling(signal) => self.waiters.on_falling(*signal, token, &self.activities),
                    SiteTrigger::Delay(_) => {
                        if let Some(wake) = snapshot.frames[id].wake {
                            self.calendar.add(wake, token);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Computes the values that an engine did not keep.
    pub(crate) fn settle_stale(&mut self, snapshot: &Snapshot, host: &mut dyn Host) -> Result<(), Fault> {
        for process in &snapshot.stale {
            self.interpreter.run(*process, &self.store, host)?;
            let mut state = self.store.lock();
            let mut batch = Vec::new();
            state.take_pending(&mut batch);
            for signal in batch {
                state.commit(signal);
            }
        }
        Ok(())
    }

    fn positions_behind_waits(&self) -> Vec<Position> {
        let program = self.interpreter.program();
        let mut behind = vec![0; program.sites.len()];
        for (at, op) in program.ops.iter().enumerate() {
            if let Op::Wait(site) = op {
                behind[*site as usize] = at as Position + 1;
            }
        }
        behind
    }
}

impl From<SimError> for Fault {
    fn from(error: SimError) -> Self {
        Fault::Error(Box::new(error))
    }
}
