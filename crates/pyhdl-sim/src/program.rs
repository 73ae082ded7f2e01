//! [`Program`]: what the interpreter runs. Every process and function is a stretch of one linear list of operations
//! with jumps, so that a process can be left at a wait and resumed by position; expressions are nodes of one table.

use std::ops::Range;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::Span;
use pyhdl_ir::{
    BinaryOp, CompareOp, EnumId, Format, FunctionId, LogicOp, MemoryId, ProcessId, RandomNumbers, SignalId,
    TableId, UnaryOp,
};

use crate::Value;
use crate::quick::Quick;

/// An expression in [`Program::nodes`].
pub(crate) type NodeId = u32;
/// An operation in [`Program::ops`].
pub(crate) type Position = u32;
/// A local variable, or a hidden one of a loop or match, counted from the frame's start.
pub(crate) type Slot = u32;

#[derive(Debug, Default)]
pub(crate) struct Program {
    pub nodes: Vec<Node>,
    /// How each node may be evaluated.
    pub quick: Vec<Quick>,
    /// The Python of each node.
    pub node_spans: Vec<Span>,
    /// Operands of calls and concatenations, as stretches.
    pub operands: Vec<NodeId>,
    pub ops: Vec<Op>,
    /// The Python statement of each operation.
    pub op_spans: Vec<Span>,
    pub sites: Vec<WaitSite>,
    pub switches: Vec<Switch>,
    pub cases: Vec<Vec<Value>>,
    pub parts: Vec<PartTarget>,
    pub prints: Vec<Vec<Piece>>,
    /// Generators of random numbers, and what is drawn from them.
    pub draws: Vec<(u32, RandomNumbers)>,
    /// Names of local variables, for messages.
    pub names: Vec<String>,
    pub processes: IndexVec<ProcessId, ProcessCode>,
    pub functions: IndexVec<FunctionId, FunctionCode>,
    pub signals: IndexVec<SignalId, Bound>,
    pub locals: Vec<Bound>,
    pub memories: IndexVec<MemoryId, Vec<SignalId>>,
    pub tables: IndexVec<TableId, Vec<Value>>,
    pub enums: IndexVec<EnumId, Vec<String>>,
}

/// What may be stored in a signal or a variable.
#[derive(Debug)]
pub(crate) enum Bound {
    /// 0 or 1; the object is kept as it is.
    Bool,
    Bits(Bits),
    /// Any number, kept as it is.
    Free,
    /// The value lives with the host.
    Opaque,
}

#[derive(Debug)]
pub(crate) struct Bits {
    /// Both bounds, inclusive.
    pub min: BigInt,
    pub max: BigInt,
    /// The same, where machine integers hold them.
    pub small: Option<(i64, i64)>,
    pub wraps: bool,
}

#[derive(Debug)]
pub(crate) struct ProcessCode {
    pub entry: Position,
    /// Number of local and hidden variables.
    pub slots: u32,
    /// A generator of the host's; there is no code.
    pub foreign_thread: bool,
    /// Its waits are numbered from here.
    pub first_site: u32,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) struct FunctionCode {
    pub entry: Position,
    pub slots: u32,
    /// Parameters that are passed by reference.
    pub inouts: Vec<Slot>,
    pub span: Span,
}

#[derive(Debug)]
pub(crate) enum Node {
    Const(Value),
    Time,
    Signal(SignalId),
    Local {
        slot: Slot,
        name: u32,
    },
    Element {
        list: List,
        name: u32,
        index: NodeId,
    },
    MemoryRead {
        memory: MemoryId,
        index: NodeId,
    },
    TableRead {
        table: TableId,
        index: NodeId,
    },
    Unary(UnaryOp, NodeId),
    Binary(BinaryOp, NodeId, NodeId),
    Compare(CompareOp, NodeId, NodeId),
    Logic(LogicOp, NodeId, NodeId),
    Select {
        condition: NodeId,
        then: NodeId,
        otherwise: NodeId,
    },
    Bit {
        value: NodeId,
        index: NodeId,
    },
    Slice {
        value: NodeId,
        low: NodeId,
        width: u32,
    },
    /// Operand nodes in `operands`; their widths in the same order.
    Concat {
        operands: Range<u32>,
        widths: Vec<u32>,
    },
    Signed {
        value: NodeId,
        width: u32,
    },
    Unsigned {
        value: NodeId,
        width: u32,
    },
    Truth(NodeId),
    Call {
        function: FunctionId,
        args: Range<u32>,
    },
}

