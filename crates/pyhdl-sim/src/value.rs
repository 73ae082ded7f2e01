//! [`Value`]: a Python `bool` or `int` at run time, with Python's exact arithmetic.
//!
//! Every operation first tries machine integers and falls back to big ones; nothing wraps.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};
use pyhdl_ir::{BinaryOp, CompareOp, UnaryOp};

/// Results of more bits than this are refused, so that `1 << x` with a runaway `x` cannot exhaust the memory.
pub const MAX_BITS: u64 = 1 << 24;

/// What a Python object that was stored in a signal or a variable looks like.
///
/// `Bool` and `Int` of the same number are equal (and hash alike) but print differently. A literal of an
/// enumeration is `Int` of its index. `Big` is used only where `i64` does not hold the number.
#[derive(Clone, Debug)]
pub enum Value {
    Bool(bool),
    Int(i64),
    Big(BigInt),
}

/// Why an operation has no result: the Python exception, or a limit of ours.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ArithmeticError {
    Python {
        exception: &'static str,
        message: &'static str,
    },
    /// The result would have about this many bits, more than [`MAX_BITS`].
    TooLarge {
        bits: u64,
    },
    /// `**` with a negative exponent: Python gives a fraction.
    Fraction,
}

const NEGATIVE_SHIFT: ArithmeticError =
    ArithmeticError::Python { exception: "ValueError", message: "negative shift count" };

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}

impl From<BigInt> for Value {
    fn from(value: BigInt) -> Self {
        match value.to_i64() {
            Some(small) => Value::Int(small),
            None => Value::Big(value),
        }
    }
}

impl From<&BigInt> for Value {
    fn from(value: &BigInt) -> Self {
        match value.to_i64() {
            Some(small) => Value::Int(small),
            None => Value::Big(value.clone()),
        }
    }
}

impl From<i128> for Value {
    fn from(value: i128) -> Self {
        match i64::try_from(value) {
            Ok(small) => Value::Int(small),
            Err(_) => Value::Big(BigInt::from(value)),
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self.small(), other.small()) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self.big_ref() == other.big_ref(),
            _ => false,
        }
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.small(), other.small()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => self.to_bigint().cmp(&other.to_bigint()),
        }
    }
}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Value::Bool(b) => i64::from(*b).hash(state),
            Value::Int(n) => n.hash(state),
            Value::Big(n) => n.hash(state),
        }
    }
}

/// Python's `str()`: `True`, `False`, or decimal digits.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(true) => f.write_str("True"),
            Value::Bool(false) => f.write_str("False"),
            Value::Int(n) => n.fmt(f),
            Value::Big(n) => n.fmt(f),
        }
    }
}

impl Value {
    /// The number, where a machine integer holds it.
    #[inline]
    pub fn small(&self) -> Option<i64> {
        match self {
            Value::Bool(b) => Some(i64::from(*b)),
            Value::Int(n) => Some(*n),
            Value::Big(_) => None,
        }
    }

    fn big_ref(&self) -> Option<&BigInt> {
        match self {
            Value::Big(n) => Some(n),
            _ => None,
        }
    }

    pub fn to_bigint(&self) -> BigInt {
        match self {
            Value::Bool(b) => BigInt::from(u8::from(*b)),
            Value::Int(n) => BigInt::from(*n),
            Value::Big(n) => n.clone(),
        }
    }

    /// Python's truth: not zero.
    #[inline]
    pub fn is_true(&self) -> bool {
        match self {
            Value::Bool(b) => *b,
            Value::Int(n) => *n != 0,
            Value::Big(_) => true,
        }
    }

    pub fn is_negative(&self) -> bool {
        match self {
            Value::Bool(_) => false,
            Value::Int(n) => *n < 0,
            Value::Big(n) => n.is_negative(),
        }
    }

    /// The same number as an `Int` or `Big`: `int(x)`.
    #[inline]
    pub fn into_int(self) -> Value {
        match self {
            Value::Bool(b) => Value::Int(i64::from(b)),
            other => other,
        }
    }

    /// Number of bits of the absolute value.
    fn bits(&self) -> u64 {
        match self {
            Value::Bool(b) => u64::from(*b),
            Value::Int(n) => u64::from(64 - n.unsigned_abs().leading_zeros()),
            Value::Big(n) => n.bits(),
        }
    }

    pub fn unary(self, op: UnaryOp) -> Value {
        match (op, self) {
            (UnaryOp::Not, v) => Value::Bool(!v.is_true()),
            (op, Value::Bool(b)) => Value::Int(i64::from(b)).unary(op),
            (UnaryOp::Invert, Value::Int(n)) => Value::Int(!n),
            (UnaryOp::Invert, Value::Big(n)) => Value::from(!n),
            (UnaryOp::Negate, Value::Int(n)) => Value::from(-i128::from(n)),
            (UnaryOp::Negate, Value::Big(n)) => Value::from(-n),
            (UnaryOp::Abs, Value::Int(n)) => Value::from(i128::from(n).abs()),
            (UnaryOp::Abs, Value::Big(n)) => Value::from(n.abs()),
        }
    }

