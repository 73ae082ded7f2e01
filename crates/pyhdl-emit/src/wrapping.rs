//! `modbv` whose bounds are not those of a vector, a counter from 0 to 9 for example: vectors wrap around elsewhere, so
//! what is assigned gets the wrap of its bounds.

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{Diagnostic, Diagnostics, Span};
use pyhdl_ir::{
    BinaryOp, BitsType, Block, CompareOp, Design, Expr, ExprKind, Local, LocalId, Place, Range, StmtKind,
    StorageType, Target, Type, binary_range, for_each_node, for_each_stmt_mut,
};

use crate::codes;

/// Puts the wrap around into the values that are assigned. Fails where only bits of such a value are assigned.
pub(crate) fn wrap_values(design: &mut Design) -> Result<(), Diagnostics> {
    let mut problems = Vec::new();
    let mut processes = std::mem::take(&mut design.processes);
    for process in &mut processes {
        wrap_block(design, &process.locals, &mut process.body, &mut problems);
    }
    design.processes = processes;
    let mut functions = std::mem::take(&mut design.functions);
    for function in &mut functions {
        wrap_block(design, &function.locals, &mut function.body, &mut problems);
    }
    design.functions = functions;
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn wrap_block(
    design: &Design,
    locals: &IndexVec<LocalId, Local>,
    body: &mut Block,
    problems: &mut Diagnostics,
) {
    for_each_stmt_mut(body, &mut |stmt| {
        let StmtKind::Assign { target, value } = &mut stmt.kind else { return };
        let Some(bits) = storage(design, locals, target).filter(|bits| bits.wraps && !is_vector(bits)) else {
            return;
        };
        if target.part.is_some() {
            problems.push(partial(target.span));
        } else {
            wrap(value, bits);
        }
    });
}

fn storage<'d>(
    design: &'d Design,
    locals: &'d IndexVec<LocalId, Local>,
    target: &Target,
) -> Option<&'d BitsType> {
    let ty = match &target.place {
        Place::Signal(signal) => &design.signals[*signal].ty,
        Place::Memory { memory, .. } => &design.signals[*design.memories[*memory].elements.first()?].ty,
        Place::Local(local) | Place::Element { local, .. } => &locals[*local].ty,
    };
    match ty {
        StorageType::Bits(bits) => Some(bits),
        _ => None,
    }
}

/// Whether a vector of the type's width has exactly its values.
pub(crate) fn is_vector(bits: &BitsType) -> bool {
    let range = bits.range();
    range == Range::unsigned(bits.width) || range == Range::signed(bits.width)
}

fn wrap(value: &mut Expr, bits: &BitsType) {
    let (allowed, span) = (bits.range(), value.span);
    let count = &bits.max - &bits.min + 1;
    let Some(range) = value.ty.range().filter(|range| !allowed.contains_range(range)) else { return };
    let once = |lo: &BigInt, hi: &BigInt| Range::new(lo.clone(), hi.clone()).contains_range(&range);
    let number = |value: &BigInt| Box::new(constant(value.clone(), span));
    let mut called = false;
    for_each_node(value, &mut |node| called |= matches!(node.kind, ExprKind::Call { .. }));
    let within = Type::Int(allowed.clone());
    let binary = |op, a: Expr, b: &BigInt, ty: Type| Expr {
        kind: ExprKind::Binary(op, Box::new(a), number(b)),
        ty,
        span,
    };
    let compare = |op, a: &Expr, b: &BigInt| Expr {
        kind: ExprKind::Compare(op, Box::new(a.clone()), number(b)),
        ty: Type::Bool,
        span,
    };
    let (condition, back) = if !called && once(&bits.min, &(&bits.max + &count)) {
        (compare(CompareOp::Gt, value, &bits.max), BinaryOp::Sub)
    } else if !called && once(&(&bits.min - &count), &bits.max) {
        (compare(CompareOp::Lt, value, &bits.min), BinaryOp::Add)
    } else {
        let from_zero = Range::new(BigInt::ZERO, &count - 1);
        let mut shifted = value.clone();
        if bits.min != BigInt::ZERO {
            let ty = binary_range(BinaryOp::Sub, &range, &Range::exactly(bits.min.clone()));
            shifted = binary(BinaryOp::Sub, shifted, &bits.min, Type::Int(ty));
        }
        *value = binary(BinaryOp::Mod, shifted, &count, Type::Int(from_zero));
        if bits.min != BigInt::ZERO {
            *value = binary(BinaryOp::Add, value.clone(), &bits.min, within);
        }
        return;
    };
    let wrapped = binary(back, value.clone(), &count, within.clone());
    *value = Expr {
        kind: ExprKind::Select {
            condition: Box::new(condition),
            then: Box::new(wrapped),
            otherwise: Box::new(Expr { ty: within.clone(), ..value.clone() }),
        },
        ty: within,
        span,
    };
}

fn partial(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::STATEMENT,
        "bits of a modbv are assigned whose bounds are not those of a vector: where it wraps is no bit",
    )
    .at(span, "assigned here")
    .help("assign the whole value, or give the modbv all values of its width: modbv(0)[8:]")
}

fn constant(value: BigInt, span: Span) -> Expr {
    Expr { kind: ExprKind::Const(value.clone()), ty: Type::Int(Range::exactly(value)), span }
}
