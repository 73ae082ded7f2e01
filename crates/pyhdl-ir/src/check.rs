//! Design rules: what a design must keep to before it can become hardware, and what is legal but surely not meant.

use std::collections::{BTreeSet, HashSet};

use petgraph::graph::{DiGraph, NodeIndex};
use pyhdl_diag::{Diagnostic, Diagnostics, Span};

use crate::{Design, Process, ProcessId, ProcessKind, SignalId, StorageType, Trigger, Uses, Visible, codes};

impl Design {
    /// Errors and warnings of the whole design, errors first; each kind in the order of signals or processes.
    pub fn check(&self) -> Diagnostics {
        let uses: Vec<Uses> = self.processes.iter().map(|p| self.uses(p)).collect();
        let mut found = Diagnostics::new();
        self.check_drivers(&uses, &mut found);
        self.check_widths(&uses, &mut found);
        self.check_loops(&uses, &mut found);
        self.check_clocks(&uses, &mut found);
        self.check_use(&uses, &mut found);
        self.check_parameters(&mut found);
        self.check_bodies(&mut found);
        self.check_block_ram(&mut found);
        found.sort_by_key(|d| !d.is_error());
        found
    }

    /// Where a signal is driven first: the assignment, or the process that drives it by its reset alone.
    pub fn driver(&self, signal: SignalId) -> Option<Span> {
        let mut processes = self.processes.iter_enumerated();
        let (process, _) = processes.find(|(_, p)| self.drives(p).contains(&signal))?;
        Some(self.driver_span(process, signal))
    }

    fn driver_span(&self, process: ProcessId, signal: SignalId) -> Span {
        let mut span = None;
        crate::for_each_stmt(&self.processes[process].body, &mut |stmt| {
            if let crate::StmtKind::Assign { target, .. } = &stmt.kind {
                let here = match &target.place {
                    crate::Place::Signal(s) => *s == signal,
                    crate::Place::Memory { memory, .. } => self.memories[*memory].elements.contains(&signal),
                    crate::Place::Local(_) | crate::Place::Element { .. } => false,
                };
                if here && span.is_none() {
                    span = Some(target.span);
                }
            }
        });
        span.unwrap_or(self.processes[process].span)
    }

    fn check_drivers(&self, uses: &[Uses], found: &mut Diagnostics) {
        let mut driver: Vec<Option<ProcessId>> = vec![None; self.signals.len()];
        let mut reported: HashSet<(ProcessId, ProcessId)> = HashSet::new();
        for (index, uses) in uses.iter().enumerate() {
            let process = ProcessId::from_usize(index);
            let changes_nothing = self.is_initialisation(process);
            for &signal in &uses.drives {
                if self.signals[signal].constant {
                    found.push(
                        Diagnostic::error(
                            codes::CONSTANT_DRIVEN,
                            format!("the constant `{}` is driven", self.signals[signal].name),
                        )
                        .at(self.driver_span(process, signal), "driven here")
                        .help("use a Signal for what changes"),
                    );
                }
                if self.signals[signal].floating || changes_nothing {
                    continue;
                }
                match driver[signal.index()] {
                    None => driver[signal.index()] = Some(process),
                    // One report for two processes is enough, however many signals they share.
                    Some(first) if reported.insert((first, process)) => found.push(
                        Diagnostic::error(
                            codes::MULTIPLE_DRIVERS,
                            format!("the signal `{}` has two drivers", self.signals[signal].name),
                        )
                        .at(
                            self.driver_span(process, signal),
                            format!("`{}` drives it", self.processes[process].name),
                        )
                        .at(
                            self.driver_span(first, signal),
                            format!("`{}` drives it as well", self.processes[first].name),
                        )
                        .help("drive it in one process, or give each process a signal of its own"),
                    ),
                    Some(_) => {}
                }
            }
        }
    }

    fn check_widths(&self, uses: &[Uses], found: &mut Diagnostics) {
        let mut seen = HashSet::new();
        for (index, uses) in uses.iter().enumerate() {
            let process = ProcessId::from_usize(index);
            for &signal in uses.drives.iter().chain(&uses.reads) {
                let what = match self.signals[signal].ty {
                    StorageType::Int(_) => "has no width",
                    StorageType::Opaque => "holds a Python object",
                    _ => continue,
                };
                if seen.insert(signal) {
                    found.push(
                        Diagnostic::error(
                            codes::UNSIZED,
                            format!("the signal `{}` {what}", self.signals[signal].name),
                        )
                        .at(self.driver_span(process, signal), "used here")
                        .help("give it one where it is made: Signal(intbv(0)[8:]), or Signal(bool(0))"),
                    );
                }
            }
        }
    }

