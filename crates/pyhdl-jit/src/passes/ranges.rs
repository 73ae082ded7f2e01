//! Matches: a value that is assigned to a place with bounds.
//!
//! Legal because the range of an expression holds all that it can be: where it is within the bounds on a side, no value
//! misses the bound there. The ranges are those that lowering found, and those that `pyhdl-sim` finds in what the
//! processes assign (`cycle/reach.rs`).
//!
//! Pays always: a check that is not there costs nothing. What is left of one is a comparison and a cold branch, with both
//! bounds in one comparison where the value is one limb.
//!
//! Left out as `ranges`: then all bounds are checked.

use cranelift_codegen::ir::InstBuilder;
use cranelift_codegen::ir::condcodes::IntCC;
use num_traits::ToPrimitive;
use pyhdl_diag::Span;
use pyhdl_ir::{BitsType, Range};

use super::Pass;
use crate::Refused;
use crate::body::Body;
use crate::layout::limbs_of;
use crate::num::Val;
use crate::sites::Event;

pub const PASS: Pass = Pass {
    name: "ranges",
    about: "bounds are checked only where a range does not prove them",
    leave_out: |options| (options.checks_by_range, options.plan.reach) = (false, false),
};

impl Body<'_, '_, '_> {
    pub fn check(&mut self, bits: &BitsType, value: &Val, range: &Range, place: Span) -> Result<(), Refused> {
        let own = bits.range();
        let count = limbs_of(&range.union(&own)) as usize;
        let limbs = self.limbs(value);
        let limbs = self.nums().resize(limbs, count);
        let always = !self.shared.options.checks_by_range;
        let both = range.lo.as_ref().is_none_or(|lo| *lo < bits.min)
            && range.hi.as_ref().is_none_or(|hi| *hi > bits.max);
        let span = &bits.max - &bits.min;
        if let ([limb], true, Some(span)) = (&limbs[..], both, span.to_i64()) {
            // One comparison for both ends: what is below the minimum is far above it as an unsigned number.
            let min = self.nums().constant(&bits.min, 1)[0];
            let offset = self.b.ins().isub(*limb, min);
            let fails = self.b.ins().icmp_imm(IntCC::UnsignedGreaterThan, offset, span);
            let event = Event::OutOfBounds { min: bits.min.clone(), max: bits.max.clone() };
            return self.fail_if(fails, event, place, &[limbs]);
        }
        let mut fails = None;
        if always || range.lo.as_ref().is_none_or(|lo| *lo < bits.min) {
            let min = self.nums().constant(&bits.min, count);
            fails = Some(self.nums().less(&limbs, &min));
        }
        if always || range.hi.as_ref().is_none_or(|hi| *hi > bits.max) {
            let max = self.nums().constant(&bits.max, count);
            let over = self.nums().less(&max, &limbs);
            fails = Some(match fails {
                Some(under) => self.b.ins().bor(under, over),
                None => over,
            });
        }
        if let Some(fails) = fails {
            let event = Event::OutOfBounds { min: bits.min.clone(), max: bits.max.clone() };
            self.fail_if(fails, event, place, &[limbs])?;
        }
        Ok(())
    }
}
