//! [`Stretch`]: changes that come in batches, from the memory of a simulation. Values go from there into the records of
//! their signal, without a form in between, as far as they are bits of a word.
//!
//! Signals that had the same records in a section follow each other in the next ones, as long as they are equal: only
//! the first one has records.

use super::alike::alike;
use super::number;
use super::section::Section;
use super::track::Track;
use crate::batch::{Batch, LINE, ROWS, Row};
use crate::columns::{Column, Columns, Line};
use crate::header::Kind;
use crate::value::literals;

pub(super) struct Stretch {
    /// By the number of the signal: where it is in memory, if it is bits of a word.
    places: Vec<Option<Place>>,
    /// Signals that have the records of another one.
    followers: Vec<u32>,
    /// What each track was before the batch that it grew in.
    marks: Vec<Mark>,
    /// Counts the batches.
    batch: u64,
    /// The section has no batch yet.
    young: bool,
    /// For records that are being made.
    room: Vec<u8>,
}

#[derive(Clone, Copy)]
struct Place {
    line: u32,
    column: Column,
    width: u32,
}

#[derive(Clone, Copy, Default)]
struct Mark {
    batch: u64,
    records: usize,
    last: usize,
    entry: u32,
}

impl Stretch {
    fn new(tracks: usize, columns: &Columns) -> Stretch {
        let mut places = vec![None; tracks];
        for (line, of) in (0..).zip(&columns.lines) {
            for column in &of.columns {
                let place = column.bits().map(|width| Place { line, column: *column, width });
                places[column.number as usize] = place;
            }
        }
        let marks = vec![Mark::default(); tracks];
        Stretch { places, followers: Vec::new(), marks, batch: 0, young: true, room: Vec::new() }
    }

    /// A section is over. Signals in memory that had the same records follow each other in the next one.
    pub fn follow(&mut self, tracks: &mut [Track]) {
        self.followers.clear();
        self.young = true;
        for (number, track) in (0..).zip(tracks) {
            track.same = track.same.filter(|same| self.may_follow(number, *same));
            if track.same.is_some() {
                self.followers.push(number);
            }
        }
    }

    /// Whether two signals are equal if their bytes are.
    fn may_follow(&self, number: u32, same: u32) -> bool {
        let form = |number: u32| {
            let Place { column, width, .. } = self.places[number as usize]?;
            Some((width, column.kind == Kind::Bool, column.spot.bytes, column.spot.signed))
        };
        form(number).is_some() && form(number) == form(same)
    }

    fn mark(&mut self, number: u32, track: &Track) {
        self.marks[number as usize] =
            Mark { batch: self.batch, records: track.records.len(), last: track.last, entry: track.entry };
    }

    /// Compares what a signal that changes is in a batch with what the one is that it follows. Its own mark keeps the
    /// result: a number of records that is not 0 stands for equality.
    fn compare(&mut self, number: u32, same: u32, batch: &Batch, lines: &[Line]) {
        let (values, others) = (self.column(number, batch, lines), self.column(same, batch, lines));
        let equal = matches!((values, others), (Some(a), Some(b)) if a.equal(&b));
        self.marks[number as usize] =
            Mark { batch: self.batch, records: usize::from(equal), ..Mark::default() };
    }

    /// The values of a signal that is in memory.
    fn column<'a>(&self, number: u32, batch: &'a Batch, lines: &'a [Line]) -> Option<Values<'a>> {
        let place = self.places[number as usize]?;
        let line = &lines[place.line as usize];
        Some(Values {
            column: place.column,
            width: place.width,
            line: place.line as usize,
            now: &line.now,
            batch,
        })
    }
}

impl Section {
    /// What happens in a batch.
    pub fn batch(&mut self, batch: &Batch, columns: &mut Columns, enums: &[Vec<String>]) {
        for (step, time) in batch.times.iter().enumerate() {
            if step > 0 || !batch.goes_on {
                self.time(*time);
            }
        }
        let first = self.entry() + 1 - batch.times.len() as u32;
        let mut stretch = self.stretch.take().unwrap_or_else(|| Stretch::new(self.tracks.len(), columns));
        stretch.batch += 1;
        for line in batch.touched() {
            self.add_line(&mut stretch, batch, line as usize, &columns.lines, first, enums);
        }
        self.lead_on(&mut stretch, batch, &columns.lines, first);
        for wide in &mut columns.wide {
            let column = wide.column;
            wide.changes(&columns.lines, batch, |step, old, new| {
                self.size += add(&mut self.tracks, &column, first + step, old, new, enums);
            });
        }
        columns.pass(batch);
        if std::mem::take(&mut stretch.young) {
            for (number, same) in alike(&self.tracks) {
                if stretch.may_follow(number, same) {
                    let track = &mut self.tracks[number as usize];
                    track.same = Some(same);
                    self.size -= track.records.len();
                    track.clear();
                    stretch.followers.push(number);
                }
            }
            to_the_first(&mut self.tracks);
        }
        self.stretch = Some(stretch);
    }

