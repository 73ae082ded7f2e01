//! Matches: wires that nobody reads from memory: all who read them run behind their process, in the same function.
//!
//! Legal because a process that follows can run again: what is not in memory is computed anew from what is, whenever the
//! run is left ([`Division::stale`]). Nobody else looks at the memory of such a run: who watches, and guests, see all.
//!
//! Pays for most combinational logic, in small designs for nearly all of it.
//!
//! Left out as `dead-stores`.

use pyhdl_ir::{ProcessId, SignalId};
use pyhdl_sim::cycle::Plan;

use super::Pass;
use crate::body::Body;
use crate::division::{Division, Gate, Segment};

pub const PASS: Pass = Pass {
    name: "dead-stores",
    about: "signals that nobody reads are not stored",
    leave_out: |options| options.dead_stores = false,
};

impl Body<'_, '_, '_> {
    /// Whether a wire has to be in memory when its process is at its end. One that some ways leave as it was has.
    pub fn must_be_stored(&self, signal: SignalId, division: &Division, whole: bool) -> bool {
        let cell = self.shared.plan.cells.of(signal);
        division.stored[cell.index()] || !whole || !self.shared.options.dead_stores
    }
}

impl Division {
    /// Processes whose results are not all in memory, each behind those that it reads from.
    pub fn stale(&self, plan: &Plan) -> Vec<ProcessId> {
        let together = self.segments.iter().filter_map(|segment| match segment {
            Segment::Together { gate: Gate::After(_), processes, .. } => Some(processes),
            _ => None,
        });
        let left_out = |id: &ProcessId| {
            self.once[id.index()] && plan.drives[*id].iter().any(|cell| !self.stored[cell.index()])
        };
        together.flatten().copied().filter(left_out).collect()
    }

    /// Finds out which cells are read from memory.
    pub fn find_stored(&mut self, plan: &Plan) {
        let count = plan.cells.all.len();
        // In which function, and where in it, each cell is driven by a process that follows.
        let mut driven: Vec<Option<(u32, usize)>> = vec![None; count];
        let mut runs = vec![0u32; plan.roles.len()];
        self.stored = vec![false; count];
        for segment in &self.segments {
            if let Segment::Together { gate: Gate::After(_), processes, function } = segment {
                for (at, id) in processes.iter().enumerate() {
                    runs[id.index()] += 1;
                    for cell in &plan.drives[*id] {
                        driven[cell.index()] = Some((*function, at));
                        self.stored[cell.index()] |= !plan.derivable[*id];
                    }
                }
            }
        }
        self.once = runs.iter().map(|runs| *runs == 1).collect();
        let mut read = |id: ProcessId, function: Option<(u32, usize)>| {
            for cell in &plan.reads[id] {
                let inside = match (driven[cell.index()], function) {
                    (Some((f, at)), Some((g, here))) => f == g && at < here,
                    _ => false,
                };
                self.stored[cell.index()] |= !inside;
            }
        };
        for segment in &self.segments {
            match segment {
                Segment::Together { processes, function, .. } => {
                    for (at, id) in processes.iter().enumerate() {
                        read(*id, Some((*function, at)));
                    }
                }
                Segment::Alone { process, .. } => read(*process, None),
                Segment::Loud(all) => all.iter().for_each(|(id, _)| read(*id, None)),
                Segment::Update(_) | Segment::Guests(_) => {}
            }
        }
    }
}
