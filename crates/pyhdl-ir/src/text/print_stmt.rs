//! Printing statements.

use std::fmt::Write;

use oxc_index::IndexVec;
use pyhdl_diag::Span;

use super::print::{Printer, put, quoted};
use super::print_expr::local_ref;
use super::words::Word;
use crate::{
    Block, Expr, Format, Local, LocalId, MatchArm, Part, Place, PrintPart, RandomNumbers, Stmt, StmtKind,
    Target, Trigger,
};

type Locals = IndexVec<LocalId, Local>;

impl Printer<'_> {
    /// The statements of a block, one level further in.
    pub fn body(&mut self, block: &Block, locals: &Locals) {
        self.indent += 1;
        for stmt in block {
            self.line();
            self.stmt(stmt, locals);
            self.out.push('\n');
        }
        self.indent -= 1;
    }

    fn line(&mut self) {
        for _ in 0..self.indent {
            self.out.push_str("  ");
        }
    }

    /// `{`, the statements, `}`.
    fn braces(&mut self, block: &Block, locals: &Locals) {
        self.out.push_str(" {\n");
        self.body(block, locals);
        self.line();
        self.out.push('}');
    }

    fn stmt(&mut self, stmt: &Stmt, locals: &Locals) {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::If { arms, otherwise } => return self.if_stmt(arms, otherwise, locals, span),
            StmtKind::Match { subject, arms, otherwise } => {
                self.out.push_str("match ");
                self.expr(subject, locals, span);
                self.at(span);
                return self.arms(arms, otherwise, locals, span);
            }
            StmtKind::For { var, start, stop, step, body } => {
                put!(self, "for {} in ", local_ref(*var, locals));
                self.expr(start, locals, span);
                self.out.push_str(" to ");
                self.expr(stop, locals, span);
                put!(self, " step {step}");
                self.at(span);
                return self.braces(body, locals);
            }
            StmtKind::While { condition, body } => {
                self.out.push_str("while ");
                self.expr(condition, locals, span);
                self.at(span);
                return self.braces(body, locals);
            }
            StmtKind::Assign { target, value } => {
                self.target(target, locals, span);
                self.out.push_str(" = ");
                self.expr(value, locals, span);
            }
            StmtKind::Break => self.out.push_str("break"),
            StmtKind::Continue => self.out.push_str("continue"),
            StmtKind::Return(value) => {
                self.out.push_str("return");
                if let Some(value) = value {
                    self.out.push(' ');
                    self.expr(value, locals, span);
                }
            }
            StmtKind::Wait(triggers) => {
                self.out.push_str("wait(");
                self.triggers(triggers, locals, span);
                self.out.push(')');
            }
            StmtKind::Assert { condition, message } => {
                self.out.push_str("assert ");
                self.expr(condition, locals, span);
                if !message.is_empty() {
                    self.out.push_str(" message");
                    self.print_parts(message, locals, span);
                }
            }
            StmtKind::Print(parts) => {
                self.out.push_str("print");
                self.print_parts(parts, locals, span);
            }
            StmtKind::Raise { exception, message } => {
                put!(self, "raise {}", quoted(exception));
                if !message.is_empty() {
                    self.out.push_str(" message");
                    self.print_parts(message, locals, span);
                }
            }
            StmtKind::Call { function, args } => {
                put!(self, "call {}(", self.function_ref(*function));
                self.args(args, locals, span);
                self.out.push(')');
            }
            StmtKind::Draw { target, generator, numbers } => {
                put!(self, "draw {} from {generator} ", local_ref(*target, locals));
                match numbers {
                    RandomNumbers::Below(bound) => put!(self, "below {bound}"),
                    RandomNumbers::Bits(bits) => put!(self, "bits {bits}"),
                    RandomNumbers::Fraction => self.out.push_str("fraction"),
                }
            }
            StmtKind::Comment(text) => put!(self, "comment {}", quoted(text)),
        }
        self.at(span);
    }

    fn if_stmt(&mut self, arms: &[(Expr, Block)], otherwise: &Block, locals: &Locals, span: Span) {
        if arms.is_empty() {
            self.out.push_str("if");
            self.at(span);
        }
        for (i, (condition, body)) in arms.iter().enumerate() {
            self.out.push_str(if i == 0 { "if " } else { " elif " });
            self.expr(condition, locals, span);
            if i == 0 {
                self.at(span);
            }
            self.braces(body, locals);
        }
        if !otherwise.is_empty() || arms.is_empty() {
            self.out.push_str(" else");
            self.braces(otherwise, locals);
        }
    }

    fn arms(&mut self, arms: &[MatchArm], otherwise: &Block, locals: &Locals, span: Span) {
        self.out.push_str(" {\n");
        self.indent += 1;
        for arm in arms {
            self.line();
            self.out.push_str("case ");
            self.numbers(&arm.patterns);
            if let Some(guard) = &arm.guard {
                self.out.push_str(" if ");
                self.expr(guard, locals, span);
            }
            if arm.span != span {
                self.at(arm.span);
            }
            self.braces(&arm.body, locals);
            self.out.push('\n');
        }
        if !otherwise.is_empty() {
            self.line();
            self.out.push_str("else");
            self.braces(otherwise, locals);
            self.out.push('\n');
        }
        self.indent -= 1;
        self.line();
        self.out.push('}');
    }

    fn target(&mut self, target: &Target, locals: &Locals, around: Span) {
        match &target.place {
            Place::Signal(id) => put!(self, "{}", self.signal_ref(*id)),
            Place::Local(id) => put!(self, "{}", local_ref(*id, locals)),
            Place::Element { local, index } => {
                put!(self, "{}[", local_ref(*local, locals));
                self.expr(index, locals, around);
                self.out.push(']');
            }
            Place::Memory { memory, index } => {
                put!(self, "{}[", self.memory_ref(*memory));
                self.expr(index, locals, around);
                self.out.push(']');
            }
        }
        match &target.part {
            None => {}
            Some(Part::Bit(index)) => {
                self.out.push_str(" bit(");
                self.expr(index, locals, around);
                self.out.push(')');
            }
            Some(Part::Slice { low, width }) => {
                self.out.push_str(" slice(");
                self.expr(low, locals, around);
                put!(self, ", {width})");
            }
        }
        if target.span != around {
            self.out.push('@');
            self.span(target.span);
        }
    }

    pub fn triggers(&mut self, triggers: &[Trigger], locals: &Locals, span: Span) {
        for (i, trigger) in triggers.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            match trigger {
                Trigger::Change(s) => put!(self, "change {}", self.signal_ref(*s)),
                Trigger::Rising(s) => put!(self, "posedge {}", self.signal_ref(*s)),
                Trigger::Falling(s) => put!(self, "negedge {}", self.signal_ref(*s)),
                Trigger::Delay(amount) => {
                    self.out.push_str("delay ");
                    self.expr(amount, locals, span);
                }
            }
        }
    }

    fn print_parts(&mut self, parts: &[PrintPart], locals: &Locals, span: Span) {
        self.out.push('(');
        for (i, part) in parts.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            self.print_part(part, locals, span);
        }
        self.out.push(')');
    }

    fn print_part(&mut self, part: &PrintPart, locals: &Locals, span: Span) {
        match part {
            PrintPart::Text(text) => self.out.push_str(&quoted(text)),
            PrintPart::Value { value, format } => {
                self.expr(value, locals, span);
                match format {
                    Format::Plain => self.out.push_str(" as plain"),
                    Format::Vector { width } => put!(self, " as vector {width}"),
                    Format::Number { base, width, pad } => {
                        put!(self, " as {} {width} {}", base.word(), pad.word());
                    }
                }
            }
        }
    }
}
