//! Elaborated Python to a [`pyhdl_ir::Design`].
//!
//! [`Elaborated`] is plain data: what running the Python left behind. This crate never talks to CPython.

mod assign;
mod body;
mod call;
mod codes;
mod elaborated;
mod expr;
mod fold;
mod function;
mod linear;
mod logic;
mod lowering;
mod names;
mod process;
mod ranges;
mod scan;
mod sensitivity;
mod text;
mod value;

pub use elaborated::*;

use oxc_index::IndexVec;
use pyhdl_diag::{Diagnostic, Diagnostics, SourceTable};
use pyhdl_ir::{Design, ProcessId};

/// A lowered design, and what could not be lowered.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// Signals, enumerations and scopes have the positions that they have in [`Elaborated`].
    pub design: Design,
    /// [`ElabProcess::host`] of each process; `None` for a shadow signal's continuous assignment.
    pub hosts: IndexVec<ProcessId, Option<u32>>,
    /// Why a process stays in Python: an error wherever HDL is wanted.
    pub refusals: Vec<(ProcessId, Diagnostic)>,
    /// Findings that do not depend on what is wanted.
    pub diagnostics: Diagnostics,
}

/// Lowers a whole hierarchy. Source files are read from disk and entered into `sources`.
pub fn lower(elaborated: &Elaborated, sources: &mut SourceTable) -> Lowered {
    lowering::lower(elaborated, sources)
}
