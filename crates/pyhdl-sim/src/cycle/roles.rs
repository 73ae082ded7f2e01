//! [`Role`]: whether a process waits for something or only follows its inputs.

use pyhdl_ir::{
    Block, Design, ExprKind, FunctionId, Place, ProcessId, ProcessKind, SignalId, StmtKind, Trigger,
    for_each_node, for_each_stmt,
};
use std::collections::HashSet;

use super::cells::{CellId, Cells};
use super::failing::may_fail;
use super::guests::Habits;
use super::spans::Span;
use crate::store::Update;

/// What a process waits for; an edge or a change of a signal, or the time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Wake {
    Change(SignalId),
    Rising(SignalId),
    Falling(SignalId),
    Time,
}

impl Wake {
    pub fn signal(self) -> Option<SignalId> {
        match self {
            Wake::Change(s) | Wake::Rising(s) | Wake::Falling(s) => Some(s),
            Wake::Time => None,
        }
    }

    /// What an update of a signal fires.
    pub(crate) fn of_update(signal: SignalId, update: Update) -> Vec<Wake> {
        match update {
            Update::Unchanged => Vec::new(),
            Update::Changed { was: false, is: true } => vec![Wake::Change(signal), Wake::Rising(signal)],
            Update::Changed { was: true, is: false } => vec![Wake::Change(signal), Wake::Falling(signal)],
            Update::Changed { .. } => vec![Wake::Change(signal)],
        }
    }

    pub fn of(trigger: &Trigger) -> Wake {
        match trigger {
            Trigger::Change(s) => Wake::Change(*s),
            Trigger::Rising(s) => Wake::Rising(*s),
            Trigger::Falling(s) => Wake::Falling(*s),
            Trigger::Delay(_) => Wake::Time,
        }
    }
}

/// How a process takes part in a time step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// It runs when one of its triggers fires, and not otherwise.
    Waits,
    /// What it drives is a function of its inputs (and, for a latch, of what it drove before): it may be run at any
    /// time when they are settled.
    Follows,
    /// It never runs.
    Idle,
    /// The kernel runs it, first in each delta in which one of its triggers may have fired.
    Guest,
}

/// What is known of one process.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub role: Role,
    /// Of one that waits: all triggers of all its waits. Of one that follows: changes of its inputs.
    pub wakes: Vec<Wake>,
    pub reads: Vec<CellId>,
    pub drives: Vec<CellId>,
    /// It prints, ends the simulation on purpose, or draws numbers at random.
    pub loud: bool,
    pub fails: bool,
    /// What it may read after it has assigned it, where reading it beforehand does not help: it must see what was
    /// there before.
    pub rereads: Vec<CellId>,
    /// It may read any signal.
    pub sees_all: bool,
    /// Deltas in which it may also run, woken by what only guests know.
    pub also: Option<Span>,
}

impl Part {
    /// What is known of a guest, before it is known which signals the engine has.
    pub fn guest(design: &Design, cells: &Cells, id: ProcessId, habits: Option<&Habits>) -> Part {
        let mut part = Part::new(design, cells, id);
        let of_design = |signal: &&SignalId| design.signals.get(**signal).is_some();
        if let Some(habits) = habits {
            let known = habits.wakes.iter().filter(|w| w.signal().is_none_or(|s| of_design(&&s)));
            part.wakes.extend(known);
            part.drives.extend(habits.drives.iter().filter(of_design).map(|s| cells.of(*s)));
        }
        part.wakes.sort_unstable();
        part.wakes.dedup();
        part.drives.sort_unstable();
        part.drives.dedup();
        let sees_all = design.processes[id].foreign.is_some();
        Part { role: Role::Guest, loud: false, fails: false, rereads: Vec::new(), sees_all, ..part }
    }

