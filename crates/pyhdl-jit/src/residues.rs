//! Sums and products without bounds of which only a remainder counts: `(checksum * 31 + count) % 1000`, and `& 0xffff`.
//! The remainder of a sum is that of the sum of the remainders, and the same holds for differences and products. So what
//! has no bounds is divided first, and nothing grows beyond 64 bits on the way.

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};
use pyhdl_ir::{BinaryOp, Expr, ExprKind, Range, Type, binary_range};

use crate::expr::range_of_type;

/// The same number by operations with bounds; `None` where it is something else, or has them already.
pub fn reduced(op: BinaryOp, left: &Expr, right: &Expr, e: &Expr) -> Option<Expr> {
    let constant = |e: &Expr| match &e.kind {
        ExprKind::Const(n) => Some(n.clone()),
        _ => None,
    };
    let (value, modulus) = match op {
        BinaryOp::Mod => (left, constant(right)?),
        BinaryOp::And => match (constant(left), constant(right)) {
            (None, Some(mask)) => (left, mask + 1),
            (Some(mask), None) => (right, mask + 1),
            _ => return None,
        },
        _ => return None,
    };
    // Low bits are the remainder of a power of two.
    let is_power = (&modulus & (&modulus - BigInt::one())).is_zero();
    let is_sum = matches!(value.kind, ExprKind::Binary(BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul, ..));
    if !modulus.is_positive() || op == BinaryOp::And && !is_power || !is_sum || is_bounded(value) {
        return None;
    }
    Some(Expr { ty: e.ty.clone(), ..remainder(bounded(value, &modulus), &modulus) })
}

fn is_bounded(e: &Expr) -> bool {
    range_of_type(&e.ty).is_finite()
}

/// A number with bounds that has the same remainder.
fn bounded(e: &Expr, modulus: &BigInt) -> Expr {
    match &e.kind {
        _ if is_bounded(e) => e.clone(),
        ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul), a, b) => {
            let (a, b) = (bounded(a, modulus), bounded(b, modulus));
            let range = binary_range(*op, &range_of_type(&a.ty), &range_of_type(&b.ty));
            Expr { kind: ExprKind::Binary(*op, a.into(), b.into()), ty: Type::Int(range), span: e.span }
        }
        _ => remainder(e.clone(), modulus),
    }
}

fn remainder(e: Expr, modulus: &BigInt) -> Expr {
    let span = e.span;
    let ty = Type::Int(Range::exactly(modulus.clone()));
    let divisor = Expr { kind: ExprKind::Const(modulus.clone()), ty, span };
    let kind = ExprKind::Binary(BinaryOp::Mod, e.into(), divisor.into());
    Expr { kind, ty: Type::Int(Range::new(0, modulus - 1)), span }
}
