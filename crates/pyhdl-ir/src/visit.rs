//! Walking over statements and expressions.

use crate::{Block, Expr, ExprKind, Part, Place, PrintPart, Stmt, StmtKind, Trigger};

impl ExprKind {
    /// Calls `f` for each direct operand, left to right.
    pub fn for_each_operand<'a>(&'a self, f: &mut impl FnMut(&'a Expr)) {
        match self {
            ExprKind::Const(_)
            | ExprKind::HighImpedance
            | ExprKind::Time
            | ExprKind::EnumLiteral(..)
            | ExprKind::Signal(_)
            | ExprKind::Local(_) => {}
            ExprKind::MemoryRead { index, .. }
            | ExprKind::TableRead { index, .. }
            | ExprKind::Element { index, .. } => f(index),
            ExprKind::Unary(_, a) | ExprKind::Truth(a) => f(a),
            ExprKind::Signed { value, .. } | ExprKind::Unsigned { value, .. } => f(value),
            ExprKind::Binary(_, a, b) | ExprKind::Compare(_, a, b) | ExprKind::Logic(_, a, b) => {
                f(a);
                f(b);
            }
            ExprKind::Select { condition, then, otherwise } => {
                f(condition);
                f(then);
                f(otherwise);
            }
            ExprKind::Bit { value, index } => {
                f(value);
                f(index);
            }
            ExprKind::Slice { value, low, .. } => {
                f(value);
                f(low);
            }
            ExprKind::Concat(parts) => parts.iter().for_each(|p| f(&p.value)),
            ExprKind::Call { args, .. } => args.iter().for_each(f),
        }
    }

    /// Calls `f` for each direct operand, left to right.
    pub fn for_each_operand_mut(&mut self, f: &mut impl FnMut(&mut Expr)) {
        match self {
            ExprKind::Const(_)
            | ExprKind::HighImpedance
            | ExprKind::Time
            | ExprKind::EnumLiteral(..)
            | ExprKind::Signal(_)
            | ExprKind::Local(_) => {}
            ExprKind::MemoryRead { index, .. }
            | ExprKind::TableRead { index, .. }
            | ExprKind::Element { index, .. } => f(index),
            ExprKind::Unary(_, a) | ExprKind::Truth(a) => f(a),
            ExprKind::Signed { value, .. } | ExprKind::Unsigned { value, .. } => f(value),
            ExprKind::Binary(_, a, b) | ExprKind::Compare(_, a, b) | ExprKind::Logic(_, a, b) => {
                f(a);
                f(b);
            }
            ExprKind::Select { condition, then, otherwise } => {
                f(condition);
                f(then);
                f(otherwise);
            }
            ExprKind::Bit { value, index } => {
                f(value);
                f(index);
            }
            ExprKind::Slice { value, low, .. } => {
                f(value);
                f(low);
            }
            ExprKind::Concat(parts) => parts.iter_mut().for_each(|p| f(&mut p.value)),
            ExprKind::Call { args, .. } => args.iter_mut().for_each(f),
        }
    }
}

impl StmtKind {
    /// Calls `f` for each outermost expression of this statement, without those of the statements inside it.
    pub fn for_each_expr<'a>(&'a self, f: &mut impl FnMut(&'a Expr)) {
        match self {
            StmtKind::Assign { target, value } => {
                f(value);
                match &target.part {
                    Some(Part::Bit(index)) => f(index),
                    Some(Part::Slice { low, .. }) => f(low),
                    None => {}
                }
                if let Place::Memory { index, .. } | Place::Element { index, .. } = &target.place {
                    f(index);
                }
            }
            StmtKind::If { arms, .. } => arms.iter().for_each(|(condition, _)| f(condition)),
            StmtKind::Match { subject, arms, .. } => {
                f(subject);
                arms.iter().filter_map(|arm| arm.guard.as_ref()).for_each(f);
            }
            StmtKind::For { start, stop, .. } => {
                f(start);
                f(stop);
            }
            StmtKind::While { condition, .. } => f(condition),
            StmtKind::Assert { condition, message } => {
                f(condition);
                printed_values(message).for_each(f);
            }
            StmtKind::Return(value) => value.iter().for_each(f),
            StmtKind::Wait(triggers) => {
                for trigger in triggers {
                    if let Trigger::Delay(amount) = trigger {
                        f(amount);
                    }
                }
            }
            StmtKind::Print(parts) | StmtKind::Raise { message: parts, .. } => {
                printed_values(parts).for_each(f);
            }
            StmtKind::Call { args, .. } => args.iter().for_each(f),
            StmtKind::Break | StmtKind::Continue | StmtKind::Draw { .. } | StmtKind::Comment(_) => {}
        }
    }

