//! Random hardware, each case written twice: as pyhdl's user writes it, and as a model of plain Python integers.
//!
//! The crate sees pyhdl as its users do, as a program that takes a Python file. It shares no code with what it tests:
//! ranges, widths and values are its own, and simpler.

mod bounds;
mod case;
mod choices;
mod design;
mod engines;
mod expression;
mod lab;
mod names;
mod program;
mod signals;
mod statement;

pub use case::Subject;
pub use lab::{Batch, Failed, Lab, Stage};