    /// The signals of a line.
    fn add_line(
        &mut self,
        stretch: &mut Stretch,
        batch: &Batch,
        number: usize,
        lines: &[Line],
        first: u32,
        enums: &[Vec<String>],
    ) {
        let line = &lines[number];
        let differ = batch.differences(number, &line.now);
        for column in &line.columns {
            if column.bytes(&differ).iter().all(|byte| *byte == 0) {
                continue;
            }
            let track = &mut self.tracks[column.number as usize];
            if let Some(same) = track.same {
                stretch.compare(column.number, same, batch, lines);
                continue;
            }
            stretch.mark(column.number, track);
            if let Some(width) = column.bits() {
                let values = Values { column: *column, width, line: number, now: &line.now, batch };
                let before = track.records.len();
                values.add_to(track, first, &mut stretch.room);
                self.size += track.records.len() - before;
                continue;
            }
            let mut before = column.bytes(&line.now);
            for (step, row) in batch.rows(number).flat_map(|(steps, rows)| steps.iter().zip(rows)) {
                let now = column.bytes(row);
                if now != before {
                    self.size += add(&mut self.tracks, column, first + step, before, now, enums);
                    before = now;
                }
            }
        }
    }

    /// Signals that no longer are what those are that they follow get records of their own.
    fn lead_on(&mut self, stretch: &mut Stretch, batch: &Batch, lines: &[Line], first: u32) {
        let mut followers = std::mem::take(&mut stretch.followers);
        followers.retain(|number| {
            let Some(same) = self.tracks[*number as usize].same else { return false };
            let mark = stretch.marks[same as usize];
            let grown = mark.batch == stretch.batch;
            // Without a comparison it has not changed.
            match stretch.marks[*number as usize] {
                own if own.batch == stretch.batch && own.records > 0 => return true,
                own if own.batch != stretch.batch && !grown => return true,
                _ => {}
            }
            let Some(values) = stretch.column(*number, batch, lines) else { return true };
            self.separate(*number, same, grown.then_some(mark));
            let track = &mut self.tracks[*number as usize];
            let before = track.records.len();
            values.add_to(track, first, &mut stretch.room);
            self.size += track.records.len() - before;
            false
        });
        stretch.followers = followers;
    }

    /// A signal gets its own records; those of the one that it followed are the same, all or up to a mark.
    fn separate(&mut self, number: u32, same: u32, mark: Option<Mark>) {
        let of = &self.tracks[same as usize];
        let mark =
            mark.unwrap_or(Mark { batch: 0, records: of.records.len(), last: of.last, entry: of.entry });
        let records = of.records[..mark.records].to_vec();
        self.size += records.len();
        let track = &mut self.tracks[number as usize];
        (track.records, track.last, track.entry, track.same) = (records, mark.last, mark.entry, None);
    }

    /// There are no more batches for now.
    pub fn end_batches(&mut self) {
        let Some(stretch) = self.stretch.take() else { return };
        for number in stretch.followers {
            if let Some(same) = self.tracks[number as usize].same {
                self.separate(number, same, None);
            }
        }
    }
}

/// Those that follow one that follows another one follow that.
pub(super) fn to_the_first(tracks: &mut [Track]) {
    for number in 0..tracks.len() {
        if let Some(same) = tracks[number].same
            && let Some(first) = tracks[same as usize].same
        {
            tracks[number].same = Some(first);
        }
    }
}

/// Adds a change of a signal of any kind, if the file shows it; says how many bytes that took.
fn add(
    tracks: &mut [Track],
    column: &Column,
    entry: u32,
    old: &[u8],
    new: &[u8],
    enums: &[Vec<String>],
) -> usize {
    let [old, new] = [old, new].map(|bytes| column.kept(bytes));
    if old == new {
        return 0;
    }
    tracks[column.number as usize].push(entry, new.form(literals(column.kind, enums)))
}

/// What a signal is in a batch, if it is bits of a word.
struct Values<'a> {
    column: Column,
    width: u32,
    line: usize,
    /// Its line before the batch.
    now: &'a Row,
    batch: &'a Batch,
}

/// Bytes for the records of the rows of a chunk: each says in at most five how many entries have passed, and has at most
/// eight bytes of value.
const ROOM: usize = ROWS * (5 + 8);

/// So many entries have room in the first byte of a record, with one bit below.
const NEAR: u32 = 64;

