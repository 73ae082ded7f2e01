//! What the simulation asks of the world that runs it: [`Host`] for processes and objects that stay in Python,
//! [`Observer`] for those who watch.

use std::time::Duration;

use pyhdl_ir::{ProcessId, RandomNumbers, SignalId};

use crate::cycle::{Spot, Watcher};
use crate::{Outcome, Store, Value};

/// Something of the host's that can be resumed: a Python generator.
///
/// A foreign thread is `HostTask(process index)`; generators that are forked get larger numbers of the host's choice.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct HostTask(pub u32);

/// What a resumed task waits for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wait {
    /// Any change of a signal's value.
    Change(SignalId),
    /// A change from false to true.
    Rising(SignalId),
    /// A change from true to false.
    Falling(SignalId),
    /// A number of time steps; 0 is the next round at the same time.
    Delay(u64),
    /// The first of several; of none at all it is `Now`.
    Any(Vec<Wait>),
    /// All of several, at whatever times (`join`).
    All(Vec<Wait>),
    /// Starts another task; fires when it ends.
    Fork(HostTask),
    /// Goes on in the same delta (`yield None`).
    Now,
}

/// What became of a resumed task.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Resumption {
    Wait(Wait),
    Finished,
}

/// An exception of the host's.
pub type HostError = Box<dyn std::error::Error + Send + Sync>;

/// The world that runs the simulation. The store is never locked while a method of the host runs.
pub trait Host {
    /// Runs a foreign thread or a forked task up to its next wait.
    fn resume(&mut self, task: HostTask) -> Result<Resumption, HostError>;

    /// Runs the body of a foreign process of another kind once. A sequential process's reset is done already: its
    /// body is called only while reset is not active.
    fn call(&mut self, process: ProcessId) -> Result<(), HostError>;

    /// Gives the variables that a foreign sequential process keeps those values that they began with: it is reset.
    fn reset(&mut self, _process: ProcessId) -> Result<(), HostError> {
        Ok(())
    }

    /// Makes the next value of an `Opaque` signal its current one; true if that changed it. For edges the store's
    /// own value of the signal counts, which the host may keep at the object's truth.
    fn commit(&mut self, signal: SignalId) -> Result<bool, HostError>;

    /// Output of a lowered process. Line breaks are in the text.
    fn print(&mut self, text: &str) -> Result<(), HostError>;

    /// The next number of a generator of random numbers.
    fn draw(&mut self, generator: u32, numbers: &RandomNumbers) -> Result<Value, HostError>;

    /// The same where that is quick, for numbers that an `i64` holds; `None` where `draw` is to be asked.
    fn draw_quickly(&mut self, _generator: u32, _numbers: &RandomNumbers) -> Option<i64> {
        None
    }

    /// Values come and go between this simulation and others: once the processes of a delta have run. `pending` says
    /// whether signals are about to change. True asks for another delta cycle.
    fn exchange(&mut self, _time: u64, _pending: bool) -> Result<bool, HostError> {
        Ok(false)
    }

    /// Whether nothing outside of the design takes part: no other simulation exchanges values with this one.
    fn is_alone(&self) -> bool {
        true
    }

    /// Time has moved on, and nothing has run yet.
    fn advance(&mut self, _time: u64) -> Result<(), HostError> {
        Ok(())
    }

    /// What a process has yielded to be raised when the time step has settled. The run can be resumed after it.
    fn deferred(&mut self) -> Option<HostError> {
        None
    }

    /// Whether there is something to be raised when the time step has settled.
    fn has_deferred(&self) -> bool {
        false
    }

    /// Called now and then, with the time that the run has reached; an error ends the run (Ctrl-C).
    fn interrupted(&mut self, time: u64) -> Result<(), HostError>;

    /// A plan for cycle mode has been made, or tried.
    fn planned(&self, _took: Duration) {}

    /// What an error means for the run: [`Outcome::Stopped`] for the host's `StopSimulation`, [`Outcome::Suspended`]
    /// where the run can go on, `None` where it is a failure.
    fn outcome_of(&self, error: &HostError) -> Option<Outcome>;
}

/// Sees values as they settle. Called without a lock on the store.
pub trait Observer {
    /// After a delta's updates and before the processes that they wake. `changed` is in the order of the updates,
    /// without duplicates, never empty; it may contain signals that the host added to the store. `delta` counts from
    /// 0 within a time step.
    fn delta(&mut self, time: u64, delta: u64, changed: &[SignalId], store: &Store);

    /// In place of both others, for a stretch of time steps of which only the ends count: somebody who finds the values
    /// in the memory of an engine, which is as it was after the last step. The stretch is over when he is dropped.
    ///
    /// `objects` are signals that may change and are not in the memory.
    fn watcher(
        &mut self,
        _spots: &[Spot],
        _memory: &[u8],
        _objects: &[SignalId],
    ) -> Option<Box<dyn Watcher>> {
        None
    }

    /// When time is about to leave a step in which anything ran, and at the end of a run. `settled` is false where
    /// the run was ended (`StopSimulation`, an error) before all updates of the step were done.
    fn end_of_step(&mut self, time: u64, settled: bool, store: &Store);
}
