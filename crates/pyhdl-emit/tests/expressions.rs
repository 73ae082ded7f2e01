//! Random expressions: the emitted Verilog and VHDL, run in other people's simulators, against exact integers.
//!
//! `PYHDL_SEED` replays a run and `PYHDL_BATCHES` makes it longer; both are printed when something differs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_emit::Language;
use pyhdl_flow::{Step, Tool};
use pyhdl_ir::*;
use support::random::Generator;
use support::*;

const OUTPUTS: usize = 48;
const VECTORS: usize = 24;

#[test]
fn random_expressions_mean_in_verilog_and_vhdl_what_they_mean_in_python() {
    let seed = environment("PYHDL_SEED", 20_261_123);
    let batches = environment("PYHDL_BATCHES", 3);
    for batch in 0..batches {
        Case::new(seed.wrapping_add(batch)).check();
    }
}

struct Case {
    seed: u64,
    generator: Generator,
    inputs: Vec<SignalId>,
    outputs: Vec<(SignalId, Expr)>,
}

impl Case {
    fn new(seed: u64) -> Case {
        let mut design = one_scope("case");
        let mut inputs = Vec::new();
        let bits = |lo: i64, hi: i64| StorageType::Bits(bits_type(lo.into(), hi.into()));
        let types = [
            ("flag", StorageType::Bool),
            ("go", StorageType::Bool),
            ("one", bits(0, 1)),
            ("nibble", bits(0, 15)),
            ("byte_in", bits(0, 255)),
            ("odd", bits(0, 19)),
            ("small", bits(-16, 15)),
            ("signed_byte", bits(-128, 127)),
            ("skew", bits(-3, 60)),
            ("wide", bits(0, (1 << 37) - 1)),
            ("wide_signed", bits(-(1 << 40), (1 << 40) - 1)),
        ];
        for (name, ty) in types {
            inputs.push(add_signal(&mut design, name, ty, Direction::In));
        }
        design.tables.push(Table {
            name: "squares".to_owned(),
            entries: (0..16).map(|i| BigInt::from(i * i)).collect(),
        });
        design.tables.push(Table {
            name: "mixed".to_owned(),
            entries: (0..7).map(|i| BigInt::from((i - 3) * 9)).collect(),
        });
        let mut generator = Generator {
            random: fastrand::Rng::with_seed(seed),
            design,
            locals: IndexVec::new(),
            numbers: Vec::new(),
            flags: Vec::new(),
            amounts: Vec::new(),
            widest: 96,
        };
        let leaf = |i: usize| generator.make(ExprKind::Signal(inputs[i]));
        let numbers = (0..inputs.len()).map(leaf).collect();
        let (flags, amounts) = (vec![leaf(0), leaf(1)], vec![leaf(2), leaf(3), leaf(3)]);
        (generator.numbers, generator.flags, generator.amounts) = (numbers, flags, amounts);
        let mut case = Case { seed, generator, inputs, outputs: Vec::new() };
        for i in 0..OUTPUTS {
            let depth = case.generator.random.u32(1..=4);
            let value = if case.generator.random.u8(0..5) == 0 {
                case.generator.boolean(depth)
            } else {
                case.generator.integer(depth)
            };
            let ty = case.output_type(&value);
            let signal = add_signal(&mut case.generator.design, &format!("out_{i}"), ty, Direction::Out);
            add_assign(&mut case.generator.design, signal, value.clone());
            case.outputs.push((signal, value));
        }
        case.generator.design.place_signals();
        case
    }

    /// The exact range, or something narrower or wider that wraps.
    fn output_type(&mut self, value: &Expr) -> StorageType {
        let Type::Int(range) = &value.ty else { return StorageType::Bool };
        let (lo, hi) = (range.lo.clone().unwrap(), range.hi.clone().unwrap());
        if self.generator.random.bool() {
            return StorageType::Bits(bits_type(lo, hi));
        }
        let width = self.generator.random.u32(1..=range.width().unwrap() + 3);
        if self.generator.random.u8(0..4) == 0 {
            // Bounds that no vector has.
            let count = BigInt::from(self.generator.random.u64(2..=1 << width.min(40)));
            let min = -(&count * self.generator.random.u8(0..9) / 8u8);
            let min = min.max(1 - &count);
            return StorageType::Bits(BitsType { wraps: true, ..bits_type(min.clone(), min + count - 1) });
        }
        let bound = if self.generator.random.bool() { Range::signed(width) } else { Range::unsigned(width) };
        let (min, max) = (bound.lo.unwrap(), bound.hi.unwrap());
        StorageType::Bits(BitsType { wraps: true, ..bits_type(min, max) })
    }

    fn check(&mut self) {
        let vectors: Vec<Vec<BigInt>> = (0..VECTORS).map(|i| self.vector(i)).collect();
        let steps: Vec<Step> = vectors
            .iter()
            .enumerate()
            .map(|(i, values)| Step {
                time: i as u64 * 10,
                groups: vec![
                    values
                        .iter()
                        .enumerate()
                        .map(|(port, value)| {
                            (port, to_bits(value, width_of(&self.generator.design, self.inputs[port])))
                        })
                        .collect(),
                ],
            })
            .collect();
        for tool in [Tool::Icarus, Tool::Verilator, Tool::Ghdl] {
            let language = if tool == Tool::Ghdl { Language::Vhdl } else { Language::Verilog };
            let (samples, text) = run(&self.generator.design, language, tool, &steps);
            for (values, sample) in vectors.iter().zip(&samples) {
                for (i, (signal, e)) in self.outputs.iter().enumerate() {
                    let exact = eval(e, &self.generator.design, &self.inputs, values);
                    let ty = &self.generator.design.signals[*signal].ty;
                    let stored = match ty {
                        StorageType::Bits(bits) if bits.wraps => wrapped(&exact, bits),
                        _ => exact.clone(),
                    };
                    let expected = to_bits(&stored, width_of(&self.generator.design, *signal));
                    let line = text.lines().find(|l| {
                        l.contains(&format!("out_{i} ")) && l.contains("= ")
                            || l.contains(&format!("  out_{i} <="))
                    });
                    assert_eq!(
                        sample.outputs[i],
                        expected,
                        "{tool:?}: out_{i} of seed {} for {values:?} is {exact}\n{}\n{e:?}",
                        self.seed,
                        line.unwrap_or_default(),
                    );
                }
            }
        }
    }

