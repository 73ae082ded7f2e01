//! How a run moves from the kernel to an engine in cycle mode and back, always between two time steps.

use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;
use std::time::Instant;

use oxc_index::IndexVec;
use pyhdl_ir::{ProcessId, Range, SignalId, StorageType};

use crate::cycle::{
    CycleEngine, CycleExit, Frame, Guests, Plan, PlanOptions, Role, Snapshot, Terms, Watcher, guests,
};
use crate::interpreter::Fault;
use crate::kernel::Simulation;
use crate::noted::Noted;
use crate::program::{Op, Position, SiteTrigger};
use crate::serving::{Log, Serving};
use crate::validation::name_of;
use crate::waiting::{Activities, Calendar, WaiterLists, Work};
use crate::watching::Watching;
use crate::{Host, SimError};

/// Makes an engine of a plan. The second argument says whether all values are watched.
pub type Compile = Box<dyn FnMut(Plan, bool) -> Result<Box<dyn CycleEngine>, Uncompiled> + Send>;

/// Why there is no engine for a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Uncompiled {
    /// What the design contains, in a few words.
    pub reason: String,
    /// The process that contains it, without which there might be one.
    pub process: Option<ProcessId>,
}

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
    /// After so many activations.
    Later(Cycling, u64),
    Ready(Ready),
    /// It never will, for this reason.
    Never(String),
}

/// An engine that can take over.
pub(crate) struct Ready {
    /// Not before this number of activations.
    from: u64,
    pub engine: Box<dyn CycleEngine>,
    pub roles: Vec<Role>,
    /// Made for observers.
    watched: bool,
    /// Ranges that it relies on.
    relied: Vec<(SignalId, Range)>,
    /// What it expects of guests.
    pub terms: Option<Arc<Terms>>,
    /// How often guests did what it did not expect.
    left: u64,
    cycling: Cycling,
}

/// Where a run in cycle mode came back to the kernel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Left {
    BetweenSteps,
    WithinStep,
}

/// How an engine came back, where it is then, and what guests have driven in the step under way, and how that failed.
pub(crate) type Back = (CycleExit, Snapshot, (Log, Option<Fault>));

/// Activations after which guests have shown what they do, at least: so many, and so many for each process.
const ACQUAINTANCE: (u64, u64) = (200, 4);

/// Plans that one run may make anew because guests do something new.
const PLANS: u64 = 12;

/// How a simulation has been running.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Event mode, because nothing else was asked for or because it did not last long enough.
    Event,
    /// Cycle mode, after so many activations in event mode: in machine code, or in the interpreter.
    Cycle {
        after: u64,
        compiled: bool,
        /// Processes that the engine cannot run, with the reasons.
        beside: Vec<(String, String)>,
    },
    /// Event mode, for this reason.
    OnlyEvent(String),
}

impl Simulation {
    /// Goes on in cycle mode after a while, if the design has a plan that can be compiled.
    pub fn cycle(&mut self, cycling: Cycling) {
        let mut after = cycling.after;
        if self.note_guests() {
            after = after.max(self.acquaintance(cycling.validate));
        }
        self.cycles = Cycles::Later(cycling, after);
    }

    /// Notes from now on what guests do; false where there are none.
    fn note_guests(&mut self) -> bool {
        let guests = guests(&self.design, &self.left_out.keys().copied().collect());
        if guests.is_empty() {
            return false;
        }
        let mut guest: IndexVec<ProcessId, bool> = self.design.processes.iter().map(|_| false).collect();
        guests.into_iter().for_each(|id| guest[id] = true);
        match &mut self.noted {
            Some(noted) => noted.guest = guest,
            None => self.noted = Some(Box::new(Noted::new(guest))),
        }
        true
    }

    /// The process is a guest from now on, because there is no code for it, and so is the same process of other
    /// instances.
    fn leave_out(&mut self, process: ProcessId, reason: &str) {
        let span = self.design.processes[process].span;
        let same = self.design.processes.iter_enumerated().filter(|(_, other)| other.span == span);
        self.left_out.extend(same.map(|(id, _)| (id, reason.to_owned())));
        self.note_guests();
    }

    /// Activations that guests are watched for. Validation has as much of a run as it can get.
    fn acquaintance(&self, validate: Option<u64>) -> u64 {
        let usual = ACQUAINTANCE.0 + ACQUAINTANCE.1 * self.processes() as u64;
        if validate.is_some() { usual / 8 } else { usual }
    }

    /// Number of processes of the design.
    pub fn processes(&self) -> usize {
        self.design.processes.len()
    }

