//! [`Watch`]: finds the signals that have changed in a time step, by comparing memory with what it was.

use pyhdl_ir::SignalId;
use pyhdl_sim::cycle::Plan;

use crate::layout::Layout;

/// What the memory was after the step before.
#[derive(Debug)]
pub struct Watch {
    /// Words of 16 bytes, from `first` on.
    before: Vec<u128>,
    first: usize,
    /// Which signals are in each word: where its part of `signals` starts.
    starts: Vec<u32>,
    signals: Vec<SignalId>,
    /// When each signal was last found to have changed, by number of comparison.
    found: Vec<u64>,
    comparisons: u64,
}

impl Watch {
    pub fn new(plan: &Plan, layout: &Layout, memory: &[u128]) -> Watch {
        let mut places: Vec<(usize, SignalId)> = Vec::new();
        for id in plan.design.signals.indices() {
            if let Some(place) = layout.current[id] {
                let (at, end) = (place.at as usize, place.at as usize + place.shape.bytes as usize);
                places.extend((at / 16..end.div_ceil(16)).map(|word| (word, id)));
            }
        }
        places.sort_unstable();
        let first = places.first().map_or(0, |(word, _)| *word);
        let end = places.last().map_or(0, |(word, _)| word + 1);
        let mut starts = vec![0u32; end - first + 1];
        for (word, _) in &places {
            starts[word - first + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Watch {
            before: memory[first..end].to_vec(),
            first,
            starts,
            signals: places.into_iter().map(|(_, id)| id).collect(),
            found: vec![0; plan.design.signals.len()],
            comparisons: 0,
        }
    }

    /// The memory as it is now counts as what it was.
    pub fn forget(&mut self, memory: &[u128]) {
        let end = self.first + self.before.len();
        self.before.copy_from_slice(&memory[self.first..end]);
    }

    /// Appends the signals in words that have changed; not all of them have changed themselves.
    pub fn changed(&mut self, memory: &[u128], candidates: &mut Vec<SignalId>) {
        self.comparisons += 1;
        let now = &memory[self.first..self.first + self.before.len()];
        for (word, (before, now)) in self.before.iter_mut().zip(now).enumerate() {
            if *before != *now {
                *before = *now;
                let (start, end) = (self.starts[word] as usize, self.starts[word + 1] as usize);
                for signal in &self.signals[start..end] {
                    if std::mem::replace(&mut self.found[signal.index()], self.comparisons)
                        != self.comparisons
                    {
                        candidates.push(*signal);
                    }
                }
            }
        }
    }
}
