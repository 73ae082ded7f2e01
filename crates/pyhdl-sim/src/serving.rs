//! [`Serving`]: the kernel's part of a time step in cycle mode, where the design has guests. The engine runs the step and
//! asks for them in each delta in which one may wake; they wait in the kernel's lists, read from the engine's memory, and
//! what they drive becomes next values there.
//!
//! When a guest does what the plan does not count on, the engine goes back to the start of the step, and the kernel
//! repeats it up to that delta in event mode. Guests do not run again for that: what they had driven is in the [`Log`].

use std::collections::HashSet;
use std::mem;
use std::sync::Arc;

use pyhdl_ir::SignalId;

use crate::cycle::{Answer, Guests, Moment, Snapshot, Terms, Wake};
use crate::interpreter::Fault;
use crate::kernel::{Simulation, commit};
use crate::store::Update;
use crate::validation::Shadow;
use crate::{Host, Lender, Value};

/// What guests have driven in one time step.
#[derive(Debug, Default)]
pub(crate) struct Log {
    time: u64,
    /// For each delta in which they ran, in order.
    deltas: Vec<(u32, Vec<(SignalId, Value)>)>,
}

/// The kernel with its guests, for the time that an engine runs.
pub(crate) struct Serving<'s> {
    pub simulation: &'s mut Simulation,
    terms: Arc<Terms>,
    log: Log,
    /// What guests drove in the delta before: in order, with what that did to signals of their own.
    last: Vec<(SignalId, Option<Update>)>,
    /// Signals of their own that have changed since this was emptied, with their values; if anybody watches.
    own: Vec<(SignalId, Value)>,
    watched: bool,
    fault: Option<Fault>,
    /// Event mode beside it, for comparison.
    pub shadow: Option<Shadow>,
}

impl<'s> Serving<'s> {
    pub fn new(simulation: &'s mut Simulation, terms: Arc<Terms>, watched: bool) -> Serving<'s> {
        if let Some(noted) = &mut simulation.noted {
            noted.terms = Some(terms.clone());
            noted.broken = false;
        }
        let (log, last, own) = (Log::default(), Vec::new(), Vec::new());
        Serving { simulation, terms, log, last, own, watched, fault: None, shadow: None }
    }

    /// Ends it: what was driven in the step under way, how that failed, and the shadow.
    pub fn end(self) -> (Log, Option<Fault>, Option<Shadow>) {
        if let Some(noted) = &mut self.simulation.noted {
            noted.terms = None;
        }
        (self.log, self.fault, self.shadow)
    }

    fn try_wake(
        &mut self,
        host: &mut dyn Host,
        moment: Moment,
        fired: &[Wake],
        written: &mut Vec<(SignalId, Value)>,
    ) -> Result<Answer, Fault> {
        let before = self.log.deltas.last().map(|(delta, _)| *delta);
        if self.log.time != moment.time || before.is_some_and(|before| before >= moment.delta) {
            self.log = Log { time: moment.time, deltas: Vec::new() };
            self.last.clear();
        } else if before.is_some_and(|before| before + 1 < moment.delta) {
            self.last.clear();
        }
        let simulation = &mut *self.simulation;
        if simulation.time != moment.time {
            simulation.advance(moment.time);
            host.advance(moment.time)?;
        }
        simulation.rounds = u64::from(moment.delta);
        if moment.delta == 0 {
            simulation.calendar.take(moment.time, &mut simulation.runnable);
        }
        self.list_woken(fired);
        if let Some(shadow) = &mut self.shadow {
            shadow.check(self.simulation, moment, fired, host)?;
        }
        let result = self.simulation.run_delta(host);
        let answer = self.take_driven(host, moment, written, result.is_err());
        if let (Some(shadow), Some((_, driven))) = (&mut self.shadow, self.log.deltas.last()) {
            shadow.drive(driven);
        }
        result.and(answer)
    }

    /// Those who wake, in the order of the signals that wake them. `fired` is sorted.
    fn list_woken(&mut self, fired: &[Wake]) {
        let simulation = &mut *self.simulation;
        let mut known: HashSet<SignalId> = HashSet::new();
        for (signal, update) in self.last.drain(..) {
            match update {
                Some(update) => {
                    let before = simulation.runnable.len();
                    simulation.waiters.wake(signal, update, &mut simulation.runnable);
                    if let Some(noted) = &mut simulation.noted {
                        let woken = &simulation.runnable[before..];
                        noted.woken(signal, simulation.rounds, woken, &simulation.activities);
                    }
                }
                None => {
                    known.insert(signal);
                    for wake in [Wake::Change(signal), Wake::Rising(signal), Wake::Falling(signal)] {
                        if fired.binary_search(&wake).is_ok() {
                            simulation.waiters.wake_one(wake, &mut simulation.runnable);
                        }
                    }
                }
            }
        }
        for wake in fired.iter().filter(|wake| wake.signal().is_some_and(|s| !known.contains(&s))) {
            simulation.waiters.wake_one(*wake, &mut simulation.runnable);
        }
    }

    /// Takes over what the guests have driven in a delta, or finds that the engine must be left.
    fn take_driven(
        &mut self,
        host: &mut dyn Host,
        moment: Moment,
        written: &mut Vec<(SignalId, Value)>,
        failed: bool,
    ) -> Result<Answer, Fault> {
        let simulation = &mut *self.simulation;
        let broken = simulation.noted.as_ref().is_some_and(|noted| noted.broken);
        let next = moment.delta + 1;
        let mut batch = Vec::new();
        let mut state = simulation.store.lock();
        state.take_pending(&mut batch);
        let leave = failed
            || broken
            || state.has_delayed()
            || host.has_deferred()
            || batch.iter().any(|signal| !self.terms.allows_change(*signal, next))
            || batch.iter().filter(|signal| !self.terms.is_shared(**signal)).any(|signal| {
                let update = state.would_change(*signal);
                let wakes = Wake::of_update(*signal, update);
                let mut tokens = wakes.into_iter().flat_map(|wake| {
                    simulation.waiters.waiting(wake, &simulation.activities).collect::<Vec<_>>()
                });
                tokens.any(|token| {
                    let root = simulation.activities.root(token);
                    root.is_some_and(|root| !self.terms.allows_run(root, next))
                })
            });
        let mut again = false;
        let mut driven = Vec::new();
        for signal in batch {
            if leave || self.terms.is_shared(signal) {
                let value = state.hand_over(signal);
                if !leave {
                    written.push((signal, value.clone()));
                    self.last.push((signal, None));
                }
                driven.push((signal, value));
                continue;
            }
            let update = commit(&mut state, signal, host)?;
            if update != Update::Unchanged {
                if self.watched {
                    let value = state.current(signal).clone();
                    self.own.push((signal, value));
                }
                self.last.push((signal, Some(update)));
                again |= Wake::of_update(signal, update)
                    .into_iter()
                    .any(|wake| simulation.waiters.waiting(wake, &simulation.activities).next().is_some());
            }
        }
        drop(state);
        self.log.deltas.push((moment.delta, driven));
        Ok(match (leave, again) {
            (true, _) => Answer::Leave,
            (false, true) => Answer::Again,
            (false, false) => Answer::GoOn,
        })
    }
}

impl Guests for Serving<'_> {
    fn next_time(&mut self) -> Option<u64> {
        let simulation = &mut *self.simulation;
        simulation.calendar.next_living(&simulation.activities)
    }

