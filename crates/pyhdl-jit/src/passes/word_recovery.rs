//! Matches: `for i in range(n): y.next[i] = a[i] ^ (b[i + 1] and not c)`: a loop that assigns a bit in each round, by
//! operations on bits that lie as far from each other in all rounds, and by what is the same in all of them.
//!
//! Legal because no round sees what another one has done: signals that are read keep their values, and no variable that is
//! assigned is read. Each bit of a bitwise operation on words is that operation on the bits, and nothing here can fail:
//! all bits exist, and every value of the target is within its bounds.
//!
//! Pays from a few rounds on: one operation instead of so many shifts, masks and stores.
//!
//! Left out as `word-recovery`.

use num_bigint::BigInt;
use num_traits::{One, ToPrimitive, Zero};
use pyhdl_ir::{
    BinaryOp, Block, CompareOp, Expr, ExprKind, LocalId, LogicOp, Part, Place as Target, Range, Stmt,
    StmtKind, StorageType, Type, UnaryOp, for_each_node,
};

use super::Pass;
use crate::Refused;
use crate::body::Body;
use crate::layout::{limbs_of, range_of};
use crate::num::Val;

pub const PASS: Pass = Pass {
    name: "word-recovery",
    about: "loops over bits become operations on words",
    leave_out: |options| options.word_recovery = false,
};

/// Fewer rounds are unrolled.
const FEWEST: u32 = 4;

/// The rounds of a loop.
struct Rounds<'c> {
    var: LocalId,
    first: i64,
    count: u32,
    /// Variables that the body assigns.
    assigned: Vec<LocalId>,
    /// The value of an expression that is a constant here.
    constant: &'c dyn Fn(&Expr) -> Option<i64>,
}

impl Body<'_, '_, '_> {
    /// A loop over bits. False where it is another one.
    pub fn recover_words(
        &mut self,
        var: LocalId,
        start: &Expr,
        stop: &Expr,
        step: &BigInt,
        body: &Block,
    ) -> Result<bool, Refused> {
        if !self.shared.options.word_recovery || self.resumes() || !step.is_one() {
            return Ok(false);
        }
        let constant = |e: &Expr| self.constant(e).and_then(|n| n.to_i64());
        let (Some(first), Some(stop)) = (constant(start), constant(stop)) else { return Ok(false) };
        let Some(count) = stop.checked_sub(first).and_then(|count| u32::try_from(count).ok()) else {
            return Ok(false);
        };
        if count < FEWEST {
            return Ok(false);
        }
        let assigned = body.iter().filter_map(local_of).collect();
        let rounds = Rounds { var, first, count, assigned, constant: &constant };
        let words: Option<Vec<_>> = body
            .iter()
            .filter(|stmt| !matches!(stmt.kind, StmtKind::Comment(_)))
            .map(|stmt| self.word_of(stmt, &rounds))
            .collect();
        let Some(words) = words.filter(|words| !words.is_empty()) else { return Ok(false) };
        for (stmt, place, part, value) in words {
            self.note_statement(stmt.span);
            self.assign_part(place, &part, &value, stmt.span)?;
        }
        // The variable keeps the value of the last round.
        let limbs = limbs_of(&range_of(self.design(), &self.frame.types[var.index()])) as usize;
        let last = self.nums().constant(&BigInt::from(stop - 1), limbs);
        self.set_local(var, &Val::Num(last))?;
        Ok(true)
    }

    /// The assignment of all rounds at once: where it goes, and the word.
    fn word_of<'b>(&self, stmt: &'b Stmt, rounds: &Rounds<'_>) -> Option<(&'b Stmt, &'b Target, Part, Expr)> {
        let StmtKind::Assign { target, value } = &stmt.kind else { return None };
        let Some(Part::Bit(index)) = &target.part else { return None };
        let ty = match &target.place {
            Target::Signal(signal) => self.design().signals[*signal].ty.clone(),
            Target::Local(local) if self.frame.definite.contains(&(local.index() as u32)) => {
                self.frame.types[local.index()].clone()
            }
            _ => return None,
        };
        let StorageType::Bits(bits) = ty else { return None };
        let low = rounds.lowest(index)?;
        let all = bits.range() == Range::unsigned(bits.width);
        if !all || i64::from(bits.width) < low + i64::from(rounds.count) {
            return None;
        }
        let value = rounds.word(value)?;
        // Nothing in it may fail, and all variables in it have values.
        self.cost(&value)?;
        let span = index.span;
        let ty = Type::Int(Range::exactly(low));
        let low = Expr { kind: ExprKind::Const(low.into()), ty, span };
        Some((stmt, &target.place, Part::Slice { low, width: rounds.count }, value))
    }
}

