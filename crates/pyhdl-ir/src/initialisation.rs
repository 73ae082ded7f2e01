//! Processes that do nothing but give signals the values that they have at the start anyway, as some authors write for
//! simulators that know no initial values.

use std::collections::HashMap;

use num_bigint::BigInt;

use crate::{Block, Design, Expr, ExprKind, LocalId, Place, ProcessId, ProcessKind, StmtKind, Target};

/// Assignments that are looked at.
const MOST: usize = 1 << 20;

impl Design {
    /// Whether a process runs once and changes nothing by that.
    pub fn is_initialisation(&self, process: ProcessId) -> bool {
        let process = &self.processes[process];
        let mut look = Look { design: self, values: HashMap::new(), assignments: 0 };
        process.kind == ProcessKind::Thread && look.changes_nothing(&process.body) && look.assignments > 0
    }
}

struct Look<'d> {
    design: &'d Design,
    /// Of the variables of the loops around.
    values: HashMap<LocalId, BigInt>,
    assignments: usize,
}

impl Look<'_> {
    fn changes_nothing(&mut self, block: &Block) -> bool {
        block.iter().all(|stmt| match &stmt.kind {
            StmtKind::Comment(_) | StmtKind::Wait(_) => true,
            StmtKind::Assign { target, value } => {
                self.assignments += 1;
                self.assignments <= MOST && self.keeps(target, value)
            }
            StmtKind::For { var, start, stop, step, body } => {
                let (Some(mut at), Some(stop)) = (self.value(start), self.value(stop)) else { return false };
                let up = *step > BigInt::ZERO;
                while if up { at < stop } else { at > stop } {
                    self.values.insert(*var, at.clone());
                    if !self.changes_nothing(body) || body.is_empty() {
                        return body.is_empty();
                    }
                    at += step;
                }
                true
            }
            _ => false,
        })
    }

    /// Whether an assignment gives a signal its initial value.
    fn keeps(&self, target: &Target, value: &Expr) -> bool {
        let signal = match &target.place {
            _ if target.part.is_some() => None,
            Place::Signal(signal) => Some(*signal),
            Place::Memory { memory, index } => {
                let at = self.value(index).and_then(|i| usize::try_from(i).ok());
                at.and_then(|at| self.design.memories[*memory].elements.get(at).copied())
            }
            _ => None,
        };
        signal.is_some_and(|s| self.value(value).as_ref() == Some(&self.design.signals[s].init))
    }

    fn value(&self, e: &Expr) -> Option<BigInt> {
        match &e.kind {
            ExprKind::Const(value) => Some(value.clone()),
            ExprKind::EnumLiteral(_, literal) => Some((*literal).into()),
            ExprKind::Local(id) => self.values.get(id).cloned(),
            ExprKind::TableRead { table, index } => {
                let at = usize::try_from(self.value(index)?).ok()?;
                self.design.tables[*table].entries.get(at).cloned()
            }
            _ => None,
        }
    }
}
