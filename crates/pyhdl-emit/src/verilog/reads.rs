//! Memory reads of combinational processes as continuous assignments of their own.
//!
//! Verilog's `always @*` does not look into arrays: tools wake the process for every word, or warn. A read whose
//! position depends on signals only moves out into a wire; the rest wakes for every word by name.

use std::collections::BTreeSet;

use pyhdl_ir::{
    Block, Design, Expr, ExprKind, Item, LocalId, Place, Process, ProcessId, ProcessKind, Signal, SignalId,
    Stmt, StmtKind, Target, for_each_node, for_each_stmt, for_each_stmt_mut,
};

use crate::own_reads::reads_too_early;
use crate::plan::{assignments, edges};
use crate::storage::Arrays;

pub(super) fn move_out(design: &mut Design, arrays: &Arrays) {
    if arrays.is_empty() {
        return;
    }
    let mut added: Vec<(ProcessId, Vec<ProcessId>)> = Vec::new();
    for id in design.processes.indices() {
        let process = &design.processes[id];
        let combinational = match &process.kind {
            ProcessKind::Continuous { .. } | ProcessKind::Combinational { .. } => true,
            ProcessKind::Triggered { triggers } => edges(triggers).is_none(),
            _ => false,
        };
        if combinational && assignments(design, process).is_none() && !reads_too_early(design, process) {
            let new = move_out_of(design, id);
            if !new.is_empty() {
                added.push((id, new));
            }
        }
    }
    for (id, new) in added {
        let items = &mut design.scopes[design.processes[id].scope].items;
        if let Some(place) = items.iter().position(|item| *item == Item::Process(id)) {
            items.splice(place..place, new.into_iter().map(Item::Process));
        }
    }
}

fn move_out_of(design: &mut Design, id: ProcessId) -> Vec<ProcessId> {
    let mut body = std::mem::take(&mut design.processes[id].body);
    let mut reads: Vec<(Expr, SignalId)> = Vec::new();
    let mut signals = Vec::new();
    for_each_stmt_mut(&mut body, &mut |stmt| {
        stmt.kind.for_each_expr_mut(&mut |e| replace(e, design, id, &mut reads, &mut signals));
    });
    design.processes[id].body = body;
    let mut new = Vec::new();
    for (read, signal) in reads {
        new.push(design.processes.push(assignment(design, id, signal, read)));
    }
    let ProcessKind::Combinational { sensitivity } = &mut design.processes[id].kind else { return new };
    sensitivity.extend(signals);
    new
}

fn replace(
    e: &mut Expr,
    design: &mut Design,
    process: ProcessId,
    reads: &mut Vec<(Expr, SignalId)>,
    signals: &mut Vec<SignalId>,
) {
    e.kind.for_each_operand_mut(&mut |operand| replace(operand, design, process, reads, signals));
    let ExprKind::MemoryRead { memory, index } = &e.kind else { return };
    let mut fixed = true;
    for_each_node(index, &mut |node| {
        fixed &= !matches!(node.kind, ExprKind::Local(_) | ExprKind::Call { .. });
    });
    if !fixed {
        return;
    }
    let known = reads.iter().find(|(read, _)| read.is_same(e));
    let signal = match known {
        Some((_, signal)) => *signal,
        None => {
            let of = &design.memories[*memory];
            let element = &design.signals[of.elements[0]];
            let signal = Signal {
                name: format!("{}_read", of.name),
                home: design.processes[process].scope,
                ..element.clone()
            };
            let signal = design.signals.push(signal);
            reads.push((e.clone(), signal));
            signals.push(signal);
            signal
        }
    };
    e.kind = ExprKind::Signal(signal);
}

fn assignment(design: &Design, of: ProcessId, signal: SignalId, value: Expr) -> Process {
    let of = &design.processes[of];
    let span = value.span;
    let target = Target { place: Place::Signal(signal), part: None, span };
    let body: Block = vec![Stmt { kind: StmtKind::Assign { target, value }, span }];
    let sensitivity = design.body_uses(&body).reads.into_iter().collect();
    Process {
        name: design.signals[signal].name.clone(),
        scope: of.scope,
        kind: ProcessKind::Continuous { sensitivity },
        locals: oxc_index::IndexVec::<LocalId, _>::new(),
        body,
        foreign: None,
        doc: None,
        span,
    }
}

/// Whether a body still reads an array.
pub(super) fn remain(body: &Block) -> bool {
    let mut found = BTreeSet::new();
    for_each_stmt(body, &mut |stmt| {
        stmt.kind.for_each_expr(&mut |e| {
            for_each_node(e, &mut |node| {
                if let ExprKind::MemoryRead { memory, .. } = &node.kind {
                    found.insert(*memory);
                }
            });
        });
    });
    !found.is_empty()
}
