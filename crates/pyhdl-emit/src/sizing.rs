//! Expressions over integers to expressions over vectors, exactly.
//!
//! Two facts carry everything. Addition, subtraction, multiplication, bitwise operations and left shifts are
//! congruent modulo powers of two: their low `w` bits depend on the operands' low `w` bits only, so they are computed
//! at the width that is wanted. Everything else (right shifts, divisions, comparisons) gets operands wide enough for
//! their exact ranges.

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use oxc_index::IndexVec;
use pyhdl_diag::{Diagnostic, Span};
use pyhdl_ir::{
    BinaryOp, Block, CompareOp, ConcatPart, Design, Expr, ExprKind, Local, LocalId, LogicOp, MatchArm, Range,
    StorageType, Type, UnaryOp,
};
use std::collections::HashSet;

use crate::vector::*;
use crate::{Language, codes};

type Sized<T> = Result<T, Box<Diagnostic>>;

/// A branch of an `if` that can be taken.
pub(crate) struct LiveArm<'e> {
    pub condition: Node,
    pub body: &'e Block,
    /// Where the condition is in the Python.
    pub span: Span,
}

/// Translates the expressions of one process or function.
#[derive(Clone, Copy)]
pub(crate) struct Sizer<'a> {
    pub design: &'a Design,
    pub locals: &'a IndexVec<LocalId, Local>,
    /// The locals that are loop counters in the output.
    pub counters: &'a HashSet<LocalId>,
    pub language: Language,
    /// Comparisons that always hold are kept: see [`Sizer::loop_condition`].
    pub keeps: bool,
}

/// Widest vector that is worth printing, in bits: more is a mistake of the design, and takes the tools down.
const WIDEST: u32 = 1 << 16;

/// How many exponents a power is spread over, less one.
const MOST_POWERS: u32 = 31;

/// Factors of a power that is a product.
const MOST_FACTORS: u32 = 64;

