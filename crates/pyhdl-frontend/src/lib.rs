//! Elaborated Python to a [`pyhdl_ir::Design`].
//!
//! [`Elaborated`] is plain data: what running the Python left behind. This crate never talks to CPython.

mod assign;
mod black_box;
mod body;
mod call;
mod call_ranges;
mod chosen;
pub mod codes;
mod comprehension;
mod declared;
mod elaborated;
mod expr;
mod fold;
mod function;
mod inner;
mod kinds;
mod linear;
mod lists;
mod logic;
mod loops;
mod lowering;
mod names;
mod portable;
mod process;
mod random;
mod ranges;
mod reduce;
mod scan;
mod sensitivity;
mod sequence;
mod targets;
mod text;
mod value;
mod variables;
mod walrus;

pub use elaborated::*;

use std::collections::{HashMap, HashSet};

use oxc_index::IndexVec;
use pyhdl_diag::{Diagnostic, Diagnostics, SourceTable};
use pyhdl_ir::{Design, ProcessId, UserCode};

/// A lowered design, and what could not be lowered.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// Signals, enumerations and scopes have the positions that they have in [`Elaborated`].
    pub design: Design,
    /// [`ElabProcess::host`] of each process; `None` for a shadow signal's continuous assignment.
    pub hosts: IndexVec<ProcessId, Option<u32>>,
    /// What authors wrote in output languages, by the process that stands for it.
    pub code: HashMap<ProcessId, UserCode>,
    /// Processes that have a meaning in hardware, but have to be simulated as the Python that they are.
    pub in_python: HashSet<ProcessId>,
    /// Why a process stays in Python: an error wherever HDL is wanted.
    pub refusals: Vec<(ProcessId, Diagnostic)>,
    /// Findings that do not depend on what is wanted.
    pub diagnostics: Diagnostics,
}

/// Stack for the syntax trees, which are copied and freed by recursion as deep as Python nests its operators. Only what
/// is used takes memory.
const STACK: usize = 256 << 20;

/// What the caller chooses.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct LowerOptions {
    /// Refuse what MyHDL does not convert.
    pub portable: bool,
}

/// Lowers a whole hierarchy. Source files are read from disk and entered into `sources`.
pub fn lower(elaborated: &Elaborated, options: LowerOptions, sources: &mut SourceTable) -> Lowered {
    let large = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("lowering".into()).stack_size(STACK);
        let thread = thread.spawn_scoped(scope, || lowering::lower(elaborated, options, sources)).ok()?;
        Some(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    // Without a thread, the stack that there is serves all but the strangest sources.
    large.unwrap_or_else(|| lowering::lower(elaborated, options, sources))
}
