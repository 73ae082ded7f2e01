//! Machine code of loops that are not unrolled.

use std::collections::HashSet;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive};
use pyhdl_diag::Span;
use pyhdl_ir::{Block, Expr, ExprKind, LocalId, Stmt};

use crate::Refused;
use crate::body::{Body, Held, LoopPlace, flags};
use crate::expr::range_of_type;
use crate::layout::limbs_of;
use crate::num::Val;
use crate::sites::Event;
use crate::slots::counter;

enum LoopValue {
    Register(Held),
    Memory(crate::layout::SlotPlace),
}

impl Body<'_, '_, '_> {
    pub fn for_(
        &mut self,
        stmt: &Stmt,
        var: LocalId,
        start: &Expr,
        stop: &Expr,
        step: &BigInt,
        body: &Block,
    ) -> Result<(), Refused> {
        let (start_range, stop_range) = (range_of_type(&start.ty), range_of_type(&stop.ty));
        let reach = counter(&start_range, &stop_range, step);
        let count = limbs_of(&reach).max(limbs_of(&stop_range)) as usize;
        if count > 1 {
            return Err(Refused("a loop to more than 64 bits".to_owned()));
        }
        let (first, end) = (self.number(start, 1)?, self.number(stop, 1)?);
        let hidden = self.hidden.get(&(stmt as *const Stmt)).copied().filter(|_| self.depth == 0);
        let (counter_place, stop_place) = match hidden {
            Some(slot) => {
                let slots = &self.shared.layout.frames[self.process].slots;
                let (a, b) = (slots[slot as usize], slots[slot as usize + 1]);
                match (a, b) {
                    (Some(a), Some(b)) => (LoopValue::Memory(a), LoopValue::Memory(b)),
                    _ => return Err(Refused("a loop without a place".to_owned())),
                }
            }
            None => (
                LoopValue::Register(self.hold_limbs(1, false)),
                LoopValue::Register(self.hold_limbs(1, false)),
            ),
        };
        self.set_loop_value(&counter_place, &Val::Num(first));
        self.set_loop_value(&stop_place, &Val::Num(end));
        let (head, round, behind) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        self.b.ins().jump(head, &[]);
        self.b.switch_to_block(head);
        let (now, end) = (self.loop_value(&counter_place), self.loop_value(&stop_place));
        let condition = if step.is_positive() { IntCC::SignedLessThan } else { IntCC::SignedGreaterThan };
        let more = self.b.ins().icmp(condition, now, end);
        self.b.ins().brif(more, round, &[], behind, &[]);
        self.b.seal_block(round);
        self.b.switch_to_block(round);
        let Some(by) = step.to_i64() else { return Err(Refused("a loop with large steps".to_owned())) };
        let then = self.b.ins().iadd_imm(now, by);
        self.set_loop_value(&counter_place, &Val::Num(vec![then]));
        let before = self.frame.definite.clone();
        self.set_local(var, &Val::Num(vec![now]))?;
        self.loop_body(head, behind, body, stmt.span, before)
    }

    pub fn while_(&mut self, condition: &Expr, body: &Block, span: Span) -> Result<(), Refused> {
        let (head, round, behind) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        self.b.ins().jump(head, &[]);
        self.b.switch_to_block(head);
        let mark = self.enter_scope();
        let endless = matches!(&condition.kind, ExprKind::Const(n) if n.is_one());
        if endless {
            self.b.ins().jump(round, &[]);
        } else {
            let holds = self.truth(condition)?;
            self.b.ins().brif(holds, round, &[], behind, &[]);
        }
        self.b.seal_block(round);
        self.b.switch_to_block(round);
        let before = self.frame.definite.clone();
        self.loop_body(head, behind, body, span, before)?;
        self.leave_scope(mark);
        Ok(())
    }

    fn loop_body(
        &mut self,
        head: cranelift_codegen::ir::Block,
        behind: cranelift_codegen::ir::Block,
        body: &Block,
        span: Span,
        before: HashSet<u32>,
    ) -> Result<(), Refused> {
        let again = self.b.create_block();
        self.frame.loops.push(LoopPlace { again, behind, broken: false });
        let mark = self.enter_scope();
        self.block(body)?;
        self.leave_scope(mark);
        self.frame.loops.pop();
        self.jump(again);
        self.enter(again);
        self.b.seal_block(again);
        self.count_round(span)?;
        self.jump(head);
        self.b.seal_block(head);
        self.b.seal_block(behind);
        self.enter(behind);
        self.frame.definite = before;
        Ok(())
    }

    /// A loop without a wait must come to an end.
    fn count_round(&mut self, span: Span) -> Result<(), Refused> {
        let Some(rounds) = self.iterations else { return Ok(()) };
        let before = self.b.use_var(rounds);
        let now = self.b.ins().iadd_imm(before, 1);
        self.b.def_var(rounds, now);
        let limit = self.shared.options.loop_limit;
        let over = self.b.ins().icmp_imm(IntCC::UnsignedGreaterThan, now, limit as i64);
        let process = self.design().processes[self.process].span;
        self.fail_if(over, Event::LoopLimit { process, limit }, span, &[])
    }

    fn loop_value(&mut self, value: &LoopValue) -> Value {
        let value = match value {
            LoopValue::Register(held) => self.held(held),
            LoopValue::Memory(slot) => self.load(self.state, slot.place, false),
        };
        self.limbs(&value)[0]
    }

    fn set_loop_value(&mut self, place: &LoopValue, value: &Val) {
        match place {
            LoopValue::Register(held) => self.set_held(held, value),
            LoopValue::Memory(slot) => {
                self.store(self.state, slot.place, value);
                let one = self.b.ins().iconst(types::I8, 1);
                self.b.ins().store(flags(), one, self.state, slot.assigned);
            }
        }
    }
}
