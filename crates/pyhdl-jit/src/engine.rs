//! [`Engine`]: a compiled design with values.

use std::sync::Arc;
use std::time::{Duration, Instant};

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::Diagnostic;
use pyhdl_ir::{ProcessId, ProcessKind, SignalId, StmtKind, StorageType, for_each_stmt};
use pyhdl_sim::cycle::{CycleEngine, CycleExit, Frame, Guests, Role, Snapshot, Spot, Watcher};
use pyhdl_sim::{Host, Lender, SimError, Store, Value, codes, messages, profile};

use crate::guests::{self, Lent, Served};
use crate::layout::{Place, SlotPlace, word};
use crate::program::Program;
use crate::runtime::{self, Runtime};
use crate::sites::{Event, Site};
use crate::step::status;

/// How long machine code runs before the host is asked for interruptions, about.
const PATIENCE: Duration = Duration::from_millis(20);

pub struct Engine {
    program: Arc<Program>,
    /// 16 bytes each, for alignment.
    memory: Vec<u128>,
    /// Number of waits of each process.
    waits: IndexVec<ProcessId, u32>,
    /// Time steps of one call of the machine code.
    budget: u64,
    /// What guests read from.
    lender: Option<Arc<dyn Lender>>,
    /// Which bytes are kept before a step in which guests may run, and what was in them.
    ranges: Vec<(usize, usize)>,
    saved: Vec<u8>,
}

impl Engine {
    pub fn new(program: Arc<Program>) -> Engine {
        let waits = program
            .plan
            .design
            .processes
            .iter()
            .map(|process| match process.kind {
                ProcessKind::Thread => {
                    let mut count = 0;
                    for_each_stmt(&process.body, &mut |stmt| {
                        count += u32::from(matches!(stmt.kind, StmtKind::Wait(_)));
                    });
                    count
                }
                _ => 1,
            })
            .collect();
        let size = (program.layout.size as usize).div_ceil(16);
        let mut engine = Engine {
            memory: vec![0; size],
            waits,
            program,
            budget: 64,
            lender: None,
            ranges: Vec::new(),
            saved: Vec::new(),
        };
        if engine.program.plan.terms.is_some() {
            let memory: *const u8 = engine.memory.as_mut_ptr().cast();
            engine.ranges = guests::ranges_before_guests(&engine.program.plan, &engine.program.layout);
            engine.lender = Some(Arc::new(Lent::new(memory, engine.program.clone())));
        }
        for (number, address) in engine.program.code.addresses().collect::<Vec<_>>().into_iter().enumerate() {
            engine.write_word(word::FUNCTIONS + 8 * number as i32, address);
        }
        engine.write_word(word::PLACE, profile::PLACE.as_ptr() as u64);
        engine.write_word(word::PRINT, runtime::print as *const () as u64);
        engine.write_word(word::DRAW, runtime::draw as *const () as u64);
        engine.write_word(word::ARITHMETIC, runtime::arithmetic as *const () as u64);
        engine.write_word(word::GUESTS, guests::wake as *const () as u64);
        engine.write_word(word::UPDATE_MEMORY, runtime::update_memory as *const () as u64);
        let design = engine.program.plan.design.clone();
        for (id, table) in design.tables.iter_enumerated() {
            if let Some(array) = engine.program.layout.tables[id] {
                for (i, entry) in table.entries.iter().enumerate() {
                    let at = array.at + (i as u32 * array.shape.bytes) as i32;
                    engine.write(Place { at, shape: array.shape }, entry);
                }
            }
        }
        engine
    }

    fn bytes(&mut self) -> &mut [u8] {
        let length = 16 * self.memory.len();
        // SAFETY: bytes of numbers, of which every value is allowed.
        unsafe { std::slice::from_raw_parts_mut(self.memory.as_mut_ptr().cast::<u8>(), length) }
    }

    fn write_word(&mut self, at: i32, value: u64) {
        self.bytes()[at as usize..at as usize + 8].copy_from_slice(&value.to_le_bytes());
    }

