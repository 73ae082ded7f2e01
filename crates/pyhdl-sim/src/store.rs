//! [`Store`]: the current and the next value of every signal, and which updates are pending.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use oxc_index::IndexVec;
use parking_lot::{Mutex, MutexGuard};
use pyhdl_ir::{Design, Signal, SignalId, StorageType};

use crate::Value;

/// Has the current values of signals while an engine runs.
pub trait Lender: Send + Sync {
    /// `None` for a signal that only the store knows.
    fn value(&self, signal: SignalId) -> Option<Value>;
}

/// All signal values of one simulation. Clones share the values.
#[derive(Clone, Debug)]
pub struct Store {
    state: Arc<Mutex<State>>,
}

#[derive(Clone, Debug)]
struct Slot {
    current: Value,
    next: Value,
    scheduled: bool,
    /// The value is an object that lives with the host.
    opaque: bool,
    /// At which moment the current value was last read from the lender.
    seen: u32,
}

pub(crate) struct State {
    slots: IndexVec<SignalId, Slot>,
    /// Where current values come from while an engine runs, and the number of the moment that they are of.
    lender: Option<Arc<dyn Lender>>,
    moment: u32,
    /// Signals with a pending update, in the order in which they were first scheduled.
    pending: Vec<SignalId>,
    pub(crate) time: u64,
    delayed: HashMap<SignalId, Delayed>,
}

/// A signal whose values arrive later, and only if they last that long: an inertial delay.
#[derive(Clone, Debug)]
struct Delayed {
    /// In time steps.
    delay: u64,
    /// What was scheduled last, and when that was first wanted.
    next: Value,
    stamp: u64,
}

/// What an update did to a signal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Update {
    Unchanged,
    Changed { was: bool, is: bool },
}

impl Store {
    /// Every signal at its initial value, nothing pending, time 0.
    pub fn new(design: &Design) -> Store {
        let slots = design
            .signals
            .iter()
            .map(|signal| {
                let value = initial_value(signal);
                let opaque = matches!(signal.ty, StorageType::Opaque);
                Slot { current: value.clone(), next: value, scheduled: false, opaque, seen: 0 }
            })
            .collect();
        Store {
            state: Arc::new(Mutex::new(State {
                slots,
                lender: None,
                moment: 0,
                pending: Vec::new(),
                time: 0,
                delayed: HashMap::new(),
            })),
        }
    }

    /// Whether both are the same store.
    pub fn is(&self, other: &Store) -> bool {
        Arc::ptr_eq(&self.state, &other.state)
    }

    /// Adds a signal that the design does not have: one that a host's process found by itself. `opaque` says that
    /// its values live with the host.
    pub fn add(&self, value: Value, opaque: bool) -> SignalId {
        let mut state = self.state.lock();
        let seen = state.moment;
        state.slots.push(Slot { current: value.clone(), next: value, scheduled: false, opaque, seen })
    }

    /// The current value.
    pub fn get(&self, signal: SignalId) -> Value {
        self.state.lock().current(signal).clone()
    }

    /// The next value as it was set so far; the current one where nothing was set.
    pub fn next(&self, signal: SignalId) -> Value {
        self.state.lock().next(signal).clone()
    }

    /// Schedules an update. The caller has checked type and bounds.
    pub fn set_next(&self, signal: SignalId, value: Value) {
        self.state.lock().set_next(signal, value);
    }

    /// Schedules the update of an `Opaque` signal, whose values live with the host.
    pub fn touch(&self, signal: SignalId) {
        self.state.lock().schedule(signal);
    }

    /// From now on a signal's values arrive `delay` time steps late, and only those that last that long.
    pub fn set_delay(&self, signal: SignalId, delay: u64) {
        let mut state = self.state.lock();
        let next = state.current(signal).clone();
        let stamp = state.time;
        state.delayed.entry(signal).or_insert(Delayed { delay, next, stamp }).delay = delay;
    }

    /// The current values of the first `count` signals.
    pub fn all(&self, count: usize) -> Vec<Value> {
        let mut state = self.state.lock();
        (0..count).map(|i| state.current(SignalId::from_usize(i)).clone()).collect()
    }

    /// Signals get these values as their current and their next ones; nothing is scheduled and nobody is woken. An
    /// equal value leaves the old object in place.
    pub fn restore(&self, values: impl IntoIterator<Item = (SignalId, Value)>) {
        let mut state = self.state.lock();
        for (signal, value) in values {
            let slot = &mut state.slots[signal];
            if slot.current != value {
                slot.current = value;
            }
            slot.next.clone_from(&slot.current);
        }
    }

    /// Signals get these values as their current and their next ones.
    pub fn change(&self, values: &[(SignalId, Value)]) {
        let mut state = self.state.lock();
        for (signal, value) in values {
            let slot = &mut state.slots[*signal];
            slot.current.clone_from(value);
            slot.next.clone_from(value);
        }
    }

