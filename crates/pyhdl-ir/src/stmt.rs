//! Statements: what a process does, in the structure in which the author wrote it.

use num_bigint::BigInt;
use pyhdl_diag::Span;
use serde::{Deserialize, Serialize};

use crate::{Expr, FunctionId, LocalId, MemoryId, Range, SignalId};

/// Statements in order.
pub type Block = Vec<Stmt>;

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

impl Stmt {
    /// The part of the Python that is this statement without the statements inside it.
    pub fn header(&self) -> Span {
        let condition = match &self.kind {
            StmtKind::If { arms, .. } => arms.first().map(|(condition, _)| condition.span),
            StmtKind::Match { subject, .. } => Some(subject.span),
            StmtKind::For { stop, .. } => Some(stop.span),
            StmtKind::While { condition, .. } => Some(condition.span),
            _ => return self.span,
        };
        let start = Span::new(self.span.file, self.span.start, self.span.start);
        condition.map_or(start, |condition| start.to(condition))
    }
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub enum StmtKind {
    /// `target.next = value` or `local = value`. A value outside the target's bounds is an error at run time,
    /// unless the target wraps.
    Assign {
        target: Target,
        value: Expr,
    },
    If {
        arms: Vec<(Expr, Block)>,
        otherwise: Block,
    },
    /// The first arm whose patterns contain the subject's value and whose guard holds. The patterns of arms without
    /// guard do not overlap.
    Match {
        subject: Expr,
        arms: Vec<MatchArm>,
        otherwise: Block,
    },
    /// `for var in range(start, stop, step)`. The bounds are evaluated once; `step` is not zero.
    For {
        var: LocalId,
        start: Expr,
        stop: Expr,
        step: BigInt,
        body: Block,
    },
    While {
        condition: Expr,
        body: Block,
    },
    Break,
    Continue,
    /// Ends the process's activation, or returns from a function.
    Return(Option<Expr>),
    /// Suspends an `instance` process until the first of the triggers.
    Wait(Vec<Trigger>),
    Assert {
        condition: Expr,
        /// Empty where there is none.
        message: Vec<PrintPart>,
    },
    /// Text on the simulation's output; no line break is added.
    Print(Vec<PrintPart>),
    /// Ends the simulation: regularly for `StopSimulation`, else with the exception of Python's that this names.
    Raise {
        exception: String,
        /// Empty where there is none.
        message: Vec<PrintPart>,
    },
    /// A call of a function that returns nothing.
    Call {
        function: FunctionId,
        args: Vec<Expr>,
    },
    /// A number at random for a variable, from one of the host's generators, by the host's number of it. It is no
    /// expression because each evaluation gives another number. Hardware has no such thing.
    Draw {
        target: LocalId,
        generator: u32,
        numbers: RandomNumbers,
    },
    /// A comment of the author's, without `#` or quotes.
    Comment(String),
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct MatchArm {
    /// Values of the subject; an enumeration's are indices of literals. Not empty.
    pub patterns: Vec<BigInt>,
    pub guard: Option<Expr>,
    pub body: Block,
    /// Where it begins in the Python.
    pub span: Span,
}

/// What is assigned. Signals and memory elements get a new next value; locals change at once.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Target {
    pub place: Place,
    /// Which bits of the place; `None` for all.
    pub part: Option<Part>,
    pub span: Span,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub enum Place {
    Signal(SignalId),
    Memory {
        memory: MemoryId,
        index: Expr,
    },
    Local(LocalId),
    /// An element of a list of variables.
    Element {
        local: LocalId,
        index: Expr,
    },
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub enum Part {
    /// One bit; the value must be 0 or 1.
    Bit(Expr),
    /// `width` bits from `low` upwards.
    Slice { low: Expr, width: u32 },
}

/// Which numbers are drawn at random, all of them alike.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum RandomNumbers {
    /// From 0 to the one before this, which is at least 1.
    Below(BigInt),
    /// Of so many bits, at least 1: the generator's next bits as they are, where `Below` tries until a number is small
    /// enough.
    Bits(u32),
    /// A fraction from 0 to 1, in units of 2^-53.
    Fraction,
}

impl RandomNumbers {
    pub fn range(&self) -> Range {
        match self {
            RandomNumbers::Below(bound) => Range::new(BigInt::ZERO, bound - 1),
            RandomNumbers::Bits(bits) => Range::unsigned(*bits),
            RandomNumbers::Fraction => Range::unsigned(53),
        }
    }
}

/// What a process waits for.
#[derive(Clone, PartialEq, Hash, Debug)]
pub enum Trigger {
    /// Any change of a signal's value.
    Change(SignalId),
    /// A change from zero to non-zero.
    Rising(SignalId),
    /// A change from non-zero to zero.
    Falling(SignalId),
    /// A number of time steps (natural; 0 is the next round at the same time).
    Delay(Expr),
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub enum PrintPart {
    Text(String),
    Value { value: Expr, format: Format },
}

/// How a value is written.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Format {
    /// As Python prints the stored object: `True`/`False` for a bool, decimal for a number that was stored in a
    /// bool signal, decimal for an int, the literal's name for an enumeration.
    Plain,
    /// `str()` of a bit vector: hexadecimal two's complement, zero-padded to `width` bits; 0 for no padding.
    Vector { width: u32 },
    /// A number in a base with a minimum number of characters.
    Number { base: Base, width: u32, pad: Pad },
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Base {
    Binary,
    Octal,
    Decimal,
    Hex,
    HexUpper,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Pad {
    /// Blanks on the left.
    Right,
    /// Blanks on the right.
    Left,
    /// Zeros between sign and digits.
    Zeros,
}
