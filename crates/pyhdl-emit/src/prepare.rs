//! Rewrites a design into what both languages can say: memories that are no arrays become choices among their
//! elements, guarded matches become `if` chains, an endless `while` with a wait becomes a triggered process, and an
//! early return becomes the other branch where it can.
//!
//! Simulation never sees this; emission starts with a copy.

use std::collections::HashSet;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{Diagnostic, Diagnostics, SourceTable, Span};
use pyhdl_ir::{
    BinaryOp, Block, CompareOp, Design, Expr, ExprKind, Local, LocalId, LogicOp, MatchArm, Place, Process,
    ProcessId, ProcessKind, Range, ScopeId, SignalId, Stmt, StmtKind, StorageType, Target, Trigger, Type,
    UnaryOp, for_each_node, for_each_stmt, for_each_stmt_mut, trigger_signal,
};

use crate::Language;
use crate::chains::Labels;
use crate::codes;
use crate::counters::iterations;
use crate::storage::Arrays;

/// What is printed.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub design: Design,
    /// The processes that run when everything has settled: they only check.
    pub settled: HashSet<ProcessId>,
    /// Where the values of the arms of choices are in the Python.
    pub labels: Labels,
    /// What each signal was called in Python, where that is no longer its name.
    pub paths: Vec<String>,
}

/// The design to print, with checks if they are wanted. Fails where a process has no form in hardware; one that waits
/// in the middle has one only where `waits` are wanted.
pub(crate) fn prepare(
    design: &Design,
    arrays: &Arrays,
    waits: bool,
    checks: Option<(Language, &SourceTable)>,
) -> Result<Prepared, Diagnostics> {
    let mut design = design.clone();
    crate::from_the_end::count_from_the_start(&mut design);
    let mut problems = Vec::new();
    for process in &mut design.processes {
        if let Some(reason) = &process.foreign {
            problems.push(foreign(process, reason));
        } else if let Err(problem) = normalise_kind(process) {
            if waits {
                into_thread(process);
            } else {
                problems.push(*problem);
            }
        }
    }
    let settled = match checks {
        Some((language, sources)) => crate::checks::insert(&mut design, language, sources),
        None => HashSet::new(),
    };
    let memories = std::mem::take(&mut design.memories);
    let elements: Vec<&[SignalId]> = memories.iter().map(|m| m.elements.as_slice()).collect();
    let signals = &design.signals;
    let value_type = |signal: SignalId| signals[signal].ty.value_type();
    let rewriter = |scope: ScopeId| Rewriter { scope, arrays, elements: &elements, value_type: &value_type };
    for process in &mut design.processes {
        rewriter(process.scope).block(&mut process.body);
        drop_returns(&mut process.body, true);
    }
    for function in &mut design.functions {
        rewriter(function.scope).block(&mut function.body);
        if function.returns.is_none() {
            drop_returns(&mut function.body, true);
        }
    }
    design.memories = memories;
    let labels = crate::chains::into_cases(&mut design);
    if problems.is_empty() {
        Ok(Prepared { design, settled, labels, paths: Vec::new() })
    } else {
        Err(problems)
    }
}

/// No hardware has what Python draws at random.
pub(crate) fn random(span: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(codes::STATEMENT, "a number at random has no hardware meaning")
            .at(span, "drawn here")
            .help("emit the block that holds the hardware: --top NAME"),
    )
}

fn foreign(process: &Process, reason: &str) -> Diagnostic {
    Diagnostic::error(codes::FOREIGN, format!("`{}` stays in Python: {reason}", process.name))
        .at(process.span, "this process has no hardware meaning")
        .help("emit the block that holds the hardware: --top NAME")
}