    fn word(&mut self, at: i32) -> u64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.bytes()[at as usize..at as usize + 8]);
        u64::from_le_bytes(bytes)
    }

    fn write(&mut self, place: Place, value: &BigInt) {
        let limbs = runtime::limbs(value, (place.shape.bytes as usize).div_ceil(8));
        let bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        let (at, count) = (place.at as usize, place.shape.bytes as usize);
        self.bytes()[at..at + count].copy_from_slice(&bytes[..count]);
    }

    fn read(&mut self, place: Place) -> Value {
        let (at, count) = (place.at as usize, place.shape.bytes as usize);
        read(&self.bytes()[at..at + count], place.shape.signed)
    }

    fn write_slot(&mut self, slot: SlotPlace, value: Option<&Value>) {
        self.bytes()[slot.assigned as usize] = u8::from(value.is_some());
        if let Some(value) = value {
            self.write(slot.place, &value.to_bigint());
        }
    }

    fn set_until(&mut self, until: u64) {
        // All ones is when those wake that never do.
        self.write_word(word::UNTIL, until.min(u64::MAX - 1));
    }

    /// Runs so many time steps of machine code.
    fn call(
        &mut self,
        host: &mut dyn Host,
        guests: Option<&mut dyn Guests>,
        steps: u64,
    ) -> (i32, Option<SimError>) {
        self.write_word(word::BUDGET, steps);
        let program = self.program.clone();
        let entry = program.code.entry();
        let lender = self.lender.clone();
        let served = guests.zip(lender.as_ref()).map(|(guests, lender)| Served {
            guests,
            lender,
            fired: Vec::new(),
            written: Vec::new(),
        });
        let mut runtime = Runtime { program: &program, host, served, error: None };
        let pointer = (&raw mut runtime) as u64;
        let at = word::RUNTIME as usize;
        let memory = self.memory.as_mut_ptr().cast::<u8>();
        // SAFETY: the memory has the layout that the code was made for, all addresses in it are those of living
        // functions and of a runtime that outlives the call, and nobody else has it meanwhile.
        let status = unsafe {
            memory.add(at).cast::<u64>().write(pointer);
            entry(memory)
        };
        (status, runtime.error.take())
    }

    /// Where a signal's value is seen: not that of an object, nor of what only the host knows.
    fn spot(&self, signal: SignalId) -> Option<Place> {
        let known = self.program.plan.design.signals.get(signal)?;
        self.program.layout.current[signal].filter(|_| known.ty != StorageType::Opaque)
    }

    /// Runs one time step after the other; after each, the watcher hears of it.
    fn run_watched(&mut self, host: &mut dyn Host, watcher: &mut dyn Watcher) -> CycleExit {
        // Time steps after which the clock is looked at.
        let mut patience = 1;
        loop {
            let start = Instant::now();
            for _ in 0..patience {
                let (status, error) = self.call(host, None, 1);
                let time = self.word(word::NOW);
                match i64::from(status) {
                    status::LOOK_AROUND | status::REACHED => watcher.step(time, self.memory()),
                    _ => watcher.broken(time, self.memory()),
                }
                if i64::from(status) != status::LOOK_AROUND {
                    return self.exit(status, error);
                }
            }
            watcher.pause();
            if let Err(error) = host.interrupted(self.word(word::NOW)) {
                return CycleExit::Failed(SimError::Host(error));
            }
            patience = next_budget(patience, start.elapsed());
        }
    }

    /// Runs time steps; those in which guests may wake one by one, so that each can be undone.
    fn run_with_guests(
        &mut self,
        host: &mut dyn Host,
        until: u64,
        guests: &mut dyn Guests,
        mut watcher: Option<&mut dyn Watcher>,
    ) -> CycleExit {
        let (mut own, mut objects) = (Vec::new(), Vec::new());
        let mut asked = Instant::now();
        loop {
            let wake = guests.next_time().unwrap_or(u64::MAX);
            if let Some(at) = self.program.layout.guests_wake {
                self.write_word(at, wake);
            }
            let before = self.word(word::NOW);
            let free = until.min(wake.saturating_sub(1));
            let start = Instant::now();
            let alone = watcher.is_none() && free > before && !guests.any_waits();
            let (status, error) = if alone {
                self.set_until(free);
                self.call(host, Some(guests), self.budget)
            } else {
                self.set_until(until);
                self.save();
                self.call(host, Some(guests), 1)
            };
            if status == status::LEFT {
                self.undo();
                return CycleExit::Left;
            }
            let time = self.word(word::NOW);
            if let Some(watcher) = &mut watcher {
                // What is the guests' own is in the memory only for those who watch.
                guests.own_changes(&mut own);
                for (signal, value) in own.drain(..) {
                    match self.spot(signal) {
                        Some(place) => self.write(place, &value.to_bigint()),
                        None => objects.push(signal),
                    }
                }
                if !objects.is_empty() {
                    watcher.objects(&objects);
                    objects.clear();
                }
                match i64::from(status) {
                    status::LOOK_AROUND | status::REACHED => watcher.step(time, self.memory()),
                    _ => watcher.broken(time, self.memory()),
                }
            }
            if asked.elapsed() > PATIENCE {
                asked = Instant::now();
                if let Some(watcher) = &mut watcher {
                    watcher.pause();
                }
                if let Err(error) = host.interrupted(time) {
                    return CycleExit::Failed(SimError::Host(error));
                }
            }
            match i64::from(status) {
                status::LOOK_AROUND if alone && start.elapsed() < PATIENCE / 2 => {
                    self.budget = (self.budget * 2).min(1 << 40);
                }
                status::LOOK_AROUND => {}
                // Nothing happens before a guest wakes.
                status::REACHED if alone && wake != u64::MAX && wake <= until => {
                    self.write_word(word::NOW, free);
                }
                _ => return self.exit(status, error),
            }
        }
    }

    /// Keeps what a step may change before guests run.
    fn save(&mut self) {
        let mut saved = std::mem::take(&mut self.saved);
        let ranges = std::mem::take(&mut self.ranges);
        saved.clear();
        ranges.iter().for_each(|(start, end)| saved.extend_from_slice(&self.bytes()[*start..*end]));
        (self.saved, self.ranges) = (saved, ranges);
    }

    /// Goes back to what was kept.
    fn undo(&mut self) {
        let saved = std::mem::take(&mut self.saved);
        let ranges = std::mem::take(&mut self.ranges);
        let mut at = 0;
        for (start, end) in &ranges {
            self.bytes()[*start..*end].copy_from_slice(&saved[at..at + end - start]);
            at += end - start;
        }
        (self.saved, self.ranges) = (saved, ranges);
    }

    /// The current value of a signal; `None` where it has no place in memory.
    fn value(&mut self, id: SignalId) -> Option<Value> {
        let place = self.program.layout.current[id]?;
        if self.program.plan.terms.as_ref().is_some_and(|terms| !terms.is_shared(id)) {
            return None;
        }
        let value = self.read(place);
        match self.program.plan.design.signals[id].ty {
            StorageType::Opaque => None,
            StorageType::Bool => Some(Value::Bool(value.is_true())),
            _ => Some(value),
        }
    }

    fn exit(&mut self, status: i32, error: Option<SimError>) -> CycleExit {
        match error {
            Some(error) => CycleExit::Failed(error),
            None if i64::from(status) == status::REACHED => CycleExit::Reached,
            None => self.exit_at(status),
        }
    }

    /// What happened at a site.
    fn exit_at(&mut self, number: i32) -> CycleExit {
        let Some(site) = usize::try_from(number - 1).ok().and_then(|i| self.program.sites.get(i)).cloned()
        else {
            let text = "machine code has come back with an unknown status";
            return CycleExit::Failed(SimError::Diagnostic(Diagnostic::error(codes::COMPILED_NUMBER, text)));
        };
        let arguments = runtime::arguments(&self.program, self.memory.as_ptr().cast(), &site);
        let first = arguments.first().cloned().unwrap_or_default();
        let second = arguments.get(1).cloned().unwrap_or_default();
        let Site { event, process, span, .. } = site;
        let python = |exception: &str, message: String| {
            let exception = exception.to_owned().into();
            CycleExit::Failed(SimError::Python { exception, message, span, process })
        };
        match event {
            Event::OutOfBounds { min, max } => {
                let message = messages::out_of_bounds(&first, &min, &max);
                CycleExit::Failed(SimError::OutOfBounds { message, span, process })
            }
            Event::NotBool => python("ValueError", messages::not_bool(&first)),
            Event::NotBit => python("ValueError", messages::not_a_bit(&second)),
            Event::PartTooLarge { width } => {
                python("ValueError", messages::part_too_large(&second + width, &second, &first))
            }
            Event::NegativeLow { assigned } => python("ValueError", messages::negative_low(&first, assigned)),
            Event::Python { exception, message } => python(&exception, message),
            Event::Raise { exception, message } => {
                let text = runtime::text(&self.program, &message, arguments.into_iter());
                match exception == "StopSimulation" {
                    true => CycleExit::Stopped(text),
                    false => python(&exception, text),
                }
            }
            Event::LoopLimit { process, limit } => {
                CycleExit::Failed(SimError::Diagnostic(messages::never_yields(limit, span, process)))
            }
            Event::TimeOverflow => {
                CycleExit::Failed(SimError::Diagnostic(messages::time_overflow(Some(span))))
            }
            Event::Overflow => CycleExit::Failed(SimError::Diagnostic(
                Diagnostic::error(codes::COMPILED_NUMBER, "a number without bounds has grown beyond 64 bits")
                    .at(span, "computed here")
                    .help("give it bounds with `intbv`, or run with `--engine event`"),
            )),
            Event::Print(_) | Event::Draw { .. } => CycleExit::Reached,
        }
    }
}

