//! Guests: the processes of a design in cycle mode that the kernel runs itself, because they stay in Python or there is no
//! code for them, or because they print beside such ones.
//!
//! What a process in Python waits for and what it drives is not known beforehand. The plan counts on what it has been
//! seen to do in event mode, its [`Habits`]; the [`Terms`] say what that allows. When a guest does anything else, the
//! engine is left and event mode goes on from there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use oxc_index::IndexVec;
use pyhdl_ir::{ProcessId, SignalId};

use super::cells::{CellId, Cells};
use super::roles::{Part, Role, Wake};
use super::spans::Span;
use crate::{Host, Lender, Value};

/// What one process has been seen to do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Habits {
    /// What it has waited for.
    pub wakes: BTreeSet<Wake>,
    /// In which deltas signals have woken it.
    pub(crate) woken: BTreeMap<SignalId, Span>,
    pub drives: BTreeSet<SignalId>,
}

/// What all processes in Python have been seen to do.
pub type AllHabits = BTreeMap<ProcessId, Habits>;

impl Habits {
    /// Notes in which delta of a time step a signal has woken it.
    pub fn wakes_in(&mut self, signal: SignalId, delta: u32) {
        let here = Span { min: delta, max: delta };
        let span = self.woken.get(&signal).copied();
        self.woken.insert(signal, Span::join(span, here).unwrap_or(here));
    }
}

/// What a plan counts on.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The engine has the signal's value. Other signals are the guests' own.
    pub shared: IndexVec<SignalId, bool>,
    /// In which deltas guests run, and what they may look at then; `None` for everything.
    looks: Vec<(Span, Option<Vec<CellId>>)>,
    guest: IndexVec<ProcessId, bool>,
    wakes: BTreeMap<ProcessId, Vec<Wake>>,
    runs: BTreeMap<ProcessId, Span>,
    driven: IndexVec<SignalId, bool>,
    cells: Cells,
    changes: IndexVec<CellId, Option<Span>>,
}

impl Terms {
    pub(crate) fn new(
        parts: &IndexVec<ProcessId, Part>,
        cells: &Cells,
        runs: &IndexVec<ProcessId, Option<Span>>,
        changes: IndexVec<CellId, Option<Span>>,
        shared: IndexVec<SignalId, bool>,
    ) -> Terms {
        let guests = || parts.iter_enumerated().filter(|(_, part)| part.role == Role::Guest);
        let mut driven: IndexVec<SignalId, bool> = shared.iter().map(|_| false).collect();
        for cell in guests().flat_map(|(_, part)| &part.drives) {
            cells.all[*cell].signals.iter().for_each(|signal| driven[*signal] = true);
        }
        let looks = guests().filter_map(|(id, part)| {
            let reads = (!part.sees_all).then(|| part.reads.clone());
            Some((runs[id]?, reads))
        });
        Terms {
            looks: looks.collect(),
            guest: parts.iter().map(|part| part.role == Role::Guest).collect(),
            wakes: guests().map(|(id, part)| (id, part.wakes.clone())).collect(),
            runs: guests().filter_map(|(id, _)| Some((id, runs[id]?))).collect(),
            driven,
            cells: cells.clone(),
            changes,
            shared,
        }
    }

    /// The signals that guests may look at in a delta; `None` for all.
    pub fn visible(&self, delta: u32) -> Option<BTreeSet<SignalId>> {
        let mut visible = BTreeSet::new();
        let now = self.looks.iter().filter(|(span, _)| span.min <= delta && delta <= span.max);
        for (_, reads) in now {
            for cell in reads.as_ref()? {
                visible.extend(&self.cells.all[*cell].signals);
            }
        }
        Some(visible)
    }

    pub fn is_guest(&self, process: ProcessId) -> bool {
        self.guest[process]
    }

    /// Whether the engine has the signal's value.
    pub fn is_shared(&self, signal: SignalId) -> bool {
        self.shared.get(signal).is_some_and(|shared| *shared)
    }

    /// All that guests wait for.
    pub fn awaited(&self) -> impl Iterator<Item = Wake> {
        self.wakes.values().flatten().copied()
    }

    pub(crate) fn allows_wait(&self, process: ProcessId, wake: Wake) -> bool {
        wake.signal().is_some_and(|signal| !self.is_shared(signal))
            || self.wakes.get(&process).is_some_and(|wakes| wakes.contains(&wake))
    }

    pub(crate) fn allows_run(&self, process: ProcessId, delta: u32) -> bool {
        self.runs.get(&process).is_some_and(|span| span.min <= delta && delta <= span.max)
    }

    /// Whether a guest may change the signal in an update.
    pub(crate) fn allows_change(&self, signal: SignalId, delta: u32) -> bool {
        !self.is_shared(signal)
            || self.driven[signal]
                && self.changes[self.cells.of(signal)]
                    .is_some_and(|span| span.min <= delta && delta <= span.max)
    }
}

/// What an engine asks in each delta in which guests may wake.
pub trait Guests {
    /// When the next of them wakes by time, if any does.
    fn next_time(&mut self) -> Option<u64>;

    /// Whether any of them waits for a signal of the engine's.
    fn any_waits(&mut self) -> bool;

    /// Runs those that wake. `fired` are triggers that have fired in the update before, and `lender` has the values that
    /// are current now. What they drive goes into `written`.
    fn wake(
        &mut self,
        host: &mut dyn Host,
        moment: Moment,
        fired: &[Wake],
        lender: &Arc<dyn Lender>,
        written: &mut Vec<(SignalId, Value)>,
    ) -> Answer;

    /// Appends signals of their own that have changed since this was last asked, with their values.
    fn own_changes(&mut self, values: &mut Vec<(SignalId, Value)>);
}

/// A delta cycle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// In time steps.
    pub time: u64,
    pub delta: u32,
}

/// What is to happen after guests have run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    GoOn,
    /// Some of them wake in the next delta, by signals of their own.
    Again,
    /// The engine goes back to the start of the time step and is left.
    Leave,
}
