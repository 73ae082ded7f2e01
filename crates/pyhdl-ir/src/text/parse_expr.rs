//! Reading expressions.

use num_bigint::BigInt;
use pyhdl_diag::Span;

use super::cursor::{Kind, Parsed};
use super::implied::implied_type;
use super::parse::{Parser, no_span};
use super::words::Word;
use crate::{
    BinaryOp, CompareOp, ConcatPart, Expr, ExprKind, FunctionId, LocalId, LogicOp, MemoryId, TableId, Type,
    UnaryOp,
};

impl Parser<'_> {
    // What recurses here keeps little on the stack: nodes are built in functions that return before the next level.

    /// An expression; what has no span of its own gets [`no_span`], for [`inherit`].
    pub fn expr(&mut self) -> Parsed<Expr> {
        self.enter(1)?;
        let first = self.cursor.peek();
        let mut operands = Operands::default();
        self.operands(first, &mut operands)?;
        self.leave(1);
        self.finish(first, operands)
    }

    /// The operands of the expression that starts with `first`, with all that stands between and around them.
    fn operands(&mut self, first: &str, operands: &mut Operands) -> Parsed<()> {
        match self.cursor.peek_second() {
            _ if first == "(" => self.infix(operands),
            _ if first == "call" => self.called(operands),
            "(" if first == "concat" => self.concat(operands),
            "(" => self.applied(first, operands),
            "[" if first.starts_with(['m', 't']) => self.element(first, operands),
            _ => Ok(()),
        }
    }

    fn operand(&mut self, operands: &mut Operands) -> Parsed<()> {
        operands.exprs.push(self.expr()?);
        Ok(())
    }

    /// `(a op b)`.
    fn infix(&mut self, operands: &mut Operands) -> Parsed<()> {
        self.cursor.advance();
        self.operand(operands)?;
        operands.operator = Some(self.operator()?);
        self.operand(operands)?;
        self.cursor.expect(")")
    }

    /// `call f0(a, b)`.
    fn called(&mut self, operands: &mut Operands) -> Parsed<()> {
        self.cursor.advance();
        operands.function = Some(self.function_ref()?);
        self.cursor.expect("(")?;
        self.list(")", |p| p.operand(operands))?;
        Ok(())
    }

    /// `concat(4 of a, 8 of b)`.
    fn concat(&mut self, operands: &mut Operands) -> Parsed<()> {
        self.cursor.advance();
        self.cursor.expect("(")?;
        self.list(")", |p| {
            operands.widths.push(p.cursor.small("a width")?);
            p.cursor.expect("of")?;
            p.operand(operands)
        })?;
        Ok(())
    }

    /// `name(operands, width)`, `pick(l0, index)`.
    fn applied(&mut self, name: &str, operands: &mut Operands) -> Parsed<()> {
        let Some((count, width)) = arity(name) else { return self.cursor.expected("an operator") };
        self.cursor.advance();
        if name == "pick" {
            self.cursor.expect("(")?;
            operands.element = Some(Element::Local(self.local_ref()?));
            self.cursor.expect(",")?;
            self.operand(operands)?;
            return self.cursor.expect(")");
        }
        for i in 0..count {
            self.cursor.expect(if i == 0 { "(" } else { "," })?;
            self.operand(operands)?;
        }
        if width {
            operands.widths.push(self.comma_width()?);
        }
        self.cursor.expect(")")
    }

    /// `m0[index]`, `t0[index]`.
    fn element(&mut self, first: &str, operands: &mut Operands) -> Parsed<()> {
        operands.element = Some(match first.starts_with('m') {
            true => Element::Memory(self.memory_ref()?),
            false => Element::Table(self.table_ref()?),
        });
        self.cursor.expect("[")?;
        self.operand(operands)?;
        self.cursor.expect("]")
    }

    fn operator(&mut self) -> Parsed<Infix> {
        let op = self.cursor.peek();
        let infix = BinaryOp::from_word(op)
            .map(Infix::Binary)
            .or_else(|| CompareOp::from_word(op).map(Infix::Compare))
            .or_else(|| LogicOp::from_word(op).map(Infix::Logic));
        match infix {
            Some(infix) => {
                self.cursor.advance();
                Ok(infix)
            }
            None => self.cursor.expected("an operator"),
        }
    }

    /// The node with its type and span.
    fn finish(&mut self, first: &str, operands: Operands) -> Parsed<Expr> {
        let kind = match operands.exprs.is_empty() && first != "concat" && first != "call" {
            true => self.leaf()?,
            false => match operands.node(first) {
                Some(kind) => kind,
                None => return self.cursor.expected("an expression"),
            },
        };
        let ty = if self.cursor.eat(":") {
            self.ty()?
        } else if matches!(first, "true" | "false") {
            Type::Bool
        } else if let Some(ty) = implied_type(&kind, &self.design, &self.locals) {
            ty
        } else {
            return self.cursor.expected("`:` and this expression's type, which nothing before it tells");
        };
        let span = if self.cursor.eat("@") { self.span()? } else { no_span() };
        Ok(Expr { kind, ty, span })
    }

    /// A constant, a signal, a local, a literal of an enumeration.
    fn leaf(&mut self) -> Parsed<ExprKind> {
        let first = self.cursor.peek();
        if self.cursor.peek_kind() == Some(Kind::Number) {
            return Ok(ExprKind::Const(self.number()?));
        }
        Ok(match first.chars().next() {
            _ if matches!(first, "true" | "false") => {
                self.cursor.advance();
                ExprKind::Const(BigInt::from(u8::from(first == "true")))
            }
            _ if first == "z" => {
                self.cursor.advance();
                ExprKind::HighImpedance
            }
            _ if first == "now" => {
                self.cursor.advance();
                ExprKind::Time
            }
            Some('s') => ExprKind::Signal(self.signal_ref()?),
            Some('l') => ExprKind::Local(self.local_ref()?),
            Some('e') => {
                let id = self.enum_ref()?;
                self.cursor.expect("[")?;
                let index = self.cursor.small("a literal's index")?;
                self.cursor.expect("]")?;
                ExprKind::EnumLiteral(id, index)
            }
            _ => return self.cursor.expected("an expression"),
        })
    }

    /// `[index]` of a memory that is assigned to.
    pub fn index(&mut self) -> Parsed<Expr> {
        self.cursor.expect("[")?;
        let index = self.expr()?;
        self.cursor.expect("]")?;
        Ok(index)
    }

    pub fn comma_width(&mut self) -> Parsed<u32> {
        self.cursor.expect(",")?;
        self.cursor.small("a width")
    }
}