/// A stored number.
pub fn read(bytes: &[u8], signed: bool) -> Value {
    if let Ok(word) = <[u8; 8]>::try_from(bytes) {
        return match signed {
            true => Value::Int(i64::from_le_bytes(word)),
            false => Value::from(i128::from(u64::from_le_bytes(word))),
        };
    }
    match *bytes {
        [a] => return Value::Int(if signed { i64::from(a as i8) } else { i64::from(a) }),
        [a, b] => {
            let word = u16::from_le_bytes([a, b]);
            return Value::Int(if signed { i64::from(word as i16) } else { i64::from(word) });
        }
        [a, b, c, d] => {
            let word = u32::from_le_bytes([a, b, c, d]);
            return Value::Int(if signed { i64::from(word as i32) } else { i64::from(word) });
        }
        _ => {}
    }
    let number = match signed {
        true => BigInt::from_signed_bytes_le(bytes),
        false => BigInt::from_bytes_le(num_bigint::Sign::Plus, bytes),
    };
    Value::from(number)
}

/// How many time steps come next, after so many have taken some time.
fn next_budget(budget: u64, took: Duration) -> u64 {
    if took < PATIENCE / 2 {
        (budget * 2).min(1 << 40)
    } else if took > PATIENCE * 2 {
        (budget / 2).max(1)
    } else {
        budget
    }
}

