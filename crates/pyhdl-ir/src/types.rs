//! Types: what values a signal, a local variable or an expression can have.

use num_bigint::BigInt;

use crate::{EnumId, Range};

/// The type of an expression: which Python values it can have.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Type {
    /// `False` or `True`. In arithmetic it counts as 0 or 1.
    Bool,
    /// An integer within an exact range.
    Int(Range),
    Enum(EnumId),
}

impl Type {
    /// The range of the value as an integer; for an enumeration, `None`.
    pub fn range(&self) -> Option<Range> {
        match self {
            Type::Bool => Some(Range::bit()),
            Type::Int(range) => Some(range.clone()),
            Type::Enum(_) => None,
        }
    }
}

/// A bit vector with Python's bounds: what `intbv` and `modbv` declare.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct BitsType {
    /// Number of bits; two's complement where the range has negative values.
    pub width: u32,
    /// Lowest value that may be assigned.
    pub min: BigInt,
    /// Highest value that may be assigned (inclusive; MyHDL's `max` is one more).
    pub max: BigInt,
    /// Out-of-range values wrap around (`modbv`) instead of being refused (`intbv`).
    pub wraps: bool,
}

impl BitsType {
    pub fn unsigned(width: u32) -> Self {
        BitsType { width, min: BigInt::ZERO, max: (BigInt::from(1) << width) - 1, wraps: false }
    }

    pub fn range(&self) -> Range {
        Range::new(self.min.clone(), self.max.clone())
    }

    pub fn is_signed(&self) -> bool {
        self.min < BigInt::ZERO
    }
}

/// The type of storage: a signal, a memory element or a local variable.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum StorageType {
    /// One bit that is `False` or `True`.
    Bool,
    Bits(BitsType),
    Enum(EnumId),
    /// A Python `int`: no bounds, no width. A signal of this type can be simulated, not emitted. For a local
    /// variable the range is the union of what is assigned to it.
    Int(Range),
    /// A value that only Python understands; no lowered process touches it.
    Opaque,
}

impl StorageType {
    /// The type of an expression that reads this storage.
    pub fn value_type(&self) -> Type {
        match self {
            StorageType::Bool => Type::Bool,
            StorageType::Bits(bits) => Type::Int(bits.range()),
            StorageType::Enum(id) => Type::Enum(*id),
            StorageType::Int(range) => Type::Int(range.clone()),
            StorageType::Opaque => Type::Int(Range::all()),
        }
    }

    /// Number of bits, where it has one. An enumeration's width is its type's.
    pub fn width(&self) -> Option<u32> {
        match self {
            StorageType::Bool => Some(1),
            StorageType::Bits(bits) => Some(bits.width),
            _ => None,
        }
    }
}

/// How an enumeration's literals are coded in bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Encoding {
    Binary,
    OneHot,
    OneCold,
}

/// An enumeration type. A value of it is the index of a literal.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct EnumType {
    /// The name under which the author keeps the type, `t_state` for `t_state = enum(...)`.
    pub name: String,
    pub literals: Vec<String>,
    pub encoding: Encoding,
}

impl EnumType {
    /// Number of bits of the code.
    pub fn width(&self) -> u32 {
        let count = self.literals.len() as u32;
        match self.encoding {
            Encoding::Binary => (u32::BITS - count.saturating_sub(1).leading_zeros()).max(1),
            Encoding::OneHot | Encoding::OneCold => count,
        }
    }

    /// The code of a literal as an unsigned number of [`EnumType::width`] bits.
    pub fn code(&self, index: u32) -> BigInt {
        match self.encoding {
            Encoding::Binary => BigInt::from(index),
            Encoding::OneHot => BigInt::from(1) << index,
            Encoding::OneCold => (BigInt::from(1) << self.width()) - 1 - (BigInt::from(1) << index),
        }
    }
}
