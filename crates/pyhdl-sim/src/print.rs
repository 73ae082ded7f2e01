//! Text of printed values.

use pyhdl_ir::{Base, Format, Pad};

use crate::Value;
use crate::interpreter::{Fault, Machine};
use crate::program::Piece;
use crate::value::magnitude;

impl Machine<'_> {
    /// Appends a piece of text to the text being printed.
    pub(crate) fn write_piece(&mut self, piece: &Piece) -> Result<(), Fault> {
        match piece {
            Piece::Text(text) => self.text.push_str(text),
            Piece::Value { value, format, literals } => {
                let value = self.eval(*value)?;
                let literal = literals.and_then(|id| {
                    let index = usize::try_from(value.small()?).ok()?;
                    self.program.enums[id].get(index)
                });
                match (format, literal) {
                    (Format::Plain, Some(name)) => self.text.push_str(name),
                    _ => self.text.push_str(&formatted(&value, format)),
                }
            }
        }
        Ok(())
    }
}

/// The text of a number.
pub fn formatted(value: &Value, format: &Format) -> String {
    match format {
        Format::Plain => value.to_string(),
        Format::Vector { width: 0 } => number(value, Base::Hex, 0, Pad::Right),
        Format::Vector { width } => {
            let code = if value.is_negative() { value.clone().unsigned(*width) } else { value.clone() };
            number(&code, Base::Hex, width.div_ceil(4), Pad::Zeros)
        }
        Format::Number { base, width, pad } => number(value, *base, *width, *pad),
    }
}

fn number(value: &Value, base: Base, width: u32, pad: Pad) -> String {
    let digits = match base {
        Base::Binary => magnitude(value, 2),
        Base::Octal => magnitude(value, 8),
        Base::Decimal => magnitude(value, 10),
        Base::Hex => magnitude(value, 16),
        Base::HexUpper => magnitude(value, 16).to_uppercase(),
    };
    let (sign, width) = (if value.is_negative() { "-" } else { "" }, width as usize);
    match pad {
        Pad::Right => format!("{:>width$}", format!("{sign}{digits}")),
        Pad::Left => format!("{:<width$}", format!("{sign}{digits}")),
        Pad::Zeros => format!("{sign}{digits:0>w$}", w = width.saturating_sub(sign.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected texts printed by MyHDL 0.11.52: `str(intbv(-5, -8, 8))` and so on.
    #[test]
    fn vectors_print_like_intbv() {
        let text = |n: i64, width| formatted(&Value::Int(n), &Format::Vector { width });
        assert_eq!(text(-5, 4), "b");
        assert_eq!(text(5, 8), "05");
        assert_eq!(text(-5, 0), "-5");
        assert_eq!(text(300, 0), "12c");
        assert_eq!(text(5, 5), "05");
        assert_eq!(text(-1, 8), "ff");
    }

    /// `'%05d|%-5d|%5x|%05x' % (-3, -3, -31, -31)` in CPython.
    #[test]
    fn numbers_print_like_percent_formats() {
        let text = |n: i64, base, pad| formatted(&Value::Int(n), &Format::Number { base, width: 5, pad });
        assert_eq!(text(-3, Base::Decimal, Pad::Zeros), "-0003");
        assert_eq!(text(-3, Base::Decimal, Pad::Left), "-3   ");
        assert_eq!(text(-31, Base::Hex, Pad::Right), "  -1f");
        assert_eq!(text(-31, Base::Hex, Pad::Zeros), "-001f");
        assert_eq!(text(31, Base::HexUpper, Pad::Right), "   1F");
    }
}
