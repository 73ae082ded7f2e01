//! Where divisions have a divisor and indices a place.
//!
//! The ranges of the IR hold where Python evaluates an expression. VHDL also evaluates the arm of a choice that is not
//! taken, with whatever bits its operands have there; a division by zero or a place outside an array ends the
//! simulation. What is said here lets the printers guard just those.

use num_bigint::BigInt;
use pyhdl_ir::{Expr, ExprKind, Range, Type, TypeContext, expr_type};

use crate::sizing::Sizer;
use crate::vector::{Defined, Shape, Vector};

impl Sizer<'_> {
    /// Where a divisor is not zero.
    pub fn has_quotient(&self, divisor: &Expr) -> Defined {
        self.defined(divisor, |range| !range.contains(&BigInt::ZERO))
    }

    /// Where an index is one of `depth` places.
    pub fn is_inside(&self, index: &Expr, depth: u64) -> Defined {
        let places = Range::new(0, BigInt::from(depth.max(1) - 1));
        self.defined(index, |range| places.contains_range(range))
    }

    fn defined(&self, e: &Expr, fits: impl Fn(&Range) -> bool) -> Defined {
        if !e.ty.range().is_some_and(|range| fits(&range)) {
            return Defined::Unknown;
        }
        match self.any_range(e) {
            Some(range) if fits(&range) => Defined::Always,
            _ => Defined::WhereReached,
        }
    }

    /// The values that an expression has with any bits in the variables: what a test before it excludes is in.
    pub fn any_range(&self, e: &Expr) -> Option<Range> {
        let mut e = e.clone();
        self.forget(&mut e);
        e.ty.range()
    }

    /// Gives an expression the types that it has without any test before it.
    fn forget(&self, e: &mut Expr) {
        // Positions say nothing about the values there.
        if !matches!(e.kind, ExprKind::MemoryRead { .. } | ExprKind::TableRead { .. } | ExprKind::Call { .. })
        {
            e.kind.for_each_operand_mut(&mut |operand| self.forget(operand));
        }
        let stored = match &e.kind {
            ExprKind::Local(id) if self.counters.contains(id) => None,
            ExprKind::Local(id) | ExprKind::Element { local: id, .. } => {
                Shape::of_storage(&self.locals[*id].ty)
            }
            ExprKind::Call { function, .. } => {
                self.design.functions[*function].returns.as_ref().and_then(Shape::of_type)
            }
            _ => None,
        };
        e.ty = match stored {
            Some(Shape::Bits(Vector { width, signed: true })) => Type::Int(Range::signed(width)),
            Some(Shape::Bits(Vector { width, signed: false })) => Type::Int(Range::unsigned(width)),
            Some(_) => return,
            None => expr_type(&e.kind, &TypeContext { design: self.design, locals: self.locals }),
        };
    }
}
