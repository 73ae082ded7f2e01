//! Lowering of one process: its kind from its decorator, its body from its source.

use std::collections::{HashMap, HashSet};

use oxc_index::IndexVec;
use pyhdl_diag::{Diagnostic, Diagnostics, FileId};
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::{Body, Role};
use crate::function::{doc, is_string, unassigned};
use crate::lowering::Lowering;
use crate::scan::scan;
use crate::sensitivity::{Access, access};
use crate::value::{Lower, Refusal, const_type};
use crate::{Binding, ElabProcess, ElabProcessKind, ElabTrigger, codes};

pub(crate) struct LoweredProcess {
    pub process: Process,
    /// Why the body stays in Python.
    pub refusal: Option<Refusal>,
    /// The body has a meaning in hardware, but a simulation has to run the Python.
    pub in_python: bool,
    pub diagnostics: Diagnostics,
}

pub(crate) fn lower_process(low: &mut Lowering, scope: ScopeId, elab: &ElabProcess) -> LoweredProcess {
    let function = &elab.function;
    let span = low.line_span(function.file.as_deref(), function.line);
    let mut diagnostics = Diagnostics::new();
    let source = source(low, elab);
    let found = match &source {
        Ok((_, def)) => access(low.elab, function, &def.body),
        Err(_) => Access::default(),
    };
    let kind = kind(low, elab, &found);
    let mut process = Process {
        name: function.name.clone(),
        scope,
        kind,
        locals: IndexVec::new(),
        body: Block::new(),
        foreign: None,
        doc: None,
        span,
    };
    if let (ElabProcessKind::Combinational, Ok(_), true) = (&elab.kind, &source, found.reads.is_empty()) {
        diagnostics.push(
            Diagnostic::warning(
                codes::NO_SENSITIVITY,
                format!("`{}` reads no signal and runs only once", function.name),
            )
            .at(span, "@always_comb without inputs")
            .help("give the signals their values at creation, or read a signal"),
        );
    }
    let lowered = source.and_then(|(file, def)| {
        process.doc = doc(&def.body);
        if let Some(never) = never_yields(low, file, &def, &elab.kind) {
            diagnostics.push(never);
        }
        diagnostics.extend(named_as_signals(low, scope, file, &def));
        body(low, scope, file, &def, elab)
    });
    let mut in_python = false;
    let refusal = match lowered {
        Ok((locals, block, python)) => {
            in_python = python;
            process.locals = locals;
            process.body = block;
            widen_targets(low, &mut process);
            None
        }
        Err(refusal) => {
            process.foreign = Some(refusal.message.clone());
            Some(refusal)
        }
    };
    LoweredProcess { process, refusal, in_python, diagnostics }
}

fn source(low: &mut Lowering, elab: &ElabProcess) -> Lower<(FileId, std::rc::Rc<ast::StmtFunctionDef>)> {
    let function = &elab.function;
    let Some(path) = &function.file else {
        return Err(Box::new(
            Diagnostic::error(
                codes::NO_SOURCE,
                format!("the source of `{}` is not in a file", function.name),
            )
            .help("hardware is read from source files: save the design in a file and import it"),
        ));
    };
    let file = low.sources.file(path, low.table)?;
    let def = low.sources.function(file, function.line, &function.name, low.table)?;
    Ok((file, def))
}

fn kind(low: &Lowering, elab: &ElabProcess, found: &Access) -> ProcessKind {
    let nowhere = pyhdl_diag::Span::new(FileId::from_usize(0), 0, 0);
    match &elab.kind {
        ElabProcessKind::Instance => ProcessKind::Thread,
        ElabProcessKind::Combinational => {
            ProcessKind::Combinational { sensitivity: found.reads.iter().copied().collect() }
        }
        ElabProcessKind::Always(triggers) => ProcessKind::Triggered {
            triggers: triggers
                .iter()
                .map(|t| match t {
                    ElabTrigger::Change(s) => Trigger::Change(SignalId::from_usize(*s)),
                    ElabTrigger::Rising(s) => Trigger::Rising(SignalId::from_usize(*s)),
                    ElabTrigger::Falling(s) => Trigger::Falling(SignalId::from_usize(*s)),
                    ElabTrigger::Delay(steps) => {
                        let value = num_bigint::BigInt::from(*steps);
                        let ty = const_type(&value);
                        Trigger::Delay(Expr { kind: ExprKind::Const(value), ty, span: nowhere })
                    }
                })
                .collect(),
        },
        ElabProcessKind::Sequential { clock, rising, reset } => ProcessKind::Sequential {
            clock: SignalId::from_usize(*clock),
            rising: *rising,
            reset: reset.map(|index| Reset {
                signal: SignalId::from_usize(index),
                polarity: low.elab.signals[index]
                    .reset
                    .unwrap_or(ResetPolarity { active_high: true, asynchronous: false }),
                targets: found.drives.iter().copied().collect(),
            }),
        },
    }
}

