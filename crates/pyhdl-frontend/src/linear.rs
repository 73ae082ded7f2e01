//! Whether two expressions differ by a constant: so that `x[8*i+8:8*i]` has a width.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use pyhdl_ir::{BinaryOp, Expr, ExprKind, LocalId, SignalId, UnaryOp};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    Local(LocalId),
    Signal(SignalId),
}

/// A sum of terms with factors, plus a constant.
#[derive(Default)]
struct Linear {
    factors: BTreeMap<Term, BigInt>,
    constant: BigInt,
}

/// `a - b` where it is a constant.
pub(crate) fn difference(a: &Expr, b: &Expr) -> Option<BigInt> {
    let mut sum = Linear::default();
    add(a, &BigInt::from(1), &mut sum)?;
    add(b, &BigInt::from(-1), &mut sum)?;
    sum.factors.values().all(|f| *f == BigInt::ZERO).then_some(sum.constant)
}

/// What a sum of constants, signals and products with constants is for given values of the signals; `None` where it
/// is something else.
pub(crate) fn value(e: &Expr, signal: &impl Fn(SignalId) -> Option<BigInt>) -> Option<BigInt> {
    let mut sum = Linear::default();
    add(e, &BigInt::from(1), &mut sum)?;
    let mut total = sum.constant;
    for (term, factor) in &sum.factors {
        match term {
            Term::Signal(id) => total += signal(*id)? * factor,
            Term::Local(_) => return None,
        }
    }
    Some(total)
}

fn add(e: &Expr, factor: &BigInt, sum: &mut Linear) -> Option<()> {
    match &e.kind {
        ExprKind::Const(value) => sum.constant += value * factor,
        ExprKind::Local(id) => *sum.factors.entry(Term::Local(*id)).or_default() += factor,
        ExprKind::Signal(id) => *sum.factors.entry(Term::Signal(*id)).or_default() += factor,
        ExprKind::Unary(UnaryOp::Negate, a) => add(a, &-factor, sum)?,
        ExprKind::Binary(BinaryOp::Add, a, b) => {
            add(a, factor, sum)?;
            add(b, factor, sum)?;
        }
        ExprKind::Binary(BinaryOp::Sub, a, b) => {
            add(a, factor, sum)?;
            add(b, &-factor, sum)?;
        }
        ExprKind::Binary(BinaryOp::Mul, a, b) => match (&a.kind, &b.kind) {
            (ExprKind::Const(c), _) => add(b, &(factor * c), sum)?,
            (_, ExprKind::Const(c)) => add(a, &(factor * c), sum)?,
            _ => return None,
        },
        _ => return None,
    }
    Some(())
}
