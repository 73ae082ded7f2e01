//! Machine code of expressions. Python's integers are the truth: every value is computed in as many limbs as its
//! exact range needs, so that nothing can be lost.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, StackSlotData, StackSlotKind, Value, types};
use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};
use pyhdl_diag::Span;
use pyhdl_ir::{BinaryOp, CompareOp, ConcatPart, Expr, ExprKind, LogicOp, Range, Type, UnaryOp};
use pyhdl_sim::cycle::index_may_fail;

use crate::Refused;
use crate::body::{Body, LocalPlace, flags};
use crate::layout::{MOST_LIMBS, Place, limbs_of, word};
use crate::num::{Limbs, Val};
use crate::residues::reduced;
use crate::sites::Event;

/// Operations of the runtime on numbers of many limbs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wide {
    FloorDiv = 0,
    Mod = 1,
    Mul = 2,
    Pow = 3,
}

/// Bits of what may be added to a number without bounds.
const LITTLE: u32 = 24;

/// Products of more limbs are computed by the runtime.
const INLINE_PRODUCT: usize = 8;

pub fn range_of_type(ty: &Type) -> Range {
    ty.range().unwrap_or_else(|| Range::new(0, u32::MAX))
}

fn small_range(ty: &Type) -> Option<(i64, i64)> {
    let range = range_of_type(ty);
    range.lo.and_then(|lo| lo.to_i64()).zip(range.hi.and_then(|hi| hi.to_i64()))
}

pub fn python(exception: &'static str, message: &str) -> Event {
    Event::Python { exception: exception.into(), message: message.to_owned() }
}

impl<'a> Body<'_, 'a, '_> {
    /// How many limbs the value has.
    fn size(&self, e: &Expr) -> Result<usize, Refused> {
        let limbs = match &e.ty {
            Type::Bool | Type::Enum(_) => 1,
            Type::Int(range) => limbs_of(range),
        };
        match limbs > MOST_LIMBS {
            true => Err(Refused(format!("a number of {limbs} times 64 bits"))),
            false => Ok(limbs as usize),
        }
    }

    /// The value as a number of so many limbs.
    pub fn number(&mut self, e: &Expr, limbs: usize) -> Result<Limbs, Refused> {
        let value = self.expr(e)?;
        let value = self.limbs(&value);
        Ok(self.nums().resize(value, limbs))
    }

    /// A value that fits in 64 bits; refused where it may not.
    fn word(&mut self, e: &Expr) -> Result<Value, Refused> {
        if small_range(&e.ty).is_none() && self.size(e)? > 1 {
            return Err(Refused("an index or a count of more than 64 bits".to_owned()));
        }
        Ok(self.number(e, 1)?[0])
    }

    /// The truth of a value as one byte.
    pub fn truth(&mut self, e: &Expr) -> Result<Value, Refused> {
        match self.expr(e)? {
            Val::Bit(bit) => Ok(bit),
            Val::Num(limbs) => Ok(self.nums().is_true(&limbs)),
        }
    }

