//! Design rules about statements: what no value of any input could make right.

use pyhdl_diag::{Diagnostic, Diagnostics, Span};

use crate::{Block, Design, ExprKind, Place, Range, Stmt, StmtKind, StorageType, codes, for_each_stmt};

impl Design {
    /// Assignments that are always out of bounds, and loops that never end, in all processes and functions.
    pub(crate) fn check_bodies(&self, found: &mut Diagnostics) {
        let bodies = self.processes.iter().map(|p| &p.body).chain(self.functions.iter().map(|f| &f.body));
        for body in bodies {
            for_each_stmt(body, &mut |stmt| {
                found.extend(self.always_out_of_bounds(stmt));
                found.extend(endless(stmt));
            });
        }
    }

    fn always_out_of_bounds(&self, stmt: &Stmt) -> Option<Diagnostic> {
        let StmtKind::Assign { target, value } = &stmt.kind else { return None };
        let signal = match &target.place {
            Place::Signal(signal) => *signal,
            Place::Element { .. } => return None,
            Place::Memory { memory, .. } => *self.memories[*memory].elements.first()?,
            Place::Local(_) => return None,
        };
        let StorageType::Bits(bits) = &self.signals[signal].ty else { return None };
        let (allowed, range) = (bits.range(), value.ty.range()?);
        if bits.wraps || target.part.is_some() || allowed.intersect(&range).is_some() {
            return None;
        }
        let what = match range.single() {
            Some(value) => format!("{value}"),
            None => format!("a value of {}", between(&range)),
        };
        Some(
            Diagnostic::error(
                codes::OUT_OF_BOUNDS,
                format!(
                    "{what} is out of the bounds of `{}`, {}",
                    self.signal_path(signal),
                    between(&allowed)
                ),
            )
            .at(stmt.span, "assigned here")
            .help("widen the signal, limit the value, or use modbv to wrap around"),
        )
    }
}

/// `0 to 255`.
fn between(range: &Range) -> String {
    let end = |value: &Option<num_bigint::BigInt>, word: &str| {
        value.as_ref().map_or_else(|| word.to_owned(), |v| v.to_string())
    };
    format!("{} to {}", end(&range.lo, "no lower bound"), end(&range.hi, "no upper bound"))
}

/// A loop that nothing ends.
fn endless(stmt: &Stmt) -> Option<Diagnostic> {
    let StmtKind::While { condition, body } = &stmt.kind else { return None };
    if !matches!(&condition.kind, ExprKind::Const(value) if value.bits() > 0) || leaves(body, true) {
        return None;
    }
    let span = Span::new(stmt.span.file, stmt.span.start, condition.span.end.max(stmt.span.start));
    Some(
        Diagnostic::error(codes::ENDLESS_LOOP, "this loop never ends: simulated time would stand still")
            .at(span, "nothing leaves this loop")
            .help("leave it with `break` or `return`, or give it a condition"),
    )
}

/// Whether something inside a loop's body ends the loop, or lets time pass. `own` is whether a `break` there is the
/// loop's own.
fn leaves(body: &Block, own: bool) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::Break => own,
        StmtKind::Return(_) | StmtKind::Wait(_) | StmtKind::Raise { .. } | StmtKind::Assert { .. } => true,
        // What a function does is its own affair: it may stop the simulation.
        StmtKind::Call { .. } => true,
        StmtKind::For { body, .. } | StmtKind::While { body, .. } => leaves(body, false),
        kind => kind.blocks().into_iter().any(|inner| leaves(inner, own)),
    })
}
