//! Printing expressions.

use std::fmt::Write;

use oxc_index::IndexVec;
use pyhdl_diag::Span;

use super::implied::implied_type;
use super::print::{Printer, put, reference};
use super::words::Word;
use crate::{Expr, ExprKind, Local, LocalId, Type};

impl Printer<'_> {
    /// An expression inside something that has the span `around`.
    pub fn expr(&mut self, e: &Expr, locals: &IndexVec<LocalId, Local>, around: Span) {
        self.expr_kind(e, locals);
        let truth_value = self.truth_value(e).is_some();
        if !truth_value && implied_type(&e.kind, self.design, locals).as_ref() != Some(&e.ty) {
            self.out.push(':');
            self.ty(&e.ty);
        }
        if e.span != around {
            self.out.push('@');
            self.span(e.span);
        }
    }

    /// `true` and `false` for constants of type `Bool`.
    fn truth_value(&self, e: &Expr) -> Option<&'static str> {
        match (&e.kind, &e.ty) {
            (ExprKind::Const(value), Type::Bool) if *value == 0.into() => Some("false"),
            (ExprKind::Const(value), Type::Bool) if *value == 1.into() => Some("true"),
            _ => None,
        }
    }

    fn expr_kind(&mut self, e: &Expr, locals: &IndexVec<LocalId, Local>) {
        let span = e.span;
        match &e.kind {
            ExprKind::Const(value) => match self.truth_value(e) {
                Some(word) => self.out.push_str(word),
                None => put!(self, "{value}"),
            },
            ExprKind::HighImpedance => self.out.push('z'),
            ExprKind::Time => self.out.push_str("now"),
            ExprKind::EnumLiteral(id, index) => put!(self, "{}[{index}]", self.enum_ref(*id)),
            ExprKind::Signal(id) => put!(self, "{}", self.signal_ref(*id)),
            ExprKind::Local(id) => put!(self, "{}", local_ref(*id, locals)),
            ExprKind::Element { local, index } => {
                put!(self, "pick({}, ", local_ref(*local, locals));
                self.expr(index, locals, span);
                self.out.push(')');
            }
            ExprKind::MemoryRead { memory, index } => {
                put!(self, "{}[", self.memory_ref(*memory));
                self.expr(index, locals, span);
                self.out.push(']');
            }
            ExprKind::TableRead { table, index } => {
                put!(self, "{}[", self.table_ref(*table));
                self.expr(index, locals, span);
                self.out.push(']');
            }
            ExprKind::Unary(op, a) => self.apply(op.word(), &[a], None, locals, span),
            ExprKind::Binary(op, a, b) => self.infix(op.word(), a, b, locals, span),
            ExprKind::Compare(op, a, b) => self.infix(op.word(), a, b, locals, span),
            ExprKind::Logic(op, a, b) => self.infix(op.word(), a, b, locals, span),
            ExprKind::Select { condition, then, otherwise } => {
                self.apply("select", &[condition, then, otherwise], None, locals, span);
            }
            ExprKind::Bit { value, index } => self.apply("bit", &[value, index], None, locals, span),
            ExprKind::Slice { value, low, width } => {
                self.apply("slice", &[value, low], Some(*width), locals, span);
            }
            ExprKind::Concat(parts) => {
                self.out.push_str("concat(");
                for (i, part) in parts.iter().enumerate() {
                    put!(self, "{}{} of ", if i == 0 { "" } else { ", " }, part.width);
                    self.expr(&part.value, locals, span);
                }
                self.out.push(')');
            }
            ExprKind::Signed { value, width } => self.apply("signed", &[value], Some(*width), locals, span),
            ExprKind::Unsigned { value, width } => {
                self.apply("unsigned", &[value], Some(*width), locals, span);
            }
            ExprKind::Truth(value) => self.apply("truth", &[value], None, locals, span),
            ExprKind::Call { function, args } => {
                put!(self, "call {}(", self.function_ref(*function));
                self.args(args, locals, span);
                self.out.push(')');
            }
        }
    }

    fn infix(&mut self, op: &str, a: &Expr, b: &Expr, locals: &IndexVec<LocalId, Local>, span: Span) {
        self.out.push('(');
        self.expr(a, locals, span);
        put!(self, " {op} ");
        self.expr(b, locals, span);
        self.out.push(')');
    }

    /// `name(operand, operand, width)`.
    fn apply(
        &mut self,
        name: &str,
        operands: &[&Expr],
        width: Option<u32>,
        locals: &IndexVec<LocalId, Local>,
        span: Span,
    ) {
        put!(self, "{name}(");
        for (i, operand) in operands.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            self.expr(operand, locals, span);
        }
        if let Some(width) = width {
            put!(self, ", {width}");
        }
        self.out.push(')');
    }

    pub fn args(&mut self, args: &[Expr], locals: &IndexVec<LocalId, Local>, span: Span) {
        for (i, arg) in args.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            self.expr(arg, locals, span);
        }
    }
}

pub(super) fn local_ref(id: LocalId, locals: &IndexVec<LocalId, Local>) -> String {
    reference('l', id.index(), locals.get(id).map(|l| l.name.as_str()))
}
