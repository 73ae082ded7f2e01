//! What Python refuses where, and how the check says it.

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::{
    BinaryOp, BitsType, Block, CompareOp, Expr, ExprKind, Local, LogicOp, Part, Place, PrintPart, Range,
    SignalId, Stmt, StmtKind, StorageType, Target, Type, TypeContext, UnaryOp, expr_type,
};

use super::{Body, Form, Maker};
use crate::sizing::Sizer;
use crate::wrapping::is_vector;

impl Body<'_, '_> {
    /// What may be refused while an expression is evaluated, in Python's order.
    pub(super) fn expr(&mut self, e: &Expr, out: &mut Block) {
        let span = e.span;
        match &e.kind {
            ExprKind::Logic(op, a, b) => {
                self.expr(a, out);
                let mut checks = Block::new();
                self.expr(b, &mut checks);
                let reached = if *op == LogicOp::And { (**a).clone() } else { inverted((**a).clone()) };
                out.extend(self.guarded(reached, checks));
                return;
            }
            ExprKind::Select { condition, then, otherwise } => {
                self.expr(condition, out);
                for (arm, reached) in
                    [(then, (**condition).clone()), (otherwise, inverted((**condition).clone()))]
                {
                    let mut checks = Block::new();
                    self.expr(arm, &mut checks);
                    out.extend(self.guarded(reached, checks));
                }
                return;
            }
            _ => {}
        }
        e.kind.for_each_operand(&mut |operand| self.expr(operand, out));
        match &e.kind {
            ExprKind::Binary(BinaryOp::FloorDiv | BinaryOp::Mod, _, divisor) => {
                let zero = Box::new(number(BigInt::ZERO, span));
                if divisor.ty.range().is_none_or(|range| range.contains(&BigInt::ZERO)) {
                    let ok = truth(ExprKind::Compare(CompareOp::Ne, divisor.clone(), zero), span);
                    self.require(ok, "division by zero".to_owned(), span, out);
                }
            }
            ExprKind::Binary(BinaryOp::ShiftLeft | BinaryOp::ShiftRight, _, amount) => {
                self.natural(amount, "the shift amount is negative", out);
            }
            ExprKind::Binary(BinaryOp::Pow, _, exponent) => {
                self.natural(exponent, "the exponent is negative", out);
            }
            ExprKind::Bit { index, .. } => self.natural(index, "the index of the bit is negative", out),
            ExprKind::Slice { low, .. } => self.natural(low, "the slice begins below bit 0", out),
            ExprKind::Element { local, index } => {
                let (name, length) = (&self.locals[*local].name, self.locals[*local].length);
                self.index(index, name, u64::from(length.unwrap_or(1)), out);
            }
            ExprKind::MemoryRead { memory, index } => {
                let memory = &self.maker.design.memories[*memory];
                self.index(index, &memory.name, memory.elements.len() as u64, out);
            }
            ExprKind::TableRead { table, index } => {
                let table = &self.maker.design.tables[*table];
                self.index(index, &table.name, table.entries.len() as u64, out);
            }
            ExprKind::Call { function, args } => self.call(*function, args, span, out),
            _ => {}
        }
    }

    /// What may be refused when something is assigned: the value's evaluation, the place, the bits, the bounds.
    pub(super) fn assignment(&mut self, target: &Target, value: &Expr, span: Span, out: &mut Block) {
        self.expr(value, out);
        let design = self.maker.design;
        let (name, ty, variable) = match &target.place {
            Place::Signal(id) => (design.signals[*id].name.clone(), &design.signals[*id].ty, false),
            Place::Memory { memory, index } => {
                let memory = &design.memories[*memory];
                self.expr(index, out);
                self.index(index, &memory.name, memory.elements.len() as u64, out);
                (format!("an element of {}", memory.name), &design.signals[memory.elements[0]].ty, false)
            }
            Place::Local(id) => (self.locals[*id].name.clone(), &self.locals[*id].ty, true),
            Place::Element { local, index } => {
                let list = &self.locals[*local];
                self.expr(index, out);
                self.index(index, &list.name, u64::from(list.length.unwrap_or(1)), out);
                (format!("an element of {}", list.name), &list.ty, true)
            }
        };
        if value.kind == ExprKind::HighImpedance {
            return;
        }
        match (&target.part, ty) {
            (None, StorageType::Bits(bits)) if !bits.wraps => {
                let what = format!("{name} is outside of {} to {}", bits.min, bits.max);
                self.within(value, &bits.range(), what, span, out);
            }
            // A variable is just bound to another object.
            (None, StorageType::Bool) if !variable => {
                self.within(value, &Range::bit(), format!("{name} is not 0 or 1"), span, out);
            }
            (Some(part), StorageType::Bits(bits)) => {
                self.part(target, part, value, (&name, bits), span, out);
            }
            _ => {}
        }
    }

