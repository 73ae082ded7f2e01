//! A [`pyhdl_ir::Design`] as HDL text: hierarchical, with the author's names, one printer per language.
//!
//! - `naming`: legal names, the same ones every time;
//! - `modules`: which scopes share a module;
//! - `storage`: which memories are real arrays in the output;
//! - `verilog`, `vhdl`: the printers.

pub mod codes;
mod modules;
mod naming;
mod storage;
mod verilog;
mod vhdl;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{Diagnostics, SourceTable, Span};
use pyhdl_ir::{Design, Direction, EnumId, SignalId};

/// An output language.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Language {
    /// Verilog-2005.
    Verilog,
    /// VHDL-2008.
    Vhdl,
}

/// What the caller chooses.
#[derive(Clone, Debug)]
pub struct EmitOptions<'a> {
    /// The value that each signal shows after power-up, as its declared initial value; `None` for the signals'
    /// initial values.
    pub power_up: Option<IndexVec<SignalId, BigInt>>,
    /// The name of the top module and of the file; the top block's name by default.
    pub name: Option<String>,
    /// Where spans point, for comments.
    pub sources: &'a SourceTable,
}

/// Emitted HDL.
#[derive(Clone, PartialEq, Debug)]
pub struct Emitted {
    /// File names and texts.
    pub files: Vec<(String, String)>,
    /// The top module's name as emitted.
    pub top: String,
    /// The top's ports in order.
    pub ports: Vec<EmittedPort>,
    /// The VHDL package with the enumeration types, if there is one.
    pub package: Option<String>,
    /// Which lines (from 1, both included) of which file came from which Python.
    pub lines: Vec<LineOrigin>,
}

/// A port of the emitted top.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EmittedPort {
    /// As emitted.
    pub name: String,
    pub signal: SignalId,
    pub direction: Direction,
    /// Number of bits; of an enumeration, of its code.
    pub width: u32,
    pub signed: bool,
    /// One bit without a range: `std_logic` in VHDL.
    pub is_bool: bool,
    /// For an enumeration: the type, the type's name and the literals' names as emitted.
    pub enumeration: Option<(EnumId, String, Vec<String>)>,
}

/// Lines of an emitted file and where they came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineOrigin {
    /// Index into [`Emitted::files`].
    pub file: u32,
    pub first: u32,
    pub last: u32,
    pub span: Span,
}

/// Prints a design whose signals have been placed. Fails with at least one error where a process has no meaning in
/// hardware; then there is no output at all.
pub fn emit(design: &Design, language: Language, options: &EmitOptions) -> Result<Emitted, Diagnostics> {
    match language {
        Language::Verilog => verilog::emit(design, options),
        Language::Vhdl => vhdl::emit(design, options),
    }
}
