//! Expressions: what a process computes. Evaluation has no side effects; Python's short circuits are explicit.

use num_bigint::BigInt;
use pyhdl_diag::Span;

use crate::{EnumId, FunctionId, LocalId, MemoryId, SignalId, TableId, Type};

/// An expression with the exact set of its Python values and the Python that it came from.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    pub ty: Type,
    pub span: Span,
}

impl Expr {
    /// Whether it is the same expression, wherever in the Python either of them is.
    pub fn is_same(&self, other: &Expr) -> bool {
        self.at(self.span) == other.at(self.span)
    }

    /// A copy that claims to come from one place.
    fn at(&self, span: Span) -> Expr {
        fn place(e: &mut Expr, span: Span) {
            e.span = span;
            e.kind.for_each_operand_mut(&mut |operand| place(operand, span));
        }
        let mut copy = self.clone();
        place(&mut copy, span);
        copy
    }
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub enum ExprKind {
    /// An integer constant; with type `Bool`, 0 or 1.
    Const(BigInt),
    /// A literal of an enumeration, by its index.
    EnumLiteral(EnumId, u32),
    /// The current value of a signal.
    Signal(SignalId),
    Local(LocalId),
    /// High impedance: the signal that gets it is let go.
    HighImpedance,
    /// The simulation time in time steps.
    Time,
    /// An element of a list of variables.
    Element {
        local: LocalId,
        index: Box<Expr>,
    },
    /// The current value of a memory element. An index outside `0..depth` is an error at run time.
    MemoryRead {
        memory: MemoryId,
        index: Box<Expr>,
    },
    /// An entry of a constant table (ROM). An index outside `0..len` is an error at run time.
    TableRead {
        table: TableId,
        index: Box<Expr>,
    },
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// Short-circuit `and` / `or` of two operands of type `Bool`.
    Logic(LogicOp, Box<Expr>, Box<Expr>),
    /// `then if condition else otherwise`; only the chosen arm is evaluated. The condition has type `Bool`.
    Select {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    /// Bit `index` of the two's complement form of `value` (infinitely sign-extended): type `Bool`.
    Bit {
        value: Box<Expr>,
        index: Box<Expr>,
    },
    /// Bits `low + width - 1 .. low` of `value`, as an unsigned number.
    Slice {
        value: Box<Expr>,
        low: Box<Expr>,
        width: u32,
    },
    /// The operands' low `width` bits side by side, the first one topmost, as an unsigned number.
    Concat(Vec<ConcatPart>),
    /// The low `width` bits of `value` read as a two's complement number.
    Signed {
        value: Box<Expr>,
        width: u32,
    },
    /// The low `width` bits of `value` read as an unsigned number.
    Unsigned {
        value: Box<Expr>,
        width: u32,
    },
    /// Whether the value is not zero: type `Bool`.
    Truth(Box<Expr>),
    /// A call of a function that returns a value; one argument for each parameter.
    Call {
        function: FunctionId,
        args: Vec<Expr>,
    },
}

/// One operand of a concatenation.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct ConcatPart {
    pub value: Expr,
    pub width: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOp {
    Negate,
    /// `~x` of Python: `-x - 1`.
    Invert,
    /// `not x` of a `Bool`.
    Not,
    Abs,
}

/// Operators on integers, all with Python's meaning: exact, unbounded, floor division, modulo with the divisor's sign.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    FloorDiv,
    Mod,
    Pow,
    ShiftLeft,
    ShiftRight,
    /// Bitwise, on two's complement of unlimited width. Of two `Bool` operands the result is a `Bool`.
    And,
    Or,
    Xor,
    Min,
    Max,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CompareOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LogicOp {
    And,
    Or,
}
