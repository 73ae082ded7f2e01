//! Values on their way into a file.

use std::mem;

use num_bigint::{BigInt, Sign};
use num_traits::{Signed, ToPrimitive};

use crate::format::{Form, Unknown};
use crate::header::Kind;

/// A value to be written. What a signal's kind has no form for (text for a vector) is written as unknown.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum VarValue<'a> {
    Bool(bool),
    /// A number, or the index of an enumeration's literal.
    Int(i64),
    Big(&'a BigInt),
    /// The text of an object.
    Text(&'a str),
    /// Driven by nobody.
    HighZ,
}

/// A value that is kept, so that a change can be told from a repetition.
#[derive(PartialEq, Debug)]
pub(crate) enum Kept {
    All(Unknown),
    /// Up to 64 bits.
    Word(u64),
    /// The lowest word first.
    Words(Vec<u64>),
    Real(f64),
    /// The index of an enumeration's literal.
    Literal(u64),
    Text(String),
}

impl Kept {
    /// Takes a value in place, so that room that was allocated is used again.
    pub fn set(&mut self, kind: Kind, value: VarValue<'_>) {
        match kind {
            Kind::Bool => *self = bool_of(value),
            Kind::Vector { width } if width <= 64 => *self = word_of(width.max(1), value),
            Kind::Vector { width } => self.set_words(width, value),
            Kind::Number => *self = Kept::Real(real_of(value)),
            Kind::Enum(_) => match value {
                VarValue::Int(index) if index >= 0 => *self = Kept::Literal(index.unsigned_abs()),
                _ => self.set_text(value),
            },
            Kind::Text => self.set_text(value),
        }
    }

    /// The form in the file; `literals` are those of the signal's enumeration.
    pub fn form<'a>(&'a self, literals: &'a [String]) -> Form<'a> {
        match self {
            Kept::All(unknown) => Form::All(*unknown),
            Kept::Word(word) => Form::Bits(std::slice::from_ref(word)),
            Kept::Words(words) => Form::Bits(words),
            Kept::Real(number) => Form::Real(*number),
            Kept::Literal(index) => {
                let literal = usize::try_from(*index).ok().and_then(|i| literals.get(i));
                Form::Text(literal.map_or("?", String::as_str))
            }
            Kept::Text(text) => Form::Text(text),
        }
    }

    fn set_words(&mut self, width: u32, value: VarValue<'_>) {
        let unknown = match value {
            VarValue::HighZ => Some(Unknown::Z),
            VarValue::Text(_) => Some(Unknown::X),
            _ => None,
        };
        if let Some(unknown) = unknown {
            *self = Kept::All(unknown);
            return;
        }
        let mut words = match mem::replace(self, Kept::Word(0)) {
            Kept::Words(words) => words,
            _ => Vec::new(),
        };
        words.clear();
        let count = width.div_ceil(64) as usize;
        match value {
            VarValue::Int(n) => {
                words.push(n as u64);
                words.resize(count, if n < 0 { u64::MAX } else { 0 });
            }
            VarValue::Big(n) => {
                words.extend(n.magnitude().iter_u64_digits().take(count));
                words.resize(count, 0);
                if n.sign() == Sign::Minus {
                    negate(&mut words);
                }
            }
            VarValue::Bool(bit) => {
                words.push(u64::from(bit));
                words.resize(count, 0);
            }
            VarValue::HighZ | VarValue::Text(_) => {}
        }
        if let Some(top) = words.last_mut() {
            *top &= low_bits(width - 64 * (count as u32 - 1));
        }
        *self = Kept::Words(words);
    }

    fn set_text(&mut self, value: VarValue<'_>) {
        let mut text = match mem::replace(self, Kept::Word(0)) {
            Kept::Text(text) => text,
            _ => String::new(),
        };
        text.clear();
        match value {
            VarValue::Bool(bit) => text.push_str(if bit { "True" } else { "False" }),
            VarValue::Int(n) => text.push_str(&n.to_string()),
            VarValue::Big(n) => text.push_str(&n.to_string()),
            VarValue::Text(given) => push_word(&mut text, given),
            VarValue::HighZ => text.push('z'),
        }
        *self = Kept::Text(text);
    }
}

/// The literals that a signal of a kind has, of those of all enumerations.
pub(crate) fn literals(kind: Kind, enums: &[Vec<String>]) -> &[String] {
    match kind {
        Kind::Enum(index) => enums.get(index as usize).map_or(&[], Vec::as_slice),
        _ => &[],
    }
}

fn bool_of(value: VarValue<'_>) -> Kept {
    match value {
        VarValue::Bool(bit) => Kept::Word(u64::from(bit)),
        VarValue::Int(n) => Kept::Word(u64::from(n != 0)),
        VarValue::Big(n) => Kept::Word(u64::from(n.sign() != Sign::NoSign)),
        VarValue::HighZ => Kept::All(Unknown::Z),
        VarValue::Text(_) => Kept::All(Unknown::X),
    }
}

fn word_of(width: u32, value: VarValue<'_>) -> Kept {
    let word = match value {
        VarValue::Bool(bit) => u64::from(bit),
        VarValue::Int(n) => n as u64,
        VarValue::Big(n) => {
            let magnitude = n.magnitude().iter_u64_digits().next().unwrap_or(0);
            if n.sign() == Sign::Minus { magnitude.wrapping_neg() } else { magnitude }
        }
        VarValue::HighZ => return Kept::All(Unknown::Z),
        VarValue::Text(_) => return Kept::All(Unknown::X),
    };
    Kept::Word(word & low_bits(width))
}

fn real_of(value: VarValue<'_>) -> f64 {
    match value {
        VarValue::Bool(bit) => f64::from(u8::from(bit)),
        VarValue::Int(n) => n as f64,
        // The nearest real number; the largest one where there is none.
        VarValue::Big(n) => match n.to_f64() {
            Some(number) if number.is_finite() => number,
            _ if n.is_negative() => f64::MIN,
            _ => f64::MAX,
        },
        // A real variable has no other form for "no value".
        VarValue::Text(_) | VarValue::HighZ => 0.0,
    }
}

/// A mask of 1 to 64 bits.
fn low_bits(width: u32) -> u64 {
    u64::MAX >> (64 - width)
}

/// Two's complement of a number of many words.
fn negate(words: &mut [u64]) {
    let mut carry = true;
    for word in words {
        (*word, carry) = (!*word).overflowing_add(u64::from(carry));
    }
}

/// Adds a text as one printable word: VCD ends a text at the first blank.
pub(crate) fn push_word(out: &mut String, text: &str) {
    out.extend(text.chars().map(|c| if c.is_ascii_graphic() { c } else { '_' }));
    if text.is_empty() {
        out.push('_');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(width: u32, value: VarValue<'_>) -> Kept {
        let mut kept = Kept::All(Unknown::X);
        kept.set(Kind::Vector { width }, value);
        kept
    }

    #[test]
    fn vectors_are_twos_complement_at_every_width() {
        let big = |shift: u32, plus: i64| -> BigInt { (BigInt::from(1) << shift) + plus };
        assert_eq!(words(4, VarValue::Int(-3)), Kept::Word(0b1101));
        assert_eq!(words(64, VarValue::Int(-1)), Kept::Word(u64::MAX));
        assert_eq!(words(64, VarValue::Big(&big(63, 1))), Kept::Word((1 << 63) + 1));
        assert_eq!(words(64, VarValue::Big(&-big(63, 0))), Kept::Word(1 << 63));
        assert_eq!(words(65, VarValue::Int(-2)), Kept::Words(vec![u64::MAX - 1, 1]));
        assert_eq!(words(65, VarValue::Big(&big(64, 3))), Kept::Words(vec![3, 1]));
        assert_eq!(words(128, VarValue::Big(&-big(64, 0))), Kept::Words(vec![0, u64::MAX]));
        assert_eq!(words(130, VarValue::Big(&-big(64, 1))), Kept::Words(vec![u64::MAX, u64::MAX - 1, 3]));
        assert_eq!(words(70, VarValue::Bool(true)), Kept::Words(vec![1, 0]));
        assert_eq!(words(70, VarValue::HighZ), Kept::All(Unknown::Z));
        assert_eq!(words(7, VarValue::Text("?")), Kept::All(Unknown::X));
    }

    #[test]
    fn a_number_without_a_real_one_is_the_largest() {
        let huge: BigInt = BigInt::from(1) << 2000;
        assert_eq!(real_of(VarValue::Big(&huge)), f64::MAX);
        assert_eq!(real_of(VarValue::Big(&-huge)), f64::MIN);
    }
}
