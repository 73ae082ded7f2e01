//! Function 0: runs time steps until something makes it stop. One step is the plan's actions, one after the other,
//! each behind the question whether it has to run.

use std::collections::{BTreeMap, HashMap, HashSet};

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{AbiParam, Block, InstBuilder, Signature, Value, types};
use cranelift_frontend::Variable;
use pyhdl_ir::{ProcessId, ProcessKind, StmtKind, for_each_stmt};
use pyhdl_sim::cycle::Wake;

use crate::Refused;
use crate::body::{Body, flags};
use crate::condition::Condition;
use crate::division::{Division, Gate, Segment};
use crate::layout::word;
use crate::updates::awaited;

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

/// What has happened in a step so far.
#[derive(Debug, Default)]
pub struct Events {
    /// Which triggers fired in the last update.
    pub fired: HashMap<Wake, Condition>,
    /// Which groups have run.
    pub ran: HashMap<u32, Variable>,
    /// Groups that have run for sure.
    pub surely: HashSet<u32>,
    /// Groups that may have run, as in [`Plan::after`].
    pub maybe: u64,
}

impl Body<'_, '_, '_> {
    pub fn steps(mut self, division: &Division) -> Result<(), Refused> {
        self.caches = false;
        let budget = self.b.ins().load(types::I64, flags(), self.state, word::BUDGET);
        let left = self.b.declare_var(types::I64);
        self.b.def_var(left, budget);
        self.keep(division)?;
        let stands_still = self.may_stand_still();
        if !stands_still {
            // Later steps are behind the times of their wakes.
            let over = self.is_over();
            self.leave_if(over, status::REACHED);
        }
        let head = self.b.create_block();
        self.b.ins().jump(head, &[]);
        self.b.switch_to_block(head);
        let next = self.next_time();
        let until = self.b.ins().load(types::I64, flags(), self.state, word::UNTIL);
        let mut stop = self.b.ins().icmp(IntCC::UnsignedGreaterThan, next, until);
        if stands_still {
            let over = self.is_over();
            stop = self.b.ins().bor(stop, over);
        }
        self.leave_if(stop, status::REACHED);
        let budget = self.b.use_var(left);
        let budget = self.b.ins().iadd_imm(budget, -1);
        self.b.def_var(left, budget);
        let used_up = self.b.ins().icmp_imm(IntCC::SignedLessThan, budget, 0);
        self.leave_if(used_up, status::LOOK_AROUND);
        self.b.ins().store(flags(), next, self.state, word::NOW);
        self.kept.now = self.shared.options.stepping.then_some(next);
        self.step(division, next, head)?;
        self.dead = true;
        self.finish();
        Ok(())
    }

    /// Whether the time has come up to which the run goes.
    fn is_over(&mut self) -> Value {
        let now = self.b.ins().load(types::I64, flags(), self.state, word::NOW);
        let until = self.b.ins().load(types::I64, flags(), self.state, word::UNTIL);
        self.b.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, now, until)
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

    /// When a process wakes, `place` bytes into the memory.
    fn wake(&mut self, id: ProcessId, place: i32) -> Value {
        match self.kept.wakes.get(&id) {
            Some(wake) => self.b.use_var(*wake),
            None => self.b.ins().load(types::I64, flags(), self.state, place),
        }
    }

    /// The earliest time at which someone wakes; all ones for never.
    fn next_time(&mut self) -> Value {
        let (first, count) = self.shared.layout.wakes;
        if count <= 16 {
            let frames = self.shared.layout.frames.iter_enumerated();
            let places: Vec<(ProcessId, i32)> =
                frames.filter_map(|(id, frame)| Some((id, frame.wake?))).collect();
            let of_guests = self.shared.layout.guests_wake;
            let mut next = of_guests.map(|place| self.b.ins().load(types::I64, flags(), self.state, place));
            for (id, place) in places {
                let wake = self.wake(id, place);
                next = Some(match next {
                    None => wake,
                    Some(next) => self.b.ins().umin(next, wake),
                });
            }
            return next.unwrap_or_else(|| self.nums().small(-1));
        }
        let next = self.nums().small(-1);
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

    /// One step; `again` is where the next one begins.
    fn step(&mut self, division: &Division, now: Value, again: Block) -> Result<(), Refused> {
        let plan = self.shared.plan;
        self.note_between();
        let mut events = Events::default();
        let no = self.b.ins().iconst(types::I8, 0);
        for group in plan.groups.iter().filter(|group| **group != 0) {
            events.ran.entry(*group).or_insert_with(|| {
                let var = self.b.declare_var(types::I8);
                self.b.def_var(var, no);
                var
            });
        }
        // At the start of a step, the triggers of time fire.
        let mut time = Some(now);
        let awaited = awaited(plan);
        for (at, segment) in division.segments.iter().enumerate() {
            match segment {
                Segment::Together { gate, processes, function } => {
                    let condition = match gate {
                        Gate::Group(group) => {
                            let wakes = processes.first().map_or(&[][..], |id| &plan.wakes[*id]);
                            let any = self.any(wakes, &events);
                            self.note_run(*group, any, &mut events);
                            any
                        }
                        Gate::After(mask) => self.any_ran(*mask, &events),
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
                    let condition = self.wakes_now(*process, &events, time);
                    self.note_run(plan.groups[*process], condition, &mut events);
                    self.when(condition, |body| body.own_or_call(*process, *function, division))?;
                }
                Segment::Loud(all) => self.loud(all, &mut events, time, division)?,
                Segment::Guests(delta) => {
                    if let Some(group) = plan.guest_group {
                        self.guests(*delta, group, &mut events, time)?;
                    }
                }
                Segment::Update(cells) => {
                    time = None;
                    self.update(cells, &awaited, &mut events)?;
                    if self.ends_early(&division.segments[at + 1..], again, &mut events) {
                        return Ok(());
                    }
                }
            }
        }
        self.b.ins().jump(again, &[]);
        Ok(())
    }

    /// Processes that run one behind the other, right here.
    fn in_place(&mut self, processes: &[ProcessId], division: &Division) -> Result<(), Refused> {
        self.caches = true;
        let mark = self.enter_scope();
        self.sequence(processes, division)?;
        self.leave_scope(mark);
        self.deferred.clear();
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

    /// Whether one of these triggers fired.
    fn any(&mut self, wakes: &[Wake], events: &Events) -> Condition {
        let fired = wakes.iter().filter_map(|wake| events.fired.get(wake));
        fired.fold(Condition::Never, |any, condition| self.either(any, *condition))
    }

    fn any_ran(&mut self, mask: u64, events: &Events) -> Condition {
        let is_in = |group: u32| mask & bit_of(group) != 0;
        if events.surely.iter().any(|group| is_in(*group)) {
            return Condition::Always;
        }
        let mut groups: Vec<u32> = events.ran.keys().copied().filter(|group| is_in(*group)).collect();
        groups.sort_unstable();
        groups.into_iter().fold(Condition::Never, |any, group| {
            let flag = self.b.use_var(events.ran[&group]);
            self.either(any, Condition::If(flag))
        })
    }

    /// The group runs on a condition.
    pub fn note_run(&mut self, group: u32, condition: Condition, events: &mut Events) {
        let var = events.ran[&group];
        match condition {
            Condition::Never => return,
            Condition::Always => {
                let yes = self.b.ins().iconst(types::I8, 1);
                self.b.def_var(var, yes);
                events.surely.insert(group);
            }
            Condition::If(condition) => {
                let before = self.b.use_var(var);
                let after = self.b.ins().bor(before, condition);
                self.b.def_var(var, after);
            }
        }
        events.maybe |= bit_of(group);
    }

    /// Code that runs on a condition.
    pub fn when(
        &mut self,
        condition: Condition,
        code: impl FnOnce(&mut Self) -> Result<(), Refused>,
    ) -> Result<(), Refused> {
        let condition = match condition {
            Condition::Never => return Ok(()),
            Condition::Always => return code(self),
            Condition::If(condition) => condition,
        };
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

    /// Whether a process with a function of its own wakes in this delta; `now` is the time in the first one.
    fn wakes_now(&mut self, id: ProcessId, events: &Events, now: Option<Value>) -> Condition {
        let plan = self.shared.plan;
        let frame = self.shared.layout.frames[id].clone();
        let mut wakes = Condition::Never;
        if let (Some(now), Some(place)) = (now, frame.wake) {
            // The only one who waits for a time has made this step begin.
            wakes = match self.shared.layout.wakes.1 == 1 && self.shared.options.stepping {
                true => Condition::Always,
                false => {
                    let at = self.wake(id, place);
                    Condition::If(self.b.ins().icmp(IntCC::Equal, at, now))
                }
            };
        }
        // The waits of the process by the triggers that fire now.
        let mut waits: BTreeMap<Vec<Wake>, Vec<i64>> = BTreeMap::new();
        let mut count = 0;
        let process = &self.design().processes[id];
        if process.kind == ProcessKind::Thread {
            for_each_stmt(&process.body, &mut |stmt| {
                if let StmtKind::Wait(triggers) = &stmt.kind {
                    let mut here: Vec<Wake> = triggers
                        .iter()
                        .map(Wake::of)
                        .filter(|wake| events.fired.contains_key(wake))
                        .collect();
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
                plan.wakes[id].iter().copied().filter(|wake| events.fired.contains_key(wake)).collect();
            if !here.is_empty() {
                waits.insert(here, vec![0]);
            }
            count = 1;
        }
        for (triggers, numbers) in waits {
            let flag = self.any(&triggers, events);
            if flag == Condition::Never {
                continue;
            }
            let everywhere = numbers.len() as i64 == count && process.kind == ProcessKind::Thread;
            if everywhere && self.shared.options.stepping {
                // Wherever it waits; where it has ended, it finds that out by itself.
                wakes = self.either(wakes, flag);
                continue;
            }
            let at = self.b.ins().uload32(flags(), self.state, frame.wait);
            let there = if numbers.len() as i64 == count {
                Condition::If(self.b.ins().icmp_imm(IntCC::UnsignedLessThan, at, count))
            } else {
                numbers.into_iter().fold(Condition::Never, |there, number| {
                    let equal = self.b.ins().icmp_imm(IntCC::Equal, at, number);
                    self.either(there, Condition::If(equal))
                })
            };
            let here = self.both(flag, there);
            wakes = self.either(wakes, here);
        }
        wakes
    }

    /// Processes whose order matters: the one that has waited for the shortest time first.
    fn loud(
        &mut self,
        all: &[(ProcessId, u32)],
        events: &mut Events,
        now: Option<Value>,
        division: &Division,
    ) -> Result<(), Refused> {
        let plan = self.shared.plan;
        let mut candidates = Vec::new();
        for (id, function) in all {
            let wakes = self.wakes_now(*id, events, now);
            if wakes != Condition::Never {
                self.note_run(plan.groups[*id], wakes, events);
                candidates.push((*id, *function, wakes));
            }
        }
        if candidates.len() > MOST_LOUD {
            return Err(Refused(format!("{} processes print or check in one delta cycle", candidates.len())));
        }
        if let [(id, function, wakes)] = candidates[..] {
            return self.when(wakes, |body| body.own_or_call(id, function, division));
        }
        let mut any = Condition::Never;
        let mut left = Vec::new();
        for (id, function, wakes) in candidates {
            let var = self.b.declare_var(types::I8);
            let flag = match wakes {
                Condition::If(flag) => flag,
                _ => self.b.ins().iconst(types::I8, 1),
            };
            self.b.def_var(var, flag);
            left.push((id, function, var));
            any = self.either(any, wakes);
        }
        // Again and again the latest one that is left.
        let (head, end) = (self.b.create_block(), self.b.create_block());
        match any {
            Condition::Never => return Ok(()),
            Condition::Always => self.b.ins().jump(head, &[]),
            Condition::If(any) => self.b.ins().brif(any, head, &[], end, &[]),
        };
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
}

/// The bit of a group in [`Plan::after`].
fn bit_of(group: u32) -> u64 {
    1 << group.min(63)
}
