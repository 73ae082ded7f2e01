//! Guests: processes that the kernel runs in the middle of a time step. The code that asks for them, and what an engine
//! does for them: it lends them the values, takes what they drive, and can go back to the start of a step.

use std::sync::Arc;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value as Code, types};
use pyhdl_ir::{ProcessId, SignalId, StorageType};
use pyhdl_sim::cycle::{Action, Answer, CellId, Guests, Moment, Plan, Wake};
use pyhdl_sim::{Lender, Value};

use crate::Refused;
use crate::body::{Body, flags};
use crate::condition::Condition;
use crate::engine;
use crate::layout::{Layout, word};
use crate::program::Program;
use crate::runtime::{self, runtime};
use crate::step::{Events, status};

impl Body<'_, '_, '_> {
    /// Calls the runtime if a trigger of a guest has fired, if time wakes one, or if they wake each other.
    pub fn guests(
        &mut self,
        delta: u32,
        group: u32,
        events: &mut Events,
        now: Option<Code>,
    ) -> Result<(), Refused> {
        let layout = self.shared.layout;
        let mut any = match (now, layout.guests_wake) {
            (Some(now), Some(wake)) => {
                let wake = self.b.ins().load(types::I64, flags(), self.state, wake);
                Condition::If(self.b.ins().icmp(IntCC::Equal, wake, now))
            }
            _ => self.guests_again(),
        };
        let wakes = self.shared.plan.guest_wakes.clone();
        for flag in wakes.iter().filter_map(|wake| events.fired.get(wake)) {
            any = self.either(any, *flag);
        }
        self.note_run(group, any, events);
        self.when(any, |body| {
            for (at, wake) in wakes.iter().enumerate() {
                let flag = match events.fired.get(wake) {
                    Some(Condition::If(flag)) => *flag,
                    Some(Condition::Always) => body.b.ins().iconst(types::I8, 1),
                    Some(Condition::Never) | None => body.b.ins().iconst(types::I8, 0),
                };
                body.b.ins().store(flags(), flag, body.state, layout.fired + at as i32);
            }
            let delta = body.nums().small(i64::from(delta));
            let status = body.call_runtime(word::GUESTS, &[delta]);
            body.leave_if_not_zero(status);
            Ok(())
        })
    }

    /// Whether guests wake by what they did themselves.
    pub fn guests_again(&mut self) -> Condition {
        let again = self.b.ins().load(types::I64, flags(), self.state, word::AGAIN);
        Condition::If(self.b.ins().icmp_imm(IntCC::NotEqual, again, 0))
    }
}

/// What a run talks to for its guests.
pub struct Served<'r> {
    pub guests: &'r mut dyn Guests,
    pub lender: &'r Arc<dyn Lender>,
    pub fired: Vec<Wake>,
    pub written: Vec<(SignalId, Value)>,
}

pub unsafe extern "C" fn wake(state: *mut u8, delta: u64) -> i32 {
    // SAFETY: machine code passes on the memory that it was given.
    let runtime = unsafe { runtime(state) };
    let program = runtime.program;
    let Some(served) = &mut runtime.served else { return status::LEFT };
    let (layout, plan) = (&program.layout, &program.plan);
    served.fired.clear();
    for (at, wake) in plan.guest_wakes.iter().enumerate() {
        // SAFETY: the layout has a byte there for each of them.
        if unsafe { state.add(layout.fired as usize + at).read() } != 0 {
            served.fired.push(*wake);
        }
    }
    // SAFETY: the fixed words are within the memory.
    let time = unsafe { state.add(word::NOW as usize).cast::<u64>().read() };
    let moment = Moment { time, delta: delta as u32 };
    served.written.clear();
    let answer = served.guests.wake(runtime.host, moment, &served.fired, served.lender, &mut served.written);
    if answer == Answer::Leave {
        return status::LEFT;
    }
    for (signal, value) in &served.written {
        // SAFETY: the places of the layout are within the memory.
        unsafe { drive(layout, state, *signal, value) };
    }
    let next = served.guests.next_time().unwrap_or(u64::MAX);
    // SAFETY: as above.
    unsafe {
        state.add(word::AGAIN as usize).cast::<u64>().write(u64::from(answer == Answer::Again));
        if let Some(wake) = layout.guests_wake {
            state.add(wake as usize).cast::<u64>().write(next);
        }
    }
    0
}