    pub fn compare(&self, op: CompareOp, other: &Value) -> bool {
        match op {
            CompareOp::Eq => self == other,
            CompareOp::Ne => self != other,
            CompareOp::Lt => self < other,
            CompareOp::Le => self <= other,
            CompareOp::Gt => self > other,
            CompareOp::Ge => self >= other,
        }
    }

    pub fn binary(self, op: BinaryOp, other: Value) -> Result<Value, ArithmeticError> {
        if let (Value::Bool(a), Value::Bool(b)) = (&self, &other) {
            match op {
                BinaryOp::And => return Ok(Value::Bool(a & b)),
                BinaryOp::Or => return Ok(Value::Bool(a | b)),
                BinaryOp::Xor => return Ok(Value::Bool(a ^ b)),
                _ => {}
            }
        }
        match op {
            // Of equals Python returns the first one.
            BinaryOp::Min => return Ok(if other < self { other } else { self }),
            BinaryOp::Max => return Ok(if other > self { other } else { self }),
            BinaryOp::ShiftLeft => return self.shift_left(&other),
            BinaryOp::ShiftRight => return self.shift_right(&other),
            BinaryOp::Pow => return self.power(&other),
            _ => {}
        }
        if let (Some(a), Some(b)) = (self.small(), other.small())
            && let Some(result) = small_binary(op, a, b)?
        {
            return Ok(Value::Int(result));
        }
        big_binary(op, &self, &other)
    }

    fn shift_left(self, count: &Value) -> Result<Value, ArithmeticError> {
        if count.is_negative() {
            return Err(NEGATIVE_SHIFT);
        }
        if !self.is_true() {
            return Ok(Value::Int(0));
        }
        let by = count.small().unwrap_or(i64::MAX) as u64;
        if by < 64
            && let Some(n) = self.small()
        {
            return Ok(Value::from(i128::from(n) << by));
        }
        let bits = self.bits().saturating_add(by);
        if bits > MAX_BITS {
            return Err(ArithmeticError::TooLarge { bits });
        }
        Ok(Value::from(self.to_bigint() << by))
    }

    /// Floor division by a power of two.
    pub fn shift_right(self, count: &Value) -> Result<Value, ArithmeticError> {
        if count.is_negative() {
            return Err(NEGATIVE_SHIFT);
        }
        let by = count.small().unwrap_or(i64::MAX) as u64;
        Ok(match self {
            Value::Big(n) if by < n.bits() => Value::from(n >> by),
            Value::Big(n) => Value::Int(if n.is_negative() { -1 } else { 0 }),
            Value::Bool(b) => Value::Int(i64::from(b && by == 0)),
            Value::Int(n) => Value::Int(n >> by.min(63)),
        })
    }

    fn power(self, exponent: &Value) -> Result<Value, ArithmeticError> {
        if exponent.is_negative() {
            return Err(if self.is_true() {
                ArithmeticError::Fraction
            } else {
                ArithmeticError::Python {
                    exception: "ZeroDivisionError",
                    message: "0.0 cannot be raised to a negative power",
                }
            });
        }
        let even = !exponent.bit(0);
        match self.small() {
            _ if !exponent.is_true() => return Ok(Value::Int(1)),
            Some(n @ (0 | 1)) => return Ok(Value::Int(n)),
            Some(-1) => return Ok(Value::Int(if even { 1 } else { -1 })),
            _ => {}
        }
        // An upper estimate of the size; the exact one is at most twice smaller.
        let count = exponent.small().unwrap_or(i64::MAX) as u64;
        let bits = self.bits().saturating_mul(count);
        if bits > MAX_BITS {
            return Err(ArithmeticError::TooLarge { bits });
        }
        Ok(Value::from(self.to_bigint().pow(count)))
    }

    /// Bit `index` of the infinite two's complement form.
    #[inline]
    pub fn bit(&self, index: u64) -> bool {
        match self {
            Value::Big(n) => n.bit(index),
            other => (other.small().unwrap_or(0) >> index.min(63)) & 1 == 1,
        }
    }

    /// The low `width` bits as an unsigned number.
    #[inline]
    pub fn unsigned(self, width: u32) -> Value {
        if let Some(n) = self.small() {
            if width < 63 {
                return Value::Int(n & ((1i64 << width) - 1));
            }
            if n >= 0 {
                return Value::Int(n);
            }
        }
        let mask = (BigInt::one() << width) - 1;
        Value::from(self.to_bigint() & mask)
    }

