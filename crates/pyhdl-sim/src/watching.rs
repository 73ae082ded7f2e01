//! [`Watching`]: the observers of a simulation, while an engine runs it.

use pyhdl_ir::{Design, SignalId};

use crate::comparison::Comparison;
use crate::cycle::{CycleEngine, Watcher};
use crate::{Observer, Store, Value};

/// Some observers look at the engine's memory themselves; the others hear what has changed.
pub(crate) struct Watching<'o> {
    watchers: Vec<Box<dyn Watcher>>,
    others: Vec<&'o mut Box<dyn Observer + Send>>,
    /// `None` where there are no others.
    comparison: Option<Comparison>,
    store: &'o Store,
    values: Vec<(SignalId, Value)>,
    changed: Vec<SignalId>,
    /// What has changed and is not in the memory.
    objects: Vec<SignalId>,
}

impl<'o> Watching<'o> {
    /// Looks at an engine that is about to run. `objects` may change and are not in its memory.
    pub fn new(
        observers: &'o mut [Box<dyn Observer + Send>],
        store: &'o Store,
        design: &Design,
        engine: &dyn CycleEngine,
        objects: &[SignalId],
    ) -> Watching<'o> {
        let (spots, memory) = (engine.spots(), engine.memory());
        let (mut watchers, mut others) = (Vec::new(), Vec::new());
        for observer in observers {
            match observer.watcher(&spots, memory, objects) {
                Some(watcher) => watchers.push(watcher),
                None => others.push(observer),
            }
        }
        let comparison = (!others.is_empty()).then(|| Comparison::new(design, &spots, memory));
        let (values, changed, objects) = (Vec::new(), Vec::new(), Vec::new());
        Watching { watchers, others, comparison, store, values, changed, objects }
    }

    /// Tells the others.
    fn tell(&mut self, time: u64, memory: &[u8]) {
        let Some(comparison) = &mut self.comparison else { return };
        self.values.clear();
        comparison.changed(memory, &mut self.values);
        let before = std::mem::replace(&mut self.store.lock().time, time);
        if time == before && self.values.is_empty() && self.objects.is_empty() {
            return;
        }
        self.changed.clear();
        self.store.change(&self.values);
        self.changed.extend(self.values.iter().map(|(signal, _)| *signal));
        self.changed.append(&mut self.objects);
        for observer in &mut self.others {
            if !self.changed.is_empty() {
                observer.delta(time, 0, &self.changed, self.store);
            }
            observer.end_of_step(time, true, self.store);
        }
    }
}

impl Watcher for Watching<'_> {
    fn objects(&mut self, changed: &[SignalId]) {
        if self.comparison.is_some() {
            self.objects.extend_from_slice(changed);
        }
    }
    fn step(&mut self, time: u64, memory: &[u8]) {
        for watcher in &mut self.watchers {
            watcher.step(time, memory);
        }
        self.tell(time, memory);
    }

    fn broken(&mut self, time: u64, memory: &[u8]) {
        for watcher in &mut self.watchers {
            watcher.broken(time, memory);
        }
        self.tell(time, memory);
    }

    fn pause(&mut self) {
        for watcher in &mut self.watchers {
            watcher.pause();
        }
    }
}
