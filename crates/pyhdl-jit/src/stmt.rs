//! Machine code of statements.

use std::collections::HashSet;

use cranelift_codegen::ir::{AbiParam, InstBuilder, Signature, Value, types};
use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::Span;
use pyhdl_ir::{
    Block, Expr, ExprKind, FunctionId, Local, LocalId, MatchArm, PrintPart, RandomNumbers, Range, Stmt,
    StmtKind, StorageType, Type,
};

use crate::Refused;
use crate::body::{Body, Frame, Held, LocalPlace, flags};
use crate::expr::python;
use crate::layout::{MOST_LIMBS, limbs_of, word};
use crate::num::{Limbs, Val};
use crate::sites::{Event, Piece};

/// Functions may call each other this deep.
const DEPTH: u32 = 16;

impl Body<'_, '_, '_> {
    pub fn block(&mut self, block: &Block) -> Result<(), Refused> {
        for stmt in block {
            if self.dead {
                break;
            }
            self.stmt(stmt)?;
        }
        Ok(())
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<(), Refused> {
        let span = stmt.span;
        self.note_statement(span);
        match &stmt.kind {
            StmtKind::Comment(_) => Ok(()),
            StmtKind::Assign { target, value } => match &target.part {
                None => self.assign(&target.place, value, span),
                Some(part) => self.assign_part(&target.place, part, value, span),
            },
            StmtKind::If { arms, otherwise } => self.if_(arms, otherwise),
            StmtKind::Match { subject, arms, otherwise } => self.match_(stmt, subject, arms, otherwise),
            StmtKind::For { var, start, stop, step, body } => {
                if self.recover_words(*var, start, stop, step, body)?
                    || self.unroll(*var, start, stop, step, body)?
                {
                    return Ok(());
                }
                self.for_(stmt, *var, start, stop, step, body)
            }
            StmtKind::While { condition, body } => self.while_(condition, body, span),
            StmtKind::Break => {
                if let Some(enclosing) = self.frame.loops.last_mut() {
                    enclosing.broken = true;
                    let behind = enclosing.behind;
                    self.jump(behind);
                }
                Ok(())
            }
            StmtKind::Continue => {
                if let Some(again) = self.frame.loops.last().map(|l| l.again) {
                    self.jump(again);
                }
                Ok(())
            }
            StmtKind::Return(value) => {
                if let (Some(value), Some(result)) = (value, self.frame.result.clone()) {
                    let value = self.expr(value)?;
                    self.set_held(&result, &value);
                }
                match self.frame.exit {
                    Some(exit) => self.jump(exit),
                    None => return Err(Refused("a return in an unknown place".to_owned())),
                }
                Ok(())
            }
            StmtKind::Wait(triggers) => self.wait(stmt, triggers),
            StmtKind::Assert { condition, message } => {
                let condition = self.truth(condition)?;
                let (fails, goes_on) = (self.b.create_block(), self.b.create_block());
                self.b.set_cold_block(fails);
                self.b.ins().brif(condition, goes_on, &[], fails, &[]);
                self.b.seal_block(fails);
                self.b.switch_to_block(fails);
                let mark = self.enter_scope();
                let (message, arguments) = self.pieces(message)?;
                let event = Event::Raise { exception: "AssertionError".to_owned(), message };
                self.fail(event, span, &arguments)?;
                self.leave_scope(mark);
                self.b.seal_block(goes_on);
                self.enter(goes_on);
                Ok(())
            }
            StmtKind::Raise { exception, message } => {
                let (message, arguments) = self.pieces(message)?;
                let event = Event::Raise { exception: exception.clone(), message };
                self.fail(event, span, &arguments)
            }
            StmtKind::Print(parts) => {
                let (pieces, arguments) = self.pieces(parts)?;
                let site = self.site(Event::Print(pieces), span, &arguments);
                self.pass(&arguments)?;
                let site = self.b.ins().iconst(types::I64, site);
                let status = self.call_runtime(word::PRINT, &[site]);
                self.leave_if_not_zero(status);
                Ok(())
            }
            StmtKind::Draw { target, generator, numbers } => self.draw(*target, *generator, numbers, span),
            StmtKind::Call { function, args } => {
                self.inline(*function, args, true)?;
                Ok(())
            }
        }
    }

    /// The host puts the number where arguments are.
    fn draw(
        &mut self,
        target: LocalId,
        generator: u32,
        numbers: &RandomNumbers,
        span: Span,
    ) -> Result<(), Refused> {
        let limbs = limbs_of(&numbers.range());
        if limbs > MOST_LIMBS {
            return Err(Refused("a random number of very many bits".to_owned()));
        }
        let site = self.site(Event::Draw { generator, numbers: numbers.clone(), limbs }, span, &[]);
        let site = self.b.ins().iconst(types::I64, site);
        let status = self.call_runtime(word::DRAW, &[site]);
        self.leave_if_not_zero(status);
        let first = self.shared.layout.arguments;
        let number = (0..limbs as i32)
            .map(|i| self.b.ins().load(types::I64, flags(), self.state, first + 8 * i))
            .collect();
        self.set_local(target, &Val::Num(number))
    }

    /// Returns the status if it is not 0.
    pub fn leave_if_not_zero(&mut self, status: Value) {
        let (leaves, goes_on) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(leaves);
        self.b.ins().brif(status, leaves, &[], goes_on, &[]);
        self.b.seal_block(leaves);
        self.b.seal_block(goes_on);
        self.b.switch_to_block(leaves);
        self.b.ins().return_(&[status]);
        self.b.switch_to_block(goes_on);
    }

    /// Calls a function of the runtime with the memory and further words; its status.
    pub fn call_runtime(&mut self, which: i32, arguments: &[Value]) -> Value {
        let mut signature = Signature::new(self.b.func.signature.call_conv);
        signature.params = vec![AbiParam::new(types::I64); arguments.len() + 1];
        signature.returns = vec![AbiParam::new(types::I32)];
        let signature = self.b.import_signature(signature);
        let callee = self.b.ins().load(types::I64, flags(), self.state, which);
        let mut all = vec![self.state];
        all.extend(arguments);
        let call = self.b.ins().call_indirect(signature, callee, &all);
        self.b.inst_results(call)[0]
    }

    fn pieces(&mut self, parts: &[PrintPart]) -> Result<(Vec<Piece>, Vec<Limbs>), Refused> {
        let (mut pieces, mut arguments) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                PrintPart::Text(text) => pieces.push(Piece::Text(text.clone())),
                PrintPart::Value { value, format } => {
                    let bool = is_bool(value);
                    if value.ty == Type::Bool && *format == pyhdl_ir::Format::Plain && !bool {
                        // Python prints the object: True or 1.
                        return Err(Refused("the text of a bit that is a bool or a number".to_owned()));
                    }
                    let literals = match value.ty {
                        Type::Enum(id) => Some(id.index() as u32),
                        _ => None,
                    };
                    let of = self.expr(value)?;
                    let of = self.limbs(&of);
                    pieces.push(Piece::Value { bool, format: format.clone(), literals });
                    arguments.push(of);
                }
            }
        }
        Ok((pieces, arguments))
    }

    // ---- branches ----

    pub fn if_(&mut self, arms: &[(Expr, Block)], otherwise: &Block) -> Result<(), Refused> {
        let Some(((condition, body), rest)) = arms.split_first() else { return self.block(otherwise) };
        if self.depth == 0 && self.convert(arms, otherwise)? || self.choose_if(arms, otherwise)? {
            return Ok(());
        }
        let condition = self.truth(condition)?;
        let (yes, no, end) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        self.b.ins().brif(condition, yes, &[], no, &[]);
        self.b.seal_block(yes);
        self.b.seal_block(no);
        let before = self.frame.definite.clone();
        self.b.switch_to_block(yes);
        let mark = self.enter_scope();
        self.block(body)?;
        self.leave_scope(mark);
        let after = (!self.dead).then(|| std::mem::replace(&mut self.frame.definite, before.clone()));
        self.frame.definite = before;
        self.jump(end);
        self.enter(no);
        let mark = self.enter_scope();
        self.if_(rest, otherwise)?;
        self.leave_scope(mark);
        match (after, self.dead) {
            (Some(after), true) => self.frame.definite = after,
            (Some(after), false) => self.frame.definite.retain(|local| after.contains(local)),
            (None, _) => {}
        }
        self.jump(end);
        self.b.seal_block(end);
        self.enter(end);
        Ok(())
    }

    fn match_(
        &mut self,
        stmt: &Stmt,
        subject: &Expr,
        arms: &[MatchArm],
        otherwise: &Block,
    ) -> Result<(), Refused> {
        let value = self.expr(subject)?;
        let limbs = self.limbs(&value);
        let hidden = self.hidden.get(&(stmt as *const Stmt)).copied().filter(|_| self.depth == 0);
        if let Some(slot) = hidden
            && let Some(slot) = self.shared.layout.frames[self.process].slots[slot as usize]
        {
            self.store(self.state, slot.place, &value);
            let one = self.b.ins().iconst(types::I8, 1);
            self.b.ins().store(flags(), one, self.state, slot.assigned);
        }
        if self.choose_match(&limbs, subject.ty.range(), arms, otherwise)? {
            return Ok(());
        }
        let end = self.b.create_block();
        let before = self.frame.definite.clone();
        let mut after: Option<HashSet<u32>> = None;
        let mut meet = |body: &mut Self| {
            if !body.dead {
                let here = body.frame.definite.clone();
                after = Some(match after.take() {
                    None => here,
                    Some(all) => all.intersection(&here).copied().collect(),
                });
            }
        };
        for arm in arms {
            let mut found: Option<Value> = None;
            for pattern in &arm.patterns {
                let count = limbs.len().max(limbs_of(&Range::exactly(pattern.clone())) as usize);
                let wide = self.nums().resize(limbs.clone(), count);
                let pattern = self.nums().constant(pattern, count);
                let equal = self.nums().equal(&wide, &pattern);
                found = Some(match found {
                    Some(before) => self.b.ins().bor(before, equal),
                    None => equal,
                });
            }
            let Some(found) = found else { continue };
            let (yes, no) = (self.b.create_block(), self.b.create_block());
            self.b.ins().brif(found, yes, &[], no, &[]);
            self.b.seal_block(yes);
            self.b.switch_to_block(yes);
            let mark = self.enter_scope();
            if let Some(guard) = &arm.guard {
                let holds = self.truth(guard)?;
                let body = self.b.create_block();
                self.b.ins().brif(holds, body, &[], no, &[]);
                self.b.seal_block(body);
                self.b.switch_to_block(body);
            }
            self.frame.definite = before.clone();
            self.block(&arm.body)?;
            self.leave_scope(mark);
            meet(self);
            self.jump(end);
            self.b.seal_block(no);
            self.enter(no);
            self.frame.definite = before.clone();
        }
        let mark = self.enter_scope();
        self.block(otherwise)?;
        self.leave_scope(mark);
        meet(self);
        self.jump(end);
        self.b.seal_block(end);
        self.enter(end);
        self.frame.definite = after.unwrap_or(before);
        Ok(())
    }

    // ---- functions ----

    pub fn call(&mut self, function: FunctionId, args: &[Expr], e: &Expr) -> Result<Val, Refused> {
        let result = self.inline(function, args, false)?;
        match result {
            Some(held) => {
                let value = self.held(&held);
                Ok(match (value, &e.ty) {
                    (Val::Num(limbs), Type::Int(range)) => {
                        let count = limbs_of(range) as usize;
                        Val::Num(self.nums().resize(limbs, count))
                    }
                    (value, _) => value,
                })
            }
            None => Err(Refused("a value of a function that has none".to_owned())),
        }
    }

    /// The body of a function in place of its call.
    fn inline(&mut self, id: FunctionId, args: &[Expr], statement: bool) -> Result<Option<Held>, Refused> {
        let function = &self.design().functions[id];
        if self.depth == DEPTH {
            return Err(Refused(format!("function `{}` calls itself", function.name)));
        }
        let mut values = Vec::new();
        for arg in args {
            values.push(self.expr(arg)?);
        }
        let result = match &function.returns {
            None => None,
            Some(Type::Bool) => Some(self.hold_limbs(1, true)),
            Some(Type::Int(range)) => Some(self.hold_limbs(limbs_of(range), false)),
            Some(Type::Enum(_)) => Some(self.hold_limbs(1, false)),
        };
        let exit = self.b.create_block();
        let mut frame = Frame { exit: Some(exit), result: result.clone(), ..Frame::default() };
        self.declare(&function.locals, &mut frame)?;
        let outer = std::mem::replace(&mut self.frame, frame);
        self.depth += 1;
        let mark = self.enter_scope();
        for (i, value) in values.iter().enumerate() {
            self.set_local(LocalId::from_usize(i), value)?;
        }
        self.block(&function.body)?;
        if !self.dead && result.is_some() && !statement {
            // Python's None.
            let text = "unsupported operand type(s): 'NoneType'";
            self.fail(python("TypeError", text), function.span, &[])?;
        }
        self.leave_scope(mark);
        self.depth -= 1;
        self.jump(exit);
        self.b.seal_block(exit);
        self.enter(exit);
        let frame = std::mem::replace(&mut self.frame, outer);
        for (i, (local, arg)) in function.locals.iter().zip(args).enumerate() {
            if local.inout
                && let (ExprKind::Local(variable), LocalPlace::Registers(held, _)) =
                    (&arg.kind, &frame.locals[i])
            {
                let value = self.held(held);
                self.set_local(*variable, &value)?;
            }
        }
        Ok(result)
    }

    /// Variables in registers, without values.
    pub fn declare(&mut self, locals: &IndexVec<LocalId, Local>, frame: &mut Frame) -> Result<(), Refused> {
        for local in locals {
            if local.length.is_some() {
                return Err(Refused("a list of variables in a function".to_owned()));
            }
            let held = self.hold(&local.ty);
            let assigned = self.b.declare_var(types::I8);
            let nothing = self.b.ins().iconst(types::I8, 0);
            self.b.def_var(assigned, nothing);
            let zero = match held.bit {
                true => Val::Bit(nothing),
                false => Val::Num(self.nums().constant(&BigInt::ZERO, held.vars.len())),
            };
            self.set_held(&held, &zero);
            frame.locals.push(LocalPlace::Registers(held, assigned));
            frame.types.push(local.ty.clone());
            frame.names.push(local.name.clone());
        }
        Ok(())
    }

    /// Whether the function is entered in its middle.
    pub fn resumes(&self) -> bool {
        !self.waits.is_empty() || !self.resumptions.is_empty()
    }
}

/// What a variable accepts: one that holds a bool of Python's is just rebound.
pub fn local_bound(ty: &StorageType) -> StorageType {
    match ty {
        StorageType::Bool => StorageType::Int(Range::bit()),
        other => other.clone(),
    }
}

/// Whether Python's object is surely a `bool`.
fn is_bool(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Const(_) | ExprKind::Compare(..) | ExprKind::Truth(_) | ExprKind::Bit { .. } => {
            e.ty == Type::Bool
        }
        ExprKind::Unary(pyhdl_ir::UnaryOp::Not, _) => true,
        ExprKind::Logic(_, a, b) => is_bool(a) && is_bool(b),
        ExprKind::Select { then, otherwise, .. } => is_bool(then) && is_bool(otherwise),
        _ => false,
    }
}