    /// The simulation time in time steps.
    pub fn time(&self) -> u64 {
        self.state.lock().time
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

/// The object that a signal was created with: a `bool` for a bool signal, else a number.
pub(crate) fn initial_value(signal: &Signal) -> Value {
    match signal.ty {
        StorageType::Bool => Value::Bool(signal.init != num_bigint::BigInt::ZERO),
        _ => Value::from(&signal.init),
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("time", &self.time).field("slots", &self.slots).finish_non_exhaustive()
    }
}

impl State {
    #[inline]
    pub(crate) fn current(&mut self, signal: SignalId) -> &Value {
        if self.slots[signal].seen != self.moment {
            self.borrow(signal);
        }
        &self.slots[signal].current
    }

    #[inline]
    pub(crate) fn next(&mut self, signal: SignalId) -> &Value {
        if self.slots[signal].seen != self.moment {
            self.borrow(signal);
        }
        &self.slots[signal].next
    }

    /// Reads a value from the lender. What is scheduled stays the next value.
    #[cold]
    fn borrow(&mut self, signal: SignalId) {
        let slot = &mut self.slots[signal];
        slot.seen = self.moment;
        if let Some(value) = self.lender.as_ref().and_then(|lender| lender.value(signal)) {
            if slot.current != value {
                slot.current = value;
            }
            if !slot.scheduled {
                slot.next.clone_from(&slot.current);
            }
        }
    }

    /// From now on values come from a lender, as they are at this moment; without one they are the store's own, which
    /// are then to be restored.
    pub(crate) fn lend(&mut self, lender: Option<Arc<dyn Lender>>) {
        if lender.is_some() {
            self.moment = self.moment.wrapping_add(1);
        } else {
            let moment = self.moment;
            self.slots.iter_mut().for_each(|slot| slot.seen = moment);
        }
        self.lender = lender;
    }

    /// The signals with a pending update, in the order in which they were first scheduled.
    pub(crate) fn pending(&self) -> &[SignalId] {
        &self.pending
    }

    /// A pending update is someone else's from now on; gives the next value.
    pub(crate) fn hand_over(&mut self, signal: SignalId) -> Value {
        let slot = &mut self.slots[signal];
        slot.scheduled = false;
        slot.next.clone()
    }

    #[inline]
    pub(crate) fn set_next(&mut self, signal: SignalId, value: Value) {
        let slot = &mut self.slots[signal];
        slot.next = value;
        if !slot.scheduled {
            slot.scheduled = true;
            self.pending.push(signal);
        }
    }

    pub(crate) fn schedule(&mut self, signal: SignalId) {
        let slot = &mut self.slots[signal];
        if !slot.scheduled {
            slot.scheduled = true;
            self.pending.push(signal);
        }
    }

    #[inline]
    pub(crate) fn is_opaque(&self, signal: SignalId) -> bool {
        self.slots[signal].opaque
    }

    pub(crate) fn has_delayed(&self) -> bool {
        !self.delayed.is_empty()
    }

    /// For a delayed signal whose update is due: its new value, when that arrives, and the stamp to apply it with.
    pub(crate) fn postpone(&mut self, signal: SignalId) -> Option<(Value, u64, u64)> {
        let delayed = self.delayed.get_mut(&signal)?;
        let slot = &mut self.slots[signal];
        slot.scheduled = false;
        if slot.next != delayed.next {
            delayed.next = slot.next.clone();
            delayed.stamp = self.time;
        }
        Some((slot.next.clone(), self.time.saturating_add(delayed.delay), delayed.stamp))
    }

    /// A postponed value arrives, if no other one was wanted meanwhile.
    pub(crate) fn apply(&mut self, signal: SignalId, value: Value, stamp: u64) -> Update {
        let slot = &mut self.slots[signal];
        if self.delayed.get(&signal).is_none_or(|d| d.stamp != stamp) || slot.current == value {
            return Update::Unchanged;
        }
        let was = slot.current.is_true();
        slot.current = value;
        Update::Changed { was, is: slot.current.is_true() }
    }

    pub(crate) fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Moves the pending signals to `batch`, which is empty. What is set from now on belongs to the next round.
    pub(crate) fn take_pending(&mut self, batch: &mut Vec<SignalId>) {
        mem::swap(&mut self.pending, batch);
    }

    /// What [`State::commit`] would do. The change of an object that lives with the host is not known beforehand.
    pub(crate) fn would_change(&self, signal: SignalId) -> Update {
        let slot = &self.slots[signal];
        let (was, is) = (slot.current.is_true(), slot.next.is_true());
        match slot.current == slot.next && !slot.opaque {
            true => Update::Unchanged,
            false => Update::Changed { was, is },
        }
    }

    /// The next value becomes the current one. An equal value leaves the old object in place: a bool signal that
    /// holds `True` still prints `True` after `s.next = 1`.
    #[inline]
    pub(crate) fn commit(&mut self, signal: SignalId) -> Update {
        let slot = &mut self.slots[signal];
        slot.scheduled = false;
        if slot.current == slot.next {
            return Update::Unchanged;
        }
        let was = slot.current.is_true();
        slot.current.clone_from(&slot.next);
        Update::Changed { was, is: slot.current.is_true() }
    }
}
