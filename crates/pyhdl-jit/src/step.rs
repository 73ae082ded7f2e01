//! Function 0: runs time steps until something makes it stop. One step is the plan's actions, one after the other,
//! each behind the question whether it has to run.

use std::collections::{BTreeMap, HashMap};

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{AbiParam, InstBuilder, MemFlags, Signature, Value, types};
use cranelift_frontend::Variable;
use pyhdl_ir::{ProcessId, SignalId, StmtKind, for_each_stmt};
use pyhdl_sim::cycle::{CellId, Wake};

use crate::Refused;
use crate::body::{Body, flags};
use crate::division::{Division, Gate, Segment};
use crate::layout::{Place, word};
use crate::num::Val;
use crate::updates::{awaited, by_driver};

/// What function 0 returns, besides the numbers of sites.
pub mod status {
    /// Nothing is to happen up to the given time.
    pub const REACHED: i64 = 0;
    /// The budget of time steps is used up.
    pub const LOOK_AROUND: i64 = -1;
    /// The runtime has kept an error.
    pub const ERROR: i32 = -2;
    /// Guests ask to leave, in the middle of a time step.
    pub const LEFT: i32 = -3;
}

/// More loud processes in one delta cycle are not compiled.
const MOST_LOUD: usize = 48;

impl Body<'_, '_, '_> {
    pub fn steps(mut self, division: &Division) -> Result<(), Refused> {
        self.caches = false;
        let head = self.b.create_block();
        self.b.ins().jump(head, &[]);
        self.b.switch_to_block(head);
        let next = self.next_time();
        let until = self.b.ins().load(types::I64, flags(), self.state, word::UNTIL);
        let now = self.b.ins().load(types::I64, flags(), self.state, word::NOW);
        let late = self.b.ins().icmp(IntCC::UnsignedGreaterThan, next, until);
        let over = self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, now, until);
        let never = self.b.ins().icmp_imm(IntCC::Equal, next, -1);
        let stop = self.b.ins().bor(late, over);
        let stop = self.b.ins().bor(stop, never);
        self.leave_if(stop, status::REACHED);
        let budget = self.b.ins().load(types::I64, flags(), self.state, word::BUDGET);
        let left = self.b.ins().iadd_imm(budget, -1);
        self.b.ins().store(flags(), left, self.state, word::BUDGET);
        let used_up = self.b.ins().icmp_imm(IntCC::SignedLessThan, left, 0);
        self.leave_if(used_up, status::LOOK_AROUND);
        self.b.ins().store(flags(), next, self.state, word::NOW);
        self.step(division, next)?;
        self.b.ins().jump(head, &[]);
        self.dead = true;
        self.finish();
        Ok(())
    }

    fn leave_if(&mut self, condition: Value, with: i64) {
        let (leaves, goes_on) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(leaves);
        self.b.ins().brif(condition, leaves, &[], goes_on, &[]);
        self.b.seal_block(leaves);
        self.b.seal_block(goes_on);
        self.b.switch_to_block(leaves);
        self.return_status(with);
        self.b.switch_to_block(goes_on);
    }

    /// The earliest time at which someone wakes; all ones for never.
    fn next_time(&mut self) -> Value {
        let (first, count) = self.shared.layout.wakes;
        let mut next = self.nums().small(-1);
        if count <= 16 {
            for i in 0..count as i32 {
                let wake = self.b.ins().load(types::I64, flags(), self.state, first + 8 * i);
                next = self.b.ins().umin(next, wake);
            }
            return next;
        }
        let (head, round, end) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        let (at, least) = (self.b.declare_var(types::I64), self.b.declare_var(types::I64));
        let start = self.b.ins().iadd_imm(self.state, i64::from(first));
        let stop = self.b.ins().iadd_imm(start, 8 * i64::from(count));
        self.b.def_var(at, start);
        self.b.def_var(least, next);
        self.b.ins().jump(head, &[]);
        self.b.switch_to_block(head);
        let here = self.b.use_var(at);
        let more = self.b.ins().icmp(IntCC::UnsignedLessThan, here, stop);
        self.b.ins().brif(more, round, &[], end, &[]);
        self.b.seal_block(round);
        self.b.switch_to_block(round);
        let wake = self.b.ins().load(types::I64, flags(), here, 0);
        let before = self.b.use_var(least);
        let smaller = self.b.ins().umin(before, wake);
        self.b.def_var(least, smaller);
        let then = self.b.ins().iadd_imm(here, 8);
        self.b.def_var(at, then);
        self.b.ins().jump(head, &[]);
        self.b.seal_block(head);
        self.b.seal_block(end);
        self.b.switch_to_block(end);
        self.b.use_var(least)
    }

    fn step(&mut self, division: &Division, now: Value) -> Result<(), Refused> {
        let plan = self.shared.plan;
        let mut ran: HashMap<u32, Variable> = HashMap::new();
        let no = self.b.ins().iconst(types::I8, 0);
        for group in plan.groups.iter().filter(|group| **group != 0) {
            ran.entry(*group).or_insert_with(|| {
                let var = self.b.declare_var(types::I8);
                self.b.def_var(var, no);
                var
            });
        }
        // Which triggers fired in the last update; at the start of a step, those of time.
        let mut fired: HashMap<Wake, Value> = HashMap::new();
        let mut first_delta = true;
        let awaited = awaited(plan);
        for segment in &division.segments {
            match segment {
                Segment::Together { gate, processes, function } => {
                    let condition = match gate {
                        Gate::Group(group) => {
                            let any = processes.first().and_then(|id| self.any(&plan.wakes[*id], &fired));
                            let Some(any) = any else { continue };
                            self.set_if(ran[group], any);
                            any
                        }
                        Gate::After(mask) => self.any_ran(*mask, &ran),
                    };
                    self.when(condition, |body| match division.inline {
                        true => body.in_place(processes, division),
                        false => {
                            body.call_function(*function);
                            Ok(())
                        }
                    })?;
                }
                Segment::Alone { process, function } => {
                    let now = first_delta.then_some(now);
                    if let Some(condition) = self.wakes_now(*process, &fired, now)? {
                        self.set_if(ran[&plan.groups[*process]], condition);
                        self.when(condition, |body| body.own_or_call(*process, *function, division))?;
                    }
                }
                Segment::Loud(all) => {
                    let now = first_delta.then_some(now);
                    self.loud(all, &fired, now, &ran, division)?;
                }
                Segment::Guests(delta) => {
                    let now = first_delta.then_some(now);
                    if let Some(group) = plan.guest_group {
                        self.guests(*delta, ran[&group], &fired, now)?;
                    }
                }
                Segment::Update(cells) => {
                    fired.clear();
                    first_delta = false;
                    self.update(cells, &awaited, &ran, &mut fired)?;
                }
            }
        }
        Ok(())
    }

    /// Processes that run one behind the other, right here.
    fn in_place(&mut self, processes: &[ProcessId], division: &Division) -> Result<(), Refused> {
        self.caches = true;
        let mark = self.enter_scope();
        self.sequence(processes, division)?;
        self.leave_scope(mark);
        self.caches = false;
        Ok(())
    }

    fn own_or_call(&mut self, id: ProcessId, function: u32, division: &Division) -> Result<(), Refused> {
        if division.inline {
            return self.own(id, division);
        }
        self.call_function(function);
        Ok(())
    }

    fn any(&mut self, wakes: &[Wake], fired: &HashMap<Wake, Value>) -> Option<Value> {
        let mut any = None;
        for flag in wakes.iter().filter_map(|wake| fired.get(wake)) {
            any = Some(match any {
                None => *flag,
                Some(before) => self.b.ins().bor(before, *flag),
            });
        }
        any
    }

    fn any_ran(&mut self, mask: u64, ran: &HashMap<u32, Variable>) -> Value {
        let mut groups: Vec<u32> = ran.keys().copied().filter(|g| mask & (1 << (*g).min(63)) != 0).collect();
        groups.sort_unstable();
        let mut any = None;
        for group in groups {
            let flag = self.b.use_var(ran[&group]);
            any = Some(match any {
                None => flag,
                Some(before) => self.b.ins().bor(before, flag),
            });
        }
        any.unwrap_or_else(|| self.b.ins().iconst(types::I8, 0))
    }

    pub(crate) fn set_if(&mut self, var: Variable, condition: Value) {
        let before = self.b.use_var(var);
        let after = self.b.ins().bor(before, condition);
        self.b.def_var(var, after);
    }

    /// Code that runs only if the condition (one byte) is not 0.
    pub(crate) fn when(
        &mut self,
        condition: Value,
        code: impl FnOnce(&mut Self) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        let (yes, end) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(condition, yes, &[], end, &[]);
        self.b.seal_block(yes);
        self.b.switch_to_block(yes);
        code(self)?;
        self.b.ins().jump(end, &[]);
        self.b.seal_block(end);
        self.b.switch_to_block(end);
        Ok(())
    }

    /// Calls another function of the code; leaves if it did.
    fn call_function(&mut self, function: u32) {
        let mut signature = Signature::new(self.b.func.signature.call_conv);
        signature.params = vec![AbiParam::new(types::I64)];
        signature.returns = vec![AbiParam::new(types::I32)];
        let signature = self.b.import_signature(signature);
        let at = word::FUNCTIONS + 8 * function as i32;
        let callee = self.b.ins().load(types::I64, flags(), self.state, at);
        let call = self.b.ins().call_indirect(signature, callee, &[self.state]);
        let status = self.b.inst_results(call)[0];
        self.leave_if_not_zero(status);
    }

    /// Whether a process with a function of its own wakes in this delta; `None` where that cannot be.
    fn wakes_now(
        &mut self,
        id: ProcessId,
        fired: &HashMap<Wake, Value>,
        now: Option<Value>,
    ) -> Result<Option<Value>, Refused> {
        let plan = self.shared.plan;
        let frame = self.shared.layout.frames[id].clone();
        let mut wakes = None;
        if let (Some(now), Some(wake)) = (now, frame.wake) {
            let at = self.b.ins().load(types::I64, flags(), self.state, wake);
            wakes = Some(self.b.ins().icmp(IntCC::Equal, at, now));
        }
        // The waits of the process by the triggers that fire now.
        let mut waits: BTreeMap<Vec<Wake>, Vec<i64>> = BTreeMap::new();
        let mut count = 0;
        let process = &self.design().processes[id];
        if process.kind == pyhdl_ir::ProcessKind::Thread {
            for_each_stmt(&process.body, &mut |stmt| {
                if let StmtKind::Wait(triggers) = &stmt.kind {
                    let mut here: Vec<Wake> =
                        triggers.iter().map(Wake::of).filter(|wake| fired.contains_key(wake)).collect();
                    here.sort_unstable();
                    here.dedup();
                    if !here.is_empty() {
                        waits.entry(here).or_default().push(count);
                    }
                    count += 1;
                }
            });
        } else {
            let here: Vec<Wake> =
                plan.wakes[id].iter().copied().filter(|wake| fired.contains_key(wake)).collect();
            if !here.is_empty() {
                waits.insert(here, vec![0]);
            }
            count = 1;
        }
        for (triggers, numbers) in waits {
            let Some(flag) = self.any(&triggers, fired) else { continue };
            let at = self.b.ins().uload32(flags(), self.state, frame.wait);
            let there = if numbers.len() as i64 == count {
                self.b.ins().icmp_imm(IntCC::UnsignedLessThan, at, count)
            } else {
                let mut there = None;
                for number in numbers {
                    let equal = self.b.ins().icmp_imm(IntCC::Equal, at, number);
                    there = Some(match there {
                        None => equal,
                        Some(before) => self.b.ins().bor(before, equal),
                    });
                }
                there.unwrap_or(flag)
            };
            let here = self.b.ins().band(flag, there);
            wakes = Some(match wakes {
                None => here,
                Some(before) => self.b.ins().bor(before, here),
            });
        }
        Ok(wakes)
    }

    /// Processes whose order matters: the one that has waited for the shortest time first.
    fn loud(
        &mut self,
        all: &[(ProcessId, u32)],
        fired: &HashMap<Wake, Value>,
        now: Option<Value>,
        ran: &HashMap<u32, Variable>,
        division: &Division,
    ) -> Result<(), Refused> {
        let plan = self.shared.plan;
        let mut candidates = Vec::new();
        for (id, function) in all {
            if let Some(wakes) = self.wakes_now(*id, fired, now)? {
                self.set_if(ran[&plan.groups[*id]], wakes);
                candidates.push((*id, *function, wakes));
            }
        }
        if candidates.len() > MOST_LOUD {
            return Err(Refused(format!("{} processes print or check in one delta cycle", candidates.len())));
        }
        if let [(id, function, wakes)] = candidates[..] {
            return self.when(wakes, |body| body.own_or_call(id, function, division));
        }
        let mut any = None;
        let mut left = Vec::new();
        for (id, function, wakes) in candidates {
            let var = self.b.declare_var(types::I8);
            self.b.def_var(var, wakes);
            left.push((id, function, var));
            any = Some(match any {
                None => wakes,
                Some(before) => self.b.ins().bor(before, wakes),
            });
        }
        let Some(any) = any else { return Ok(()) };
        // Again and again the latest one that is left.
        let (head, end) = (self.b.create_block(), self.b.create_block());
        self.b.ins().brif(any, head, &[], end, &[]);
        self.b.switch_to_block(head);
        let mut latest = self.nums().small(-1);
        let mut which = self.nums().small(-1);
        for (number, (id, _, var)) in left.iter().enumerate() {
            let Some(since) = self.shared.layout.frames[*id].since else { continue };
            let since = self.b.ins().load(types::I64, flags(), self.state, since);
            let waits = self.b.use_var(*var);
            let later = self.b.ins().icmp(IntCC::SignedGreaterThan, since, latest);
            let better = self.b.ins().band(waits, later);
            latest = self.b.ins().select(better, since, latest);
            let number = self.nums().small(number as i64);
            which = self.b.ins().select(better, number, which);
        }
        let mut test = None;
        for (number, (_, function, var)) in left.iter().enumerate() {
            if let Some(block) = test {
                self.b.seal_block(block);
                self.b.switch_to_block(block);
            }
            let chosen = self.b.ins().icmp_imm(IntCC::Equal, which, number as i64);
            let (yes, no) = (self.b.create_block(), self.b.create_block());
            self.b.ins().brif(chosen, yes, &[], no, &[]);
            self.b.seal_block(yes);
            self.b.switch_to_block(yes);
            let done = self.b.ins().iconst(types::I8, 0);
            self.b.def_var(*var, done);
            self.call_function(*function);
            self.b.ins().jump(head, &[]);
            test = Some(no);
        }
        self.b.seal_block(head);
        if let Some(block) = test {
            self.b.seal_block(block);
            self.b.switch_to_block(block);
        }
        self.b.ins().jump(end, &[]);
        self.b.seal_block(end);
        self.b.switch_to_block(end);
        Ok(())
    }

    /// Next values become current ones.
    fn update(
        &mut self,
        cells: &[CellId],
        awaited: &BTreeMap<SignalId, Vec<Wake>>,
        ran: &HashMap<u32, Variable>,
        fired: &mut HashMap<Wake, Value>,
    ) -> Result<(), Refused> {
        let plan = self.shared.plan;
        for cell in cells {
            let of = &plan.cells.all[*cell];
            if of.memory {
                if plan.awaited[*cell] {
                    return Err(Refused("a process waits for an element of a list".to_owned()));
                }
                for (id, memory) in self.design().memories.iter_enumerated() {
                    let here = memory.elements.first().is_some_and(|s| plan.cells.of(*s) == *cell);
                    let changed = self.shared.layout.memories[id].and_then(|array| array.changed);
                    if let (true, Some(changed)) = (here, changed) {
                        let count = self.b.ins().uload32(flags(), self.state, changed);
                        self.when(count, |body| {
                            let id = body.nums().small(id.index() as i64);
                            body.call_runtime(word::UPDATE_MEMORY, &[id]);
                            Ok(())
                        })?;
                    }
                }
            } else if plan.awaited[*cell] {
                for signal in &of.signals {
                    self.update_awaited(*signal, awaited.get(signal).map_or(&[][..], Vec::as_slice), fired)?;
                }
            }
        }
        for (group, signals) in by_driver(plan, cells) {
            match group {
                Some(group) => {
                    let condition = self.b.use_var(ran[&group]);
                    self.when(condition, |body| body.copy(&signals))?;
                }
                None => self.copy(&signals)?,
            }
        }
        Ok(())
    }

    fn update_awaited(
        &mut self,
        signal: SignalId,
        wakes: &[Wake],
        fired: &mut HashMap<Wake, Value>,
    ) -> Result<(), Refused> {
        let place = self.shared.layout.place(signal)?;
        let Some(next) = self.shared.layout.next[signal] else { return Ok(()) };
        let ty = self.design().signals[signal].ty.clone();
        let old = self.load_as(self.state, place, &ty);
        let new = self.load_as(self.state, Place { at: next, ..place }, &ty);
        self.store(self.state, place, &new);
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
            fired.insert(*wake, flag);
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
fn unaligned() -> MemFlags {
    let mut flags = MemFlags::new();
    flags.set_notrap();
    flags
}
