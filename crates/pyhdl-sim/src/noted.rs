//! [`Noted`]: what the kernel notes of guests while they run, and whether they keep to the terms of a plan.

use std::sync::Arc;

use oxc_index::IndexVec;
use pyhdl_ir::{ProcessId, SignalId};

use crate::cycle::{AllHabits, Habits, Terms, Wake};
use crate::interpreter::Fault;
use crate::kernel::Simulation;
use crate::waiting::{Activities, Token};
use crate::{Host, Wait};

#[derive(Debug)]
pub(crate) struct Noted {
    pub guest: IndexVec<ProcessId, bool>,
    pub habits: AllHabits,
    /// Something new was seen since this was reset.
    pub grown: bool,
    /// What the plan allows whose engine is running.
    pub terms: Option<Arc<Terms>>,
    /// A guest has done something else.
    pub broken: bool,
}

impl Noted {
    pub fn new(guest: IndexVec<ProcessId, bool>) -> Noted {
        Noted { guest, habits: AllHabits::default(), grown: false, terms: None, broken: false }
    }

    fn guest_of(&self, token: Token, activities: &Activities) -> Option<ProcessId> {
        activities.root(token).filter(|id| self.guest.get(*id).is_some_and(|guest| *guest))
    }

    fn habits_of(&mut self, process: ProcessId) -> &mut Habits {
        self.habits.entry(process).or_default()
    }

    /// A guest begins to wait.
    pub fn waits(&mut self, wait: &Wait, token: Token, activities: &Activities) {
        let wake = match wait {
            Wait::Change(signal) => Wake::Change(*signal),
            Wait::Rising(signal) => Wake::Rising(*signal),
            Wait::Falling(signal) => Wake::Falling(*signal),
            Wait::Delay(steps) => return self.delay(*steps, token, activities),
            // Each part of it is registered by itself, in this delta.
            Wait::Any(_) | Wait::All(_) | Wait::Fork(_) | Wait::Now => return,
        };
        self.wakes(wake, token, activities);
    }

    /// A guest begins to wait for a time.
    pub fn delay(&mut self, steps: u64, token: Token, activities: &Activities) {
        // Another round of the same time step has no place in a plan.
        self.broken |= steps == 0 && self.guest_of(token, activities).is_some();
        self.wakes(Wake::Time, token, activities);
    }

    fn wakes(&mut self, wake: Wake, token: Token, activities: &Activities) {
        let Some(process) = self.guest_of(token, activities) else { return };
        self.grown |= self.habits_of(process).wakes.insert(wake);
        self.broken |= self.terms.as_ref().is_some_and(|terms| !terms.allows_wait(process, wake));
    }

    /// A signal wakes some activities.
    pub fn woken(&mut self, signal: SignalId, delta: u64, tokens: &[Token], activities: &Activities) {
        for token in tokens {
            if !activities.is_stale(token)
                && let Some(process) = self.guest_of(*token, activities)
            {
                self.habits_of(process).wakes_in(signal, delta as u32);
            }
        }
    }
}

impl Simulation {
    /// Runs one activity and notes what it drives.
    pub(crate) fn activate_noted(&mut self, token: Token, host: &mut dyn Host) -> Result<(), Fault> {
        let guest = self.noted.as_ref().and_then(|noted| noted.guest_of(token, &self.activities));
        let Some(process) = guest else { return self.activate(token, host) };
        let before = self.store.lock().pending().len();
        let result = self.activate(token, host);
        if let Some(noted) = &mut self.noted {
            let state = self.store.lock();
            let habits = noted.habits.entry(process).or_default();
            for signal in state.pending().get(before..).unwrap_or_default() {
                noted.grown |= habits.drives.insert(*signal);
            }
        }
        result
    }
}
