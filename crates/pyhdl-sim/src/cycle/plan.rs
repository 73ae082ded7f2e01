//! [`Plan`]: the sequence of actions of one time step.

use std::collections::HashMap;
use std::sync::Arc;

use oxc_index::IndexVec;
use pyhdl_ir::{Design, ProcessId, Range, SignalId, StorageType};

use super::cells::{CellId, Cells};
use super::copies::copies;
use super::order::{near_readers, sort};
use super::reach::narrowed;
use super::roles::{Part, Role, Wake};
use super::spans::{Drivers, Span, Spans};

/// Deltas after which a process that waits counts as one that wakes itself.
const DEEPEST: u32 = 64;
/// Actions for each process, on average, beyond which nothing is gained.
const ACTIONS: usize = 8;

/// One action of a time step. The step consists of deltas: some processes run, then what they drove is updated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// Those of these processes whose triggers fired run, the one that has waited for the shortest time first. Their
    /// prints and exceptions can be seen, so that their order matters.
    Loud(Vec<ProcessId>),
    /// A process that waits runs if one of its triggers fired in the update before; one that follows runs if anything
    /// that it depends on may have changed in this step.
    Run(ProcessId),
    /// The end of a delta: the next values of these shadowed cells become the current ones, and the triggers of the
    /// next delta are known.
    Update(Vec<CellId>),
}

/// What planning may do. It changes only how fast a run is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct PlanOptions {
    /// Registers change at once where all who read them have run before.
    pub in_place: bool,
    /// Processes that follow run just before those that read what they drive.
    pub near_readers: bool,
    /// Who watches looks at a signal and its copies only once.
    pub copies: bool,
    /// What the processes assign says which values signals can have.
    pub reach: bool,
}

impl Default for PlanOptions {
    fn default() -> Self {
        PlanOptions { in_place: true, near_readers: true, copies: true, reach: true }
    }
}

/// A design in cycle mode.
#[derive(Debug)]
pub struct Plan {
    pub design: Arc<Design>,
    pub cells: Cells,
    pub actions: Vec<Action>,
    pub roles: IndexVec<ProcessId, Role>,
    /// All triggers of a process that waits.
    pub wakes: IndexVec<ProcessId, Vec<Wake>>,
    pub reads: IndexVec<ProcessId, Vec<CellId>>,
    pub drives: IndexVec<ProcessId, Vec<CellId>>,
    /// Processes that wait for the same have the same number; a thread has its own.
    pub groups: IndexVec<ProcessId, u32>,
    /// Of one that follows: the groups that it depends on, a bit for each; the last bit stands for all others.
    pub after: IndexVec<ProcessId, u64>,
    /// Cells with a next value beside the current one.
    pub shadowed: IndexVec<CellId, bool>,
    /// What the process drives can be computed from other values whenever the run may be left.
    pub derivable: IndexVec<ProcessId, bool>,
    /// What a signal is a copy of, whenever the run may be left.
    pub copies: IndexVec<SignalId, Option<SignalId>>,
    /// The plan relies on these signals being within these ranges at its start.
    pub relied: Vec<(SignalId, Range)>,
    /// Cells with a signal that wakes someone who waits.
    pub awaited: IndexVec<CellId, bool>,
    /// The group that drives the cell, where it is one and no process that follows.
    pub driver_group: IndexVec<CellId, Option<u32>>,
}

/// Why there is no plan for a design.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotPlanned {
    /// The process stays in Python.
    Foreign(ProcessId),
    /// A signal that is not a plain number: a tristate bus, an object of Python's.
    Signal(SignalId),
    SeveralDrivers(SignalId),
    /// These processes wake each other without time passing.
    Loop(Vec<ProcessId>),
    /// The order of what these two processes print is not known.
    Order(ProcessId, ProcessId),
    /// Processes would have to run so many times in each step that nothing is gained.
    Deep,
}

