//! Expressions over vectors of bits: what both printers print. Every node has a shape, every operand has exactly the
//! shape that its operator wants, and nothing is extended or cut silently.

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::{
    BinaryOp, CompareOp, Design, EnumId, FunctionId, LocalId, LogicOp, MemoryId, Range, SignalId,
    StorageType, TableId, Type,
};

/// A vector of bits and how they are read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Vector {
    pub width: u32,
    /// Two's complement, otherwise unsigned.
    pub signed: bool,
}

impl Vector {
    pub fn unsigned(width: u32) -> Vector {
        Vector { width, signed: false }
    }

    pub fn signed(width: u32) -> Vector {
        Vector { width, signed: true }
    }

    /// The smallest vector that holds every value of the range; `None` for an infinite range.
    pub fn of(range: &Range) -> Option<Vector> {
        Some(Vector { width: range.width()?, signed: range.may_be_negative() })
    }

    /// The smallest vector that holds every value of both.
    pub fn join(self, other: Vector) -> Vector {
        let signed = self.signed || other.signed;
        let need = |v: Vector| if signed && !v.signed { v.width + 1 } else { v.width };
        Vector { width: need(self).max(need(other)), signed }
    }

    /// The value whose bits are those of `value` modulo `2**width`.
    pub fn wrap(self, value: &BigInt) -> BigInt {
        let modulus = BigInt::from(1) << self.width;
        let mut low = value % &modulus;
        if low < BigInt::ZERO {
            low += &modulus;
        }
        if self.signed && (&low << 1u32) >= modulus {
            low -= modulus;
        }
        low
    }
}

/// What a value is made of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Shape {
    /// One bit that is a truth value: `std_logic` in VHDL.
    Bool,
    Bits(Vector),
    Enum(EnumId),
}

impl Shape {
    /// The shape of storage; `None` where it has no bounds.
    pub fn of_storage(ty: &StorageType) -> Option<Shape> {
        match ty {
            StorageType::Bool => Some(Shape::Bool),
            StorageType::Bits(bits) => {
                Some(Shape::Bits(Vector { width: bits.width, signed: bits.is_signed() }))
            }
            StorageType::Enum(id) => Some(Shape::Enum(*id)),
            StorageType::Int(range) => Vector::of(range).map(Shape::Bits),
            StorageType::Opaque => None,
        }
    }

    /// The shape of a function's result; `None` where it has no bounds.
    pub fn of_type(ty: &Type) -> Option<Shape> {
        match ty {
            Type::Bool => Some(Shape::Bool),
            Type::Int(range) => Vector::of(range).map(Shape::Bits),
            Type::Enum(id) => Some(Shape::Enum(*id)),
        }
    }

    /// Number of bits and whether they are signed.
    pub fn vector(self, design: &Design) -> Vector {
        match self {
            Shape::Bool => Vector::unsigned(1),
            Shape::Bits(vector) => vector,
            Shape::Enum(id) => Vector::unsigned(design.enums[id].width()),
        }
    }
}

/// A known value.
#[derive(Clone, Debug)]
pub(crate) struct Constant {
    value: BigInt,
    /// Where the Python reads it by a name.
    pub place: Option<Span>,
}

impl From<BigInt> for Constant {
    fn from(value: BigInt) -> Constant {
        Constant { value, place: None }
    }
}

impl std::ops::Deref for Constant {
    type Target = BigInt;

    fn deref(&self) -> &BigInt {
        &self.value
    }
}

impl PartialEq for Constant {
    fn eq(&self, other: &Constant) -> bool {
        self.value == other.value
    }
}

