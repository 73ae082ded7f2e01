//! Recording of what a set of signals did: changes in delta order, and the values at the end of each time step.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use pyhdl_ir::SignalId;
use pyhdl_sim::{Observer, Store, Value};

/// One time step: what changed in each delta, and all values at its end.
#[derive(Clone, Debug, Default)]
pub struct RecordedStep {
    /// Time in time steps.
    pub time: u64,
    /// For each delta in which a recorded signal changed: its index among the recorded ones, and the new value.
    pub deltas: Vec<Vec<(usize, Value)>>,
    /// Values of all recorded signals after everything settled.
    pub settled: Vec<Value>,
}

/// The initial values, then every time step in which something ran, up to the last one that settled.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    pub initial: Vec<Value>,
    pub steps: Vec<RecordedStep>,
    /// The time step in which the run ended, if only in the middle.
    pub end: u64,
}

pub struct Recorder {
    signals: Vec<SignalId>,
    index: HashMap<SignalId, usize>,
    current: Vec<Vec<(usize, Value)>>,
    recording: Arc<Mutex<Recording>>,
}

impl Recorder {
    pub fn new(signals: &[SignalId], store: &Store) -> Recorder {
        let initial = signals.iter().map(|s| store.get(*s)).collect();
        Recorder {
            signals: signals.to_vec(),
            index: signals.iter().enumerate().map(|(i, s)| (*s, i)).collect(),
            current: Vec::new(),
            recording: Arc::new(Mutex::new(Recording { initial, steps: Vec::new(), end: 0 })),
        }
    }

    pub fn recording(&self) -> Arc<Mutex<Recording>> {
        self.recording.clone()
    }
}

impl Observer for Recorder {
    fn delta(&mut self, _time: u64, _delta: u64, changed: &[SignalId], store: &Store) {
        let group: Vec<(usize, Value)> =
            changed.iter().filter_map(|s| self.index.get(s).map(|i| (*i, store.get(*s)))).collect();
        if !group.is_empty() {
            self.current.push(group);
        }
    }

    fn end_of_step(&mut self, time: u64, settled: bool, store: &Store) {
        self.recording.lock().end = time;
        if !settled {
            // What the design would still have done in this step, nobody saw.
            self.current.clear();
            return;
        }
        let settled = self.signals.iter().map(|s| store.get(*s)).collect();
        let step = RecordedStep { time, deltas: std::mem::take(&mut self.current), settled };
        let mut recording = self.recording.lock();
        match recording.steps.last_mut() {
            // A suspended run that goes on in the same time step.
            Some(last) if last.time == time => {
                last.deltas.extend(step.deltas);
                last.settled = step.settled;
            }
            _ => recording.steps.push(step),
        }
    }
}
