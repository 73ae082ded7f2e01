//! [`Sites`]: what machine code says when it leaves its normal way, by number.

use std::borrow::Cow;

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::{EnumId, Format, ProcessId};

/// What happened at a place.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// The argument is not between the bounds.
    OutOfBounds { min: BigInt, max: BigInt },
    /// The argument is neither 0 nor 1.
    NotBool,
    /// The argument does not fit in so many bits; the second one is the lowest bit.
    PartTooLarge { width: u32 },
    /// The argument is not a bit; the second one is its index.
    NotBit,
    /// The argument is negative: the low end of a slice that is read, or assigned.
    NegativeLow { assigned: bool },
    /// An exception with this text.
    Python { exception: Cow<'static, str>, message: String },
    /// A text made of the arguments, printed.
    Print(Vec<Piece>),
    /// A text made of the arguments, raised.
    Raise { exception: String, message: Vec<Piece> },
    /// A loop without end.
    LoopLimit { process: Span, limit: u64 },
    /// The time of a delay does not exist.
    TimeOverflow,
    /// A number without bounds has left 64 bits.
    Overflow,
}

/// A piece of text; values are arguments, in order.
#[derive(Clone, PartialEq, Debug)]
pub enum Piece {
    Text(String),
    Value { limbs: u32, bool: bool, format: Format, literals: Option<EnumId> },
}

#[derive(Clone, PartialEq, Debug)]
pub struct Site {
    pub event: Event,
    pub process: ProcessId,
    pub span: Span,
    /// Limbs of each argument.
    pub arguments: Vec<u32>,
}

pub type Sites = Vec<Site>;
