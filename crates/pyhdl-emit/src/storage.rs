//! Which memories are arrays in the output: those that live in one module and whose elements have no names of their
//! own, and, inside of a module, those that are one port of it. The elements of the others are separate signals, and an
//! index chooses among them.

use std::collections::{BTreeMap, HashMap, HashSet};

use pyhdl_ir::{
    Design, Direction, ExprKind, Item, MemoryId, Place, ProcessId, ProcessKind, ScopeId, SignalId, StmtKind,
    Trigger, for_each_node, for_each_stmt, trigger_signal,
};

use crate::bundles::Bundles;

/// The memories that are arrays, and where in them their elements are.
#[derive(Clone, Default, Debug)]
pub(crate) struct Arrays {
    memories: HashSet<MemoryId>,
    elements: HashMap<SignalId, (MemoryId, u32)>,
    /// Memories at ports that processes inside index, with their bundles' places.
    at_ports: BTreeMap<(ScopeId, MemoryId), usize>,
    elements_inside: HashMap<(ScopeId, SignalId), (MemoryId, u32)>,
}

impl Arrays {
    pub fn is_empty(&self) -> bool {
        self.memories.is_empty() && self.at_ports.is_empty()
    }

    /// Whether what is in a scope sees a memory as an array.
    pub fn contains(&self, scope: ScopeId, memory: MemoryId) -> bool {
        self.memories.contains(&memory) || self.at_ports.contains_key(&(scope, memory))
    }

    /// Whether a memory is an array where it lives.
    pub fn is_declared(&self, memory: MemoryId) -> bool {
        self.memories.contains(&memory)
    }

    /// The array that a signal is an element of for what is in a scope, and where in it.
    pub fn element(&self, scope: ScopeId, signal: SignalId) -> Option<(MemoryId, u32)> {
        self.elements.get(&signal).or_else(|| self.elements_inside.get(&(scope, signal))).copied()
    }

    /// The memories that are one port of a scope, with the places of their bundles.
    pub fn at_ports(&self, scope: ScopeId) -> Vec<(MemoryId, usize)> {
        let from = (scope, MemoryId::from_usize(0));
        let of_scope = self.at_ports.range(from..).take_while(|((of, _), _)| *of == scope);
        of_scope.map(|((_, memory), bundle)| (*memory, *bundle)).collect()
    }
}

/// The arrays of a design; those at ports where `bundles` say which lists are ports.
pub(crate) fn arrays(design: &Design, bundles: Option<&Bundles>) -> Arrays {
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
    if let Some(bundles) = bundles.filter(|bundles| !bundles.types().is_empty()) {
        insert_ports(design, bundles, &mut found);
    }
    found
}

/// Inserts the memories that are one port and that something inside indexes. One that is driven has one driver: a
/// process.
fn insert_ports(design: &Design, bundles: &Bundles, found: &mut Arrays) {
    let lists: HashMap<&[SignalId], MemoryId> =
        design.memories.iter_enumerated().map(|(id, memory)| (memory.elements.as_slice(), id)).collect();
    let indexed = indexed(design);
    // How many processes and instances in a scope drive a signal.
    let mut drivers: HashMap<(ScopeId, SignalId), HashSet<Item>> = HashMap::new();
    for (scope, here) in design.scopes.iter_enumerated() {
        for item in &here.items {
            let driven: Vec<SignalId> = match item {
                Item::Process(id) => design.drives(&design.processes[*id]).into_iter().collect(),
                Item::Scope(child) => {
                    let ports = design.scopes[*child].ports.iter();
                    ports.filter(|p| p.direction == Direction::Out).map(|p| p.signal).collect()
                }
            };
            for signal in driven {
                drivers.entry((scope, signal)).or_default().insert(*item);
            }
        }
    }
    for (scope, _) in design.scopes.iter_enumerated() {
        for (index, (bundle, direction)) in bundles.at_ports(scope).iter().enumerate() {
            let Some(memory) = lists.get(bundle.members.as_slice()) else { continue };
            let mut by: HashSet<Item> = HashSet::new();
            for member in &bundle.members {
                by.extend(drivers.get(&(scope, *member)).into_iter().flatten());
            }
            let driven_well = match direction {
                Direction::Out => by.len() == 1 && by.iter().all(|item| matches!(item, Item::Process(_))),
                _ => by.is_empty(),
            };
            let free = |m: &SignalId| found.element(scope, *m).is_none();
            if driven_well && indexed.contains(&(scope, *memory)) && bundle.members.iter().all(free) {
                found.at_ports.insert((scope, *memory), index);
                for (position, member) in bundle.members.iter().enumerate() {
                    found.elements_inside.insert((scope, *member), (*memory, position as u32));
                }
            }
        }
    }
}

/// The memories that processes and functions of a scope choose elements of as they run.
fn indexed(design: &Design) -> HashSet<(ScopeId, MemoryId)> {
    let mut found = HashSet::new();
    let processes = design.processes.iter().map(|p| (p.scope, &p.body));
    for (scope, body) in processes.chain(design.functions.iter().map(|f| (f.scope, &f.body))) {
        for_each_stmt(body, &mut |stmt| {
            if let StmtKind::Assign { target, .. } = &stmt.kind
                && let Place::Memory { memory, .. } = target.place
            {
                found.insert((scope, memory));
            }
            stmt.kind.for_each_expr(&mut |e| {
                for_each_node(e, &mut |node| {
                    if let ExprKind::MemoryRead { memory, .. } = node.kind {
                        found.insert((scope, memory));
                    }
                });
            });
        });
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