    fn part(
        &mut self,
        target: &Target,
        part: &Part,
        value: &Expr,
        (name, bits): (&str, &BitsType),
        span: Span,
        out: &mut Block,
    ) {
        let width = BigInt::from(bits.width);
        match part {
            Part::Bit(index) => {
                self.expr(index, out);
                self.within(value, &Range::bit(), format!("a bit of {name} is not 0 or 1"), span, out);
                self.natural(index, &format!("the index of a bit of {name} is negative"), out);
                if !bits.wraps {
                    // Above the highest bit there is room for zeros.
                    let places = Range { lo: None, hi: Some(&width - 1) };
                    let what = format!("the bit of {name} is above its {width} bits");
                    let mut checks = Block::new();
                    self.within(index, &places, what, span, &mut checks);
                    match &value.kind {
                        ExprKind::Const(value) if *value == BigInt::ZERO => {}
                        ExprKind::Const(_) => out.extend(checks),
                        _ => out.extend(self.guarded(truth_of(value.clone()), checks)),
                    }
                }
            }
            Part::Slice { low, width: size } => {
                self.expr(low, out);
                self.natural(low, &format!("the slice of {name} begins below bit 0"), out);
                let limit = BigInt::from(1) << *size;
                // The sign bits of a negative value go into all higher bits as well.
                let unsigned = !bits.is_signed() && !bits.wraps;
                let lowest = if unsigned { BigInt::ZERO } else { -&limit };
                let what =
                    format!("a value for {size} bits of {name} is outside of {lowest} to {}", &limit - 1);
                self.within(value, &Range::new(lowest, &limit - 1), what, span, out);
                let room = Range { lo: None, hi: Some(width - *size) };
                if unsigned && !low.ty.range().is_some_and(|range| room.contains_range(&range)) {
                    let kind =
                        ExprKind::Binary(BinaryOp::ShiftLeft, Box::new(value.clone()), Box::new(low.clone()));
                    let moved = self.typed(kind, span);
                    let what = format!("a value for bits of {name} goes beyond its {} bits", bits.width);
                    self.within(&moved, &Range::unsigned(bits.width), what, span, out);
                }
            }
        }
        if bits.wraps || is_vector(bits) {
            return;
        }
        if let (Place::Signal(signal), Some(owner)) = (&target.place, self.maker.owner) {
            self.maker.partly.entry(*signal).or_insert((owner, span));
        }
    }

    /// A variable of which a part has been assigned, as a whole.
    pub(super) fn parts_of(&mut self, target: &Target, span: Span, out: &mut Block) {
        let Place::Local(id) = target.place else { return };
        let Local { name, ty: StorageType::Bits(bits), .. } = &self.locals[id] else { return };
        if target.part.is_some() && !bits.wraps {
            let value = whole(ExprKind::Local(id), bits, span);
            let what = format!("{name} is outside of {} to {}", bits.min, bits.max);
            self.within(&value, &bits.range(), what, span, out);
        }
    }

    /// Checks that only matter under a condition.
    pub(super) fn guarded(&self, condition: Expr, checks: Block) -> Option<Stmt> {
        let span = checks.first()?.span;
        if self.maker.once.expr(&condition) {
            return None;
        }
        Some(Stmt { kind: StmtKind::If { arms: vec![(condition, checks)], otherwise: Block::new() }, span })
    }

    fn natural(&self, value: &Expr, what: &str, out: &mut Block) {
        let naturals = Range { lo: Some(BigInt::ZERO), hi: None };
        self.within(value, &naturals, what.to_owned(), value.span, out);
    }

    /// Python counts negative indices from the end; so does a vector of bits, if there are as many places as it has
    /// values.
    fn index(&self, index: &Expr, name: &str, depth: u64, out: &mut Block) {
        let lowest = if depth.is_power_of_two() { -BigInt::from(depth) } else { BigInt::ZERO };
        let what = format!("the index of {name} is outside of 0 to {}", depth.saturating_sub(1));
        let places = Range::new(lowest, BigInt::from(depth) - 1);
        self.within(index, &places, what, index.span, out);
    }

