//! Which local variables are loop counters in the output: those that only `for` loops assign and that are read only
//! inside their loops. The others are ordinary variables, and their loops count with a counter of their own.

use std::collections::HashSet;

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use pyhdl_ir::{Block, Expr, ExprKind, LocalId, Place, Range, Stmt, StmtKind, for_each_node};

/// The counters of a body.
pub(crate) fn counters(body: &Block) -> HashSet<LocalId> {
    let mut found = Found::default();
    found.block(body);
    &found.loops - &found.others
}

#[derive(Default)]
struct Found {
    loops: HashSet<LocalId>,
    others: HashSet<LocalId>,
    /// The loops around this place.
    open: Vec<LocalId>,
}

impl Found {
    fn block(&mut self, block: &Block) {
        for stmt in block {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        stmt.kind.for_each_expr(&mut |e| self.reads(e));
        match &stmt.kind {
            StmtKind::Assign { target, .. } => {
                if let Place::Local(id) = target.place {
                    self.others.insert(id);
                }
            }
            StmtKind::For { var, start, stop, body, .. } => {
                self.loops.insert(*var);
                let small = Range::new(i32::MIN, i32::MAX);
                let fits = |e: &Expr| e.ty.range().is_some_and(|r| small.contains_range(&r));
                if self.open.contains(var) || !fits(start) || !fits(stop) {
                    self.others.insert(*var);
                }
                self.open.push(*var);
                self.block(body);
                self.open.pop();
                return;
            }
            _ => {}
        }
        for inner in stmt.kind.blocks() {
            self.block(inner);
        }
    }

    fn reads(&mut self, e: &Expr) {
        for_each_node(e, &mut |node| {
            if let ExprKind::Local(id) = node.kind
                && !self.open.contains(&id)
            {
                self.others.insert(id);
            }
        });
    }
}

/// How often a loop with constant bounds runs.
pub(crate) fn iterations(start: &Expr, stop: &Expr, step: &BigInt) -> Option<u64> {
    let (ExprKind::Const(start), ExprKind::Const(stop)) = (&start.kind, &stop.kind) else { return None };
    let (distance, step) =
        if *step > BigInt::ZERO { (stop - start, step.clone()) } else { (start - stop, -step) };
    if distance <= BigInt::ZERO {
        return Some(0);
    }
    ((distance + &step - 1u32) / step).to_u64()
}
