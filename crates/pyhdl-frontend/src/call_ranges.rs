//! Ranges across calls. A function is lowered where it is first called, before anything is known about the caller's
//! local variables; once all bodies are there, its parameters get the ranges that its calls pass, its result follows,
//! and so do its callers. Every step starts from ranges that hold and only narrows them, so it can stop anywhere.

use std::collections::{BTreeMap, BTreeSet};

use oxc_index::IndexVec;
use pyhdl_ir::*;

use crate::body::Role;
use crate::ranges::infer;

/// Rounds through all callers: as many levels of calls get exact ranges at least.
const ROUNDS: usize = 8;

/// The ranges that each function's parameters have where it starts. What it assigns to them is not in it.
pub(crate) type Starts = IndexVec<FunctionId, Vec<Range>>;

/// Narrows parameters, results and callers of all functions.
pub(crate) fn refine(design: &mut Design, mut starts: Starts) {
    if design.functions.is_empty() {
        return;
    }
    let mut callers = BTreeMap::new();
    for (id, process) in design.processes.iter_enumerated() {
        insert_called(&mut callers, Caller::Process(id), &process.body);
    }
    for (id, function) in design.functions.iter_enumerated() {
        insert_called(&mut callers, Caller::Function(id), &function.body);
    }
    for _ in 0..ROUNDS {
        let passed = passed(design, callers.keys());
        let mut changed = BTreeSet::new();
        // A function comes behind those that it calls.
        for id in design.functions.indices() {
            let narrowed = narrow_params(&mut starts[id], passed.get(&id));
            let follows = callers
                .get(&Caller::Function(id))
                .is_some_and(|called| called.iter().any(|f| changed.contains(f)));
            if narrowed || follows {
                infer_function(design, id, &starts[id]);
                changed.insert(id);
            }
        }
        let mut any = !changed.is_empty();
        for (caller, called) in &callers {
            if let Caller::Process(id) = caller
                && called.iter().any(|f| changed.contains(f))
            {
                infer_process(design, *id);
                any = true;
            }
        }
        if !any {
            return;
        }
    }
}

/// A body that calls functions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Caller {
    Process(ProcessId),
    Function(FunctionId),
}

fn insert_called(callers: &mut BTreeMap<Caller, BTreeSet<FunctionId>>, caller: Caller, body: &Block) {
    let mut called = BTreeSet::new();
    for_each_call(body, &mut |function, _| {
        called.insert(function);
    });
    if !called.is_empty() {
        callers.insert(caller, called);
    }
}

fn for_each_call(body: &Block, f: &mut impl FnMut(FunctionId, &[Expr])) {
    for_each_stmt(body, &mut |stmt| {
        if let StmtKind::Call { function, args } = &stmt.kind {
            f(*function, args);
        }
        stmt.kind.for_each_expr(&mut |e| {
            for_each_node(e, &mut |node| {
                if let ExprKind::Call { function, args } = &node.kind {
                    f(*function, args);
                }
            });
        });
    });
}

/// For each function the union of what is passed for each parameter.
fn passed<'c>(
    design: &Design,
    callers: impl Iterator<Item = &'c Caller>,
) -> BTreeMap<FunctionId, Vec<Option<Range>>> {
    let mut all: BTreeMap<FunctionId, Vec<Option<Range>>> = BTreeMap::new();
    for caller in callers {
        let body = match caller {
            Caller::Process(id) => &design.processes[*id].body,
            Caller::Function(id) => &design.functions[*id].body,
        };
        for_each_call(body, &mut |function, args| {
            let ranges = args.iter().map(|arg| arg.ty.range());
            match all.get_mut(&function) {
                None => {
                    all.insert(function, ranges.collect());
                }
                Some(union) => {
                    for (union, range) in union.iter_mut().zip(ranges) {
                        *union = union.take().zip(range).map(|(a, b)| a.union(&b));
                    }
                }
            }
        });
    }
    all
}

/// Whether a parameter's range became smaller.
fn narrow_params(starts: &mut [Range], passed: Option<&Vec<Option<Range>>>) -> bool {
    let mut narrowed = false;
    for (old, range) in starts.iter_mut().zip(passed.into_iter().flatten()) {
        if let Some(range) = range
            && let Some(new) = old.intersect(range)
            && new != *old
        {
            *old = new;
            narrowed = true;
        }
    }
    narrowed
}

fn infer_function(design: &mut Design, id: FunctionId, starts: &[Range]) {
    let function = &mut design.functions[id];
    start_with(&mut function.locals, starts);
    let (mut locals, mut body) = (std::mem::take(&mut function.locals), std::mem::take(&mut function.body));
    let params = function.params as usize;
    let inferred = infer(design, &mut locals, &mut body, params, Role::Function);
    let function = &mut design.functions[id];
    (function.locals, function.body) = (locals, body);
    if function.returns.is_some() && inferred.returned.is_some() {
        function.returns = inferred.returned;
    }
}

/// Gives the parameters that are integers the ranges that they start with.
pub(crate) fn start_with(locals: &mut IndexVec<LocalId, Local>, starts: &[Range]) {
    for (local, start) in locals.iter_mut().zip(starts) {
        if let StorageType::Int(range) = &mut local.ty {
            range.clone_from(start);
        }
    }
}

fn infer_process(design: &mut Design, id: ProcessId) {
    let process = &mut design.processes[id];
    let role = if matches!(process.kind, ProcessKind::Thread) { Role::Thread } else { Role::Process };
    let (mut locals, mut body): (IndexVec<LocalId, Local>, Block) =
        (std::mem::take(&mut process.locals), std::mem::take(&mut process.body));
    infer(design, &mut locals, &mut body, 0, role);
    let process = &mut design.processes[id];
    (process.locals, process.body) = (locals, body);
}