impl Values<'_> {
    /// Adds all changes to a track.
    fn add_to(&self, track: &mut Track, first: u32, room: &mut Vec<u8>) {
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
    fn equal(&self, other: &Values<'_>) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WaveId;
    use crate::columns::Spot;
    use crate::format::Form;
    use crate::fst::block::Block;
    use crate::fst::track::Shape;

    /// Two signals of 16 bits in lines of their own.
    const PLACES: [usize; 2] = [10, 200];

    /// The same changes of two signals in batches and one by one; a section ends where there is an empty batch.
    fn compare(batches: &[&[[u16; 2]]], followers: &[usize]) {
        let sections = || Section::new(vec![Track::new(Shape::Bits(16)), Track::new(Shape::Bits(16))]);
        let (mut section, mut other) = (sections(), sections());
        let mut memory = vec![0; 256];
        let spots: Vec<Spot> = (0..)
            .zip(PLACES)
            .map(|(id, at)| Spot { signal: WaveId(id), at, bytes: 2, signed: false, copied: None })
            .collect();
        let mut columns = Columns::new(&spots, &memory, |id| Some((id.0, Kind::Vector { width: 16 })));
        let lines: Vec<usize> = columns.lines.iter().map(|line| line.at).collect();
        let mut before: Vec<Row> = columns.lines.iter().map(|line| line.now).collect();
        let (mut blocks, mut others) = (Block::default(), Block::default());
        let (mut time, mut values) = (0, [0, 0]);
        for (steps, followers) in batches.iter().zip(followers) {
            let mut batch = Batch::new(lines.len());
            for step in *steps {
                time += 10;
                batch.times.push(time);
                other.time(time);
                for (signal, (value, old)) in (0..).zip(step.iter().zip(&mut values)) {
                    let at = PLACES[signal as usize];
                    memory[at..at + 2].copy_from_slice(&value.to_le_bytes());
                    if std::mem::replace(old, *value) != *value {
                        other.change(signal, Form::Bits(&[u64::from(*value)]));
                    }
                }
                assert_eq!(batch.add_changes(&memory, &lines, &mut before, 0), lines.len());
            }
            section.batch(&batch, &mut columns, &[]);
            let stretch = section.stretch.as_ref();
            assert_eq!(stretch.map(|stretch| stretch.followers.len()), Some(*followers), "{batches:?}");
            if steps.is_empty() {
                section.take(&mut blocks);
                other.take(&mut others);
                same(&blocks, &others);
            }
        }
        section.end_batches();
        section.take(&mut blocks);
        other.take(&mut others);
        same(&blocks, &others);
    }

    fn same(a: &Block, b: &Block) {
        let chains = |block: &Block| -> Vec<Vec<u8>> {
            let own = |same: u32| block.chains[same as usize].records.clone();
            block.chains.iter().map(|chain| chain.same.map_or(chain.records.clone(), own)).collect()
        };
        assert_eq!((chains(a), &a.times, &a.frame), (chains(b), &b.times, &b.frame));
    }

    #[test]
    fn a_signal_follows_another_one_as_long_as_they_are_equal() {
        // They part in a batch, in which only one of them changes, or both.
        compare(&[&[[1, 1], [2, 2]], &[[3, 3], [4, 5]], &[[6, 6]]], &[1, 0, 0]);
        compare(&[&[[1, 1], [2, 2]], &[[3, 2], [4, 2]], &[[4, 9]]], &[1, 0, 0]);
        compare(&[&[[1, 1], [2, 2]], &[[2, 3], [2, 4]], &[[5, 9]]], &[1, 0, 0]);
        compare(&[&[[1, 1], [2, 2]], &[[2, 2]], &[[2, 2], [3, 3]]], &[1, 1, 1]);
        // At different steps.
        compare(&[&[[1, 1], [2, 2]], &[[3, 2], [3, 3]]], &[1, 0]);
        // Sections end in between.
        compare(&[&[[1, 1], [2, 2]], &[], &[[3, 3]], &[[4, 3]], &[], &[[5, 5]]], &[1, 1, 1, 0, 0, 1]);
        compare(&[&[[1, 2], [3, 3]], &[], &[[4, 4]], &[], &[], &[[4, 5]]], &[0, 0, 1, 1, 1, 0]);
    }

    #[test]
    fn far_changes_have_longer_records() {
        let quiet = vec![[1, 7]; 300];
        let mut steps = vec![[0, 0]; 70];
        for (number, gap) in [1, 31, 32, 33, 63, 64, 65, 127, 128, 129].into_iter().enumerate() {
            steps.extend(vec![[number as u16 + 1, 5 * number as u16]; gap]);
        }
        compare(&[&steps, &quiet, &[[3, 3]]], &[0, 0, 0]);
    }
}
