//! Interval arithmetic on [`Range`]: for each operator the smallest interval, or a sound one that is cheap to find,
//! that holds every result. Infinite bounds stay infinite.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive};

use crate::Range;

/// Shift amounts beyond this are treated as unbounded: the value itself would not fit in memory.
const MAX_SHIFT: u32 = 1 << 16;

impl Range {
    pub fn neg(&self) -> Range {
        Range { lo: self.hi.as_ref().map(|h| -h), hi: self.lo.as_ref().map(|l| -l) }
    }

    /// `~x`: `-x - 1`.
    pub fn invert(&self) -> Range {
        self.neg().sub(&Range::exactly(1))
    }

    pub fn abs(&self) -> Range {
        let negative = self.neg();
        if !self.may_be_negative() {
            return self.clone();
        }
        if !negative.may_be_negative() {
            return negative;
        }
        Range {
            lo: Some(BigInt::ZERO),
            hi: self.hi.as_ref().zip(negative.hi.as_ref()).map(|(a, b)| a.max(b).clone()),
        }
    }

    pub fn add(&self, other: &Range) -> Range {
        Range {
            lo: self.lo.as_ref().zip(other.lo.as_ref()).map(|(a, b)| a + b),
            hi: self.hi.as_ref().zip(other.hi.as_ref()).map(|(a, b)| a + b),
        }
    }

    pub fn sub(&self, other: &Range) -> Range {
        self.add(&other.neg())
    }

    pub fn mul(&self, other: &Range) -> Range {
        let zero = Range::exactly(0);
        if *self == zero || *other == zero {
            return zero;
        }
        match (&self.lo, &self.hi, &other.lo, &other.hi) {
            (Some(a), Some(b), Some(c), Some(d)) => hull([a * c, a * d, b * c, b * d]),
            _ if !self.may_be_negative() && !other.may_be_negative() => Range {
                lo: self.lo.as_ref().zip(other.lo.as_ref()).map(|(a, b)| a * b),
                hi: self.hi.as_ref().zip(other.hi.as_ref()).map(|(a, b)| a * b),
            },
            _ => Range::all(),
        }
    }

    /// Floor division, leaving out a divisor of zero; `None` where the divisor can only be zero.
    pub fn floor_div(&self, divisor: &Range) -> Option<Range> {
        let parts = divisor.without_zero();
        let quotients = parts.iter().map(|part| match (&self.lo, &self.hi, &part.lo, &part.hi) {
            (Some(a), Some(b), Some(c), Some(d)) => {
                hull([a.div_floor(c), a.div_floor(d), b.div_floor(c), b.div_floor(d)])
            }
            // A divisor of unknown size: the quotient is no larger than the dividend, and no further below than -1.
            (Some(a), Some(b), _, _) if part.lo.as_ref().is_some_and(|l| l.is_positive()) => {
                hull([a.clone(), b.clone(), BigInt::ZERO, a.div_floor(part.lo.as_ref().unwrap_or(a))])
            }
            (Some(a), None, Some(c), Some(d)) if c.is_positive() => {
                Range { lo: Some(a.div_floor(c).min(a.div_floor(d))), hi: None }
            }
            _ => Range::all(),
        });
        quotients.reduce(|a, b| a.union(&b))
    }

    /// Modulo with the divisor's sign, leaving out a divisor of zero; `None` where the divisor can only be zero.
    pub fn modulo(&self, divisor: &Range) -> Option<Range> {
        let one = BigInt::from(1);
        let parts = divisor.without_zero();
        let remainders = parts.iter().map(|part| {
            let positive = part.lo.as_ref().is_some_and(|l| l.is_positive());
            if let (Some(a), Some(b), Some(m)) = (&self.lo, &self.hi, part.single())
                && a.div_floor(m) == b.div_floor(m)
            {
                return Range::new(a.mod_floor(m), b.mod_floor(m));
            }
            if positive {
                let mut hi = part.hi.as_ref().map(|h| h - &one);
                // A dividend that is never negative is not less than its remainder.
                if !self.may_be_negative() {
                    hi = match (hi, &self.hi) {
                        (Some(a), Some(b)) => Some(a.min(b.clone())),
                        (a, b) => a.or_else(|| b.clone()),
                    };
                }
                Range { lo: Some(BigInt::ZERO), hi }
            } else {
                Range { lo: part.lo.as_ref().map(|l| l + &one), hi: Some(BigInt::ZERO) }
            }
        });
        remainders.reduce(|a, b| a.union(&b))
    }

    /// The parts below and above zero.
    fn without_zero(&self) -> Vec<Range> {
        let below = Range { lo: None, hi: Some(BigInt::from(-1)) };
        let above = Range { lo: Some(BigInt::from(1)), hi: None };
        [below, above].iter().filter_map(|half| self.intersect(half)).collect()
    }

