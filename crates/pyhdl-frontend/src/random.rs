//! Numbers at random: calls of the methods of Python's generators. Each call draws a number for a variable of its own,
//! before the statement that it is in and under the condition under which Python would call. What the methods make of
//! the drawn numbers is here; which numbers come is the host's business.

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::sequence::settled;
use crate::value::{Lower, MAX_WIDTH, Meaning, PyType, Val};
use crate::{Binding, RandomMethod, kinds};

/// `random()` gives multiples of 2 to the power of this, negative.
const FRACTION_BITS: i64 = 53;

impl Body<'_, '_, '_> {
    /// What a call of a method of a generator gives.
    pub fn random(
        &mut self,
        generator: u32,
        method: RandomMethod,
        call: &ast::ExprCall,
        span: Span,
    ) -> Lower<Val> {
        self.beyond("a number at random", span, kinds::NOT_SUPPORTED)?;
        let what = format!("`{}()` with these arguments", method.name());
        let help = "pass constants: the bounds, the number of bits, or a tuple to choose from";
        if !call.keywords.is_empty() || call.args.iter().any(|arg| matches!(arg, ast::Expr::Starred(_))) {
            return self.unsupported(&what, span, help);
        }
        match (method, &call.args[..]) {
            (RandomMethod::Choice, [of]) => {
                let Some(items) = self.items(of)? else { return self.unsupported(&what, span, help) };
                let Meaning::Static(list @ Binding::Tuple(_)) = settled(items) else {
                    return self.unsupported("`choice()` of values that vary", span, help);
                };
                let Binding::Tuple(elements) = &list else { return self.unsupported(&what, span, help) };
                if elements.is_empty() {
                    return self.unsupported("`choice()` of nothing", span, help);
                }
                let index = self.drawn(generator, RandomNumbers::Below(elements.len().into()), call, span)?;
                let name = "choice".to_owned();
                self.as_value(Meaning::Chosen { list, index: Box::new(index.expr), name }, span)
            }
            (RandomMethod::Random, []) => {
                let help = "compare it with a constant: `random() < 0.25`";
                self.unsupported("a fraction as a value", span, help)
            }
            (RandomMethod::Getrandbits, [bits]) => match self.constant_int(bits)?.map(u32::try_from) {
                Some(Ok(bits)) if (1..=MAX_WIDTH).contains(&bits) => {
                    self.drawn(generator, RandomNumbers::Bits(bits), call, span)
                }
                _ => self.unsupported(&what, span, help),
            },
            (RandomMethod::Randrange | RandomMethod::Randint, args) => {
                let args: Option<Vec<BigInt>> =
                    args.iter().map(|arg| self.constant_int(arg)).collect::<Lower<_>>()?;
                let (start, stop, step) = match (method, args.as_deref()) {
                    (RandomMethod::Randrange, Some([stop])) => (BigInt::ZERO, stop.clone(), 1.into()),
                    (RandomMethod::Randrange, Some([start, stop])) => (start.clone(), stop.clone(), 1.into()),
                    (RandomMethod::Randrange, Some([start, stop, step])) => {
                        (start.clone(), stop.clone(), step.clone())
                    }
                    (RandomMethod::Randint, Some([low, high])) => (low.clone(), high + 1, BigInt::from(1)),
                    _ => return self.unsupported(&what, span, help),
                };
                if step == BigInt::ZERO {
                    return self.unsupported(&what, span, "a step of 0 goes nowhere");
                }
                let count = Integer::div_ceil(&(stop - &start), &step);
                if count.sign() != Sign::Plus || count.bits() > u64::from(MAX_WIDTH) {
                    return self.unsupported(&what, span, "the lower bound comes first");
                }
                let drawn = self.drawn(generator, RandomNumbers::Below(count), call, span)?;
                let scaled = self.with_constant(BinaryOp::Mul, drawn, step, 1, span)?;
                self.with_constant(BinaryOp::Add, scaled, start, 0, span)
            }
            _ => self.unsupported(&what, span, help),
        }
    }

    /// `value op constant`, where the constant is not the one that changes nothing.
    fn with_constant(
        &mut self,
        op: BinaryOp,
        value: Val,
        constant: BigInt,
        neutral: i32,
        span: Span,
    ) -> Lower<Val> {
        if constant == neutral.into() {
            return Ok(value);
        }
        let constant = self.constant(constant, span).expr;
        let expr = self.make(ExprKind::Binary(op, value.expr.into(), constant.into()), span)?;
        Ok(Val { expr, py: PyType::Int })
    }

    /// A comparison of `random()` with a constant; `None` for something else. A fraction is a whole number of units,
    /// so that a comparison with any number is one with a whole number of them.
    pub fn compared_fraction(
        &mut self,
        left: &ast::Expr,
        op: ast::CmpOp,
        right: &ast::Expr,
        span: Span,
    ) -> Lower<Option<Val>> {
        use ast::CmpOp as C;
        let (call, bound, op) = match (self.fraction(left)?, self.fraction(right)?) {
            (Some(call), None) => (call, right, op),
            (None, Some(call)) => {
                let mirrored = match op {
                    C::Lt => C::Gt,
                    C::LtE => C::GtE,
                    C::Gt => C::Lt,
                    C::GtE => C::LtE,
                    same => same,
                };
                (call, left, mirrored)
            }
            _ => return Ok(None),
        };
        let Some((floor, ceil)) = self.units(bound)? else { return Ok(None) };
        let (op, units) = match op {
            C::Lt => (CompareOp::Lt, ceil),
            C::LtE => (CompareOp::Le, floor),
            C::Gt => (CompareOp::Gt, floor),
            C::GtE => (CompareOp::Ge, ceil),
            _ => return Ok(None),
        };
        self.beyond("a number at random", span, kinds::NOT_SUPPORTED)?;
        let (generator, call) = call;
        let drawn = self.drawn(generator, RandomNumbers::Fraction, call, span)?;
        let units = self.constant(units, span).expr;
        let expr = self.make(ExprKind::Compare(op, drawn.expr.into(), units.into()), span)?;
        Ok(Some(Val { expr, py: PyType::Bool }))
    }

    /// The generator and the call, where an expression is a call of its `random`.
    fn fraction<'e>(&mut self, e: &'e ast::Expr) -> Lower<Option<(u32, &'e ast::ExprCall)>> {
        let ast::Expr::Call(call) = e else { return Ok(None) };
        // Most methods are no values by themselves.
        let may_be = match &*call.func {
            ast::Expr::Name(name) => !self.inner.contains_key(name.id.as_str()),
            ast::Expr::Attribute(a) => a.attr.as_str() == RandomMethod::Random.name(),
            _ => false,
        };
        if !may_be || !call.args.is_empty() || !call.keywords.is_empty() {
            return Ok(None);
        }
        Ok(match self.meaning(&call.func)? {
            Meaning::Static(Binding::Random { generator, method: RandomMethod::Random }) => {
                Some((generator, call))
            }
            _ => None,
        })
    }

    /// How many units of a fraction a constant is, rounded down and up; `None` for no finite constant.
    fn units(&mut self, e: &ast::Expr) -> Lower<Option<(BigInt, BigInt)>> {
        Ok(match self.meaning(e)? {
            Meaning::Static(Binding::Float(value)) => units(value),
            Meaning::Static(Binding::Int(value)) => {
                let units: BigInt = value << FRACTION_BITS;
                Some((units.clone(), units))
            }
            _ => None,
        })
    }

    fn constant_int(&mut self, e: &ast::Expr) -> Lower<Option<BigInt>> {
        let value = self.value(e)?;
        Ok(value.constant().filter(|_| value.py == PyType::Int).cloned())
    }

    /// A number, drawn before the statement. A call that is lowered again for the same statement draws nothing more.
    fn drawn(
        &mut self,
        generator: u32,
        numbers: RandomNumbers,
        call: &ast::ExprCall,
        span: Span,
    ) -> Lower<Val> {
        let key = std::ptr::from_ref(call).addr();
        if let Some(known) = self.drawn.get(&key) {
            return Ok(known.clone());
        }
        let name = self.free_name("random", &self.locals.len().to_string());
        let target = self.local(&name, &PyType::Int, span)?;
        let ty = Type::Int(numbers.range());
        self.early.push(Stmt { kind: StmtKind::Draw { target, generator, numbers }, span });
        let value = Val { expr: Expr { kind: ExprKind::Local(target), ty, span }, py: PyType::Int };
        self.drawn.insert(key, value.clone());
        Ok(value)
    }
}

