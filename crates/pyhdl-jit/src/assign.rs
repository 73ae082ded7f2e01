//! Machine code of assignments: to signals, elements of lists, variables, and parts of them.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use num_bigint::BigInt;
use num_traits::{One, ToPrimitive, Zero};
use pyhdl_diag::Span;
use pyhdl_ir::{BitsType, Expr, LocalId, MemoryId, Part, Place as Target, Range, SignalId, StorageType};
use pyhdl_sim::cycle::value_may_fail;

use crate::Refused;
use crate::body::{Body, Held, LocalPlace, flags};
use crate::expr::range_of_type;
use crate::layout::{Array, Place, limbs_of};
use crate::num::{Limbs, Val};
use crate::sites::Event;
use crate::stmt::local_bound;

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
    pub fn assign(&mut self, place: &Target, value: &Expr, span: Span) -> Result<(), Refused> {
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
    pub fn assign_part(
        &mut self,
        place: &Target,
        part: &Part,
        value: &Expr,
        span: Span,
    ) -> Result<(), Refused> {
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
}
