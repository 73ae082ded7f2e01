//! [`Kept`]: what function 0 has in registers from one time step to the next.
//!
//! All of it is in memory, too, where others find it, and is written to both places. Otherwise each step would wait
//! for what the one before has just stored: the time, when a process wakes, the level of a clock.

use std::collections::{HashMap, HashSet};

use cranelift_codegen::ir::{InstBuilder, Value, types};
use cranelift_frontend::Variable;
use pyhdl_ir::{ProcessId, SignalId, StorageType, Trigger, for_each_stmt};
use pyhdl_ir::{ProcessKind, StmtKind};
use pyhdl_sim::cycle::Role;

use crate::Refused;
use crate::body::{Body, Held, flags};
use crate::division::{Division, Segment};
use crate::layout::Place;

/// More signals or wake times are not kept: there are not so many registers.
const MOST: usize = 4;

#[derive(Debug, Default)]
pub struct Kept {
    /// The time of this step.
    pub now: Option<Value>,
    /// When processes wake.
    pub wakes: HashMap<ProcessId, Variable>,
    /// Bits that processes wait for.
    pub signals: HashMap<SignalId, KeptSignal>,
}

#[derive(Clone, Debug)]
pub struct KeptSignal {
    pub current: Held,
    pub next: Held,
}

impl Body<'_, '_, '_> {
    /// Decides what is kept, and loads it. What functions write that are called is not, nor what guests do.
    pub fn keep(&mut self, division: &Division) -> Result<(), Refused> {
        let plan = self.shared.plan;
        if !self.shared.options.stepping {
            return Ok(());
        }
        let mut called = called(division);
        called
            .extend(plan.roles.iter_enumerated().filter(|(_, role)| **role == Role::Guest).map(|(id, _)| id));
        let places =
            self.shared.layout.frames.iter_enumerated().filter_map(|(id, frame)| Some((id, frame.wake?)));
        let places: Vec<(ProcessId, i32)> = places.collect();
        if places.len() <= MOST {
            for (id, place) in places.into_iter().filter(|(id, _)| !called.contains(id)) {
                let wake = self.b.declare_var(types::I64);
                let value = self.b.ins().load(types::I64, flags(), self.state, place);
                self.b.def_var(wake, value);
                self.kept.wakes.insert(id, wake);
            }
        }
        let driven: HashSet<SignalId> = called
            .iter()
            .flat_map(|id| &plan.drives[*id])
            .flat_map(|cell| &plan.cells.all[*cell].signals)
            .copied()
            .collect();
        let mut signals: Vec<SignalId> = Vec::new();
        for (cell, _) in plan.awaited.iter_enumerated().filter(|(_, awaited)| **awaited) {
            signals.extend(&plan.cells.all[cell].signals);
        }
        let bit = |id: &SignalId| self.design().signals[*id].ty == StorageType::Bool;
        signals.retain(|id| bit(id) && !driven.contains(id) && !plan.cells.all[plan.cells.of(*id)].memory);
        for signal in signals.into_iter().take(MOST) {
            let place = self.shared.layout.place(signal)?;
            let Some(next) = self.shared.layout.next[signal] else { continue };
            let mut loaded = Vec::new();
            for at in [place.at, next] {
                let held = self.hold(&StorageType::Bool);
                let value = self.load(self.state, Place { at, ..place }, true);
                self.set_held(&held, &value);
                loaded.push(held);
            }
            if let (Some(next), Some(current)) = (loaded.pop(), loaded.pop()) {
                self.kept.signals.insert(signal, KeptSignal { current, next });
            }
        }
        Ok(())
    }

    /// Whether a process may wait for no time at all, so that a step is at the time of the one before.
    pub fn may_stand_still(&self) -> bool {
        // Nobody knows how long guests wait.
        let mut found = self.shared.plan.terms.is_some();
        let mut look = |triggers: &[Trigger]| {
            for trigger in triggers {
                if let Trigger::Delay(by) = trigger {
                    found |= by.ty.range().is_none_or(|range| range.lo.is_none_or(|lo| lo < 1.into()));
                }
            }
        };
        for process in &self.design().processes {
            if let ProcessKind::Triggered { triggers } = &process.kind {
                look(triggers);
            }
            for_each_stmt(&process.body, &mut |stmt| {
                if let StmtKind::Wait(triggers) = &stmt.kind {
                    look(triggers);
                }
            });
        }
        found
    }
}

/// The processes that are in other functions.
fn called(division: &Division) -> HashSet<ProcessId> {
    let mut called = HashSet::new();
    for segment in division.segments.iter().filter(|segment| division.has_functions(segment)) {
        match segment {
            Segment::Together { processes, .. } => called.extend(processes),
            Segment::Alone { process, .. } => called.extend([process]),
            Segment::Loud(all) => called.extend(all.iter().map(|(id, _)| id)),
            Segment::Update(_) | Segment::Guests(_) => {}
        }
    }
    called
}