    fn any_waits(&mut self) -> bool {
        let simulation = &mut *self.simulation;
        let mut any = |wake| simulation.waiters.waiting(wake, &simulation.activities).next().is_some();
        self.terms.awaited().any(&mut any)
    }

    fn wake(
        &mut self,
        host: &mut dyn Host,
        moment: Moment,
        fired: &[Wake],
        lender: &Arc<dyn Lender>,
        written: &mut Vec<(SignalId, Value)>,
    ) -> Answer {
        self.simulation.store.lock().lend(Some(lender.clone()));
        match self.try_wake(host, moment, fired, written) {
            Ok(answer) => answer,
            Err(fault) => {
                self.fault = Some(fault);
                Answer::Leave
            }
        }
    }

    fn own_changes(&mut self, values: &mut Vec<(SignalId, Value)>) {
        values.append(&mut self.own);
    }
}

impl Simulation {
    /// Goes on in the middle of a time step: repeats it from its start, where the engine has left, without the guests.
    /// The current and next values of their signals are in the store and in the log.
    pub(crate) fn repeat_step(
        &mut self,
        snapshot: &Snapshot,
        log: Log,
        host: &mut dyn Host,
    ) -> Result<(), Fault> {
        let runnable = mem::take(&mut self.runnable);
        let waiters = mem::take(&mut self.waiters);
        let calendar = mem::take(&mut self.calendar);
        self.resume_from(snapshot, host)?;
        self.begin_step(log.time);
        let last = log.deltas.len().saturating_sub(1);
        for (at, (delta, driven)) in log.deltas.into_iter().enumerate() {
            // Deltas in which no guest ran.
            while self.rounds < u64::from(delta) {
                self.run_delta(host)?;
                self.update(host)?;
                self.rounds += 1;
            }
            self.run_delta(host)?;
            for (signal, value) in driven {
                self.store.set_next(signal, value);
            }
            if at < last {
                self.update(host)?;
                self.rounds += 1;
            }
        }
        // From here on guests are woken again. Those that have not run yet are the next.
        self.waiters.append(waiters, &self.activities);
        self.calendar.append(calendar, &self.activities);
        self.runnable.extend(runnable);
        Ok(())
    }

    /// Time moves to a step in which nothing has run yet; what time wakes is runnable then.
    pub(crate) fn begin_step(&mut self, time: u64) {
        self.time = time;
        self.store.lock().time = time;
        (self.rounds, self.open) = (0, true);
        self.calendar.take(time, &mut self.runnable);
    }
}
