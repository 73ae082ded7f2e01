//! Reading expressions.

use num_bigint::BigInt;
use pyhdl_diag::Span;

use super::cursor::{Kind, Parsed};
use super::implied::implied_type;
use super::parse::{Parser, no_span};
use super::words::Word;
use crate::{BinaryOp, CompareOp, ConcatPart, Expr, ExprKind, LogicOp, Type, UnaryOp};

impl Parser<'_> {
    /// An expression; what has no span of its own gets [`no_span`], for [`inherit`].
    pub fn expr(&mut self) -> Parsed<Expr> {
        self.enter()?;
        let kind = self.expr_kind()?;
        self.leave();
        self.finish(kind)
    }

    /// Type and span.
    fn finish(&mut self, (kind, known): (ExprKind, Option<Type>)) -> Parsed<Expr> {
        let ty = if self.cursor.eat(":") {
            self.ty()?
        } else if let Some(ty) = known {
            ty
        } else if let Some(ty) = implied_type(&kind, &self.design, &self.locals) {
            ty
        } else {
            return self.cursor.expected("`:` and this expression's type, which nothing before it tells");
        };
        let span = if self.cursor.eat("@") { self.span()? } else { no_span() };
        Ok(Expr { kind, ty, span })
    }

    fn boxed(&mut self) -> Parsed<Box<Expr>> {
        Ok(Box::new(self.expr()?))
    }

    fn expr_kind(&mut self) -> Parsed<(ExprKind, Option<Type>)> {
        let start = self.cursor.peek();
        let kind = match start {
            "(" => self.infix()?,
            "true" | "false" => {
                self.cursor.advance();
                return Ok((ExprKind::Const(BigInt::from(u8::from(start == "true"))), Some(Type::Bool)));
            }
            _ if self.cursor.peek_kind() == Some(Kind::Number) => ExprKind::Const(self.number()?),
            _ if self.cursor.peek_second() == "(" || start == "call" => self.applied(start)?,
            _ => self.named()?,
        };
        Ok((kind, None))
    }

    /// `(a op b)`.
    fn infix(&mut self) -> Parsed<ExprKind> {
        self.cursor.advance();
        let a = self.boxed()?;
        let op = self.cursor.peek();
        let (binary, compare, logic) =
            (BinaryOp::from_word(op), CompareOp::from_word(op), LogicOp::from_word(op));
        if binary.is_none() && compare.is_none() && logic.is_none() {
            return self.cursor.expected("an operator");
        }
        self.cursor.advance();
        let b = self.boxed()?;
        self.cursor.expect(")")?;
        Ok(match (binary, compare, logic) {
            (Some(op), ..) => ExprKind::Binary(op, a, b),
            (_, Some(op), _) => ExprKind::Compare(op, a, b),
            (_, _, Some(op)) => ExprKind::Logic(op, a, b),
            _ => return self.cursor.expected("an operator"),
        })
    }

    /// A signal, a local, a memory's or a table's element, a literal of an enumeration.
    fn named(&mut self) -> Parsed<ExprKind> {
        let start = self.cursor.peek();
        Ok(match start.chars().next() {
            Some('s') => ExprKind::Signal(self.signal_ref()?),
            Some('l') => ExprKind::Local(self.local_ref()?),
            Some('m') => {
                let memory = self.memory_ref()?;
                ExprKind::MemoryRead { memory, index: self.index()? }
            }
            Some('t') => {
                let table = self.table_ref()?;
                ExprKind::TableRead { table, index: self.index()? }
            }
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

    pub fn index(&mut self) -> Parsed<Box<Expr>> {
        self.cursor.expect("[")?;
        let index = self.boxed()?;
        self.cursor.expect("]")?;
        Ok(index)
    }

    /// `name(operands)`.
    fn applied(&mut self, name: &str) -> Parsed<ExprKind> {
        let unary = UnaryOp::from_word(name);
        if unary.is_none()
            && !matches!(
                name,
                "select" | "bit" | "slice" | "concat" | "signed" | "unsigned" | "truth" | "call"
            )
        {
            return self.cursor.expected("an operator");
        }
        self.cursor.advance();
        if name == "call" {
            let function = self.function_ref()?;
            self.cursor.expect("(")?;
            return Ok(ExprKind::Call { function, args: self.list(")", Self::expr)? });
        }
        self.cursor.expect("(")?;
        if name == "concat" {
            return Ok(ExprKind::Concat(self.list(")", Self::concat_part)?));
        }
        let first = self.boxed()?;
        let kind = match (unary, name) {
            (Some(op), _) => ExprKind::Unary(op, first),
            (_, "truth") => ExprKind::Truth(first),
            (_, "signed") => ExprKind::Signed { value: first, width: self.comma_width()? },
            (_, "unsigned") => ExprKind::Unsigned { value: first, width: self.comma_width()? },
            (_, "bit") => ExprKind::Bit { value: first, index: self.comma_expr()? },
            (_, "slice") => {
                ExprKind::Slice { value: first, low: self.comma_expr()?, width: self.comma_width()? }
            }
            _ => {
                ExprKind::Select { condition: first, then: self.comma_expr()?, otherwise: self.comma_expr()? }
            }
        };
        self.cursor.expect(")")?;
        Ok(kind)
    }

    fn concat_part(&mut self) -> Parsed<ConcatPart> {
        let width = self.cursor.small("a width")?;
        self.cursor.expect("of")?;
        Ok(ConcatPart { value: self.expr()?, width })
    }

    fn comma_expr(&mut self) -> Parsed<Box<Expr>> {
        self.cursor.expect(",")?;
        self.boxed()
    }

    pub fn comma_width(&mut self) -> Parsed<u32> {
        self.cursor.expect(",")?;
        self.cursor.small("a width")
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
