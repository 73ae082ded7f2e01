//! Comprehensions, round by round.

use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::kinds;
use crate::logic::Decision;
use crate::loops::MAX_COPIES;
use crate::sequence::MAX_ITEMS;
use crate::value::{Lower, Meaning};

/// One round of a comprehension: what it yields, and under which condition it does.
pub(crate) struct Round {
    pub condition: Option<Expr>,
    pub meaning: Meaning,
}

impl Body<'_, '_, '_> {
    /// The elements of a comprehension without conditions that vary.
    pub fn unconditional(
        &mut self,
        element: &ast::Expr,
        generators: &[ast::Comprehension],
        span: Span,
    ) -> Lower<Vec<Meaning>> {
        self.beyond("this comprehension", span, kinds::LIST)?;
        let rounds = self.rounds(element, generators, span)?;
        if rounds.iter().any(|round| round.condition.is_some()) {
            return self.unsupported(
                "a list whose length varies at run time",
                span,
                "count with sum(), or choose with a conditional expression",
            );
        }
        Ok(rounds.into_iter().map(|round| round.meaning).collect())
    }

    /// All rounds of a comprehension.
    pub fn rounds(
        &mut self,
        element: &ast::Expr,
        generators: &[ast::Comprehension],
        span: Span,
    ) -> Lower<Vec<Round>> {
        let early = std::mem::take(&mut self.early);
        let mut rounds = Vec::new();
        self.generate(element, generators, None, &mut rounds, span)?;
        if !self.early.is_empty() {
            return self.unsupported("`:=` in a comprehension", span, "assign on a line of its own");
        }
        self.early = early;
        Ok(rounds)
    }

    fn generate(
        &mut self,
        element: &ast::Expr,
        generators: &[ast::Comprehension],
        condition: Option<Expr>,
        rounds: &mut Vec<Round>,
        span: Span,
    ) -> Lower<()> {
        let Some((generator, rest)) = generators.split_first() else {
            let meaning = self.meaning(element)?;
            rounds.push(Round { condition, meaning });
            // Comprehensions inside others are gone through again and again.
            self.unrolled = self.unrolled.saturating_add(1);
            let many = rounds.len() > MAX_ITEMS || self.unrolled > MAX_COPIES;
            return if many { self.too_long(span) } else { Ok(()) };
        };
        let Some(items) = self.items(&generator.iter)? else {
            return self.no_sequence(&generator.iter);
        };
        for item in items {
            let outer = self.bind_target(&generator.target, item)?;
            let mut all = condition.clone();
            let mut taken = true;
            for test in &generator.ifs {
                match self.decide(test)? {
                    Decision::Settled(true) => {}
                    Decision::Settled(false) => taken = false,
                    Decision::Open(test) => {
                        all = Some(match all {
                            None => test,
                            Some(before) => {
                                self.make(ExprKind::Logic(LogicOp::And, before.into(), test.into()), span)?
                            }
                        });
                    }
                }
                if !taken {
                    break;
                }
            }
            if taken {
                self.generate(element, rest, all, rounds, span)?;
            }
            self.restore(outer);
        }
        Ok(())
    }
}
