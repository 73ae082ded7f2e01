//! Matches: signals that are what another one is: a process does nothing but `out.next = count`.
//!
//! Legal because the process follows: when all has settled and the run may be left, both have the same value, of the same
//! type.
//!
//! Pays where somebody watches: each history of values is compared and kept once.
//!
//! Left out as `copies`.

use oxc_index::IndexVec;
use pyhdl_ir::{Design, ExprKind, Place, ProcessId, SignalId, StmtKind, StorageType};

/// For each signal the one that it is a copy of, whenever all has settled and the run may be left. `derivable` says it of
/// what a process drives.
pub(crate) fn copies(
    design: &Design,
    derivable: &IndexVec<ProcessId, bool>,
) -> IndexVec<SignalId, Option<SignalId>> {
    let mut copies: IndexVec<SignalId, Option<SignalId>> = design.signals.iter().map(|_| None).collect();
    for (_, process) in design.processes.iter_enumerated().filter(|(id, _)| derivable[*id]) {
        let mut body = process.body.iter().filter(|stmt| !matches!(stmt.kind, StmtKind::Comment(_)));
        if let (Some(stmt), None) = (body.next(), body.next())
            && let StmtKind::Assign { target, value } = &stmt.kind
            && let (Place::Signal(copy), None, ExprKind::Signal(of)) = (&target.place, &target.part, &value.kind)
            // No bound can be missed, nothing wraps.
            && design.signals[*copy].ty == design.signals[*of].ty
            && design.signals[*copy].ty != StorageType::Opaque
        {
            copies[*copy] = Some(*of);
        }
    }
    // A copy of a copy is one of the first. There are no circles among processes that follow.
    for signal in design.signals.indices() {
        while let Some(of) = copies[signal]
            && let Some(first) = copies[of]
        {
            copies[signal] = Some(first);
        }
    }
    copies
}