    /// `x ** n` for a natural `n`.
    pub fn pow(&self, exponent: &Range) -> Range {
        let (Some(a), Some(b)) = (&self.lo, &self.hi) else { return Range::all() };
        let (Some(low), Some(high)) = (
            exponent.lo.as_ref().and_then(|e| e.max(&BigInt::ZERO).to_u32()),
            exponent.hi.as_ref().and_then(|e| e.max(&BigInt::ZERO).to_u32()),
        ) else {
            return Range::all();
        };
        if u64::from(high) * a.bits().max(b.bits()) > u64::from(MAX_SHIFT) {
            return Range::all();
        }
        // Even powers have their minimum at zero; neighbouring exponents cover both signs of odd ones.
        let mut exponents = vec![low, high];
        exponents.extend(
            [low.saturating_add(1), high.saturating_sub(1)].into_iter().filter(|e| *e >= low && *e <= high),
        );
        let mut values: Vec<BigInt> = exponents.iter().flat_map(|e| [a.pow(*e), b.pow(*e)]).collect();
        if self.contains(&BigInt::ZERO) && high > 0 {
            values.push(BigInt::ZERO);
        }
        hull(values)
    }

    /// `x << n`; negative amounts raise in Python and are left out.
    pub fn shl(&self, amount: &Range) -> Range {
        let zero = BigInt::ZERO;
        let low = amount.lo.as_ref().unwrap_or(&zero).max(&zero).to_u32();
        let high = amount.hi.as_ref().and_then(|h| h.max(&zero).to_u32()).filter(|h| *h <= MAX_SHIFT);
        let grow = |bound: &BigInt, outward: Option<u32>, inward: Option<u32>, away: bool| {
            let by = if away { outward } else { inward };
            by.filter(|n| *n <= MAX_SHIFT).map(|n| bound << n)
        };
        Range {
            lo: self.lo.as_ref().and_then(|l| grow(l, high, low, l.is_negative())),
            hi: self.hi.as_ref().and_then(|h| grow(h, high, low, h.is_positive())),
        }
        .or_zero(self)
    }

    /// Keeps `[0, 0]` at zero however far it is shifted.
    fn or_zero(self, of: &Range) -> Range {
        let zero = BigInt::ZERO;
        let lo = if of.lo.as_ref() == Some(&zero) { Some(zero.clone()) } else { self.lo };
        let hi = if of.hi.as_ref() == Some(&zero) { Some(zero) } else { self.hi };
        Range { lo, hi }
    }

    /// `x >> n`; negative amounts raise in Python and are left out.
    pub fn shr(&self, amount: &Range) -> Range {
        let zero = BigInt::ZERO;
        let low = amount.lo.as_ref().unwrap_or(&zero).max(&zero).to_u32();
        let high = amount.hi.as_ref().and_then(|h| h.max(&zero).to_u32());
        let shift = |bound: &BigInt, by: Option<u32>| match by {
            Some(n) => bound >> n,
            None if bound.is_negative() => BigInt::from(-1),
            None => BigInt::ZERO,
        };
        Range {
            lo: self.lo.as_ref().map(|l| shift(l, if l.is_negative() { low } else { high })),
            hi: self.hi.as_ref().map(|h| shift(h, if h.is_negative() { high } else { low })),
        }
    }

    pub fn and(&self, other: &Range) -> Range {
        match (self.may_be_negative(), other.may_be_negative()) {
            (false, false) => {
                let hi = match (&self.hi, &other.hi) {
                    (Some(a), Some(b)) => Some(a.min(b).clone()),
                    (a, b) => a.clone().or_else(|| b.clone()),
                };
                Range { lo: Some(BigInt::ZERO), hi }
            }
            (false, true) => Range { lo: Some(BigInt::ZERO), hi: self.hi.clone() },
            (true, false) => Range { lo: Some(BigInt::ZERO), hi: other.hi.clone() },
            (true, true) => self.bitwise(other),
        }
    }

    pub fn or(&self, other: &Range) -> Range {
        if self.may_be_negative() || other.may_be_negative() {
            return self.bitwise(other);
        }
        let lo = self.lo.as_ref().zip(other.lo.as_ref()).map(|(a, b)| a.max(b).clone());
        Range { lo, hi: self.ones(other) }
    }

    pub fn xor(&self, other: &Range) -> Range {
        if self.may_be_negative() || other.may_be_negative() {
            return self.bitwise(other);
        }
        Range { lo: Some(BigInt::ZERO), hi: self.ones(other) }
    }

    /// All ones in the width of the wider of two ranges without negative values.
    fn ones(&self, other: &Range) -> Option<BigInt> {
        let bits = self.hi.as_ref()?.bits().max(other.hi.as_ref()?.bits());
        Some((BigInt::from(1) << bits) - 1)
    }

    /// What a bitwise operation of two's complement numbers can give.
    fn bitwise(&self, other: &Range) -> Range {
        let width = |r: &Range| r.width().map(|w| if r.may_be_negative() { w } else { w + 1 });
        match (width(self), width(other)) {
            (Some(a), Some(b)) => Range::signed(a.max(b)),
            _ => Range::all(),
        }
    }

    pub fn min(&self, other: &Range) -> Range {
        self.neg().max(&other.neg()).neg()
    }