/// An `@instance` that waits for edges in an endless loop is the same as `@always`.
fn normalise_kind(process: &mut Process) -> Result<(), Box<Diagnostic>> {
    if let ProcessKind::Triggered { triggers } = &process.kind
        && triggers.iter().any(|t| matches!(t, Trigger::Delay(_)))
    {
        return Err(thread(process, process.span));
    }
    if process.kind != ProcessKind::Thread {
        return Ok(());
    }
    let (before, last) = match process.body.split_last() {
        Some((Stmt { kind: StmtKind::While { condition, body }, .. }, before)) if is_true(condition) => {
            (before, body)
        }
        _ => return Err(thread(process, first_wait(process))),
    };
    let Some(kept) = initial_values(&process.locals, before) else {
        return Err(thread(process, first_wait(process)));
    };
    let looped = last;
    let mut rest = looped.iter().filter(|s| !matches!(s.kind, StmtKind::Comment(_))).cloned();
    let triggers = match rest.next() {
        Some(Stmt { kind: StmtKind::Wait(triggers), .. })
            if !triggers.is_empty() && triggers.iter().all(|t| trigger_signal(t).is_some()) =>
        {
            triggers
        }
        _ => return Err(thread(process, first_wait(process))),
    };
    let body: Block = rest.collect();
    let mut waits = false;
    for_each_stmt(&body, &mut |s| waits |= matches!(s.kind, StmtKind::Wait(_)));
    let mut leaves = false;
    leaves_loop(&body, &mut leaves);
    if waits || leaves {
        return Err(thread(process, first_wait(process)));
    }
    process.kind = ProcessKind::Triggered { triggers };
    process.body = body;
    keep(process, &kept);
    // Going round again is the end of an activation.
    continue_is_return(&mut process.body);
    Ok(())
}

/// The values that variables get before a process's endless loop, where nothing else happens there.
fn initial_values(locals: &IndexVec<LocalId, Local>, before: &[Stmt]) -> Option<Vec<(LocalId, BigInt)>> {
    let constant = |e: &Expr| match &e.kind {
        ExprKind::Const(value) => Some(value.clone()),
        ExprKind::EnumLiteral(_, index) => Some((*index).into()),
        // What variables that are set before make of it.
        _ => match &e.ty {
            Type::Int(Range { lo: Some(low), hi: Some(high) }) if low == high => Some(low.clone()),
            _ => None,
        },
    };
    let mut found = Vec::new();
    for stmt in before {
        match &stmt.kind {
            StmtKind::Comment(_) => {}
            StmtKind::Assign { target: Target { place: Place::Local(id), part: None, .. }, value } => {
                found.push((*id, constant(value)?));
            }
            // A list that is filled with one value.
            StmtKind::For { var, start, stop, step, body } => {
                let [Stmt { kind: StmtKind::Assign { target, value }, .. }] = body.as_slice() else {
                    return None;
                };
                let Target { place: Place::Element { local, index }, part: None, .. } = target else {
                    return None;
                };
                let rounds = iterations(start, stop, step)?;
                let whole = locals[*local].length.is_some_and(|length| rounds == u64::from(length));
                if index.kind != ExprKind::Local(*var) || constant(start)? != BigInt::ZERO || !whole {
                    return None;
                }
                found.push((*local, constant(value)?));
            }
            _ => return None,
        }
    }
    Some(found)
}

/// Makes variables of a process keep their values. They come first among its variables.
fn keep(process: &mut Process, values: &[(LocalId, BigInt)]) {
    for (id, value) in values {
        process.locals[*id].init = Some(value.clone());
    }
    let mut order: Vec<LocalId> = process.locals.indices().collect();
    order.sort_by_key(|id| process.locals[*id].init.is_none());
    reorder(&mut process.locals, &mut process.body, &order);
}

