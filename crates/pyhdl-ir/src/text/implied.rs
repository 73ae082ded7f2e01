//! The type of an expression that the text does not write because its operands give it.

use oxc_index::IndexVec;

use crate::{Design, ExprKind, Local, LocalId, Type, TypeContext, expr_type};

/// Widths above this are not computed with: a text must not make the reader allocate without bound.
const MAX_WIDTH: u64 = 1 << 16;

/// [`expr_type`] where it needs nothing but what stands before the expression in the text; `None` where the type must
/// be written. Never panics, whatever the ids.
pub(crate) fn implied_type(
    kind: &ExprKind,
    design: &Design,
    locals: &IndexVec<LocalId, Local>,
) -> Option<Type> {
    let signal = |id| design.signals.get(id);
    let narrow = |width: u64| (width <= MAX_WIDTH).then_some(());
    match kind {
        ExprKind::Signal(id) => drop(signal(*id)?),
        ExprKind::Local(id) | ExprKind::Element { local: id, .. } => drop(locals.get(*id)?),
        ExprKind::MemoryRead { memory, .. } => {
            signal(*design.memories.get(*memory)?.elements.first()?)?;
        }
        ExprKind::TableRead { table, .. } => drop(design.tables.get(*table)?),
        // The function may stand further down; high impedance has the type of its target.
        ExprKind::Call { .. } | ExprKind::HighImpedance => return None,
        ExprKind::Slice { width, .. } | ExprKind::Signed { width, .. } | ExprKind::Unsigned { width, .. } => {
            narrow(u64::from(*width))?
        }
        ExprKind::Concat(parts) => narrow(parts.iter().map(|p| u64::from(p.width)).sum())?,
        _ => {}
    }
    Some(expr_type(kind, &TypeContext { design, locals }))
}
