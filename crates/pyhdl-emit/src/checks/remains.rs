//! What is left of a body that only checks.

use std::collections::HashSet;

use oxc_index::IndexVec;
use pyhdl_ir::{Block, ExprKind, Local, LocalId, Place, Stmt, StmtKind, for_each_node, for_each_stmt};

use crate::prepare::turn_round;

/// Takes out the variables that no check needs, and what is empty then.
pub(super) fn clean(body: &mut Block, locals: &IndexVec<LocalId, Local>) {
    let given: HashSet<LocalId> =
        locals.iter_enumerated().filter(|(_, local)| local.inout).map(|(id, _)| id).collect();
    loop {
        let mut needed = given.clone();
        for_each_stmt(body, &mut |stmt| {
            let own = match &stmt.kind {
                StmtKind::Assign { target, .. } => variable(&target.place),
                _ => None,
            };
            stmt.kind.for_each_expr(&mut |e| {
                for_each_node(e, &mut |node| {
                    if let ExprKind::Local(id) | ExprKind::Element { local: id, .. } = node.kind
                        && Some(id) != own
                    {
                        needed.insert(id);
                    }
                });
            });
        });
        let mut before = 0;
        for_each_stmt(body, &mut |_| before += 1);
        drop_useless(body, &|stmt| match &stmt.kind {
            StmtKind::Assign { target, .. } => {
                variable(&target.place).is_some_and(|id| !needed.contains(&id))
            }
            _ => false,
        });
        let mut after = 0;
        for_each_stmt(body, &mut |_| after += 1);
        if after == before {
            return;
        }
    }
}

/// Takes out the author's assertions, and what is empty then.
pub(super) fn strip(body: &mut Block) {
    let mut asserts = false;
    for_each_stmt(body, &mut |stmt| asserts |= matches!(stmt.kind, StmtKind::Assert { .. }));
    if asserts {
        drop_useless(body, &|stmt| matches!(stmt.kind, StmtKind::Assert { .. }));
    }
}

fn variable(place: &Place) -> Option<LocalId> {
    match place {
        Place::Local(id) | Place::Element { local: id, .. } => Some(*id),
        _ => None,
    }
}

fn drop_useless(block: &mut Block, useless: &impl Fn(&Stmt) -> bool) {
    block.retain_mut(|stmt| {
        if useless(stmt) {
            return false;
        }
        let mut inner = stmt.kind.blocks_mut();
        if inner.is_empty() {
            return true;
        }
        inner.iter_mut().for_each(|block| drop_useless(block, useless));
        let empty = inner.iter().all(|block| block.is_empty());
        turn_round(&mut stmt.kind);
        // A loop without statements ends at once or never.
        !empty
    });
}