    /// The low `width` bits as a two's complement number.
    pub fn signed(self, width: u32) -> Value {
        if width == 0 {
            return Value::Int(0);
        }
        if let (Some(n), true) = (self.small(), width <= 64) {
            let unused = 64 - width;
            return Value::Int((n << unused) >> unused);
        }
        let top = u64::from(width) - 1;
        let number = self.unsigned(width);
        if number.bit(top) { Value::from(number.to_bigint() - (BigInt::one() << width)) } else { number }
    }

    /// Where `modbv` puts the number: `(v - min) % (max + 1 - min) + min`, `max` being inclusive.
    pub fn wrapped(self, min: &BigInt, max: &BigInt) -> Value {
        let span = max + BigInt::one() - min;
        Value::from((self.to_bigint() - min).mod_floor(&span) + min)
    }
}

fn small_binary(op: BinaryOp, a: i64, b: i64) -> Result<Option<i64>, ArithmeticError> {
    Ok(match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::FloorDiv | BinaryOp::Mod if b == 0 => return Err(division_by_zero(op)),
        BinaryOp::FloorDiv if b == -1 => a.checked_neg(),
        BinaryOp::FloorDiv => Some(Integer::div_floor(&a, &b)),
        BinaryOp::Mod if b == -1 => Some(0),
        BinaryOp::Mod => Some(a.mod_floor(&b)),
        BinaryOp::And => Some(a & b),
        BinaryOp::Or => Some(a | b),
        BinaryOp::Xor => Some(a ^ b),
        _ => None,
    })
}

fn big_binary(op: BinaryOp, a: &Value, b: &Value) -> Result<Value, ArithmeticError> {
    let bits = a.bits().saturating_add(b.bits());
    if op == BinaryOp::Mul && bits > MAX_BITS {
        return Err(ArithmeticError::TooLarge { bits });
    }
    let (a, b) = (a.to_bigint(), b.to_bigint());
    if matches!(op, BinaryOp::FloorDiv | BinaryOp::Mod) && b.is_zero() {
        return Err(division_by_zero(op));
    }
    Ok(Value::from(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::FloorDiv => a.div_floor(&b),
        BinaryOp::Mod => a.mod_floor(&b),
        BinaryOp::And => a & b,
        BinaryOp::Or => a | b,
        BinaryOp::Xor => a ^ b,
        BinaryOp::Min => a.min(b),
        BinaryOp::Max => a.max(b),
        // Handled by `Value::binary` before it comes here.
        BinaryOp::ShiftLeft | BinaryOp::ShiftRight | BinaryOp::Pow => a,
    }))
}

/// The texts of CPython 3.11.
fn division_by_zero(op: BinaryOp) -> ArithmeticError {
    ArithmeticError::Python {
        exception: "ZeroDivisionError",
        message: match op {
            BinaryOp::Mod => "integer modulo by zero",
            _ => "integer division or modulo by zero",
        },
    }
}