    /// Values for the inputs: the bounds first, then anything.
    fn vector(&mut self, number: usize) -> Vec<BigInt> {
        let inputs = self.inputs.clone();
        inputs
            .iter()
            .map(|id| {
                let range = self.generator.design.signals[*id].ty.value_type().range().unwrap();
                let (lo, hi) = (range.lo.unwrap(), range.hi.unwrap());
                match number {
                    0 => lo,
                    1 => hi,
                    _ => {
                        let size = &hi - &lo + 1u32;
                        match self.generator.random.u8(0..6) {
                            0 => lo,
                            1 => hi,
                            _ => lo + BigInt::from(self.generator.random.u64(..)) % size,
                        }
                    }
                }
            })
            .collect()
    }
}

/// Python's value of an expression.
fn eval(e: &Expr, design: &Design, inputs: &[SignalId], values: &[BigInt]) -> BigInt {
    let go = |e: &Expr| eval(e, design, inputs, values);
    let truth = |e: &Expr| go(e) != BigInt::ZERO;
    let low = |value: BigInt, width: u32| floor_mod(&value, &(BigInt::from(1) << width));
    let small = |value: &BigInt| u32::try_from(value.clone()).unwrap();
    match &e.kind {
        ExprKind::Const(value) => value.clone(),
        ExprKind::Signal(id) => values[inputs.iter().position(|i| i == id).unwrap()].clone(),
        ExprKind::TableRead { table, index } => {
            design.tables[*table].entries[small(&go(index)) as usize].clone()
        }
        ExprKind::Unary(op, a) => match op {
            UnaryOp::Negate => -go(a),
            UnaryOp::Invert => -go(a) - 1,
            UnaryOp::Not => BigInt::from(u8::from(!truth(a))),
            UnaryOp::Abs => BigInt::from(go(a).magnitude().clone()),
        },
        ExprKind::Binary(op, a, b) => {
            let (a, b) = (go(a), go(b));
            match op {
                BinaryOp::Add => a + b,
                BinaryOp::Sub => a - b,
                BinaryOp::Mul => a * b,
                BinaryOp::FloorDiv => {
                    let rest = floor_mod(&a, &b);
                    (a - rest) / b
                }
                BinaryOp::Mod => floor_mod(&a, &b),
                BinaryOp::Pow => a.pow(small(&b)),
                BinaryOp::ShiftLeft => a << small(&b),
                // num-bigint shifts arithmetically, as Python does.
                BinaryOp::ShiftRight => a >> small(&b),
                BinaryOp::And => a & b,
                BinaryOp::Or => a | b,
                BinaryOp::Xor => a ^ b,
                BinaryOp::Min => a.min(b),
                BinaryOp::Max => a.max(b),
            }
        }
        ExprKind::Compare(op, a, b) => {
            let (a, b) = (go(a), go(b));
            BigInt::from(u8::from(match op {
                CompareOp::Eq => a == b,
                CompareOp::Ne => a != b,
                CompareOp::Lt => a < b,
                CompareOp::Le => a <= b,
                CompareOp::Gt => a > b,
                CompareOp::Ge => a >= b,
            }))
        }
        ExprKind::Logic(LogicOp::And, a, b) => BigInt::from(u8::from(truth(a) && truth(b))),
        ExprKind::Logic(LogicOp::Or, a, b) => BigInt::from(u8::from(truth(a) || truth(b))),
        ExprKind::Select { condition, then, otherwise } => {
            if truth(condition) {
                go(then)
            } else {
                go(otherwise)
            }
        }
        ExprKind::Bit { value, index } => low(go(value) >> small(&go(index)), 1),
        ExprKind::Slice { value, low: from, width } => low(go(value) >> small(&go(from)), *width),
        ExprKind::Concat(parts) => parts
            .iter()
            .fold(BigInt::ZERO, |all, part| (all << part.width) + low(go(&part.value), part.width)),
        ExprKind::Unsigned { value, width } => low(go(value), *width),
        ExprKind::Signed { value, width } => {
            let bits = low(go(value), *width);
            if bits >= BigInt::from(1) << (width - 1) { bits - (BigInt::from(1) << *width) } else { bits }
        }
        ExprKind::Truth(a) => BigInt::from(u8::from(truth(a))),
        other => unreachable!("{other:?} is not generated"),
    }
}

fn floor_mod(a: &BigInt, b: &BigInt) -> BigInt {
    let rest = a % b;
    if rest != BigInt::ZERO && (rest < BigInt::ZERO) != (*b < BigInt::ZERO) { rest + b } else { rest }
}

/// What a `modbv` keeps of a value.
fn wrapped(value: &BigInt, bits: &BitsType) -> BigInt {
    let count = &bits.max - &bits.min + 1;
    let rest = (value - &bits.min) % &count;
    let rest = if rest < BigInt::ZERO { rest + &count } else { rest };
    rest + &bits.min
}
