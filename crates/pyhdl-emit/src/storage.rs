//! Which memories are arrays in the output: those that live in one module and whose elements have no names of their
//! own. The elements of the others are separate signals, and an index chooses among them.

use std::collections::{HashMap, HashSet};

use pyhdl_ir::{
    Design, MemoryId, ProcessId, ProcessKind, ScopeId, SignalId, StmtKind, Trigger, for_each_stmt,
    trigger_signal,
};

/// The memories that are arrays, and where in them their elements are.
#[derive(Clone, Default, Debug)]
pub(crate) struct Arrays {
    pub memories: HashSet<MemoryId>,
    pub elements: HashMap<SignalId, (MemoryId, u32)>,
}

pub(crate) fn arrays(design: &Design) -> Arrays {
    let mut found = Arrays::default();
    if design.memories.is_empty() {
        return found;
    }
    let separate = separate_signals(design);
    let users = users(design);
    let drivers = drivers(design);
    // An element of two memories is a signal of its own.
    let mut owners: HashMap<SignalId, usize> = HashMap::new();
    for element in design.memories.iter().flat_map(|m| &m.elements) {
        *owners.entry(*element).or_default() += 1;
    }
    for (id, memory) in design.memories.iter_enumerated() {
        let alone = memory.elements.iter().enumerate().all(|(i, e)| {
            !separate.contains(e)
                && owners.get(e) == Some(&1)
                && design.signals[*e].name == format!("{}_{i}", memory.name)
                && design.signals[*e].home == memory.home
                && users.get(e).is_none_or(|scope| *scope == Some(memory.home))
        });
        if alone && drivers.get(&id).is_none_or(|d| *d == Drivers::One) {
            found.memories.insert(id);
            for (i, element) in memory.elements.iter().enumerate() {
                found.elements.insert(*element, (id, i as u32));
            }
        }
    }
    found
}

/// Signals that something needs by themselves: ports, and whatever a process waits for.
fn separate_signals(design: &Design) -> HashSet<SignalId> {
    let mut separate = waited_for(design);
    for scope in &design.scopes {
        separate.extend(scope.ports.iter().map(|p| p.signal));
    }
    separate
}

/// Signals whose changes or edges processes wait for by name.
pub(crate) fn waited_for(design: &Design) -> HashSet<SignalId> {
    let mut separate: HashSet<SignalId> = HashSet::new();
    for process in &design.processes {
        match &process.kind {
            ProcessKind::Triggered { triggers } => {
                separate.extend(triggers.iter().filter_map(trigger_signal));
            }
            ProcessKind::Sequential { clock, reset, .. } => {
                separate.insert(*clock);
                separate.extend(reset.iter().map(|r| r.signal));
            }
            _ => {}
        }
        for_each_stmt(&process.body, &mut |stmt| {
            if let StmtKind::Wait(triggers) = &stmt.kind {
                separate.extend(triggers.iter().filter_map(|t: &Trigger| trigger_signal(t)));
            }
        });
    }
    separate
}

/// The scope whose processes use each signal; `None` where there are several.
fn users(design: &Design) -> HashMap<SignalId, Option<ScopeId>> {
    let mut users: HashMap<SignalId, Option<ScopeId>> = HashMap::new();
    for process in &design.processes {
        let uses = design.uses(process);
        for signal in uses.reads.iter().chain(&uses.drives) {
            users
                .entry(*signal)
                .and_modify(|scope| {
                    if *scope != Some(process.scope) {
                        *scope = None;
                    }
                })
                .or_insert(Some(process.scope));
        }
    }
    users
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Drivers {
    One,
    Several,
}

/// Whether one process drives a memory, or several: an array has one driver.
fn drivers(design: &Design) -> HashMap<MemoryId, Drivers> {
    let mut of_element: HashMap<SignalId, MemoryId> = HashMap::new();
    for (id, memory) in design.memories.iter_enumerated() {
        of_element.extend(memory.elements.iter().map(|e| (*e, id)));
    }
    let mut first: HashMap<MemoryId, ProcessId> = HashMap::new();
    let mut drivers: HashMap<MemoryId, Drivers> = HashMap::new();
    for (id, process) in design.processes.iter_enumerated() {
        for signal in design.drives(process) {
            if let Some(memory) = of_element.get(&signal) {
                let count =
                    if *first.entry(*memory).or_insert(id) == id { Drivers::One } else { Drivers::Several };
                let known = drivers.entry(*memory).or_insert(count);
                if count == Drivers::Several {
                    *known = count;
                }
            }
        }
    }
    drivers
}
