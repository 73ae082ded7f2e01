//! Which memories are arrays in the output: those whose elements nobody uses one by one, and that only one scope
//! uses. The elements of the others are separate signals, and an index chooses among them.

use std::collections::HashSet;

use pyhdl_ir::{
    Design, Direction, ExprKind, MemoryId, Place, ProcessKind, SignalId, StmtKind, for_each_node,
    for_each_stmt, trigger_signal,
};

/// The memories that are arrays, and their elements.
#[derive(Clone, Default, Debug)]
pub(crate) struct Arrays {
    pub memories: HashSet<MemoryId>,
    pub elements: HashSet<SignalId>,
}

pub(crate) fn arrays(design: &Design) -> Arrays {
    let mut single: HashSet<SignalId> = HashSet::new();
    let bodies = design.processes.iter().map(|p| &p.body).chain(design.functions.iter().map(|f| &f.body));
    for body in bodies {
        for_each_stmt(body, &mut |stmt| {
            match &stmt.kind {
                StmtKind::Assign { target, .. } => {
                    if let Place::Signal(id) = target.place {
                        single.insert(id);
                    }
                }
                StmtKind::Wait(triggers) => single.extend(triggers.iter().filter_map(trigger_signal)),
                _ => {}
            }
            stmt.kind.for_each_expr(&mut |e| {
                for_each_node(e, &mut |node| {
                    if let ExprKind::Signal(id) = node.kind {
                        single.insert(id);
                    }
                });
            });
        });
    }
    for process in &design.processes {
        match &process.kind {
            ProcessKind::Triggered { triggers } => single.extend(triggers.iter().filter_map(trigger_signal)),
            ProcessKind::Sequential { clock, reset, .. } => {
                single.insert(*clock);
                single.extend(reset.iter().map(|r| r.signal));
            }
            _ => {}
        }
    }
    for scope in &design.scopes {
        single.extend(scope.ports.iter().map(|p| p.signal));
    }
    // An element of two memories must be a signal of its own.
    let mut owners: HashSet<SignalId> = HashSet::new();
    for memory in &design.memories {
        for element in &memory.elements {
            if !owners.insert(*element) {
                single.insert(*element);
            }
        }
    }
    let mut found = Arrays::default();
    for (id, memory) in design.memories.iter_enumerated() {
        if memory.elements.iter().all(|e| !single.contains(e)) {
            found.memories.insert(id);
            found.elements.extend(&memory.elements);
        }
    }
    found
}

/// Whether a signal is driven inside the scope whose port it is.
pub(crate) fn is_output(direction: Direction) -> bool {
    direction == Direction::Out
}
