//! Numbers of any width in machine code: limbs of 64 bits, the lowest first, in two's complement. Everything here is
//! straight-line code without effects.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use cranelift_frontend::FunctionBuilder;
use num_bigint::{BigInt, Sign};

/// A number, sign-extended beyond its last limb.
pub type Limbs = Vec<Value>;

/// The value of an expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Val {
    /// One byte that is 0 or 1.
    Bit(Value),
    Num(Limbs),
}

/// Building code for numbers.
pub struct Nums<'b, 'f> {
    pub b: &'b mut FunctionBuilder<'f>,
}

impl Nums<'_, '_> {
    pub fn small(&mut self, n: i64) -> Value {
        self.b.ins().iconst(types::I64, n)
    }

    pub fn constant(&mut self, n: &BigInt, limbs: usize) -> Limbs {
        let mut digits: Vec<u64> = n.magnitude().iter_u64_digits().collect();
        digits.resize(limbs, 0);
        if n.sign() == Sign::Minus {
            let mut carry = true;
            for digit in &mut digits {
                let (sum, over) = (!*digit).overflowing_add(u64::from(carry));
                (*digit, carry) = (sum, over);
            }
        }
        digits.into_iter().map(|digit| self.small(digit as i64)).collect()
    }

    /// All ones for a negative number, else all zeros.
    pub fn sign(&mut self, limb: Value) -> Value {
        self.b.ins().sshr_imm(limb, 63)
    }

    /// The same number with more limbs, or the low limbs of it.
    pub fn resize(&mut self, mut n: Limbs, limbs: usize) -> Limbs {
        if n.len() < limbs {
            let sign = match n.last() {
                Some(top) => self.sign(*top),
                None => self.small(0),
            };
            n.resize(limbs, sign);
        }
        n.truncate(limbs);
        n
    }

    pub fn add(&mut self, a: &[Value], b: &[Value]) -> Limbs {
        let mut sum = Vec::with_capacity(a.len());
        let mut carry: Option<Value> = None;
        for i in 0..a.len() {
            let part = self.b.ins().iadd(a[i], b[i]);
            let last = i + 1 == a.len();
            let over = (!last).then(|| self.b.ins().icmp(IntCC::UnsignedLessThan, part, a[i]));
            match carry {
                None => {
                    sum.push(part);
                    carry = over;
                }
                Some(before) => {
                    let before = self.b.ins().uextend(types::I64, before);
                    let whole = self.b.ins().iadd(part, before);
                    sum.push(whole);
                    carry = over.map(|over| {
                        let again = self.b.ins().icmp(IntCC::UnsignedLessThan, whole, part);
                        self.b.ins().bor(over, again)
                    });
                }
            }
        }
        sum
    }

    pub fn sub(&mut self, a: &[Value], b: &[Value]) -> Limbs {
        let mut difference = Vec::with_capacity(a.len());
        let mut borrow: Option<Value> = None;
        for i in 0..a.len() {
            let part = self.b.ins().isub(a[i], b[i]);
            let last = i + 1 == a.len();
            let under = (!last).then(|| self.b.ins().icmp(IntCC::UnsignedLessThan, a[i], b[i]));
            match borrow {
                None => {
                    difference.push(part);
                    borrow = under;
                }
                Some(before) => {
                    let before = self.b.ins().uextend(types::I64, before);
                    let whole = self.b.ins().isub(part, before);
                    difference.push(whole);
                    borrow = under.map(|under| {
                        let again = self.b.ins().icmp(IntCC::UnsignedLessThan, part, before);
                        self.b.ins().bor(under, again)
                    });
                }
            }
        }
        difference
    }