    /// The value of an expression that no input changes.
    pub fn constant(&self, e: &Expr) -> Option<BigInt> {
        match &e.kind {
            ExprKind::Const(n) => Some(n.clone()),
            ExprKind::EnumLiteral(_, index) => Some(BigInt::from(*index)),
            ExprKind::Local(id) => self.frame.known.get(id).cloned(),
            _ if self.frame.known.is_empty() => {
                let only = e.ty.range().and_then(|r| r.single().cloned())?;
                self.cost(e).map(|_| only)
            }
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.constant(a)?, self.constant(b)?);
                Some(match op {
                    BinaryOp::Add => a + b,
                    BinaryOp::Sub => a - b,
                    BinaryOp::Mul => a * b,
                    _ => return None,
                })
            }
            _ => None,
        }
    }

    pub fn expr(&mut self, e: &Expr) -> Result<Val, Refused> {
        let limbs = self.size(e)?;
        if let Some(n) = self.constant(e) {
            return Ok(match e.ty {
                Type::Bool => Val::Bit(self.b.ins().iconst(types::I8, i64::from(!n.is_zero()))),
                _ => Val::Num(self.nums().constant(&n, limbs)),
            });
        }
        match &e.kind {
            ExprKind::Const(n) => Ok(Val::Num(self.nums().constant(n, limbs))),
            ExprKind::EnumLiteral(_, index) => Ok(Val::Num(vec![self.nums().small(i64::from(*index))])),
            ExprKind::Signal(signal) => self.signal(*signal),
            ExprKind::Local(local) => self.local(*local, e.span),
            ExprKind::HighImpedance => Err(Refused("high impedance".to_owned())),
            ExprKind::Time => Ok(Val::Num(vec![self.now()])),
            ExprKind::Element { local, index } => {
                let LocalPlace::List(first, stride, length) = self.frame.locals[local.index()].clone() else {
                    return Err(Refused("an element of no list".to_owned()));
                };
                let at = self.index(index, length, "list")?;
                let base = self.element(first.place.at, stride, at);
                let flag = self.element(first.assigned, stride, at);
                let assigned = self.b.ins().load(types::I8, flags(), flag, 0);
                let missing = self.b.ins().icmp_imm(IntCC::Equal, assigned, 0);
                let event = self.unbound(local.index());
                self.fail_if(missing, event, e.span, &[])?;
                let ty = self.frame.types[local.index()].clone();
                Ok(self.load_as(base, Place { at: 0, ..first.place }, &ty))
            }
            ExprKind::MemoryRead { memory, index } => {
                let design = self.design();
                let elements = &design.memories[*memory].elements;
                if let Some(at) = self.constant(index).and_then(|at| at.to_usize())
                    && let Some(signal) = elements.get(at)
                {
                    return self.signal(*signal);
                }
                let Some(array) = self.shared.layout.memories[*memory] else {
                    return Err(Refused("an empty list".to_owned()));
                };
                let at = self.index(index, array.length, "list")?;
                let base = self.element(array.at, array.shape.bytes, at);
                let ty = &design.signals[elements[0]].ty;
                Ok(self.load_as(base, Place { at: 0, shape: array.shape }, ty))
            }
            ExprKind::TableRead { table, index } => {
                let Some(array) = self.shared.layout.tables[*table] else {
                    return Err(Refused("an empty table".to_owned()));
                };
                let at = self.index(index, array.length, "tuple")?;
                let base = self.element(array.at, array.shape.bytes, at);
                let Val::Num(mut entry) = self.load(base, Place { at: 0, shape: array.shape }, false) else {
                    return Err(Refused("a table of bits".to_owned()));
                };
                if !array.shape.signed && entry.len() < limbs {
                    let zero = self.nums().small(0);
                    entry.resize(limbs, zero);
                }
                Ok(Val::Num(self.nums().resize(entry, limbs)))
            }
            ExprKind::Unary(op, a) => self.unary(*op, a, limbs),
            ExprKind::Binary(op, a, b) => self.binary(*op, a, b, e, limbs),
            ExprKind::Compare(op, a, b) => self.compare(*op, a, b),
            ExprKind::Logic(op, a, b) => self.logic(*op, a, b),
            ExprKind::Select { condition, then, otherwise } => {
                self.choose(condition, then, otherwise, e, limbs)
            }
            ExprKind::Bit { value, index } => self.bit_of(value, index, e.span),
            ExprKind::Slice { value, low, width } => self.slice(value, low, *width, e.span, limbs),
            ExprKind::Concat(parts) => {
                if let Some(rotated) = self.rotation(parts)? {
                    return Ok(rotated);
                }
                let zero = self.nums().small(0);
                let mut joined = vec![zero; limbs];
                let mut at = 0;
                for part in parts.iter().rev() {
                    let width = part.width;
                    if self.cut_into_place(part, at, &mut joined)? {
                        at += width;
                        continue;
                    }
                    let count = width.div_ceil(64) as usize;
                    let value = self.expr(&part.value)?;
                    let value = self.limbs(&value);
                    let fits = Range::unsigned(width).contains_range(&range_of_type(&part.value.ty));
                    let value = match fits {
                        true => self.nums().resize(value, count),
                        false => self.nums().low_bits(&value, width, count),
                    };
                    self.nums().place(&mut joined, &value, width, at);
                    at += width;
                }
                Ok(Val::Num(joined))
            }
            ExprKind::Signed { value, width } => {
                if *width == 0 {
                    return Ok(Val::Num(self.nums().constant(&BigInt::ZERO, limbs)));
                }
                let of = self.expr(value)?;
                let of = self.limbs(&of);
                if Range::signed(*width).contains_range(&range_of_type(&value.ty)) {
                    return Ok(Val::Num(self.nums().resize(of, limbs)));
                }
                Ok(Val::Num(self.nums().sign_extend(&of, *width, limbs)))
            }
            ExprKind::Unsigned { value, width } => {
                let of = self.expr(value)?;
                let of = self.limbs(&of);
                if Range::unsigned(*width).contains_range(&range_of_type(&value.ty)) {
                    return Ok(Val::Num(self.nums().resize(of, limbs)));
                }
                Ok(Val::Num(self.nums().low_bits(&of, *width, limbs)))
            }
            ExprKind::Truth(value) => Ok(Val::Bit(self.truth(value)?)),
            ExprKind::Call { function, args } => self.call(*function, args, e),
        }
    }

    /// Both parts of one word, exchanged: a rotation. `None` for another concatenation.
    fn rotation(&mut self, parts: &[ConcatPart]) -> Result<Option<Val>, Refused> {
        let [high, low] = parts else { return Ok(None) };
        let (Some((word, 0)), Some((same, from))) = (self.part_of(high), self.part_of(low)) else {
            return Ok(None);
        };
        let ty = match high.width + low.width {
            32 => types::I32,
            _ => return Ok(None),
        };
        if from != high.width || !word.is_same(same) {
            return Ok(None);
        }
        let word = self.number(word, 1)?[0];
        let word = self.b.ins().ireduce(ty, word);
        let rotated = self.b.ins().rotr_imm(word, i64::from(from));
        Ok(Some(Val::Num(vec![self.b.ins().uextend(types::I64, rotated)])))
    }

    /// A part that is cut from a word goes to its place by one shift and one mask. False for others.
    fn cut_into_place(&mut self, part: &ConcatPart, at: u32, joined: &mut Limbs) -> Result<bool, Refused> {
        let Some((word, low)) = self.part_of(part) else { return Ok(false) };
        let (limb, place) = ((at / 64) as usize, at % 64);
        let mask = u64::MAX.checked_shl(part.width).map_or(u64::MAX, |above| !above);
        // What is no immediate operand is no gain.
        let fits = part.width > 0 && place + part.width < 32 && low + part.width <= 64;
        if !fits || self.constant(&part.value).is_some() || self.size(word)? > 1 {
            return Ok(false);
        }
        let word = self.number(word, 1)?[0];
        let shifted = match place.cmp(&low) {
            std::cmp::Ordering::Less => self.b.ins().ushr_imm(word, i64::from(low - place)),
            std::cmp::Ordering::Equal => word,
            std::cmp::Ordering::Greater => self.b.ins().ishl_imm(word, i64::from(place - low)),
        };
        let cut = self.b.ins().band_imm(shifted, (mask << place) as i64);
        joined[limb] = self.b.ins().bor(joined[limb], cut);
        Ok(true)
    }

    /// What a part of a concatenation is cut from, and its lowest bit there.
    fn part_of<'e>(&self, part: &'e ConcatPart) -> Option<(&'e Expr, u32)>
    where
        'a: 'e,
    {
        let low = |e: &Expr| self.constant(e)?.to_u32();
        let value = match part.value.kind {
            ExprKind::Signal(signal) => self.left_to_readers(signal)?,
            _ => &part.value,
        };
        match &value.kind {
            ExprKind::Slice { value, low: at, width } if *width == part.width => Some((value, low(at)?)),
            ExprKind::Bit { value, index } if part.width == 1 => Some((value, low(index)?)),
            _ => None,
        }
    }

    /// An index into a list, from its start, checked where it may be outside.
    pub fn index(&mut self, index: &Expr, length: u32, what: &str) -> Result<Value, Refused> {
        let range = range_of_type(&index.ty);
        let mut at = self.word(index)?;
        if range.may_be_negative() {
            let negative = self.b.ins().icmp_imm(IntCC::SignedLessThan, at, 0);
            let from_end = self.b.ins().iadd_imm(at, i64::from(length));
            at = self.b.ins().select(negative, from_end, at);
        }
        if index_may_fail(length as usize, &range) {
            let outside = self.b.ins().icmp_imm(IntCC::UnsignedGreaterThanOrEqual, at, i64::from(length));
            let event = python("IndexError", &format!("{what} index out of range"));
            self.fail_if(outside, event, index.span, &[])?;
        }
        Ok(at)
    }

    fn unary(&mut self, op: UnaryOp, a: &Expr, limbs: usize) -> Result<Val, Refused> {
        if op == UnaryOp::Not {
            let bit = self.truth(a)?;
            return Ok(Val::Bit(self.b.ins().bxor_imm(bit, 1)));
        }
        let count = limbs.max(self.size(a)?);
        let a = self.number(a, count)?;
        let result = match op {
            UnaryOp::Invert => a.iter().map(|limb| self.b.ins().bnot(*limb)).collect(),
            UnaryOp::Negate => self.nums().negate(&a),
            UnaryOp::Abs => {
                let negated = self.nums().negate(&a);
                let negative = self.b.ins().icmp_imm(IntCC::SignedLessThan, a[count - 1], 0);
                self.nums().select(negative, &negated, &a)
            }
            UnaryOp::Not => a,
        };
        Ok(Val::Num(self.nums().resize(result, limbs)))
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        e: &Expr,
        limbs: usize,
    ) -> Result<Val, Refused> {
        if let Some(reduced) = reduced(op, left, right, e) {
            let value = self.expr(&reduced)?;
            let value = self.limbs(&value);
            return Ok(Val::Num(self.nums().resize(value, limbs)));
        }
        let whole = limbs.max(self.size(left)?).max(self.size(right)?);
        if e.ty == Type::Bool && matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor) {
            let (a, b) = (self.expr(left)?, self.expr(right)?);
            let (a, b) = (self.bit(&a), self.bit(&b));
            return Ok(Val::Bit(match op {
                BinaryOp::And => self.b.ins().band(a, b),
                BinaryOp::Or => self.b.ins().bor(a, b),
                _ => self.b.ins().bxor(a, b),
            }));
        }
        if !range_of_type(&e.ty).is_finite() {
            return self.unbounded(op, left, right, e);
        }
        Ok(Val::Num(match op {
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => {
                let (a, b) = (self.number(left, limbs)?, self.number(right, limbs)?);
                match op {
                    BinaryOp::Add => self.nums().add(&a, &b),
                    BinaryOp::Sub => self.nums().sub(&a, &b),
                    BinaryOp::And => a.iter().zip(b).map(|(a, b)| self.b.ins().band(*a, b)).collect(),
                    BinaryOp::Or => a.iter().zip(b).map(|(a, b)| self.b.ins().bor(*a, b)).collect(),
                    _ => a.iter().zip(b).map(|(a, b)| self.b.ins().bxor(*a, b)).collect(),
                }
            }
            BinaryOp::Mul => {
                let (a, b) = (self.number(left, limbs)?, self.number(right, limbs)?);
                match limbs > INLINE_PRODUCT {
                    true => self.wide(Wide::Mul, &a, &b)?,
                    false => self.nums().mul(&a, &b),
                }
            }
            BinaryOp::Min | BinaryOp::Max => {
                let (a, b) = (self.number(left, whole)?, self.number(right, whole)?);
                let less = match op {
                    BinaryOp::Min => self.nums().less(&b, &a),
                    _ => self.nums().less(&a, &b),
                };
                let chosen = self.nums().select(less, &b, &a);
                self.nums().resize(chosen, limbs)
            }
            BinaryOp::ShiftLeft => self.shifted_left(left, right, limbs)?,
            BinaryOp::ShiftRight => self.shifted_right(left, right, limbs)?,
            BinaryOp::FloorDiv | BinaryOp::Mod => self.divided(op, left, right, e.span, whole, limbs)?,
            BinaryOp::Pow => self.power(left, right, limbs)?,
        }))
    }

    /// A result without bounds: in 64 bits, checked.
    fn unbounded(&mut self, op: BinaryOp, left: &Expr, right: &Expr, e: &Expr) -> Result<Val, Refused> {
        if self.size(left)? > 1 || self.size(right)? > 1 {
            return Err(Refused("a number without bounds".to_owned()));
        }
        // What grows by little at a time does not leave 64 bits in a lifetime; what doubles does soon.
        let little = Range::signed(LITTLE);
        let grows_slowly = [left, right].iter().any(|e| little.contains_range(&range_of_type(&e.ty)));
        let (a, b) = (self.number(left, 1)?[0], self.number(right, 1)?[0]);
        let (result, over) = match op {
            BinaryOp::Add if grows_slowly => self.b.ins().sadd_overflow(a, b),
            BinaryOp::Sub if grows_slowly => self.b.ins().ssub_overflow(a, b),
            BinaryOp::Min => return Ok(Val::Num(vec![self.b.ins().smin(a, b)])),
            BinaryOp::Max => return Ok(Val::Num(vec![self.b.ins().smax(a, b)])),
            BinaryOp::And => return Ok(Val::Num(vec![self.b.ins().band(a, b)])),
            BinaryOp::Or => return Ok(Val::Num(vec![self.b.ins().bor(a, b)])),
            BinaryOp::Xor => return Ok(Val::Num(vec![self.b.ins().bxor(a, b)])),
            _ => return Err(Refused("a number without bounds".to_owned())),
        };
        self.fail_if(over, Event::Overflow, e.span, &[])?;
        Ok(Val::Num(vec![result]))
    }

    fn compare(&mut self, op: CompareOp, left: &Expr, right: &Expr) -> Result<Val, Refused> {
        let count = self.size(left)?.max(self.size(right)?);
        let (a, b) = (self.number(left, count)?, self.number(right, count)?);
        let bit = match op {
            CompareOp::Eq => self.nums().equal(&a, &b),
            CompareOp::Ne => {
                let equal = self.nums().equal(&a, &b);
                self.b.ins().bxor_imm(equal, 1)
            }
            CompareOp::Lt => self.nums().less(&a, &b),
            CompareOp::Gt => self.nums().less(&b, &a),
            CompareOp::Ge => {
                let less = self.nums().less(&a, &b);
                self.b.ins().bxor_imm(less, 1)
            }
            CompareOp::Le => {
                let more = self.nums().less(&b, &a);
                self.b.ins().bxor_imm(more, 1)
            }
        };
        Ok(Val::Bit(bit))
    }

    fn logic(&mut self, op: LogicOp, left: &Expr, right: &Expr) -> Result<Val, Refused> {
        let a = self.truth(left)?;
        if self.is_simple(right) {
            let b = self.truth(right)?;
            return Ok(Val::Bit(match op {
                LogicOp::And => self.b.ins().band(a, b),
                LogicOp::Or => self.b.ins().bor(a, b),
            }));
        }
        let (more, end) = (self.b.create_block(), self.b.create_block());
        let result = self.b.declare_var(types::I8);
        self.b.def_var(result, a);
        match op {
            LogicOp::And => self.b.ins().brif(a, more, &[], end, &[]),
            LogicOp::Or => self.b.ins().brif(a, end, &[], more, &[]),
        };
        self.b.seal_block(more);
        self.b.switch_to_block(more);
        let mark = self.enter_scope();
        let b = self.truth(right)?;
        self.leave_scope(mark);
        self.b.def_var(result, b);
        self.b.ins().jump(end, &[]);
        self.b.seal_block(end);
        self.b.switch_to_block(end);
        Ok(Val::Bit(self.b.use_var(result)))
    }

    fn choose(
        &mut self,
        condition: &Expr,
        then: &Expr,
        otherwise: &Expr,
        e: &Expr,
        limbs: usize,
    ) -> Result<Val, Refused> {
        let condition = self.truth(condition)?;
        let bit = e.ty == Type::Bool;
        if self.is_simple(then) && self.is_simple(otherwise) {
            let (a, b) = (self.expr(then)?, self.expr(otherwise)?);
            if bit {
                let (a, b) = (self.bit(&a), self.bit(&b));
                return Ok(Val::Bit(self.b.ins().select(condition, a, b)));
            }
            let (a, b) = (self.limbs(&a), self.limbs(&b));
            let (a, b) = (self.nums().resize(a, limbs), self.nums().resize(b, limbs));
            return Ok(Val::Num(self.nums().select(condition, &a, &b)));
        }
        let result = self.hold_limbs(limbs as u32, bit);
        let (yes, no, end) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        self.b.ins().brif(condition, yes, &[], no, &[]);
        for (block, arm) in [(yes, then), (no, otherwise)] {
            self.b.seal_block(block);
            self.b.switch_to_block(block);
            let mark = self.enter_scope();
            let value = self.expr(arm)?;
            self.leave_scope(mark);
            self.set_held(&result, &value);
            self.b.ins().jump(end, &[]);
        }
        self.b.seal_block(end);
        self.b.switch_to_block(end);
        Ok(self.held(&result))
    }

    /// Whether computing the value beforehand does no harm: it is short and cannot fail.
    pub fn is_simple(&self, e: &Expr) -> bool {
        self.cost(e).is_some_and(|cost| cost <= self.shared.options.speculation)
    }

    /// A measure of how long it takes; `None` where it may fail or needs branches.
    pub fn cost(&self, e: &Expr) -> Option<u32> {
        let limbs = limbs_of(&range_of_type(&e.ty));
        let own = match &e.kind {
            ExprKind::Const(_) | ExprKind::EnumLiteral(..) => 0,
            ExprKind::Signal(_) => limbs,
            ExprKind::Local(local) => match self.frame.definite.contains(&(local.index() as u32)) {
                true => 0,
                false => return None,
            },
            ExprKind::MemoryRead { memory, index } => {
                let length = self.design().memories[*memory].elements.len();
                if index_may_fail(length, &range_of_type(&index.ty)) {
                    return None;
                }
                2
            }
            ExprKind::TableRead { table, index } => {
                let length = self.design().tables[*table].entries.len();
                if index_may_fail(length, &range_of_type(&index.ty)) {
                    return None;
                }
                2
            }
            ExprKind::Binary(op, _, b) => match op {
                _ if !range_of_type(&e.ty).is_finite() => return None,
                BinaryOp::Pow => return None,
                BinaryOp::FloorDiv | BinaryOp::Mod => match self.constant(b) {
                    Some(n) if n.is_positive() => 4,
                    _ => return None,
                },
                BinaryOp::ShiftLeft | BinaryOp::ShiftRight => {
                    if range_of_type(&b.ty).may_be_negative() {
                        return None;
                    }
                    limbs * 2
                }
                BinaryOp::Mul => limbs * limbs * 3,
                _ => limbs,
            },
            ExprKind::Bit { index, .. } | ExprKind::Slice { low: index, .. } => {
                if range_of_type(&index.ty).may_be_negative() {
                    return None;
                }
                1
            }
            ExprKind::Concat(parts) => parts.len() as u32 * limbs,
            ExprKind::Call { .. } | ExprKind::Element { .. } | ExprKind::HighImpedance => return None,
            ExprKind::Select { .. } | ExprKind::Time => 1,
            _ => limbs,
        };
        let mut total = Some(own);
        e.kind.for_each_operand(&mut |operand| {
            total = total.zip(self.cost(operand)).map(|(a, b)| a.saturating_add(b));
        });
        total
    }

    fn bit_of(&mut self, value: &Expr, index: &Expr, span: Span) -> Result<Val, Refused> {
        if let Some(at) = self.constant(index)
            && let Some(at) = at.to_u64()
        {
            let of = self.expr(value)?;
            let of = self.limbs(&of);
            let bit = self.nums().shift_right(&of, at, 1)[0];
            let bit = self.b.ins().ireduce(types::I8, bit);
            return Ok(Val::Bit(self.b.ins().band_imm(bit, 1)));
        }
        let of = self.expr(value)?;
        let of = self.limbs(&of);
        let at = self.word(index)?;
        if range_of_type(&index.ty).may_be_negative() {
            let negative = self.b.ins().icmp_imm(IntCC::SignedLessThan, at, 0);
            self.fail_if(negative, python("ValueError", "negative shift count"), span, &[])?;
        }
        let shifted = self.dynamic_right(&of, at, index, 1)?;
        let bit = self.b.ins().ireduce(types::I8, shifted[0]);
        Ok(Val::Bit(self.b.ins().band_imm(bit, 1)))
    }

    fn slice(
        &mut self,
        value: &Expr,
        low: &Expr,
        width: u32,
        span: Span,
        limbs: usize,
    ) -> Result<Val, Refused> {
        let of = self.expr(value)?;
        let of = self.limbs(&of);
        if let Some(at) = self.constant(low)
            && let Some(at) = at.to_u64()
        {
            // Nothing to cut where no higher bits can be set.
            let rest = range_of_type(&value.ty);
            let shifted = self.nums().shift_right(&of, at, (width.div_ceil(64) as usize).max(1));
            let top = u32::try_from(at).ok().and_then(|at| at.checked_add(width));
            if top.is_some_and(|top| Range::unsigned(top).contains_range(&rest)) && width > 0 {
                return Ok(Val::Num(self.nums().resize(shifted, limbs)));
            }
            return Ok(Val::Num(self.nums().low_bits(&shifted, width, limbs)));
        }
        let at = self.word(low)?;
        if range_of_type(&low.ty).may_be_negative() {
            let negative = self.b.ins().icmp_imm(IntCC::SignedLessThan, at, 0);
            self.fail_if(negative, Event::NegativeLow { assigned: false }, span, &[vec![at]])?;
        }
        let shifted = self.dynamic_right(&of, at, low, (width.div_ceil(64) as usize).max(1))?;
        Ok(Val::Num(self.nums().low_bits(&shifted, width, limbs)))
    }

    fn shifted_left(&mut self, left: &Expr, right: &Expr, limbs: usize) -> Result<Limbs, Refused> {
        let a = self.number(left, limbs)?;
        if let Some(by) = self.constant(right).and_then(|by| by.to_u64()) {
            return Ok(self.nums().shift_left(&a, by));
        }
        let by = self.word(right)?;
        self.refuse_negative(right, by)?;
        if limbs == 1 {
            // The result fits, so the count is below 64, or the number is zero.
            return Ok(vec![self.b.ins().ishl(a[0], by)]);
        }
        Ok(self.shift_left_by(&a, by))
    }

    fn refuse_negative(&mut self, count: &Expr, by: Value) -> Result<(), Refused> {
        if range_of_type(&count.ty).may_be_negative() {
            let negative = self.b.ins().icmp_imm(IntCC::SignedLessThan, by, 0);
            self.fail_if(negative, python("ValueError", "negative shift count"), count.span, &[])?;
        }
        Ok(())
    }

    fn shifted_right(&mut self, left: &Expr, right: &Expr, limbs: usize) -> Result<Limbs, Refused> {
        let size = self.size(left)?;
        let a = self.number(left, size)?;
        if let Some(by) = self.constant(right).and_then(|by| by.to_u64()) {
            return Ok(self.nums().shift_right(&a, by, limbs));
        }
        let by = self.word(right)?;
        self.refuse_negative(right, by)?;
        self.dynamic_right(&a, by, right, limbs)
    }

    /// `a >> by` where `by` is not negative, `limbs` limbs of it.
    fn dynamic_right(
        &mut self,
        a: &[Value],
        by: Value,
        count: &Expr,
        limbs: usize,
    ) -> Result<Limbs, Refused> {
        if let [one] = a {
            let below = range_of_type(&count.ty).hi.is_some_and(|hi| hi < BigInt::from(64));
            let by = match below {
                true => by,
                false => {
                    let most = self.nums().small(63);
                    self.b.ins().umin(by, most)
                }
            };
            let shifted = vec![self.b.ins().sshr(*one, by)];
            return Ok(self.nums().resize(shifted, limbs));
        }
        Ok(self.shift_right_by(a, by, limbs))
    }

    fn divided(
        &mut self,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        span: Span,
        whole: usize,
        limbs: usize,
    ) -> Result<Limbs, Refused> {
        let (a, b) = (self.number(left, whole)?, self.number(right, whole)?);
        let by = range_of_type(&right.ty);
        if let Some(n) = self.constant(right)
            && n.is_positive()
            && (&n & (&n - BigInt::one())).is_zero()
        {
            let bits = n.bits() - 1;
            return Ok(match op {
                BinaryOp::FloorDiv => self.nums().shift_right(&a, bits, limbs),
                _ => self.nums().low_bits(&a, bits as u32, limbs),
            });
        }
        if by.contains(&BigInt::ZERO) {
            let zero = self.nums().is_zero(&b);
            let text = match op {
                BinaryOp::Mod => "integer modulo by zero",
                _ => "integer division or modulo by zero",
            };
            self.fail_if(zero, python("ZeroDivisionError", text), span, &[])?;
        }
        if whole > 1 {
            let kind = if op == BinaryOp::Mod { Wide::Mod } else { Wide::FloorDiv };
            let result = self.wide(kind, &a, &b)?;
            return Ok(self.nums().resize(result, limbs));
        }
        let (a, b) = (a[0], b[0]);
        if !range_of_type(&left.ty).may_be_negative() && !by.may_be_negative() {
            return Ok(vec![match op {
                BinaryOp::FloorDiv => self.b.ins().udiv(a, b),
                _ => self.b.ins().urem(a, b),
            }]);
        }
        let rest = self.b.ins().srem(a, b);
        let signs = self.b.ins().bxor(rest, b);
        let differ = self.b.ins().icmp_imm(IntCC::SignedLessThan, signs, 0);
        let some = self.b.ins().icmp_imm(IntCC::NotEqual, rest, 0);
        let adjust = self.b.ins().band(differ, some);
        Ok(vec![match op {
            BinaryOp::FloorDiv => {
                let quotient = self.b.ins().sdiv(a, b);
                let adjust = self.b.ins().uextend(types::I64, adjust);
                self.b.ins().isub(quotient, adjust)
            }
            _ => {
                let fixed = self.b.ins().iadd(rest, b);
                self.b.ins().select(adjust, fixed, rest)
            }
        }])
    }

    fn power(&mut self, left: &Expr, right: &Expr, limbs: usize) -> Result<Limbs, Refused> {
        if let Some(exponent) = self.constant(right).and_then(|n| n.to_u32()).filter(|n| *n <= 64) {
            let base = self.number(left, limbs)?;
            let mut result = self.nums().constant(&BigInt::one(), limbs);
            for _ in 0..exponent {
                result = self.nums().mul(&result, &base);
            }
            return Ok(result);
        }
        if self.constant(left).is_some_and(|n| n == BigInt::from(2))
            && !range_of_type(&right.ty).may_be_negative()
            && limbs == 1
        {
            let by = self.word(right)?;
            let one = self.nums().small(1);
            return Ok(vec![self.b.ins().ishl(one, by)]);
        }
        if range_of_type(&right.ty).may_be_negative() {
            return Err(Refused("a power whose exponent may be negative".to_owned()));
        }
        let (a, by) = (self.number(left, limbs)?, self.number(right, limbs)?);
        self.wide(Wide::Pow, &a, &by)
    }

    /// An operation that the runtime does; all numbers have the same number of limbs.
    pub fn wide(&mut self, op: Wide, a: &[Value], b: &[Value]) -> Result<Limbs, Refused> {
        let count = a.len();
        let bytes = 8 * count as u32;
        let slot =
            self.b.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, 3 * bytes, 3));
        for (i, limb) in a.iter().chain(b).enumerate() {
            self.b.ins().stack_store(*limb, slot, 8 * i as i32);
        }
        let address = self.b.ins().stack_addr(types::I64, slot, 0);
        let op = self.b.ins().iconst(types::I64, op as i64);
        let limbs = self.b.ins().iconst(types::I64, count as i64);
        self.call_runtime(word::ARITHMETIC, &[op, limbs, address]);
        Ok((0..count)
            .map(|i| self.b.ins().stack_load(types::I64, slot, (2 * bytes) as i32 + 8 * i as i32))
            .collect())
    }
}