impl Sizer<'_> {
    /// A value for storage of a shape: its bits modulo the width.
    pub fn value(&self, e: &Expr, shape: Shape) -> Sized<Node> {
        match shape {
            _ if e.kind == ExprKind::HighImpedance => Ok(Node { kind: NodeKind::HighImpedance, shape }),
            Shape::Bool => self.bit_value(e),
            Shape::Bits(vector) => self.fit(e, vector),
            Shape::Enum(_) => self.enumeration(e),
        }
    }

    /// The shape of storage that a process touches.
    pub fn storage(&self, ty: &StorageType, name: &str, span: Span) -> Sized<Shape> {
        match Shape::of_storage(ty) {
            Some(shape) => {
                self.check_width(shape.vector(self.design).width, span)?;
                Ok(shape)
            }
            None => Err(unbounded(span, format!("`{name}` has no bounds"))),
        }
    }

    fn check_width(&self, width: u32, span: Span) -> Sized<()> {
        if width <= WIDEST {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::error(
                codes::UNBOUNDED,
                format!("this needs {width} bits, more than hardware tools take"),
            )
            .at(span, "computed here")
            .help(format!("narrow the operands; vectors of up to {WIDEST} bits are emitted")),
        ))
    }

    /// A truth value.
    pub fn boolean(&self, e: &Expr) -> Sized<Node> {
        if e.ty != Type::Bool {
            // Conditions are of type `Bool`; a number counts as `!= 0`.
            return self.truth(e);
        }
        let node = |kind| Node { kind, shape: Shape::Bool };
        Ok(match &e.kind {
            ExprKind::Const(value) => Node::bool(*value != BigInt::ZERO),
            ExprKind::Unary(UnaryOp::Not, a) => inverse(self.boolean(a)?),
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or | BinaryOp::Xor), a, b) => {
                let (a, b) = (self.boolean(a)?, self.boolean(b)?);
                match folded(*op, &a, &b) {
                    Some(node) => node,
                    None => node(NodeKind::Binary(*op, Box::new(a), Box::new(b))),
                }
            }
            ExprKind::Logic(op, a, b) => {
                let (a, b) = (self.boolean(a)?, self.boolean(b)?);
                let same = if *op == LogicOp::And { BinaryOp::And } else { BinaryOp::Or };
                match folded(same, &a, &b) {
                    Some(node) => node,
                    None => node(NodeKind::Logic(*op, Box::new(a), Box::new(b))),
                }
            }
            ExprKind::Compare(op, a, b) => self.compare(*op, a, b)?,
            ExprKind::Truth(a) => self.truth(a)?,
            ExprKind::Bit { value, index } => self.bit(value, index)?,
            ExprKind::Select { condition, then, otherwise } => node(NodeKind::Select(
                Box::new(self.boolean(condition)?),
                Box::new(self.boolean(then)?),
                Box::new(self.boolean(otherwise)?),
            )),
            ExprKind::Signal(_)
            | ExprKind::Local(_)
            | ExprKind::MemoryRead { .. }
            | ExprKind::Element { .. }
            | ExprKind::TableRead { .. }
            | ExprKind::Time
            | ExprKind::Call { .. } => {
                let leaf = self.leaf(e)?;
                match leaf.shape {
                    Shape::Bool => leaf,
                    _ => low_bit(leaf),
                }
            }
            _ => low_bit(self.number(e, Vector::unsigned(1))?),
        })
    }

    /// The condition of a loop. What always holds because the loop is left elsewhere before stays: unknown values at
    /// power-up may pass the other way out, and the loop would not end.
    pub fn loop_condition(&self, e: &Expr) -> Sized<Node> {
        Sizer { keeps: true, ..*self }.boolean(e)
    }

    /// The branches of an `if` that can be taken, and what is left for the rest.
    pub fn live_arms<'e>(
        &self,
        arms: &'e [(Expr, Block)],
        otherwise: &'e Block,
    ) -> Sized<(Vec<LiveArm<'e>>, &'e Block)> {
        let mut live = Vec::new();
        for (tested, body) in arms {
            let condition = self.boolean(tested)?;
            match &condition.kind {
                NodeKind::Const(value) if *value == BigInt::ZERO => {}
                NodeKind::Const(_) => return Ok((live, body)),
                _ => live.push(LiveArm { condition, body, span: tested.span }),
            }
        }
        Ok((live, otherwise))
    }

    /// What a `match` does of which one arm is taken always: that of a known value, or the last one where the subject
    /// has none of the values (Icarus Verilog 11 fails on a `case` with nothing but a default).
    pub fn taken_arm<'e>(
        &self,
        subject: &Node,
        arms: &'e [MatchArm],
        otherwise: &'e Block,
    ) -> Option<&'e Block> {
        let known = match &subject.kind {
            NodeKind::Const(value) => (**value).clone(),
            NodeKind::Literal(_, literal) => (*literal).into(),
            _ => {
                let possible = |pattern: &BigInt| match subject.shape {
                    Shape::Enum(_) => true,
                    shape => shape.vector(self.design).wrap(pattern) == *pattern,
                };
                let none = !arms.iter().flat_map(|arm| &arm.patterns).any(possible);
                return none.then_some(otherwise);
            }
        };
        let arm = arms.iter().find(|arm| arm.patterns.contains(&known));
        Some(arm.map_or(otherwise, |arm| &arm.body))
    }

    /// A value of 0 or 1 for one bit.
    fn bit_value(&self, e: &Expr) -> Sized<Node> {
        match (&e.ty, &e.kind) {
            (Type::Bool, _) => self.boolean(e),
            (_, ExprKind::Const(value)) => Ok(Node::bool(Vector::unsigned(1).wrap(value) != BigInt::ZERO)),
            // `1 if c else 0`, and the other way round.
            (_, ExprKind::Select { condition, then, otherwise }) if is_one(then) && is_zero(otherwise) => {
                self.boolean(condition)
            }
            (_, ExprKind::Select { condition, then, otherwise }) if is_zero(then) && is_one(otherwise) => {
                Ok(inverse(self.boolean(condition)?))
            }
            _ => Ok(low_bit(self.fit(e, Vector::unsigned(1))?)),
        }
    }

    fn truth(&self, e: &Expr) -> Sized<Node> {
        if e.ty == Type::Bool {
            return self.boolean(e);
        }
        let natural = self.natural(e)?;
        let value = self.fit(e, natural)?;
        let zero = Node::constant(&BigInt::ZERO, natural);
        Ok(Node {
            kind: NodeKind::Compare(CompareOp::Ne, Box::new(value), Box::new(zero)),
            shape: Shape::Bool,
        })
    }

    fn compare(&self, op: CompareOp, a: &Expr, b: &Expr) -> Sized<Node> {
        let node = |a: Node, b: Node| Node {
            kind: NodeKind::Compare(op, Box::new(a), Box::new(b)),
            shape: Shape::Bool,
        };
        if matches!(a.ty, Type::Enum(_)) || matches!(b.ty, Type::Enum(_)) {
            return Ok(node(self.enumeration(a)?, self.enumeration(b)?));
        }
        let (ra, rb) = (self.range(a)?, self.range(b)?);
        let is_const = |e: &Expr| matches!(e.kind, ExprKind::Const(_));
        let keeps = self.keeps && !(is_const(a) && is_const(b));
        if let Some(known) = outcome(op, &ra, &rb)
            && !(known && keeps)
        {
            return Ok(Node::bool(known));
        }
        let is_bit = |e: &Expr| {
            e.ty == Type::Bool || matches!(&e.kind, ExprKind::Const(v) if Range::bit().contains(v))
        };
        if (a.ty == Type::Bool || b.ty == Type::Bool)
            && is_bit(a)
            && is_bit(b)
            && matches!(op, CompareOp::Eq | CompareOp::Ne)
        {
            let (x, y) = (self.bit_value(a)?, self.bit_value(b)?);
            // A condition that is compared with a constant is the condition itself, or its opposite.
            return Ok(match (&x.kind, &y.kind) {
                (NodeKind::Compare(..) | NodeKind::Logic(..), NodeKind::Const(value)) => {
                    if (*value != BigInt::ZERO) == (op == CompareOp::Eq) { x } else { inverse(x) }
                }
                (NodeKind::Const(x), NodeKind::Const(y)) => Node::bool((x == y) == (op == CompareOp::Eq)),
                _ => node(x, y),
            });
        }
        let common = self.natural(a)?.join(self.natural(b)?);
        let (x, y) = (self.fit(a, common)?, self.fit(b, common)?);
        // What folding has found out may decide it as well.
        match outcome(op, &node_range(&x), &node_range(&y)) {
            Some(known) if !(known && keeps) => Ok(Node::bool(known)),
            _ => Ok(node(x, y)),
        }
    }

    /// A bit of the infinitely sign-extended value.
    fn bit(&self, value: &Expr, index: &Expr) -> Sized<Node> {
        let natural = self.natural(value)?;
        if let ExprKind::Const(index) = &index.kind {
            let top = natural.width - 1;
            let Some(position) = index.to_u32().filter(|i| *i <= top) else {
                return if natural.signed && *index > BigInt::ZERO {
                    let value = self.named_or_fit(value, natural)?;
                    Ok(constant_bit(value, top))
                } else {
                    Ok(Node::bool(false))
                };
            };
            let value = self.named_or_fit(value, Vector::unsigned(position + 1))?;
            return Ok(match value.shape {
                Shape::Bool => value,
                _ => constant_bit(value, position),
            });
        }
        let range = self.range(index)?;
        let value = self.named_or_fit(value, natural)?;
        if value.shape == Shape::Bool {
            // A bit of a bit: the bit itself at 0, nothing above.
            let zero = Expr {
                kind: ExprKind::Const(BigInt::ZERO),
                ty: Type::Int(Range::exactly(0)),
                span: index.span,
            };
            let at_zero = self.compare(CompareOp::Eq, index, &zero)?;
            return Ok(Node {
                kind: NodeKind::Binary(BinaryOp::And, Box::new(at_zero), Box::new(value)),
                shape: Shape::Bool,
            });
        }
        let depth = u64::from(value.vector().width);
        let above = range.hi.as_ref().is_none_or(|hi| *hi >= BigInt::from(depth));
        let sign = if natural.signed && above {
            constant_bit(value.clone(), natural.width - 1)
        } else {
            Node::bool(false)
        };
        let place = self.index(index, depth)?;
        let bit = Node { kind: NodeKind::Bit(Box::new(value), Box::new(place)), shape: Shape::Bool };
        if !above {
            return Ok(bit);
        }
        let limit = Expr {
            kind: ExprKind::Const(depth.into()),
            ty: Type::Int(Range::exactly(depth)),
            span: index.span,
        };
        let inside = self.compare(CompareOp::Lt, index, &limit)?;
        Ok(Node {
            kind: NodeKind::Select(Box::new(inside), Box::new(bit), Box::new(sign)),
            shape: Shape::Bool,
        })
    }

    /// A name as it is, anything else at a width.
    fn named_or_fit(&self, e: &Expr, vector: Vector) -> Sized<Node> {
        if is_leaf(e) {
            let leaf = self.leaf(e)?;
            if leaf.is_named() {
                return Ok(leaf);
            }
        }
        self.fit(e, vector)
    }

    fn enumeration(&self, e: &Expr) -> Sized<Node> {
        let Type::Enum(id) = e.ty else {
            return Err(unbounded(e.span, "a state and a number are different things".to_owned()));
        };
        let node = |kind| Node { kind, shape: Shape::Enum(id) };
        Ok(match &e.kind {
            ExprKind::EnumLiteral(id, literal) => node(NodeKind::Literal(*id, *literal)),
            ExprKind::Select { condition, then, otherwise } => node(NodeKind::Select(
                Box::new(self.boolean(condition)?),
                Box::new(self.enumeration(then)?),
                Box::new(self.enumeration(otherwise)?),
            )),
            _ => self.leaf(e)?,
        })
    }

    /// The value modulo `2**width`, as a vector.
    pub fn fit(&self, e: &Expr, to: Vector) -> Sized<Node> {
        self.check_width(to.width, e.span)?;
        if e.ty == Type::Bool {
            return Ok(match &e.kind {
                ExprKind::Const(value) => Node::constant(value, to),
                _ => {
                    let bit = self.boolean(e)?;
                    let one = match bit.kind {
                        NodeKind::ToBool(inner) => *inner,
                        kind => Node {
                            kind: NodeKind::FromBool(Box::new(Node { kind, shape: Shape::Bool })),
                            shape: Shape::Bits(Vector::unsigned(1)),
                        },
                    };
                    convert(one, to)
                }
            });
        }
        self.number(e, to)
    }

    fn number(&self, e: &Expr, to: Vector) -> Sized<Node> {
        Ok(match &e.kind {
            ExprKind::Const(value) if self.design.constants.contains(&e.span) => {
                Node::named_constant(value, to, e.span)
            }
            ExprKind::Const(value) => Node::constant(value, to),
            ExprKind::HighImpedance => {
                return Err(unbounded(e.span, "high impedance is no number".to_owned()));
            }
            ExprKind::EnumLiteral(..) => {
                return Err(unbounded(e.span, "a state and a number are different things".to_owned()));
            }
            ExprKind::Local(id) if self.counters.contains(id) => {
                let at = self.natural(e)?;
                convert(Node { kind: NodeKind::Counter(*id), shape: Shape::Bits(at) }, to)
            }
            ExprKind::Signal(_)
            | ExprKind::Local(_)
            | ExprKind::MemoryRead { .. }
            | ExprKind::Element { .. }
            | ExprKind::TableRead { .. }
            | ExprKind::Time
            | ExprKind::Call { .. } => {
                let leaf = self.leaf(e)?;
                match leaf.shape {
                    Shape::Bool => convert(
                        Node {
                            kind: NodeKind::FromBool(Box::new(leaf)),
                            shape: Shape::Bits(Vector::unsigned(1)),
                        },
                        to,
                    ),
                    Shape::Bits(_) => convert(leaf, to),
                    Shape::Enum(_) => {
                        return Err(unbounded(
                            e.span,
                            "a state and a number are different things".to_owned(),
                        ));
                    }
                }
            }
            ExprKind::Unary(UnaryOp::Negate, a) => {
                self.ring(e, to, &[a], |s, at| Ok(NodeKind::Negate(Box::new(s.fit(a, at)?))))?
            }
            ExprKind::Unary(UnaryOp::Invert, a) => {
                self.ring(e, to, &[a], |s, at| Ok(NodeKind::Invert(Box::new(s.fit(a, at)?))))?
            }
            ExprKind::Unary(UnaryOp::Abs, a) => {
                let natural = self.natural(a)?;
                if !natural.signed {
                    return self.fit(a, to);
                }
                // The low bits are those of the number or of its negative, which depend on its low bits only.
                let at = if to.width <= natural.width { natural } else { natural.join(self.natural(e)?) };
                let value = Box::new(self.fit(a, at)?);
                convert(Node { kind: NodeKind::Abs(value), shape: Shape::Bits(at) }, to)
            }
            ExprKind::Unary(UnaryOp::Not, _)
            | ExprKind::Compare(..)
            | ExprKind::Logic(..)
            | ExprKind::Truth(_)
            | ExprKind::Bit { .. } => {
                let as_bool = Expr { kind: e.kind.clone(), ty: Type::Bool, span: e.span };
                self.fit(&as_bool, to)?
            }
            ExprKind::Binary(op, a, b) => self.binary(e, *op, a, b, to)?,
            ExprKind::Select { condition, then, otherwise } => Node {
                kind: NodeKind::Select(
                    Box::new(self.boolean(condition)?),
                    Box::new(self.fit(then, to)?),
                    Box::new(self.fit(otherwise, to)?),
                ),
                shape: Shape::Bits(to),
            },
            ExprKind::Slice { value, low, width } => self.slice(value, low, *width, to)?,
            ExprKind::Concat(parts) => self.concat(parts, to)?,
            ExprKind::Unsigned { value, width } if to.width <= *width => self.fit(value, to)?,
            ExprKind::Unsigned { value, width } => convert(self.fit(value, Vector::unsigned(*width))?, to),
            ExprKind::Signed { value, width } if to.width <= *width => self.fit(value, to)?,
            ExprKind::Signed { value, width } => {
                let bits = self.fit(value, Vector::unsigned(*width))?;
                convert(convert(bits, Vector::signed(*width)), to)
            }
        })
    }

    /// An operation that is congruent modulo powers of two.
    fn ring(
        &self,
        e: &Expr,
        to: Vector,
        operands: &[&Expr],
        make: impl FnOnce(&Self, Vector) -> Sized<NodeKind>,
    ) -> Sized<Node> {
        let natural = self.natural(e)?;
        let at = self.ring_vector(natural, to, operands)?;
        self.check_width(at.width, e.span)?;
        let node = Node { kind: make(self, at)?, shape: Shape::Bits(at) };
        Ok(convert(computed(&node).map_or(node, |value| Node::constant(&value, at)), to))
    }

    /// Where an operation is computed: no wider than wanted, no wider than its result and operands need.
    fn ring_vector(&self, natural: Vector, to: Vector, operands: &[&Expr]) -> Sized<Vector> {
        let mut width = natural.width;
        let mut widest = 0;
        let (mut signed, mut unsigned) = (false, false);
        for operand in operands {
            if matches!(operand.kind, ExprKind::Const(_)) {
                signed |= self.range(operand)?.may_be_negative();
                continue;
            }
            let of = self.natural(operand)?;
            signed |= of.signed;
            unsigned |= !of.signed;
            widest = widest.max(of.width);
        }
        width = width.max(widest);
        // Operands that are extended anyway are extended as far as the result.
        if widest < width {
            width = width.max(to.width);
        }
        // Where the result needs no extension its sign is a matter of taste: the operands', or what is wanted.
        if to.width <= width {
            let sign = match (signed, unsigned) {
                (true, false) => true,
                (false, true) => false,
                _ => to.signed,
            };
            return Ok(Vector { width: to.width, signed: sign });
        }
        // Verilog has no sign extension of an expression, so it is done to the operands.
        if natural.signed && self.language.is_verilog() {
            return Ok(Vector { width: to.width, signed: true });
        }
        Ok(Vector { width, signed: natural.signed })
    }

    fn binary(&self, e: &Expr, op: BinaryOp, a: &Expr, b: &Expr, to: Vector) -> Sized<Node> {
        match op {
            BinaryOp::Mul if self.language.is_vhdl() => self.product(e, a, b, to),
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => {
                self.ring(e, to, &[a, b], |s, at| {
                    // A mask of all bits that are left.
                    match (op, is_ones(a, at), is_ones(b, at)) {
                        (BinaryOp::And, true, _) => return Ok(s.fit(b, at)?.kind),
                        (BinaryOp::And, _, true) => return Ok(s.fit(a, at)?.kind),
                        _ => {}
                    }
                    Ok(NodeKind::Binary(op, Box::new(s.fit(a, at)?), Box::new(s.fit(b, at)?)))
                })
            }
            BinaryOp::Min | BinaryOp::Max => {
                let at = self.natural(a)?.join(self.natural(b)?);
                let kind = NodeKind::Binary(op, Box::new(self.fit(a, at)?), Box::new(self.fit(b, at)?));
                Ok(convert(Node { kind, shape: Shape::Bits(at) }, to))
            }
            BinaryOp::ShiftLeft => self.shift_left(e, a, b, to),
            BinaryOp::ShiftRight => self.shift_right(a, b, to),
            BinaryOp::FloorDiv | BinaryOp::Mod => self.divide(e, op, a, b, to),
            BinaryOp::Pow => self.power(e, a, b, to),
        }
    }

    /// In VHDL a product has as many bits as its operands together.
    fn product(&self, e: &Expr, a: &Expr, b: &Expr, to: Vector) -> Sized<Node> {
        let (va, vb) = (self.natural(a)?, self.natural(b)?);
        let signed = va.signed || vb.signed;
        let widen = |v: Vector| Vector { width: v.width + u32::from(signed && !v.signed), signed };
        let (va, vb) = (widen(va), widen(vb));
        let full = Vector { width: va.width + vb.width, signed };
        self.check_width(full.width, e.span)?;
        let kind = NodeKind::Product(Box::new(self.fit(a, va)?), Box::new(self.fit(b, vb)?));
        Ok(convert(Node { kind, shape: Shape::Bits(full) }, to))
    }

    fn shift_left(&self, e: &Expr, a: &Expr, b: &Expr, to: Vector) -> Sized<Node> {
        let natural = self.natural(e)?;
        let at = if to.width <= natural.width {
            to
        } else if natural.signed && self.language.is_verilog() {
            Vector { width: to.width, signed: true }
        } else {
            natural
        };
        self.check_width(at.width, e.span)?;
        let amount = self.amount(b)?;
        if let Amount::Const(k) = amount
            && k >= at.width
        {
            return Ok(Node::constant(&BigInt::ZERO, to));
        }
        let kind = NodeKind::ShiftLeft(Box::new(self.fit(a, at)?), amount);
        Ok(convert(Node { kind, shape: Shape::Bits(at) }, to))
    }

    fn shift_right(&self, a: &Expr, b: &Expr, to: Vector) -> Sized<Node> {
        let natural = self.natural(a)?;
        match self.amount(b)? {
            Amount::Const(k) => self.shift_right_const(a, natural, k, to),
            amount => {
                let at = if to.width > natural.width && natural.signed {
                    Vector { width: to.width, signed: true }
                } else {
                    natural
                };
                let kind = NodeKind::ShiftRight(Box::new(self.fit(a, at)?), amount);
                Ok(convert(Node { kind, shape: Shape::Bits(at) }, to))
            }
        }
    }

    fn shift_right_const(&self, a: &Expr, natural: Vector, k: u32, to: Vector) -> Sized<Node> {
        if k == 0 {
            return self.fit(a, to);
        }
        if k >= natural.width && !natural.signed {
            return Ok(Node::constant(&BigInt::ZERO, to));
        }
        let k = k.min(natural.width - 1);
        let left = natural.width - k;
        if to.width <= left {
            // Only bits k to k + width - 1 matter.
            let value = self.named_or_fit(a, Vector::unsigned(k + to.width))?;
            let bits = slice_of(value, k, to.width);
            return Ok(convert(bits, to));
        }
        let at = if to.width > natural.width && !natural.signed {
            natural
        } else {
            Vector { width: to.width.max(natural.width), ..natural }
        };
        if at.width > to.width {
            let bits = slice_of(self.named_or_fit(a, natural)?, k, left);
            let bits = if natural.signed { convert(bits, Vector::signed(left)) } else { bits };
            return Ok(convert(bits, to));
        }
        let kind = NodeKind::ShiftRight(Box::new(self.fit(a, at)?), Amount::Const(k));
        Ok(convert(Node { kind, shape: Shape::Bits(at) }, to))
    }

    fn divide(&self, e: &Expr, op: BinaryOp, a: &Expr, b: &Expr, to: Vector) -> Sized<Node> {
        if let ExprKind::Const(divisor) = &b.kind
            && *divisor > BigInt::ZERO
            && divisor.magnitude().count_ones() == 1
            && let Ok(k) = u32::try_from(divisor.bits() - 1)
        {
            // Floor division by a power of two is a shift, the rest its low bits.
            if op == BinaryOp::FloorDiv {
                return self.shift_right_const(a, self.natural(a)?, k, to);
            }
            if k == 0 {
                return Ok(Node::constant(&BigInt::ZERO, to));
            }
            return Ok(convert(self.fit(a, Vector::unsigned(k.min(self.wide_enough(a)?)))?, to));
        }
        let at = self.natural(a)?.join(self.natural(b)?).join(self.natural(e)?);
        self.check_width(at.width, e.span)?;
        let (x, y) = (Box::new(self.fit(a, at)?), Box::new(self.fit(b, at)?));
        let kind = match op {
            BinaryOp::FloorDiv => NodeKind::FloorDiv(x, y, self.has_quotient(b)),
            _ => NodeKind::Modulo(x, y, self.has_quotient(b)),
        };
        Ok(convert(Node { kind, shape: Shape::Bits(at) }, to))
    }

    /// The width above which an unsigned value has only zeros; no limit for a signed one.
    fn wide_enough(&self, e: &Expr) -> Sized<u32> {
        let natural = self.natural(e)?;
        Ok(if natural.signed { u32::MAX } else { natural.width })
    }

    fn power(&self, e: &Expr, a: &Expr, b: &Expr, to: Vector) -> Sized<Node> {
        if let ExprKind::Const(exponent) = &b.kind {
            match exponent.to_u32() {
                Some(0) => return Ok(Node::constant(&BigInt::from(1), to)),
                Some(n @ 1..=MOST_FACTORS) => {
                    // a ** n as a product of n factors.
                    let mut product = a.clone();
                    for _ in 1..n {
                        let range = self.range(&product)?.mul(&self.range(a)?);
                        product = Expr {
                            kind: ExprKind::Binary(BinaryOp::Mul, Box::new(product), Box::new(a.clone())),
                            ty: Type::Int(range),
                            span: e.span,
                        };
                    }
                    return self.fit(&product, to);
                }
                _ => {}
            }
        }
        if let ExprKind::Const(base) = &a.kind
            && *base == BigInt::from(2)
        {
            let one = Expr {
                kind: ExprKind::Const(BigInt::from(1)),
                ty: Type::Int(Range::exactly(1)),
                span: a.span,
            };
            return self.shift_left(e, &one, b, to);
        }
        if let Some(choices) = self.powers(e, a, b)? {
            return self.fit(&choices, to);
        }
        Err(Box::new(
            Diagnostic::error(
                codes::STATEMENT,
                "a power with a variable or large exponent has no hardware of its own",
            )
            .at(e.span, "computed here")
            .help("a power of two is a shift: 1 << n; others can be looked up in a tuple"),
        ))
    }

    /// A power as a choice among the powers with each exponent that there can be; `None` where those are many.
    fn powers(&self, e: &Expr, a: &Expr, b: &Expr) -> Sized<Option<Expr>> {
        let exponents = self.range(b)?;
        let (Some(low), Some(high)) = (exponents.lo, exponents.hi) else { return Ok(None) };
        let (low, high) = (low.max(BigInt::ZERO), high.max(BigInt::ZERO));
        if high > low.clone() + MOST_POWERS || high > BigInt::from(MOST_FACTORS) {
            return Ok(None);
        }
        let expr = |kind, ty| Box::new(Expr { kind, ty, span: e.span });
        let number = |n: &BigInt| expr(ExprKind::Const(n.clone()), Type::Int(Range::exactly(n.clone())));
        let base = self.range(a)?;
        let mut exponent = high.clone();
        let mut chosen: Option<Box<Expr>> = None;
        while exponent >= low {
            let range = base.pow(&Range::exactly(exponent.clone()));
            let power = ExprKind::Binary(BinaryOp::Pow, Box::new(a.clone()), number(&exponent));
            let power = expr(power, Type::Int(range.clone()));
            chosen = Some(match chosen {
                None => power,
                Some(others) => {
                    let is = ExprKind::Compare(CompareOp::Eq, Box::new(b.clone()), number(&exponent));
                    let all = range.union(&self.range(&others)?);
                    let condition = expr(is, Type::Bool);
                    expr(ExprKind::Select { condition, then: power, otherwise: others }, Type::Int(all))
                }
            });
            exponent -= 1;
        }
        Ok(chosen.map(|chosen| *chosen))
    }

    fn slice(&self, value: &Expr, low: &Expr, width: u32, to: Vector) -> Sized<Node> {
        if let ExprKind::Const(low) = &low.kind {
            let natural = self.natural(value)?;
            let Some(low) = low.to_u32().filter(|l| l.checked_add(width).is_some()) else {
                return Ok(Node::constant(&BigInt::ZERO, to));
            };
            if low == 0 {
                return if to.width <= width {
                    self.fit(value, to)
                } else {
                    let width = width.min(self.wide_enough(value)?);
                    Ok(convert(self.fit(value, Vector::unsigned(width))?, to))
                };
            }
            if low >= natural.width && !natural.signed {
                return Ok(Node::constant(&BigInt::ZERO, to));
            }
            let width = width.min(to.width);
            let inside = if natural.signed { width } else { width.min(natural.width - low) };
            let whole = self.named_or_fit(value, Vector::unsigned(low + inside))?;
            let whole = if u64::from(whole.vector().width) < u64::from(low) + u64::from(inside) {
                convert(whole, Vector { width: low + inside, signed: natural.signed })
            } else {
                whole
            };
            return Ok(convert(slice_of(whole, low, inside), to));
        }
        let natural = self.natural(value)?;
        let amount = self.amount(low)?;
        let at = if natural.signed && natural.width < width { Vector::signed(width) } else { natural };
        let shifted = Node {
            kind: NodeKind::ShiftRight(Box::new(self.fit(value, at)?), amount),
            shape: Shape::Bits(at),
        };
        let bits = convert(shifted, Vector::unsigned(width.min(at.width)));
        Ok(convert(bits, to))
    }

    fn concat(&self, parts: &[ConcatPart], to: Vector) -> Sized<Node> {
        let mut width: u32 = 0;
        let mut nodes = Vec::new();
        for part in parts {
            width = width.saturating_add(part.width);
            self.check_width(width, part.value.span)?;
            nodes.push(if part.width == 1 && part.value.ty == Type::Bool {
                self.boolean(&part.value)?
            } else {
                self.fit(&part.value, Vector::unsigned(part.width))?
            });
        }
        let whole = Vector::unsigned(width);
        let known = nodes.iter().zip(parts).try_fold(BigInt::ZERO, |all, (node, part)| match &node.kind {
            NodeKind::Const(value) => Some((all << part.width) + &**value),
            _ => None,
        });
        if let Some(value) = known {
            return Ok(Node::constant(&value, to));
        }
        let node = Node { kind: NodeKind::Concat(nodes), shape: Shape::Bits(whole) };
        Ok(convert(node, to))
    }

    /// A shift's amount: negative ones are errors in Python, so they need no bits.
    fn amount(&self, e: &Expr) -> Sized<Amount> {
        if let ExprKind::Const(value) = &e.kind {
            return Ok(Amount::Const(value.to_u32().unwrap_or(u32::MAX)));
        }
        let range = self.range(e)?;
        let width = range.hi.as_ref().map_or(1, |hi| (hi.bits() as u32).max(1));
        let width = match self.natural(e)? {
            // A name is not cut where it need not be.
            v if !v.signed && is_leaf(e) => v.width,
            _ => width,
        };
        Ok(Amount::Variable(Box::new(self.fit(e, Vector::unsigned(width))?)))
    }

    /// A position among `depth` places; values outside are errors in Python.
    pub fn index(&self, e: &Expr, depth: u64) -> Sized<Index> {
        let mut inside = self.is_inside(e, depth);
        let kind = match (&e.kind, self.plain(e)) {
            (ExprKind::Const(value), _) => {
                inside = Defined::Always;
                IndexKind::Const(value.to_u64().filter(|v| *v < depth).unwrap_or(0))
            }
            (_, Some(plain)) if inside >= Defined::WhereReached => IndexKind::Plain(plain),
            _ => {
                if depth.is_power_of_two() && depth > 1 {
                    inside = Defined::Always;
                }
                IndexKind::Node(self.fit(e, Vector::unsigned(index_width(depth)))?)
            }
        };
        Ok(Index { kind, depth, inside })
    }

    /// An expression of loop counters and constants as plain integer arithmetic.
    pub fn plain(&self, e: &Expr) -> Option<Plain> {
        // Literals that every tool takes, see `vhdl::expr::integer`.
        let small = Range::new(-(1i32 << 30) + 1, (1i32 << 30) - 1);
        if !small.contains_range(&self.any_range(e)?) {
            return None;
        }
        match &e.kind {
            ExprKind::Const(value) => value.to_i32().map(Plain::Const),
            ExprKind::Local(id) if self.counters.contains(id) => Some(Plain::Counter(*id)),
            ExprKind::Binary(op, a, b) => {
                let op = match op {
                    BinaryOp::Add => PlainOp::Add,
                    BinaryOp::Sub => PlainOp::Sub,
                    BinaryOp::Mul => PlainOp::Mul,
                    _ => return None,
                };
                Some(Plain::Binary(op, Box::new(self.plain(a)?), Box::new(self.plain(b)?)))
            }
            _ => None,
        }
    }

    /// A leaf in the shape of its storage.
    fn leaf(&self, e: &Expr) -> Sized<Node> {
        Ok(match &e.kind {
            ExprKind::Signal(id) => {
                let signal = &self.design.signals[*id];
                let shape = self.storage(&signal.ty, &signal.name, e.span)?;
                Node { kind: NodeKind::Signal(*id), shape }
            }
            ExprKind::Local(id) if self.counters.contains(id) => {
                let vector = self.natural(e)?;
                Node { kind: NodeKind::Counter(*id), shape: Shape::Bits(vector) }
            }
            ExprKind::Local(id) => {
                let local = &self.locals[*id];
                let shape = self.storage(&local.ty, &local.name, e.span)?;
                Node { kind: NodeKind::Local(*id), shape }
            }
            ExprKind::Element { local, index } => {
                let list = &self.locals[*local];
                let shape = self.storage(&list.ty, &list.name, e.span)?;
                let index = self.index(index, u64::from(list.length.unwrap_or(1)))?;
                Node { kind: NodeKind::Item(*local, Box::new(index)), shape }
            }
            ExprKind::MemoryRead { memory, index } => {
                let memory_ = &self.design.memories[*memory];
                let first = &self.design.signals[memory_.elements[0]];
                let shape = self.storage(&first.ty, &memory_.name, e.span)?;
                let index = self.index(index, memory_.elements.len() as u64)?;
                Node { kind: NodeKind::Element(*memory, Box::new(index)), shape }
            }
            ExprKind::TableRead { table, index } => {
                let entries = &self.design.tables[*table].entries;
                let vector = table_vector(entries);
                self.check_width(vector.width, e.span)?;
                let index = self.index(index, entries.len() as u64)?;
                Node { kind: NodeKind::Entry(*table, Box::new(index)), shape: Shape::Bits(vector) }
            }
            ExprKind::Call { function, args } => {
                let callee = &self.design.functions[*function];
                let shape = callee.returns.as_ref().and_then(Shape::of_type).ok_or_else(|| {
                    unbounded(e.span, format!("`{}` returns a value without bounds", callee.name))
                })?;
                self.check_width(shape.vector(self.design).width, e.span)?;
                Node { kind: NodeKind::Call(*function, self.arguments(*function, args)?), shape }
            }
            ExprKind::Time => Node { kind: NodeKind::Time, shape: Shape::Bits(Vector::unsigned(u64::BITS)) },
            _ => return Err(unbounded(e.span, "this value is no storage".to_owned())),
        })
    }

    /// The arguments of a call in the shapes of the parameters.
    pub fn arguments(&self, function: pyhdl_ir::FunctionId, args: &[Expr]) -> Sized<Vec<Node>> {
        let callee = &self.design.functions[function];
        args.iter()
            .zip(&callee.locals)
            .map(|(arg, param)| {
                let shape = self.storage(&param.ty, &param.name, arg.span)?;
                self.value(arg, shape)
            })
            .collect()
    }

    /// The vector that an expression has by itself: a name's storage, the exact range of anything else.
    pub fn natural(&self, e: &Expr) -> Sized<Vector> {
        let vector = match &e.kind {
            ExprKind::Local(id) if self.counters.contains(id) => self.counter(*id, &self.range(e)?),
            ExprKind::Signal(id) => {
                Shape::of_storage(&self.design.signals[*id].ty).map(|s| s.vector(self.design))
            }
            ExprKind::Local(id) | ExprKind::Element { local: id, .. } => {
                Shape::of_storage(&self.locals[*id].ty).map(|s| s.vector(self.design))
            }
            ExprKind::MemoryRead { memory, .. } => {
                let first = self.design.memories[*memory].elements[0];
                Shape::of_storage(&self.design.signals[first].ty).map(|s| s.vector(self.design))
            }
            ExprKind::TableRead { table, .. } => Some(table_vector(&self.design.tables[*table].entries)),
            ExprKind::Call { function, .. } => self.design.functions[*function]
                .returns
                .as_ref()
                .and_then(Shape::of_type)
                .map(|s| s.vector(self.design)),
            ExprKind::Slice { width, .. } | ExprKind::Unsigned { width, .. } => {
                Some(Vector::unsigned(*width))
            }
            ExprKind::Signed { width, .. } => Some(Vector::signed(*width)),
            ExprKind::Time => Some(Vector::unsigned(u64::BITS)),
            ExprKind::Concat(parts) => {
                Some(Vector::unsigned(parts.iter().fold(0u32, |sum, p| sum.saturating_add(p.width))))
            }
            _ => Vector::of(&self.range(e)?),
        };
        vector.ok_or_else(|| unbounded(e.span, "this value has no bounds".to_owned()))
    }

    /// The vector of a loop counter here: signed wherever the counter is an integer that can be negative.
    fn counter(&self, id: LocalId, here: &Range) -> Option<Vector> {
        let vector = Vector::of(here)?;
        let everywhere = self.locals[id].ty.value_type().range();
        let signed = vector.signed || everywhere.is_some_and(|range| range.may_be_negative());
        Some(Vector { width: vector.width + u32::from(signed && !vector.signed), signed })
    }

    pub(crate) fn range(&self, e: &Expr) -> Sized<Range> {
        match e.ty.range() {
            Some(range) if range.is_finite() => Ok(range),
            Some(_) => Err(unbounded(e.span, "this value has no bounds".to_owned())),
            None => Err(unbounded(e.span, "a state and a number are different things".to_owned())),
        }
    }
}

