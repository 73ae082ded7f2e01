//! Event-mode simulation of a [`pyhdl_ir::Design`]: delta-exact, in MyHDL's order.
//!
//! - [`Value`]: Python's numbers;
//! - [`Store`]: the values of all signals;
//! - `program`: process bodies as linear code, made once;
//! - `interpreter`: runs that code, the reference for every other engine;
//! - `kernel` ([`Simulation`]): time, delta cycles, who runs next. It does not know how a process is run.
//!
//! Processes that stay in Python, printing and interruption are the [`Host`]'s.

mod assign;
pub mod codes;
mod comparison;
pub mod cycle;
mod error;
mod eval;
mod flat;
mod flat_stmt;
mod handover;
mod host;
mod interpreted;
mod interpreter;
mod kernel;
pub mod messages;
mod noted;
mod power_up;
mod print;
pub mod profile;
mod program;
mod quick;
mod serving;
mod settling;
mod store;
mod validation;
mod value;
mod waiting;
mod watching;

pub use error::{Outcome, SimError};
pub use handover::{Compile, Cycling, Mode, Uncompiled};
pub use host::{Host, HostError, HostTask, Observer, Resumption, Wait};
pub use interpreted::Interpreted;
pub use kernel::{Options, Simulation};
pub use power_up::power_up_values;
pub use print::formatted;
pub use store::{Lender, Store};
pub use value::{ArithmeticError, MAX_BITS, Value};
