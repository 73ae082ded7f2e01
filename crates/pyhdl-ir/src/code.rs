//! Text of the author's in an output language, in place of a block's own contents.

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
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum CodePart {
    Text(String),
    /// The name of a signal.
    Signal(SignalId),
    /// The name of an array.
    Memory(MemoryId),
}
