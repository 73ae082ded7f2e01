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
    /// Which bits of the word are those of the signal.
    masks: Vec<u128>,
    /// When each signal was last found to have changed, by number of comparison.
    last: Vec<u64>,
    comparisons: u64,
}

impl Watch {
    pub fn new(plan: &Plan, layout: &Layout, memory: &[u128]) -> Watch {
        let mut places: Vec<(usize, SignalId, u128)> = Vec::new();
        for id in plan.design.signals.indices() {
            if let Some(place) = layout.current[id] {
                let (at, end) = (place.at as usize, place.at as usize + place.shape.bytes as usize);
                places.extend((at / 16..end.div_ceil(16)).map(|word| (word, id, mask(word, at, end))));
            }
        }
        places.sort_unstable();
        let first = places.first().map_or(0, |(word, ..)| *word);
        let end = places.last().map_or(0, |(word, ..)| word + 1);
        let mut starts = vec![0u32; end - first + 1];
        for (word, ..) in &places {
            starts[word - first + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Watch {
            before: memory[first..end].to_vec(),
            first,
            starts,
            masks: places.iter().map(|(.., mask)| *mask).collect(),
            signals: places.into_iter().map(|(_, id, _)| id).collect(),
            last: vec![0; plan.design.signals.len()],
            comparisons: 0,
        }
    }

    /// The memory as it is now counts as what it was.
    pub fn forget(&mut self, memory: &[u128]) {
        let end = self.first + self.before.len();
        self.before.copy_from_slice(&memory[self.first..end]);
    }

    /// Appends the signals that have changed.
    pub fn changed(&mut self, memory: &[u128], found: &mut Vec<SignalId>) {
        self.comparisons += 1;
        let now = &memory[self.first..self.first + self.before.len()];
        for (word, (before, now)) in self.before.iter_mut().zip(now).enumerate() {
            if *before != *now {
                let differ = *before ^ *now;
                *before = *now;
                let (start, end) = (self.starts[word] as usize, self.starts[word + 1] as usize);
                for (signal, mask) in self.signals[start..end].iter().zip(&self.masks[start..end]) {
                    if differ & mask == 0 {
                        continue;
                    }
                    if std::mem::replace(&mut self.last[signal.index()], self.comparisons) != self.comparisons
                    {
                        found.push(*signal);
                    }
                }
            }
        }
    }
}

/// The bits of a word of 16 bytes that hold the bytes from `at` up to `end` of the memory.
fn mask(word: usize, at: usize, end: usize) -> u128 {
    let (first, last) = (at.max(16 * word) - 16 * word, end.min(16 * word + 16) - 16 * word);
    let upto = |bytes: usize| if bytes == 16 { u128::MAX } else { (1u128 << (8 * bytes)) - 1 };
    // The first byte is the lowest.
    upto(last) & !upto(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_of_bytes() {
        assert_eq!(mask(0, 0, 1), 0xff);
        assert_eq!(mask(1, 18, 20), 0xffff_0000);
        assert_eq!(mask(0, 8, 40), u128::MAX << 64);
        assert_eq!(mask(1, 8, 40), u128::MAX);
        assert_eq!(mask(2, 8, 40), u128::from(u64::MAX));
    }
}