fn unbounded(span: Span, message: String) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(codes::UNBOUNDED, message)
            .at(span, "used here")
            .help("give it a width: intbv(0)[8:], or bounds: intbv(0, min=-8, max=8)"),
    )
}

/// Whether an expression reads storage.
pub(crate) fn is_leaf(e: &Expr) -> bool {
    matches!(
        e.kind,
        ExprKind::Signal(_)
            | ExprKind::Local(_)
            | ExprKind::MemoryRead { .. }
            | ExprKind::Element { .. }
            | ExprKind::TableRead { .. }
            | ExprKind::Time
            | ExprKind::Call { .. }
    )
}

/// The vector of a table's entries.
pub(crate) fn table_vector(entries: &[BigInt]) -> Vector {
    entries
        .iter()
        .map(|v| Vector::of(&Range::exactly(v.clone())).unwrap_or(Vector::unsigned(1)))
        .reduce(Vector::join)
        .unwrap_or(Vector::unsigned(1))
}

/// The same value, or its low bits, in another vector.
pub(crate) fn convert(node: Node, to: Vector) -> Node {
    if let NodeKind::Const(value) = &node.kind {
        return Node::constant(value, to);
    }
    let mut node = node;
    let from = node.vector();
    let holds = (from.signed == to.signed && to.width >= from.width) || (to.signed && to.width > from.width);
    // A counter is an integer, of which any vector that holds its values can be made.
    if matches!(node.kind, NodeKind::Counter(_)) && holds {
        return Node { shape: Shape::Bits(to), ..node };
    }
    if from.width > to.width && node.is_named() {
        // Part of a name: unsigned in Verilog, whatever the name is.
        node = slice_of(node, 0, to.width);
    } else if from.width != to.width {
        let shape = Shape::Bits(Vector { width: to.width, signed: from.signed });
        node = match node.kind {
            // A zero extension of a zero extension is one.
            NodeKind::Resize(inner)
                if !from.signed && to.width > from.width && inner.vector().width < from.width =>
            {
                Node { kind: NodeKind::Resize(inner), shape }
            }
            NodeKind::Slice(inner, low) if to.width < from.width => {
                Node { kind: NodeKind::Slice(inner, low), shape }
            }
            kind => {
                let inner = Node { kind, shape: node.shape };
                Node { kind: NodeKind::Resize(Box::new(inner)), shape }
            }
        };
    }
    if node.vector().signed != to.signed {
        node = match node.kind {
            NodeKind::Reinterpret(inner) => *inner,
            kind => Node {
                kind: NodeKind::Reinterpret(Box::new(Node { kind, shape: node.shape })),
                shape: Shape::Bits(to),
            },
        };
    }
    node
}