    /// The low limbs of a product: as many as the operands have.
    pub fn mul(&mut self, a: &[Value], b: &[Value]) -> Limbs {
        let count = a.len();
        let zero = self.small(0);
        let mut product = vec![zero; count];
        for (i, a) in a.iter().enumerate() {
            let mut carry: Option<Value> = None;
            for (j, b) in b.iter().enumerate().take(count - i) {
                let at = i + j;
                let low = self.b.ins().imul(*a, *b);
                let last = at + 1 == count;
                let high = (!last).then(|| self.b.ins().umulhi(*a, *b));
                // product[at] + low + carry: below 2**128, together with high.
                let first = self.b.ins().iadd(product[at], low);
                let over = (!last).then(|| {
                    let over = self.b.ins().icmp(IntCC::UnsignedLessThan, first, low);
                    self.b.ins().uextend(types::I64, over)
                });
                let (sum, again) = match carry {
                    None => (first, None),
                    Some(carry) => {
                        let sum = self.b.ins().iadd(first, carry);
                        let again = (!last).then(|| {
                            let over = self.b.ins().icmp(IntCC::UnsignedLessThan, sum, carry);
                            self.b.ins().uextend(types::I64, over)
                        });
                        (sum, again)
                    }
                };
                product[at] = sum;
                carry = high.zip(over).map(|(high, over)| {
                    let next = self.b.ins().iadd(high, over);
                    match again {
                        Some(again) => self.b.ins().iadd(next, again),
                        None => next,
                    }
                });
            }
        }
        product
    }

    pub fn negate(&mut self, a: &[Value]) -> Limbs {
        let zero = self.small(0);
        self.sub(&vec![zero; a.len()], a)
    }

    /// One byte.
    pub fn is_zero(&mut self, a: &[Value]) -> Value {
        let joined = self.joined(a);
        self.b.ins().icmp_imm(IntCC::Equal, joined, 0)
    }

    /// One byte.
    pub fn is_true(&mut self, a: &[Value]) -> Value {
        let joined = self.joined(a);
        self.b.ins().icmp_imm(IntCC::NotEqual, joined, 0)
    }

    fn joined(&mut self, a: &[Value]) -> Value {
        let mut joined = a[0];
        for limb in &a[1..] {
            joined = self.b.ins().bor(joined, *limb);
        }
        joined
    }

    pub fn equal(&mut self, a: &[Value], b: &[Value]) -> Value {
        if let ([a], [b]) = (a, b) {
            return self.b.ins().icmp(IntCC::Equal, *a, *b);
        }
        let differences: Limbs = a.iter().zip(b).map(|(a, b)| self.b.ins().bxor(*a, *b)).collect();
        self.is_zero(&differences)
    }

    /// `a < b` of signed numbers of the same number of limbs.
    pub fn less(&mut self, a: &[Value], b: &[Value]) -> Value {
        let top = a.len() - 1;
        let mut less = None;
        for i in 0..=top {
            let condition = if i == top { IntCC::SignedLessThan } else { IntCC::UnsignedLessThan };
            let here = self.b.ins().icmp(condition, a[i], b[i]);
            less = Some(match less {
                None => here,
                Some(below) => {
                    let equal = self.b.ins().icmp(IntCC::Equal, a[i], b[i]);
                    let decided = self.b.ins().band(equal, below);
                    self.b.ins().bor(here, decided)
                }
            });
        }
        less.unwrap_or(a[0])
    }

    pub fn select(&mut self, condition: Value, a: &[Value], b: &[Value]) -> Limbs {
        a.iter().zip(b).map(|(a, b)| self.b.ins().select(condition, *a, *b)).collect()
    }

    /// `a << count` in as many limbs as `a` has.
    pub fn shift_left(&mut self, a: &[Value], count: u64) -> Limbs {
        let (whole, bits) = ((count / 64) as usize, (count % 64) as i64);
        let zero = self.small(0);
        (0..a.len())
            .map(|i| {
                let Some(from) = i.checked_sub(whole) else { return zero };
                if bits == 0 {
                    return a[from];
                }
                let high = self.b.ins().ishl_imm(a[from], bits);
                match from.checked_sub(1) {
                    Some(below) => {
                        let low = self.b.ins().ushr_imm(a[below], 64 - bits);
                        self.b.ins().bor(high, low)
                    }
                    None => high,
                }
            })
            .collect()
    }

