//! [`Interpreted`]: an engine that runs a plan action by action in the interpreter. It is what a plan means, without
//! anything that makes it fast: compiled code has to do the same.

use num_bigint::Sign;
use oxc_index::IndexVec;
use pyhdl_ir::{Design, ProcessId, Range, SignalId, StorageType};

use crate::cycle::{Action, CycleEngine, CycleExit, Guests, Plan, Snapshot, Spot, Watcher};
use crate::interpreter::Fault;
use crate::kernel::Simulation;
use crate::store::Update;
use crate::waiting::Token;
use crate::{Host, Store, Uncompiled, Value};

/// The host is asked for interruption once in so many time steps.
const POLL: u64 = 1 << 10;

/// A simulation of its own, in which the plan says who runs when.
pub struct Interpreted {
    plan: Plan,
    simulation: Simulation,
    /// The registration by which each process wakes when its turn comes.
    woken: IndexVec<ProcessId, Option<Token>>,
    /// How many of them there are.
    awake: usize,
    /// Signals whose next values wait for the end of the delta.
    held: Vec<SignalId>,
    batch: Vec<SignalId>,
    steps: u64,
    /// For those who watch.
    memory: Option<Memory>,
}

impl Interpreted {
    /// For a plan without guests; where somebody watches, of signals with bounds.
    pub fn new(plan: Plan, watched: bool) -> Result<Interpreted, Uncompiled> {
        if plan.terms.is_some() {
            let reason = "processes run in Python, which only compiled code runs beside".to_owned();
            return Err(Uncompiled { reason, process: None });
        }
        let memory = match watched {
            true => Some(Memory::new(&plan.design).ok_or_else(|| Uncompiled {
                reason: "there are waves of numbers without bounds".to_owned(),
                process: None,
            })?),
            false => None,
        };
        Ok(Interpreted {
            simulation: Simulation::new(plan.design.clone()),
            woken: plan.design.processes.iter().map(|_| None).collect(),
            awake: 0,
            held: Vec::new(),
            batch: Vec::new(),
            steps: 0,
            memory,
            plan,
        })
    }

    /// One time step.
    fn step(&mut self, time: u64, host: &mut dyn Host) -> Result<(), Fault> {
        self.steps += 1;
        if self.steps.is_multiple_of(POLL) {
            host.interrupted(time)?;
        }
        self.simulation.begin_step(time);
        self.list_woken();
        for at in 0..self.plan.actions.len() {
            if self.awake == 0 && self.held.is_empty() {
                break;
            }
            match &self.plan.actions[at] {
                Action::Run(process) => self.run_process(*process, host)?,
                Action::Loud(processes) => {
                    let since = |id: &ProcessId| self.simulation.activities.since(self.woken[*id]?);
                    let mut now: Vec<(u64, ProcessId)> =
                        processes.iter().filter_map(|id| Some((since(id)?, *id))).collect();
                    now.sort_unstable();
                    for (_, process) in now.into_iter().rev() {
                        self.run_process(process, host)?;
                    }
                }
                Action::Update(_) => {
                    let mut held = std::mem::take(&mut self.held);
                    held.drain(..).for_each(|signal| self.commit(signal));
                    self.held = held;
                    self.list_woken();
                }
                Action::Guests(_) => {}
            }
        }
        Ok(())
    }

    /// Runs a process if it has been woken. What it drives changes at once, where the plan allows it.
    fn run_process(&mut self, process: ProcessId, host: &mut dyn Host) -> Result<(), Fault> {
        let Some(token) = self.woken[process].take() else { return Ok(()) };
        self.awake -= 1;
        let Some(token) = self.simulation.activities.take(token) else { return Ok(()) };
        self.simulation.activate(token, host)?;
        let mut batch = std::mem::take(&mut self.batch);
        self.simulation.store.lock().take_pending(&mut batch);
        for signal in batch.drain(..) {
            match self.plan.shadowed[self.plan.cells.of(signal)] {
                true => self.held.push(signal),
                false => self.commit(signal),
            }
        }
        self.batch = batch;
        self.list_woken();
        Ok(())
    }

    /// The next value of a signal becomes the current one.
    fn commit(&mut self, signal: SignalId) {
        let simulation = &mut self.simulation;
        let mut state = simulation.store.lock();
        let update = state.commit(signal);
        if update == Update::Unchanged {
            return;
        }
        if let Some(memory) = &mut self.memory {
            memory.write(signal, state.current(signal));
        }
        drop(state);
        simulation.waiters.wake(signal, update, &mut simulation.runnable);
    }

