//! What the suites share: the program under test, running programs to their end, and the languages of HDL.

mod dialects;
mod program;
mod run;

pub use dialects::{DIALECTS, Dialect, VERILATOR};
pub use program::pyhdl;
pub use run::{Outcome, run};
