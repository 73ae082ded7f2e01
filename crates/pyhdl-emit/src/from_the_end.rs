//! Indices that may be negative: Python counts them from the end of a list. Hardware has positions from 0 on, so such an
//! index has the list's length added where it is negative. Of lists whose length is a power of two the low bits of the
//! index are the position already.

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_ir::{
    BinaryOp, Block, CompareOp, Design, Expr, ExprKind, Local, LocalId, Place, Range, StmtKind, Type,
    for_each_stmt_mut,
};

/// Makes positions of all indices of lists, memories and tables.
pub(crate) fn count_from_the_start(design: &mut Design) {
    let lengths = Lengths {
        memories: design.memories.iter().map(|memory| memory.elements.len() as u64).collect(),
        tables: design.tables.iter().map(|table| table.entries.len() as u64).collect(),
    };
    for process in &mut design.processes {
        lengths.block(&process.locals, &mut process.body);
    }
    for function in &mut design.functions {
        lengths.block(&function.locals, &mut function.body);
    }
}

struct Lengths {
    memories: Vec<u64>,
    tables: Vec<u64>,
}

impl Lengths {
    fn block(&self, locals: &IndexVec<LocalId, Local>, block: &mut Block) {
        for_each_stmt_mut(block, &mut |stmt| {
            stmt.kind.for_each_expr_mut(&mut |e| self.expr(locals, e));
            if let StmtKind::Assign { target, .. } = &mut stmt.kind {
                match &mut target.place {
                    Place::Memory { memory, index } => position(index, self.memories[memory.index()]),
                    Place::Element { local, index } => position(index, length(&locals[*local])),
                    Place::Signal(_) | Place::Local(_) => {}
                }
            }
        });
    }

    fn expr(&self, locals: &IndexVec<LocalId, Local>, e: &mut Expr) {
        e.kind.for_each_operand_mut(&mut |operand| self.expr(locals, operand));
        match &mut e.kind {
            ExprKind::MemoryRead { memory, index } => position(index, self.memories[memory.index()]),
            ExprKind::TableRead { table, index } => position(index, self.tables[table.index()]),
            ExprKind::Element { local, index } => position(index, length(&locals[*local])),
            _ => {}
        }
    }
}

fn length(list: &Local) -> u64 {
    u64::from(list.length.unwrap_or(1))
}

fn position(index: &mut Expr, length: u64) {
    let Some(range) = index.ty.range() else { return };
    let below = Range { lo: range.lo.clone(), hi: Some(BigInt::from(-1)) };
    let Some(negative) = range.intersect(&below) else { return };
    let by = BigInt::from(length);
    if let ExprKind::Const(value) = &mut index.kind {
        *value += &by;
        index.ty = Type::Int(Range::exactly(value.clone()));
        return;
    }
    if length.is_power_of_two() && length > 1 {
        return;
    }
    let span = index.span;
    let constant = |value: BigInt| Expr {
        ty: Type::Int(Range::exactly(value.clone())),
        kind: ExprKind::Const(value),
        span,
    };
    let moved = Range { lo: negative.lo.map(|lo| lo + &by), hi: negative.hi.map(|hi| hi + &by) };
    let from_end = Expr {
        kind: ExprKind::Binary(BinaryOp::Add, Box::new(index.clone()), Box::new(constant(by))),
        ty: Type::Int(moved.clone()),
        span,
    };
    let above = Range { lo: Some(BigInt::ZERO), hi: None };
    let ty = match range.intersect(&above) {
        Some(positive) => Type::Int(positive.union(&moved)),
        None => {
            *index = from_end;
            return;
        }
    };
    let is_negative =
        ExprKind::Compare(CompareOp::Lt, Box::new(index.clone()), Box::new(constant(BigInt::ZERO)));
    let condition = Box::new(Expr { kind: is_negative, ty: Type::Bool, span });
    let otherwise = Box::new(index.clone());
    *index = Expr { kind: ExprKind::Select { condition, then: Box::new(from_end), otherwise }, ty, span };
}
