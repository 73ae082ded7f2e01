//! [`Plan`]: the sequence of actions of one time step.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use oxc_index::IndexVec;
use pyhdl_ir::{Design, ProcessId, Range, SignalId, StorageType};

use super::cells::{CellId, Cells};
use super::copies::copies;
use super::guests::{AllHabits, Terms};
use super::in_place::sort;
use super::near_readers::near_readers;
use super::reach::narrowed;
use super::roles::{Part, Role, Wake, is_loud};
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
    /// Guests run, if triggers of theirs have fired; in this delta.
    Guests(u32),
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
    /// What is expected of the processes that the kernel runs itself, if there are any.
    pub terms: Option<Terms>,
    /// The signals that wake them, and how, without duplicates.
    pub guest_wakes: Vec<Wake>,
    /// The number of the group of guests, which all together are one.
    pub guest_group: Option<u32>,
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
    /// Nothing but guests.
    OnlyGuests,
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
            NotPlanned::OnlyGuests => "all processes run in Python, or print beside such ones".to_owned(),
            NotPlanned::Deep => "too many processes see values that are not settled yet".to_owned(),
        }
    }
}

impl Plan {
    /// `habits` is what processes in Python have been seen to do; without it a design that has some is refused. `also`
    /// are others that the kernel runs.
    pub fn new(
        design: Arc<Design>,
        options: &PlanOptions,
        habits: Option<&AllHabits>,
        also: &BTreeSet<ProcessId>,
    ) -> Result<Plan, NotPlanned> {
        for (id, signal) in design.signals.iter_enumerated() {
            if signal.floating {
                return Err(NotPlanned::Signal(id));
            }
        }
        let cells = Cells::new(&design);
        let guests = guests(&design, also);
        if let (Some(first), None) = (guests.first(), habits) {
            return Err(NotPlanned::Foreign(*first));
        }
        let habits_of = |id: &ProcessId| habits.and_then(|habits| habits.get(id));
        let mut known: BTreeMap<ProcessId, Part> =
            guests.iter().map(|id| (*id, Part::guest(&design, &cells, *id, habits_of(id)))).collect();
        let free: Vec<CellId> = known.values().flat_map(|part| &part.drives).copied().collect();
        let narrowed = if options.reach { narrowed(&design, &cells, &free) } else { None };
        let (design, relied) = match narrowed {
            Some((design, relied)) => (Arc::new(design), relied),
            None => (design, Vec::new()),
        };
        let mut parts: IndexVec<ProcessId, Part> = design
            .processes
            .indices()
            .map(|id| known.remove(&id).unwrap_or_else(|| Part::new(&design, &cells, id)))
            .collect();
        let shared = shared(&design, &cells, &parts);
        for id in &guests {
            let part = &mut parts[*id];
            let has = |signal: SignalId| shared.get(signal).is_some_and(|shared| *shared);
            part.wakes.retain(|wake| wake.signal().is_none_or(has));
            part.drives.retain(|cell| cells.all[*cell].signals.iter().all(|s| shared[*s]));
            let own = habits_of(id).into_iter().flat_map(|habits| &habits.woken).filter(|(s, _)| !has(**s));
            part.also = own.fold(None, |also, (_, span)| Span::join(also, *span));
        }
        let drivers = drivers(&design, &cells, &parts)?;
        let spans = Spans::new(&parts, &cells, &drivers)?;
        let exact = exact(&parts, &cells, &drivers, &spans)?;
        if !guests.is_empty() {
            if parts.iter().all(|part| matches!(part.role, Role::Guest | Role::Idle)) {
                return Err(NotPlanned::OnlyGuests);
            }
            guests_order_is_known(&guests, &parts, &cells, &drivers, &spans, habits)?;
        }
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
            terms: (!guests.is_empty())
                .then(|| Terms::new(&parts, &cells, &spans.runs, spans.changes.clone(), shared)),
            guest_wakes: guests.iter().flat_map(|id| &parts[*id].wakes).copied().collect(),
            guest_group: guests.first().map(|id| groups[*id]),
            copies: design.signals.iter().map(|_| None).collect(),
            groups,
            cells,
            design,
            relied,
        };
        plan.guest_wakes.sort_unstable();
        plan.guest_wakes.dedup();
        for part in parts.iter().filter(|part| part.role == Role::Guest) {
            part.drives.iter().for_each(|cell| plan.shadowed[*cell] = true);
        }
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
        // Guests by the deltas in which they may run.
        let mut served: Vec<Vec<ProcessId>> = Vec::new();
        let mut last_loud = 0;
        let mut count = 0;
        for &id in &spans.sequence {
            let part = &parts[id];
            let Some(span) = spans.runs[id] else { continue };
            let every = part.role == Role::Waits || exact[id];
            let first = if every { span.min } else { span.max };
            if matches!(part.role, Role::Waits | Role::Guest) {
                for signal in part.wakes.iter().filter_map(|wake| wake.signal()) {
                    self.shadowed[self.cells.of(signal)] = true;
                    self.awaited[self.cells.of(signal)] = true;
                }
                if part.loud {
                    last_loud = last_loud.max(span.max);
                    part.drives.iter().for_each(|cell| self.shadowed[*cell] = true);
                }
            }
            deltas.resize_with(deltas.len().max(span.max as usize + 1), Vec::new);
            if part.role == Role::Guest {
                served.resize_with(served.len().max(span.max as usize + 1), Vec::new);
                (span.min..=span.max).for_each(|delta| served[delta as usize].push(id));
                continue;
            }
            count += (span.max - first + 1) as usize;
            if count > ACTIONS * parts.len() + 64 {
                return Err(NotPlanned::Deep);
            }
            for delta in first..=span.max {
                deltas[delta as usize].push(id);
            }
        }
        for (id, part) in parts.iter_enumerated() {
            self.derivable[id] = part.role == Role::Follows
                && self.terms.is_none()
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
        for (delta, (loud, quiet)) in sorted.into_iter().enumerate() {
            let guests = served.get(delta).map_or(&[][..], Vec::as_slice);
            let mut cells: Vec<CellId> = loud
                .iter()
                .chain(&quiet)
                .chain(guests)
                .flat_map(|id| &parts[*id].drives)
                .copied()
                .filter(|cell| self.shadowed[*cell])
                .collect();
            cells.sort_unstable();
            cells.dedup();
            if !guests.is_empty() {
                self.actions.push(Action::Guests(delta as u32));
            }
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

/// The processes that the kernel runs itself: those in Python and these, and beside them all that print or check
/// something, because the order of what they all do can be seen.
pub(crate) fn guests(design: &Design, also: &BTreeSet<ProcessId>) -> Vec<ProcessId> {
    if also.is_empty() && design.processes.iter().all(|process| process.foreign.is_none()) {
        return Vec::new();
    }
    let is_guest = |id: &ProcessId| {
        let process = &design.processes[*id];
        process.foreign.is_some() || also.contains(id) || is_loud(design, &process.body, &mut HashSet::new())
    };
    design.processes.indices().filter(is_guest).collect()
}

/// Which signals an engine has: those that others than guests read, wait for or drive.
fn shared(design: &Design, cells: &Cells, parts: &IndexVec<ProcessId, Part>) -> IndexVec<SignalId, bool> {
    let mut shared: IndexVec<SignalId, bool> = design.signals.iter().map(|_| false).collect();
    let mut mark = |cell: CellId| cells.all[cell].signals.iter().for_each(|s| shared[*s] = true);
    for part in parts.iter().filter(|part| part.role != Role::Guest) {
        part.reads.iter().chain(&part.drives).for_each(|cell| mark(*cell));
        part.wakes.iter().filter_map(|wake| wake.signal()).for_each(|signal| mark(cells.of(signal)));
    }
    shared
}

/// Guests that different signals wake in the same delta run in the order in which these signals were driven. That is
/// known if guests drove them all.
fn guests_order_is_known(
    guests: &[ProcessId],
    parts: &IndexVec<ProcessId, Part>,
    cells: &Cells,
    drivers: &Drivers,
    spans: &Spans,
    habits: Option<&AllHabits>,
) -> Result<(), NotPlanned> {
    struct Source {
        guest: ProcessId,
        signal: SignalId,
        /// An engine drives it.
        far: bool,
    }
    let mut deltas: Vec<Vec<Source>> = Vec::new();
    let mut add = |guest: ProcessId, signal: SignalId, far: bool, span: Span| {
        deltas.resize_with(deltas.len().max(span.max.min(DEEPEST) as usize + 1), Vec::new);
        for delta in span.min..=span.max.min(DEEPEST) {
            deltas[delta as usize].push(Source { guest, signal, far });
        }
    };
    for &guest in guests {
        for signal in parts[guest].wakes.iter().filter_map(|wake| wake.signal()) {
            let cell = cells.of(signal);
            if let Some(span) = spans.changes[cell] {
                add(guest, signal, drivers[cell].iter().any(|d| parts[*d].role != Role::Guest), span);
            }
        }
        if parts[guest].also.is_some() {
            let woken = habits.and_then(|habits| habits.get(&guest)).into_iter().flat_map(|h| &h.woken);
            let waits = |signal: SignalId| parts[guest].wakes.iter().any(|w| w.signal() == Some(signal));
            woken.filter(|(s, _)| !waits(**s)).for_each(|(signal, span)| add(guest, *signal, false, *span));
        }
    }
    for sources in deltas {
        let Some(far) = sources.iter().find(|source| source.far) else { continue };
        if sources.iter().all(|s| s.signal == far.signal) || sources.iter().all(|s| s.guest == far.guest) {
            continue;
        }
        let differs = |a: &Source, b: &Source| a.guest != b.guest && a.signal != b.signal;
        let fars = sources.iter().filter(|source| source.far);
        for one in std::iter::once(far).chain(fars.filter(|s| s.signal != far.signal || s.guest != far.guest))
        {
            if let Some(other) = sources.iter().find(|other| differs(one, other)) {
                return Err(NotPlanned::Order(one.guest, other.guest));
            }
        }
    }
    Ok(())
}

/// Who drives each cell.
fn drivers(design: &Design, cells: &Cells, parts: &IndexVec<ProcessId, Part>) -> Result<Drivers, NotPlanned> {
    let mut of_signal: IndexVec<SignalId, Option<ProcessId>> = design.signals.iter().map(|_| None).collect();
    let mut drivers: Drivers = cells.all.iter().map(|_| Vec::new()).collect();
    for (id, part) in parts.iter_enumerated().filter(|(_, part)| part.role == Role::Guest) {
        part.drives.iter().for_each(|cell| drivers[*cell].push(id));
        // Several guests may drive a signal: the store has its next value then.
        for signal in part.drives.iter().flat_map(|cell| &cells.all[*cell].signals) {
            of_signal[*signal] = Some(id);
        }
    }
    for (id, part) in parts.iter_enumerated() {
        if matches!(part.role, Role::Idle | Role::Guest) {
            continue;
        }
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
            Role::Waits | Role::Guest => {
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
    let all: Vec<CellId> = cells.all.indices().collect();
    let mut seen: HashSet<Span> = HashSet::new();
    while let Some((id, span)) = open.pop() {
        if parts[id].sees_all && !seen.insert(span) {
            continue;
        }
        for cell in if parts[id].sees_all { &all } else { &parts[id].reads } {
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
    let mut guests: Option<u32> = None;
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
            Role::Guest => *guests.get_or_insert_with(&mut fresh),
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
                    Role::Waits | Role::Guest => 1 << groups[driver].min(63),
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
