//! Matches: the time, the moments at which processes wake, and the bits that processes wait for; and the ends of delta
//! cycles behind which nothing may happen.
//!
//! Legal because what is kept in registers is in memory, too, where others find it: nobody else writes it while function 0
//! runs. A step ends early only where the triggers that fired are the only ones that the processes of the next delta wake
//! by, and what followed the groups that ran has run.
//!
//! Pays in every step: each would wait otherwise for what the one before has just stored, and most ends of deltas of most
//! steps wake nobody.
//!
//! Left out as `stepping`.

use std::collections::HashSet;

use cranelift_codegen::ir::{Block, InstBuilder, types};
use pyhdl_ir::{ProcessId, ProcessKind, SignalId, StmtKind, StorageType, Trigger, for_each_stmt};
use pyhdl_sim::cycle::{Role, Wake};

use super::Pass;
use crate::Refused;
use crate::body::{Body, flags};
use crate::condition::Condition;
use crate::division::{Division, Gate, Segment};
use crate::kept::KeptSignal;
use crate::layout::Place;
use crate::step::Events;

pub const PASS: Pass = Pass {
    name: "stepping",
    about: "clocks stay in registers, steps without wakes are short",
    leave_out: |options| options.stepping = false,
};

/// More signals or wake times are not kept: there are not so many registers.
const MOST: usize = 4;

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

    /// Ends the step if nobody wakes who waits, and what has run so far is not followed. Whether nobody ever does.
    ///
    /// Legal because the triggers that fired in this update are the only ones that the processes of the next delta wake
    /// by, those of later deltas are woken by what these do, and what followed the groups that ran has run, as its
    /// gate says.
    pub fn ends_early(&mut self, rest: &[Segment], again: Block, events: &mut Events) -> bool {
        let follows = |segment: &Segment| match segment {
            Segment::Together { gate: Gate::After(mask), .. } => mask & events.maybe != 0,
            _ => false,
        };
        if !self.shared.options.stepping || rest.is_empty() || rest.iter().any(follows) {
            return false;
        }
        let mut fired: Vec<(Wake, Condition)> = events.fired.iter().map(|(wake, c)| (*wake, *c)).collect();
        fired.sort_unstable_by_key(|(wake, _)| *wake);
        let mut any = fired.iter().fold(Condition::Never, |any, (_, condition)| self.either(any, *condition));
        let guests = rest.iter().any(|segment| matches!(segment, Segment::Guests(_)));
        if guests {
            // They may wake each other.
            let again = self.guests_again();
            any = self.either(any, again);
        }
        match any {
            Condition::Always => false,
            Condition::Never => {
                self.b.ins().jump(again, &[]);
                true
            }
            Condition::If(any) => {
                let goes_on = self.b.create_block();
                self.b.ins().brif(any, goes_on, &[], again, &[]);
                self.b.seal_block(goes_on);
                self.b.switch_to_block(goes_on);
                if let ([(only, _)], false) = (&fired[..], guests) {
                    events.fired.insert(*only, Condition::Always);
                }
                false
            }
        }
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
