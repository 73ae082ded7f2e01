//! Cycle mode: a whole design as one fixed sequence of actions for each time step, where nobody can tell the difference.
//!
//! - [`Cells`]: what values are kept in;
//! - `roles`: which processes wait for something, and which only follow their inputs;
//! - `failing`: which processes may fail;
//! - `reach`: which values signals can have at all;
//! - `spans`: in which delta cycles of a time step each process may run;
//! - `copies`: which signals are what another one is;
//! - `in_place`, `near_readers`: the sequence within a delta cycle;
//! - `guests`: what a plan knows of the processes that the kernel runs itself;
//! - [`Plan`]: the result;
//! - [`Snapshot`]: how a run moves between the kernel and an engine that runs a plan.

mod cells;
mod copies;
mod engine;
mod failing;
mod guests;
mod in_place;
mod near_readers;
mod plan;
mod reach;
mod roles;
mod spans;

pub use cells::{Cell, CellId, Cells};
pub use engine::{CycleEngine, CycleExit, Frame, Snapshot, Spot, Watcher};
pub use failing::{index_may_fail, value_may_fail};
pub use guests::{AllHabits, Answer, Guests, Habits, Moment, Terms};
pub(crate) use plan::guests;
pub use plan::{Action, NotPlanned, Plan, PlanOptions};
pub use roles::{Role, Wake};
