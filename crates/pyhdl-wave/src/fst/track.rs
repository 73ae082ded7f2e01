//! [`Track`]: the changes of one signal in a section.

use super::number;
use crate::format::{Form, Unknown};

/// What the values of a signal look like.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Shape {
    /// So many bits.
    Bits(u32),
    Real,
    Text,
}

impl Shape {
    /// How many bytes a value has where all signals are listed: a character for each bit. Texts are not listed.
    pub fn frame_size(self) -> usize {
        match self {
            Shape::Bits(width) => width as usize,
            Shape::Real => 8,
            Shape::Text => 0,
        }
    }
}

/// One record a change: how many entries of the table of times have passed since the one before, with a few bits about
/// the value, and the value.
#[derive(Debug)]
pub(super) struct Track {
    pub shape: Shape,
    pub records: Vec<u8>,
    /// Where the last record begins.
    pub last: usize,
    /// The entry of the table of times that the last record belongs to.
    pub entry: u32,
    /// Instead of records: it has those of another track, of a smaller number.
    pub same: Option<u32>,
}

impl Track {
    pub fn new(shape: Shape) -> Track {
        Track { shape, records: Vec::new(), last: 0, entry: 0, same: None }
    }

    /// Adds a change at an entry of the table of times; says how many bytes that took.
    pub fn push(&mut self, entry: u32, value: Form<'_>) -> usize {
        let passed = u64::from(entry - self.entry);
        self.entry = entry;
        self.last = self.records.len();
        let out = &mut self.records;
        match (self.shape, value) {
            (Shape::Bits(1), Form::Bits(words)) => number::push(out, passed << 2 | (words[0] & 1) << 1),
            (Shape::Bits(1), Form::All(unknown)) => {
                let which = match unknown {
                    Unknown::X => 0,
                    Unknown::Z => 1,
                };
                number::push(out, passed << 4 | which << 1 | 1);
            }
            (Shape::Bits(width), Form::Bits(words)) => {
                number::push(out, passed << 1);
                push_bits(out, width, words);
            }
            (Shape::Bits(width), Form::All(unknown)) => {
                number::push(out, passed << 1 | 1);
                out.resize(out.len() + width as usize, unknown.letter());
            }
            (_, Form::Real(real)) => {
                number::push(out, passed << 1 | 1);
                out.extend(real.to_le_bytes());
            }
            (_, Form::Text(text)) => {
                number::push(out, passed << 1);
                number::push(out, text.len() as u64);
                out.extend(text.as_bytes());
            }
            // Other kinds have other forms.
            (Shape::Real | Shape::Text, Form::Bits(_) | Form::All(_)) => {}
        }
        out.len() - self.last
    }

    /// Puts the last value where a signal of this shape is listed among all.
    pub fn list(&self, frame: &mut [u8]) {
        if self.records.is_empty() {
            return;
        }
        let (head, length) = number::read(&self.records[self.last..]);
        let value = &self.records[self.last + length..];
        match self.shape {
            Shape::Bits(1) => {
                frame[0] = match (head & 1, head >> 1 & 7) {
                    (0, bits) => b'0' + (bits & 1) as u8,
                    (_, 0) => Unknown::X.letter(),
                    _ => Unknown::Z.letter(),
                };
            }
            Shape::Bits(_) if head & 1 == 0 => {
                for (index, letter) in frame.iter_mut().enumerate() {
                    *letter = b'0' + (value[index / 8] >> (7 - index % 8) & 1);
                }
            }
            Shape::Bits(_) | Shape::Real => frame.copy_from_slice(value),
            Shape::Text => {}
        }
    }

    /// Forgets the changes.
    pub fn clear(&mut self) {
        self.records.clear();
        self.last = 0;
        self.entry = 0;
    }
}

/// Adds bits from the highest one on, in bytes whose unused bits are the lowest ones of the last.
fn push_bits(out: &mut Vec<u8>, width: u32, words: &[u64]) {
    if let [word] = words {
        let bytes = (word << (64 - width)).to_be_bytes();
        out.extend(&bytes[..width.div_ceil(8) as usize]);
        return;
    }
    let unused = width.wrapping_neg() % 8;
    let start = out.len();
    let mut carried = 0;
    for word in words {
        let shifted = u128::from(*word) << unused | carried;
        out.extend((shifted as u64).to_le_bytes());
        carried = shifted >> 64;
    }
    if (width + unused).div_ceil(64) as usize > words.len() {
        out.push(carried as u8);
    }
    out.truncate(start + width.div_ceil(8) as usize);
    out[start..].reverse();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(width: u32, words: &[u64]) -> Vec<u8> {
        let mut out = vec![7];
        push_bits(&mut out, width, words);
        out.split_off(1)
    }

    #[test]
    fn bits_begin_with_the_highest() {
        assert_eq!(bits(8, &[0xa5]), [0xa5]);
        assert_eq!(bits(3, &[0b101]), [0b1010_0000]);
        assert_eq!(bits(12, &[0xabc]), [0xab, 0xc0]);
        assert_eq!(bits(64, &[1]), [0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(bits(65, &[1, 1]), [0x80, 0, 0, 0, 0, 0, 0, 0, 0x80]);
        assert_eq!(
            bits(72, &[0x1122_3344_5566_7788, 0x99]),
            [0x99, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]
        );
        assert_eq!(bits(127, &[u64::MAX, u64::MAX >> 1])[15], 0xfe);
        assert_eq!(bits(128, &[2, 1]), [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
    }

    #[test]
    fn the_last_value_is_listed() {
        let listed = |shape: Shape, values: &[Form<'_>]| {
            let mut track = Track::new(shape);
            let mut frame = vec![b'?'; shape.frame_size()];
            for (i, value) in values.iter().enumerate() {
                track.push(1000 * i as u32, *value);
            }
            track.list(&mut frame);
            frame
        };
        assert_eq!(listed(Shape::Bits(1), &[Form::Bits(&[0]), Form::Bits(&[1])]), b"1");
        assert_eq!(listed(Shape::Bits(1), &[Form::Bits(&[0]), Form::All(Unknown::Z)]), b"z");
        assert_eq!(listed(Shape::Bits(1), &[Form::Bits(&[0]), Form::All(Unknown::X)]), b"x");
        assert_eq!(listed(Shape::Bits(9), &[Form::Bits(&[1]), Form::Bits(&[0b1_0100_1101])]), b"101001101");
        assert_eq!(listed(Shape::Bits(3), &[Form::Bits(&[1]), Form::All(Unknown::Z)]), b"zzz");
        assert_eq!(listed(Shape::Real, &[Form::Real(1.0), Form::Real(-2.5)]), (-2.5_f64).to_le_bytes());
        assert_eq!(listed(Shape::Text, &[Form::Text("IDLE")]), b"");
        assert_eq!(listed(Shape::Bits(2), &[]), b"??");
    }
}
