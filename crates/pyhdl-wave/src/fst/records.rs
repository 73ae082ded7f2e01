//! Records of what a signal is in a batch.

use super::number;
use super::track::Track;
use super::turned::History;

/// A signal as bits of a word.
#[derive(Clone, Copy)]
pub(super) struct Bits {
    /// At least 1 and at most 64.
    pub width: u32,
    /// Bits in memory, the topmost of which is a sign that goes on.
    pub sign_at: Option<u32>,
}

/// Steps whose records are made at once.
const STEPS: usize = 16;

/// Bytes for the records of so many steps: each says in at most five how many entries have passed, and has at most eight
/// bytes of value.
const ROOM: usize = STEPS * (5 + 8);

/// So many entries have room in the first byte of a record, with one bit below.
const NEAR: u32 = 64;

/// Adds all changes to a track. The first step has this entry in the table of times.
pub(super) fn add(history: &History<'_>, bits: Bits, track: &mut Track, first: u32) {
    let mut records = Records {
        shift: history.shift,
        mask: history.mask,
        above: 64 - bits.width,
        length: if bits.width == 1 { 0 } else { bits.width.div_ceil(8) as usize },
        extends: bits.sign_at.map_or(0, |sign| 64 - sign),
        before: history.before,
        entry: track.entry,
        last: None,
    };
    let out = &mut track.records;
    // The code of a record does not ask for room.
    let mut room = [0; ROOM];
    let steps = history.steps.chunks(STEPS);
    for (steps, words) in steps.zip(history.words.chunks(STEPS)) {
        let far = steps.last().map_or(0, |last| first + last - records.entry);
        let (count, last) = if records.extends > 0 || far >= NEAR {
            records.add(first, steps, words, &mut room)
        } else if records.length > 0 {
            records.add_near::<false>(first, steps, words, &mut room)
        } else if far < NEAR / 2 {
            records.add_near::<true>(first, steps, words, &mut room)
        } else {
            records.add(first, steps, words, &mut room)
        };
        if count > 0 {
            records.last = Some(out.len() + last);
        }
        out.extend_from_slice(&room[..count]);
    }
    if let Some(last) = records.last {
        (track.last, track.entry) = (last, records.entry);
    }
}

/// Records of a signal that are being made.
struct Records {
    shift: u32,
    mask: u64,
    /// Unused bits above the value.
    above: u32,
    /// The bytes of a value; a single bit has none, but is in the byte before.
    length: usize,
    /// The value has more bits than there are in memory: bits above those of memory, or 0.
    extends: u32,
    before: u64,
    /// The entry of the last one.
    entry: u32,
    last: Option<usize>,
}

impl Records {
    /// Writes records: how many bytes they have, and where the last one begins.
    fn add(&mut self, first: u32, steps: &[u32], words: &[u64], out: &mut [u8; ROOM]) -> (usize, usize) {
        let (mut end, mut last) = (0, 0);
        for (step, word) in steps.iter().zip(words) {
            let word = word >> self.shift & self.mask;
            if std::mem::replace(&mut self.before, word) == word {
                continue;
            }
            let passed = u64::from(first + step - self.entry);
            self.entry = first + step;
            last = end;
            let word = ((word << self.extends) as i64 >> self.extends) as u64;
            if self.length == 0 {
                end += number::put(&mut out[end..], passed << 2 | (word & 1) << 1);
                continue;
            }
            end += number::put(&mut out[end..], passed << 1);
            out[end..end + 8].copy_from_slice(&(word << self.above).to_be_bytes());
            end += self.length;
        }
        (end, last)
    }

    /// The same without branches, where no entry is far from the last one.
    fn add_near<const BIT: bool>(
        &mut self,
        first: u32,
        steps: &[u32],
        words: &[u64],
        out: &mut [u8; ROOM],
    ) -> (usize, usize) {
        if let (Ok(steps), Ok(words)) = (steps.try_into(), words.try_into())
            && self.changes_always(words)
        {
            return self.add_all::<BIT>(first, steps, words, out);
        }
        let (mut before, mut entry) = (self.before, self.entry);
        let (shift, mask, above, size) = (self.shift, self.mask, self.above, 1 + self.length);
        let (mut end, mut last) = (0, 0);
        for (step, word) in steps.iter().zip(words) {
            let word = word >> shift & mask;
            let passed = first + step - entry;
            let Some(out) = out.get_mut(end..).and_then(|rest| rest.first_chunk_mut::<9>()) else { break };
            if BIT {
                out[0] = (passed << 2) as u8 | (word as u8 & 1) << 1;
            } else {
                out[0] = (passed << 1) as u8;
                out[1..].copy_from_slice(&(word << above).to_be_bytes());
            }
            // What is written for nothing is written over.
            let changes = word != before;
            last = if changes { end } else { last };
            entry = if changes { first + step } else { entry };
            end += if changes { size } else { 0 };
            before = word;
        }
        (self.before, self.entry) = (before, entry);
        (end, last)
    }

    /// Whether each word is another one than that before it.
    fn changes_always(&self, words: &[u64; STEPS]) -> bool {
        let mut same = u64::from(words[0] >> self.shift & self.mask == self.before);
        for pair in words.windows(2) {
            same |= u64::from((pair[0] ^ pair[1]) >> self.shift & self.mask == 0);
        }
        same == 0
    }

    /// The same for a signal that changes in each step: where a record begins is known then.
    fn add_all<const BIT: bool>(
        &mut self,
        first: u32,
        steps: &[u32; STEPS],
        words: &[u64; STEPS],
        out: &mut [u8; ROOM],
    ) -> (usize, usize) {
        let size = 1 + self.length;
        for (at, (step, word)) in steps.iter().zip(words).enumerate() {
            let before = if at == 0 { self.entry } else { first + steps[at - 1] };
            let passed = first + step - before;
            let word = word >> self.shift & self.mask;
            let Some(out) = out.get_mut(at * size..).and_then(|rest| rest.first_chunk_mut::<9>()) else {
                break;
            };
            if BIT {
                out[0] = (passed << 2) as u8 | (word as u8 & 1) << 1;
            } else {
                out[0] = (passed << 1) as u8;
                out[1..].copy_from_slice(&(word << self.above).to_be_bytes());
            }
        }
        self.before = words[STEPS - 1] >> self.shift & self.mask;
        self.entry = first + steps[STEPS - 1];
        (STEPS * size, (STEPS - 1) * size)
    }
}
