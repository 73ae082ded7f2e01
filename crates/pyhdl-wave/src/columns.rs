//! [`Columns`]: which signals are where in the lines of a memory.

use num_bigint::{BigInt, Sign};

use crate::batch::{Batch, LINE, Row};
use crate::header::{Kind, WaveId};
use crate::value::{Kept, VarValue};

/// Where in a memory the value of a signal is: so many bytes, the lowest first, in two's complement where it is signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spot {
    pub signal: WaveId,
    pub at: usize,
    pub bytes: usize,
    pub signed: bool,
    /// Where the same value is after each complete time step, from one on at which it is there.
    pub copied: Option<usize>,
}

/// A signal that is in a memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Column {
    /// Its number in the file.
    pub number: u32,
    pub kind: Kind,
    /// Where its value is found.
    pub spot: Spot,
    /// Where its own value is.
    own: usize,
    /// Where it is in its line.
    pub offset: usize,
}

/// Signals that are in one line, and what the line was before the batch that comes next.
pub(crate) struct Line {
    /// Where it is in memory.
    pub at: usize,
    /// In the order of their numbers.
    pub columns: Vec<Column>,
    pub now: Row,
}

/// A signal that is in several lines.
pub(crate) struct Wide {
    pub column: Column,
    /// The first line, and how many there are.
    lines: (usize, usize),
    /// What it was before the batch that comes next.
    now: Vec<u8>,
}

pub(crate) struct Columns {
    pub lines: Vec<Line>,
    pub wide: Vec<Wide>,
}

impl Column {
    /// The signal as bits of a word of eight bytes, if that is what it is: how many.
    pub fn bits(&self) -> Option<u32> {
        let width = match self.kind {
            Kind::Bool => 1,
            Kind::Vector { width } => width.max(1),
            Kind::Enum(_) | Kind::Number | Kind::Text => return None,
        };
        let within = self.spot.bytes > 0 && self.offset % 8 + self.spot.bytes <= 8;
        (width <= 64 && within).then_some(width)
    }

    /// The bytes of the value in its line.
    pub fn bytes<'r>(&self, row: &'r Row) -> &'r [u8] {
        &row[self.offset..self.offset + self.spot.bytes]
    }

    /// The value that some bytes are.
    pub fn kept(&self, bytes: &[u8]) -> Kept {
        let mut kept = Kept::Word(0);
        with_value(self.kind, self.spot.signed, bytes, |value| kept.set(self.kind, value));
        kept
    }
}

impl Columns {
    /// `find` gives the number and the kind of a signal, if the file has it. The lines are those of a memory as it is
    /// now, of at least 64 bytes.
    pub fn new(spots: &[Spot], memory: &[u8], find: impl Fn(WaveId) -> Option<(u32, Kind)>) -> Columns {
        let mut columns: Vec<Column> = spots
            .iter()
            .filter_map(|spot| {
                let (number, kind) = find(spot.signal)?;
                let bytes = |at: usize| memory.get(at..at + spot.bytes);
                let at = spot.copied.filter(|copied| bytes(*copied) == bytes(spot.at)).unwrap_or(spot.at);
                Some(Column { number, kind, spot: Spot { at, ..*spot }, own: spot.at, offset: 0 })
            })
            .collect();
        let last = |column: &Column| (column.spot.at + column.spot.bytes.max(1) - 1) / LINE;
        let mut used: Vec<usize> =
            columns.iter().flat_map(|column| column.spot.at / LINE..=last(column)).collect();
        used.sort_unstable();
        used.dedup();
        // The last line of a memory may begin before its place, so that it is whole.
        let begin = |line: usize| (line * LINE).min(memory.len() - LINE);
        let line = |line: &usize| {
            let at = begin(*line);
            let mut now = [0; LINE];
            now.copy_from_slice(&memory[at..at + LINE]);
            Line { at, columns: Vec::new(), now }
        };
        let mut lines: Vec<Line> = used.iter().map(line).collect();
        columns.sort_unstable_by_key(|column| column.number);
        let mut wide = Vec::new();
        for mut column in columns {
            let (first, last) = (column.spot.at / LINE, last(&column));
            let Ok(place) = used.binary_search(&first) else { continue };
            if first == last {
                column.offset = column.spot.at - lines[place].at;
                lines[place].columns.push(column);
            } else {
                let now = memory[column.spot.at..column.spot.at + column.spot.bytes].to_vec();
                wide.push(Wide { column, lines: (place, last + 1 - first), now });
            }
        }
        Columns { lines, wide }
    }

