//! Combinational processes that read what they drive before it has its value. Where no signal depends on itself, each
//! gets a process of its own with the statements that matter to it. Otherwise what is assigned is collected in variables
//! and given to the signals once, at the end: were a signal to get two values in one run, each run would start the
//! next one for ever.

use std::collections::HashMap;

use pyhdl_ir::{
    Block, Design, Expr, ExprKind, Item, Local, LocalId, Place, Process, ProcessId, ProcessKind, SignalId,
    Stmt, StmtKind, Target, for_each_stmt, for_each_stmt_mut,
};

use crate::own_reads::{always_assigned, reads_too_early};
use crate::plan::{assignments, edges, touches_signals};

pub(super) fn settle(design: &mut Design) {
    for id in design.processes.indices() {
        let process = &design.processes[id];
        let combinational = match &process.kind {
            ProcessKind::Combinational { .. } => true,
            ProcessKind::Triggered { triggers } => edges(triggers).is_none(),
            _ => false,
        };
        let mut tasks = false;
        for_each_stmt(&process.body, &mut |stmt| {
            if let StmtKind::Call { function, .. } = &stmt.kind {
                tasks |= touches_signals(design, &design.functions[*function]);
            }
        });
        if !combinational
            || tasks
            || !reads_too_early(design, process)
            || assignments(design, process).is_some()
        {
            continue;
        }
        match split(design, process) {
            Some(parts) => replace(design, id, parts),
            None => collect(design, id),
        }
    }
}

/// One process for each signal that a process drives; `None` where one of them would still read itself too early.
fn split(design: &Design, process: &Process) -> Option<Vec<Process>> {
    if !matches!(process.kind, ProcessKind::Combinational { .. }) {
        return None;
    }
    let mut driven = Vec::new();
    let mut simple = true;
    for_each_stmt(&process.body, &mut |stmt| match &stmt.kind {
        StmtKind::Assign { target, .. } => match target.place {
            Place::Signal(signal) if !driven.contains(&signal) => driven.push(signal),
            Place::Memory { .. } => simple = false,
            _ => {}
        },
        StmtKind::Print(_) | StmtKind::Assert { .. } | StmtKind::Raise { .. } | StmtKind::Draw { .. } => {
            simple = false;
        }
        _ => {}
    });
    if !simple || driven.len() < 2 {
        return None;
    }
    let parts: Vec<Process> = driven.iter().map(|signal| part(design, process, *signal)).collect();
    parts.iter().all(|part| !reads_too_early(design, part)).then_some(parts)
}

/// The statements of a process that matter to one of the signals that it drives.
fn part(design: &Design, process: &Process, signal: SignalId) -> Process {
    let mut part = process.clone();
    keep(&mut part.body, signal);
    part.name = format!("{}_{}", process.name, design.signals[signal].name);
    let reads = design.body_uses(&part.body).reads;
    part.kind = ProcessKind::Combinational { sensitivity: reads.into_iter().collect() };
    part
}

fn keep(body: &mut Block, signal: SignalId) {
    body.retain_mut(|stmt| {
        if let StmtKind::Assign { target, .. } = &stmt.kind {
            return !matches!(target.place, Place::Signal(other) if other != signal);
        }
        let had = stmt.kind.blocks().iter().any(|inner| !inner.is_empty());
        stmt.kind.blocks_mut().into_iter().for_each(|inner| keep(inner, signal));
        // A condition of nothing is no use; a loop may still count.
        let loops = matches!(stmt.kind, StmtKind::For { .. } | StmtKind::While { .. });
        !had || loops || stmt.kind.blocks().iter().any(|inner| !inner.is_empty())
    });
}

/// Puts processes in the place of one.
fn replace(design: &mut Design, id: ProcessId, parts: Vec<Process>) {
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else { return };
    let doc = first.doc.clone();
    let scope = first.scope;
    design.processes[id] = first;
    let added: Vec<Item> = parts
        .map(|part| {
            let doc = part.doc.clone().filter(|text| Some(text) != doc.as_ref());
            Item::Process(design.processes.push(Process { doc, ..part }))
        })
        .collect();
    let items = &mut design.scopes[scope].items;
    if let Some(place) = items.iter().position(|item| *item == Item::Process(id)) {
        items.splice(place + 1..place + 1, added);
    }
}

fn collect(design: &mut Design, id: ProcessId) {
    let assigned = always_assigned(design, &design.processes[id]);
    let process = &mut design.processes[id];
    let mut variables: HashMap<SignalId, LocalId> = HashMap::new();
    let mut before = Vec::new();
    let mut after = Vec::new();
    let (signals, locals, span) = (&design.signals, &mut process.locals, process.span);
    let assign = |place: Place, value: ExprKind, signal: SignalId| {
        let ty = signals[signal].ty.value_type();
        let target = Target { place, part: None, span };
        Stmt { kind: StmtKind::Assign { target, value: Expr { kind: value, ty, span } }, span }
    };
    for_each_stmt_mut(&mut process.body, &mut |stmt| {
        let StmtKind::Assign { target, .. } = &mut stmt.kind else { return };
        let Place::Signal(signal) = target.place else { return };
        let variable = *variables.entry(signal).or_insert_with(|| {
            let of = &signals[signal];
            let variable = locals.push(Local::new(format!("{}_next", of.name), of.ty.clone()));
            if !assigned.contains(&signal) {
                before.push(assign(Place::Local(variable), ExprKind::Signal(signal), signal));
            }
            after.push(assign(Place::Signal(signal), ExprKind::Local(variable), signal));
            variable
        });
        target.place = Place::Local(variable);
    });
    process.body.splice(0..0, before);
    process.body.extend(after);
}
