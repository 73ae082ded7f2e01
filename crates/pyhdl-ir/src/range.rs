//! [`Range`]: an interval of integers with exact, possibly infinite, bounds, and interval arithmetic on it.

use num_bigint::BigInt;

/// The integers from `lo` to `hi`, both included; `None` is minus or plus infinity. Never empty.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Range {
    pub lo: Option<BigInt>,
    pub hi: Option<BigInt>,
}

impl Range {
    /// `[lo, hi]`; the bounds may be given in either order.
    pub fn new(lo: impl Into<BigInt>, hi: impl Into<BigInt>) -> Self {
        let (lo, hi) = (lo.into(), hi.into());
        if lo <= hi { Range { lo: Some(lo), hi: Some(hi) } } else { Range { lo: Some(hi), hi: Some(lo) } }
    }

    /// One value.
    pub fn exactly(value: impl Into<BigInt>) -> Self {
        let value = value.into();
        Range { lo: Some(value.clone()), hi: Some(value) }
    }

    /// 0 and 1.
    pub fn bit() -> Self {
        Range::new(0, 1)
    }

    /// All integers.
    pub fn all() -> Self {
        Range { lo: None, hi: None }
    }

    /// The values of an unsigned vector of `width` bits.
    pub fn unsigned(width: u32) -> Self {
        Range::new(0, (BigInt::from(1) << width) - 1)
    }

    /// The values of a two's complement vector of `width` bits.
    pub fn signed(width: u32) -> Self {
        let half = BigInt::from(1) << width.saturating_sub(1);
        Range::new(-half.clone(), half - 1)
    }

    pub fn is_finite(&self) -> bool {
        self.lo.is_some() && self.hi.is_some()
    }

    /// The only value, where there is just one.
    pub fn single(&self) -> Option<&BigInt> {
        match (&self.lo, &self.hi) {
            (Some(lo), Some(hi)) if lo == hi => Some(lo),
            _ => None,
        }
    }

    /// Whether negative values are possible.
    pub fn may_be_negative(&self) -> bool {
        self.lo.as_ref().is_none_or(|lo| *lo < BigInt::ZERO)
    }

    pub fn contains(&self, value: &BigInt) -> bool {
        self.lo.as_ref().is_none_or(|lo| lo <= value) && self.hi.as_ref().is_none_or(|hi| value <= hi)
    }

    /// Whether every value of `other` is in `self`.
    pub fn contains_range(&self, other: &Range) -> bool {
        let low = match (&self.lo, &other.lo) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(a), Some(b)) => a <= b,
        };
        let high = match (&self.hi, &other.hi) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(a), Some(b)) => a >= b,
        };
        low && high
    }

    /// The smallest range that contains both.
    pub fn union(&self, other: &Range) -> Range {
        Range {
            lo: self.lo.as_ref().zip(other.lo.as_ref()).map(|(a, b)| a.min(b).clone()),
            hi: self.hi.as_ref().zip(other.hi.as_ref()).map(|(a, b)| a.max(b).clone()),
        }
    }

    /// The values in both; `None` where there are none.
    pub fn intersect(&self, other: &Range) -> Option<Range> {
        let lo = match (&self.lo, &other.lo) {
            (Some(a), Some(b)) => Some(a.max(b).clone()),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        let hi = match (&self.hi, &other.hi) {
            (Some(a), Some(b)) => Some(a.min(b).clone()),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        match (&lo, &hi) {
            (Some(l), Some(h)) if l > h => None,
            _ => Some(Range { lo, hi }),
        }
    }

    /// Number of bits that hold every value: unsigned where none is negative (at least 1), two's complement
    /// otherwise; `None` for an infinite range.
    pub fn width(&self) -> Option<u32> {
        let (lo, hi) = (self.lo.as_ref()?, self.hi.as_ref()?);
        Some(if *lo >= BigInt::ZERO {
            (hi.bits() as u32).max(1)
        } else {
            let negative = (-(lo + 1u32)).bits() as u32;
            let positive = if *hi > BigInt::ZERO { hi.bits() as u32 } else { 0 };
            negative.max(positive) + 1
        })
    }
}