/// Puts the variables of a body into another order.
pub(crate) fn reorder(locals: &mut IndexVec<LocalId, Local>, body: &mut Block, order: &[LocalId]) {
    let mut new_ids = vec![LocalId::from_usize(0); order.len()];
    for (position, id) in order.iter().enumerate() {
        new_ids[id.index()] = LocalId::from_usize(position);
    }
    *locals = order.iter().map(|id| locals[*id].clone()).collect();
    for_each_stmt_mut(body, &mut |stmt| {
        match &mut stmt.kind {
            StmtKind::Assign { target, .. } => match &mut target.place {
                Place::Local(id) | Place::Element { local: id, .. } => *id = new_ids[id.index()],
                _ => {}
            },
            StmtKind::For { var, .. } => *var = new_ids[var.index()],
            StmtKind::Draw { target, .. } => *target = new_ids[target.index()],
            _ => {}
        }
        stmt.kind.for_each_expr_mut(&mut |e| rename_locals(e, &new_ids));
    });
}

fn rename_locals(e: &mut Expr, new_ids: &[LocalId]) {
    if let ExprKind::Local(id) | ExprKind::Element { local: id, .. } = &mut e.kind {
        *id = new_ids[id.index()];
    }
    e.kind.for_each_operand_mut(&mut |operand| rename_locals(operand, new_ids));
}

/// A process that waits for time is one that waits in an endless loop.
fn into_thread(process: &mut Process) {
    let ProcessKind::Triggered { triggers } = std::mem::replace(&mut process.kind, ProcessKind::Thread)
    else {
        return;
    };
    let span = process.span;
    let mut body = std::mem::take(&mut process.body);
    return_is_continue(&mut body);
    body.insert(0, Stmt { kind: StmtKind::Wait(triggers), span });
    let condition = Expr { kind: ExprKind::Const(1.into()), ty: Type::Bool, span };
    process.body = vec![Stmt { kind: StmtKind::While { condition, body }, span }];
}

/// Outside of inner loops; those keep their `return`, and leave the process's own loop through it.
fn return_is_continue(block: &mut Block) {
    for stmt in block {
        match &mut stmt.kind {
            kind @ StmtKind::Return(_) => *kind = StmtKind::Continue,
            StmtKind::For { .. } | StmtKind::While { .. } => {}
            other => other.blocks_mut().into_iter().for_each(return_is_continue),
        }
    }
}

/// Whether a loop's condition always holds.
pub(crate) fn is_true(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Const(v) if *v != BigInt::ZERO)
        || matches!(&e.kind, ExprKind::Truth(inner) if is_true(inner))
}

fn first_wait(process: &Process) -> Span {
    let mut found = None;
    for_each_stmt(&process.body, &mut |s| {
        if matches!(s.kind, StmtKind::Wait(_)) && found.is_none() {
            found = Some(s.span);
        }
    });
    found.unwrap_or(process.span)
}

/// Whether a `break` or a `return` of this loop's level is in the block.
fn leaves_loop(block: &Block, found: &mut bool) {
    for stmt in block {
        match &stmt.kind {
            StmtKind::Break | StmtKind::Return(_) => *found = true,
            StmtKind::For { body, .. } | StmtKind::While { body, .. } => {
                for_each_stmt(body, &mut |s| *found |= matches!(s.kind, StmtKind::Return(_)));
            }
            other => other.blocks().into_iter().for_each(|b| leaves_loop(b, found)),
        }
    }
}

fn continue_is_return(block: &mut Block) {
    for stmt in block {
        match &mut stmt.kind {
            kind @ StmtKind::Continue => *kind = StmtKind::Return(None),
            StmtKind::For { .. } | StmtKind::While { .. } => {}
            other => other.blocks_mut().into_iter().for_each(continue_is_return),
        }
    }
}

fn thread(process: &Process, span: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(codes::THREAD, format!("`{}` waits in the middle: hardware has no such process", process.name))
            .at(span, "waits here")
            .help("hardware reacts to edges: use @always_seq, @always(clk.posedge) or a state machine; emit the block without its test bench with --top NAME"),
    )
}