impl CycleEngine for Engine {
    fn enter(&mut self, snapshot: &Snapshot, store: &Store) {
        let plan = self.program.plan.clone();
        let values: Vec<Value> = store.all(plan.design.signals.len());
        for (signal, value) in plan.design.signals.indices().zip(&values) {
            let Some(place) = self.program.layout.current[signal] else { continue };
            let value = value.to_bigint();
            self.write(place, &value);
            if let Some(next) = self.program.layout.next[signal] {
                self.write(Place { at: next, ..place }, &value);
            }
        }
        let memories: Vec<_> = self.program.layout.memories.iter().flatten().copied().collect();
        for changed in memories.into_iter().filter_map(|array| array.changed) {
            self.bytes()[changed as usize..changed as usize + 4].fill(0);
        }
        let mut latest = 0;
        for (id, frame) in snapshot.frames.iter_enumerated() {
            let place = self.program.layout.frames[id].clone();
            if plan.roles[id] != Role::Waits {
                continue;
            }
            let wait = frame.wait.unwrap_or(self.waits[id]);
            self.bytes()[place.wait as usize..place.wait as usize + 4].copy_from_slice(&wait.to_le_bytes());
            if let Some(wake) = place.wake {
                self.write_word(wake, frame.wake.unwrap_or(u64::MAX));
            }
            latest = latest.max(frame.since);
            if let Some(since) = place.since {
                self.write_word(since, frame.since);
            }
            for (slot, value) in place.slots.iter().zip(&frame.slots) {
                if let Some(slot) = slot {
                    self.write_slot(*slot, value.as_ref());
                }
            }
        }
        self.write_word(word::SINCE, latest);
        self.write_word(word::NOW, snapshot.time);
    }