impl PartialEq<BigInt> for Constant {
    fn eq(&self, other: &BigInt) -> bool {
        self.value == *other
    }
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Node {
    pub kind: NodeKind,
    pub shape: Shape,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum NodeKind {
    /// Within the shape; of a `Bool` 0 or 1.
    Const(Constant),
    Literal(EnumId, u32),
    Signal(SignalId),
    Local(LocalId),
    /// A loop's counter, an integer in both languages, as a vector that holds all its values.
    Counter(LocalId),
    /// An element of a memory that is an array.
    Element(MemoryId, Box<Index>),
    /// The simulation time, 64 bits.
    Time,
    /// High impedance in all bits.
    HighImpedance,
    /// An element of a list of variables.
    Item(LocalId, Box<Index>),
    /// An entry of a constant table.
    Entry(TableId, Box<Index>),
    Call(FunctionId, Vec<Node>),
    /// A `Bool` as an unsigned vector of one bit.
    FromBool(Box<Node>),
    /// A vector of one bit as a `Bool`.
    ToBool(Box<Node>),
    /// Another width: extended as the operand's sign says, or the low bits. The sign is the operand's.
    Resize(Box<Node>),
    /// The same bits, read with the other sign.
    Reinterpret(Box<Node>),
    /// Addition, subtraction, multiplication, bitwise operations, minimum, maximum: operands of the node's shape.
    /// On `Bool`, the bitwise ones.
    Binary(BinaryOp, Box<Node>, Box<Node>),
    /// A product whose operands have the product's sign and widths of their own, no more than the product's
    /// together.
    Product(Box<Node>, Box<Node>),
    Negate(Box<Node>),
    /// Bitwise; on a `Bool`, not.
    Invert(Box<Node>),
    Abs(Box<Node>),
    ShiftLeft(Box<Node>, Amount),
    /// Arithmetic where the shape is signed.
    ShiftRight(Box<Node>, Amount),
    /// The divisor is not zero where it says so.
    FloorDiv(Box<Node>, Box<Node>, Defined),
    Modulo(Box<Node>, Box<Node>, Defined),
    /// Operands of one shape.
    Compare(CompareOp, Box<Node>, Box<Node>),
    /// Short-circuit.
    Logic(LogicOp, Box<Node>, Box<Node>),
    Select(Box<Node>, Box<Node>, Box<Node>),
    /// A bit that is inside the operand.
    Bit(Box<Node>, Box<Index>),
    /// As many bits as the node has, from `low`; all inside the operand. Unsigned.
    Slice(Box<Node>, u32),
    /// The operands, `Bool` or unsigned, side by side.
    Concat(Vec<Node>),
}

/// How far to shift.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Amount {
    Const(u32),
    /// Unsigned.
    Variable(Box<Node>),
}

/// A position in a vector, an array or a table of `depth` places.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Index {
    pub kind: IndexKind,
    pub depth: u64,
    /// Where the value is in `0..depth`.
    pub inside: Defined,
}

/// Where an operation that not all operands have a result for has one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Defined {
    /// Nowhere for certain: Python may raise.
    Unknown,
    /// Wherever Python evaluates it, but not in the arm of a choice that is not taken.
    WhereReached,
    /// Whatever bits its operands have.
    Always,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum IndexKind {
    Const(u64),
    /// Of loop counters and constants only.
    Plain(Plain),
    /// Unsigned, just wide enough for every place.
    Node(Node),
}

/// Integer arithmetic on loop counters and constants that stays within 32 signed bits.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Plain {
    Const(i32),
    Counter(LocalId),
    Binary(PlainOp, Box<Plain>, Box<Plain>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PlainOp {
    Add,
    Sub,
    Mul,
}

impl Node {
    pub fn bool(value: bool) -> Node {
        Node { kind: NodeKind::Const(BigInt::from(u32::from(value)).into()), shape: Shape::Bool }
    }

    pub fn constant(value: &BigInt, vector: Vector) -> Node {
        Node { kind: NodeKind::Const(vector.wrap(value).into()), shape: Shape::Bits(vector) }
    }

    /// A constant that the Python reads by a name at this place.
    pub fn named_constant(value: &BigInt, vector: Vector, place: Span) -> Node {
        let wrapped = vector.wrap(value);
        let place = (wrapped == *value).then_some(place);
        Node { kind: NodeKind::Const(Constant { value: wrapped, place }), shape: Shape::Bits(vector) }
    }

    /// The vector of a node that is not an enumeration.
    pub fn vector(&self) -> Vector {
        match self.shape {
            Shape::Bits(vector) => vector,
            Shape::Bool | Shape::Enum(_) => Vector::unsigned(1),
        }
    }

    /// Whether the node is printed as a name, of which a part can be selected.
    pub fn is_named(&self) -> bool {
        matches!(
            self.kind,
            NodeKind::Signal(_) | NodeKind::Local(_) | NodeKind::Element(..) | NodeKind::Item(..)
        )
    }
}

/// The number of bits of an unsigned index into `depth` places: at least 1.
pub(crate) fn index_width(depth: u64) -> u32 {
    (u64::BITS - depth.saturating_sub(1).leading_zeros()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_wraps_as_two_complement() {
        assert_eq!(Vector::signed(8).wrap(&BigInt::from(200)), BigInt::from(-56));
        assert_eq!(Vector::unsigned(8).wrap(&BigInt::from(-1)), BigInt::from(255));
        assert_eq!(Vector::signed(8).wrap(&BigInt::from(-128)), BigInt::from(-128));
        assert_eq!(Vector::signed(1).wrap(&BigInt::from(1)), BigInt::from(-1));
    }

    #[test]
    fn mixed_signs_join_with_a_bit_more() {
        assert_eq!(Vector::unsigned(8).join(Vector::signed(4)), Vector::signed(9));
        assert_eq!(Vector::unsigned(3).join(Vector::unsigned(5)), Vector::unsigned(5));
    }

    #[test]
    fn an_index_has_just_enough_bits() {
        assert_eq!(index_width(1), 1);
        assert_eq!(index_width(2), 1);
        assert_eq!(index_width(5), 3);
        assert_eq!(index_width(8), 3);
        assert_eq!(index_width(9), 4);
    }
}