/// Variables of combinational logic that only some branches assign get a value first: otherwise hardware would have
/// to remember them.
pub(crate) fn give_defaults(process: &mut Process) {
    let combinational = match &process.kind {
        ProcessKind::Combinational { .. } | ProcessKind::Continuous { .. } => true,
        ProcessKind::Triggered { triggers } => crate::plan::edges(triggers).is_none(),
        _ => false,
    };
    if !combinational {
        return;
    }
    let counters = crate::counters::counters(&process.body);
    let kept = process.locals.iter_enumerated().filter(|(_, local)| local.init.is_some());
    let mut seen: HashSet<LocalId> = kept.map(|(id, _)| id).collect();
    let mut defaults = Vec::new();
    for stmt in &process.body {
        let mut mentioned = Vec::new();
        stmt_locals(stmt, &mut mentioned);
        for block in stmt.kind.blocks() {
            for_each_stmt(block, &mut |inner| stmt_locals(inner, &mut mentioned));
        }
        let whole = match &stmt.kind {
            StmtKind::Assign { target: Target { place: Place::Local(id), part: None, .. }, value } => {
                let mut reads = false;
                for_each_node(value, &mut |node| reads |= node.kind == ExprKind::Local(*id));
                (!reads).then_some(*id)
            }
            _ => None,
        };
        for local in mentioned {
            if seen.insert(local) && whole != Some(local) && !counters.contains(&local) {
                defaults.push((local, stmt.span));
            }
        }
    }
    let locals = &process.locals;
    let assignments = defaults.into_iter().map(|(local, span)| {
        let target = Target { place: Place::Local(local), part: None, span };
        Stmt { kind: StmtKind::Assign { target, value: default_value(&locals[local].ty, span) }, span }
    });
    process.body.splice(0..0, assignments.collect::<Vec<_>>());
}

/// The locals that a statement itself mentions, without those of the statements inside it.
fn stmt_locals(stmt: &Stmt, found: &mut Vec<LocalId>) {
    match &stmt.kind {
        StmtKind::Assign { target: Target { place: Place::Local(id), .. }, .. } => found.push(*id),
        StmtKind::For { var, .. } | StmtKind::Draw { target: var, .. } => found.push(*var),
        _ => {}
    }
    stmt.kind.for_each_expr(&mut |e| {
        for_each_node(e, &mut |node| {
            if let ExprKind::Local(id) = node.kind {
                found.push(id);
            }
        });
    });
}

fn default_value(ty: &StorageType, span: Span) -> Expr {
    match ty.value_type() {
        Type::Enum(id) => Expr { kind: ExprKind::EnumLiteral(id, 0), ty: Type::Enum(id), span },
        Type::Bool => Expr { kind: ExprKind::Const(BigInt::ZERO), ty: Type::Bool, span },
        Type::Int(range) => {
            // Zero, or the value nearest to it.
            let zero = BigInt::ZERO;
            let value = match (range.lo, range.hi) {
                (Some(lo), _) if lo > zero => lo,
                (_, Some(hi)) if hi < zero => hi,
                _ => zero,
            };
            constant(value, span)
        }
    }
}

/// Drops what a `return` at the end of an activation does not do, and puts what follows an `if` that returns into
/// its other branch.
fn drop_returns(block: &mut Block, at_end: bool) {
    if at_end && matches!(block.last(), Some(Stmt { kind: StmtKind::Return(None), .. })) {
        block.pop();
    }
    if at_end {
        let returning = block.iter().position(|s| match &s.kind {
            StmtKind::If { arms, .. } => arms.iter().any(|(_, body)| ends_in_return(body)),
            _ => false,
        });
        if let Some(position) = returning
            && position + 1 < block.len()
            && let StmtKind::If { arms, otherwise } = &block[position].kind
            && arms.iter().all(|(_, body)| ends_in_return(body))
            && otherwise.is_empty()
        {
            let rest = block.split_off(position + 1);
            if let StmtKind::If { otherwise, .. } = &mut block[position].kind {
                *otherwise = rest;
            }
        }
    }
    let last = block.len().saturating_sub(1);
    for (i, stmt) in block.iter_mut().enumerate() {
        if matches!(stmt.kind, StmtKind::If { .. } | StmtKind::Match { .. }) {
            for inner in stmt.kind.blocks_mut() {
                drop_returns(inner, at_end && i == last);
            }
            turn_round(&mut stmt.kind);
        }
    }
}