/// Bits `low + width - 1 .. low` of a vector that has them.
fn slice_of(node: Node, low: u32, width: u32) -> Node {
    if low == 0 && node.vector() == Vector::unsigned(width) {
        return node;
    }
    if let NodeKind::Const(value) = &node.kind {
        return Node::constant(&(&**value >> low), Vector::unsigned(width));
    }
    match node.shape {
        Shape::Bool => {
            Node { kind: NodeKind::FromBool(Box::new(node)), shape: Shape::Bits(Vector::unsigned(1)) }
        }
        _ => Node { kind: NodeKind::Slice(Box::new(node), low), shape: Shape::Bits(Vector::unsigned(width)) },
    }
}

/// The lowest bit of a vector as a `Bool`.
fn low_bit(node: Node) -> Node {
    if let NodeKind::FromBool(inner) = node.kind {
        return *inner;
    }
    // The low bit of a slice of a name is a bit of the name.
    let (inner, position) = match node.kind {
        NodeKind::Slice(inner, low) if inner.is_named() => (*inner, low),
        NodeKind::Resize(inner) if inner.is_named() => (*inner, 0),
        kind => {
            let node = Node { kind, shape: node.shape };
            if !node.is_named() {
                let one = if node.vector() == Vector::unsigned(1) {
                    node
                } else {
                    convert(node, Vector::unsigned(1))
                };
                return Node { kind: NodeKind::ToBool(Box::new(one)), shape: Shape::Bool };
            }
            (node, 0)
        }
    };
    constant_bit(inner, position)
}

