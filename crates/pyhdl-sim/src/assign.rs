//! What may be assigned where: bounds of `intbv`, wrapping of `modbv`, bits and slices. Messages are MyHDL's.

use pyhdl_diag::Span;
use pyhdl_ir::{BinaryOp, UnaryOp};

use crate::interpreter::{Fault, Machine};
use crate::program::*;
use crate::value::ArithmeticError;
use crate::{Value, messages};

impl<'a> Machine<'a> {
    /// The value as the place stores it, or the error that the assignment raises.
    #[inline]
    pub(crate) fn fit(&self, bound: &Bound, value: Value, span: Span) -> Result<Value, Fault> {
        match bound {
            Bound::Bits(bits) => {
                if let (Some((min, max)), Some(n)) = (bits.small, value.small())
                    && min <= n
                    && n <= max
                {
                    return Ok(Value::Int(n));
                }
                self.fit_bits(bits, value, span)
            }
            Bound::Bool => match value.small() {
                Some(0 | 1) => Ok(value),
                _ => Err(self.python("ValueError", messages::not_bool(&value), span)),
            },
            Bound::Free | Bound::Opaque => Ok(value),
        }
    }

    #[cold]
    fn fit_bits(&self, bits: &Bits, value: Value, span: Span) -> Result<Value, Fault> {
        let number = value.to_bigint();
        if bits.min <= number && number <= bits.max {
            return Ok(value.into_int());
        }
        if bits.wraps {
            return Ok(value.wrapped(&bits.min, &bits.max));
        }
        Err(self.out_of_bounds(messages::out_of_bounds(&number, &bits.min, &bits.max), span))
    }

    /// Assigns some bits. Python's order: value, place, bit positions.
    pub(crate) fn set_part(&mut self, target: &'a PartTarget, span: Span) -> Result<(), Fault> {
        let program: &'a Program = self.program;
        let value = self.object(target.value)?;
        let signal = match &target.place {
            PartPlace::Signal(signal) => Some(*signal),
            PartPlace::Memory { memory, index } => Some(self.element(*memory, *index)?),
            PartPlace::Local { .. } | PartPlace::Element { .. } => None,
        };
        let element = match &target.place {
            PartPlace::Local { slot, bound, name } => Some((*slot, *bound, *name)),
            PartPlace::Element { list, bound, name, index } => {
                Some((self.list_slot(*list, *index)?, *bound, *name))
            }
            _ => None,
        };
        let (low, width) = match &target.bits {
            PartBits::Bit(index) => (self.number(*index)?, None),
            PartBits::Slice { low, width } => (self.number(*low)?, Some(*width)),
        };
        let old = match (signal, element) {
            (Some(signal), _) => self.state.next(signal).clone(),
            (None, Some((slot, _, name))) => match self.slot(slot) {
                Some(value) => value.clone(),
                None => return Err(self.unbound(name, span)),
            },
            (None, None) => return Ok(()),
        };
        let new = match width {
            None => self.with_bit(old, low, value, target, span)?,
            Some(width) => self.with_slice(old, low, width, value, target, span)?,
        };
        match (signal, element) {
            (Some(signal), _) => {
                let new = self.fit(&program.signals[signal], new, span)?;
                self.state.set_next(signal, new);
            }
            (None, Some((slot, bound, _))) => {
                let new = self.fit(&program.locals[bound as usize], new, span)?;
                self.set_slot(slot, new);
            }
            (None, None) => {}
        }
        Ok(())
    }

    fn with_bit(
        &self,
        old: Value,
        index: Value,
        value: Value,
        target: &PartTarget,
        span: Span,
    ) -> Result<Value, Fault> {
        let set = match value.small() {
            Some(bit @ (0 | 1)) => bit == 1,
            _ => {
                return Err(self.python("ValueError", messages::not_a_bit(&index), span));
            }
        };
        if let (Some(old), Some(at @ 0..62)) = (old.small(), index.small()) {
            return Ok(Value::Int(if set { old | (1 << at) } else { old & !(1 << at) }));
        }
        let result = Value::Int(1).binary(BinaryOp::ShiftLeft, index).and_then(|mask| {
            if set {
                old.binary(BinaryOp::Or, mask)
            } else {
                old.binary(BinaryOp::And, mask.unary(UnaryOp::Invert))
            }
        });
        result.map_err(|e| self.at_target(e, target, span))
    }

    fn with_slice(
        &self,
        old: Value,
        low: Value,
        width: u32,
        value: Value,
        target: &PartTarget,
        span: Span,
    ) -> Result<Value, Fault> {
        if low.is_negative() {
            return Err(self.python("ValueError", messages::negative_low(&low, true), span));
        }
        let result = slice_assigned(old, &low, width, &value).map_err(|e| self.at_target(e, target, span))?;
        match result {
            Some(new) => Ok(new),
            None => {
                let high = low.clone().binary(BinaryOp::Add, Value::Int(i64::from(width)));
                let high = high.map_err(|e| self.at_target(e, target, span))?;
                Err(self.python("ValueError", messages::part_too_large(&high, &low, &value), span))
            }
        }
    }

    fn at_target(&self, error: ArithmeticError, target: &PartTarget, span: Span) -> Fault {
        match error {
            ArithmeticError::Python { exception, message } => self.python(exception, message, span),
            other => self.arithmetic(other, target.value),
        }
    }
}

/// `old` with bits `low + width - 1 .. low` replaced; `None` where the value does not fit. As in MyHDL, the sign bits
/// of a negative value go into all higher bits as well.
fn slice_assigned(
    old: Value,
    low: &Value,
    width: u32,
    value: &Value,
) -> Result<Option<Value>, ArithmeticError> {
    if let (Some(old), Some(low), Some(n)) = (old.small(), low.small(), value.small())
        && low + i64::from(width) < 62
    {
        let limit = 1i64 << width;
        if n < -limit || n >= limit {
            return Ok(None);
        }
        return Ok(Some(Value::Int((old & !((limit - 1) << low)) | (n << low))));
    }
    let limit = Value::Int(1).binary(BinaryOp::ShiftLeft, Value::Int(i64::from(width)))?;
    if *value >= limit || *value < limit.clone().unary(UnaryOp::Negate) {
        return Ok(None);
    }
    let mask = limit.binary(BinaryOp::Sub, Value::Int(1))?.binary(BinaryOp::ShiftLeft, low.clone())?;
    let kept = old.binary(BinaryOp::And, mask.unary(UnaryOp::Invert))?;
    let placed = value.clone().binary(BinaryOp::ShiftLeft, low.clone())?;
    kept.binary(BinaryOp::Or, placed).map(Some)
}
