//! What must not run a second time for a check: calls of functions that print or raise.

use std::collections::HashSet;

use pyhdl_ir::{Block, Design, Expr, ExprKind, FunctionId, StmtKind, for_each_node, for_each_stmt};

use crate::effects::{called_in, for_each_call, functions_with};

pub(super) struct Once {
    speaking: HashSet<FunctionId>,
    /// Those that VHDL cannot choose among inside an expression.
    endless: HashSet<FunctionId>,
    /// The functions that need a speaking one for what they compute: no copy of them can be made.
    pub functions: HashSet<FunctionId>,
}

impl Once {
    pub fn new(design: &Design) -> Once {
        let speaks = |kind: &StmtKind| matches!(kind, StmtKind::Print(_) | StmtKind::Raise { .. });
        let speaking = functions_with(design, speaks);
        let endless = functions_with(design, |kind| matches!(kind, StmtKind::While { .. }));
        let functions = functions_with(design, |kind| computes_with(kind, &speaking));
        Once { speaking, endless, functions }
    }

    /// Whether no copy can be made of a process.
    pub fn body(&self, body: &Block) -> bool {
        let mut found = called_in(body).iter().any(|function| self.functions.contains(function));
        for_each_stmt(body, &mut |stmt| found |= computes_with(&stmt.kind, &self.speaking));
        found
    }

    /// Whether no check can contain an expression.
    pub fn expr(&self, e: &Expr) -> bool {
        let mut found = calls(e, &self.speaking);
        for_each_node(e, &mut |node| {
            if let ExprKind::Select { then, otherwise, .. } = &node.kind {
                found |= calls(then, &self.endless) || calls(otherwise, &self.endless);
            }
        });
        found
    }
}

fn computes_with(kind: &StmtKind, functions: &HashSet<FunctionId>) -> bool {
    let mut found = false;
    kind.for_each_expr(&mut |e| found |= calls(e, functions));
    found
}

fn calls(e: &Expr, functions: &HashSet<FunctionId>) -> bool {
    let mut found = false;
    for_each_call(e, &mut |function| found |= functions.contains(&function));
    found
}
