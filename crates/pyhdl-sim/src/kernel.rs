//! [`Simulation`]: time, delta cycles, and the order in which processes run, which is MyHDL's.
//!
//! One delta: the pending signals get their next values in the order in which they were scheduled; those who wait for
//! a change are listed in the order of the signals and of their registration; the list is run from its end. When
//! nothing is pending, time moves to the next event, and all events of that time are run from the end of their list.

use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;

use parking_lot::MutexGuard;
use pyhdl_diag::Diagnostic;
use pyhdl_ir::{Design, Item, ProcessId, ProcessKind, SignalId};

use crate::flat::flatten;
use crate::handover::{Cycles, Left};
use crate::interpreter::{Exit, Fault, Interpreter};
use crate::messages::time_overflow;
use crate::noted::Noted;
use crate::program::SiteTrigger;
use crate::settling::Culprits;
use crate::store::{State, Update};
use crate::waiting::{Activities, Calendar, Token, WaiterLists, Work};
use crate::{
    Host, HostError, HostTask, Observer, Outcome, Resumption, SimError, Store, Wait, codes, profile,
};

/// The host is asked for interruption once in so many activations.
const POLL: u64 = 1 << 13;

/// Activations of one delta cycle after which a simulation counts as not settling: so many, and so many for each
/// process.
const ACTIVATIONS: (u64, u64) = (1_000_000, 16);

/// Limits of a simulation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// Delta cycles at one time after which the design counts as not settling.
    pub delta_limit: u64,
    /// Loop iterations of one activation without a wait after which a process counts as never yielding.
    pub loop_limit: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options { delta_limit: 1_000_000, loop_limit: 50_000_000 }
    }
}

/// One run of a design.
pub struct Simulation {
    pub(crate) design: Arc<Design>,
    options: Options,
    pub(crate) store: Store,
    pub(crate) observers: Vec<Box<dyn Observer + Send>>,
    pub(crate) interpreter: Interpreter,
    pub(crate) activities: Activities,
    pub(crate) waiters: WaiterLists,
    pub(crate) calendar: Calendar,
    /// Who runs next: the last one first.
    pub(crate) runnable: Vec<Token>,
    /// The signals of the update that is under way.
    batch: Vec<SignalId>,
    changed: Vec<SignalId>,
    pub(crate) time: u64,
    /// Deltas of this time step in which a signal changed.
    delta: u64,
    /// Rounds of this time step, also those without any change.
    pub(crate) rounds: u64,
    pub(crate) activations: u64,
    /// Waits that were begun.
    pub(crate) waits: u64,
    /// Who keeps the design going, watched in the last rounds before the limit.
    culprits: Option<Culprits>,
    /// Something ran since the observers last heard of the end of a step.
    pub(crate) open: bool,
    ended: Option<Outcome>,
    stop_message: String,
    pub(crate) cycles: Cycles,
    /// Plans that were made.
    pub(crate) plans: u64,
    /// Processes that an engine cannot run and that the kernel runs beside it, with the reasons.
    pub(crate) left_out: BTreeMap<ProcessId, String>,
    /// Whether the last engine has machine code, if there was one.
    pub(crate) compiled: Option<bool>,
    /// What is noted of guests, where there are any and cycle mode may come.
    pub(crate) noted: Option<Box<Noted>>,
}

impl Simulation {
    /// At time 0, initial values, nothing run yet.
    pub fn new(design: Arc<Design>) -> Simulation {
        Self::with_options(design, Options::default())
    }

