//! Lowering of conditions: comparisons, `and`, `or`, `in`, and which of them elaboration settles.

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::value::{Lower, Meaning, PyType, Val};
use crate::{Binding, codes, kinds};

/// Up to this many operands of a chain are written from left to right; more are paired up, so that the tree stays
/// shallow.
const MAX_CHAIN: usize = 64;

/// A condition.
pub(crate) enum Decision {
    /// Elaboration knows it.
    Settled(bool),
    /// Of type `Bool`, known at run time.
    Open(Expr),
}

impl Body<'_, '_, '_> {
    /// The value as a condition: Python's truth.
    pub fn condition(&mut self, e: &ast::Expr) -> Lower<Expr> {
        let value = self.value(e)?;
        self.truth(value)
    }

    pub fn truth(&mut self, value: Val) -> Lower<Expr> {
        let span = value.expr.span;
        match value.py {
            PyType::Bool => Ok(value.expr),
            PyType::Enum(_) => self.mismatch(
                "an enumeration literal is not a condition".into(),
                span,
                "compare it: `state == t_state.IDLE`",
            ),
            _ => self.make(ExprKind::Truth(value.expr.into()), span),
        }
    }

    /// The condition, lowered once, or what elaboration knows of it.
    pub fn decide(&mut self, e: &ast::Expr) -> Lower<Decision> {
        if let Some(truth) = self.static_truth(e)? {
            return Ok(Decision::Settled(truth));
        }
        let condition = self.condition(e)?;
        Ok(match &condition.kind {
            ExprKind::Const(value) => Decision::Settled(*value != BigInt::ZERO),
            _ => Decision::Open(condition),
        })
    }

    /// The truth of what has no value at run time: `None`, strings, lists, objects. Looks at names only.
    fn static_truth(&mut self, e: &ast::Expr) -> Lower<Option<bool>> {
        match e {
            ast::Expr::Name(n) if n.id.as_str() == "__debug__" => Ok(Some(true)),
            ast::Expr::Name(_) | ast::Expr::Attribute(_) | ast::Expr::Constant(_) => {
                Ok(match self.meaning(e)? {
                    Meaning::Static(Binding::None) => Some(false),
                    Meaning::Static(Binding::Str(s)) => Some(!s.is_empty()),
                    Meaning::Static(Binding::List { elements, .. } | Binding::Tuple(elements)) => {
                        Some(!elements.is_empty())
                    }
                    Meaning::Items(items) => Some(!items.is_empty()),
                    Meaning::Static(Binding::Object { .. } | Binding::Function { .. }) => Some(true),
                    _ => None,
                })
            }
            ast::Expr::UnaryOp(u) if u.op == ast::UnaryOp::Not => {
                Ok(self.static_truth(&u.operand)?.map(|t| !t))
            }
            _ => Ok(None),
        }
    }

    /// A comparison of strings, or with `None`.
    fn static_compare(&mut self, left: &ast::Expr, op: ast::CmpOp, right: &ast::Expr) -> Lower<Option<bool>> {
        use ast::CmpOp::{Eq, Is, IsNot, NotEq};
        if !matches!(op, Eq | NotEq | Is | IsNot) || !is_plain(left) || !is_plain(right) {
            return Ok(None);
        }
        let (a, b) = (self.meaning(left)?, self.meaning(right)?);
        let same = match (&a, &b) {
            (Meaning::Static(Binding::Str(a)), Meaning::Static(Binding::Str(b))) => a == b,
            (Meaning::Static(Binding::None), Meaning::Static(Binding::None)) => true,
            (Meaning::Static(Binding::Bool(a)), Meaning::Static(Binding::Bool(b))) => a == b,
            (Meaning::Static(Binding::None), _) | (_, Meaning::Static(Binding::None)) => false,
            _ => return Ok(None),
        };
        Ok(Some(same == matches!(op, Eq | Is)))
    }

    /// `a and b and …`, `a or b or …` of bools, evaluated from left to right.
    pub fn chain(&mut self, op: LogicOp, mut operands: Vec<Expr>, span: Span) -> Lower<Expr> {
        while operands.len() > MAX_CHAIN {
            let mut pairs = Vec::with_capacity(operands.len().div_ceil(2));
            let mut rest = operands.into_iter();
            while let Some(a) = rest.next() {
                pairs.push(match rest.next() {
                    Some(b) => self.make(ExprKind::Logic(op, a.into(), b.into()), span)?,
                    None => a,
                });
            }
            operands = pairs;
        }
        let mut operands = operands.into_iter();
        let Some(mut result) = operands.next() else {
            return Ok(self.boolean(op == LogicOp::And, span).expr);
        };
        for operand in operands {
            result = self.make(ExprKind::Logic(op, result.into(), operand.into()), span)?;
        }
        Ok(result)
    }

    pub fn bool_op(&mut self, b: &ast::ExprBoolOp, span: Span) -> Lower<Val> {
        let op = if b.op == ast::BoolOp::And { LogicOp::And } else { LogicOp::Or };
        // What the operands so far come to: bools as a chain, or one value that the chain's end stands for.
        let mut bools: Vec<Expr> = Vec::new();
        let mut other: Option<Val> = None;
        let mut selects = 0;
        for operand in &b.values {
            // A settled left operand decides which side is meant, and Python would not even look at the other.
            let settled = match (&other, &bools[..]) {
                (Some(left), _) => left.constant().map(|c| *c != BigInt::ZERO),
                (None, [only]) => match &only.kind {
                    ExprKind::Const(c) => Some(*c != BigInt::ZERO),
                    _ => None,
                },
                _ => None,
            };
            match settled {
                Some(truth) if truth == (op == LogicOp::And) => {
                    bools.clear();
                    other = None;
                }
                Some(_) => break,
                None => {}
            }
            let right = if bools.is_empty() && other.is_none() {
                self.operand(operand, op)?
            } else {
                let so_far = (bools.clone(), other.clone());
                let reached = |body: &mut Self| body.goes_on(op, so_far, span);
                self.conditional(reached, |body| body.operand(operand, op), span)?
            };
            let left = match other.take() {
                None if right.py == PyType::Bool => {
                    bools.push(right.expr);
                    continue;
                }
                None if bools.is_empty() => {
                    other = Some(right);
                    continue;
                }
                None => {
                    let expr = self.chain(op, std::mem::take(&mut bools), span)?;
                    Val { expr, py: PyType::Bool }
                }
                Some(left) => left,
            };
            selects += 1;
            if selects > MAX_CHAIN || (op == LogicOp::Or && larger_than(&left.expr, MAX_CHAIN)) {
                return Err(Box::new(
                    self.low
                        .refusal(
                            codes::TOO_DEEP,
                            "this has too many operands that are not bools",
                            span,
                            "here",
                        )
                        .help("make them bools: `bool(a) and bool(b)`, or compare them"),
                ));
            }
            other = Some(match op {
                // `a and b` is `b if a else a`; what is not true is 0.
                LogicOp::And => {
                    let zero = match left.py {
                        PyType::Bool => self.boolean(false, span),
                        _ => Val { py: left.py.clone(), ..self.constant(BigInt::ZERO, span) },
                    };
                    let condition = self.truth(left)?;
                    self.select(condition, right, zero, span)?
                }
                // `a or b` is `a if a else b`: the value on the left is there twice.
                LogicOp::Or => {
                    let condition = self.truth(left.clone())?;
                    self.select(condition, left, right, span)?
                }
            });
        }
        match other {
            Some(value) => Ok(value),
            None => Ok(Val { expr: self.chain(op, bools, span)?, py: PyType::Bool }),
        }
    }

    /// The condition under which `and` or `or` comes to its next operand.
    fn goes_on(&mut self, op: LogicOp, (bools, other): (Vec<Expr>, Option<Val>), span: Span) -> Lower<Expr> {
        let truth = match other {
            Some(value) => self.truth(value)?,
            None => self.chain(op, bools, span)?,
        };
        match op {
            LogicOp::And => Ok(truth),
            LogicOp::Or => self.make(ExprKind::Unary(UnaryOp::Not, truth.into()), span),
        }
    }

    /// An operand of `and` or `or`. One without a value at run time counts by its truth alone where Python goes on
    /// to the next operand; where it would be the result, it is refused.
    fn operand(&mut self, e: &ast::Expr, op: LogicOp) -> Lower<Val> {
        match self.static_truth(e)? {
            Some(truth) if truth == (op == LogicOp::And) => {
                let span = self.span(e);
                Ok(self.boolean(truth, span))
            }
            _ => self.value(e),
        }
    }

    pub fn compare(&mut self, c: &ast::ExprCompare, span: Span) -> Lower<Val> {
        if let ([op], [right]) = (&c.ops[..], &c.comparators[..]) {
            if let Some(truth) = self.static_compare(&c.left, *op, right)? {
                return Ok(self.boolean(truth, span));
            }
            if let Some(compared) = self.compared_fraction(&c.left, *op, right, span)? {
                return Ok(compared);
            }
            if matches!(op, ast::CmpOp::In | ast::CmpOp::NotIn) {
                self.beyond("`in`", span, kinds::NOT_SUPPORTED)?;
                let left = match right {
                    ast::Expr::Set(_) => self.plain_number(&c.left, "membership in a set")?,
                    _ => self.value(&c.left)?,
                };
                let expr = self.contains(&left, right, *op == ast::CmpOp::NotIn, span)?;
                return Ok(Val { expr, py: PyType::Bool });
            }
        }
        if c.ops.len() > 1 {
            self.beyond("a chain of comparisons", span, kinds::NOT_SUPPORTED)?;
        }
        let mut left = self.value(&c.left)?;
        let mut parts = Vec::new();
        for (op, right) in c.ops.iter().zip(&c.comparators) {
            if matches!(op, ast::CmpOp::In | ast::CmpOp::NotIn) {
                return self.unsupported(
                    "`in` in a chain of comparisons",
                    span,
                    "compare one after the other",
                );
            }
            let early = self.early.len();
            let right = self.value(right)?;
            if self.early.len() > early && !parts.is_empty() {
                return self.unsupported(
                    "`:=` in a chain of comparisons",
                    span,
                    "assign on a line of its own",
                );
            }
            parts.push(self.compare_values(*op, left, right.clone(), span)?);
            left = right;
        }
        Ok(Val { expr: self.chain(LogicOp::And, parts, span)?, py: PyType::Bool })
    }

    pub fn compare_values(&mut self, op: ast::CmpOp, a: Val, b: Val, span: Span) -> Lower<Expr> {
        use ast::CmpOp as C;
        let ir = match op {
            C::Eq => CompareOp::Eq,
            C::NotEq => CompareOp::Ne,
            C::Lt => CompareOp::Lt,
            C::LtE => CompareOp::Le,
            C::Gt => CompareOp::Gt,
            C::GtE => CompareOp::Ge,
            C::Is | C::IsNot => return self.unsupported("`is`", span, "compare values with =="),
            C::In | C::NotIn => return self.unsupported("`in` here", span, "write `x in (1, 2)`"),
        };
        match (&a.py, &b.py) {
            (PyType::Enum(x), PyType::Enum(y)) if x == y && matches!(ir, CompareOp::Eq | CompareOp::Ne) => {}
            (PyType::Enum(_), _) | (_, PyType::Enum(_)) => {
                return self.mismatch(
                    format!("{} cannot be compared with {} here", a.py.describe(), b.py.describe()),
                    span,
                    "compare literals of one enumeration with == or !=",
                );
            }
            _ => {}
        }
        self.make(ExprKind::Compare(ir, a.expr.into(), b.expr.into()), span)
    }

    /// `x in range(a, b)`; `None` for something else.
    fn in_range(&mut self, x: &Val, call: &ast::ExprCall, span: Span) -> Lower<Option<Expr>> {
        let ast::Expr::Name(_) = &*call.func else { return Ok(None) };
        let Ok(Meaning::Static(Binding::Known(known))) = self.meaning(&call.func) else { return Ok(None) };
        let bounds = match &call.args[..] {
            [stop] => (None, stop),
            [start, stop] => (Some(start), stop),
            _ => return Ok(None),
        };
        if known != "builtins.range" || !call.keywords.is_empty() || x.is_enum() {
            return Ok(None);
        }
        let start = match bounds.0 {
            Some(start) => self.value(start)?,
            None => self.constant(BigInt::ZERO, span),
        };
        let stop = self.value(bounds.1)?;
        let low = self.compare_values(ast::CmpOp::GtE, x.clone(), start, span)?;
        let high = self.compare_values(ast::CmpOp::Lt, x.clone(), stop, span)?;
        Ok(Some(self.chain(LogicOp::And, vec![low, high], span)?))
    }

    /// `x in (a, b, c)`.
    fn contains(&mut self, x: &Val, set: &ast::Expr, negated: bool, span: Span) -> Lower<Expr> {
        if let ast::Expr::Call(call) = set
            && let Some(inside) = self.in_range(x, call, span)?
        {
            return if negated {
                self.make(ExprKind::Unary(UnaryOp::Not, inside.into()), span)
            } else {
                Ok(inside)
            };
        }
        let elements = match set {
            ast::Expr::Set(s) => Some(self.listed(&s.elts)?),
            _ => self.items(set)?,
        };
        let Some(elements) = elements else {
            return self.unsupported("`in` of this", span, "write `x in (1, 2, 3)`");
        };
        let elements: Vec<Val> =
            elements.into_iter().map(|e| self.as_value(e, span)).collect::<Lower<_>>()?;
        let mut parts = Vec::new();
        for element in elements {
            let eq = self.compare_values(ast::CmpOp::Eq, x.clone(), element, span)?;
            match &eq.kind {
                ExprKind::Const(same) if *same == BigInt::ZERO => {}
                ExprKind::Const(_) => return Ok(self.boolean(!negated, span).expr),
                _ => parts.push(eq),
            }
        }
        let result = self.chain(LogicOp::Or, parts, span)?;
        if negated {
            return self.make(ExprKind::Unary(UnaryOp::Not, result.into()), span);
        }
        Ok(result)
    }
}

/// Whether an expression has more than this many nodes.
fn larger_than(e: &Expr, limit: usize) -> bool {
    let mut open = vec![e];
    let mut count = 0;
    while let Some(e) = open.pop() {
        count += 1;
        if count > limit {
            return true;
        }
        e.kind.for_each_operand(&mut |child| open.push(child));
    }
    false
}

/// A name, attribute or constant: looking at its meaning costs nothing and refuses nothing that matters.
fn is_plain(e: &ast::Expr) -> bool {
    matches!(e, ast::Expr::Name(_) | ast::Expr::Attribute(_) | ast::Expr::Constant(_))
}