/// The digits of the absolute value in base 2, 8, 10 or 16 (lower case).
pub(crate) fn magnitude(value: &Value, base: u32) -> String {
    match (value.small(), base) {
        (Some(n), 2) => format!("{:b}", n.unsigned_abs()),
        (Some(n), 8) => format!("{:o}", n.unsigned_abs()),
        (Some(n), 16) => format!("{:x}", n.unsigned_abs()),
        (Some(n), _) => n.unsigned_abs().to_string(),
        (None, base) => {
            let n = value.to_bigint();
            let n = if n.sign() == Sign::Minus { -n } else { n };
            n.to_str_radix(base)
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn int(text: &str) -> Value {
        Value::from(text.parse::<BigInt>().unwrap())
    }

    /// Operands, operator, result; each printed by CPython 3.11.
    #[test]
    fn arithmetic_is_that_of_python() {
        let big = "123456789012345678901234567890";
        let cases = [
            ("-7", BinaryOp::FloorDiv, "2", "-4"),
            ("7", BinaryOp::FloorDiv, "-2", "-4"),
            ("-7", BinaryOp::Mod, "3", "2"),
            ("7", BinaryOp::Mod, "-3", "-2"),
            ("-9223372036854775808", BinaryOp::FloorDiv, "-1", "9223372036854775808"),
            ("-9223372036854775808", BinaryOp::Mod, "-1", "0"),
            ("9223372036854775807", BinaryOp::Add, "1", "9223372036854775808"),
            ("-9223372036854775808", BinaryOp::Sub, "1", "-9223372036854775809"),
            ("4294967296", BinaryOp::Mul, "4294967296", "18446744073709551616"),
            (big, BinaryOp::FloorDiv, "-1000007", "-123455924820871932797705"),
            (big, BinaryOp::Mod, "-1000007", "-16045"),
            ("-1", BinaryOp::And, "18446744073709551615", "18446744073709551615"),
            ("-18446744073709551616", BinaryOp::Or, "1", "-18446744073709551615"),
            ("-5", BinaryOp::Xor, "3", "-8"),
            ("-5", BinaryOp::ShiftRight, "1", "-3"),
            ("-5", BinaryOp::ShiftRight, "1000000000000000000000000000000", "-1"),
            ("3", BinaryOp::ShiftLeft, "62", "13835058055282163712"),
            ("-3", BinaryOp::ShiftLeft, "64", "-55340232221128654848"),
            ("0", BinaryOp::ShiftLeft, "1000000000000000000000000000000", "0"),
            ("-3", BinaryOp::Pow, "41", "-36472996377170786403"),
            ("-1", BinaryOp::Pow, "1000000000000000000000000000001", "-1"),
            ("0", BinaryOp::Pow, "0", "1"),
        ];
        for (a, op, b, expected) in cases {
            assert_eq!(int(a).binary(op, int(b)), Ok(int(expected)), "{a} {op:?} {b}");
        }
    }

    #[test]
    fn bitwise_operations_of_two_bools_give_a_bool() {
        let both = Value::Bool(true).binary(BinaryOp::And, Value::Bool(true)).unwrap();
        assert_eq!(both.to_string(), "True");
        let mixed = Value::Bool(true).binary(BinaryOp::And, Value::Int(1)).unwrap();
        assert_eq!(mixed.to_string(), "1");
        let sum = Value::Bool(true).binary(BinaryOp::Add, Value::Bool(true)).unwrap();
        assert_eq!(sum.to_string(), "2");
        assert_eq!(Value::Bool(true).unary(UnaryOp::Invert).to_string(), "-2");
    }

    #[test]
    fn min_of_equals_is_the_first() {
        let first = Value::Bool(true).binary(BinaryOp::Min, Value::Int(1)).unwrap();
        assert_eq!(first.to_string(), "True");
        let first = Value::Int(1).binary(BinaryOp::Max, Value::Bool(true)).unwrap();
        assert_eq!(first.to_string(), "1");
    }

    #[test]
    fn what_has_no_result_is_an_error() {
        let error = |a: &str, op, b: &str| int(a).binary(op, int(b)).unwrap_err();
        assert_eq!(error("1", BinaryOp::ShiftLeft, "-1"), NEGATIVE_SHIFT);
        assert_eq!(error("1", BinaryOp::ShiftRight, "-1"), NEGATIVE_SHIFT);
        assert!(matches!(
            error("1", BinaryOp::ShiftLeft, "1000000000000"),
            ArithmeticError::TooLarge { bits: 1_000_000_000_001 }
        ));
        assert!(matches!(
            error("1", BinaryOp::ShiftLeft, "1000000000000000000000000000000"),
            ArithmeticError::TooLarge { .. }
        ));
        assert!(matches!(error("10", BinaryOp::Pow, "99999999"), ArithmeticError::TooLarge { .. }));
        assert_eq!(error("2", BinaryOp::Pow, "-1"), ArithmeticError::Fraction);
        for (a, op, text) in [
            ("1", BinaryOp::FloorDiv, "integer division or modulo by zero"),
            ("1", BinaryOp::Mod, "integer modulo by zero"),
            ("1000000000000000000000000000000", BinaryOp::Mod, "integer modulo by zero"),
        ] {
            let expected = ArithmeticError::Python { exception: "ZeroDivisionError", message: text };
            assert_eq!(error(a, op, "0"), expected);
        }
    }

    #[test]
    fn bits_are_those_of_infinite_twos_complement() {
        assert!(Value::Int(-5).bit(99));
        assert!(!Value::Int(5).bit(99));
        assert!(int("-18446744073709551616").bit(64));
        assert!(!int("-18446744073709551616").bit(63));
        assert_eq!(Value::Int(-1).unsigned(64), int("18446744073709551615"));
        assert_eq!(Value::Int(-1).unsigned(3), Value::Int(7));
        assert_eq!(int("18446744073709551615").unsigned(65), int("18446744073709551615"));
        assert_eq!(int("18446744073709551615").signed(64), Value::Int(-1));
        assert_eq!(Value::Int(8).signed(4), Value::Int(-8));
        assert_eq!(Value::Int(i64::MIN).signed(64), Value::Int(i64::MIN));
        assert_eq!(Value::Int(7).signed(4), Value::Int(7));
    }

    #[test]
    fn modbv_wraps_at_a_negative_bound() {
        let (min, max) = (BigInt::from(-8), BigInt::from(7));
        assert_eq!(Value::Int(8).wrapped(&min, &max), Value::Int(-8));
        assert_eq!(Value::Int(-9).wrapped(&min, &max), Value::Int(7));
        assert_eq!(Value::Int(-8).wrapped(&min, &max), Value::Int(-8));
    }
}