    pub fn with_options(design: Arc<Design>, options: Options) -> Simulation {
        let interpreter = Interpreter::new(flatten(&design), options.loop_limit);
        let mut activities = Activities::default();
        let runnable = start_order(&design)
            .into_iter()
            .map(|process| {
                let work = match interpreter.program().processes[process].foreign_thread {
                    true => Work::Task(HostTask(process.index() as u32)),
                    false => Work::Process(process),
                };
                activities.start(work, None)
            })
            .collect();
        Simulation {
            store: Store::new(&design),
            waiters: WaiterLists::new(design.signals.len()),
            design,
            options,
            observers: Vec::new(),
            interpreter,
            activities,
            calendar: Calendar::default(),
            runnable,
            batch: Vec::new(),
            changed: Vec::new(),
            time: 0,
            delta: 0,
            rounds: 0,
            activations: 0,
            waits: 0,
            culprits: None,
            open: true,
            ended: None,
            stop_message: String::new(),
            cycles: Cycles::Off,
            plans: 0,
            left_out: BTreeMap::new(),
            compiled: None,
            noted: None,
        }
    }

    /// The text of the exception that has ended or suspended the run.
    pub fn stop_message(&self) -> &str {
        &self.stop_message
    }

    pub fn store(&self) -> Store {
        self.store.clone()
    }

    /// Adds someone who watches; called in the order of adding.
    pub fn observe(&mut self, observer: Box<dyn Observer + Send>) {
        self.observers.push(observer);
    }

    /// Runs for a number of time steps, or with `None` or 0 until nothing is left. Events at the end of the duration
    /// still happen, except those that a `delay(0)` puts there. A suspended run can be resumed; one that ended
    /// otherwise only repeats how it ended.
    pub fn run(&mut self, host: &mut dyn Host, duration: Option<u64>) -> Result<Outcome, SimError> {
        if let Some(outcome) = self.ended {
            return Ok(outcome);
        }
        self.stop_message.clear();
        let until = duration.filter(|d| *d > 0).map(|d| self.time.saturating_add(d));
        profile::enter(profile::BETWEEN);
        let driven = self.drive(host, until);
        profile::enter(profile::OUTSIDE);
        let result = match driven {
            Ok(outcome) => Ok(outcome),
            Err(Fault::Stop(message)) => {
                self.stop_message = message;
                Ok(Outcome::Stopped)
            }
            Err(Fault::Error(error)) => match *error {
                SimError::Host(error) => match host.outcome_of(&error) {
                    Some(outcome) => {
                        self.stop_message = error.to_string();
                        if outcome == Outcome::Suspended {
                            // In the middle of a time step, which the next run goes on with.
                            return Ok(outcome);
                        }
                        Ok(outcome)
                    }
                    None => Err(SimError::Host(error)),
                },
                error => Err(error),
            },
        };
        if matches!(result, Err(SimError::Deferred(_))) {
            return result;
        }
        self.close_step(matches!(result, Ok(Outcome::Suspended | Outcome::NoMoreEvents)));
        if !matches!(result, Ok(Outcome::Suspended)) {
            self.ended = Some(result.as_ref().copied().unwrap_or(Outcome::Stopped));
        }
        result
    }

    fn drive(&mut self, host: &mut dyn Host, until: Option<u64>) -> Result<Outcome, Fault> {
        loop {
            self.settle(host)?;
            if let Some(error) = host.deferred() {
                return Err(Fault::Error(Box::new(SimError::Deferred(error))));
            }
            if !matches!(self.cycles, Cycles::Off) && self.run_cycles(host, until)? == Left::WithinStep {
                continue;
            }
            match (self.calendar.next_time(), until) {
                (None, None) => return Ok(Outcome::NoMoreEvents),
                (None, Some(until)) => {
                    self.advance(until);
                    return Ok(Outcome::NoMoreEvents);
                }
                (Some(next), Some(until)) if next > until || self.time >= until => {
                    self.advance(until);
                    return Ok(Outcome::Suspended);
                }
                (Some(next), _) => {
                    if next == self.time {
                        // A `delay(0)`: another round of the same step.
                        self.changed.clear();
                        self.count_round()?;
                    }
                    self.advance(next);
                    host.advance(next)?;
                    self.calendar.take(next, &mut self.runnable);
                    self.open = true;
                    if self.store.lock().has_delayed() {
                        self.arrive();
                    }
                }
            }
        }
    }

