//! Elaborated Python to a [`pyhdl_ir::Design`].
//!
//! [`Elaborated`] is plain data: what running the Python left behind. This crate never talks to CPython.

mod elaborated;

pub use elaborated::*;