    /// Calls `f` for each outermost expression of this statement, without those of the statements inside it.
    pub fn for_each_expr_mut(&mut self, f: &mut impl FnMut(&mut Expr)) {
        match self {
            StmtKind::Assign { target, value } => {
                f(value);
                match &mut target.part {
                    Some(Part::Bit(index)) => f(index),
                    Some(Part::Slice { low, .. }) => f(low),
                    None => {}
                }
                if let Place::Memory { index, .. } | Place::Element { index, .. } = &mut target.place {
                    f(index);
                }
            }
            StmtKind::If { arms, .. } => arms.iter_mut().for_each(|(condition, _)| f(condition)),
            StmtKind::Match { subject, arms, .. } => {
                f(subject);
                arms.iter_mut().filter_map(|arm| arm.guard.as_mut()).for_each(f);
            }
            StmtKind::For { start, stop, .. } => {
                f(start);
                f(stop);
            }
            StmtKind::While { condition, .. } => f(condition),
            StmtKind::Assert { condition, message } => {
                f(condition);
                printed_values_mut(message).for_each(f);
            }
            StmtKind::Return(value) => value.iter_mut().for_each(f),
            StmtKind::Wait(triggers) => {
                for trigger in triggers {
                    if let Trigger::Delay(amount) = trigger {
                        f(amount);
                    }
                }
            }
            StmtKind::Print(parts) | StmtKind::Raise { message: parts, .. } => {
                printed_values_mut(parts).for_each(f);
            }
            StmtKind::Call { args, .. } => args.iter_mut().for_each(f),
            StmtKind::Break | StmtKind::Continue | StmtKind::Draw { .. } | StmtKind::Comment(_) => {}
        }
    }

    /// The statement lists inside this statement, in order.
    pub fn blocks(&self) -> Vec<&Block> {
        match self {
            StmtKind::If { arms, otherwise } => {
                arms.iter().map(|(_, body)| body).chain([otherwise]).collect()
            }
            StmtKind::Match { arms, otherwise, .. } => {
                arms.iter().map(|arm| &arm.body).chain([otherwise]).collect()
            }
            StmtKind::For { body, .. } | StmtKind::While { body, .. } => vec![body],
            _ => Vec::new(),
        }
    }

    /// The statement lists inside this statement, in order.
    pub fn blocks_mut(&mut self) -> Vec<&mut Block> {
        match self {
            StmtKind::If { arms, otherwise } => {
                arms.iter_mut().map(|(_, body)| body).chain([otherwise]).collect()
            }
            StmtKind::Match { arms, otherwise, .. } => {
                arms.iter_mut().map(|arm| &mut arm.body).chain([otherwise]).collect()
            }
            StmtKind::For { body, .. } | StmtKind::While { body, .. } => vec![body],
            _ => Vec::new(),
        }
    }
}

/// Calls `f` for every statement of a block and of the blocks inside, in order.
pub fn for_each_stmt<'a>(block: &'a Block, f: &mut impl FnMut(&'a Stmt)) {
    for stmt in block {
        f(stmt);
        for inner in stmt.kind.blocks() {
            for_each_stmt(inner, f);
        }
    }
}

/// Calls `f` for every statement of a block and of the blocks inside, in order.
pub fn for_each_stmt_mut(block: &mut Block, f: &mut impl FnMut(&mut Stmt)) {
    for stmt in block {
        f(stmt);
        for inner in stmt.kind.blocks_mut() {
            for_each_stmt_mut(inner, f);
        }
    }
}

/// Calls `f` for an expression and everything in it, outermost first.
pub fn for_each_node<'a>(e: &'a Expr, f: &mut impl FnMut(&'a Expr)) {
    f(e);
    e.kind.for_each_operand(&mut |child| for_each_node(child, f));
}

fn printed_values(parts: &[PrintPart]) -> impl Iterator<Item = &Expr> {
    parts.iter().filter_map(|part| match part {
        PrintPart::Value { value, .. } => Some(value),
        PrintPart::Text(_) => None,
    })
}

fn printed_values_mut(parts: &mut [PrintPart]) -> impl Iterator<Item = &mut Expr> {
    parts.iter_mut().filter_map(|part| match part {
        PrintPart::Value { value, .. } => Some(value),
        PrintPart::Text(_) => None,
    })
}