    pub fn new(design: &Design, cells: &Cells, id: ProcessId) -> Part {
        let process = &design.processes[id];
        let body = design.body_uses(&process.body);
        let mut reads = cells.of_all(&body.reads);
        let mut drives = cells.of_all(&body.drives);
        let loud = is_loud(design, &process.body, &mut HashSet::new());
        let fails = may_fail(design, process);
        let mut role = Role::Waits;
        let mut wakes: Vec<Wake> = match &process.kind {
            ProcessKind::Continuous { sensitivity } | ProcessKind::Combinational { sensitivity } => {
                let inputs = cells.of_all(sensitivity);
                let follows = reads.iter().all(|cell| inputs.binary_search(cell).is_ok())
                    && !reads.iter().any(|cell| drives.binary_search(cell).is_ok())
                    && process.locals.iter().all(|local| local.init.is_none());
                if follows && !loud {
                    role = Role::Follows;
                }
                sensitivity.iter().map(|s| Wake::Change(*s)).collect()
            }
            ProcessKind::Triggered { triggers } => triggers.iter().map(Wake::of).collect(),
            ProcessKind::Sequential { clock, rising, reset } => {
                let edge = |s, rising| if rising { Wake::Rising(s) } else { Wake::Falling(s) };
                let mut wakes = vec![edge(*clock, *rising)];
                if let Some(reset) = reset {
                    if reset.polarity.asynchronous {
                        wakes.push(edge(reset.signal, reset.polarity.active_high));
                    }
                    reads.push(cells.of(reset.signal));
                    reads.sort_unstable();
                    reads.dedup();
                    drives.extend(cells.of_all(&reset.targets));
                    drives.sort_unstable();
                    drives.dedup();
                }
                wakes
            }
            ProcessKind::Thread => {
                let mut wakes = Vec::new();
                for_each_stmt(&process.body, &mut |stmt| {
                    if let StmtKind::Wait(triggers) = &stmt.kind {
                        wakes.extend(triggers.iter().map(Wake::of));
                    }
                });
                wakes
            }
            ProcessKind::Opaque { .. } => {
                role = Role::Idle;
                Vec::new()
            }
        };
        wakes.sort_unstable();
        wakes.dedup();
        if role == Role::Waits && wakes.is_empty() && process.kind == ProcessKind::Thread {
            // It has run once, at the start.
            role = Role::Idle;
        }
        if role == Role::Idle {
            (reads, drives) = (Vec::new(), Vec::new());
        }
        let rereads = match process.kind {
            // It may go on in the middle.
            ProcessKind::Thread => {
                drives.iter().filter(|cell| reads.binary_search(cell).is_ok()).copied().collect()
            }
            _ => rereads(design, cells, &process.body, &reads, &drives),
        };
        Part { role, wakes, reads, drives, loud, fails, rereads, sees_all: false, also: None }
    }
}

fn rereads(design: &Design, cells: &Cells, body: &Block, reads: &[CellId], drives: &[CellId]) -> Vec<CellId> {
    let both = |cell: &&CellId| cells.all[**cell].memory && reads.binary_search(cell).is_ok();
    let candidates: Vec<CellId> = drives.iter().filter(both).copied().collect();
    if candidates.is_empty() {
        return candidates;
    }
    // In the order of the text; what is in a loop or in a function may come again.
    let mut plain = true;
    let mut written: HashSet<CellId> = HashSet::new();
    let mut found: HashSet<CellId> = HashSet::new();
    for_each_stmt(body, &mut |stmt| {
        plain &= !matches!(stmt.kind, StmtKind::For { .. } | StmtKind::While { .. } | StmtKind::Call { .. });
        stmt.kind.for_each_expr(&mut |e| {
            for_each_node(e, &mut |node| match &node.kind {
                ExprKind::Call { .. } => plain = false,
                ExprKind::Signal(signal) => {
                    found.extend(Some(cells.of(*signal)).filter(|cell| written.contains(cell)));
                }
                ExprKind::MemoryRead { memory, .. } => {
                    let cell = design.memories[*memory].elements.first().map(|s| cells.of(*s));
                    found.extend(cell.filter(|cell| written.contains(cell)));
                }
                _ => {}
            });
        });
        if let StmtKind::Assign { target, .. } = &stmt.kind {
            match &target.place {
                Place::Signal(signal) => {
                    written.insert(cells.of(*signal));
                }
                Place::Memory { memory, .. } => {
                    written.extend(design.memories[*memory].elements.first().map(|s| cells.of(*s)));
                }
                Place::Local(_) | Place::Element { .. } => {}
            }
        }
    });
    candidates.into_iter().filter(|cell| !plain || found.contains(cell)).collect()
}

/// Whether the order shows in which a body runs beside others: it prints, ends the simulation on purpose, or draws
/// numbers of which the next one gets others.
pub(crate) fn is_loud(design: &Design, body: &Block, called: &mut HashSet<FunctionId>) -> bool {
    let mut loud = false;
    let mut functions = Vec::new();
    for_each_stmt(body, &mut |stmt| {
        match &stmt.kind {
            StmtKind::Print(_) | StmtKind::Assert { .. } | StmtKind::Raise { .. } | StmtKind::Draw { .. } => {
                loud = true;
            }
            StmtKind::Call { function, .. } => functions.push(*function),
            _ => {}
        }
        stmt.kind.for_each_expr(&mut |e| {
            for_each_node(e, &mut |node| {
                if let ExprKind::Call { function, .. } = &node.kind {
                    functions.push(*function);
                }
            });
        });
    });
    loud || functions
        .into_iter()
        .any(|f| called.insert(f) && is_loud(design, &design.functions[f].body, called))
}