fn is_zero(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Const(value) if *value == BigInt::ZERO)
}

fn is_one(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Const(value) if *value == BigInt::from(1))
}

/// Whether a constant is all ones in a vector.
fn is_ones(e: &Expr, at: Vector) -> bool {
    matches!(&e.kind, ExprKind::Const(value) if Vector::unsigned(at.width).wrap(value) == (BigInt::from(1) << at.width) - 1)
}

/// A bitwise operation on truth values of which one is known.
/// The value of an operation on constants, of which only its low bits are right.
fn computed(node: &Node) -> Option<BigInt> {
    let known = |node: &Node| match &node.kind {
        NodeKind::Const(value) => Some((**value).clone()),
        _ => None,
    };
    Some(match &node.kind {
        NodeKind::Negate(a) => -known(a)?,
        NodeKind::Invert(a) => -known(a)? - 1,
        NodeKind::Binary(op, a, b) => match op {
            BinaryOp::Add => known(a)? + known(b)?,
            BinaryOp::Sub => known(a)? - known(b)?,
            BinaryOp::Mul => known(a)? * known(b)?,
            BinaryOp::And => known(a)? & known(b)?,
            BinaryOp::Or => known(a)? | known(b)?,
            BinaryOp::Xor => known(a)? ^ known(b)?,
            _ => return None,
        },
        _ => return None,
    })
}

