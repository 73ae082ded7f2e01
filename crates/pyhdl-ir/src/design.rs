//! The design itself: scopes, signals, memories, tables, functions, processes.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use oxc_index::{IndexVec, define_nonmax_u32_index_type};
use pyhdl_diag::Span;

use crate::{Block, EnumType, StorageType, Trigger, Type};

define_nonmax_u32_index_type! {
    /// An instance of a block in the hierarchy.
    pub struct ScopeId;
}
define_nonmax_u32_index_type! {
    pub struct SignalId;
}
define_nonmax_u32_index_type! {
    /// A list of signals that is indexed at run time.
    pub struct MemoryId;
}
define_nonmax_u32_index_type! {
    /// A constant table (ROM).
    pub struct TableId;
}
define_nonmax_u32_index_type! {
    pub struct EnumId;
}
define_nonmax_u32_index_type! {
    pub struct ProcessId;
}
define_nonmax_u32_index_type! {
    pub struct FunctionId;
}
define_nonmax_u32_index_type! {
    /// A local variable of a process or a function.
    pub struct LocalId;
}

/// A whole elaborated and lowered design. Every id in it indexes its own vectors.
#[derive(Clone, PartialEq, Hash, Debug, Default)]
pub struct Design {
    /// `scopes[0]` is the top; a scope comes after its parent.
    pub scopes: IndexVec<ScopeId, Scope>,
    pub signals: IndexVec<SignalId, Signal>,
    pub memories: IndexVec<MemoryId, Memory>,
    pub tables: IndexVec<TableId, Table>,
    pub enums: IndexVec<EnumId, EnumType>,
    pub processes: IndexVec<ProcessId, Process>,
    pub functions: IndexVec<FunctionId, Function>,
    /// Where the Python reads an integer by a plain name that no body assigns; the expression there is a constant.
    pub constants: BTreeSet<Span>,
}

/// One instance of a block.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Scope {
    /// The instance's name in its parent.
    pub name: String,
    /// The block function's name: what a module is called.
    pub block: String,
    pub parent: Option<ScopeId>,
    /// Processes and sub-instances in the order in which the block returned them.
    pub items: Vec<Item>,
    /// Signals and memories visible here under the names they have here: parameters first, then locals in the order
    /// of their definition. A signal may have several names; the first is the one to use. Interface members are
    /// `bus_data`, list elements `taps_3`.
    pub names: Vec<(String, Visible)>,
    /// How many of `names`, from the front, are parameters.
    pub params: u32,
    /// What the scope sees as one object or list, in the order of `names`.
    pub groups: Vec<Group>,
    /// The signals that cross this scope's boundary, in the order of the parameters, then by first use.
    pub ports: Vec<Port>,
    /// The block's docstring.
    pub doc: Option<String>,
    /// The `def` line.
    pub span: Span,
    /// Where the parent makes the instance, if that is known.
    pub instance: Option<Span>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Item {
    Process(ProcessId),
    Scope(ScopeId),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Visible {
    Signal(SignalId),
    Memory(MemoryId),
}

/// An object with signals, or a list of signals, under the name that it has in a scope.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Group {
    pub name: String,
    pub kind: GroupKind,
    /// In order, each with its name behind the group's: `data`, `lanes_2`; in lists `3`, `1_0`. Not empty.
    pub members: Vec<(String, SignalId)>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum GroupKind {
    /// An object of a class.
    Object { class: String },
    /// A list, or a list of lists: the number of elements in each dimension.
    List { dimensions: Vec<u32> },
}

/// A signal that crosses a scope's boundary.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Port {
    /// The signal's name in this scope.
    pub name: String,
    pub signal: SignalId,
    pub direction: Direction,
    /// Where the scope's block gives it its name, if that is known.
    pub span: Option<Span>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Direction {
    /// Read inside, or not used at all; driven outside.
    In,
    /// Driven inside (and possibly read inside).
    Out,
    /// A tristate bus: driven inside and outside.
    InOut,
}

/// One signal of the flattened design.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Signal {
    /// Its name in its home scope.
    pub name: String,
    /// The innermost scope that contains every use of the signal and every scope that names it.
    pub home: ScopeId,
    pub ty: StorageType,
    /// The value before anything drives it; for an enumeration the index of a literal.
    pub init: BigInt,
    /// A `Constant`: nothing may drive it.
    pub constant: bool,
    /// It can be let go, to high impedance, and several processes may drive it: a tristate bus, or a driver of one.
    pub floating: bool,
    /// For a reset signal, what the author said about it.
    pub reset: Option<ResetPolarity>,
    /// Where its home gives it its name; where that is not known, the home's `def` line.
    pub span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ResetPolarity {
    /// The level at which the design is held in reset.
    pub active_high: bool,
    /// Takes effect at once, not at the next clock edge.
    pub asynchronous: bool,
}

/// A list of signals of one type that some process indexes with a value known only at run time. The elements are
/// ordinary signals: they may have names and be used one by one as well.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Memory {
    pub name: String,
    pub home: ScopeId,
    /// Element 0 first. Not empty.
    pub elements: Vec<SignalId>,
    pub span: Span,
}