    /// Gives delayed signals the values that arrive now. Who waits for one of them takes its place in the order.
    fn arrive(&mut self) {
        self.changed.clear();
        for token in mem::take(&mut self.runnable) {
            let work = &mut self.activities.get_mut(token).work;
            if !matches!(work, Work::Apply { .. }) {
                self.runnable.push(token);
            } else if let Work::Apply { signal, value, stamp } = mem::replace(work, Work::GroupEnd) {
                self.activities.finish(token);
                let update = self.store.lock().apply(signal, value, stamp);
                if update != Update::Unchanged {
                    self.changed.push(signal);
                    self.waiters.wake(signal, update, &mut self.runnable);
                }
            }
        }
        self.announce();
    }

    /// Tells the observers what has changed.
    fn announce(&mut self) {
        if !self.changed.is_empty() {
            for observer in &mut self.observers {
                observer.delta(self.time, self.delta, &self.changed, &self.store);
            }
            self.delta += 1;
        }
    }

    pub(crate) fn advance(&mut self, to: u64) {
        if to != self.time {
            self.close_step(true);
            self.time = to;
            self.store.lock().time = to;
            (self.delta, self.rounds, self.open) = (0, 0, true);
            self.culprits = None;
        }
    }

    pub(crate) fn close_step(&mut self, settled: bool) {
        if mem::take(&mut self.open) {
            for observer in &mut self.observers {
                observer.end_of_step(self.time, settled, &self.store);
            }
        }
    }

    /// Runs deltas until nothing is pending.
    pub(crate) fn settle(&mut self, host: &mut dyn Host) -> Result<(), Fault> {
        loop {
            self.run_delta(host)?;
            let pending = self.store.lock().has_pending();
            let exchanged = host.exchange(self.time, pending)?;
            if !self.update(host)? && !exchanged {
                return Ok(());
            }
            self.count_round()?;
        }
    }

    /// Runs all that are runnable.
    pub(crate) fn run_delta(&mut self, host: &mut dyn Host) -> Result<(), Fault> {
        let limit = ACTIVATIONS.0 + ACTIVATIONS.1 * self.design.processes.len() as u64;
        let limit = limit.min(self.options.loop_limit);
        let before = self.activations;
        while let Some(token) = self.runnable.pop() {
            if let Some(token) = self.activities.take(token) {
                self.activations += 1;
                if self.activations.is_multiple_of(POLL) {
                    host.interrupted(self.time)?;
                }
                if self.activations - before > limit {
                    return Err(self.never_ends(token));
                }
                if self.noted.is_some() {
                    self.activate_noted(token, host)?;
                } else {
                    self.activate(token, host)?;
                }
            }
        }
        Ok(())
    }

    fn count_round(&mut self) -> Result<(), Fault> {
        self.rounds += 1;
        if self.rounds + Culprits::ROUNDS > self.options.delta_limit {
            let culprits = self.culprits.get_or_insert_default();
            let known = self.changed.iter().filter(|s| s.index() < self.design.signals.len());
            culprits.signals.extend(known);
            if self.rounds > self.options.delta_limit {
                return Err(culprits.diagnostic(&self.design, self.time).into());
            }
        }
        Ok(())
    }