impl Rounds<'_> {
    fn range(&self) -> Range {
        Range::unsigned(self.count)
    }

    /// As many ones as there are rounds.
    fn ones(&self) -> BigInt {
        (BigInt::one() << self.count) - 1
    }

    /// The lowest bit that an index says, which is the variable and a constant; none of them is negative.
    fn lowest(&self, index: &Expr) -> Option<i64> {
        let constant = self.constant;
        let offset = match &index.kind {
            ExprKind::Local(local) if *local == self.var => 0,
            ExprKind::Binary(op @ (BinaryOp::Add | BinaryOp::Sub), a, b) => {
                let (variable, by) = match (constant(a), constant(b)) {
                    (None, Some(by)) => (a, if *op == BinaryOp::Add { by } else { by.checked_neg()? }),
                    (Some(by), None) if *op == BinaryOp::Add => (b, by),
                    _ => return None,
                };
                matches!(variable.kind, ExprKind::Local(local) if local == self.var).then_some(by)?
            }
            _ => return None,
        };
        // Far bits are not worth it.
        self.first.checked_add(offset).filter(|low| (0..1 << 16).contains(low))
    }

    /// What the bit of each round is, as one word; the first round is the lowest bit.
    fn word(&self, e: &Expr) -> Option<Expr> {
        let make = |kind| Expr { kind, ty: Type::Int(self.range()), span: e.span };
        let word = |e: &Expr| self.word(e).map(Box::new);
        let inverted = |word: Box<Expr>| {
            let ones = make(ExprKind::Const(self.ones()));
            make(ExprKind::Binary(BinaryOp::Xor, word, ones.into()))
        };
        if e.ty != Type::Bool {
            return None;
        }
        if let Some(same) = self.same_in_all(e) {
            return Some(same);
        }
        Some(match &e.kind {
            ExprKind::Bit { value, index } => {
                let low = self.lowest(index)?;
                if !self.is_constant(value) {
                    return None;
                }
                let ty = Type::Int(Range::exactly(low));
                let low = Expr { kind: ExprKind::Const(low.into()), ty, span: index.span };
                make(ExprKind::Slice { value: value.clone(), low: low.into(), width: self.count })
            }
            ExprKind::Compare(CompareOp::Ne, a, b) => {
                make(ExprKind::Binary(BinaryOp::Xor, word(a)?, word(b)?))
            }
            ExprKind::Compare(CompareOp::Eq, a, b) => {
                inverted(make(ExprKind::Binary(BinaryOp::Xor, word(a)?, word(b)?)).into())
            }
            ExprKind::Truth(inner) => *word(inner)?,
            ExprKind::Unary(UnaryOp::Not, inner) => inverted(word(inner)?),
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or | BinaryOp::Xor), a, b) => {
                make(ExprKind::Binary(*op, word(a)?, word(b)?))
            }
            ExprKind::Logic(LogicOp::And, a, b) => make(ExprKind::Binary(BinaryOp::And, word(a)?, word(b)?)),
            ExprKind::Logic(LogicOp::Or, a, b) => make(ExprKind::Binary(BinaryOp::Or, word(a)?, word(b)?)),
            ExprKind::Select { condition, then, otherwise } => {
                let condition = word(condition)?;
                let then = make(ExprKind::Binary(BinaryOp::And, word(then)?, condition.clone()));
                let rest =
                    make(ExprKind::Binary(BinaryOp::And, word(otherwise)?, inverted(condition).into()));
                make(ExprKind::Binary(BinaryOp::Or, then.into(), rest.into()))
            }
            _ => return None,
        })
    }

    /// Whether an expression is the same in all rounds.
    fn is_constant(&self, e: &Expr) -> bool {
        let mut same = true;
        for_each_node(e, &mut |node| match node.kind {
            ExprKind::Local(local) | ExprKind::Element { local, .. } => {
                same &= local != self.var && !self.assigned.contains(&local);
            }
            ExprKind::Call { .. } => same = false,
            _ => {}
        });
        same
    }

    /// A bit that all rounds have in common, as a word of such bits.
    fn same_in_all(&self, e: &Expr) -> Option<Expr> {
        if !self.is_constant(e) {
            return None;
        }
        let number = |value: BigInt| Expr {
            ty: Type::Int(Range::exactly(value.clone())),
            kind: ExprKind::Const(value),
            span: e.span,
        };
        let (ones, zero) = (number(self.ones()), number(BigInt::zero()));
        if let ExprKind::Const(bit) = &e.kind {
            return Some(if bit.is_zero() { zero } else { ones });
        }
        let kind =
            ExprKind::Select { condition: e.clone().into(), then: ones.into(), otherwise: zero.into() };
        Some(Expr { kind, ty: Type::Int(self.range()), span: e.span })
    }
}

/// The variable that a statement assigns.
fn local_of(stmt: &Stmt) -> Option<LocalId> {
    match &stmt.kind {
        StmtKind::Assign { target, .. } => match target.place {
            Target::Local(local) | Target::Element { local, .. } => Some(local),
            _ => None,
        },
        _ => None,
    }
}
