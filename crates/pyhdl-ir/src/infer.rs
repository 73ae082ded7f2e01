//! The type of an expression node from its operands' types.

use oxc_index::IndexVec;

use crate::{BinaryOp, Design, ExprKind, Local, LocalId, Range, Type, UnaryOp};

/// Where a node's leaves find their types.
#[derive(Clone, Copy)]
pub struct TypeContext<'a> {
    pub design: &'a Design,
    /// The locals of the process or function that the node belongs to.
    pub locals: &'a IndexVec<LocalId, Local>,
}

/// The range of a binary operation on two ranges. A division by zero alone has the range `[0, 0]`.
pub fn binary_range(op: BinaryOp, a: &Range, b: &Range) -> Range {
    match op {
        BinaryOp::Add => a.add(b),
        BinaryOp::Sub => a.sub(b),
        BinaryOp::Mul => a.mul(b),
        BinaryOp::FloorDiv => a.floor_div(b).unwrap_or_else(|| Range::exactly(0)),
        BinaryOp::Mod => a.modulo(b).unwrap_or_else(|| Range::exactly(0)),
        BinaryOp::Pow => a.pow(b),
        BinaryOp::ShiftLeft => a.shl(b),
        BinaryOp::ShiftRight => a.shr(b),
        BinaryOp::And => a.and(b),
        BinaryOp::Or => a.or(b),
        BinaryOp::Xor => a.xor(b),
        BinaryOp::Min => a.min(b),
        BinaryOp::Max => a.max(b),
    }
}

/// The type of a node whose operands have their types; leaves get the types of their storage.
pub fn expr_type(kind: &ExprKind, context: &TypeContext) -> Type {
    let range = |ty: &Type| ty.range().unwrap_or_else(Range::all);
    match kind {
        ExprKind::Const(value) => Type::Int(Range::exactly(value.clone())),
        // Its target says which it is.
        ExprKind::HighImpedance => Type::Bool,
        ExprKind::Time => Type::Int(Range::unsigned(u64::BITS)),
        ExprKind::EnumLiteral(id, _) => Type::Enum(*id),
        ExprKind::Signal(id) => context.design.signals[*id].ty.value_type(),
        ExprKind::Local(id) | ExprKind::Element { local: id, .. } => context.locals[*id].ty.value_type(),
        ExprKind::MemoryRead { memory, .. } => {
            let first = context.design.memories[*memory].elements[0];
            context.design.signals[first].ty.value_type()
        }
        ExprKind::TableRead { table, .. } => {
            let entries = &context.design.tables[*table].entries;
            match (entries.iter().min(), entries.iter().max()) {
                (Some(min), Some(max)) => Type::Int(Range::new(min.clone(), max.clone())),
                _ => Type::Int(Range::exactly(0)),
            }
        }
        ExprKind::Unary(op, a) => match op {
            UnaryOp::Not => Type::Bool,
            UnaryOp::Negate => Type::Int(range(&a.ty).neg()),
            UnaryOp::Invert => Type::Int(range(&a.ty).invert()),
            UnaryOp::Abs => Type::Int(range(&a.ty).abs()),
        },
        ExprKind::Binary(BinaryOp::And | BinaryOp::Or | BinaryOp::Xor, a, b)
            if a.ty == Type::Bool && b.ty == Type::Bool =>
        {
            Type::Bool
        }
        ExprKind::Binary(op, a, b) => Type::Int(binary_range(*op, &range(&a.ty), &range(&b.ty))),
        ExprKind::Compare(..) | ExprKind::Logic(..) | ExprKind::Bit { .. } | ExprKind::Truth(_) => Type::Bool,
        ExprKind::Select { then, otherwise, .. } => match (&then.ty, &otherwise.ty) {
            (a, b) if a == b => a.clone(),
            (a, b) => Type::Int(range(a).union(&range(b))),
        },
        ExprKind::Slice { value, low, width } => {
            Type::Int(range(&value.ty).shr(&range(&low.ty)).low_bits(*width))
        }
        ExprKind::Unsigned { value, width } => Type::Int(range(&value.ty).low_bits(*width)),
        ExprKind::Signed { value, width } => Type::Int(range(&value.ty).low_bits_signed(*width)),
        ExprKind::Concat(parts) => {
            let mut all = Range::exactly(0);
            for part in parts {
                let low = range(&part.value.ty).low_bits(part.width);
                all = all.shl(&Range::exactly(part.width)).add(&low);
            }
            Type::Int(all)
        }
        ExprKind::Call { function, .. } => {
            context.design.functions[*function].returns.clone().unwrap_or(Type::Int(Range::all()))
        }
    }
}
