//! [`Values`]: what a signal is in a batch, and the records of that.

use super::number;
use super::track::Track;
use crate::batch::{Batch, LINE, ROWS, Row};
use crate::columns::Column;

/// What a signal is in a batch, if it is bits of a word.
pub(super) struct Values<'a> {
    pub column: Column,
    pub width: u32,
    pub line: usize,
    /// Its line before the batch.
    pub now: &'a Row,
    pub batch: &'a Batch,
}

/// Bytes for the records of the rows of a chunk: each says in at most five how many entries have passed, and has at most
/// eight bytes of value.
const ROOM: usize = ROWS * (5 + 8);

/// So many entries have room in the first byte of a record, with one bit below.
const NEAR: u32 = 64;

impl Values<'_> {
    /// Adds all changes to a track.
    pub fn add_to(&self, track: &mut Track, first: u32, room: &mut Vec<u8>) {
        match self.column.spot.bytes {
            1 => self.add_words::<u8>(track, first, room),
            2 => self.add_words::<u16>(track, first, room),
            4 => self.add_words::<u32>(track, first, room),
            _ => self.add_words::<u64>(track, first, room),
        }
    }

    fn add_words<W: Word>(&self, track: &mut Track, first: u32, room: &mut Vec<u8>) {
        let mut records = Records {
            offset: self.column.offset,
            above: 64 - self.width,
            length: if self.width == 1 { 0 } else { self.width.div_ceil(8) as usize },
            extends: self.column.spot.signed && self.width > W::BITS,
            before: W::of(self.now, self.column.offset),
            entry: track.entry,
            last: None,
        };
        let mut end = 0;
        for (steps, rows) in self.batch.rows(self.line) {
            if room.len() < end + ROOM {
                room.resize(2 * (end + ROOM), 0);
            }
            let Some(out) = room.get_mut(end..).and_then(|rest| rest.first_chunk_mut()) else { return };
            let far = steps.last().map_or(0, |last| first + last - records.entry);
            let (count, last) = if records.extends || far >= NEAR {
                records.add(first, steps, rows, out)
            } else if records.length > 0 {
                records.add_near::<false>(first, steps, rows, out)
            } else if far < NEAR / 2 {
                records.add_near::<true>(first, steps, rows, out)
            } else {
                records.add(first, steps, rows, out)
            };
            if count > 0 {
                records.last = Some(end + last);
            }
            end += count;
        }
        if let Some(last) = records.last {
            track.last = track.records.len() + last;
            track.entry = records.entry;
            track.records.extend_from_slice(&room[..end]);
        }
    }

    /// Whether it is what another one of the same form is, which it was before.
    pub fn equal(&self, other: &Values<'_>) -> bool {
        match self.column.spot.bytes {
            1 => self.equal_words::<u8>(other),
            2 => self.equal_words::<u16>(other),
            4 => self.equal_words::<u32>(other),
            _ => self.equal_words::<u64>(other),
        }
    }

    fn equal_words<W: Word>(&self, other: &Values<'_>) -> bool {
        let (offset, other_offset) = (self.column.offset, other.column.offset);
        if self.line == other.line {
            let mut rows = self.batch.rows(self.line);
            return offset == other_offset
                || rows.all(|(_, rows)| W::equal(rows, offset, rows, other_offset));
        }
        let (mut chunks, mut others) = (self.batch.rows(self.line), other.batch.rows(other.line));
        loop {
            match (chunks.next(), others.next()) {
                (None, None) => return true,
                (Some((steps, rows)), Some((other_steps, other_rows))) if steps == other_steps => {
                    if !W::equal(rows, offset, other_rows, other_offset) {
                        return false;
                    }
                }
                // One of the lines has changed when the other one has not.
                _ => return self.changes::<W>().eq(other.changes::<W>()),
            }
        }
    }

    fn changes<W: Word>(&self) -> impl Iterator<Item = (u32, W)> {
        let offset = self.column.offset;
        let mut before = W::of(self.now, offset);
        let rows = self.batch.rows(self.line).flat_map(|(steps, rows)| steps.iter().zip(rows));
        rows.filter_map(move |(step, row)| {
            let value = W::of(row, offset);
            (std::mem::replace(&mut before, value) != value).then_some((*step, value))
        })
    }
}

/// Records of a signal that are being made.
struct Records<W> {
    offset: usize,
    /// Unused bits above the value.
    above: u32,
    /// The bytes of a value; a single bit has none, but is in the byte before.
    length: usize,
    /// The value has more bits than there are in memory.
    extends: bool,
    before: W,
    /// The entry of the last one.
    entry: u32,
    last: Option<usize>,
}

impl<W: Word> Records<W> {
    /// Writes records: how many bytes they have, and where the last one begins.
    fn add(&mut self, first: u32, steps: &[u32], rows: &[Row], out: &mut [u8; ROOM]) -> (usize, usize) {
        let (mut end, mut last) = (0, 0);
        for (step, row) in steps.iter().zip(rows) {
            let word = W::of(row, self.offset);
            if std::mem::replace(&mut self.before, word) == word {
                continue;
            }
            let passed = u64::from(first + step - self.entry);
            self.entry = first + step;
            last = end;
            let word = if self.extends { word.extended() } else { word.wide() };
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
        rows: &[Row],
        out: &mut [u8; ROOM],
    ) -> (usize, usize) {
        // The compiler knows then that a word ends within its row.
        let offset = self.offset.min(LINE - size_of::<W>());
        let (mut before, mut entry) = (self.before, self.entry);
        let (above, size) = (self.above, 1 + self.length);
        let (mut end, mut last) = (0, 0);
        for (step, row) in steps.iter().zip(rows) {
            let word = W::of(row, offset);
            let passed = first + step - entry;
            let Some(out) = out.get_mut(end..).and_then(|rest| rest.first_chunk_mut::<9>()) else { break };
            if BIT {
                out[0] = (passed << 2) as u8 | (word.wide() as u8 & 1) << 1;
            } else {
                out[0] = (passed << 1) as u8;
                out[1..].copy_from_slice(&(word.wide() << above).to_be_bytes());
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
}

/// A word in memory.
trait Word: Copy + PartialEq {
    const BITS: u32;

    fn of(row: &Row, offset: usize) -> Self;

    fn wide(self) -> u64;

    /// The same number, if the topmost bit is a sign.
    fn extended(self) -> u64;

    /// Whether the words at two places in rows are the same.
    fn equal(rows: &[Row], offset: usize, others: &[Row], other_offset: usize) -> bool;
}

macro_rules! word {
    ($unsigned:ty, $signed:ty) => {
        impl Word for $unsigned {
            const BITS: u32 = <$unsigned>::BITS;

            #[inline(always)]
            fn of(row: &Row, offset: usize) -> Self {
                let bytes = row.get(offset..).and_then(|rest| rest.first_chunk());
                bytes.map_or(0, |bytes| Self::from_le_bytes(*bytes))
            }

            fn wide(self) -> u64 {
                self as u64
            }

            fn extended(self) -> u64 {
                self as $signed as i64 as u64
            }

            fn equal(rows: &[Row], offset: usize, others: &[Row], other_offset: usize) -> bool {
                let last = LINE - size_of::<Self>();
                let (offset, other_offset) = (offset.min(last), other_offset.min(last));
                let words = rows.iter().map(|row| Self::of(row, offset));
                let others = others.iter().map(|row| Self::of(row, other_offset));
                words.zip(others).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
            }
        }
    };
}

word!(u8, i8);
word!(u16, i16);
word!(u32, i32);
word!(u64, i64);
