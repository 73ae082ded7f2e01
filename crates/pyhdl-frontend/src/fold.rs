//! Folding of operators whose operands are constants, with Python's meaning.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive};
use pyhdl_ir::{BinaryOp, CompareOp, Expr, ExprKind, LogicOp, UnaryOp};

/// Results beyond this many bits are left to run time.
const MAX_BITS: u64 = 1 << 17;

/// The value of a node whose operands are constants; `None` where Python would raise.
pub(crate) fn fold(kind: &ExprKind) -> Option<BigInt> {
    let bit = |b: bool| Some(BigInt::from(u8::from(b)));
    match kind {
        ExprKind::Unary(op, a) => {
            let a = value(a)?;
            match op {
                UnaryOp::Negate => Some(-a),
                UnaryOp::Invert => Some(-a - 1),
                UnaryOp::Not => bit(*a == BigInt::ZERO),
                UnaryOp::Abs => Some(a.abs()),
            }
        }
        ExprKind::Truth(a) => bit(*value(a)? != BigInt::ZERO),
        ExprKind::Signed { value: v, width } => {
            let low = mask(value(v)?, *width);
            let sign = BigInt::from(1) << width.checked_sub(1)?;
            Some(if low >= sign { low - (BigInt::from(1) << *width) } else { low })
        }
        ExprKind::Unsigned { value: v, width } => Some(mask(value(v)?, *width)),
        ExprKind::Slice { value: v, low, width } => Some(mask(&(value(v)? >> value(low)?.to_u32()?), *width)),
        ExprKind::Bit { value: v, index } => Some(mask(&(value(v)? >> value(index)?.to_u32()?), 1)),
        ExprKind::Logic(op, a, b) => {
            let (a, b) = (*value(a)? != BigInt::ZERO, *value(b)? != BigInt::ZERO);
            bit(match op {
                LogicOp::And => a && b,
                LogicOp::Or => a || b,
            })
        }
        ExprKind::Compare(op, a, b) => {
            let (a, b) = (value(a)?, value(b)?);
            bit(match op {
                CompareOp::Eq => a == b,
                CompareOp::Ne => a != b,
                CompareOp::Lt => a < b,
                CompareOp::Le => a <= b,
                CompareOp::Gt => a > b,
                CompareOp::Ge => a >= b,
            })
        }
        ExprKind::Binary(op, a, b) => binary(*op, value(a)?, value(b)?),
        _ => None,
    }
}

fn binary(op: BinaryOp, a: &BigInt, b: &BigInt) -> Option<BigInt> {
    Some(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul if a.bits() + b.bits() > MAX_BITS => return None,
        BinaryOp::Mul => a * b,
        BinaryOp::FloorDiv if *b != BigInt::ZERO => a.div_floor(b),
        BinaryOp::Mod if *b != BigInt::ZERO => a.mod_floor(b),
        BinaryOp::FloorDiv | BinaryOp::Mod => return None,
        BinaryOp::Pow => {
            let exponent = b.to_u32()?;
            if a.bits().saturating_mul(u64::from(exponent)) > MAX_BITS {
                return None;
            }
            a.pow(exponent)
        }
        BinaryOp::ShiftLeft => {
            let amount = b.to_u64()?;
            if a.bits().saturating_add(amount) > MAX_BITS {
                return None;
            }
            a << amount
        }
        BinaryOp::ShiftRight => a >> b.to_u64()?,
        BinaryOp::And => a & b,
        BinaryOp::Or => a | b,
        BinaryOp::Xor => a ^ b,
        BinaryOp::Min => a.min(b).clone(),
        BinaryOp::Max => a.max(b).clone(),
    })
}

fn mask(value: &BigInt, width: u32) -> BigInt {
    value & ((BigInt::from(1) << width) - 1)
}

fn value(e: &Expr) -> Option<&BigInt> {
    match &e.kind {
        ExprKind::Const(value) => Some(value),
        _ => None,
    }
}
