//! Whether two expressions differ by a constant: so that `x[8*i+8:8*i]` has a width.

use num_bigint::BigInt;
use pyhdl_ir::{BinaryOp, Expr, ExprKind, SignalId, UnaryOp};

/// A sum of terms with factors, plus a constant. A term is whatever is no sum itself.
#[derive(Default)]
struct Linear<'a> {
    terms: Vec<(&'a Expr, BigInt)>,
    constant: BigInt,
}

/// `a - b` where it is a constant.
pub(crate) fn difference(a: &Expr, b: &Expr) -> Option<BigInt> {
    let mut sum = Linear::default();
    sum.add(a, &BigInt::from(1));
    sum.add(b, &BigInt::from(-1));
    sum.terms.iter().all(|(_, factor)| *factor == BigInt::ZERO).then_some(sum.constant)
}

/// What a sum of constants, signals and products with constants is for given values of the signals; `None` where it
/// is something else.
pub(crate) fn value(e: &Expr, signal: &impl Fn(SignalId) -> Option<BigInt>) -> Option<BigInt> {
    let mut sum = Linear::default();
    sum.add(e, &BigInt::from(1));
    let mut total = sum.constant;
    for (term, factor) in &sum.terms {
        let ExprKind::Signal(id) = term.kind else { return None };
        total += signal(id)? * factor;
    }
    Some(total)
}

impl<'a> Linear<'a> {
    fn add(&mut self, e: &'a Expr, factor: &BigInt) {
        match &e.kind {
            ExprKind::Const(value) => self.constant += value * factor,
            ExprKind::Unary(UnaryOp::Negate, a) => self.add(a, &-factor),
            ExprKind::Binary(BinaryOp::Add, a, b) => {
                self.add(a, factor);
                self.add(b, factor);
            }
            ExprKind::Binary(BinaryOp::Sub, a, b) => {
                self.add(a, factor);
                self.add(b, &-factor);
            }
            ExprKind::Binary(BinaryOp::Mul, a, b) => match (&a.kind, &b.kind) {
                (ExprKind::Const(c), _) => self.add(b, &(factor * c)),
                (_, ExprKind::Const(c)) => self.add(a, &(factor * c)),
                _ => self.add_term(e, factor),
            },
            _ => self.add_term(e, factor),
        }
    }

    fn add_term(&mut self, e: &'a Expr, factor: &BigInt) {
        match self.terms.iter_mut().find(|(term, _)| term.is_same(e)) {
            Some((_, sum)) => *sum += factor,
            None => self.terms.push((e, factor.clone())),
        }
    }
}
