//! What calls do besides giving a value.

use std::collections::HashSet;

use pyhdl_ir::{Block, Design, Expr, ExprKind, FunctionId, StmtKind, for_each_node, for_each_stmt};

/// The functions that run a statement of some kind, themselves or in what they call.
pub(crate) fn functions_with(design: &Design, kind: impl Fn(&StmtKind) -> bool) -> HashSet<FunctionId> {
    let mut found = HashSet::new();
    // Functions call those before them only, but not every design says so: again until nothing is added.
    loop {
        let before = found.len();
        for (id, function) in design.functions.iter_enumerated() {
            let mut has = called_in(&function.body).iter().any(|called| found.contains(called));
            for_each_stmt(&function.body, &mut |stmt| has |= kind(&stmt.kind));
            if has {
                found.insert(id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

pub(crate) fn called_in(body: &Block) -> Vec<FunctionId> {
    let mut found = Vec::new();
    for_each_stmt(body, &mut |stmt| {
        if let StmtKind::Call { function, .. } = &stmt.kind {
            found.push(*function);
        }
        stmt.kind.for_each_expr(&mut |e| for_each_call(e, &mut |function| found.push(function)));
    });
    found
}

pub(crate) fn for_each_call(e: &Expr, f: &mut impl FnMut(FunctionId)) {
    for_each_node(e, &mut |node| {
        if let ExprKind::Call { function, .. } = &node.kind {
            f(*function);
        }
    });
}