fn folded(op: BinaryOp, a: &Node, b: &Node) -> Option<Node> {
    let known = |node: &Node| match &node.kind {
        NodeKind::Const(value) => Some(*value != BigInt::ZERO),
        _ => None,
    };
    let (constant, other) = match (known(a), known(b)) {
        (Some(value), _) => (value, b),
        (None, Some(value)) => (value, a),
        (None, None) => return None,
    };
    Some(match (op, constant) {
        (BinaryOp::And, false) => Node::bool(false),
        (BinaryOp::Or, true) => Node::bool(true),
        (BinaryOp::Xor, true) => inverse(other.clone()),
        _ => other.clone(),
    })
}

/// The opposite of a truth value.
fn inverse(node: Node) -> Node {
    let kind = match node.kind {
        NodeKind::Const(value) => NodeKind::Const(BigInt::from(u8::from(value == BigInt::ZERO)).into()),
        NodeKind::Compare(op, a, b) => {
            let opposite = match op {
                CompareOp::Eq => CompareOp::Ne,
                CompareOp::Ne => CompareOp::Eq,
                CompareOp::Lt => CompareOp::Ge,
                CompareOp::Ge => CompareOp::Lt,
                CompareOp::Le => CompareOp::Gt,
                CompareOp::Gt => CompareOp::Le,
            };
            NodeKind::Compare(opposite, a, b)
        }
        kind => NodeKind::Invert(Box::new(Node { kind, shape: Shape::Bool })),
    };
    Node { kind, shape: Shape::Bool }
}