/// Gives a signal its next value.
///
/// # Safety
/// `state` is memory of this layout.
unsafe fn drive(layout: &Layout, state: *mut u8, signal: SignalId, value: &Value) {
    let (Some(place), Some(next)) = (layout.current[signal], layout.next[signal]) else { return };
    let limbs = runtime::limbs(&value.to_bigint(), place.shape.limbs() as usize);
    let bytes = limbs.iter().flat_map(|limb| limb.to_le_bytes()).take(place.shape.bytes as usize);
    for (at, byte) in bytes.enumerate() {
        // SAFETY: the shape's bytes are all in the memory.
        unsafe { state.add(next as usize + at).write(byte) };
    }
    let Some((memory, index)) = layout.element_of[signal] else { return };
    if let Some((array, changed)) = layout.memories[memory].and_then(|array| Some((array, array.changed?))) {
        // SAFETY: the list has room for as many indices as there are elements.
        unsafe {
            let count = state.add(changed as usize).cast::<u32>();
            if *count < array.length {
                state.add(changed as usize + 4 + 4 * *count as usize).cast::<u32>().write(index);
                *count += 1;
            }
        }
    }
}

/// The values of an engine's signals, as they are in its memory.
pub struct Lent {
    memory: *const u8,
    program: Arc<Program>,
}

// SAFETY: the memory is read only while the kernel runs guests, in the thread and in the middle of the call in which the
// engine waits for them.
unsafe impl Send for Lent {}
// SAFETY: as above.
unsafe impl Sync for Lent {}

impl Lent {
    /// `memory` is that of an engine for the program, and lives longer.
    pub fn new(memory: *const u8, program: Arc<Program>) -> Lent {
        Lent { memory, program }
    }
}

impl Lender for Lent {
    fn value(&self, signal: SignalId) -> Option<Value> {
        let plan = &self.program.plan;
        if plan.terms.as_ref().is_some_and(|terms| !terms.is_shared(signal)) {
            return None;
        }
        let place = (*self.program.layout.current.get(signal)?)?;
        // SAFETY: places are within the memory, which nobody writes to meanwhile.
        let bytes = unsafe {
            std::slice::from_raw_parts(self.memory.add(place.at as usize), place.shape.bytes as usize)
        };
        let value = engine::read(bytes, place.shape.signed);
        match plan.design.signals[signal].ty {
            StorageType::Opaque => None,
            StorageType::Bool => Some(Value::Bool(value.is_true())),
            _ => Some(value),
        }
    }
}

/// The parts of the memory that a time step may have changed when guests run: ranges of bytes.
pub fn ranges_before_guests(plan: &Plan, layout: &Layout) -> Vec<(usize, usize)> {
    let last = plan.actions.iter().rposition(|action| matches!(action, Action::Guests(_)));
    let mut ranges: Vec<(usize, usize)> = vec![
        (word::NOW as usize, word::NOW as usize + 8),
        (word::SINCE as usize, word::SINCE as usize + 8),
        (word::AGAIN as usize, word::AGAIN as usize + 8),
    ];
    let mut known = vec![false; plan.cells.all.len()];
    let mut add = |at: i32, bytes: u32| ranges.push((at as usize, at as usize + bytes as usize));
    let mut cell = |id: CellId, add: &mut dyn FnMut(i32, u32)| {
        if std::mem::replace(&mut known[id.index()], true) {
            return;
        }
        for signal in &plan.cells.all[id].signals {
            if let Some(place) = layout.current[*signal] {
                add(place.at, place.shape.bytes);
                if let Some(next) = layout.next[*signal] {
                    add(next, place.shape.bytes);
                }
            }
            if let Some((memory, 0)) = layout.element_of[*signal]
                && let Some(array) = layout.memories[memory]
                && let Some(changed) = array.changed
            {
                add(changed, 4 + 4 * array.length);
            }
        }
    };
    add(layout.wakes.0, 8 * layout.wakes.1);
    let mut process = |id: ProcessId, add: &mut dyn FnMut(i32, u32)| {
        let frame = &layout.frames[id];
        if pyhdl_sim::cycle::Role::Waits == plan.roles[id] {
            add(frame.wait, 4);
        }
        for slot in frame.slots.iter().flatten() {
            add(slot.place.at, slot.place.shape.bytes);
            add(slot.assigned, 1);
        }
        plan.drives[id].iter().for_each(|id| cell(*id, add));
    };
    for action in &plan.actions[..last.unwrap_or(0)] {
        match action {
            Action::Run(id) => process(*id, &mut add),
            Action::Loud(ids) => ids.iter().for_each(|id| process(*id, &mut add)),
            Action::Update(_) | Action::Guests(_) => {}
        }
    }
    // What guests themselves have driven in a delta before.
    let guests = plan.terms.as_ref().map(|terms| plan.roles.indices().filter(|id| terms.is_guest(*id)));
    for id in guests.into_iter().flatten() {
        process(id, &mut add);
    }
    ranges.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (start, end) in ranges {
        match merged.last_mut() {
            // Small gaps cost less than another range.
            Some((_, last)) if start <= *last + 32 => *last = end.max(*last),
            _ => merged.push((start, end)),
        }
    }
    merged
}
