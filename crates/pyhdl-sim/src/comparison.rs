//! [`Comparison`]: finds the signals that have changed in a time step, by comparing an engine's memory with what it was.

use num_bigint::{BigInt, Sign};
use pyhdl_ir::{Design, SignalId, StorageType};

use crate::Value;
use crate::cycle::Spot;

/// What the memory was after the step before.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// Words of 16 bytes, from `first` on.
    before: Vec<u128>,
    first: usize,
    /// Which signals are in each word: where its part of `signals` starts.
    starts: Vec<u32>,
    signals: Vec<u32>,
    /// Which bits of the word are those of the signal.
    masks: Vec<u128>,
    /// By number of the spot, as `signals`.
    spots: Vec<Watched>,
    comparisons: u64,
}

#[derive(Debug)]
struct Watched {
    spot: Spot,
    /// It holds a `bool`.
    bool: bool,
    /// When it was last found to have changed, by number of comparison.
    last: u64,
}

impl Comparison {
    pub fn new(design: &Design, spots: &[Spot], memory: &[u8]) -> Comparison {
        let mut places: Vec<(usize, u32, u128)> = Vec::new();
        for (number, spot) in (0..).zip(spots) {
            let (at, end) = (spot.at, spot.at + spot.bytes);
            places.extend((at / 16..end.div_ceil(16)).map(|word| (word, number, mask(word, at, end))));
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
        let watched = |spot: &Spot| {
            let bool = design.signals.get(spot.signal).is_some_and(|signal| signal.ty == StorageType::Bool);
            Watched { spot: *spot, bool, last: 0 }
        };
        Comparison {
            before: memory.chunks(16).map(word_of).skip(first).take(end - first).collect(),
            first,
            starts,
            masks: places.iter().map(|(.., mask)| *mask).collect(),
            signals: places.into_iter().map(|(_, number, _)| number).collect(),
            spots: spots.iter().map(watched).collect(),
            comparisons: 0,
        }
    }

    /// Appends the signals that have changed, with their values.
    pub fn changed(&mut self, memory: &[u8], found: &mut Vec<(SignalId, Value)>) {
        self.comparisons += 1;
        let now = memory.chunks(16).skip(self.first);
        for (word, (before, now)) in self.before.iter_mut().zip(now).enumerate() {
            let now = word_of(now);
            if *before != now {
                let differ = *before ^ now;
                *before = now;
                let (start, end) = (self.starts[word] as usize, self.starts[word + 1] as usize);
                for (number, mask) in self.signals[start..end].iter().zip(&self.masks[start..end]) {
                    let watched = &mut self.spots[*number as usize];
                    if differ & mask != 0
                        && std::mem::replace(&mut watched.last, self.comparisons) != self.comparisons
                    {
                        found.push((watched.spot.signal, value_at(watched.spot, memory, watched.bool)));
                    }
                }
            }
        }
    }
}

/// Sixteen bytes, or the last ones of a memory.
fn word_of(bytes: &[u8]) -> u128 {
    let mut word = [0; 16];
    word[..bytes.len()].copy_from_slice(bytes);
    u128::from_le_bytes(word)
}

fn value_at(spot: Spot, memory: &[u8], bool: bool) -> Value {
    let bytes = &memory[spot.at..spot.at + spot.bytes];
    if bytes.len() <= 8 {
        let word = word_of(bytes) as u64;
        let unused = 64 - 8 * bytes.len() as u32;
        return match spot.signed {
            _ if bool => Value::Bool(word != 0),
            true => Value::Int((word << unused) as i64 >> unused),
            false => Value::from(i128::from(word)),
        };
    }
    Value::from(match spot.signed {
        true => BigInt::from_signed_bytes_le(bytes),
        false => BigInt::from_bytes_le(Sign::Plus, bytes),
    })
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
