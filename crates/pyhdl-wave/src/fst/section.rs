//! [`Section`]: the changes of a stretch of time, which become a block of the file.

use super::alike::alike;
use super::block::{Block, Chain};
use super::number;
use super::stretch::{Stretch, to_the_first};
use super::track::{Shape, Track};
use crate::format::Form;

/// The changes since the last section was written.
pub(super) struct Section {
    /// By the number of the signal.
    pub tracks: Vec<Track>,
    /// What all signals were at the beginning, one after the other.
    frame: Vec<u8>,
    /// The first time, and the time after each one that came next.
    times: Vec<u8>,
    /// How many times there are.
    entries: u32,
    first: u64,
    latest: u64,
    /// The bytes of all changes that are here.
    pub size: usize,
    /// While changes come in batches.
    pub stretch: Option<Stretch>,
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
        Section { tracks, frame, times: Vec::new(), entries: 0, first: 0, latest: 0, size: 0, stretch: None }
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

    /// The entry of the latest time in the table of times.
    pub fn entry(&self) -> u32 {
        self.entries.saturating_sub(1)
    }

    pub fn change(&mut self, signal: u32, value: Form<'_>) {
        let entry = self.entry();
        self.size += self.tracks[signal as usize].push(entry, value);
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

    /// Moves these changes into a block, and takes the room that it has. The next section begins where this one ends.
    pub fn take(&mut self, block: &mut Block) {
        for (track, same) in alike(&self.tracks) {
            self.size -= self.tracks[track as usize].records.len();
            self.tracks[track as usize].same = Some(same);
        }
        to_the_first(&mut self.tracks);
        (block.first, block.latest, block.entries) = (self.first, self.latest, self.entries);
        block.frame.clone_from(&self.frame);
        std::mem::swap(&mut block.times, &mut self.times);
        self.times.clear();
        block.chains.resize_with(self.tracks.len(), Chain::default);
        let mut rest = &mut self.frame[..];
        for track in &self.tracks {
            let (listed, others) = rest.split_at_mut(track.shape.frame_size());
            match track.same {
                Some(same) => self.tracks[same as usize].list(listed),
                None => track.list(listed),
            }
            rest = others;
        }
        for (track, chain) in self.tracks.iter_mut().zip(&mut block.chains) {
            chain.same = track.same;
            std::mem::swap(&mut chain.records, &mut track.records);
            track.clear();
        }
        match &mut self.stretch {
            Some(stretch) => stretch.follow(&mut self.tracks),
            None => self.tracks.iter_mut().for_each(|track| track.same = None),
        }
        self.entries = 0;
        self.size = 0;
        self.time(self.latest);
    }
}