    /// Gives the pending signals their next values and lists who is woken; false where nothing was pending.
    pub(crate) fn update(&mut self, host: &mut dyn Host) -> Result<bool, Fault> {
        let mut state = self.store.lock();
        if !state.has_pending() {
            return Ok(false);
        }
        self.open = true;
        self.batch.clear();
        self.changed.clear();
        state.take_pending(&mut self.batch);
        let delayed = state.has_delayed();
        for &signal in &self.batch {
            if delayed && let Some((value, time, stamp)) = state.postpone(signal) {
                let work = Work::Apply { signal, value, stamp };
                self.calendar.add(time, self.activities.start(work, None));
                continue;
            }
            let update = commit(&mut state, signal, host)?;
            if update != Update::Unchanged {
                self.changed.push(signal);
                let before = self.runnable.len();
                self.waiters.wake(signal, update, &mut self.runnable);
                // Before time begins to pass everyone runs once, without a cause.
                if let Some(noted) = self.noted.as_mut().filter(|_| self.time > 0) {
                    let delta = self.rounds + 1;
                    noted.woken(signal, delta, &self.runnable[before..], &self.activities);
                }
            }
        }
        drop(state);
        self.announce();
        Ok(true)
    }

    /// Runs one activity up to its next wait. `token` is for its next registrations.
    pub(crate) fn activate(&mut self, token: Token, host: &mut dyn Host) -> Result<(), Fault> {
        if let Some(id) = self.activities.root(token) {
            profile::enter(profile::whole(id));
        }
        let result = self.run_activity(token, host);
        profile::enter(profile::BETWEEN);
        result
    }

    fn run_activity(&mut self, token: Token, host: &mut dyn Host) -> Result<(), Fault> {
        match &mut self.activities.get_mut(token).work {
            Work::Process(process) => {
                let process = *process;
                if let Some(culprits) = &mut self.culprits {
                    culprits.processes.insert(process);
                }
                match self.interpreter.run(process, &self.store, host)? {
                    Exit::Wait(site) => self.wait_at(site, token)?,
                    Exit::Finished => self.finish(token),
                }
            }
            Work::Task(task) => {
                let task = *task;
                if let Some(culprits) = &mut self.culprits
                    && (task.0 as usize) < self.design.processes.len()
                {
                    culprits.processes.insert(ProcessId::from_usize(task.0 as usize));
                }
                match host.resume(task)? {
                    Resumption::Wait(wait) => self.wait_for(wait, token)?,
                    Resumption::Finished => self.finish(token),
                }
            }
            work @ Work::Group { .. } => {
                if let Work::Group { waits, all } = mem::replace(work, Work::GroupEnd) {
                    self.wait_for(if all { Wait::All(waits) } else { Wait::Any(waits) }, token)?;
                }
            }
            Work::GroupEnd => self.finish(token),
            Work::Free | Work::Apply { .. } => {}
        }
        Ok(())
    }

    fn finish(&mut self, token: Token) {
        self.runnable.extend(self.activities.finish(token));
    }

    /// Registers a lowered process at the triggers of its wait.
    fn wait_at(&mut self, site: u32, token: Token) -> Result<(), Fault> {
        self.waits += 1;
        self.activities.get_mut(token).since = self.waits;
        let mut delays = self.interpreter.delays.iter();
        for trigger in &self.interpreter.program().sites[site as usize].triggers {
            match trigger {
                SiteTrigger::Change(signal) => self.waiters.on_change(*signal, token, &self.activities),
                SiteTrigger::Rising(signal) => self.waiters.on_rising(*signal, token, &self.activities),
                SiteTrigger::Falling(signal) => self.waiters.on_falling(*signal, token, &self.activities),
                SiteTrigger::Delay(_) => {
                    let steps = delays.next().copied().unwrap_or(0);
                    let time = self.time.checked_add(steps).ok_or_else(|| time_overflow(None))?;
                    self.calendar.add(time, token);
                    if let Some(noted) = &mut self.noted {
                        noted.delay(steps, token, &self.activities);
                    }
                }
            }
        }
        Ok(())
    }

    fn wait_for(&mut self, wait: Wait, token: Token) -> Result<(), Fault> {
        match wait {
            Wait::Any(waits) if waits.is_empty() => self.register(Wait::Now, token),
            Wait::Any(waits) => waits.into_iter().try_for_each(|w| self.register(w, token)),
            Wait::All(waits) => {
                // A join of nothing never fires, as in MyHDL.
                self.activities.get_mut(token).missing = (waits.len() as u32).saturating_sub(1);
                waits.into_iter().try_for_each(|w| self.register(w, token))
            }
            one => self.register(one, token),
        }
    }