impl NotPlanned {
    /// In a sentence without a full stop.
    pub fn text(&self, design: &Design) -> String {
        let process = |id: &ProcessId| {
            let process = &design.processes[*id];
            format!("`{}.{}`", design.path(process.scope), process.name)
        };
        match self {
            NotPlanned::Foreign(id) => format!("process {} runs in Python", process(id)),
            NotPlanned::Signal(id) => {
                format!("signal `{}` is a tristate bus or an object of Python's", design.signal_path(*id))
            }
            NotPlanned::SeveralDrivers(id) => {
                format!("signal `{}` is driven by several processes", design.signal_path(*id))
            }
            NotPlanned::Loop(ids) => {
                let names: Vec<String> = ids.iter().take(4).map(process).collect();
                let more = if ids.len() > 4 { " and others" } else { "" };
                format!("processes wake each other in a circle: {}{more}", names.join(", "))
            }
            NotPlanned::Order(a, b) => format!(
                "processes {} and {} print or check something in the same delta cycle, woken by different signals",
                process(a),
                process(b)
            ),
            NotPlanned::Deep => "too many processes see values that are not settled yet".to_owned(),
        }
    }
}

impl Plan {
    pub fn new(design: Arc<Design>, options: &PlanOptions) -> Result<Plan, NotPlanned> {
        for (id, process) in design.processes.iter_enumerated() {
            if process.foreign.is_some() {
                return Err(NotPlanned::Foreign(id));
            }
        }
        for (id, signal) in design.signals.iter_enumerated() {
            if signal.floating {
                return Err(NotPlanned::Signal(id));
            }
        }
        let cells = Cells::new(&design);
        let narrowed = if options.reach { narrowed(&design, &cells) } else { None };
        let (design, relied) = match narrowed {
            Some((design, relied)) => (Arc::new(design), relied),
            None => (design, Vec::new()),
        };
        let parts: IndexVec<ProcessId, Part> =
            design.processes.indices().map(|id| Part::new(&design, &cells, id)).collect();
        let drivers = drivers(&design, &cells, &parts)?;
        let spans = Spans::new(&parts, &cells, &drivers)?;
        let exact = exact(&parts, &cells, &drivers, &spans)?;
        let groups = groups(&parts, &design);
        let mut plan = Plan {
            actions: Vec::new(),
            roles: parts.iter().map(|p| p.role).collect(),
            wakes: parts.iter().map(|p| p.wakes.clone()).collect(),
            reads: parts.iter().map(|p| p.reads.clone()).collect(),
            drives: parts.iter().map(|p| p.drives.clone()).collect(),
            after: after(&parts, &cells, &drivers, &spans, &groups),
            shadowed: cells.all.iter().map(|_| false).collect(),
            derivable: parts.iter().map(|_| false).collect(),
            awaited: cells.all.iter().map(|_| false).collect(),
            driver_group: drivers
                .iter()
                .map(|ids| {
                    let group = groups[*ids.first()?];
                    (group != 0 && ids.iter().all(|id| groups[*id] == group)).then_some(group)
                })
                .collect(),
            copies: design.signals.iter().map(|_| None).collect(),
            groups,
            cells,
            design,
            relied,
        };
        for part in parts.iter().filter(|part| part.role == Role::Waits) {
            for cell in &part.drives {
                plan.shadowed[*cell] = !options.in_place || part.rereads.binary_search(cell).is_ok();
            }
        }
        plan.schedule(&parts, &spans, &exact, options)?;
        if options.copies {
            plan.copies = copies(&plan.design, &plan.derivable);
        }
        Ok(plan)
    }

