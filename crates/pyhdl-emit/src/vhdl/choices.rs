//! Choices among calls, of which VHDL would make both.
//!
//! A choice inside an expression is a function of both its arms in VHDL. Most arms only have a value; a call may also
//! print, fail or not come to an end. Where such a choice is all that is assigned or returned it becomes an `if`.

use std::collections::HashSet;

use pyhdl_diag::{Diagnostic, Diagnostics};
use pyhdl_ir::{
    Block, Design, Expr, ExprKind, Function, FunctionId, Stmt, StmtKind, for_each_node, for_each_stmt,
};

use crate::codes;
use crate::effects::{called_in, for_each_call, functions_with};

/// Makes choices among calls with effects statements, and returns the functions that may run for nothing. Fails where
/// such a choice is part of an expression.
pub(super) fn make_lazy(design: &mut Design) -> Result<HashSet<FunctionId>, Diagnostics> {
    let effectful = effectful(design);
    let bodies = |design: &mut Design, f: &mut dyn FnMut(&mut Block)| {
        design.processes.iter_mut().for_each(|process| f(&mut process.body));
        design.functions.iter_mut().for_each(|function| f(&mut function.body));
    };
    if !effectful.is_empty() {
        bodies(design, &mut |body| branch(body, &effectful));
    }
    let mut speculative = HashSet::new();
    let mut problems = Vec::new();
    bodies(design, &mut |body| {
        for_each_stmt(body, &mut |stmt| {
            stmt.kind.for_each_expr(&mut |e| {
                for_each_node(e, &mut |node| {
                    let ExprKind::Select { then, otherwise, .. } = &node.kind else { return };
                    let mut call = |function| {
                        if effectful.contains(&function) {
                            problems.push((node.span, function));
                        }
                        speculative.insert(function);
                    };
                    for_each_call(then, &mut call);
                    for_each_call(otherwise, &mut call);
                });
            });
        });
    });
    if !problems.is_empty() {
        return Err(problems.into_iter().map(|(span, id)| both_calls(&design.functions[id], span)).collect());
    }
    let mut new: Vec<FunctionId> = speculative.iter().copied().collect();
    while let Some(function) = new.pop() {
        for called in called_in(&design.functions[function].body) {
            if speculative.insert(called) {
                new.push(called);
            }
        }
    }
    Ok(speculative)
}

fn both_calls(function: &Function, span: pyhdl_diag::Span) -> Diagnostic {
    Diagnostic::error(
        codes::STATEMENT,
        format!(
            "VHDL evaluates both sides of this choice, and `{}` does more than return a value",
            function.name
        ),
    )
    .at(span, "chosen inside an expression")
    .help("give the choice a variable of its own first: `chosen = f(a) if c else 0`")
}

/// The functions that do more than return a value, or may not return.
fn effectful(design: &Design) -> HashSet<FunctionId> {
    functions_with(design, |kind| {
        matches!(
            kind,
            StmtKind::While { .. }
                | StmtKind::Print(_)
                | StmtKind::Assert { .. }
                | StmtKind::Raise { .. }
                | StmtKind::Draw { .. }
        )
    })
}

fn branch(block: &mut Block, effectful: &HashSet<FunctionId>) {
    for stmt in block {
        branch_stmt(stmt, effectful);
        stmt.kind.blocks_mut().into_iter().for_each(|inner| branch(inner, effectful));
    }
}

/// A choice that is assigned or returned becomes two statements, of which one runs.
fn branch_stmt(stmt: &mut Stmt, effectful: &HashSet<FunctionId>) {
    let chosen = match &stmt.kind {
        StmtKind::Assign { value, .. } | StmtKind::Return(Some(value)) => value,
        _ => return,
    };
    let mut effects = false;
    for_each_call(chosen, &mut |function| effects |= effectful.contains(&function));
    let ExprKind::Select { condition, then, otherwise } = &chosen.kind else { return };
    if !effects {
        return;
    }
    let with = |arm: &Expr| {
        let mut kind = stmt.kind.clone();
        if let StmtKind::Assign { value, .. } | StmtKind::Return(Some(value)) = &mut kind {
            *value = arm.clone();
        }
        vec![Stmt { kind, span: stmt.span }]
    };
    let arms = vec![((**condition).clone(), with(then))];
    stmt.kind = StmtKind::If { arms, otherwise: with(otherwise) };
}
