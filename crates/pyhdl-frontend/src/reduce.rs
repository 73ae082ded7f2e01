//! `sum`, `any`, `all`, `min` and `max` of sequences.

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::comprehension::Round;
use crate::kinds;
use crate::value::{Lower, PyType, Val};

impl Body<'_, '_, '_> {
    /// `sum(x)`, `any(x)`, `all(x)`, `min(x)`, `max(x)` of a sequence; `None` for another call.
    pub fn reduce(&mut self, name: &str, call: &ast::ExprCall, span: Span) -> Lower<Option<Val>> {
        let (of, start) = match (name, &call.args[..]) {
            ("sum", [of]) => (of, None),
            ("sum", [of, start]) => (of, Some(start)),
            ("any" | "all" | "min" | "max", [of]) => (of, None),
            _ => return Ok(None),
        };
        if matches!(of, ast::Expr::Starred(_)) {
            return Ok(None);
        }
        self.beyond(&format!("{name}()"), span, kinds::NOT_SUPPORTED)?;
        let rounds = match of {
            ast::Expr::GeneratorExp(c) => Some(self.rounds(&c.elt, &c.generators, span)?),
            ast::Expr::ListComp(c) => Some(self.rounds(&c.elt, &c.generators, span)?),
            _ => {
                let items = self.items(of)?;
                items.map(|items| {
                    items.into_iter().map(|meaning| Round { condition: None, meaning }).collect()
                })
            }
        };
        let Some(rounds) = rounds else {
            let help = "give it a list of signals, a tuple or a comprehension";
            return self.unsupported(&format!("{name}() of this"), span, help);
        };
        match name {
            "sum" => {
                let start = start.map(|start| self.value(start)).transpose()?;
                self.sum(rounds, start, span).map(Some)
            }
            "any" | "all" => self.any_or_all(name == "any", rounds, span).map(Some),
            _ => {
                if rounds.iter().any(|round| round.condition.is_some()) {
                    let what = format!("{name}() of a number of values that varies");
                    return self.unsupported(&what, span, "compare in a loop");
                }
                let mut values = Vec::new();
                for round in rounds {
                    values.push(self.as_value(round.meaning, span)?);
                }
                self.extreme(name == "min", values, span).map(Some)
            }
        }
    }

    fn sum(&mut self, rounds: Vec<Round>, start: Option<Val>, span: Span) -> Lower<Val> {
        let zero = self.constant(BigInt::ZERO, span);
        let mut terms = Vec::from_iter(start);
        for round in rounds {
            let value = self.as_value(round.meaning, span)?;
            terms.push(match round.condition {
                None => value,
                Some(condition) => self.select(condition, value, zero.clone(), span)?,
            });
        }
        // A single bool becomes a number; anything else is one already.
        if terms.iter().all(|term| term.py == PyType::Bool) && terms.len() < 2 {
            terms.insert(0, zero);
        }
        if let [only] = &mut terms[..]
            && !only.is_enum()
        {
            only.py = PyType::Int;
        }
        self.fold(terms, span, |body, a, b| body.binary_values(ast::Operator::Add, a, b, span))
    }

    fn any_or_all(&mut self, any: bool, rounds: Vec<Round>, span: Span) -> Lower<Val> {
        let mut conditions = Vec::new();
        for round in rounds {
            let value = self.as_value(round.meaning, span)?;
            let truth = self.truth(value)?;
            conditions.push(match round.condition {
                None => truth,
                Some(condition) if any => {
                    self.make(ExprKind::Logic(LogicOp::And, condition.into(), truth.into()), span)?
                }
                Some(condition) => {
                    let not = self.make(ExprKind::Unary(UnaryOp::Not, condition.into()), span)?;
                    self.make(ExprKind::Logic(LogicOp::Or, not.into(), truth.into()), span)?
                }
            });
        }
        let expr = self.chain(if any { LogicOp::Or } else { LogicOp::And }, conditions, span)?;
        Ok(Val { expr, py: PyType::Bool })
    }

    /// The smallest or largest of some values.
    pub fn extreme(&mut self, smallest: bool, values: Vec<Val>, span: Span) -> Lower<Val> {
        if values.iter().any(Val::is_enum) {
            let message = "enumeration literals have no order".into();
            return self.mismatch(message, span, "compare them with ==");
        }
        if values.is_empty() {
            return self.mismatch("this has no elements to choose from".into(), span, "give it some");
        }
        let op = if smallest { BinaryOp::Min } else { BinaryOp::Max };
        self.fold(values, span, |body, a, b| {
            let py = a.py.join(&b.py).unwrap_or(PyType::Int);
            // One of two bools is a bool.
            let op = match op {
                BinaryOp::Min if py == PyType::Bool => BinaryOp::And,
                BinaryOp::Max if py == PyType::Bool => BinaryOp::Or,
                other => other,
            };
            let kind = ExprKind::Binary(op, a.expr.into(), b.expr.into());
            Ok(Val { expr: body.make(kind, span)?, py })
        })
    }

    /// Combines values with an associative operator: from left to right, or in pairs where that would be too deep.
    fn fold(
        &mut self,
        mut values: Vec<Val>,
        span: Span,
        combine: impl Fn(&mut Self, Val, Val) -> Lower<Val>,
    ) -> Lower<Val> {
        const MAX_CHAIN: usize = 32;
        while values.len() > MAX_CHAIN {
            let mut pairs = Vec::with_capacity(values.len().div_ceil(2));
            let mut rest = values.into_iter();
            while let Some(a) = rest.next() {
                pairs.push(match rest.next() {
                    Some(b) => combine(self, a, b)?,
                    None => a,
                });
            }
            values = pairs;
        }
        let mut values = values.into_iter();
        let Some(mut result) = values.next() else {
            return self.unsupported("this of nothing", span, "give it elements");
        };
        for value in values {
            result = combine(self, result, value)?;
        }
        Ok(result)
    }
}