/// How many operands a node written `name(…)` has, and whether a width comes after them.
fn arity(name: &str) -> Option<(u32, bool)> {
    Some(match name {
        "truth" => (1, false),
        "signed" | "unsigned" => (1, true),
        "bit" | "pick" => (2, false),
        "slice" => (2, true),
        "select" => (3, false),
        _ => return UnaryOp::from_word(name).map(|_| (1, false)),
    })
}

#[derive(Clone, Copy)]
enum Infix {
    Binary(BinaryOp),
    Compare(CompareOp),
    Logic(LogicOp),
}

#[derive(Clone, Copy)]
enum Element {
    Local(LocalId),
    Memory(MemoryId),
    Table(TableId),
}

/// What has been read of an expression before its node is built.
#[derive(Default)]
struct Operands {
    exprs: Vec<Expr>,
    widths: Vec<u32>,
    operator: Option<Infix>,
    function: Option<FunctionId>,
    element: Option<Element>,
}

impl Operands {
    /// The node; `None` where the operands are not those of a node that starts with `first`.
    fn node(self, first: &str) -> Option<ExprKind> {
        if let Some(function) = self.function {
            return Some(ExprKind::Call { function, args: self.exprs });
        }
        let mut widths = self.widths.into_iter();
        if first == "concat" {
            let parts = self.exprs.into_iter().zip(widths);
            return Some(ExprKind::Concat(parts.map(|(value, width)| ConcatPart { value, width }).collect()));
        }
        let mut exprs = self.exprs.into_iter().map(Box::new);
        let mut next = || exprs.next();
        let value = next()?;
        Some(match (self.operator, self.element, first) {
            (Some(Infix::Binary(op)), ..) => ExprKind::Binary(op, value, next()?),
            (Some(Infix::Compare(op)), ..) => ExprKind::Compare(op, value, next()?),
            (Some(Infix::Logic(op)), ..) => ExprKind::Logic(op, value, next()?),
            (_, Some(Element::Memory(memory)), _) => ExprKind::MemoryRead { memory, index: value },
            (_, Some(Element::Table(table)), _) => ExprKind::TableRead { table, index: value },
            (_, Some(Element::Local(local)), _) => ExprKind::Element { local, index: value },
            (_, _, "truth") => ExprKind::Truth(value),
            (_, _, "signed") => ExprKind::Signed { value, width: widths.next()? },
            (_, _, "unsigned") => ExprKind::Unsigned { value, width: widths.next()? },
            (_, _, "bit") => ExprKind::Bit { value, index: next()? },
            (_, _, "slice") => ExprKind::Slice { value, low: next()?, width: widths.next()? },
            (_, _, "select") => ExprKind::Select { condition: value, then: next()?, otherwise: next()? },
            _ => ExprKind::Unary(UnaryOp::from_word(first)?, value),
        })
    }
}

/// Gives every node without a span the span of what is around it.
pub(super) fn inherit(e: &mut Expr, around: Span) {
    if e.span == no_span() {
        e.span = around;
    }
    let span = e.span;
    e.kind.for_each_operand_mut(&mut |operand| inherit(operand, span));
}