#[derive(Debug)]
pub(crate) enum Op {
    /// Forgets the local variables: the start of an activation that Python would run as a new call.
    /// Takes the values of these slots away; an end beyond the frame means the frame's.
    Clear {
        slots: Vec<Range<Slot>>,
    },
    SetSignal {
        signal: SignalId,
        value: NodeId,
    },
    SetMemory {
        memory: MemoryId,
        index: NodeId,
        value: NodeId,
    },
    /// `bound` indexes [`Program::locals`].
    SetElement {
        list: List,
        /// Of the elements; indexes [`Program::locals`].
        bound: u32,
        index: NodeId,
        value: NodeId,
    },
    SetLocal {
        slot: Slot,
        bound: u32,
        value: NodeId,
    },
    /// Indexes [`Program::parts`].
    SetPart(u32),
    /// Puts a value in a hidden variable; a bool becomes a number.
    Save {
        slot: Slot,
        value: NodeId,
    },
    /// Gives a variable a number at random; indexes [`Program::draws`].
    Draw {
        slot: Slot,
        draw: u32,
    },
    Jump(Position),
    /// The jump at the end of a loop's body, which counts iterations.
    Loop(Position),
    JumpIfFalse {
        condition: NodeId,
        to: Position,
    },
    /// Jumps by the value of a hidden variable; indexes [`Program::switches`].
    Switch {
        slot: Slot,
        switch: u32,
    },
    /// Jumps where the value of a hidden variable is not among [`Program::cases`].
    JumpIfOther {
        slot: Slot,
        case: u32,
        to: Position,
    },
    /// The next round of a `for`: `counter` holds the next value and `stop` the bound.
    Next {
        counter: Slot,
        stop: Slot,
        var: Slot,
        step: NodeId,
        exit: Position,
    },
    /// Indexes [`Program::sites`].
    Wait(u32),
    /// The end of a thread or a function.
    Return(Option<NodeId>),
    /// Runs the body of a process that stays with the host.
    Foreign,
    /// Resets what such a process keeps.
    ForeignReset,
    /// `message` indexes [`Program::prints`].
    Assert {
        condition: NodeId,
        message: u32,
    },
    /// Indexes [`Program::prints`].
    Print(u32),
    /// `message` indexes [`Program::prints`].
    Raise {
        exception: String,
        message: u32,
    },
    Call {
        function: FunctionId,
        args: Range<u32>,
        /// The slots of those arguments that are nothing but variables: a task may change them.
        variables: Vec<Option<Slot>>,
    },
}

/// A place where a process waits.
#[derive(Debug, Default)]
pub(crate) struct WaitSite {
    pub triggers: Vec<SiteTrigger>,
}

#[derive(Debug)]
pub(crate) enum SiteTrigger {
    Change(SignalId),
    Rising(SignalId),
    Falling(SignalId),
    Delay(NodeId),
}

/// A multiway jump, sorted by value.
#[derive(Debug)]
pub(crate) struct Switch {
    pub arms: Vec<(Value, Position)>,
    pub otherwise: Position,
}

/// The slots of a list of variables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct List {
    pub first: Slot,
    pub length: u32,
}

/// An assignment to some bits of a place.
#[derive(Debug)]
pub(crate) struct PartTarget {
    pub place: PartPlace,
    pub bits: PartBits,
    pub value: NodeId,
}

#[derive(Debug)]
pub(crate) enum PartPlace {
    Signal(SignalId),
    Memory {
        memory: MemoryId,
        index: NodeId,
    },
    Local {
        slot: Slot,
        bound: u32,
        name: u32,
    },
    /// An element of a list of variables, which are in slots one behind the other.
    Element {
        list: List,
        bound: u32,
        name: u32,
        index: NodeId,
    },
}

#[derive(Debug)]
pub(crate) enum PartBits {
    Bit(NodeId),
    Slice { low: NodeId, width: u32 },
}

/// A piece of printed text.
#[derive(Debug)]
pub(crate) enum Piece {
    Text(String),
    Value { value: NodeId, format: Format, literals: Option<EnumId> },
}
