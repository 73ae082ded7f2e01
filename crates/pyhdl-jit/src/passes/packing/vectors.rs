//! Machine code of packs: all lanes at once.

use cranelift_codegen::ir::{ConstantData, InstBuilder, Type, Value, types};
use num_bigint::BigInt;
use pyhdl_ir::{BinaryOp, Expr, ExprKind, UnaryOp};

use super::{Lane, fixed, mask, operands, signals};
use crate::Refused;
use crate::body::Body;
use crate::runtime::limbs;
use crate::updates::unaligned;

impl Body<'_, '_, '_> {
    /// One activation of the processes of a pack.
    pub fn pack(&mut self, lanes: &[Lane<'_>]) -> Result<(), Refused> {
        let Some(first) = lanes.first() else { return Ok(()) };
        let ty = match first.bytes {
            1 => types::I8X16,
            2 => types::I16X8,
            4 => types::I32X4,
            _ => types::I64X2,
        };
        self.begin_process(first.process)?;
        let all: Vec<&Expr> = lanes.iter().map(|lane| lane.value).collect();
        let mut value = self.vector(&all, ty)?;
        let masks: Option<Vec<BigInt>> = lanes.iter().map(|lane| mask(self.shared.plan, lane)).collect();
        if let Some(masks) = masks {
            let masks = self.constants(&masks, ty);
            value = self.b.ins().band(value, masks);
        }
        let place = self.shared.layout.place(first.signal)?;
        self.b.ins().store(unaligned(), value, self.state, place.at);
        Ok(())
    }

    fn vector(&mut self, all: &[&Expr], ty: Type) -> Result<Value, Refused> {
        if let Some(numbers) = all.iter().map(|e| fixed(e).cloned()).collect::<Option<Vec<BigInt>>>() {
            return Ok(self.constants(&numbers, ty));
        }
        let mut values = Vec::new();
        for operands in operands(all) {
            values.push(self.vector(&operands, ty)?);
        }
        Ok(match (&all[0].kind, &values[..]) {
            (ExprKind::Signal(signal), _) => {
                let signals = signals(all);
                if signals.iter().all(|other| other == signal) {
                    let value = self.signal(*signal)?;
                    let low = self.limbs(&value)[0];
                    let lane = match ty.lane_type() {
                        types::I64 => low,
                        lane => self.b.ins().ireduce(lane, low),
                    };
                    return Ok(self.b.ins().splat(ty, lane));
                }
                let place = self.shared.layout.place(*signal)?;
                self.b.ins().load(ty, unaligned(), self.state, place.at)
            }
            (ExprKind::Unary(UnaryOp::Invert, _), [a]) => self.b.ins().bnot(*a),
            (ExprKind::Binary(op, ..), [a, b]) => match op {
                BinaryOp::Add => self.b.ins().iadd(*a, *b),
                BinaryOp::Sub => self.b.ins().isub(*a, *b),
                BinaryOp::And => self.b.ins().band(*a, *b),
                BinaryOp::Or => self.b.ins().bor(*a, *b),
                BinaryOp::Xor => self.b.ins().bxor(*a, *b),
                BinaryOp::Mul => self.b.ins().imul(*a, *b),
                _ => return Err(Refused("an operation without lanes".to_owned())),
            },
            _ => return Err(Refused("a value without lanes".to_owned())),
        })
    }

    /// The low bits of numbers, a lane each.
    fn constants(&mut self, numbers: &[BigInt], ty: Type) -> Value {
        let bytes = ty.lane_type().bytes() as usize;
        let data: Vec<u8> =
            numbers.iter().flat_map(|n| limbs(n, 1)[0].to_le_bytes().into_iter().take(bytes)).collect();
        let handle = self.b.func.dfg.constants.insert(ConstantData::from(data));
        self.b.ins().vconst(ty, handle)
    }
}
