//! [`Turned`]: the rows of a batch, turned by a quarter: for every eight bytes of a line that change, what they are in one
//! step after the other. Who follows one signal goes through its words, not through the lines of memory.

use crate::batch::{Batch, LINE, Row};
use crate::columns::{Column, Line};

/// Words of a line.
const WORDS: usize = LINE / 8;

const NONE: usize = usize::MAX;

#[derive(Default)]
pub(super) struct Turned {
    /// By line; only those that the batch touches count.
    lines: Vec<Histories>,
    /// Of all lines, one behind the other.
    steps: Vec<u32>,
    /// Of all words that change, one behind the other.
    words: Vec<u64>,
}

/// Where the histories of the words of a line are.
#[derive(Clone, Copy)]
struct Histories {
    /// The place of the first step.
    steps: usize,
    /// How many rows the line has in the batch; none for one that it does not touch.
    count: usize,
    /// The place of the first row of each word, if it changes.
    words: [usize; WORDS],
}

const NOTHING: Histories = Histories { steps: 0, count: 0, words: [NONE; WORDS] };

/// What a signal is in a batch, as far as it is looked at: bits of words.
#[derive(Clone, Copy)]
pub(super) struct History<'a> {
    /// To which step each word belongs.
    pub steps: &'a [u32],
    pub words: &'a [u64],
    /// What the signal was before the batch.
    pub before: u64,
    /// Its lowest bit in a word.
    pub shift: u32,
    /// Its bits, after that shift.
    pub mask: u64,
}

impl Turned {
    /// Turns the rows of a batch. The lines are as they were before it.
    pub fn fill(&mut self, batch: &Batch, lines: &[Line]) {
        self.lines.clear();
        self.lines.resize(lines.len(), NOTHING);
        self.steps.clear();
        self.words.clear();
        for line in batch.touched() {
            self.turn(batch, line as usize, &lines[line as usize].now);
        }
    }

    fn turn(&mut self, batch: &Batch, line: usize, now: &Row) {
        let (changed, begin) = (batch.differences(line, now), self.steps.len());
        for (steps, _) in batch.rows(line) {
            self.steps.extend_from_slice(steps);
        }
        let count = self.steps.len() - begin;
        let first = self.words.len();
        let mut places = [NONE; WORDS];
        let mut end = first;
        for (place, word) in places.iter_mut().zip(&changed) {
            if *word != 0 {
                *place = end;
                end += count;
            }
        }
        self.words.resize(end, 0);
        let mut at = 0;
        for (_, rows) in batch.rows(line) {
            for (number, place) in places.iter().enumerate().filter(|(_, place)| **place != NONE) {
                let to = &mut self.words[place + at..place + at + rows.len()];
                for (word, row) in to.iter_mut().zip(rows) {
                    *word = word_of(row, number);
                }
            }
            at += rows.len();
        }
        self.lines[line] = Histories { steps: begin, count, words: places };
    }

    /// Whether a word changes of which a signal has bytes.
    pub fn may_change(&self, line: usize, column: &Column) -> bool {
        let words = column.offset / 8..(column.offset + column.spot.bytes).div_ceil(8);
        self.lines[line].words[words].iter().any(|place| *place != NONE)
    }

    /// What a signal that is bits of one word is; `None` where that word does not change.
    pub fn history(&self, line: usize, column: &Column, now: &Row) -> Option<History<'_>> {
        let of = &self.lines[line];
        let (word, shift) = (column.offset / 8, 8 * (column.offset % 8) as u32);
        let place = of.words[word];
        if place == NONE {
            return None;
        }
        let mask = u64::MAX >> (64 - 8 * column.spot.bytes);
        Some(History {
            steps: &self.steps[of.steps..of.steps + of.count],
            words: &self.words[place..place + of.count],
            before: word_of(now, word) >> shift & mask,
            shift,
            mask,
        })
    }
}

impl History<'_> {
    /// Whether the signal ever is what it was not before.
    pub fn changes_ever(&self) -> bool {
        self.words.iter().fold(0, |differ, word| differ | (word >> self.shift ^ self.before) & self.mask) != 0
    }

    /// Whether it is what another one is that was the same before.
    pub fn equal(&self, other: &History<'_>) -> bool {
        if self.steps != other.steps {
            return self.changes().eq(other.changes());
        }
        let both = self.words.iter().zip(other.words);
        both.fold(0, |differ, (a, b)| differ | (a >> self.shift ^ b >> other.shift)) & self.mask == 0
    }

    fn changes(&self) -> impl Iterator<Item = (u32, u64)> {
        let (shift, mask, mut before) = (self.shift, self.mask, self.before);
        self.steps.iter().zip(self.words).filter_map(move |(step, word)| {
            let value = word >> shift & mask;
            (std::mem::replace(&mut before, value) != value).then_some((*step, value))
        })
    }
}

fn word_of(row: &Row, number: usize) -> u64 {
    let bytes = row.get(8 * number..).and_then(|rest| rest.first_chunk());
    bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
