//! [`Batch`]: what the memory of a simulation was in some time steps in a row, as far as it changed.
//!
//! Memory is kept in lines of 64 bytes, each with its own history: who wants to know what one signal did looks at one
//! line only.

use std::iter;

/// The bytes of a line.
pub(crate) const LINE: usize = 64;

/// A line at a moment.
pub(crate) type Row = [u8; LINE];

/// Rows of a chunk. It is 17 lines long with their steps, so that the chunks of a line, which are far from each other by
/// a number of chunks, are not all in the same few places of the processor's caches.
const ROWS: usize = 16;

/// Chunks of a batch: 1 MiB, which stays in the processor's caches on their way to another thread.
const MOST_CHUNKS: usize = 1 << 10;

/// Time steps of a batch.
const MOST_STEPS: usize = 1 << 15;

const NONE: u32 = u32::MAX;

/// Some rows of one line.
#[repr(C, align(64))]
#[derive(Clone)]
struct Chunk {
    /// To which step each row belongs.
    steps: [u32; ROWS],
    rows: [Row; ROWS],
}

/// Where the history of a line begins and ends.
#[derive(Clone, Copy)]
struct Ends {
    first: u32,
    last: u32,
    /// Rows in the last chunk.
    count: u32,
}

const NOTHING: Ends = Ends { first: NONE, last: NONE, count: ROWS as u32 };

/// The history of all lines in a stretch of time.
pub(crate) struct Batch {
    /// When each step was.
    pub times: Vec<u64>,
    /// The first step has the time of the last one of the batch before.
    pub goes_on: bool,
    chunks: Vec<Chunk>,
    /// For each chunk the one that goes on.
    next: Vec<u32>,
    used: usize,
    lines: Vec<Ends>,
    /// The lines that have rows.
    touched: Vec<u32>,
}

impl Batch {
    pub fn new(lines: usize) -> Batch {
        Batch {
            times: Vec::new(),
            goes_on: false,
            chunks: Vec::new(),
            next: Vec::new(),
            used: 0,
            lines: vec![NOTHING; lines],
            touched: Vec::new(),
        }
    }

    pub fn clear(&mut self) {
        for line in self.touched.drain(..) {
            self.lines[line as usize] = NOTHING;
        }
        (self.used, self.goes_on) = (0, false);
        self.times.clear();
    }

    /// Whether another step is one too many, or may have no room.
    pub fn is_full(&self) -> bool {
        let room = self.used + self.lines.len() <= MOST_CHUNKS || self.used == 0;
        self.times.len() >= MOST_STEPS || !room
    }

    /// Notes the lines that are not what they were before the last step, from one on: where they are in memory, and what
    /// they were. Says how many lines are done: all, or those for which there was room.
    #[must_use]
    pub fn add_changes(&mut self, memory: &[u8], lines: &[usize], before: &mut [Row], from: usize) -> usize {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has what the function needs.
            return unsafe { self.add_changes_avx2(memory, lines, before, from) };
        }
        self.add_changes_by_words(memory, lines, before, from)
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn add_changes_avx2(&mut self, memory: &[u8], lines: &[usize], before: &mut [Row], from: usize) -> usize {
        self.add_changes_by_words(memory, lines, before, from)
    }

    #[inline(always)]
    fn add_changes_by_words(
        &mut self,
        memory: &[u8],
        lines: &[usize],
        before: &mut [Row],
        from: usize,
    ) -> usize {
        for (line, (at, before)) in lines.iter().zip(before).enumerate().skip(from) {
            let Some(now) = memory.get(*at..).and_then(|rest| rest.first_chunk::<LINE>()) else { continue };
            if differ(now, before) {
                if !self.add(line, now) {
                    return line;
                }
                *before = *now;
            }
        }
        lines.len()
    }

    /// Notes what a line is in the last step. False where there is no room.
    #[inline(always)]
    #[must_use]
    fn add(&mut self, line: usize, row: &Row) -> bool {
        let step = (self.times.len() - 1) as u32;
        if self.lines[line].count as usize == ROWS && !self.add_chunk(line) {
            return false;
        }
        let ends = &mut self.lines[line];
        let chunk = &mut self.chunks[ends.last as usize];
        let at = ends.count as usize % ROWS;
        chunk.steps[at] = step;
        chunk.rows[at] = *row;
        ends.count += 1;
        if let Some(next) = chunk.rows.get(at + 1) {
            fetch(next);
        }
        true
    }

    /// The same, where lines may have been noted for the last step already.
    #[must_use]
    pub fn replace_changes(
        &mut self,
        memory: &[u8],
        lines: &[usize],
        before: &mut [Row],
        from: usize,
    ) -> usize {
        for (line, (at, before)) in lines.iter().zip(before).enumerate().skip(from) {
            let Some(now) = memory.get(*at..).and_then(|rest| rest.first_chunk::<LINE>()) else { continue };
            if now != before {
                if !self.replace(line, now) {
                    return line;
                }
                *before = *now;
            }
        }
        lines.len()
    }

