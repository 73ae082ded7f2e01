//! Random expressions: the emitted Verilog and VHDL, run in other people's simulators, against exact integers.
//!
//! `PYHDL_SEED` replays a run and `PYHDL_BATCHES` makes it longer; both are printed when something differs.

mod support;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_emit::Language;
use pyhdl_flow::{Step, Tool};
use pyhdl_ir::*;
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

fn environment(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

struct Case {
    seed: u64,
    random: fastrand::Rng,
    design: Design,
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
        let mut case =
            Case { seed, random: fastrand::Rng::with_seed(seed), design, inputs, outputs: Vec::new() };
        for i in 0..OUTPUTS {
            let depth = case.random.u32(1..=4);
            let value = if case.random.u8(0..5) == 0 { case.boolean(depth) } else { case.integer(depth) };
            let ty = case.output_type(&value);
            let signal = add_signal(&mut case.design, &format!("out_{i}"), ty, Direction::Out);
            add_assign(&mut case.design, signal, value.clone());
            case.outputs.push((signal, value));
        }
        case.design.place_signals();
        case
    }

    /// The exact range, or something narrower or wider that wraps.
    fn output_type(&mut self, value: &Expr) -> StorageType {
        let Type::Int(range) = &value.ty else { return StorageType::Bool };
        let (lo, hi) = (range.lo.clone().unwrap(), range.hi.clone().unwrap());
        if self.random.bool() {
            return StorageType::Bits(bits_type(lo, hi));
        }
        let width = self.random.u32(1..=range.width().unwrap() + 3);
        let bound = if self.random.bool() { Range::signed(width) } else { Range::unsigned(width) };
        let (min, max) = (bound.lo.unwrap(), bound.hi.unwrap());
        StorageType::Bits(BitsType { wraps: true, ..bits_type(min, max) })
    }

    fn make(&self, kind: ExprKind) -> Expr {
        let locals = IndexVec::new();
        let ty = expr_type(&kind, &TypeContext { design: &self.design, locals: &locals });
        Expr { kind, ty, span: nowhere() }
    }

    fn constant(&self, value: i64) -> Expr {
        self.make(ExprKind::Const(value.into()))
    }

    fn leaf(&mut self) -> Expr {
        let id = self.inputs[self.random.usize(0..self.inputs.len())];
        self.make(ExprKind::Signal(id))
    }

    fn boolean(&mut self, depth: u32) -> Expr {
        if depth == 0 {
            let id = self.inputs[self.random.usize(0..2)];
            return self.make(ExprKind::Signal(id));
        }
        let kind = match self.random.u8(0..8) {
            0 => ExprKind::Unary(UnaryOp::Not, Box::new(self.boolean(depth - 1))),
            1 => {
                let op = [BinaryOp::And, BinaryOp::Or, BinaryOp::Xor][self.random.usize(0..3)];
                ExprKind::Binary(op, Box::new(self.boolean(depth - 1)), Box::new(self.boolean(depth - 1)))
            }
            2 => {
                let op = if self.random.bool() { LogicOp::And } else { LogicOp::Or };
                ExprKind::Logic(op, Box::new(self.boolean(depth - 1)), Box::new(self.boolean(depth - 1)))
            }
            3 => ExprKind::Truth(Box::new(self.integer(depth - 1))),
            4 => {
                let value = Box::new(self.integer(depth - 1));
                let index = if self.random.bool() {
                    let index = self.random.i64(0..12);
                    self.constant(index)
                } else {
                    self.amount()
                };
                ExprKind::Bit { value, index: Box::new(index) }
            }
            _ => {
                let op = [
                    CompareOp::Eq,
                    CompareOp::Ne,
                    CompareOp::Lt,
                    CompareOp::Le,
                    CompareOp::Gt,
                    CompareOp::Ge,
                ][self.random.usize(0..6)];
                ExprKind::Compare(op, Box::new(self.integer(depth - 1)), Box::new(self.integer(depth - 1)))
            }
        };
        self.make(kind)
    }

    /// Something from 0 to 15.
    fn amount(&mut self) -> Expr {
        let id = self.inputs[[2, 3, 3][self.random.usize(0..3)]];
        self.make(ExprKind::Signal(id))
    }

    fn integer(&mut self, depth: u32) -> Expr {
        loop {
            let e = self.any_integer(depth);
            // Wider ones say nothing new and take the tools long.
            if e.ty.range().and_then(|r| r.width()).is_some_and(|w| w <= 96) {
                return e;
            }
        }
    }

    fn any_integer(&mut self, depth: u32) -> Expr {
        if depth == 0 {
            return match self.random.u8(0..5) {
                0 => {
                    let value = self.random.i64(-40..300);
                    self.constant(value)
                }
                _ => self.leaf(),
            };
        }
        let d = depth - 1;
        let kind = match self.random.u8(0..24) {
            0 => ExprKind::Unary(UnaryOp::Negate, Box::new(self.integer(d))),
            1 => ExprKind::Unary(UnaryOp::Invert, Box::new(self.integer(d))),
            2 => ExprKind::Unary(UnaryOp::Abs, Box::new(self.integer(d))),
            3 => ExprKind::Select {
                condition: Box::new(self.boolean(d)),
                then: Box::new(self.integer(d)),
                otherwise: Box::new(self.integer(d)),
            },
            4 => {
                let width = self.random.u32(1..10);
                let low = if self.random.bool() {
                    let low = self.random.i64(0..12);
                    self.constant(low)
                } else {
                    self.amount()
                };
                ExprKind::Slice { value: Box::new(self.integer(d)), low: Box::new(low), width }
            }
            5 => {
                let count = self.random.usize(1..4);
                let parts = (0..count)
                    .map(|_| {
                        let value = if self.random.bool() { self.boolean(d) } else { self.integer(d) };
                        let width = if value.ty == Type::Bool { 1 } else { self.random.u32(1..9) };
                        ConcatPart { value, width }
                    })
                    .collect();
                ExprKind::Concat(parts)
            }
            6 => ExprKind::Signed { value: Box::new(self.integer(d)), width: self.random.u32(1..12) },
            7 => ExprKind::Unsigned { value: Box::new(self.integer(d)), width: self.random.u32(1..12) },
            8 => {
                let (table, depth) = [(0, 16), (1, 7)][self.random.usize(0..2)];
                let value = self.integer(d);
                let depth = self.constant(depth);
                let index = self.make(ExprKind::Binary(BinaryOp::Mod, Box::new(value), Box::new(depth)));
                ExprKind::TableRead { table: TableId::from_usize(table), index: Box::new(index) }
            }
            9 | 10 => {
                let op = if self.random.bool() { BinaryOp::FloorDiv } else { BinaryOp::Mod };
                ExprKind::Binary(op, Box::new(self.integer(d)), Box::new(self.divisor()))
            }
            11 => ExprKind::Binary(BinaryOp::ShiftLeft, Box::new(self.integer(d)), Box::new(self.shift())),
            12 | 13 => {
                ExprKind::Binary(BinaryOp::ShiftRight, Box::new(self.integer(d)), Box::new(self.shift()))
            }
            14 => {
                let op = if self.random.bool() { BinaryOp::Min } else { BinaryOp::Max };
                ExprKind::Binary(op, Box::new(self.integer(d)), Box::new(self.integer(d)))
            }
            15 => {
                let exponent = self.random.i64(0..4);
                ExprKind::Binary(BinaryOp::Pow, Box::new(self.integer(d)), Box::new(self.constant(exponent)))
            }
            _ => {
                let op =
                    [BinaryOp::Add, BinaryOp::Sub, BinaryOp::Mul, BinaryOp::And, BinaryOp::Or, BinaryOp::Xor]
                        [self.random.usize(0..6)];
                ExprKind::Binary(op, Box::new(self.integer(d)), Box::new(self.integer(d)))
            }
        };
        self.make(kind)
    }

    fn shift(&mut self) -> Expr {
        if self.random.bool() {
            let amount = self.random.i64(0..14);
            self.constant(amount)
        } else {
            self.amount()
        }
    }

    /// Something that is never zero.
    fn divisor(&mut self) -> Expr {
        if self.random.bool() {
            let value = [1, 2, 3, 8, 10, -1, -3, -4, 255][self.random.usize(0..9)];
            return self.constant(value);
        }
        let leaf = self.leaf();
        let two = self.constant(2);
        let one = self.constant(1);
        let double = self.make(ExprKind::Binary(BinaryOp::Mul, Box::new(leaf), Box::new(two)));
        self.make(ExprKind::Binary(BinaryOp::Add, Box::new(double), Box::new(one)))
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
                            (port, to_bits(value, width_of(&self.design, self.inputs[port])))
                        })
                        .collect(),
                ],
            })
            .collect();
        for tool in [Tool::Icarus, Tool::Verilator, Tool::Ghdl] {
            let language = if tool == Tool::Ghdl { Language::Vhdl } else { Language::Verilog };
            let (samples, text) = run(&self.design, language, tool, &steps);
            for (values, sample) in vectors.iter().zip(&samples) {
                for (i, (signal, e)) in self.outputs.iter().enumerate() {
                    let exact = eval(e, &self.design, &self.inputs, values);
                    let expected = to_bits(&exact, width_of(&self.design, *signal));
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
                let range = self.design.signals[*id].ty.value_type().range().unwrap();
                let (lo, hi) = (range.lo.unwrap(), range.hi.unwrap());
                match number {
                    0 => lo,
                    1 => hi,
                    _ => {
                        let size = &hi - &lo + 1u32;
                        match self.random.u8(0..6) {
                            0 => lo,
                            1 => hi,
                            _ => lo + BigInt::from(self.random.u64(..)) % size,
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