    fn schedule(
        &mut self,
        parts: &IndexVec<ProcessId, Part>,
        spans: &Spans,
        exact: &IndexVec<ProcessId, bool>,
        options: &PlanOptions,
    ) -> Result<(), NotPlanned> {
        let mut deltas: Vec<Vec<ProcessId>> = Vec::new();
        let mut last_loud = 0;
        let mut count = 0;
        for &id in &spans.sequence {
            let part = &parts[id];
            let Some(span) = spans.runs[id] else { continue };
            let every = part.role == Role::Waits || exact[id];
            let first = if every { span.min } else { span.max };
            if part.role == Role::Waits {
                for signal in part.wakes.iter().filter_map(|wake| wake.signal()) {
                    self.shadowed[self.cells.of(signal)] = true;
                    self.awaited[self.cells.of(signal)] = true;
                }
                if part.loud {
                    last_loud = last_loud.max(span.max);
                    part.drives.iter().for_each(|cell| self.shadowed[*cell] = true);
                }
            }
            count += (span.max - first + 1) as usize;
            if count > ACTIONS * parts.len() + 64 {
                return Err(NotPlanned::Deep);
            }
            deltas.resize_with(deltas.len().max(span.max as usize + 1), Vec::new);
            for delta in first..=span.max {
                deltas[delta as usize].push(id);
            }
        }
        for (id, part) in parts.iter_enumerated() {
            self.derivable[id] = part.role == Role::Follows
                && !exact[id]
                && spans.runs[id].is_none_or(|span| span.min > last_loud);
        }
        // Which cells are shadowed is known when all deltas are sorted.
        let mut sorted = Vec::new();
        for processes in &deltas {
            let (loud, quiet): (Vec<ProcessId>, Vec<ProcessId>) =
                processes.iter().copied().partition(|id| parts[*id].loud);
            order_is_known(&loud, parts)?;
            sorted.push((loud, sort(&quiet, parts, &self.groups, &mut self.shadowed)));
        }
        for (loud, quiet) in sorted {
            let mut cells: Vec<CellId> = loud
                .iter()
                .chain(&quiet)
                .flat_map(|id| &parts[*id].drives)
                .copied()
                .filter(|cell| self.shadowed[*cell])
                .collect();
            cells.sort_unstable();
            cells.dedup();
            if !loud.is_empty() {
                self.actions.push(Action::Loud(loud));
            }
            self.actions.extend(quiet.into_iter().map(Action::Run));
            self.actions.push(Action::Update(cells));
        }
        if options.near_readers {
            let once = |id: ProcessId| parts[id].role == Role::Follows && !exact[id];
            near_readers(&mut self.actions, parts, &once);
        }
        Ok(())
    }
}

/// Who drives each cell.
fn drivers(design: &Design, cells: &Cells, parts: &IndexVec<ProcessId, Part>) -> Result<Drivers, NotPlanned> {
    let mut of_signal: IndexVec<SignalId, Option<ProcessId>> = design.signals.iter().map(|_| None).collect();
    let mut drivers: Drivers = cells.all.iter().map(|_| Vec::new()).collect();
    for (id, part) in parts.iter_enumerated().filter(|(_, part)| part.role != Role::Idle) {
        for signal in design.drives(&design.processes[id]) {
            if matches!(design.signals[signal].ty, StorageType::Opaque) {
                return Err(NotPlanned::Signal(signal));
            }
            if of_signal[signal].replace(id).is_some() {
                return Err(NotPlanned::SeveralDrivers(signal));
            }
        }
        part.drives.iter().for_each(|cell| drivers[*cell].push(id));
        for cell in &part.reads {
            let opaque = |s: &&SignalId| matches!(design.signals[**s].ty, StorageType::Opaque);
            if let Some(signal) = cells.all[*cell].signals.iter().find(opaque) {
                return Err(NotPlanned::Signal(*signal));
            }
        }
    }
    Ok(drivers)
}

