//! [`CycleEngine`]: what runs a [`Plan`](super::Plan), and [`Snapshot`]: how a run moves between it and the kernel.

use oxc_index::IndexVec;
use pyhdl_ir::{ProcessId, SignalId};

use super::guests::Guests;
use crate::{Host, SimError, Store, Value};

/// Where a process waits.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Frame {
    /// Which wait of its body, in the order of the text; `None` for one that has ended.
    pub wait: Option<u32>,
    /// When it goes on, if it waits for a time.
    pub wake: Option<u64>,
    /// Grows with the moment at which it began to wait.
    pub since: u64,
    /// Its variables: the named ones, the elements of lists, then two hidden ones for each `for`, one for each
    /// `match`, in the order of the text.
    pub slots: Vec<Option<Value>>,
}

/// A simulation between two time steps. The values of the signals are in a [`Store`].
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Snapshot {
    /// In time steps.
    pub time: u64,
    pub frames: IndexVec<ProcessId, Frame>,
    /// Processes that follow and must run before the values of the signals that they drive are looked at, each behind
    /// those that it reads from.
    pub stale: Vec<ProcessId>,
}

/// How an engine came back.
#[derive(Debug)]
pub enum CycleExit {
    /// Between two time steps: nothing happens before or at the time that was given.
    Reached,
    /// `raise StopSimulation`, with its text; within a time step.
    Stopped(String),
    /// Within a time step.
    Failed(SimError),
    /// At the start of a time step in the middle of which guests have asked to leave.
    Left,
}

/// Is told after each time step its time, and which signals may have other values than before it, with these values.
pub type Watcher<'w> = dyn FnMut(u64, &[(SignalId, Value)]) + 'w;

/// Runs the time steps of a design that has a plan.
pub trait CycleEngine: Send {
    /// Takes over between two time steps.
    fn enter(&mut self, snapshot: &Snapshot, store: &Store);

    /// Runs all time steps up to a time (inclusive), or until nothing is left. A plan with guests runs with them only.
    fn run(
        &mut self,
        host: &mut dyn Host,
        until: Option<u64>,
        guests: Option<&mut dyn Guests>,
        watcher: Option<&mut Watcher<'_>>,
    ) -> CycleExit;

    /// Gives the values of all signals and variables back.
    fn leave(&mut self, store: &Store) -> Snapshot;
}
