//! The road from Python text to HDL as one function of bytes: for the fuzzer in `tests/fuzz`, and for the tests that
//! repeat what it has found.
//!
//! [`front`] takes any bytes as a Python file whose functions are processes, with the meaning that `usual` gives to
//! their names, and does with it what `pyhdl emit` does. There is nothing that it must give, only what must not
//! happen: no panic, no design that breaks a promise, no end of time or memory.

mod front;
mod functions;
mod mutate;
mod syntax;
mod usual;

pub use front::{Reached, front};
pub use mutate::{mutate, splice};