    fn run(
        &mut self,
        host: &mut dyn Host,
        until: Option<u64>,
        guests: Option<&mut dyn Guests>,
        watcher: Option<&mut dyn Watcher>,
    ) -> CycleExit {
        self.set_until(until.unwrap_or(u64::MAX));
        if let Some(guests) = guests {
            return self.run_with_guests(host, until.unwrap_or(u64::MAX), guests, watcher);
        }
        if let Some(watcher) = watcher {
            return self.run_watched(host, watcher);
        }
        loop {
            let start = Instant::now();
            let (status, error) = self.call(host, None, self.budget);
            let took = start.elapsed();
            if i64::from(status) != status::LOOK_AROUND {
                return self.exit(status, error);
            }
            if let Err(error) = host.interrupted(self.word(word::NOW)) {
                return CycleExit::Failed(SimError::Host(error));
            }
            self.budget = next_budget(self.budget, took);
        }
    }

    fn is_compiled(&self) -> bool {
        true
    }

    fn spots(&self) -> Vec<Spot> {
        let spot = |id: SignalId| {
            let Place { at, shape } = self.spot(id)?;
            let of = self.program.plan.copies[id].and_then(|of| self.program.layout.current[of]);
            let copied = of.filter(|of| of.shape == shape).map(|of| of.at as usize);
            let (at, bytes) = (at as usize, shape.bytes as usize);
            Some(Spot { signal: id, at, bytes, signed: shape.signed, copied })
        };
        self.program.plan.design.signals.indices().filter_map(spot).collect()
    }

    fn memory(&self) -> &[u8] {
        // SAFETY: bytes of numbers.
        unsafe { std::slice::from_raw_parts(self.memory.as_ptr().cast::<u8>(), 16 * self.memory.len()) }
    }

    fn leave(&mut self, store: &Store) -> Snapshot {
        let plan = self.program.plan.clone();
        let design = &plan.design;
        let values: Vec<(SignalId, Value)> =
            design.signals.indices().filter_map(|id| Some((id, self.value(id)?))).collect();
        store.restore(values);
        let mut snapshot =
            Snapshot { time: self.word(word::NOW), frames: IndexVec::new(), stale: Vec::new() };
        for (id, process) in design.processes.iter_enumerated() {
            let place = self.program.layout.frames[id].clone();
            let mut frame = Frame::default();
            if plan.roles[id] == Role::Waits {
                let bytes = &self.bytes()[place.wait as usize..place.wait as usize + 4];
                let wait = bytes.iter().rev().fold(0u32, |n, byte| n << 8 | u32::from(*byte));
                frame.wait = Some(wait).filter(|wait| *wait < self.waits[id]);
                frame.wake = place.wake.map(|wake| self.word(wake)).filter(|wake| *wake != u64::MAX);
                frame.since = place.since.map_or(0, |since| self.word(since));
            } else if plan.roles[id] == Role::Follows {
                frame.wait = Some(0);
            }
            for (i, slot) in place.slots.iter().enumerate() {
                let value = slot.filter(|slot| self.bytes()[slot.assigned as usize] != 0).map(|slot| {
                    let value = self.read(slot.place);
                    match process.locals.get(pyhdl_ir::LocalId::from_usize(i)).map(|local| &local.ty) {
                        Some(StorageType::Bool) => Value::Bool(value.is_true()),
                        _ => value,
                    }
                });
                frame.slots.push(value);
            }
            snapshot.frames.push(frame);
        }
        snapshot.stale.clone_from(&self.program.stale);
        snapshot
    }
}

#[cfg(test)]
mod tests {
    use num_traits::ToPrimitive;

    use super::*;

    #[test]
    fn limbs_are_twos_complement() {
        assert_eq!(runtime::limbs(&BigInt::from(-1), 2), [u64::MAX, u64::MAX]);
        assert_eq!(runtime::limbs(&BigInt::from(5), 1), [5]);
        assert_eq!(runtime::number(&[u64::MAX, 0]).to_u128(), Some(u128::from(u64::MAX)));
        assert_eq!(runtime::number(&[0, u64::MAX]).to_i128(), Some(-(1i128 << 64)));
    }
}
