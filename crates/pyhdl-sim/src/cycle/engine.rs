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

/// Where an engine keeps the value of a signal: so many bytes of its memory, the lowest first, in two's complement where
/// it is signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spot {
    pub signal: SignalId,
    pub at: usize,
    pub bytes: usize,
    pub signed: bool,
    /// Where the same value is at the end of each complete time step, from one on at which it is there.
    pub copied: Option<usize>,
}

/// Looks on while an engine runs.
pub trait Watcher {
    /// Before one of the others: signals that have changed in the step and are not in the memory.
    fn objects(&mut self, _changed: &[SignalId]) {}

    /// After each time step, and at the end of a run: the time, and the engine's memory.
    fn step(&mut self, time: u64, memory: &[u8]);

    /// After a time step that was not completed, the last one.
    fn broken(&mut self, time: u64, memory: &[u8]);

    /// Every now and then, some ten times a second.
    fn pause(&mut self);
}

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
        watcher: Option<&mut dyn Watcher>,
    ) -> CycleExit;

    /// Whether it has machine code.
    fn is_compiled(&self) -> bool;

    /// Where the signals are; always the same.
    fn spots(&self) -> Vec<Spot>;

    /// What is there now.
    fn memory(&self) -> &[u8];

    /// Gives the values of all signals and variables back.
    fn leave(&mut self, store: &Store) -> Snapshot;
}
