//! Matches: a process that assigns one wire by one short expression that cannot fail.
//!
//! Legal because the process follows and runs once in a step: its inputs keep their values until the step ends. All
//! readers are in this function, so that nobody looks for the wire in memory.
//!
//! Pays because operands need no registers meanwhile, and what only one branch needs is computed in that branch: a cold
//! cone costs nothing where its branch is not taken.
//!
//! Left out as `deferral`; it needs `wires` and `dead-stores`.

use pyhdl_ir::{Expr, Place, ProcessId, SignalId, Stmt, StmtKind, StorageType};
use pyhdl_sim::cycle::{Role, value_may_fail};

use super::Pass;
use crate::Refused;
use crate::body::Body;
use crate::division::Division;
use crate::layout::{limbs_of, range_of};
use crate::num::Val;

pub const PASS: Pass = Pass {
    name: "deferral",
    about: "wires of one short expression are computed where they are read",
    leave_out: |options| options.deferral = false,
};

impl<'a> Body<'_, 'a, '_> {
    /// Leaves a process to those that read its signal. False where it has to run here.
    pub fn defer(&mut self, id: ProcessId, division: &Division) -> bool {
        match self.deferrable(id, division) {
            Some((signal, e)) => {
                self.deferred.insert(signal, e);
                true
            }
            None => false,
        }
    }

    fn deferrable(&self, id: ProcessId, division: &Division) -> Option<(SignalId, &'a Expr)> {
        let (plan, options) = (self.shared.plan, self.shared.options);
        let process = &self.design().processes[id];
        let follows =
            plan.roles[id] == Role::Follows && division.once[id.index()] && process.locals.is_empty();
        if !(options.deferral && options.wires && options.dead_stores && self.caches && follows) {
            return None;
        }
        let mut body = process.body.iter().filter(|stmt| !matches!(stmt.kind, StmtKind::Comment(_)));
        let (Some(Stmt { kind: StmtKind::Assign { target, value }, .. }), None) = (body.next(), body.next())
        else {
            return None;
        };
        let (Place::Signal(signal), None) = (&target.place, &target.part) else { return None };
        let cell = plan.cells.of(*signal);
        let ty = &self.design().signals[*signal].ty;
        let in_memory = division.stored[cell.index()] || plan.shadowed[cell] || plan.cells.all[cell].memory;
        let fails = value.ty.range().is_none_or(|range| value_may_fail(ty, &range));
        (!in_memory && !fails && self.is_simple(value)).then_some((*signal, value))
    }

    /// What a signal is computed by here, if that is all that its value is.
    pub fn left_to_readers(&self, signal: SignalId) -> Option<&'a Expr> {
        let e = *self.deferred.get(&signal)?;
        let own = range_of(self.design(), &self.design().signals[signal].ty);
        (!self.is_cached(signal) && own.contains_range(&e.ty.range()?)).then_some(e)
    }

    /// The value of a signal that was left to those who read it.
    pub fn compute_deferred(&mut self, signal: SignalId, e: &Expr) -> Result<Val, Refused> {
        let ty = &self.design().signals[signal].ty;
        let value = self.expr(e)?;
        let value = self.fit(ty, value, e.ty.range(), e.span)?;
        let value = match ty {
            StorageType::Bool => Val::Bit(self.bit(&value)),
            _ => {
                let limbs = self.limbs(&value);
                let count = limbs_of(&range_of(self.design(), ty)) as usize;
                Val::Num(self.nums().resize(limbs, count))
            }
        };
        self.cache(signal, value.clone());
        Ok(value)
    }
}
