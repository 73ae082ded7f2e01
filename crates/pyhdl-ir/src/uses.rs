//! Which signals a process reads and drives.

use std::collections::BTreeSet;

use crate::{
    Block, Design, ExprKind, FunctionId, Place, Process, ProcessKind, SignalId, StmtKind, Trigger,
    for_each_node, for_each_stmt,
};

/// The signals of a body, through the functions it calls. A memory indexed at run time counts with all its elements.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Uses {
    pub reads: BTreeSet<SignalId>,
    pub drives: BTreeSet<SignalId>,
}

impl Design {
    /// The signals whose values the body reads; not those that only wake the process.
    pub fn reads(&self, process: &Process) -> BTreeSet<SignalId> {
        self.body_uses(&process.body).reads
    }

    /// The signals that the process drives, by its body or by its reset.
    pub fn drives(&self, process: &Process) -> BTreeSet<SignalId> {
        self.uses(process).drives
    }

    /// All signals that a process needs: body, triggers, sensitivity, clock and reset.
    pub fn uses(&self, process: &Process) -> Uses {
        let mut uses = self.body_uses(&process.body);
        match &process.kind {
            ProcessKind::Continuous { sensitivity } | ProcessKind::Combinational { sensitivity } => {
                uses.reads.extend(sensitivity);
            }
            ProcessKind::Triggered { triggers } => {
                uses.reads.extend(triggers.iter().filter_map(trigger_signal))
            }
            ProcessKind::Sequential { clock, reset, .. } => {
                uses.reads.insert(*clock);
                if let Some(reset) = reset {
                    uses.reads.insert(reset.signal);
                    uses.drives.extend(&reset.targets);
                }
            }
            ProcessKind::Opaque { reads, drives } => {
                uses.reads.extend(reads);
                uses.drives.extend(drives);
            }
            ProcessKind::Thread => {}
        }
        uses
    }

    /// The signals that statements read and drive.
    pub fn body_uses(&self, body: &Block) -> Uses {
        let mut uses = Uses::default();
        let mut called = BTreeSet::new();
        let mut open: Vec<&Block> = vec![body];
        while let Some(body) = open.pop() {
            let mut calls = Vec::new();
            self.block_uses(body, &mut uses, &mut calls);
            for function in calls {
                if called.insert(function) {
                    open.push(&self.functions[function].body);
                }
            }
        }
        uses
    }

    fn block_uses(&self, body: &Block, uses: &mut Uses, calls: &mut Vec<FunctionId>) {
        for_each_stmt(body, &mut |stmt| {
            match &stmt.kind {
                StmtKind::Assign { target, .. } => match &target.place {
                    Place::Signal(id) => {
                        uses.drives.insert(*id);
                    }
                    Place::Memory { memory, .. } => uses.drives.extend(&self.memories[*memory].elements),
                    Place::Local(_) | Place::Element { .. } => {}
                },
                StmtKind::Call { function, .. } => calls.push(*function),
                StmtKind::Wait(triggers) => uses.reads.extend(triggers.iter().filter_map(trigger_signal)),
                _ => {}
            }
            stmt.kind.for_each_expr(&mut |e| {
                for_each_node(e, &mut |node| match &node.kind {
                    ExprKind::Signal(id) => {
                        uses.reads.insert(*id);
                    }
                    ExprKind::MemoryRead { memory, .. } => {
                        uses.reads.extend(&self.memories[*memory].elements)
                    }
                    ExprKind::Call { function, .. } => calls.push(*function),
                    _ => {}
                });
            });
        });
    }
}

/// The signal that a trigger waits for.
pub fn trigger_signal(trigger: &Trigger) -> Option<SignalId> {
    match trigger {
        Trigger::Change(s) | Trigger::Rising(s) | Trigger::Falling(s) => Some(*s),
        Trigger::Delay(_) => None,
    }
}
