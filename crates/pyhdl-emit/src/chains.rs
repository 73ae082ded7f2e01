//! Chains of `if x == A: … elif x == B: … else: …` become one choice by the value of `x`: `case`, which says that the
//! conditions exclude each other, and which synthesis tools know state machines by.

use std::collections::{HashMap, HashSet};

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::{
    Block, CompareOp, Design, Expr, ExprKind, LogicOp, MatchArm, Stmt, StmtKind, Type, for_each_stmt_mut,
};

/// Where the values of an arm are in the Python, by where the arm is.
pub(crate) type Labels = HashMap<Span, Vec<Span>>;

/// Rewrites every chain of a design.
pub(crate) fn into_cases(design: &mut Design) -> Labels {
    let mut labels = Labels::new();
    let bodies = design.processes.iter_mut().map(|process| &mut process.body);
    for body in bodies.chain(design.functions.iter_mut().map(|function| &mut function.body)) {
        rewrite(body, &mut labels);
    }
    labels
}

fn rewrite(body: &mut Block, labels: &mut Labels) {
    // A statement comes before those inside it, and what it becomes has the same blocks.
    for_each_stmt_mut(body, &mut |stmt| {
        if let StmtKind::If { arms, otherwise } = &mut stmt.kind
            && let Some(subject) = subject(arms)
        {
            take_in(&subject, arms, otherwise);
            if arms.len() > 1 {
                stmt.kind = choice(subject, std::mem::take(arms), std::mem::take(otherwise), labels);
            }
        }
    });
}

/// Makes the `if` that is all of an `else` further arms, if it goes on with the chain.
fn take_in(chain: &Expr, arms: &mut Vec<(Expr, Block)>, otherwise: &mut Block) {
    while let [Stmt { kind: StmtKind::If { arms: more, .. }, .. }] = otherwise.as_slice()
        && subject(more).is_some_and(|subject| subject.kind == chain.kind)
        && let Some(Stmt { kind: StmtKind::If { arms: more, otherwise: rest }, .. }) = otherwise.pop()
    {
        arms.extend(more);
        *otherwise = rest;
    }
}

/// What all conditions of a chain compare with constants.
fn subject(arms: &[(Expr, Block)]) -> Option<Expr> {
    let mut subject: Option<&Expr> = None;
    for (condition, _) in arms {
        let compared = compared(condition, &mut Vec::new())?;
        // Each is known to be none of the values before it, and so of another type.
        if subject.get_or_insert(compared).kind != compared.kind {
            return None;
        }
    }
    subject.cloned()
}

/// The signal or variable that a condition compares, and the values that it may have: `x == 1`, `x == 1 or x == 2`.
fn compared<'e>(condition: &'e Expr, values: &mut Vec<(BigInt, Span)>) -> Option<&'e Expr> {
    match &condition.kind {
        ExprKind::Compare(CompareOp::Eq, a, b) => {
            let (subject, value) = match (value(a), value(b)) {
                (None, Some(value)) => (&**a, (value, b.span)),
                (Some(value), None) => (&**b, (value, a.span)),
                _ => return None,
            };
            let plain = matches!(subject.kind, ExprKind::Signal(_) | ExprKind::Local(_));
            let several = matches!(subject.ty, Type::Int(_) | Type::Enum(_));
            values.push(value);
            (plain && several).then_some(subject)
        }
        ExprKind::Logic(LogicOp::Or, a, b) => {
            let subject = compared(a, values)?;
            (subject.kind == compared(b, values)?.kind).then_some(subject)
        }
        _ => None,
    }
}

fn value(e: &Expr) -> Option<BigInt> {
    match &e.kind {
        ExprKind::Const(value) => Some(value.clone()),
        ExprKind::EnumLiteral(_, literal) => Some(BigInt::from(*literal)),
        _ => None,
    }
}

fn choice(subject: Expr, arms: Vec<(Expr, Block)>, otherwise: Block, labels: &mut Labels) -> StmtKind {
    let mut taken: HashSet<BigInt> = HashSet::new();
    let arms = arms
        .into_iter()
        .filter_map(|(condition, body)| {
            let mut patterns = Vec::new();
            compared(&condition, &mut patterns);
            patterns.retain(|(pattern, _)| taken.insert(pattern.clone()));
            let (patterns, places): (Vec<BigInt>, Vec<Span>) = patterns.into_iter().unzip();
            labels.insert(condition.span, places);
            // The arms before take all its values.
            (!patterns.is_empty()).then_some(MatchArm { patterns, guard: None, body, span: condition.span })
        })
        .collect();
    StmtKind::Match { subject, arms, otherwise }
}
