//! Which processes may fail: with a value out of bounds, an index out of range, a division by zero, a loop without end.
//!
//! A process that only follows its inputs may be run once a time step only if the values that it would have seen in
//! between could not have ended the simulation.

use std::collections::HashSet;

use num_bigint::BigInt;
use num_traits::Zero;
use pyhdl_ir::{
    BinaryOp, Block, Design, Expr, ExprKind, FunctionId, Part, Place, Process, Range, StmtKind, StorageType,
    UnaryOp, for_each_node, for_each_stmt,
};

/// Shift counts up to here are computed without asking how large the result gets.
const SHIFT: u32 = 1 << 16;

/// Whether a value of this range may be refused by the storage.
pub fn value_may_fail(ty: &StorageType, value: &Range) -> bool {
    match ty {
        StorageType::Bool => !Range::bit().contains_range(value),
        StorageType::Bits(bits) => !bits.wraps && !bits.range().contains_range(value),
        StorageType::Enum(_) | StorageType::Int(_) => false,
        StorageType::Opaque => true,
    }
}

/// Whether an index of this range may be outside of a list of this length; negative ones count from its end.
pub fn index_may_fail(length: usize, index: &Range) -> bool {
    let length = BigInt::from(length);
    !Range::new(-&length, length - 1).contains_range(index)
}

/// Whether computing the value may fail, its operands aside.
fn expr_may_fail(design: &Design, e: &Expr) -> bool {
    let range = |e: &Expr| e.ty.range().unwrap_or_else(|| Range::new(0, u32::MAX));
    match &e.kind {
        ExprKind::MemoryRead { memory, index } => {
            index_may_fail(design.memories[*memory].elements.len(), &range(index))
        }
        ExprKind::TableRead { table, index } => {
            index_may_fail(design.tables[*table].entries.len(), &range(index))
        }
        ExprKind::Element { .. } | ExprKind::Call { .. } => true,
        ExprKind::Binary(op, _, b) => match op {
            BinaryOp::FloorDiv | BinaryOp::Mod => range(b).contains(&BigInt::zero()),
            BinaryOp::ShiftLeft => !Range::new(0, SHIFT).contains_range(&range(b)),
            BinaryOp::ShiftRight => range(b).may_be_negative(),
            BinaryOp::Pow => !Range::new(0, SHIFT).contains_range(&range(b)),
            _ => false,
        },
        ExprKind::Unary(UnaryOp::Negate | UnaryOp::Invert | UnaryOp::Not | UnaryOp::Abs, _) => false,
        ExprKind::Bit { index, .. } => range(index).may_be_negative(),
        ExprKind::Slice { low, .. } => range(low).may_be_negative(),
        _ => false,
    }
}

/// Whether an activation of the process may end the simulation.
pub(crate) fn may_fail(design: &Design, process: &Process) -> bool {
    let locals = &process.locals.raw;
    block_may_fail(design, &process.body, &|local| &locals[local].ty, &mut HashSet::new())
}

fn block_may_fail<'a>(
    design: &'a Design,
    body: &'a Block,
    local: &dyn Fn(usize) -> &'a StorageType,
    called: &mut HashSet<FunctionId>,
) -> bool {
    let mut fails = false;
    let mut functions = Vec::new();
    for_each_stmt(body, &mut |stmt| {
        fails |= match &stmt.kind {
            StmtKind::Assign { target, value } => {
                let ty = match &target.place {
                    Place::Signal(signal) => Some(&design.signals[*signal].ty),
                    Place::Memory { memory, index } => {
                        let elements = &design.memories[*memory].elements;
                        let range = index.ty.range().unwrap_or_else(Range::all);
                        (!index_may_fail(elements.len(), &range)).then(|| &design.signals[elements[0]].ty)
                    }
                    Place::Local(id) => Some(local(id.index())),
                    Place::Element { .. } => None,
                };
                let value = value.ty.range();
                match (ty, &target.part) {
                    (None, _) => true,
                    (Some(ty), None) => value.is_some_and(|range| value_may_fail(ty, &range)),
                    (Some(ty), Some(part)) => part_may_fail(ty, part, value),
                }
            }
            StmtKind::While { .. } | StmtKind::Assert { .. } | StmtKind::Raise { .. } => true,
            StmtKind::Call { function, .. } => {
                functions.push(*function);
                false
            }
            _ => false,
        };
        stmt.kind.for_each_expr(&mut |e| {
            for_each_node(e, &mut |node| match &node.kind {
                ExprKind::Call { function, .. } => functions.push(*function),
                _ => fails |= expr_may_fail(design, node),
            });
        });
    });
    fails
        || functions.into_iter().any(|id| {
            let function = &design.functions[id];
            called.insert(id)
                && block_may_fail(design, &function.body, &|l| &function.locals.raw[l].ty, called)
        })
}

fn part_may_fail(ty: &StorageType, part: &Part, value: Option<Range>) -> bool {
    let StorageType::Bits(bits) = ty else { return true };
    let Some(value) = value else { return true };
    // Whatever is in the bits of a full vector is within its bounds.
    let full = *ty.width().as_ref().unwrap_or(&0);
    let unsigned = bits.range() == Range::unsigned(full);
    match part {
        Part::Bit(index) => {
            let inside =
                index.ty.range().is_some_and(|r| Range::new(0, full.saturating_sub(1)).contains_range(&r));
            !(unsigned && inside && Range::bit().contains_range(&value))
        }
        Part::Slice { low, width } => {
            let highest = full.checked_sub(*width);
            let inside = highest.is_some_and(|highest| {
                low.ty.range().is_some_and(|r| Range::new(0, highest).contains_range(&r))
            });
            !(unsigned && inside && Range::unsigned(*width).contains_range(&value))
        }
    }
}