/// How many units of 2^-53 a number is, rounded down and up; `None` for infinities and what is no number.
fn units(value: f64) -> Option<(BigInt, BigInt)> {
    if !value.is_finite() {
        return None;
    }
    // The value is `significand * 2^exponent`, exactly.
    let bits = value.to_bits();
    let field = (bits >> 52 & 0x7ff) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (significand, exponent) = match field {
        0 => (fraction, -1074),
        _ => (fraction | 1 << 52, field - 1075),
    };
    let significand = if value < 0.0 { -BigInt::from(significand) } else { BigInt::from(significand) };
    let shift = exponent + FRACTION_BITS;
    if shift >= 0 {
        let units = significand << shift;
        return Some((units.clone(), units));
    }
    let unit = BigInt::from(1) << -shift;
    Some((significand.div_floor(&unit), Integer::div_ceil(&significand, &unit)))
}

/// Whether a statement of a block draws a number, functions that it calls apart.
pub(crate) fn draws(block: &Block) -> bool {
    let mut found = false;
    for_each_stmt(block, &mut |stmt| found |= matches!(stmt.kind, StmtKind::Draw { .. }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_exact() {
        let of = |value| units(value).map(|(floor, ceil)| (i128::try_from(&floor), i128::try_from(&ceil)));
        let one = 1_i128 << 53;
        assert_eq!(of(0.5), Some((Ok(one / 2), Ok(one / 2))));
        assert_eq!(of(-2.0), Some((Ok(-2 * one), Ok(-2 * one))));
        assert_eq!(of(0.0), Some((Ok(0), Ok(0))));
        // The double nearest to a tenth is 3602879701896397 * 2^-55.
        assert_eq!(of(0.1), Some((Ok(900_719_925_474_099), Ok(900_719_925_474_100))));
        assert_eq!(of(f64::from_bits(1)), Some((Ok(0), Ok(1))));
        assert_eq!(of(-f64::from_bits(1)), Some((Ok(-1), Ok(0))));
        assert_eq!(of(f64::NAN), None);
        assert_eq!(of(f64::INFINITY), None);
    }
}
