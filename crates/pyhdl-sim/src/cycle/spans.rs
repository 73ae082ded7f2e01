//! [`Spans`]: in which delta cycles of a time step each process may run, and in which updates each cell may change.
//!
//! Delta 0 is what time itself wakes. A process that runs in delta `d` changes signals in update `d + 1`, which wakes
//! others in delta `d + 1`. Where nobody wakes himself, directly or through others, both are bounded.

use oxc_index::IndexVec;
use petgraph::algo::{tarjan_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};
use pyhdl_ir::ProcessId;

use super::cells::{CellId, Cells};
use super::plan::NotPlanned;
use super::roles::{Part, Role, Wake};

/// Delta cycles from `min` to `max`, both included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Span {
    pub min: u32,
    pub max: u32,
}

impl Span {
    pub(crate) fn join(a: Option<Span>, b: Span) -> Option<Span> {
        Some(a.map_or(b, |a| Span { min: a.min.min(b.min), max: a.max.max(b.max) }))
    }

    /// A delta later.
    pub fn next(self) -> Span {
        Span { min: self.min + 1, max: self.max + 1 }
    }

    /// Whether someone who reads in these deltas may see more than one value of what changes in the updates `of`.
    pub fn sees_changes(self, of: Span) -> bool {
        self.min.max(of.min) < (self.max + 1).min(of.max)
    }
}

#[derive(Debug)]
pub(crate) struct Spans {
    /// `None` for what never runs.
    pub runs: IndexVec<ProcessId, Option<Span>>,
    /// In which updates each cell may change.
    pub changes: IndexVec<CellId, Option<Span>>,
    /// The processes, each behind those that wake it.
    pub sequence: Vec<ProcessId>,
}

/// Who drives each cell.
pub(crate) type Drivers = IndexVec<CellId, Vec<ProcessId>>;

impl Spans {
    pub fn new(
        parts: &IndexVec<ProcessId, Part>,
        cells: &Cells,
        drivers: &Drivers,
    ) -> Result<Spans, NotPlanned> {
        let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(parts.len(), parts.len());
        for _ in parts {
            graph.add_node(());
        }
        for (id, part) in parts.iter_enumerated().filter(|(_, part)| part.role != Role::Idle) {
            for signal in part.wakes.iter().filter_map(|wake| wake.signal()) {
                for driver in &drivers[cells.of(signal)] {
                    graph.add_edge(NodeIndex::new(driver.index()), NodeIndex::new(id.index()), ());
                }
            }
        }
        let Ok(sequence) = toposort(&graph, None) else {
            let looped = tarjan_scc(&graph)
                .into_iter()
                .find(|nodes| nodes.len() > 1 || graph.contains_edge(nodes[0], nodes[0]))
                .unwrap_or_default();
            let mut looped: Vec<ProcessId> =
                looped.into_iter().map(|n| ProcessId::from_usize(n.index())).collect();
            looped.sort_unstable();
            return Err(NotPlanned::Loop(looped));
        };
        let sequence: Vec<ProcessId> =
            sequence.into_iter().map(|n| ProcessId::from_usize(n.index())).collect();
        let mut runs: IndexVec<ProcessId, Option<Span>> = parts.iter().map(|_| None).collect();
        let mut changes: IndexVec<CellId, Option<Span>> = cells.all.iter().map(|_| None).collect();
        for &id in &sequence {
            let part = &parts[id];
            if part.role == Role::Idle {
                continue;
            }
            let mut span = part.wakes.contains(&Wake::Time).then_some(Span { min: 0, max: 0 });
            span = part.also.map_or(span, |also| Span::join(span, also));
            for signal in part.wakes.iter().filter_map(|wake| wake.signal()) {
                if let Some(change) = changes[cells.of(signal)] {
                    span = Span::join(span, change);
                }
            }
            runs[id] = span;
            if let Some(span) = span {
                for &cell in &part.drives {
                    changes[cell] = Span::join(changes[cell], span.next());
                }
            }
        }
        Ok(Spans { runs, changes, sequence })
    }
}
