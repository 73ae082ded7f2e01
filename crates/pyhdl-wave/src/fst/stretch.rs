//! [`Stretch`]: changes that come in batches, from the memory of a simulation. Values go from there into the records of
//! their signal, without a form in between, as far as they are bits of a word.
//!
//! Signals that had the same records in a section follow each other in the next ones, as long as they are equal: only
//! the first one has records.

use super::alike::alike;
use super::records::Values;
use super::section::Section;
use super::track::Track;
use crate::batch::Batch;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WaveId;
    use crate::batch::Row;
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
