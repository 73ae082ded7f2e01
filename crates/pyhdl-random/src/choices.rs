//! [`Choices`]: the decisions that make a case, drawn from bytes.
//!
//! A case is a function of its bytes. Where they end, every choice is the first one, and the first one is always the
//! simplest: so fewer and smaller bytes make a simpler case, and shrinking works on bytes whatever the case is.

use arbitrary::Unstructured;

pub struct Choices<'a> {
    bytes: Unstructured<'a>,
}

impl<'a> Choices<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Choices { bytes: Unstructured::new(bytes) }
    }

    /// A number from 0 to `count - 1`.
    pub fn below(&mut self, count: usize) -> usize {
        self.bytes.int_in_range(0..=count.saturating_sub(1)).unwrap_or(0)
    }

    /// A number from `lo` to `hi`, both included.
    pub fn between(&mut self, lo: i128, hi: i128) -> i128 {
        self.bytes.int_in_range(lo..=hi).unwrap_or(lo)
    }

    /// True about `percent` times out of 100; false where the bytes have ended.
    pub fn chance(&mut self, percent: u8) -> bool {
        self.bytes.int_in_range(0..=99u8).unwrap_or(0) >= 100 - percent.min(99)
    }

    pub fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    /// An index into weights, in proportion to them.
    pub fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut at = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if at < *weight {
                return index;
            }
            at -= weight;
        }
        0
    }

    pub fn are_left(&self) -> bool {
        !self.bytes.is_empty()
    }
}