    pub fn max(&self, other: &Range) -> Range {
        let lo = match (&self.lo, &other.lo) {
            (Some(a), Some(b)) => Some(a.max(b).clone()),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        Range { lo, hi: self.hi.as_ref().zip(other.hi.as_ref()).map(|(a, b)| a.max(b).clone()) }
    }

    /// The low `width` bits as an unsigned number.
    pub fn low_bits(&self, width: u32) -> Range {
        let full = Range::unsigned(width);
        let modulus = Range::exactly(BigInt::from(1) << width);
        self.modulo(&modulus).and_then(|r| r.intersect(&full)).unwrap_or(full)
    }

    /// The low `width` bits as a two's complement number.
    pub fn low_bits_signed(&self, width: u32) -> Range {
        let full = Range::signed(width);
        if full.contains_range(self) {
            return self.clone();
        }
        let low = self.low_bits(width);
        let half = Range::exactly(BigInt::from(1) << width.saturating_sub(1));
        match (low.lo.as_ref() >= half.lo.as_ref(), low.hi.as_ref() < half.lo.as_ref()) {
            (true, _) => low.sub(&Range::exactly(BigInt::from(1) << width)),
            (_, true) => low,
            _ => full,
        }
    }
}

/// The smallest range that contains all values.
fn hull(values: impl IntoIterator<Item = BigInt>) -> Range {
    let mut range: Option<Range> = None;
    for value in values {
        let one = Range::exactly(value);
        range = Some(match range {
            None => one,
            Some(before) => before.union(&one),
        });
    }
    range.unwrap_or_else(Range::all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BinaryOp, binary_range};

    /// Every operator on every pair of small intervals: each result that Python would give lies in the range, and for
    /// the operators that promise it, the range's ends are results.
    #[test]
    fn ranges_hold_every_result_and_are_tight_where_promised() {
        type Op = fn(i64, i64) -> Option<i64>;
        let ops: [(BinaryOp, Op, bool); 12] = [
            (BinaryOp::Add, |a, b| Some(a + b), true),
            (BinaryOp::Sub, |a, b| Some(a - b), true),
            (BinaryOp::Mul, |a, b| Some(a * b), true),
            (BinaryOp::FloorDiv, |a, b| (b != 0).then(|| Integer::div_floor(&a, &b)), true),
            (BinaryOp::Mod, |a, b| (b != 0).then(|| Integer::mod_floor(&a, &b)), false),
            (BinaryOp::Min, |a, b| Some(a.min(b)), true),
            (BinaryOp::Max, |a, b| Some(a.max(b)), true),
            (BinaryOp::And, |a, b| Some(a & b), false),
            (BinaryOp::Or, |a, b| Some(a | b), false),
            (BinaryOp::Xor, |a, b| Some(a ^ b), false),
            (BinaryOp::ShiftLeft, |a, b| (b >= 0).then(|| a << b), true),
            (BinaryOp::ShiftRight, |a, b| (b >= 0).then(|| a >> b), true),
        ];
        for (op, value, tight) in ops {
            for lo in -5i64..6 {
                for hi in lo..6 {
                    for low in -4i64..5 {
                        for high in low..5 {
                            let range = binary_range(op, &Range::new(lo, hi), &Range::new(low, high));
                            let results: Vec<i64> = (lo..=hi)
                                .flat_map(|a| (low..=high).filter_map(move |b| value(a, b)))
                                .collect();
                            for r in &results {
                                assert!(
                                    range.contains(&BigInt::from(*r)),
                                    "{op:?} [{lo},{hi}] [{low},{high}] {r}"
                                );
                            }
                            if let (true, Some(min), Some(max)) =
                                (tight, results.iter().min(), results.iter().max())
                            {
                                assert_eq!(
                                    range,
                                    Range::new(*min, *max),
                                    "{op:?} [{lo},{hi}] [{low},{high}]"
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn powers_hold_every_result() {
        for lo in -3i64..4 {
            for hi in lo..4 {
                for low in 0i64..5 {
                    for high in low..5 {
                        let range = Range::new(lo, hi).pow(&Range::new(low, high));
                        for a in lo..=hi {
                            for n in low..=high {
                                assert!(
                                    range.contains(&BigInt::from(a.pow(n as u32))),
                                    "{a}**{n} not in {range:?}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn low_bits_hold_every_result() {
        for lo in -20i64..20 {
            for hi in lo..20 {
                for width in 1u32..5 {
                    let (u, s) =
                        (Range::new(lo, hi).low_bits(width), Range::new(lo, hi).low_bits_signed(width));
                    for a in lo..=hi {
                        let low = a & ((1 << width) - 1);
                        let signed = if low >> (width - 1) == 1 { low - (1 << width) } else { low };
                        assert!(u.contains(&BigInt::from(low)) && s.contains(&BigInt::from(signed)));
                    }
                }
            }
        }
    }

    #[test]
    fn an_unbounded_shift_is_infinite_and_cheap() {
        assert_eq!(Range::new(0, 1).shl(&Range::unsigned(32)), Range { lo: Some(BigInt::ZERO), hi: None });
        assert_eq!(Range::new(0, 255).shr(&Range::unsigned(64)), Range::new(0, 255));
    }
}
