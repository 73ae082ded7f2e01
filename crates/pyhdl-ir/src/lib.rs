//! The intermediate representation: a [`Design`] is a tree of scopes with signals, memories, tables, functions and
//! processes; statements are structured, every expression carries the exact range of its Python value, and every
//! node carries the span of the Python that it came from.
//!
//! Simulation and emission both start here, so they cannot disagree about what the Python meant. This crate knows
//! neither Python nor any HDL.

mod arithmetic;
mod block_ram;
mod check;
mod check_bodies;
mod code;
pub mod codes;
mod design;
mod expr;
mod infer;
mod initialisation;
mod range;
mod stmt;
mod structure;
mod subtree;
pub mod text;
mod types;
mod unused;
mod uses;
mod validate;
mod validate_body;
mod visit;

pub use block_ram::{Array, Obstacle, Reason, Stored, WORTH_A_BLOCK};
pub use code::{BlackBox, BoxPort, CodeBody, CodePart, Parameter, UserCode};
pub use design::*;
pub use expr::*;
pub use infer::{TypeContext, binary_range, expr_type};
pub use range::Range;
pub use stmt::*;
pub use subtree::Origin;
pub use types::*;
pub use uses::{Uses, trigger_signal};
pub use validate::Invalid;
pub use visit::*;
