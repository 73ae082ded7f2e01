//! [`Section`]: the changes of a stretch of time, which become a block of the file.

use lz4_flex::block::{CompressTable, compress_into_with_table, get_maximum_output_size};
use miniz_oxide::deflate::compress_to_vec_zlib;

use super::track::{Shape, Track};
use super::{VALUES, number};
use crate::format::Form;

/// Fewer bytes than this do not become fewer.
const WORTH_COMPRESSING: usize = 32;

/// How hard zlib tries.
const ZLIB_LEVEL: u8 = 4;

/// The changes since the last section was written.
pub(super) struct Section {
    /// By the number of the signal.
    tracks: Vec<Track>,
    /// What all signals were at the beginning, one after the other.
    frame: Vec<u8>,
    /// The first time, and the time after each one that came next.
    times: Vec<u8>,
    /// How many times there are.
    entries: u32,
    first: u64,
    latest: u64,
    /// The bytes of all changes.
    size: usize,
    table: CompressTable,
    /// Room for a compressed track.
    room: Vec<u8>,
}

impl Section {
    pub fn new(tracks: Vec<Track>) -> Section {
        let mut frame = Vec::new();
        for track in &tracks {
            match track.shape {
                Shape::Real => frame.extend(f64::NAN.to_le_bytes()),
                shape => frame.resize(frame.len() + shape.frame_size(), b'x'),
            }
        }
        Section {
            tracks,
            frame,
            times: Vec::new(),
            entries: 0,
            first: 0,
            latest: 0,
            size: 0,
            table: CompressTable::default(),
            room: Vec::new(),
        }
    }

    /// What follows happens at this time.
    pub fn time(&mut self, time: u64) {
        if self.entries == 0 {
            self.first = time;
            number::push(&mut self.times, time);
        } else {
            number::push(&mut self.times, time - self.latest);
        }
        self.latest = time;
        self.entries += 1;
    }

    pub fn change(&mut self, signal: u32, value: Form<'_>) {
        let entry = self.entries.saturating_sub(1);
        self.size += self.tracks[signal as usize].push(entry, value);
    }

    /// The first time and the last one.
    pub fn times(&self) -> (u64, u64) {
        (self.first, self.latest)
    }

    /// The bytes of all changes.
    pub fn size(&self) -> usize {
        self.size + self.times.len()
    }

    /// The bytes that every section has for what all signals were at its beginning.
    pub fn frame_size(&self) -> usize {
        self.frame.len()
    }

    /// Whether anything happened since the last section.
    pub fn has_news(&self) -> bool {
        self.size > 0 || self.entries > 1
    }

    /// The block of these changes. The next section begins where this one ends.
    pub fn take(&mut self) -> Vec<u8> {
        let mut block = vec![VALUES];
        block.extend([0; 8]);
        block.extend(self.first.to_be_bytes());
        block.extend(self.latest.to_be_bytes());
        block.extend((self.size as u64).to_be_bytes());
        self.add_frame(&mut block);
        self.add_tracks(&mut block);
        self.add_times(&mut block);
        let length = block.len() as u64 - 1;
        block[1..9].copy_from_slice(&length.to_be_bytes());
        let mut rest = &mut self.frame[..];
        for track in &mut self.tracks {
            let (listed, others) = rest.split_at_mut(track.shape.frame_size());
            track.settle(listed);
            rest = others;
        }
        self.times.clear();
        self.entries = 0;
        self.size = 0;
        self.time(self.latest);
        block
    }

    fn add_frame(&self, block: &mut Vec<u8>) {
        let compressed = compress_to_vec_zlib(&self.frame, ZLIB_LEVEL);
        // As many bytes as without compression stand for none.
        let frame = if compressed.len() < self.frame.len() { &compressed } else { &self.frame };
        number::push(block, self.frame.len() as u64);
        number::push(block, frame.len() as u64);
        number::push(block, self.tracks.len() as u64);
        block.extend(frame);
    }

    fn add_tracks(&mut self, block: &mut Vec<u8>) {
        number::push(block, self.tracks.len() as u64);
        let mut before = block.len();
        // How the tracks are compressed: by LZ4.
        block.push(b'4');
        let mut places = Vec::new();
        let mut empty = 0;
        for track in &self.tracks {
            let records = track.records();
            if records.is_empty() {
                empty += 1;
                continue;
            }
            add_empty(&mut places, &mut empty);
            number::push_signed(&mut places, ((block.len() - before) as i64) << 1 | 1);
            before = block.len();
            self.room.resize(get_maximum_output_size(records.len()), 0);
            let compressed = if records.len() < WORTH_COMPRESSING {
                None
            } else {
                compress_into_with_table(records, &mut self.room, &mut self.table).ok()
            };
            match compressed {
                Some(length) if length < records.len() => {
                    number::push(block, records.len() as u64);
                    block.extend(&self.room[..length]);
                }
                // No length stands for no compression.
                _ => {
                    number::push(block, 0);
                    block.extend(records);
                }
            }
        }
        add_empty(&mut places, &mut empty);
        block.extend(&places);
        block.extend((places.len() as u64).to_be_bytes());
    }

    fn add_times(&self, block: &mut Vec<u8>) {
        let compressed = compress_to_vec_zlib(&self.times, ZLIB_LEVEL);
        let times = if compressed.len() < self.times.len() { &compressed } else { &self.times };
        block.extend(times);
        block.extend((self.times.len() as u64).to_be_bytes());
        block.extend((times.len() as u64).to_be_bytes());
        block.extend(u64::from(self.entries).to_be_bytes());
    }
}

/// Notes how many signals in a row did not change.
fn add_empty(places: &mut Vec<u8>, count: &mut u64) {
    if *count > 0 {
        number::push(places, *count << 1);
        *count = 0;
    }
}