    pub fn mode(&self) -> Mode {
        match (&self.cycles, self.compiled) {
            (Cycles::Never(reason), _) => Mode::OnlyEvent(reason.clone()),
            (_, None) => Mode::Event,
            (_, Some(compiled)) => {
                let of = |(id, reason): (&ProcessId, &String)| (name_of(&self.design, *id), reason.clone());
                let beside = self.left_out.iter().map(of).collect();
                Mode::Cycle { after: self.activations, compiled, beside }
            }
        }
    }

    /// Runs time steps in cycle mode, as far as that is possible.
    pub(crate) fn run_cycles(&mut self, host: &mut dyn Host, until: Option<u64>) -> Result<Left, Fault> {
        let from = match &self.cycles {
            Cycles::Off | Cycles::Never(_) => {
                self.noted = None;
                return Ok(Left::BetweenSteps);
            }
            Cycles::Later(_, from) => *from,
            Cycles::Ready(ready) => ready.from,
        };
        let next = self.calendar.next_time();
        let nothing = next.is_none_or(|next| until.is_some_and(|until| next > until || self.time >= until));
        // Another round of the same step is not for an engine.
        if self.activations < from || nothing || next == Some(self.time) {
            return Ok(Left::BetweenSteps);
        }
        let mut ready = match mem::replace(&mut self.cycles, Cycles::Off) {
            Cycles::Ready(ready) => ready,
            Cycles::Later(cycling, _) => match self.ready(host, cycling) {
                Ok(Some(ready)) => ready,
                // Another plan comes later.
                Ok(None) => return Ok(Left::BetweenSteps),
                Err(reason) => return Ok(self.never(reason)),
            },
            other => {
                self.cycles = other;
                return Ok(Left::BetweenSteps);
            }
        };
        if !self.observers.is_empty() && !ready.watched {
            return Ok(self.never("somebody began to watch later"));
        }
        let outside =
            |(signal, range): &(SignalId, Range)| !range.contains(&self.store.get(*signal).to_bigint());
        if ready.relied.iter().any(outside) {
            if ready.terms.is_some() && self.plans < PLANS {
                self.plan_again(ready.cycling);
                return Ok(Left::BetweenSteps);
            }
            return Ok(self.never("a signal was set to a value that no process gives it"));
        }
        self.close_step(true);
        let start = self.time;
        let (exit, snapshot, log) = self.run_engine(&mut ready, host, until)?;
        // To change costs time: not again at once, where runs are short.
        let pause = 4 * (self.design.signals.len() + self.design.processes.len()) as u64;
        ready.from = if snapshot.time - start < pause { self.activations + pause } else { self.activations };
        self.open = !matches!(exit, CycleExit::Reached);
        if let CycleExit::Left = exit {
            ready.left += 1;
            let grown = self.noted.as_mut().is_some_and(|noted| mem::take(&mut noted.grown));
            if !grown {
                // What has happened may happen again: less and less often.
                ready.from = self.activations + (pause << ready.left.min(16));
                self.cycles = Cycles::Ready(ready);
            } else if self.plans < PLANS {
                self.plan_again(ready.cycling);
            } else {
                self.never("processes in Python go on doing something new");
            }
            let (log, fault) = log;
            self.repeat_step(&snapshot, log, host)?;
            return fault.map_or(Ok(Left::WithinStep), Err);
        }
        self.cycles = Cycles::Ready(ready);
        self.go_on_from(&snapshot, host)?;
        match exit {
            CycleExit::Reached | CycleExit::Left => Ok(Left::BetweenSteps),
            CycleExit::Stopped(message) => Err(Fault::Stop(message)),
            CycleExit::Failed(error) => Err(Fault::Error(Box::new(error))),
        }
    }

    /// No cycle mode for the rest of the run.
    fn never(&mut self, reason: impl Into<String>) -> Left {
        self.cycles = Cycles::Never(reason.into());
        Left::BetweenSteps
    }

    /// Makes another plan when guests have shown more.
    fn plan_again(&mut self, cycling: Cycling) {
        let first = cycling.after.max(self.acquaintance(cycling.validate));
        self.cycles = Cycles::Later(cycling, self.activations + (first << self.plans.min(16)));
    }

    /// Runs the engine until it comes back. What guests have driven in the step under way is in the log.
    fn run_engine(
        &mut self,
        ready: &mut Ready,
        host: &mut dyn Host,
        until: Option<u64>,
    ) -> Result<Back, Fault> {
        let mut snapshot = self.snapshot();
        if let Some(terms) = &ready.terms {
            self.activities.end(|id| !terms.is_guest(id));
            for (_, frame) in snapshot.frames.iter_mut_enumerated().filter(|(id, _)| terms.is_guest(*id)) {
                frame.wait = None;
            }
        }
        if let Some(every) = ready.cycling.validate {
            let exit = self.run_validated(ready, &snapshot, every, host, until)?;
            self.store.lock().lend(None);
            return Ok(exit);
        }
        ready.engine.enter(&snapshot, &self.store);
        let (exit, log) = self.run_watched(&mut *ready.engine, ready.terms.clone(), host, until);
        let left = ready.engine.leave(&self.store);
        self.store.lock().lend(None);
        Ok((exit, left, log))
    }