fn body(
    low: &mut Lowering,
    scope: ScopeId,
    file: FileId,
    def: &ast::StmtFunctionDef,
    elab: &ElabProcess,
) -> Lower<(IndexVec<LocalId, Local>, Block, bool)> {
    let role = if matches!(elab.kind, ElabProcessKind::Instance) { Role::Thread } else { Role::Process };
    let statements = match def.body.first() {
        Some(ast::Stmt::Expr(s)) if is_string(&s.value) => &def.body[1..],
        _ => &def.body[..],
    };
    let low_span = low.design.scopes[scope].span;
    let mut widened = HashMap::new();
    loop {
        let mut body = Body {
            low: &mut *low,
            scope,
            file,
            role,
            bindings: &elab.function.bindings,
            statics: HashMap::new(),
            scan: scan(&def.body),
            locals: IndexVec::new(),
            names: HashMap::new(),
            lists: HashMap::new(),
            widened: std::mem::take(&mut widened),
            ended: HashSet::new(),
            inner: HashMap::new(),
            early: Block::new(),
            drawn: HashMap::new(),
            loops: 0,
            left: Vec::new(),
            unrolled: 0,
            again: false,
            returns: None,
            in_python: false,
            depth: 0,
        };
        body.keep_variables(elab.host, low_span)?;
        let mut block = body.block(statements)?;
        if body.again {
            widened = body.widened;
            continue;
        }
        let in_python = body.in_python;
        let mut locals = body.locals;
        let ranges = crate::ranges::infer(&low.design, &mut locals, &mut block, 0, role);
        if let Some((name, at)) = ranges.unassigned {
            return Err(unassigned(low, &name, at));
        }
        return Ok((locals, block, in_python));
    }
}

/// Signals that a lowered body drives through functions belong to the reset as well; signals that functions read
/// belong to the sensitivity.
fn widen_targets(low: &Lowering, process: &mut Process) {
    match &process.kind {
        ProcessKind::Sequential { reset: Some(_), .. } => {
            let drives = low.design.drives(process);
            if let ProcessKind::Sequential { reset: Some(reset), .. } = &mut process.kind {
                reset.targets.extend(drives);
                reset.targets.sort_unstable();
                reset.targets.dedup();
            }
        }
        ProcessKind::Combinational { .. } => {
            let reads = low.design.reads(process);
            if let ProcessKind::Combinational { sensitivity } = &mut process.kind {
                sensitivity.extend(reads.into_iter().filter(|s| !low.design.signals[*s].constant));
                sensitivity.sort_unstable();
                sensitivity.dedup();
            }
        }
        _ => {}
    }
}

/// Assignments to a name that is a signal's outside the process: in Python they make a local variable.
fn named_as_signals(low: &Lowering, scope: ScopeId, file: FileId, def: &ast::StmtFunctionDef) -> Diagnostics {
    let names = &low.elab.scopes[scope.index()].names;
    let mut found: Vec<(String, Diagnostic)> = Vec::new();
    crate::scan::for_each_stmt(&def.body, &mut |stmt| {
        let targets = match stmt {
            ast::Stmt::Assign(s) => s.targets.as_slice(),
            ast::Stmt::AugAssign(s) => std::slice::from_ref(&*s.target),
            _ => return,
        };
        for target in targets {
            let ast::Expr::Name(name) = target else { continue };
            let name = name.id.as_str();
            if !matches!(names.get(name), Some(Binding::Signal(_))) || found.iter().any(|(n, _)| n == name) {
                continue;
            }
            let message = format!("`{name}` is a local variable here, not the signal of that name");
            let diagnostic = Diagnostic::warning(codes::LOCAL_NAMED_AS_SIGNAL, message)
                .at(pyhdl_syntax::span(file, target), "assigned here")
                .help(format!("to drive the signal, write `{name}.next = …`; else use another name"));
            found.push((name.to_owned(), diagnostic));
        }
    });
    found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// An `@instance` whose endless loop has no `yield` would never give the simulation a turn.
fn never_yields(
    low: &Lowering,
    file: FileId,
    def: &ast::StmtFunctionDef,
    kind: &ElabProcessKind,
) -> Option<Diagnostic> {
    if !matches!(kind, ElabProcessKind::Instance) {
        return None;
    }
    let mut endless = None;
    crate::scan::for_each_stmt(&def.body, &mut |stmt| {
        if let ast::Stmt::While(s) = stmt
            && matches!(&*s.test, ast::Expr::Constant(c) if matches!(&c.value, ast::Constant::Bool(true)) || matches!(&c.value, ast::Constant::Int(i) if *i != num_bigint::BigInt::ZERO))
        {
            let mut leaves = scan(&s.body).yields;
            crate::scan::for_each_stmt(&s.body, &mut |inner| {
                leaves |= matches!(inner, ast::Stmt::Break(_) | ast::Stmt::Return(_) | ast::Stmt::Raise(_));
                // A call may raise.
                crate::scan::for_each_expr(inner, &mut |e| leaves |= matches!(e, ast::Expr::Call(_)));
            });
            if !leaves && endless.is_none() {
                endless = Some(pyhdl_syntax::span(file, &*s.test));
            }
        }
    });
    let at = endless?;
    let _ = low;
    Some(
        Diagnostic::error(
            codes::NEVER_YIELDS,
            format!("`{}` never yields: simulated time would stand still", def.name),
        )
        .at(at, "this loop runs for ever without a `yield`")
        .help("wait in the loop: `yield delay(10)` or `yield clk.posedge`"),
    )
}
