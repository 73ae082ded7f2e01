//! Shifts of numbers of many limbs by a count that is known only at run time: the limbs are put in memory, and read from
//! where the count says.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, StackSlotData, StackSlotKind, Value, types};

use crate::body::{Body, flags};
use crate::num::Limbs;

impl Body<'_, '_, '_> {
    /// `a >> by`, `limbs` limbs of it. `by` is not negative.
    pub fn shift_right_by(&mut self, a: &[Value], by: Value, limbs: usize) -> Limbs {
        let sign = {
            let top = a[a.len() - 1];
            self.nums().sign(top)
        };
        // Beyond the number there is nothing but its sign.
        let mut all = a.to_vec();
        all.resize(a.len() + limbs + 1, sign);
        let (start, bits, rest) = self.spread(&all, by, a.len(), false);
        (0..limbs as i32)
            .map(|i| {
                let low = self.b.ins().load(types::I64, flags(), start, 8 * i);
                let high = self.b.ins().load(types::I64, flags(), start, 8 * i + 8);
                let low = self.b.ins().ushr(low, bits);
                let high = self.b.ins().ishl_imm(high, 1);
                let high = self.b.ins().ishl(high, rest);
                self.b.ins().bor(low, high)
            })
            .collect()
    }

    /// `a << by` in as many limbs as `a` has. `by` is not negative.
    pub fn shift_left_by(&mut self, a: &[Value], by: Value) -> Limbs {
        let count = a.len();
        let zero = self.nums().small(0);
        let mut all = vec![zero; count + 1];
        all.extend(a);
        let (start, bits, rest) = self.spread(&all, by, count, true);
        (0..count as i32)
            .map(|i| {
                let at = 8 * (i + 1 + count as i32);
                let high = self.b.ins().load(types::I64, flags(), start, at);
                let low = self.b.ins().load(types::I64, flags(), start, at - 8);
                let high = self.b.ins().ishl(high, bits);
                let low = self.b.ins().ushr_imm(low, 1);
                let low = self.b.ins().ushr(low, rest);
                self.b.ins().bor(high, low)
            })
            .collect()
    }

    /// Puts limbs in memory. Gives the address of the one that comes first after a shift by whole limbs, of which there
    /// are at most so many, the number of bits that are left to shift, and 63 less that number.
    fn spread(&mut self, all: &[Value], by: Value, most: usize, left: bool) -> (Value, Value, Value) {
        let bytes = 8 * all.len() as u32;
        let slot = self.b.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, bytes, 3));
        for (i, limb) in all.iter().enumerate() {
            self.b.ins().stack_store(*limb, slot, 8 * i as i32);
        }
        let whole = self.b.ins().ushr_imm(by, 6);
        let end = self.nums().small(most as i64);
        let whole = self.b.ins().umin(whole, end);
        // Behind the end of a number the bits do not count any more; before it, they must not.
        let inside = self.b.ins().icmp(IntCC::UnsignedLessThan, whole, end);
        let bits = self.b.ins().band_imm(by, 63);
        let zero = self.nums().small(0);
        let bits = self.b.ins().select(inside, bits, zero);
        let sixty_three = self.nums().small(63);
        let rest = self.b.ins().isub(sixty_three, bits);
        let offset = self.b.ins().ishl_imm(whole, 3);
        let address = self.b.ins().stack_addr(types::I64, slot, 0);
        let start = match left {
            true => self.b.ins().isub(address, offset),
            false => self.b.ins().iadd(address, offset),
        };
        (start, bits, rest)
    }
}