/// Which of the processes that follow must run in every delta in which they would: someone sees what they drive
/// before it is settled, or they might fail with values that are not.
fn exact(
    parts: &IndexVec<ProcessId, Part>,
    cells: &Cells,
    drivers: &Drivers,
    spans: &Spans,
) -> Result<IndexVec<ProcessId, bool>, NotPlanned> {
    let mut exact: IndexVec<ProcessId, bool> = parts.iter().map(|_| false).collect();
    let mut open: Vec<(ProcessId, Span)> = Vec::new();
    let runs = |id: ProcessId| spans.runs[id].filter(|_| parts[id].role == Role::Follows);
    let mark = |id: ProcessId, exact: &mut IndexVec<ProcessId, bool>, open: &mut Vec<(ProcessId, Span)>| {
        if let Some(span) = runs(id)
            && span.min < span.max
            && !std::mem::replace(&mut exact[id], true)
        {
            open.push((id, span));
        }
    };
    for (id, part) in parts.iter_enumerated() {
        let Some(span) = spans.runs[id] else { continue };
        match part.role {
            Role::Waits => {
                if span.max > DEEPEST {
                    return Err(NotPlanned::Loop(vec![id]));
                }
                open.push((id, span));
                for signal in part.wakes.iter().filter_map(|wake| wake.signal()) {
                    drivers[cells.of(signal)].iter().for_each(|d| mark(*d, &mut exact, &mut open));
                }
            }
            Role::Follows if part.fails => mark(id, &mut exact, &mut open),
            _ => {}
        }
    }
    while let Some((id, span)) = open.pop() {
        for cell in &parts[id].reads {
            for &driver in &drivers[*cell] {
                if runs(driver).is_some_and(|of| span.sees_changes(of.next())) {
                    mark(driver, &mut exact, &mut open);
                }
            }
        }
    }
    Ok(exact)
}

fn groups(parts: &IndexVec<ProcessId, Part>, design: &Design) -> IndexVec<ProcessId, u32> {
    let mut known: HashMap<&[Wake], u32> = HashMap::new();
    // Number 0 is for those that follow.
    let mut count = 0;
    let mut fresh = || {
        count += 1;
        count
    };
    parts
        .iter_enumerated()
        .map(|(id, part)| match part.role {
            Role::Waits if design.processes[id].kind == pyhdl_ir::ProcessKind::Thread => fresh(),
            Role::Waits if part.wakes.contains(&Wake::Time) => fresh(),
            Role::Waits => *known.entry(&part.wakes).or_insert_with(&mut fresh),
            _ => 0,
        })
        .collect()
}

/// For each process that follows, which groups change what it depends on.
fn after(
    parts: &IndexVec<ProcessId, Part>,
    cells: &Cells,
    drivers: &Drivers,
    spans: &Spans,
    groups: &IndexVec<ProcessId, u32>,
) -> IndexVec<ProcessId, u64> {
    let mut after: IndexVec<ProcessId, u64> = parts.iter().map(|_| 0).collect();
    for &id in spans.sequence.iter().filter(|id| parts[**id].role == Role::Follows) {
        let mut mask = 0;
        for cell in parts[id].wakes.iter().filter_map(|wake| wake.signal()).map(|s| cells.of(s)) {
            for &driver in &drivers[cell] {
                mask |= match parts[driver].role {
                    Role::Waits => 1 << groups[driver].min(63),
                    _ => after[driver],
                };
            }
        }
        after[id] = mask;
    }
    after
}

/// Processes whose order matters must wait for the same signal, or for time: then it is the order in which they began
/// to wait.
fn order_is_known(loud: &[ProcessId], parts: &IndexVec<ProcessId, Part>) -> Result<(), NotPlanned> {
    let Some((first, rest)) = loud.split_first() else { return Ok(()) };
    let signals = |id: ProcessId| {
        let mut wakes: Vec<Option<SignalId>> = parts[id].wakes.iter().map(|w| w.signal()).collect();
        wakes.dedup();
        wakes
    };
    for other in rest {
        let (a, b) = (signals(*first), signals(*other));
        let mut joint: Vec<Option<SignalId>> = a.into_iter().chain(b).filter(Option::is_some).collect();
        joint.sort_unstable();
        joint.dedup();
        let changes = |id: &ProcessId| parts[*id].wakes.iter().any(|w| matches!(w, Wake::Change(_)));
        let mixed = changes(first) != changes(other);
        if joint.len() > 1 || mixed && joint.len() == 1 {
            return Err(NotPlanned::Order(*first, *other));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_in_between_sees_changes() {
        let span = |min, max| Span { min, max };
        assert!(!span(1, 1).sees_changes(span(2, 5)));
        assert!(!span(5, 5).sees_changes(span(2, 5)));
        assert!(span(2, 2).sees_changes(span(2, 5)));
        assert!(span(1, 2).sees_changes(span(2, 5)));
        assert!(!span(3, 3).sees_changes(span(3, 3)));
    }
}
