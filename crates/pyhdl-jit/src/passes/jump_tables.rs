//! Matches: `if x == 1: … elif x == 2: … else: …` and `match x:` with many values, where `x` is one limb and cannot fail.
//!
//! Legal because the conditions have no effect: `x` has one value while they are evaluated, so that the first of them that
//! holds is the one that this value chooses.
//!
//! Pays from about 40 values on: it takes as long for the last one as for the first. Values in a row are an index into a
//! table of jumps, others are searched by halves. With fewer values, comparisons that the processor predicts are faster
//! than a jump to a place that it has to load.
//!
//! Left out as `jump-tables`.

use std::collections::HashSet;

use cranelift_codegen::ir::{self, InstBuilder, types};
use cranelift_frontend::Switch;
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use pyhdl_ir::{Block, CompareOp, Expr, ExprKind, LogicOp, MatchArm, Range};

use super::Pass;
use crate::Refused;
use crate::body::Body;
use crate::layout::limbs_of;
use crate::num::Limbs;

pub const PASS: Pass = Pass {
    name: "jump-tables",
    about: "long choices by the value of one expression are jumps by a table",
    leave_out: |options| options.jump_tables = false,
};

/// With fewer values one comparison after the other is as good, or better.
const FEWEST: usize = 40;

/// The values that lead to each block, in the order of the text.
type Choices<'d> = Vec<(Vec<BigInt>, &'d Block)>;

impl Body<'_, '_, '_> {
    /// An `if` that compares one expression with constants. False where it is another one.
    pub fn choose_if(&mut self, arms: &[(Expr, Block)], otherwise: &Block) -> Result<bool, Refused> {
        let (mut subject, mut choices) = (None, Choices::new());
        if !self.shared.options.jump_tables {
            return Ok(false);
        }
        for (condition, body) in arms {
            let mut values = Vec::new();
            if !compares(condition, &mut subject, &mut values) {
                return Ok(false);
            }
            choices.push((values, body));
        }
        let count: usize = choices.iter().map(|(values, _)| values.len()).sum();
        let Some(subject) = subject.filter(|subject| count >= FEWEST && self.cost(subject).is_some()) else {
            return Ok(false);
        };
        let value = self.expr(subject)?;
        let limbs = self.limbs(&value);
        let range = subject.ty.range();
        self.jump_by_table(&limbs, range, choices, otherwise)?;
        Ok(true)
    }

    /// A `match` of a number. False where it is another one.
    pub fn choose_match(
        &mut self,
        limbs: &Limbs,
        range: Option<Range>,
        arms: &[MatchArm],
        otherwise: &Block,
    ) -> Result<bool, Refused> {
        let values: usize = arms.iter().map(|arm| arm.patterns.len()).sum();
        let plain = limbs.len() == 1 && arms.iter().all(|arm| arm.guard.is_none());
        if !self.shared.options.jump_tables || values < FEWEST || !plain {
            return Ok(false);
        }
        let choices = arms.iter().map(|arm| (arm.patterns.clone(), &arm.body)).collect();
        self.jump_by_table(limbs, range, choices, otherwise)?;
        Ok(true)
    }

    fn jump_by_table(
        &mut self,
        limbs: &Limbs,
        range: Option<Range>,
        choices: Choices<'_>,
        otherwise: &Block,
    ) -> Result<(), Refused> {
        let mut switch = Switch::new();
        let narrow = range.is_some_and(|range| Range::unsigned(32).contains_range(&range));
        let mut known = HashSet::new();
        let mut blocks: Vec<(ir::Block, &Block)> = Vec::new();
        for (values, body) in choices {
            let block = self.b.create_block();
            let before = known.len();
            // What the expression never is leads nowhere.
            let entries = values.iter().filter_map(|value| match narrow {
                true => value.to_u32().map(u64::from),
                false => value.to_i64().map(|value| value as u64),
            });
            for entry in entries {
                if known.insert(entry) {
                    switch.set_entry(u128::from(entry), block);
                }
            }
            if known.len() > before {
                blocks.push((block, body));
            }
        }
        let (rest, end) = (self.b.create_block(), self.b.create_block());
        let value = if narrow { self.b.ins().ireduce(types::I32, limbs[0]) } else { limbs[0] };
        switch.emit(&mut self.b, value, rest);
        blocks.push((rest, otherwise));
        let before = self.frame.definite.clone();
        let mut after: Option<HashSet<u32>> = None;
        for (block, body) in blocks {
            self.b.seal_block(block);
            self.enter(block);
            self.frame.definite = before.clone();
            let mark = self.enter_scope();
            self.block(body)?;
            self.leave_scope(mark);
            if !self.dead {
                let here = std::mem::take(&mut self.frame.definite);
                after = Some(match after {
                    None => here,
                    Some(all) => all.intersection(&here).copied().collect(),
                });
            }
            self.jump(end);
        }
        self.b.seal_block(end);
        self.enter(end);
        self.frame.definite = after.unwrap_or(before);
        Ok(())
    }
}

/// Whether a condition compares the subject of a choice with constants, which then are among the values: `x == 1`,
/// `x == 1 or x == 2`. The first one says what the subject is.
fn compares<'e>(condition: &'e Expr, subject: &mut Option<&'e Expr>, values: &mut Vec<BigInt>) -> bool {
    match &condition.kind {
        ExprKind::Compare(CompareOp::Eq, a, b) => {
            let (compared, value) = match (constant(a), constant(b)) {
                (None, Some(value)) => (&**a, value),
                (Some(value), None) => (&**b, value),
                _ => return false,
            };
            let one_limb = compared.ty.range().is_none_or(|range| range.is_finite() && limbs_of(&range) == 1);
            values.push(value);
            let first = *subject.get_or_insert(compared);
            // Each is known to be none of the values before it, and so of another type.
            one_limb && (std::ptr::eq(first, compared) || is_alike(first, compared))
        }
        ExprKind::Logic(LogicOp::Or, a, b) => compares(a, subject, values) && compares(b, subject, values),
        _ => false,
    }
}

/// Whether two expressions compute the same, whatever is known of their ranges and of where they are.
fn is_alike(a: &Expr, b: &Expr) -> bool {
    fn plain(e: &mut Expr, like: &Expr) {
        (e.span, e.ty) = (like.span, like.ty.clone());
        e.kind.for_each_operand_mut(&mut |operand| plain(operand, like));
    }
    let [a, b] = [a, b].map(|e| {
        let mut copy = e.clone();
        plain(&mut copy, a);
        copy
    });
    a == b
}

fn constant(e: &Expr) -> Option<BigInt> {
    match &e.kind {
        ExprKind::Const(value) => Some(value.clone()),
        ExprKind::EnumLiteral(_, literal) => Some((*literal).into()),
        _ => None,
    }
}