/// A constant table: a tuple of integers that a process indexes.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Table {
    pub name: String,
    /// Entry 0 first. Not empty.
    pub entries: Vec<BigInt>,
}

/// A local variable.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Local {
    pub name: String,
    pub ty: StorageType,
    /// The value at the start, for a variable of a process that keeps its value from one activation to the next; a
    /// reset gives it this value again. Such variables come first.
    pub init: Option<BigInt>,
    /// A parameter of a task that is passed by reference: the argument is a local variable of the same type.
    pub inout: bool,
    /// Number of elements, for a list of variables of the type.
    pub length: Option<u32>,
}

impl Local {
    /// A variable that has no value at the start of each activation.
    pub fn new(name: impl Into<String>, ty: StorageType) -> Local {
        Local { name: name.into(), ty, init: None, inout: false, length: None }
    }
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Process {
    /// The Python function's name; for a continuous assignment the driven signal's.
    pub name: String,
    pub scope: ScopeId,
    pub kind: ProcessKind,
    pub locals: IndexVec<LocalId, Local>,
    pub body: Block,
    /// Why the body stays in Python, where it uses what has no hardware meaning: then `body` is empty, and a
    /// simulation has its host run the process when `kind` says so.
    pub foreign: Option<String>,
    pub doc: Option<String>,
    pub span: Span,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub enum ProcessKind {
    /// A continuous assignment that the author wrote as a shadow signal: a slice or a concatenation. The body is
    /// one assignment.
    Continuous { sensitivity: Vec<SignalId> },
    /// `@always_comb`: runs once at the start, then whenever a signal of the list changes.
    Combinational { sensitivity: Vec<SignalId> },
    /// `@always(...)`: waits for the first of the triggers, runs, waits again.
    Triggered { triggers: Vec<Trigger> },
    /// `@always_seq(edge, reset)`: as `Triggered` by the edge; with a reset, its signals get their initial values
    /// instead of the body's, at once (asynchronous) or at the edge (synchronous).
    Sequential { clock: SignalId, rising: bool, reset: Option<Reset> },
    /// `@instance`: runs once from the start, and stops where its body ends.
    Thread,
    /// Something whose inside is not known here, without a body: it does nothing in a simulation.
    Opaque { reads: Vec<SignalId>, drives: Vec<SignalId> },
}

/// The reset of a sequential process.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Reset {
    pub signal: SignalId,
    pub polarity: ResetPolarity,
    /// The signals that the body drives: each gets its initial value while reset is active.
    pub targets: Vec<SignalId>,
}

/// A function that processes call. Arguments are passed by value, if a parameter does not say otherwise; signals it drives are named in its body.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Function {
    pub name: String,
    /// The scope whose names its body uses.
    pub scope: ScopeId,
    /// The first `params` locals are the parameters.
    pub params: u32,
    pub locals: IndexVec<LocalId, Local>,
    pub body: Block,
    /// `None` for a task: a function that returns nothing.
    pub returns: Option<Type>,
    pub doc: Option<String>,
    pub span: Span,
}

impl Design {
    /// The top scope.
    pub fn top(&self) -> ScopeId {
        ScopeId::from_usize(0)
    }

    /// The instance path of a scope, top first, joined by dots.
    pub fn path(&self, scope: ScopeId) -> String {
        let mut names = vec![self.scopes[scope].name.as_str()];
        let mut at = scope;
        while let Some(parent) = self.scopes[at].parent {
            names.push(&self.scopes[parent].name);
            at = parent;
        }
        names.reverse();
        names.join(".")
    }

    /// A signal's hierarchical name.
    pub fn signal_path(&self, signal: SignalId) -> String {
        let s = &self.signals[signal];
        format!("{}.{}", self.path(s.home), s.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_optional_id_costs_nothing() {
        assert_eq!(size_of::<Option<SignalId>>(), size_of::<SignalId>());
        assert_eq!(size_of::<Option<ScopeId>>(), size_of::<ScopeId>());
    }
}