fn constant_bit(node: Node, position: u32) -> Node {
    if node.shape == Shape::Bool {
        return node;
    }
    if let NodeKind::Const(value) = &node.kind {
        return Node::bool(value.bit(position.into()));
    }
    if position == 0 && !node.is_named() {
        return low_bit(node);
    }
    let depth = u64::from(node.vector().width);
    let index = Index { kind: IndexKind::Const(position.into()), depth, inside: Defined::Always };
    Node { kind: NodeKind::Bit(Box::new(node), Box::new(index)), shape: Shape::Bool }
}

/// The values that a vector can have.
fn node_range(node: &Node) -> Range {
    match (&node.kind, node.vector()) {
        (NodeKind::Const(value), _) => Range::exactly((**value).clone()),
        (_, Vector { width, signed: true }) => Range::signed(width),
        (_, Vector { width, signed: false }) => Range::unsigned(width),
    }
}

/// The result of a comparison that the ranges decide.
fn outcome(op: CompareOp, a: &Range, b: &Range) -> Option<bool> {
    let less = |x: &Range, y: &Range| Some(x.hi.as_ref()? < y.lo.as_ref()?);
    let less_or_equal = |x: &Range, y: &Range| Some(x.hi.as_ref()? <= y.lo.as_ref()?);
    let apart = less(a, b) == Some(true) || less(b, a) == Some(true);
    let same = a.single().is_some() && a.single() == b.single();
    match op {
        CompareOp::Eq if same => Some(true),
        CompareOp::Eq if apart => Some(false),
        CompareOp::Ne if same => Some(false),
        CompareOp::Ne if apart => Some(true),
        CompareOp::Lt if less(a, b) == Some(true) => Some(true),
        CompareOp::Lt if less_or_equal(b, a) == Some(true) => Some(false),
        CompareOp::Le if less_or_equal(a, b) == Some(true) => Some(true),
        CompareOp::Le if less(b, a) == Some(true) => Some(false),
        CompareOp::Gt if less(b, a) == Some(true) => Some(true),
        CompareOp::Gt if less_or_equal(a, b) == Some(true) => Some(false),
        CompareOp::Ge if less_or_equal(b, a) == Some(true) => Some(true),
        CompareOp::Ge if less(a, b) == Some(true) => Some(false),
        _ => None,
    }
}
