//! [`Stretch`]: changes that come in batches, from the memory of a simulation. Values go from there into the records of
//! their signal, without a form in between, as far as they are bits of a word.
//!
//! Signals that had the same records in a section follow each other in the next ones, as long as they are equal: only
//! the first one has records.

use super::alike::alike;
use super::records::{self, Bits};
use super::section::Section;
use super::track::Track;
use super::turned::{History, Turned};
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
    turned: Turned,
}

#[derive(Clone, Copy)]
struct Place {
    line: u32,
    column: Column,
    bits: Bits,
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
                let bits = column.bits().map(|width| bits(column, width));
                let place = bits.map(|bits| Place { line, column: *column, bits });
                places[column.number as usize] = place;
            }
        }
        let marks = vec![Mark::default(); tracks];
        Stretch { places, followers: Vec::new(), marks, batch: 0, young: true, turned: Turned::default() }
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
            let Place { column, bits, .. } = self.places[number as usize]?;
            Some((bits.width, column.kind == Kind::Bool, column.spot.bytes, column.spot.signed))
        };
        form(number).is_some() && form(number) == form(same)
    }

    /// Notes what a track was before this batch.
    fn mark(&mut self, number: u32, (records, last, entry): (usize, usize, u32)) {
        self.marks[number as usize] = Mark { batch: self.batch, records, last, entry };
    }

    /// Compares what a signal is in a batch with what the one is that it follows. Its own mark keeps the result: a
    /// number of records that is not 0 stands for equality.
    fn compare(&mut self, number: u32, same: u32, lines: &[Line]) {
        let equal = match (self.history(number, lines), self.history(same, lines)) {
            (Some((a, _)), Some((b, _))) => a.equal(&b),
            (Some((one, _)), None) | (None, Some((one, _))) => !one.changes_ever(),
            (None, None) => true,
        };
        self.marks[number as usize] =
            Mark { batch: self.batch, records: usize::from(equal), ..Mark::default() };
    }

    /// What a signal is in a batch, if it is bits of a word that changes.
    fn history(&self, number: u32, lines: &[Line]) -> Option<(History<'_>, Bits)> {
        let place = self.places[number as usize]?;
        let line = place.line as usize;
        Some((self.turned.history(line, &place.column, &lines[line].now)?, place.bits))
    }
}

/// How the bits of a signal are in its word.
fn bits(column: &Column, width: u32) -> Bits {
    let stored = 8 * column.spot.bytes as u32;
    Bits { width, sign_at: (column.spot.signed && width > stored).then_some(stored) }
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
        stretch.turned.fill(batch, &columns.lines);
        for line in batch.touched() {
            self.add_line(&mut stretch, batch, line as usize, &columns.lines, first, enums);
        }
        self.lead_on(&mut stretch, &columns.lines, first);
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
        for column in &line.columns {
            let track = &mut self.tracks[column.number as usize];
            if let Some(width) = column.bits() {
                let Some(history) = stretch.turned.history(number, column, &line.now) else { continue };
                if let Some(same) = track.same {
                    stretch.compare(column.number, same, lines);
                    continue;
                }
                let before = (track.records.len(), track.last, track.entry);
                records::add(&history, bits(column, width), track, first);
                if track.records.len() > before.0 {
                    self.size += track.records.len() - before.0;
                    stretch.mark(column.number, before);
                }
                continue;
            }
            if !stretch.turned.may_change(number, column) {
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
    fn lead_on(&mut self, stretch: &mut Stretch, lines: &[Line], first: u32) {
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
            self.separate(*number, same, grown.then_some(mark));
            if let Some((history, bits)) = stretch.history(*number, lines) {
                let track = &mut self.tracks[*number as usize];
                let before = track.records.len();
                records::add(&history, bits, track, first);
                self.size += track.records.len() - before;
            }
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

    /// A signal of a random shape at random bytes, which may be in two words or two lines.
    fn any_spot(random: &mut fastrand::Rng, id: u32, end: &mut usize) -> (Spot, u32) {
        let (bytes, signed) = (1 << random.u32(..4), random.bool());
        let stored = 8 * bytes as u32;
        let width = match signed {
            true => random.u32(1..=(stored + 9).min(64)),
            false => random.u32(1..=stored),
        };
        let at = *end + random.usize(..6);
        *end = at + bytes;
        (Spot { signal: WaveId(id), at, bytes, signed, copied: None }, width)
    }

    /// A number of so many bits, or of as many as are stored.
    fn any_value(random: &mut fastrand::Rng, spot: &Spot, width: u32) -> u64 {
        let unused = 64 - width.min(8 * spot.bytes as u32);
        let bits = random.u64(..) << unused;
        if spot.signed { (bits as i64 >> unused) as u64 } else { bits >> unused }
    }

    #[test]
    fn signals_of_any_shape_have_the_records_that_they_have_one_by_one() {
        for seed in 0..60 {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut end = 0;
            let signals: Vec<(Spot, u32)> = (0..20).map(|id| any_spot(&mut random, id, &mut end)).collect();
            let spots: Vec<Spot> = signals.iter().map(|(spot, _)| *spot).collect();
            let mut memory = vec![0; end.max(64)];
            let kind = |id: WaveId| match signals[id.0 as usize].1 {
                1 => Kind::Bool,
                width => Kind::Vector { width },
            };
            let mut columns = Columns::new(&spots, &memory, |id| Some((id.0, kind(id))));
            let lines: Vec<usize> = columns.lines.iter().map(|line| line.at).collect();
            let mut before: Vec<Row> = columns.lines.iter().map(|line| line.now).collect();
            let tracks = || signals.iter().map(|(_, width)| Track::new(Shape::Bits(*width))).collect();
            let (mut section, mut other) = (Section::new(tracks()), Section::new(tracks()));
            let mut values = vec![0; signals.len()];
            // One in so many steps changes a signal.
            let rates: Vec<u32> = signals.iter().map(|_| [1, 1, 3, 40, 500][random.usize(..5)]).collect();
            for time in 0..6 {
                let mut batch = Batch::new(lines.len());
                for step in 0..200 {
                    batch.times.push(1000 * time + step);
                    other.time(1000 * time + step);
                    for (id, (spot, width)) in signals.iter().enumerate() {
                        if random.u32(..rates[id]) > 0 {
                            continue;
                        }
                        let value = any_value(&mut random, spot, *width);
                        memory[spot.at..spot.at + spot.bytes]
                            .copy_from_slice(&value.to_le_bytes()[..spot.bytes]);
                        if std::mem::replace(&mut values[id], value) != value {
                            other.change(id as u32, Form::Bits(&[value & (u64::MAX >> (64 - width))]));
                        }
                    }
                    assert_eq!(batch.add_changes(&memory, &lines, &mut before, 0), lines.len());
                }
                section.batch(&batch, &mut columns, &[]);
            }
            section.end_batches();
            let (mut block, mut expected) = (Block::default(), Block::default());
            section.take(&mut block);
            other.take(&mut expected);
            same(&block, &expected);
        }
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