/// `if c: nothing; else: rest` is `if not c: rest`.
pub(crate) fn turn_round(kind: &mut StmtKind) {
    let StmtKind::If { arms, otherwise } = kind else { return };
    if let [(condition, body)] = &mut arms[..]
        && body.is_empty()
        && !otherwise.is_empty()
    {
        let boolean = |kind, span| Expr { kind, ty: Type::Bool, span };
        let span = condition.span;
        let truth = match condition.ty {
            Type::Bool => condition.clone(),
            _ => boolean(ExprKind::Truth(Box::new(condition.clone())), span),
        };
        *condition = boolean(ExprKind::Unary(UnaryOp::Not, Box::new(truth)), span);
        *body = std::mem::take(otherwise);
    }
}

fn ends_in_return(block: &Block) -> bool {
    matches!(block.last(), Some(Stmt { kind: StmtKind::Return(None), .. }))
}

struct Rewriter<'a> {
    /// Where the statements are.
    scope: ScopeId,
    arrays: &'a Arrays,
    /// Of the memories.
    elements: &'a [&'a [SignalId]],
    value_type: &'a dyn Fn(SignalId) -> Type,
}

impl Rewriter<'_> {
    fn block(&self, block: &mut Block) {
        block.retain(|stmt| match &stmt.kind {
            // A loop without rounds does nothing, and tools complain about its variable.
            StmtKind::For { start, stop, step, .. } => iterations(start, stop, step) != Some(0),
            _ => true,
        });
        for stmt in block.iter_mut() {
            stmt.kind.for_each_expr_mut(&mut |e| self.expr(e));
            self.stmt(stmt);
            for inner in stmt.kind.blocks_mut() {
                self.block(inner);
            }
        }
    }

    fn stmt(&self, stmt: &mut Stmt) {
        let span = stmt.span;
        match &mut stmt.kind {
            StmtKind::Assign { target, value } => {
                if let Place::Signal(signal) = target.place
                    && let Some((memory, position)) = self.arrays.element(self.scope, signal)
                {
                    target.place = Place::Memory { memory, index: constant(position.into(), target.span) };
                }
                if let Place::Memory { memory, index } = &target.place
                    && !self.arrays.contains(self.scope, *memory)
                {
                    stmt.kind = self.choose_target(*memory, index, target, value, span);
                }
            }
            StmtKind::Match { subject, arms, otherwise } if arms.iter().any(|arm| arm.guard.is_some()) => {
                let arms = std::mem::take(arms).into_iter().map(|arm| if_arm(subject, arm)).collect();
                stmt.kind = StmtKind::If { arms, otherwise: std::mem::take(otherwise) };
            }
            _ => {}
        }
    }

    /// An assignment to one of several signals.
    fn choose_target(
        &self,
        memory: pyhdl_ir::MemoryId,
        index: &Expr,
        target: &Target,
        value: &Expr,
        span: Span,
    ) -> StmtKind {
        let assign = |signal: SignalId| StmtKind::Assign {
            target: Target { place: Place::Signal(signal), ..target.clone() },
            value: value.clone(),
        };
        let elements = self.elements[memory.index()];
        let range = index.ty.range().unwrap_or(Range::all());
        let possible: Vec<(usize, &SignalId)> =
            elements.iter().enumerate().filter(|(i, _)| range.contains(&BigInt::from(*i))).collect();
        match possible.as_slice() {
            [] => StmtKind::Comment("no element has this index".to_owned()),
            [(_, only)] => assign(**only),
            several => StmtKind::Match {
                subject: index.clone(),
                arms: several
                    .iter()
                    .map(|(i, signal)| MatchArm {
                        patterns: vec![BigInt::from(*i)],
                        guard: None,
                        body: vec![Stmt { kind: assign(**signal), span }],
                        span,
                    })
                    .collect(),
                otherwise: Vec::new(),
            },
        }
    }

    fn expr(&self, e: &mut Expr) {
        e.kind.for_each_operand_mut(&mut |operand| self.expr(operand));
        match &e.kind {
            ExprKind::Signal(signal) => {
                if let Some((memory, position)) = self.arrays.element(self.scope, *signal) {
                    let index = Box::new(constant(position.into(), e.span));
                    e.kind = ExprKind::MemoryRead { memory, index };
                }
            }
            ExprKind::MemoryRead { memory, index } if !self.arrays.contains(self.scope, *memory) => {
                let range = index.ty.range().unwrap_or(Range::all());
                let possible: Vec<(usize, SignalId)> = self.elements[memory.index()]
                    .iter()
                    .copied()
                    .enumerate()
                    .filter(|(i, _)| range.contains(&BigInt::from(*i)))
                    .collect();
                let chosen = self.choice(index, &possible, e);
                *e = chosen;
            }
            _ => {}
        }
    }

    /// The element at an index: a balanced tree of choices, whose depth is the logarithm of their number.
    fn choice(&self, index: &Expr, possible: &[(usize, SignalId)], e: &Expr) -> Expr {
        let read = |signal: SignalId| Expr {
            kind: ExprKind::Signal(signal),
            ty: (self.value_type)(signal),
            span: e.span,
        };
        match possible {
            [] => Expr { kind: ExprKind::Const(BigInt::ZERO), ty: e.ty.clone(), span: e.span },
            [(_, only)] => read(*only),
            several => {
                let (low, high) = several.split_at(several.len() / 2);
                let (op, bound) = match low {
                    [(only, _)] if several.len() == 2 => (CompareOp::Eq, *only),
                    _ => (CompareOp::Lt, high[0].0),
                };
                let condition = Expr {
                    kind: ExprKind::Compare(
                        op,
                        Box::new(index.clone()),
                        Box::new(constant(bound.into(), e.span)),
                    ),
                    ty: Type::Bool,
                    span: e.span,
                };
                Expr {
                    kind: ExprKind::Select {
                        condition: Box::new(condition),
                        then: Box::new(self.choice(index, low, e)),
                        otherwise: Box::new(self.choice(index, high, e)),
                    },
                    ty: e.ty.clone(),
                    span: e.span,
                }
            }
        }
    }
}

