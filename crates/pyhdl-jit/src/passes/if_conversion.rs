//! Matches: an `if` of one condition whose branches do nothing but assign wires and variables that are in registers.
//!
//! Legal because neither branch can be seen to have run: nothing in it may fail or has an effect but on these registers,
//! and the condition chooses afterwards what each of them holds.
//!
//! Pays where both branches are short: a selection costs less than a jump that the processor may predict wrongly.
//!
//! Left out as `if-conversion`.

use cranelift_codegen::ir::{InstBuilder, Value};
use pyhdl_ir::{Block, Expr, LocalId, Place as Target, SignalId, Stmt, StmtKind};
use pyhdl_sim::cycle::value_may_fail;

use super::Pass;
use crate::Refused;
use crate::body::{Body, LocalPlace};
use crate::num::Val;
use crate::stmt::local_bound;

pub const PASS: Pass = Pass {
    name: "if-conversion",
    about: "short branches become selections",
    leave_out: |options| (options.if_conversion, options.speculation) = (false, 0),
};

/// A place in registers that an `if` may choose the value of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Register {
    Wire(SignalId),
    Local(LocalId),
}

impl Body<'_, '_, '_> {
    /// An `if` of short assignments to registers: computes all and chooses. False where it is another one.
    pub fn convert(&mut self, arms: &[(Expr, Block)], otherwise: &Block) -> Result<bool, Refused> {
        if !self.shared.options.if_conversion || self.resumes() {
            return Ok(false);
        }
        let mut targets = Vec::new();
        let mut cost = 0;
        if !self.is_convertible(arms, otherwise, &mut targets, &mut cost)
            || cost > self.shared.options.speculation
        {
            return Ok(false);
        }
        let [(condition, body)] = arms else { return Ok(false) };
        let condition = self.truth(condition)?;
        let definite = self.frame.definite.clone();
        let before: Vec<(Val, Option<Value>)> = targets.iter().map(|t| self.value_of(t)).collect();
        self.block(otherwise)?;
        let no: Vec<(Val, Option<Value>)> = targets.iter().map(|t| self.value_of(t)).collect();
        let after = std::mem::replace(&mut self.frame.definite, definite);
        for (target, (value, assigned)) in targets.iter().zip(&before) {
            self.restore(target, value, *assigned);
        }
        self.block(body)?;
        self.frame.definite.retain(|local| after.contains(local));
        for (target, (other, was_assigned)) in targets.iter().zip(no) {
            let (value, assigned) = self.value_of(target);
            let chosen = match (&value, &other) {
                (Val::Bit(a), Val::Bit(b)) => Val::Bit(self.b.ins().select(condition, *a, *b)),
                (a, b) => {
                    let (a, b) = (self.limbs(a), self.limbs(b));
                    let count = a.len().max(b.len());
                    let (a, b) = (self.nums().resize(a, count), self.nums().resize(b, count));
                    Val::Num(self.nums().select(condition, &a, &b))
                }
            };
            let assigned = assigned.zip(was_assigned).map(|(a, b)| self.b.ins().select(condition, a, b));
            self.restore(target, &chosen, assigned);
        }
        Ok(true)
    }

    fn value_of(&mut self, target: &Register) -> (Val, Option<Value>) {
        match target {
            Register::Wire(signal) => {
                let held = self.wires[signal].clone();
                (self.held(&held), None)
            }
            Register::Local(local) => match self.frame.locals[local.index()].clone() {
                LocalPlace::Registers(held, assigned) => {
                    let assigned = self.b.use_var(assigned);
                    (self.held(&held), Some(assigned))
                }
                _ => (Val::Num(Vec::new()), None),
            },
        }
    }

    fn restore(&mut self, target: &Register, value: &Val, assigned: Option<Value>) {
        match target {
            Register::Wire(signal) => {
                let held = self.wires[signal].clone();
                self.set_held(&held, value);
            }
            Register::Local(local) => {
                if let LocalPlace::Registers(held, flag) = self.frame.locals[local.index()].clone() {
                    self.set_held(&held, value);
                    if let Some(assigned) = assigned {
                        self.b.def_var(flag, assigned);
                    }
                }
            }
        }
    }

    fn is_convertible(
        &self,
        arms: &[(Expr, Block)],
        otherwise: &Block,
        targets: &mut Vec<Register>,
        cost: &mut u32,
    ) -> bool {
        // Later conditions are computed beforehand.
        if arms.len() > 1 {
            return false;
        }
        let conditions = arms.iter().all(|(condition, _)| match self.cost(condition) {
            Some(more) => {
                *cost += more;
                true
            }
            None => false,
        });
        conditions
            && arms
                .iter()
                .map(|(_, body)| body)
                .chain([otherwise])
                .all(|body| body.iter().all(|stmt| self.is_convertible_stmt(stmt, targets, cost)))
    }

    fn is_convertible_stmt(&self, stmt: &Stmt, targets: &mut Vec<Register>, cost: &mut u32) -> bool {
        match &stmt.kind {
            StmtKind::Comment(_) => true,
            StmtKind::Assign { target, value } if target.part.is_none() => {
                let (register, ty) = match &target.place {
                    Target::Signal(signal) if self.wires.contains_key(signal) => {
                        (Register::Wire(*signal), self.design().signals[*signal].ty.clone())
                    }
                    Target::Local(local) => match self.frame.locals[local.index()] {
                        LocalPlace::Registers(..) => {
                            (Register::Local(*local), local_bound(&self.frame.types[local.index()]))
                        }
                        _ => return false,
                    },
                    _ => return false,
                };
                if value.ty.range().is_some_and(|range| value_may_fail(&ty, &range)) {
                    return false;
                }
                let Some(more) = self.cost(value) else { return false };
                *cost += more + 1;
                if !targets.contains(&register) {
                    targets.push(register);
                }
                true
            }
            StmtKind::If { arms, otherwise } => self.is_convertible(arms, otherwise, targets, cost),
            _ => false,
        }
    }
}
