//! The intermediate representation: a [`Design`] is a tree of scopes with signals, memories, tables, functions and
//! processes; statements are structured, every expression carries the exact range of its Python value, and every
//! node carries the span of the Python that it came from.
//!
//! Simulation and emission both start here, so they cannot disagree about what the Python meant. This crate knows
//! neither Python nor any HDL.

mod design;
mod expr;
mod range;
mod stmt;
mod types;

pub use design::*;
pub use expr::*;
pub use range::Range;
pub use stmt::*;
pub use types::*;
