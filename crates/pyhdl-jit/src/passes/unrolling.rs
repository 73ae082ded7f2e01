//! Matches: a `for` over a range that is known here, with few statements in all its rounds, none of which waits.
//!
//! Legal because the rounds follow each other in the order of the loop, each with the variable's value of that round;
//! `break` and `continue` jump to where they would be.
//!
//! Pays because the variable is a constant in each round: indices, shifts and conditions that depend on it are done
//! beforehand.
//!
//! Left out as `unrolling`.

use std::collections::HashSet;

use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive};
use pyhdl_ir::{Block, Expr, LocalId, Place as Target, StmtKind, for_each_stmt};

use super::Pass;
use crate::Refused;
use crate::body::{Body, LoopPlace};
use crate::layout::limbs_of;
use crate::num::Val;

pub const PASS: Pass =
    Pass { name: "unrolling", about: "short loops are unrolled", leave_out: |options| options.unrolling = 0 };

impl Body<'_, '_, '_> {
    /// A loop with few rounds that are known, without waits: one round after the other. False where it is another one.
    pub fn unroll(
        &mut self,
        var: LocalId,
        start: &Expr,
        stop: &Expr,
        step: &BigInt,
        body: &Block,
    ) -> Result<bool, Refused> {
        if self.resumes() || self.shared.options.unrolling == 0 {
            return Ok(false);
        }
        let (Some(first), Some(stop)) = (self.constant(start), self.constant(stop)) else { return Ok(false) };
        let mut size = 0u64;
        let mut assigned = false;
        for_each_stmt(body, &mut |stmt| {
            size += 1;
            if let StmtKind::Assign { target, .. } = &stmt.kind {
                assigned |= matches!(&target.place, Target::Local(id) if *id == var);
            }
            if let StmtKind::For { var: inner, .. } = &stmt.kind {
                assigned |= *inner == var;
            }
            if let StmtKind::Call { .. } = &stmt.kind {
                assigned = true;
            }
        });
        let distance = if step.is_positive() { &stop - &first } else { &first - &stop };
        let rounds = if distance.is_positive() {
            ((distance + step.abs() - BigInt::one()) / step.abs()).to_u64().unwrap_or(u64::MAX)
        } else {
            0
        };
        if assigned || rounds.saturating_mul(size.max(1)) > u64::from(self.shared.options.unrolling) {
            return Ok(false);
        }
        let behind = self.b.create_block();
        let outer = self.frame.known.remove(&var);
        let mut at = first;
        let mut broken = false;
        let mut definite: Option<HashSet<u32>> = None;
        for _ in 0..rounds {
            let value = {
                let ty = self.frame.types[var.index()].clone();
                let limbs = limbs_of(&crate::layout::range_of(self.design(), &ty)) as usize;
                Val::Num(self.nums().constant(&at, limbs))
            };
            self.set_local(var, &value)?;
            self.frame.known.insert(var, at.clone());
            let again = self.b.create_block();
            self.frame.loops.push(LoopPlace { again, behind, broken: false });
            let before = self.frame.definite.clone();
            let mark = self.enter_scope();
            self.block(body)?;
            self.leave_scope(mark);
            let place = self.frame.loops.pop();
            broken |= place.is_some_and(|l| l.broken);
            let left_somewhere = has_jumps(body);
            if left_somewhere {
                self.frame.definite = before;
                if place.is_some_and(|l| l.broken) {
                    let here = self.frame.definite.clone();
                    definite = Some(match definite {
                        None => here,
                        Some(all) => all.intersection(&here).copied().collect(),
                    });
                }
            }
            self.jump(again);
            self.b.seal_block(again);
            self.enter(again);
            at += step;
        }
        self.frame.known.remove(&var);
        if let Some(outer) = outer {
            self.frame.known.insert(var, outer);
        }
        self.jump(behind);
        self.b.seal_block(behind);
        self.enter(behind);
        if broken && let Some(definite) = definite {
            self.frame.definite.retain(|local| definite.contains(local));
        }
        Ok(true)
    }
}

fn has_jumps(body: &Block) -> bool {
    let mut found = false;
    for_each_stmt(body, &mut |stmt| {
        found |= matches!(stmt.kind, StmtKind::Break | StmtKind::Continue | StmtKind::Return(_));
    });
    found
}