    fn within(&self, value: &Expr, allowed: &Range, what: String, span: Span, out: &mut Block) {
        if let Some(ok) = within(value, allowed, span) {
            self.require(ok, what, span, out);
        }
    }

    fn require(&self, ok: Expr, what: String, span: Span, out: &mut Block) {
        if self.maker.once.expr(&ok) {
            return;
        }
        // Of a value without bounds only the low bits exist in hardware: nothing there could check it.
        let (design, language) = (self.maker.design, self.maker.language);
        let sizer = Sizer { design, locals: self.locals, counters: &self.counters, language, keeps: false };
        if sizer.boolean(&ok).is_ok() {
            let message = vec![PrintPart::Text(self.place(span) + &what)];
            out.push(Stmt { kind: StmtKind::Assert { condition: ok, message }, span });
        }
    }

    fn typed(&self, kind: ExprKind, span: Span) -> Expr {
        let ty = expr_type(&kind, &TypeContext { design: self.maker.design, locals: self.locals });
        Expr { kind, ty, span }
    }
}

impl Maker<'_> {
    /// The check of a signal as a whole, whose parts are assigned.
    pub(super) fn whole(&mut self, signal: SignalId, span: Span) -> Block {
        let of = &self.design.signals[signal];
        let StorageType::Bits(bits) = &of.ty else { return Block::new() };
        let value = whole(ExprKind::Signal(signal), bits, span);
        let what = format!("{} is outside of {} to {}", of.name, bits.min, bits.max);
        let mut out = Block::new();
        let locals = Default::default();
        Body {
            maker: self,
            locals: &locals,
            counters: Default::default(),
            form: Form::Beside,
            rounds: Vec::new(),
        }
        .within(&value, &bits.range(), what, span, &mut out);
        out
    }
}

/// What is stored somewhere: any bits can be there, not just those that the type allows.
fn whole(place: ExprKind, bits: &BitsType, span: Span) -> Expr {
    let range = if bits.is_signed() { Range::signed(bits.width) } else { Range::unsigned(bits.width) };
    Expr { kind: place, ty: Type::Int(range), span }
}

/// Whether a value is in a range; `None` where it always is.
fn within(value: &Expr, allowed: &Range, span: Span) -> Option<Expr> {
    let range = value.ty.range()?;
    let compare = |op, bound: &BigInt| {
        truth(ExprKind::Compare(op, Box::new(value.clone()), Box::new(number(bound.clone(), span))), span)
    };
    let above = Range { lo: allowed.lo.clone(), hi: None };
    let below = Range { lo: None, hi: allowed.hi.clone() };
    let low = allowed.lo.as_ref().filter(|_| !above.contains_range(&range));
    let high = allowed.hi.as_ref().filter(|_| !below.contains_range(&range));
    match (low, high) {
        (Some(low), Some(high)) => {
            let (a, b) = (compare(CompareOp::Ge, low), compare(CompareOp::Le, high));
            Some(truth(ExprKind::Logic(LogicOp::And, Box::new(a), Box::new(b)), span))
        }
        (Some(low), None) => Some(compare(CompareOp::Ge, low)),
        (None, Some(high)) => Some(compare(CompareOp::Le, high)),
        (None, None) => None,
    }
}

pub(super) fn either(a: Expr, b: Expr) -> Expr {
    let span = a.span;
    truth(ExprKind::Logic(LogicOp::Or, Box::new(truth_of(a)), Box::new(truth_of(b))), span)
}

pub(super) fn inverted(e: Expr) -> Expr {
    let span = e.span;
    truth(ExprKind::Unary(UnaryOp::Not, Box::new(truth_of(e))), span)
}

fn truth_of(e: Expr) -> Expr {
    match e.ty {
        Type::Bool => e,
        _ => truth(ExprKind::Truth(Box::new(e.clone())), e.span),
    }
}

fn truth(kind: ExprKind, span: Span) -> Expr {
    Expr { kind, ty: Type::Bool, span }
}

fn number(value: BigInt, span: Span) -> Expr {
    Expr { kind: ExprKind::Const(value.clone()), ty: Type::Int(Range::exactly(value)), span }
}