    fn replace(&mut self, line: usize, row: &Row) -> bool {
        let ends = self.lines[line];
        if ends.first != NONE {
            let (chunk, at) = (&mut self.chunks[ends.last as usize], ends.count as usize - 1);
            if chunk.steps[at] as usize == self.times.len() - 1 {
                chunk.rows[at] = *row;
                return true;
            }
        }
        self.add(line, row)
    }

    /// Room for more rows of a line.
    #[cold]
    fn add_chunk(&mut self, line: usize) -> bool {
        if self.used == MOST_CHUNKS {
            return false;
        }
        if self.used == self.chunks.len() {
            self.chunks.push(Chunk { steps: [0; ROWS], rows: [[0; LINE]; ROWS] });
            self.next.push(NONE);
        }
        let new = self.used as u32;
        self.used += 1;
        self.next[new as usize] = NONE;
        let ends = &mut self.lines[line];
        if ends.first == NONE {
            ends.first = new;
            self.touched.push(line as u32);
        } else {
            self.next[ends.last as usize] = new;
        }
        (ends.last, ends.count) = (new, 0);
        true
    }

    /// The lines that have rows, in their order.
    pub fn touched(&self) -> Vec<u32> {
        let mut touched = self.touched.clone();
        touched.sort_unstable();
        touched
    }

    /// The rows of a line, some at a time, with their steps.
    pub fn rows(&self, line: usize) -> impl Iterator<Item = (&[u32], &[Row])> {
        let ends = self.lines[line];
        let chunk = |at: u32| self.chunks.get(at as usize).map(|chunk| (at, chunk));
        iter::successors(chunk(ends.first), move |(before, _)| chunk(self.next[*before as usize])).map(
            move |(at, chunk)| {
                let count = if at == ends.last { ends.count as usize } else { ROWS };
                (&chunk.steps[..count], &chunk.rows[..count])
            },
        )
    }

    /// Which bits of the words of a line are ever different from those before.
    pub fn differences(&self, line: usize, before: &Row) -> [u64; LINE / 8] {
        let words = |row: &Row| -> [u64; LINE / 8] {
            std::array::from_fn(|i| u64::from_le_bytes(std::array::from_fn(|j| row[8 * i + j])))
        };
        let before = words(before);
        let mut found = [0; LINE / 8];
        for (_, rows) in self.rows(line) {
            for row in rows {
                let now = words(row);
                found = std::array::from_fn(|i| found[i] | (now[i] ^ before[i]));
            }
        }
        found
    }

    /// What a line is at the end.
    pub fn last_row(&self, line: usize) -> Option<&Row> {
        let ends = self.lines[line];
        self.chunks.get(ends.last as usize).map(|chunk| &chunk.rows[ends.count as usize - 1])
    }
}

/// Lets the processor fetch what is written soon. It does not see that coming: a line is written once in a time step.
#[inline(always)]
fn fetch(row: &Row) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint; the address is one of a living row.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_ET0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_ET0>(row.as_ptr().cast());
    }
}

#[inline(always)]
fn differ(a: &Row, b: &Row) -> bool {
    let word = |row: &Row, i: usize| u64::from_le_bytes(std::array::from_fn(|j| row[8 * i + j]));
    (0..LINE / 8).fold(0, |found, i| found | (word(a, i) ^ word(b, i))) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_its_own_history() {
        let mut batch = Batch::new(3);
        for step in 0..100u8 {
            batch.times.push(u64::from(step) * 10);
            assert!(batch.add(2, &[step; LINE]));
            if step % 3 == 0 {
                assert!(batch.add(0, &[step; LINE]));
                assert!(batch.replace(0, &[step + 1; LINE]));
            }
        }
        let history = |line: usize| -> Vec<(u32, u8)> {
            let chunks = batch.rows(line).flat_map(|(steps, rows)| steps.iter().zip(rows));
            chunks.map(|(step, row)| (*step, row[63])).collect()
        };
        assert_eq!(history(2), (0..100).map(|step| (step, step as u8)).collect::<Vec<_>>());
        assert_eq!(history(0), (0..34).map(|n| (3 * n, 3 * n as u8 + 1)).collect::<Vec<_>>());
        assert_eq!(history(1), []);
        assert_eq!(batch.touched(), [0, 2]);
        assert_eq!(batch.last_row(0), Some(&[100; LINE]));
        assert_eq!(batch.last_row(1), None);
    }

    #[test]
    fn a_batch_has_bounds() {
        let mut batch = Batch::new(1);
        batch.times.push(0);
        let room = (0..).take_while(|_| batch.add(0, &[1; LINE])).count();
        assert_eq!(room, ROWS * MOST_CHUNKS);
        batch.clear();
        batch.times.push(1);
        assert!(batch.add(0, &[2; LINE]) && batch.rows(0).count() == 1);
    }
}