    /// Calls with every signal and its own value in a memory.
    pub fn for_each_in(&self, memory: &[u8], mut f: impl FnMut(WaveId, VarValue<'_>)) {
        let wide = self.wide.iter().map(|wide| &wide.column);
        for column in self.lines.iter().flat_map(|line| &line.columns).chain(wide) {
            if let Some(bytes) = memory.get(column.own..column.own + column.spot.bytes) {
                with_value(column.kind, column.spot.signed, bytes, |value| f(column.spot.signal, value));
            }
        }
    }

    /// Calls with every signal and its value before the batch that comes next.
    pub fn for_each(&self, mut f: impl FnMut(WaveId, VarValue<'_>)) {
        for line in &self.lines {
            for column in &line.columns {
                let bytes = column.bytes(&line.now);
                with_value(column.kind, column.spot.signed, bytes, |value| f(column.spot.signal, value));
            }
        }
        for Wide { column, now, .. } in &self.wide {
            with_value(column.kind, column.spot.signed, now, |value| f(column.spot.signal, value));
        }
    }

    /// The batch counts as written.
    pub fn pass(&mut self, batch: &Batch) {
        for line in batch.touched() {
            if let Some(row) = batch.last_row(line as usize) {
                self.lines[line as usize].now = *row;
            }
        }
    }

    /// All is now as it is in some rows.
    pub fn jump(&mut self, rows: &[Row]) {
        for (line, row) in self.lines.iter_mut().zip(rows) {
            line.now = *row;
        }
        for Wide { column, lines: (first, count), now } in &mut self.wide {
            for line in &self.lines[*first..*first + *count] {
                column.copy_part(line.at, &line.now, now);
            }
        }
    }
}

impl Wide {
    /// Goes through the changes of a batch, which counts as written then: the steps, what the bytes were, and what they
    /// are.
    pub fn changes(&mut self, lines: &[Line], batch: &Batch, mut f: impl FnMut(u32, &[u8], &[u8])) {
        let (first, count) = self.lines;
        let mut rows: Vec<(u32, usize, &Row)> = Vec::new();
        for line in first..first + count {
            let chunks = batch.rows(line).flat_map(|(steps, rows)| steps.iter().zip(rows));
            rows.extend(chunks.map(|(step, row)| (*step, line, row)));
        }
        rows.sort_unstable_by_key(|(step, line, _)| (*step, *line));
        let mut bytes = self.now.clone();
        for rows in rows.chunk_by(|a, b| a.0 == b.0) {
            for (_, line, row) in rows {
                self.column.copy_part(lines[*line].at, row, &mut bytes);
            }
            if bytes != self.now {
                f(rows[0].0, &self.now, &bytes);
                self.now.copy_from_slice(&bytes);
            }
        }
    }
}

impl Column {
    /// Copies what a line has of the value.
    fn copy_part(&self, at: usize, row: &Row, bytes: &mut [u8]) {
        let (start, end) = (self.spot.at.max(at), (self.spot.at + self.spot.bytes).min(at + LINE));
        bytes[start - self.spot.at..end - self.spot.at].copy_from_slice(&row[start - at..end - at]);
    }
}

fn with_value<T>(kind: Kind, signed: bool, bytes: &[u8], f: impl FnOnce(VarValue<'_>) -> T) -> T {
    if kind == Kind::Bool {
        return f(VarValue::Bool(bytes.iter().any(|byte| *byte != 0)));
    }
    if bytes.len() <= 8 {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        let unused = 64 - 8 * bytes.len() as u32;
        let word = i64::from_le_bytes(word);
        let word = if signed { word << unused >> unused } else { word };
        if signed || word >= 0 {
            return f(VarValue::Int(word));
        }
    }
    let number = match signed {
        true => BigInt::from_signed_bytes_le(bytes),
        false => BigInt::from_bytes_le(Sign::Plus, bytes),
    };
    f(VarValue::Big(&number))
}
