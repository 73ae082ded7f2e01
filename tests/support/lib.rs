//! What the suites share: the program under test, and running programs to their end.

mod program;
mod run;

pub use program::pyhdl;
pub use run::{Outcome, run};
