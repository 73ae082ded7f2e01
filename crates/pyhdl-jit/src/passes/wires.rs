//! Matches: signals that a process drives which follows its inputs and runs once in a step.
//!
//! Legal because nobody sees them before the process has run to its end: while it runs they are in registers, and behind
//! it those who run in the same function take the values from there.
//!
//! Pays for all combinational logic: a wire between two processes is never loaded, and not stored where `dead-stores`
//! knows that nobody looks for it in memory.
//!
//! Left out as `wires`.

use std::collections::HashSet;

use pyhdl_ir::{Block, Place, ProcessId, SignalId, StmtKind};
use pyhdl_sim::cycle::Role;

use super::Pass;
use crate::Refused;
use crate::body::Body;
use crate::division::Division;
use crate::process::has_returns;

pub const PASS: Pass = Pass {
    name: "wires",
    about: "combinational signals stay in processor registers",
    leave_out: |options| options.wires = false,
};

impl Body<'_, '_, '_> {
    /// Whether what a process drives may be in registers.
    pub fn may_have_wires(&self, id: ProcessId, division: &Division) -> bool {
        let once = self.shared.plan.roles[id] == Role::Follows && division.once[id.index()];
        self.shared.options.wires && once
    }

    /// A register for a signal. What it was before counts where not all ways through the process assign it.
    pub fn begin_wire(&mut self, signal: SignalId, whole: bool) -> Result<(), Refused> {
        let ty = &self.design().signals[signal].ty;
        let held = self.hold(ty);
        if !whole {
            let place = self.shared.layout.place(signal)?;
            let before = self.load_as(self.state, place, ty);
            self.set_held(&held, &before);
        }
        self.wires.insert(signal, held);
        Ok(())
    }

    /// The process is at its end: its signals are stored where someone else reads them.
    pub fn end_wire(&mut self, signal: SignalId, division: &Division, whole: bool) -> Result<(), Refused> {
        let Some(held) = self.wires.get(&signal).cloned() else { return Ok(()) };
        let value = self.held(&held);
        if self.must_be_stored(signal, division, whole) {
            let place = self.shared.layout.place(signal)?;
            self.store(self.state, place, &value);
        }
        self.cache(signal, value);
        Ok(())
    }
}

/// The signals that get a whole new value whatever happens.
pub fn assigned_on_all_ways(body: &Block) -> HashSet<SignalId> {
    if has_returns(body) { HashSet::new() } else { assigned(body) }
}

fn assigned(body: &Block) -> HashSet<SignalId> {
    let mut all = HashSet::new();
    for stmt in body {
        match &stmt.kind {
            StmtKind::Assign { target, .. } if target.part.is_none() => {
                if let Place::Signal(signal) = target.place {
                    all.insert(signal);
                }
            }
            StmtKind::If { arms, otherwise } => {
                let mut common = assigned(otherwise);
                for (_, arm) in arms {
                    let here = assigned(arm);
                    common.retain(|signal| here.contains(signal));
                }
                all.extend(common);
            }
            StmtKind::Match { arms, otherwise, .. } => {
                let mut common = assigned(otherwise);
                for arm in arms {
                    let here = assigned(&arm.body);
                    common.retain(|signal| here.contains(signal));
                }
                all.extend(common);
            }
            _ => {}
        }
    }
    all
}
