//! [`Bounds`]: between which powers of two a value is. The generators size what they declare with it. It is simpler
//! than the exact ranges of pyhdl on purpose: it must not be wrong where those are.

/// The values from `-2**bits` (or 0, if none is negative) to `2**bits - 1`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    pub negative: bool,
    pub bits: u32,
}

impl Bounds {
    pub fn unsigned(bits: u32) -> Self {
        Bounds { negative: false, bits }
    }

    pub fn signed(bits: u32) -> Self {
        Bounds { negative: true, bits }
    }

    /// The smallest ones that hold everything from `lo` to `hi`.
    pub fn around(lo: i128, hi: i128) -> Self {
        let bits = |v: i128| 128 - if v < 0 { !v } else { v }.leading_zeros();
        Bounds { negative: lo < 0, bits: bits(lo).max(bits(hi)) }
    }

    pub fn lo(self) -> i128 {
        if self.negative { -(1 << self.bits) } else { 0 }
    }

    pub fn hi(self) -> i128 {
        (1 << self.bits) - 1
    }

    /// Whether all of them are between `lo` and `hi`.
    pub fn within(self, lo: i128, hi: i128) -> bool {
        self.bits < 127 && self.lo() >= lo && self.hi() <= hi
    }

    pub fn join(self, other: Self) -> Self {
        Bounds { negative: self.negative || other.negative, bits: self.bits.max(other.bits) }
    }

    pub fn wider(self, bits: u32) -> Self {
        Bounds { bits: self.bits + bits, ..self }
    }

    pub fn times(self, other: Self) -> Self {
        let both = self.negative && other.negative;
        Bounds { negative: self.negative || other.negative, bits: self.bits + other.bits + u32::from(both) }
    }

    /// Bounds of `a & b`.
    pub fn masked(self, other: Self) -> Self {
        match (self.negative, other.negative) {
            (false, false) => Bounds::unsigned(self.bits.min(other.bits)),
            (false, true) => self,
            (true, false) => other,
            (true, true) => self.join(other),
        }
    }
}
