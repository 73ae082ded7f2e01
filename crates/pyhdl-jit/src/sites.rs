//! [`Sites`]: what machine code says when it leaves its normal way, by number.

use std::borrow::Cow;

use num_bigint::BigInt;
use pyhdl_diag::{FileId, Span};
use pyhdl_ir::{Format, ProcessId, RandomNumbers};
use serde::{Deserialize, Serialize};

/// What happened at a place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
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
    /// A number is drawn at random, of so many limbs, which are put where arguments are.
    Draw { generator: u32, numbers: RandomNumbers, limbs: u32 },
    /// A text made of the arguments, raised.
    Raise { exception: String, message: Vec<Piece> },
    /// A loop without end.
    LoopLimit {
        #[serde(with = "place")]
        process: Span,
        limit: u64,
    },
    /// The time of a delay does not exist.
    TimeOverflow,
    /// A number without bounds has left 64 bits.
    Overflow,
}

/// A piece of text; values are arguments, in order.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Piece {
    Text(String),
    Value { bool: bool, format: Format, literals: Option<u32> },
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Site {
    pub event: Event,
    #[serde(with = "process")]
    pub process: ProcessId,
    #[serde(with = "place")]
    pub span: Span,
    /// Limbs of each argument.
    pub arguments: Vec<u32>,
}

pub type Sites = Vec<Site>;

/// A place in the Python as numbers.
mod place {
    use super::*;

    pub fn serialize<S: serde::Serializer>(span: &Span, to: S) -> Result<S::Ok, S::Error> {
        (span.file.index() as u32, span.start, span.end).serialize(to)
    }

    pub fn deserialize<'d, D: serde::Deserializer<'d>>(from: D) -> Result<Span, D::Error> {
        let (file, start, end) = <(u32, u32, u32)>::deserialize(from)?;
        Ok(Span { file: FileId::from_usize(file as usize), start, end })
    }
}

/// A process as its number.
mod process {
    use super::*;

    pub fn serialize<S: serde::Serializer>(id: &ProcessId, to: S) -> Result<S::Ok, S::Error> {
        (id.index() as u32).serialize(to)
    }

    pub fn deserialize<'d, D: serde::Deserializer<'d>>(from: D) -> Result<ProcessId, D::Error> {
        Ok(ProcessId::from_usize(u32::deserialize(from)? as usize))
    }
}
