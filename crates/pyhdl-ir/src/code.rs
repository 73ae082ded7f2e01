//! Text of the author's in an output language, in place of a block's own contents.

use std::path::PathBuf;

use num_bigint::BigInt;
use pyhdl_diag::Span;

use crate::{Direction, MemoryId, SignalId};

/// What an author wrote for one block, for each language that there is something for.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct UserCode {
    pub verilog: Option<CodeBody>,
    pub vhdl: Option<CodeBody>,
    /// Of the signals that it drives, those that are wires in Verilog.
    pub wires: Vec<SignalId>,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub enum CodeBody {
    /// The contents of the block's module.
    Text(Vec<CodePart>),
    /// There is a module elsewhere: an instance of it, with this name, is all that is wanted.
    Instance(String),
    /// The same, with everything called as it is there.
    BlackBox(BlackBox),
}

/// An instance of a module that the design does not make.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct BlackBox {
    /// The module or entity.
    pub module: String,
    /// The VHDL library that it is in.
    pub library: String,
    /// In VHDL, a component is declared: no entity is known when the design is analysed.
    pub component: bool,
    /// Parameters or generics that get a value.
    pub parameters: Vec<(String, Parameter)>,
    pub ports: Vec<BoxPort>,
    /// In VHDL, its ports with several bits have the types that signals have, not `std_logic_vector`.
    pub numeric: bool,
    /// It is emitted as well, into another file.
    pub known: bool,
    /// The files that it is in, which go with the design.
    pub files: Vec<PathBuf>,
    /// Its Python.
    pub span: Span,
}

/// A port of a black box, and the signal at it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct BoxPort {
    pub name: String,
    pub signal: SignalId,
    pub direction: Direction,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Parameter {
    Int(BigInt),
    Bool(bool),
    /// As Python writes it, with a point or an exponent.
    Real(String),
    Text(String),
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum CodePart {
    Text(String),
    /// The name of a signal.
    Signal(SignalId),
    /// The name of an array.
    Memory(MemoryId),
}