    fn list_woken(&mut self) {
        let activities = &mut self.simulation.activities;
        for token in self.simulation.runnable.drain(..).filter(|token| !activities.is_stale(token)) {
            if let Some(process) = activities.root(token)
                && self.woken[process].replace(token).is_none()
            {
                self.awake += 1;
            }
        }
    }

    /// When the next step is.
    fn next_time(&mut self) -> Option<u64> {
        self.simulation.calendar.next_living(&self.simulation.activities)
    }
}

impl CycleEngine for Interpreted {
    fn enter(&mut self, snapshot: &Snapshot, store: &Store) {
        let signals = self.plan.design.signals.indices();
        let values = store.all(signals.len());
        if let Some(memory) = &mut self.memory {
            signals.clone().zip(&values).for_each(|(signal, value)| memory.write(signal, value));
        }
        self.simulation.store.restore(signals.zip(values));
        self.simulation.wait_as(snapshot);
        self.woken.iter_mut().for_each(|woken| *woken = None);
        (self.awake, self.steps) = (0, 0);
        self.held.clear();
    }

    fn run(
        &mut self,
        host: &mut dyn Host,
        until: Option<u64>,
        _guests: Option<&mut dyn Guests>,
        mut watcher: Option<&mut dyn Watcher>,
    ) -> CycleExit {
        loop {
            let over = |next: u64, now: u64| until.is_some_and(|until| next > until || now >= until);
            let next = self.next_time().filter(|next| !over(*next, self.simulation.time));
            let result = match next {
                Some(next) => self.step(next, host),
                None => Ok(()),
            };
            let time = self.simulation.time;
            if let (Some(watcher), Some(memory)) = (&mut watcher, &self.memory) {
                match &result {
                    Ok(()) => watcher.step(time, &memory.bytes),
                    Err(_) => watcher.broken(time, &memory.bytes),
                }
                if self.steps.is_multiple_of(POLL) {
                    watcher.pause();
                }
            }
            match result {
                Ok(()) if next.is_none() => return CycleExit::Reached,
                Ok(()) => {}
                Err(Fault::Stop(message)) => return CycleExit::Stopped(message),
                Err(Fault::Error(error)) => return CycleExit::Failed(*error),
            }
        }
    }

    fn is_compiled(&self) -> bool {
        false
    }

    fn spots(&self) -> Vec<Spot> {
        let spots = self.memory.iter().flat_map(|memory| &memory.spots);
        spots.filter_map(|spot| *spot).collect()
    }

    fn memory(&self) -> &[u8] {
        self.memory.as_ref().map_or(&[], |memory| &memory.bytes)
    }

    fn leave(&mut self, store: &Store) -> Snapshot {
        let signals = self.plan.design.signals.indices();
        let values = self.simulation.store.all(signals.len());
        store.restore(signals.zip(values));
        self.simulation.snapshot()
    }
}

/// All values as bytes, the lowest first.
struct Memory {
    spots: IndexVec<SignalId, Option<Spot>>,
    bytes: Vec<u8>,
}

impl Memory {
    /// `None` where a signal has no bounds.
    fn new(design: &Design) -> Option<Memory> {
        let mut at = 0;
        let mut spots = IndexVec::new();
        for (signal, declared) in design.signals.iter_enumerated() {
            let range = match &declared.ty {
                StorageType::Bool => Range::bit(),
                StorageType::Bits(bits) => bits.range(),
                StorageType::Enum(id) => Range::new(0, design.enums[*id].literals.len()),
                StorageType::Int(range) => range.clone(),
                StorageType::Opaque => {
                    spots.push(None);
                    continue;
                }
            };
            let signed = range.may_be_negative();
            let bytes = (range.width()? as usize).div_ceil(64).max(1) * 8;
            spots.push(Some(Spot { signal, at, bytes, signed, copied: None }));
            at += bytes;
        }
        Some(Memory { spots, bytes: vec![0; at] })
    }

    fn write(&mut self, signal: SignalId, value: &Value) {
        let Some(spot) = self.spots[signal] else { return };
        let place = &mut self.bytes[spot.at..spot.at + spot.bytes];
        let number = value.to_bigint();
        let bytes = number.to_signed_bytes_le();
        let used = bytes.len().min(place.len());
        place.fill(if number.sign() == Sign::Minus { 0xff } else { 0 });
        place[..used].copy_from_slice(&bytes[..used]);
    }
}
