//! Updates: next values become current ones, those of several signals together where they lie together.

use std::collections::BTreeMap;

use cranelift_codegen::ir::{InstBuilder, MemFlags, Value, types};
use pyhdl_ir::SignalId;
use pyhdl_sim::cycle::{CellId, Plan, Role, Wake};

use crate::Refused;
use crate::body::{Body, flags};
use crate::condition::Condition;
use crate::layout::{Place, word};
use crate::num::Val;
use crate::step::Events;

/// The signals of shadowed cells that wake nobody and are no memories, in runs: each run is updated if one group of
/// processes has run.
pub fn runs(plan: &Plan, cells: &[CellId]) -> Vec<Vec<SignalId>> {
    by_driver(plan, cells).into_values().collect()
}

/// The same, by the group that drives them.
pub fn by_driver(plan: &Plan, cells: &[CellId]) -> BTreeMap<Option<u32>, Vec<SignalId>> {
    let mut runs: BTreeMap<Option<u32>, Vec<SignalId>> = BTreeMap::new();
    for cell in cells {
        if plan.awaited[*cell] || plan.cells.all[*cell].memory {
            continue;
        }
        runs.entry(plan.driver_group[*cell]).or_default().extend(&plan.cells.all[*cell].signals);
    }
    runs
}

/// The signals of a cell that processes wait for.
pub fn awaited(plan: &Plan) -> BTreeMap<SignalId, Vec<Wake>> {
    let mut awaited: BTreeMap<SignalId, Vec<Wake>> = BTreeMap::new();
    for (id, wakes) in plan.wakes.iter_enumerated() {
        if matches!(plan.roles[id], Role::Waits | Role::Guest) {
            for wake in wakes {
                if let Some(signal) = wake.signal() {
                    let list = awaited.entry(signal).or_default();
                    if !list.contains(wake) {
                        list.push(*wake);
                    }
                }
            }
        }
    }
    awaited
}

impl Body<'_, '_, '_> {
    /// Next values become current ones.
    pub fn update(
        &mut self,
        cells: &[CellId],
        awaited: &BTreeMap<SignalId, Vec<Wake>>,
        events: &mut Events,
    ) -> Result<(), Refused> {
        let plan = self.shared.plan;
        self.note_between();
        events.fired.clear();
        for cell in cells {
            let of = &plan.cells.all[*cell];
            if of.memory {
                if plan.awaited[*cell] {
                    return Err(Refused("a process waits for an element of a list".to_owned()));
                }
                self.update_lists(*cell, events)?;
            } else if plan.awaited[*cell] {
                for signal in &of.signals {
                    self.update_awaited(*signal, awaited.get(signal).map_or(&[][..], Vec::as_slice), events)?;
                }
            }
        }
        for (group, signals) in by_driver(plan, cells) {
            let condition = self.has_run(group, events);
            self.when(condition, |body| body.copy(&signals))?;
        }
        Ok(())
    }

    /// Whether a group has run in this step; always for those of whom it is not known.
    fn has_run(&mut self, group: Option<u32>, events: &Events) -> Condition {
        match group {
            Some(group) if !events.surely.contains(&group) => {
                Condition::If(self.b.use_var(events.ran[&group]))
            }
            _ => Condition::Always,
        }
    }

    /// Of short lists all elements are copied, of others those that are noted.
    fn update_lists(&mut self, cell: CellId, events: &Events) -> Result<(), Refused> {
        let plan = self.shared.plan;
        for (id, memory) in self.design().memories.iter_enumerated() {
            if memory.elements.first().is_none_or(|signal| plan.cells.of(*signal) != cell) {
                continue;
            }
            let Some(array) = self.shared.layout.memories[id] else { continue };
            match (array.next, array.changed) {
                (_, Some(changed)) => {
                    let count = self.b.ins().uload32(flags(), self.state, changed);
                    self.when(Condition::If(count), |body| {
                        let id = body.nums().small(id.index() as i64);
                        body.call_runtime(word::UPDATE_MEMORY, &[id]);
                        Ok(())
                    })?;
                }
                (Some(_), None) => {
                    let condition = self.has_run(plan.driver_group[cell], events);
                    self.when(condition, |body| body.copy(&memory.elements))?;
                }
                (None, None) => {}
            }
        }
        Ok(())
    }

    fn update_awaited(
        &mut self,
        signal: SignalId,
        wakes: &[Wake],
        events: &mut Events,
    ) -> Result<(), Refused> {
        let place = self.shared.layout.place(signal)?;
        let Some(next) = self.shared.layout.next[signal] else { return Ok(()) };
        let ty = self.design().signals[signal].ty.clone();
        let kept = self.kept.signals.get(&signal).cloned();
        let (old, new) = match &kept {
            Some(kept) => (self.held(&kept.current), self.held(&kept.next)),
            None => {
                let old = self.load_as(self.state, place, &ty);
                (old, self.load_as(self.state, Place { at: next, ..place }, &ty))
            }
        };
        self.store(self.state, place, &new);
        if let Some(kept) = kept {
            self.set_held(&kept.current, &new);
        }
        let (was, is) = (self.truth_of(&old), self.truth_of(&new));
        for wake in wakes {
            let flag = match wake {
                Wake::Rising(_) => {
                    let before = self.b.ins().bxor_imm(was, 1);
                    self.b.ins().band(before, is)
                }
                Wake::Falling(_) => {
                    let after = self.b.ins().bxor_imm(is, 1);
                    self.b.ins().band(was, after)
                }
                Wake::Change(_) => {
                    let (old, new) = (self.limbs(&old), self.limbs(&new));
                    let same = self.nums().equal(&old, &new);
                    self.b.ins().bxor_imm(same, 1)
                }
                Wake::Time => continue,
            };
            events.fired.insert(*wake, Condition::If(flag));
        }
        Ok(())
    }

    fn truth_of(&mut self, value: &Val) -> Value {
        match value {
            Val::Bit(bit) => *bit,
            Val::Num(limbs) => self.nums().is_true(limbs),
        }
    }

    /// Copies the next values of some signals, as many at a time as lie together.
    fn copy(&mut self, signals: &[SignalId]) -> Result<(), Refused> {
        let mut places: Vec<(i32, i32, i32)> = Vec::new();
        for signal in signals {
            let place = self.shared.layout.place(*signal)?;
            if let Some(next) = self.shared.layout.next[*signal] {
                places.push((place.at, next, place.shape.bytes as i32));
            }
        }
        places.sort_unstable();
        // Gaps between neighbours are copied with them: there is nothing in them.
        let mut runs: Vec<(i32, i32, i32)> = Vec::new();
        for (at, next, bytes) in places {
            match runs.last_mut() {
                Some((start, from, length)) if next - at == *from - *start && at - (*start + *length) < 8 => {
                    *length = at + bytes - *start;
                }
                _ => runs.push((at, next, bytes)),
            }
        }
        for (at, next, bytes) in runs {
            let mut done = 0;
            while done < bytes {
                let (ty, size) = match bytes - done {
                    16.. => (types::I8X16, 16),
                    8.. => (types::I64, 8),
                    4.. => (types::I32, 4),
                    2.. => (types::I16, 2),
                    _ => (types::I8, 1),
                };
                // Not aligned in general.
                let flags = unaligned();
                let value = self.b.ins().load(ty, flags, self.state, next + done);
                self.b.ins().store(flags, value, self.state, at + done);
                done += size;
            }
        }
        Ok(())
    }
}

/// For what may not be aligned.
pub fn unaligned() -> MemFlags {
    let mut flags = MemFlags::new();
    flags.set_notrap();
    flags
}