    /// `a >> count`, `limbs` limbs of it.
    pub fn shift_right(&mut self, a: &[Value], count: u64, limbs: usize) -> Limbs {
        let (whole, bits) = (usize::try_from(count / 64).unwrap_or(usize::MAX), (count % 64) as i64);
        let sign = self.sign(a[a.len() - 1]);
        (0..limbs)
            .map(|i| {
                let at = i.saturating_add(whole);
                let Some(low) = a.get(at).copied() else { return sign };
                if bits == 0 {
                    return low;
                }
                match a.get(at + 1) {
                    Some(high) => {
                        let low = self.b.ins().ushr_imm(low, bits);
                        let high = self.b.ins().ishl_imm(*high, 64 - bits);
                        self.b.ins().bor(low, high)
                    }
                    None => self.b.ins().sshr_imm(low, bits),
                }
            })
            .collect()
    }

    /// The low `width` bits as an unsigned number of `limbs` limbs.
    pub fn low_bits(&mut self, a: &[Value], width: u32, limbs: usize) -> Limbs {
        let zero = self.small(0);
        let (whole, bits) = ((width / 64) as usize, width % 64);
        let a = self.resize(a.to_vec(), limbs.max(a.len()).max(whole + 1));
        (0..limbs)
            .map(|i| match i.cmp(&whole) {
                std::cmp::Ordering::Less => a[i],
                std::cmp::Ordering::Equal if bits > 0 => self.mask(a[i], bits),
                _ => zero,
            })
            .collect()
    }

    /// The low bits of one limb; `bits` is below 64.
    fn mask(&mut self, limb: Value, bits: u32) -> Value {
        if bits == 32 {
            let low = self.b.ins().ireduce(types::I32, limb);
            return self.b.ins().uextend(types::I64, low);
        }
        self.b.ins().band_imm(limb, ((1u64 << bits) - 1) as i64)
    }

    /// The low `width` bits as a signed number of `limbs` limbs. `width` is not 0.
    pub fn sign_extend(&mut self, a: &[Value], width: u32, limbs: usize) -> Limbs {
        let (last, bits) = (((width - 1) / 64) as usize, (width - 1) % 64 + 1);
        let mut kept = self.resize(a.to_vec(), last + 1);
        if bits < 64 {
            let unused = i64::from(64 - bits);
            let narrow = match bits {
                8 => Some(types::I8),
                16 => Some(types::I16),
                32 => Some(types::I32),
                _ => None,
            };
            kept[last] = match narrow {
                Some(ty) => {
                    let low = self.b.ins().ireduce(ty, kept[last]);
                    self.b.ins().sextend(types::I64, low)
                }
                None => {
                    let shifted = self.b.ins().ishl_imm(kept[last], unused);
                    self.b.ins().sshr_imm(shifted, unused)
                }
            };
        }
        self.resize(kept, limbs)
    }

    /// `target | part << at`, where both have no bits in common and the part is not negative.
    pub fn place(&mut self, target: &mut Limbs, part: &[Value], width: u32, at: u32) {
        for (i, limb) in part.iter().enumerate() {
            let low = at + 64 * i as u32;
            let left = width.saturating_sub(64 * i as u32);
            if left == 0 {
                break;
            }
            let (whole, bits) = ((low / 64) as usize, i64::from(low % 64));
            if whole >= target.len() {
                break;
            }
            let here = if bits == 0 { *limb } else { self.b.ins().ishl_imm(*limb, bits) };
            target[whole] = self.b.ins().bor(target[whole], here);
            if bits > 0 && i64::from(left.min(64)) + bits > 64 && whole + 1 < target.len() {
                let above = self.b.ins().ushr_imm(*limb, 64 - bits);
                target[whole + 1] = self.b.ins().bor(target[whole + 1], above);
            }
        }
    }
}
