//! Text of the author's in an output language, in place of a block's own contents.

use num_bigint::BigInt;

use crate::{MemoryId, SignalId};

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
    /// In VHDL, a component is declared: nothing says that there is an entity to be found when the design is analysed.
    pub component: bool,
    /// Parameters or generics that get a value.
    pub parameters: Vec<(String, Parameter)>,
    /// All ports with the signals at them.
    pub ports: Vec<(String, SignalId)>,
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