/// The condition and the body of an arm as those of an `if`.
pub(crate) fn if_arm(subject: &Expr, arm: MatchArm) -> (Expr, Block) {
    let span = subject.span;
    let boolean = |kind| Expr { kind, ty: Type::Bool, span };
    let equals = |pattern: &BigInt| {
        let value = match &subject.ty {
            Type::Enum(id) => Expr {
                kind: ExprKind::EnumLiteral(*id, u32::try_from(pattern.clone()).unwrap_or(0)),
                ty: subject.ty.clone(),
                span,
            },
            _ => constant(pattern.clone(), span),
        };
        boolean(ExprKind::Compare(CompareOp::Eq, Box::new(subject.clone()), Box::new(value)))
    };
    let matches = arm
        .patterns
        .iter()
        .map(equals)
        .reduce(|a, b| boolean(ExprKind::Binary(BinaryOp::Or, Box::new(a), Box::new(b))));
    let condition = match (matches, arm.guard) {
        (Some(matches), Some(guard)) => {
            boolean(ExprKind::Logic(LogicOp::And, Box::new(matches), Box::new(guard)))
        }
        (Some(condition), None) | (None, Some(condition)) => condition,
        (None, None) => boolean(ExprKind::Const(BigInt::ZERO)),
    };
    (condition, arm.body)
}

fn constant(value: BigInt, span: Span) -> Expr {
    Expr { kind: ExprKind::Const(value.clone()), ty: Type::Int(Range::exactly(value)), span }
}