    /// Processes that depend on each other's outputs without a clock between them.
    fn check_loops(&self, uses: &[Uses], found: &mut Diagnostics) {
        let is_comb = |p: ProcessId| {
            matches!(
                self.processes[p].kind,
                ProcessKind::Combinational { .. } | ProcessKind::Continuous { .. }
            )
        };
        let mut graph: DiGraph<ProcessId, ()> = DiGraph::new();
        let mut driver: Vec<Option<NodeIndex>> = vec![None; self.signals.len()];
        let mut nodes = Vec::new();
        for (index, uses) in uses.iter().enumerate() {
            let process = ProcessId::from_usize(index);
            if is_comb(process) {
                let node = graph.add_node(process);
                nodes.push((node, index));
                for s in &uses.drives {
                    driver[s.index()] = Some(node);
                }
            }
        }
        for (node, index) in nodes {
            let sources: BTreeSet<NodeIndex> =
                uses[index].reads.iter().filter_map(|s| driver[s.index()]).filter(|d| *d != node).collect();
            for source in sources {
                graph.add_edge(source, node, ());
            }
        }
        for cycle in petgraph::algo::tarjan_scc(&graph) {
            if cycle.len() < 2 {
                continue;
            }
            let mut members: Vec<ProcessId> = cycle.iter().map(|n| graph[*n]).collect();
            members.sort_unstable();
            let names: Vec<String> =
                members.iter().take(6).map(|p| format!("`{}`", self.processes[*p].name)).collect();
            let mut diagnostic = Diagnostic::warning(
                codes::COMBINATIONAL_LOOP,
                format!("combinational logic depends on its own output through {}", names.join(", ")),
            );
            for process in members.iter().take(6) {
                let inside = |s: &&SignalId| {
                    members.iter().any(|m| m != process && uses[m.index()].drives.contains(s))
                };
                let reads = uses[process.index()].reads.iter().find(inside);
                let text = match reads {
                    Some(s) => format!("reads `{}` from the loop", self.signals[*s].name),
                    None => "part of the loop".to_owned(),
                };
                diagnostic = diagnostic.at(self.processes[*process].span, text);
            }
            found.push(diagnostic.help(
                "put a register (@always_seq) into the loop; if the processes touch different bits only, split the signal",
            ));
        }
    }

    /// Processes at clocks that combinational logic makes, if they read what another clock changes.
    fn check_clocks(&self, uses: &[Uses], found: &mut Diagnostics) {
        let clocks: Vec<Vec<SignalId>> = self.processes.iter().map(clocks).collect();
        let mut maker: Vec<Option<ProcessId>> = vec![None; self.signals.len()];
        let mut register: Vec<Option<ProcessId>> = vec![None; self.signals.len()];
        for (process, uses) in self.processes.indices().zip(uses) {
            let kind = &self.processes[process].kind;
            let combinational =
                matches!(kind, ProcessKind::Combinational { .. } | ProcessKind::Continuous { .. });
            for signal in &uses.drives {
                if combinational {
                    maker[signal.index()] = Some(process);
                } else if !clocks[process.index()].is_empty() {
                    register[signal.index()] = Some(process);
                }
            }
        }
        for (process, uses) in self.processes.indices().zip(uses) {
            for clock in &clocks[process.index()] {
                let Some(made) = maker[clock.index()] else { continue };
                let races = uses.reads.iter().find_map(|signal| {
                    let by = register[signal.index()]?;
                    (!clocks[by.index()].contains(clock)).then_some(signal)
                });
                let Some(signal) = races else { continue };
                let (clock_name, name) = (&self.signals[*clock].name, &self.signals[*signal].name);
                found.push(
                    Diagnostic::warning(
                        codes::DERIVED_CLOCK,
                        format!("the clock `{clock_name}` comes from logic, and races with `{name}`"),
                    )
                    .at(self.processes[process].span, format!("reads `{name}`, which another clock changes"))
                    .at(self.driver_span(made, *clock), "the clock is made here")
                    .help("use one clock and an enable: `if en:` in the process"),
                );
                break;
            }
        }
    }

    fn check_use(&self, uses: &[Uses], found: &mut Diagnostics) {
        let mut read = vec![false; self.signals.len()];
        let mut driven = vec![false; self.signals.len()];
        for uses in uses {
            uses.reads.iter().for_each(|s| read[s.index()] = true);
            uses.drives.iter().for_each(|s| driven[s.index()] = true);
        }
        let Some(top) = self.scopes.first() else { return };
        let ports: HashSet<SignalId> = top.ports.iter().map(|p| p.signal).collect();
        for port in &top.ports {
            if !read[port.signal.index()] && !driven[port.signal.index()] {
                found.push(
                    Diagnostic::warning(codes::UNUSED_PORT, format!("the port `{}` is not used", port.name))
                        .at(top.span, "in this block")
                        .help("use it, or remove it from the parameters"),
                );
            }
        }
        // Elements of a memory are used through the memory.
        let elements: HashSet<SignalId> =
            self.memories.iter().flat_map(|m| m.elements.iter().copied()).collect();
        let mut named: HashSet<SignalId> = HashSet::new();
        for (scope, names) in self.scopes.iter_enumerated().map(|(id, scope)| (id, &scope.names)) {
            named.extend(names.iter().filter_map(|(_, visible)| match visible {
                Visible::Signal(signal) if self.signals[*signal].home == scope => Some(*signal),
                _ => None,
            }));
        }
        for (id, signal) in self.signals.iter_enumerated() {
            if ports.contains(&id) || signal.constant || elements.contains(&id) {
                continue;
            }
            let home = &self.scopes[signal.home];
            if !named.contains(&id) {
                continue;
            }
            if read[id.index()] && !driven[id.index()] {
                found.push(
                    Diagnostic::warning(
                        codes::UNDRIVEN,
                        format!("the signal `{}` is read and never driven", self.signal_path(id)),
                    )
                    .at(home.span, "in this block")
                    .help("drive it; if it is a constant, use a number"),
                );
            } else if driven[id.index()] && !read[id.index()] {
                found.push(
                    Diagnostic::warning(
                        codes::UNREAD,
                        format!("the signal `{}` is driven and never read", self.signal_path(id)),
                    )
                    .at(home.span, "in this block")
                    .help("remove it, or make it a port"),
                );
            }
        }
    }
}

/// The signals for whose edges a process waits, but not those that reset it.
fn clocks(process: &Process) -> Vec<SignalId> {
    match &process.kind {
        ProcessKind::Sequential { clock, .. } => vec![*clock],
        ProcessKind::Triggered { triggers } => triggers
            .iter()
            .filter_map(|trigger| match trigger {
                Trigger::Rising(signal) | Trigger::Falling(signal) => Some(*signal),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