    /// Runs time steps on the engine; the observers hear of each of them when it is over.
    fn run_watched(
        &mut self,
        engine: &mut dyn CycleEngine,
        terms: Option<Arc<Terms>>,
        host: &mut dyn Host,
        until: Option<u64>,
    ) -> (CycleExit, (Log, Option<Fault>)) {
        let mut observers = mem::take(&mut self.observers);
        let (store, design) = (self.store.clone(), self.design.clone());
        // Only guests change objects.
        let opaque = |id: &SignalId| design.signals[*id].ty == StorageType::Opaque;
        let objects: Vec<SignalId> = match &terms {
            Some(_) => design.signals.indices().filter(opaque).collect(),
            None => Vec::new(),
        };
        let mut watching =
            (!observers.is_empty()).then(|| Watching::new(&mut observers, &store, &design, engine, &objects));
        let watched = watching.is_some();
        let mut serving = terms.map(|terms| Serving::new(self, terms, watched));
        let guests = serving.as_mut().map(|serving| serving as &mut dyn Guests);
        let exit = engine.run(host, until, guests, watching.as_mut().map(|w| w as &mut dyn Watcher));
        let log = serving.map(Serving::end).map(|(log, fault, _)| (log, fault)).unwrap_or_default();
        drop(watching);
        self.observers = observers;
        (exit, log)
    }

    /// Makes an engine; `None` if that has to be tried again with another process among the guests.
    fn ready(&mut self, host: &dyn Host, mut cycling: Cycling) -> Result<Option<Ready>, String> {
        if !host.is_alone() {
            return Err("another simulation exchanges values with this one".to_owned());
        }
        if self.store.lock().has_delayed() {
            return Err("a signal has a delay".to_owned());
        }
        let start = Instant::now();
        self.plans += 1;
        let habits = self.noted.as_mut().map(|noted| {
            noted.grown = false;
            &noted.habits
        });
        let also: BTreeSet<ProcessId> = self.left_out.keys().copied().collect();
        let plan = Plan::new(self.design.clone(), &cycling.options, habits, &also);
        host.planned(start.elapsed());
        let plan = plan.map_err(|e| match self.left_out.values().next() {
            // What could not be compiled in the first place.
            Some(reason) => reason.clone(),
            None => e.text(&self.design),
        })?;
        let roles = plan.roles.raw.clone();
        let relied = plan.relied.clone();
        let terms = plan.terms.clone().map(Arc::new);
        let watched = !self.observers.is_empty();
        let engine = match (cycling.compile)(plan, watched) {
            Ok(engine) => engine,
            Err(Uncompiled { reason, process: Some(process) })
                if self.plans < PLANS && !self.left_out.contains_key(&process) =>
            {
                self.leave_out(process, &reason);
                let from = self.activations + self.acquaintance(cycling.validate);
                self.cycles = Cycles::Later(cycling, from);
                return Ok(None);
            }
            Err(uncompiled) => return Err(uncompiled.reason),
        };
        self.compiled = Some(engine.is_compiled());
        Ok(Some(Ready { from: 0, engine, roles, watched, relied, terms, left: 0, cycling }))
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

    /// Goes on between two time steps where an engine has left. Guests wait where they have been waiting.
    fn go_on_from(&mut self, snapshot: &Snapshot, host: &mut dyn Host) -> Result<(), Fault> {
        let waiters = mem::take(&mut self.waiters);
        let calendar = mem::take(&mut self.calendar);
        self.resume_from(snapshot, host)?;
        if self.noted.is_some() {
            self.waiters.append(waiters, &self.activities);
            self.calendar.append(calendar, &self.activities);
        }
        Ok(())
    }

    /// All that an engine has run wait again for what they waited for there; nobody else does.
    pub(crate) fn resume_from(&mut self, snapshot: &Snapshot, host: &mut dyn Host) -> Result<(), Fault> {
        self.time = snapshot.time;
        self.store.lock().time = snapshot.time;
        self.settle_stale(snapshot, host)?;
        self.wait_as(snapshot);
        Ok(())
    }

    /// All wait for what they wait for in a snapshot.
    pub(crate) fn wait_as(&mut self, snapshot: &Snapshot) {
        let behind = self.positions_behind_waits();
        self.runnable.clear();
        if self.noted.is_none() {
            self.activities = Activities::default();
        }
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
