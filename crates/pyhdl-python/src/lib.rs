//! Everything that touches CPython: the value types of the language, the capture of an elaboration as plain data,
//! processes that stay in Python, and the embedded interpreter of the `pyhdl` program.

mod capture;
mod codes;
mod convert;
mod embed;
mod engine;
mod enums;
mod failure;
mod folder;
mod functions;
mod intbv;
mod number;
mod operators;
mod options;
mod record;
mod signal;
mod trace;

pub use embed::{Elaboration, Interpreter, ScriptRun};
pub use failure::Failure;
pub use options::{RunOptions, set_run_options};
pub use record::{RecordedStep, Recording};

use pyo3::prelude::*;

/// The part of the `pyhdl` package that is written in Rust.
#[pymodule]
pub mod _core {
    #[pymodule_export]
    use crate::convert::convert;
    #[pymodule_export]
    use crate::engine::{Engine, now};
    #[pymodule_export]
    use crate::enums::{EnumItem, EnumType, make_enum};
    #[pymodule_export]
    use crate::failure::{DiagnosticHolder, make_diagnostic_error};
    #[pymodule_export]
    use crate::functions::{Delay, bin, concat, downrange};
    #[pymodule_export]
    use crate::intbv::{IntBv, ModBv};
    #[pymodule_export]
    use crate::signal::{ConstantSignal, Edge, ResetSignal, Signal, concat_signal, negedge, posedge, signal};
}
