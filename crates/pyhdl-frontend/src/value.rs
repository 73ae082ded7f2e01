//! What a Python expression in a process stands for: a value computed at run time, or something that elaboration
//! has settled.

use num_bigint::BigInt;
use pyhdl_diag::Diagnostic;
use pyhdl_ir::{BitsType, EnumId, Expr, ExprKind, Range, StorageType, Type};

use crate::Binding;

/// Vectors wider than this are refused, and ranges of variables beyond it are taken for infinite: their bounds alone
/// would fill the memory.
pub(crate) const MAX_WIDTH: u32 = 1 << 16;

/// A refusal to lower, with its reason.
pub(crate) type Refusal = Box<Diagnostic>;
pub(crate) type Lower<T> = Result<T, Refusal>;

/// The Python type of a run-time value: it decides what operators mean and how the value prints.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum PyType {
    Bool,
    Int,
    /// An `intbv`; without a `BitsType` it has no width.
    Bits(Option<BitsType>),
    Enum(EnumId),
}

/// A run-time value.
#[derive(Clone, Debug)]
pub(crate) struct Val {
    pub expr: Expr,
    pub py: PyType,
}

/// What a name, attribute or element stands for.
#[derive(Clone, Debug)]
pub(crate) enum Meaning {
    Value(Val),
    Static(Binding),
    /// A tuple or a list that a process makes, with elements that are not settled.
    Items(Vec<Meaning>),
    /// The element of a list that an index chooses at run time.
    Chosen {
        list: Binding,
        index: Box<Expr>,
        /// What the list is called, with the attributes taken from its elements.
        name: String,
    },
}

impl PyType {
    pub fn of_storage(ty: &StorageType) -> Option<PyType> {
        Some(match ty {
            StorageType::Bool => PyType::Bool,
            StorageType::Bits(bits) => PyType::Bits(Some(bits.clone())),
            StorageType::Enum(id) => PyType::Enum(*id),
            StorageType::Int(_) => PyType::Int,
            StorageType::Opaque => return None,
        })
    }

    /// What holds a local variable of this type before ranges are known.
    pub fn storage(&self) -> StorageType {
        match self {
            PyType::Bool => StorageType::Bool,
            PyType::Int | PyType::Bits(None) => StorageType::Int(Range::all()),
            PyType::Bits(Some(bits)) => StorageType::Bits(bits.clone()),
            PyType::Enum(id) => StorageType::Enum(*id),
        }
    }

    /// The type of a value that is one or the other, such as a conditional expression's.
    pub fn join(&self, other: &PyType) -> Option<PyType> {
        use PyType::{Bits, Bool, Enum, Int};
        Some(match (self, other) {
            (a, b) if a == b => a.clone(),
            (Bool | Int, Bool | Int) => Int,
            (Bits(_), Bits(_)) => Bits(None),
            (Enum(_), _) | (_, Enum(_)) => return None,
            (Bits(_), Bool | Int) | (Bool | Int, Bits(_)) => Int,
        })
    }

    /// The width of a sized value: 1 for a bool.
    pub fn width(&self) -> Option<u32> {
        match self {
            PyType::Bool => Some(1),
            PyType::Bits(Some(bits)) => Some(bits.width),
            _ => None,
        }
    }

    pub fn describe(&self) -> String {
        match self {
            PyType::Bool => "a bool".into(),
            PyType::Int => "an int".into(),
            PyType::Bits(Some(bits)) if bits.is_signed() => format!("a signed {}-bit vector", bits.width),
            PyType::Bits(Some(bits)) => format!("a {}-bit vector", bits.width),
            PyType::Bits(None) => "an intbv without width".into(),
            PyType::Enum(_) => "an enumeration literal".into(),
        }
    }
}

impl Val {
    pub fn constant(&self) -> Option<&BigInt> {
        match &self.expr.kind {
            ExprKind::Const(value) => Some(value),
            _ => None,
        }
    }

    pub fn is_enum(&self) -> bool {
        matches!(self.py, PyType::Enum(_))
    }
}

/// A range that holds the given one and whose bounds are of a size that can be calculated with.
pub(crate) fn within_reason(range: Range) -> Range {
    let small = |bound: &BigInt| bound.bits() <= u64::from(MAX_WIDTH);
    // A bound on the near side of what is too large is moved to zero, one on the far side to infinity.
    Range {
        lo: range
            .lo
            .and_then(|l| if small(&l) { Some(l) } else { (l > BigInt::ZERO).then_some(BigInt::ZERO) }),
        hi: range
            .hi
            .and_then(|h| if small(&h) { Some(h) } else { (h < BigInt::ZERO).then_some(BigInt::ZERO) }),
    }
}

/// The type of an integer constant.
pub(crate) fn const_type(value: &BigInt) -> Type {
    Type::Int(Range::exactly(value.clone()))
}
