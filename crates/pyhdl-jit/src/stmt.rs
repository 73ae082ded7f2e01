//! Machine code of statements.

use std::collections::HashSet;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{AbiParam, InstBuilder, Signature, Value, types};
use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};
use oxc_index::IndexVec;
use pyhdl_diag::Span;
use pyhdl_ir::{
    BitsType, Block, Expr, ExprKind, FunctionId, Local, LocalId, MatchArm, MemoryId, Part, Place as Target,
    PrintPart, RandomNumbers, Range, SignalId, Stmt, StmtKind, StorageType, Type, for_each_stmt,
};
use pyhdl_sim::cycle::value_may_fail;

use crate::Refused;
use crate::body::{Body, Frame, Held, LocalPlace, LoopPlace, flags};
use crate::expr::{python, range_of_type};
use crate::layout::{Array, MOST_LIMBS, Place, limbs_of, word};
use crate::num::{Limbs, Val};
use crate::sites::{Event, Piece};
use crate::slots::counter;

/// Functions may call each other this deep.
const DEPTH: u32 = 16;

/// Where an assignment goes.
enum Destination {
    Register(Held),
    /// An address and what is there.
    Memory(Value, Place),
    /// A register that is in memory, too.
    Kept(Held, Place),
    Local(LocalId),
    Element(Value, Place, Value),
}

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
                if self.unroll(*var, start, stop, step, body)? {
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

    // ---- assignments ----

    fn assign(&mut self, place: &Target, value: &Expr, span: Span) -> Result<(), Refused> {
        let range = value.ty.range();
        let computed = self.expr(value)?;
        match place {
            Target::Signal(signal) => {
                let ty = &self.design().signals[*signal].ty;
                let fitted = self.fit(ty, computed, range, span)?;
                let destination = self.signal_destination(*signal)?;
                self.put(destination, &fitted)
            }
            Target::Memory { memory, index } => {
                let elements = &self.design().memories[*memory].elements;
                let ty = &self.design().signals[elements[0]].ty;
                let destination = self.memory_destination(*memory, index)?;
                let fitted = self.fit(ty, computed, range, span)?;
                self.put(destination, &fitted)
            }
            Target::Local(local) => {
                let ty = local_bound(&self.frame.types[local.index()]);
                let fitted = self.fit(&ty, computed, range, span)?;
                self.set_local(*local, &fitted)
            }
            Target::Element { local, index } => {
                let ty = local_bound(&self.frame.types[local.index()]);
                let destination = self.element_destination(*local, index)?;
                let fitted = self.fit(&ty, computed, range, span)?;
                self.put(destination, &fitted)
            }
        }
    }

    pub fn assign_signal(&mut self, signal: SignalId, value: &Expr, span: Span) -> Result<(), Refused> {
        self.assign(&Target::Signal(signal), value, span)
    }

    fn put(&mut self, destination: Destination, value: &Val) -> Result<(), Refused> {
        match destination {
            Destination::Register(held) => self.set_held(&held, value),
            Destination::Memory(base, place) => self.store(base, place, value),
            Destination::Kept(held, place) => {
                self.store(self.state, place, value);
                self.set_held(&held, value);
            }
            Destination::Local(local) => self.set_local(local, value)?,
            Destination::Element(base, place, assigned) => {
                self.store(base, place, value);
                let one = self.b.ins().iconst(types::I8, 1);
                self.b.ins().store(flags(), one, assigned, 0);
            }
        }
        Ok(())
    }

    fn signal_destination(&mut self, signal: SignalId) -> Result<Destination, Refused> {
        if let Some(held) = self.wires.get(&signal) {
            return Ok(Destination::Register(held.clone()));
        }
        let place = self.shared.layout.place(signal)?;
        let plan = self.shared.plan;
        let cell = plan.cells.of(signal);
        let at = match self.shared.layout.next[signal] {
            Some(next) if plan.shadowed[cell] => next,
            _ => place.at,
        };
        if let Some(kept) = self.kept.signals.get(&signal) {
            return Ok(Destination::Kept(kept.next.clone(), Place { at, ..place }));
        }
        if plan.shadowed[cell]
            && let Some((memory, index)) = self.shared.layout.element_of[signal]
            && let Some(array) = self.shared.layout.memories[memory]
        {
            let index = self.nums().small(i64::from(index));
            self.note_change(array, index);
        }
        Ok(Destination::Memory(self.state, Place { at, ..place }))
    }

    fn memory_destination(&mut self, memory: MemoryId, index: &Expr) -> Result<Destination, Refused> {
        let Some(array) = self.shared.layout.memories[memory] else {
            return Err(Refused("an empty list".to_owned()));
        };
        let at = self.index(index, array.length, "list")?;
        if array.next.is_some() {
            self.note_change(array, at);
        }
        let base = self.element(array.next.unwrap_or(array.at), array.shape.bytes, at);
        Ok(Destination::Memory(base, Place { at: 0, shape: array.shape }))
    }

    /// An element of a shadowed list has got a next value.
    fn note_change(&mut self, array: Array, index: Value) {
        let Some(changed) = array.changed else { return };
        let count = self.b.ins().uload32(flags(), self.state, changed);
        let place = self.b.ins().ishl_imm(count, 2);
        let place = self.b.ins().iadd(self.state, place);
        self.b.ins().istore32(flags(), index, place, changed + 4);
        let more = self.b.ins().iadd_imm(count, 1);
        let most = self.nums().small(i64::from(array.length));
        let more = self.b.ins().umin(more, most);
        self.b.ins().istore32(flags(), more, self.state, changed);
    }

    fn element_destination(&mut self, local: LocalId, index: &Expr) -> Result<Destination, Refused> {
        let LocalPlace::List(first, stride, length) = self.frame.locals[local.index()].clone() else {
            return Err(Refused("an element of no list".to_owned()));
        };
        let at = self.index(index, length, "list")?;
        let base = self.element(first.place.at, stride, at);
        let assigned = self.element(first.assigned, stride, at);
        Ok(Destination::Element(base, Place { at: 0, ..first.place }, assigned))
    }

    /// The value as the place stores it, with a check where it may be refused.
    pub fn fit(
        &mut self,
        ty: &StorageType,
        value: Val,
        range: Option<Range>,
        span: Span,
    ) -> Result<Val, Refused> {
        let Some(range) = range else { return Ok(value) };
        match ty {
            StorageType::Bits(bits) if bits.wraps => self.wrap(bits, value, &range),
            StorageType::Bits(bits) => {
                if !self.shared.options.checks_by_range || value_may_fail(ty, &range) {
                    self.check(bits, &value, &range, span)?;
                }
                Ok(value)
            }
            StorageType::Bool => {
                if value_may_fail(ty, &range) {
                    let limbs = self.limbs(&value);
                    let rest = {
                        let low = self.b.ins().band_imm(limbs[0], -2);
                        let mut all = limbs.clone();
                        all[0] = low;
                        self.nums().is_true(&all)
                    };
                    self.fail_if(rest, Event::NotBool, span, &[limbs])?;
                }
                Ok(Val::Bit(self.bit(&value)))
            }
            StorageType::Int(own) if !own.is_finite() && limbs_of(&range) > 1 => {
                Err(Refused("a number without bounds".to_owned()))
            }
            StorageType::Int(_) | StorageType::Enum(_) => Ok(value),
            StorageType::Opaque => Err(Refused("an object of Python's".to_owned())),
        }
    }

    fn check(&mut self, bits: &BitsType, value: &Val, range: &Range, place: Span) -> Result<(), Refused> {
        let own = bits.range();
        let count = limbs_of(&range.union(&own)) as usize;
        let limbs = self.limbs(value);
        let limbs = self.nums().resize(limbs, count);
        let always = !self.shared.options.checks_by_range;
        let both = range.lo.as_ref().is_none_or(|lo| *lo < bits.min)
            && range.hi.as_ref().is_none_or(|hi| *hi > bits.max);
        let span = &bits.max - &bits.min;
        if let ([limb], true, Some(span)) = (&limbs[..], both, span.to_i64()) {
            // One comparison for both ends: what is below the minimum is far above it as an unsigned number.
            let min = self.nums().constant(&bits.min, 1)[0];
            let offset = self.b.ins().isub(*limb, min);
            let fails = self.b.ins().icmp_imm(IntCC::UnsignedGreaterThan, offset, span);
            let event = Event::OutOfBounds { min: bits.min.clone(), max: bits.max.clone() };
            return self.fail_if(fails, event, place, &[limbs]);
        }
        let mut fails = None;
        if always || range.lo.as_ref().is_none_or(|lo| *lo < bits.min) {
            let min = self.nums().constant(&bits.min, count);
            fails = Some(self.nums().less(&limbs, &min));
        }
        if always || range.hi.as_ref().is_none_or(|hi| *hi > bits.max) {
            let max = self.nums().constant(&bits.max, count);
            let over = self.nums().less(&max, &limbs);
            fails = Some(match fails {
                Some(under) => self.b.ins().bor(under, over),
                None => over,
            });
        }
        if let Some(fails) = fails {
            let event = Event::OutOfBounds { min: bits.min.clone(), max: bits.max.clone() };
            self.fail_if(fails, event, place, &[limbs])?;
        }
        Ok(())
    }

    fn wrap(&mut self, bits: &BitsType, value: Val, range: &Range) -> Result<Val, Refused> {
        let own = bits.range();
        if own.contains_range(range) {
            return Ok(value);
        }
        let count = limbs_of(&own) as usize;
        let limbs = self.limbs(&value);
        let span: BigInt = &bits.max - &bits.min + BigInt::one();
        if (&span & (&span - BigInt::one())).is_zero() {
            let width = span.bits() as u32 - 1;
            if bits.min.is_zero() {
                return Ok(Val::Num(self.nums().low_bits(&limbs, width, count)));
            }
            if bits.min == -(&span / BigInt::from(2)) {
                return Ok(Val::Num(self.nums().sign_extend(&limbs, width, count)));
            }
        }
        // (value - min) % span + min
        let whole = limbs_of(&range.union(&own).union(&Range::exactly(span.clone()))) as usize;
        let whole = whole.max(limbs_of(&Range::new(
            range.lo.clone().unwrap_or_default() - &bits.min,
            range.hi.clone().unwrap_or_default() - &bits.min,
        )) as usize);
        let limbs = self.nums().resize(limbs, whole);
        let min = self.nums().constant(&bits.min, whole);
        let by = self.nums().constant(&span, whole);
        let offset = self.nums().sub(&limbs, &min);
        let rest = if whole == 1 {
            let rest = self.b.ins().srem(offset[0], by[0]);
            let fixed = self.b.ins().iadd(rest, by[0]);
            let negative = self.b.ins().icmp_imm(IntCC::SignedLessThan, rest, 0);
            vec![self.b.ins().select(negative, fixed, rest)]
        } else {
            self.wide(crate::expr::Wide::Mod, &offset, &by)?
        };
        let wrapped = self.nums().add(&rest, &min);
        Ok(Val::Num(self.nums().resize(wrapped, count)))
    }

    /// Assigns some bits. Python's order: value, place, bit positions.
    fn assign_part(&mut self, place: &Target, part: &Part, value: &Expr, span: Span) -> Result<(), Refused> {
        let computed = self.expr(value)?;
        let limbs = self.limbs(&computed);
        let range = range_of_type(&value.ty);
        let (destination, ty) = match place {
            Target::Signal(signal) => {
                (self.signal_destination(*signal)?, self.design().signals[*signal].ty.clone())
            }
            Target::Memory { memory, index } => {
                let first = self.design().memories[*memory].elements[0];
                (self.memory_destination(*memory, index)?, self.design().signals[first].ty.clone())
            }
            Target::Local(local) => {
                (Destination::Local(*local), local_bound(&self.frame.types[local.index()]))
            }
            Target::Element { .. } => return Err(Refused("bits of an element of a list".to_owned())),
        };
        let StorageType::Bits(bits) = &ty else {
            return Err(Refused("bits of a number without a width".to_owned()));
        };
        let (low, width) = match part {
            Part::Bit(index) => (index, None),
            Part::Slice { low, width } => (low, Some(*width)),
        };
        let low_range = range_of_type(&low.ty);
        let at = self.number(low, 1)?[0];
        let Some(highest) = low_range.hi.as_ref().and_then(|hi| hi.to_u32()).filter(|hi| *hi < 4096) else {
            return Err(Refused("bits at a position without bounds".to_owned()));
        };
        if low_range.may_be_negative() {
            if width.is_none() {
                return Err(Refused("a bit whose position may be negative".to_owned()));
            }
            let negative = self.b.ins().icmp_imm(IntCC::SignedLessThan, at, 0);
            self.fail_if(negative, Event::NegativeLow { assigned: true }, span, &[vec![at]])?;
        }
        let count = width.unwrap_or(1);
        // What the place holds after the assignment, before its bounds are looked at.
        let mut after = bits.range().union(&Range::signed(highest + count + 1));
        if bits.min >= BigInt::ZERO && !range.may_be_negative() {
            after = Range::unsigned(bits.range().width().unwrap_or(1).max(highest + count));
        }
        let size = limbs_of(&after.union(&range)) as usize;
        let value = self.nums().resize(limbs, size);
        match width {
            None => {
                if !Range::bit().contains_range(&range) {
                    let mut rest = value.clone();
                    rest[0] = self.b.ins().band_imm(rest[0], -2);
                    let wrong = self.nums().is_true(&rest);
                    self.fail_if(wrong, Event::NotBit, span, &[value.clone(), vec![at]])?;
                }
            }
            Some(width) => {
                let limit = BigInt::one() << width;
                let fitting = Range::new(-limit.clone(), &limit - 1);
                if !fitting.contains_range(&range) {
                    let wide = size.max(limbs_of(&fitting) as usize);
                    let value = self.nums().resize(value.clone(), wide);
                    let limit = self.nums().constant(&limit, wide);
                    let least = self.nums().negate(&limit);
                    let under = self.nums().less(&value, &least);
                    let over = self.nums().less(&value, &limit);
                    let over = self.b.ins().bxor_imm(over, 1);
                    let wrong = self.b.ins().bor(under, over);
                    self.fail_if(wrong, Event::PartTooLarge { width }, span, &[value, vec![at]])?;
                }
            }
        }
        let old = self.current_of(&destination, &ty, span)?;
        let old = self.limbs(&old);
        let old = self.nums().resize(old, size);
        let mask = self.nums().constant(&((BigInt::one() << count) - 1), size);
        let (mask, placed) = match self.constant(low).and_then(|low| low.to_u64()) {
            Some(low) => (self.nums().shift_left(&mask, low), self.nums().shift_left(&value, low)),
            None if size == 1 => {
                (vec![self.b.ins().ishl(mask[0], at)], vec![self.b.ins().ishl(value[0], at)])
            }
            None => (self.shift_left_by(&mask, at), self.shift_left_by(&value, at)),
        };
        let joined: Limbs = (0..size)
            .map(|i| {
                let kept = self.b.ins().band_not(old[i], mask[i]);
                self.b.ins().bor(kept, placed[i])
            })
            .collect();
        let fitted = self.fit(&ty, Val::Num(joined), Some(after), span)?;
        self.put(destination, &fitted)
    }

    /// The next value of a place as it was set so far.
    fn current_of(&mut self, at: &Destination, ty: &StorageType, span: Span) -> Result<Val, Refused> {
        match at {
            Destination::Register(held) | Destination::Kept(held, _) => Ok(self.held(held)),
            Destination::Memory(base, place) => Ok(self.load_as(*base, *place, ty)),
            Destination::Local(local) => self.local(*local, span),
            Destination::Element(..) => Err(Refused("bits of an element of a list".to_owned())),
        }
    }

    // ---- branches ----

    pub fn if_(&mut self, arms: &[(Expr, Block)], otherwise: &Block) -> Result<(), Refused> {
        let Some(((condition, body), rest)) = arms.split_first() else { return self.block(otherwise) };
        if self.depth == 0 && self.convert(arms, otherwise)? {
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

    /// An `if` of short assignments to registers: computes all and chooses. False where it is another one.
    fn convert(&mut self, arms: &[(Expr, Block)], otherwise: &Block) -> Result<bool, Refused> {
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

    // ---- loops ----

    /// A loop with few rounds that are known, without waits: one round after the other. False where it is another one.
    fn unroll(
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

    fn for_(
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

    fn while_(&mut self, condition: &Expr, body: &Block, span: Span) -> Result<(), Refused> {
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

/// A place in registers that an `if` may choose the value of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Register {
    Wire(SignalId),
    Local(LocalId),
}

enum LoopValue {
    Register(Held),
    Memory(crate::layout::SlotPlace),
}

/// What a variable accepts: one that holds a bool of Python's is just rebound.
fn local_bound(ty: &StorageType) -> StorageType {
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

fn has_jumps(body: &Block) -> bool {
    let mut found = false;
    for_each_stmt(body, &mut |stmt| {
        found |= matches!(stmt.kind, StmtKind::Break | StmtKind::Continue | StmtKind::Return(_));
    });
    found
}