    fn register(&mut self, wait: Wait, token: Token) -> Result<(), Fault> {
        if let Some(noted) = &mut self.noted {
            noted.waits(&wait, token, &self.activities);
        }
        match wait {
            Wait::Change(signal) => self.waiters.on_change(signal, token, &self.activities),
            Wait::Rising(signal) => self.waiters.on_rising(signal, token, &self.activities),
            Wait::Falling(signal) => self.waiters.on_falling(signal, token, &self.activities),
            Wait::Delay(steps) => {
                let time = self.time.checked_add(steps).ok_or_else(|| time_overflow(None))?;
                self.calendar.add(time, token);
            }
            Wait::Now => self.runnable.push(token),
            Wait::Fork(task) => {
                let child = self.activities.start(Work::Task(task), Some(token));
                self.runnable.push(child);
            }
            Wait::Any(waits) => {
                let helper = self.activities.start(Work::Group { waits, all: false }, Some(token));
                self.runnable.push(helper);
            }
            Wait::All(waits) => {
                let helper = self.activities.start(Work::Group { waits, all: true }, Some(token));
                self.runnable.push(helper);
            }
        }
        Ok(())
    }

    fn never_ends(&mut self, token: Token) -> Fault {
        let process = match self.activities.get_mut(token).work {
            Work::Process(process) => Some(process),
            Work::Task(task) => {
                (task.0 < self.design.processes.len() as u32).then(|| ProcessId::from_usize(task.0 as usize))
            }
            _ => None,
        };
        let diagnostic = Diagnostic::error(
            codes::NEVER_YIELDS,
            format!("processes go on without end at time {} and never wait", self.time),
        )
        .help("a `yield` of `None` or of an empty list does not wait; use `yield delay(1)` or a signal");
        match process {
            Some(process) => {
                diagnostic.at(self.design.processes[process].span, "this process is one of them").into()
            }
            None => diagnostic.into(),
        }
    }
}

/// Makes the next value of a signal its current one, also where it is an object that lives with the host.
pub(crate) fn commit(
    state: &mut MutexGuard<'_, State>,
    signal: SignalId,
    host: &mut dyn Host,
) -> Result<Update, HostError> {
    let update = state.commit(signal);
    if !state.is_opaque(signal) {
        return Ok(update);
    }
    let changed = MutexGuard::unlocked(state, || host.commit(signal))?;
    Ok(match update {
        _ if !changed => Update::Unchanged,
        Update::Unchanged => Update::Changed { was: true, is: true },
        changed => changed,
    })
}

/// All processes in the order of their first activations, the last one being run first: as the blocks returned them,
/// depth first, and shadow signals behind all others.
fn start_order(design: &Design) -> Vec<ProcessId> {
    let mut order = Vec::with_capacity(design.processes.len());
    let mut listed = vec![false; design.processes.len()];
    let is_shadow = |id: ProcessId| matches!(design.processes[id].kind, ProcessKind::Continuous { .. });
    let mut stack: Vec<std::slice::Iter<'_, Item>> =
        design.scopes.first().map(|top| top.items.iter()).into_iter().collect();
    while let Some(items) = stack.last_mut() {
        match items.next() {
            Some(Item::Process(id)) => {
                if !is_shadow(*id) && !mem::replace(&mut listed[id.index()], true) {
                    order.push(*id);
                }
            }
            Some(Item::Scope(scope)) => stack.push(design.scopes[*scope].items.iter()),
            None => {
                stack.pop();
            }
        }
    }
    // What no scope lists must still run.
    let rest = |shadow| design.processes.indices().filter(move |id| is_shadow(*id) == shadow);
    order.extend(rest(false).filter(|id| !listed[id.index()]));
    order.extend(rest(true));
    order
}
