//! Random expressions.

use oxc_index::IndexVec;
use pyhdl_ir::*;

use super::nowhere;

/// Makes expressions over given leaves.
pub struct Generator {
    pub random: fastrand::Rng,
    pub design: Design,
    pub locals: IndexVec<LocalId, Local>,
    /// Leaves that are numbers.
    pub numbers: Vec<Expr>,
    /// Leaves of type `Bool`.
    pub flags: Vec<Expr>,
    /// Leaves from 0 to 15.
    pub amounts: Vec<Expr>,
    /// Widest expression, in bits.
    pub widest: u32,
}

impl Generator {
    pub fn make(&self, kind: ExprKind) -> Expr {
        let ty = expr_type(&kind, &TypeContext { design: &self.design, locals: &self.locals });
        Expr { kind, ty, span: nowhere() }
    }

    pub fn constant(&self, value: i64) -> Expr {
        self.make(ExprKind::Const(value.into()))
    }

    pub fn leaf(&mut self) -> Expr {
        self.numbers[self.random.usize(0..self.numbers.len())].clone()
    }

    /// A constant, mostly a small one.
    pub fn any_constant(&mut self) -> Expr {
        let value = self.random.i64(-40..300);
        self.constant(value)
    }

    pub fn boolean(&mut self, depth: u32) -> Expr {
        if depth == 0 {
            return self.flags[self.random.usize(0..self.flags.len())].clone();
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
    pub fn amount(&mut self) -> Expr {
        self.amounts[self.random.usize(0..self.amounts.len())].clone()
    }

    pub fn integer(&mut self, depth: u32) -> Expr {
        loop {
            let e = self.any_integer(depth);
            // Wider ones say nothing new and take the tools long.
            if e.ty.range().and_then(|r| r.width()).is_some_and(|w| w <= self.widest) {
                return e;
            }
        }
    }

    pub fn any_integer(&mut self, depth: u32) -> Expr {
        if depth == 0 {
            return match self.random.u8(0..5) {
                0 => self.any_constant(),
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

    pub fn shift(&mut self) -> Expr {
        if self.random.bool() {
            let amount = self.random.i64(0..14);
            self.constant(amount)
        } else {
            self.amount()
        }
    }

    /// Something that is never zero.
    pub fn divisor(&mut self) -> Expr {
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
}
