//! Lowering of loops: over numbers, which stay loops, and over lists, which become one copy of the body for each
//! element.

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::{Body, Role};
use crate::random::draws;
use crate::scan::{scan, target_names};
use crate::value::{Lower, Meaning, PyType, Val};
use crate::{Binding, codes, kinds};

/// Copies of statements and expressions that the loops and comprehensions of one process may make.
pub(crate) const MAX_COPIES: u32 = 200_000;

/// The `else` of a loop: its statements, and the flag that says that `break` has left the loop.
struct Otherwise<'s> {
    statements: &'s [ast::Stmt],
    flag: Option<LocalId>,
}

impl Body<'_, '_, '_> {
    pub fn for_stmt(&mut self, s: &ast::StmtFor, span: Span, out: &mut Block) -> Lower<()> {
        let otherwise = self.before_else(&s.body, &s.orelse, span, out)?;
        match self.numbers(&s.iter)? {
            Some((call, down)) => self.counted_loop(s, call, down, span, out)?,
            None => {
                let refused = self.beyond("a loop over this", self.span(&*s.iter), kinds::REQUIREMENT);
                refused?;
                let Some(items) = self.items(&s.iter)? else { return self.no_sequence(&s.iter) };
                out.append(&mut self.early);
                self.loop_over(s, items, span, out)?;
            }
        }
        self.after_else(otherwise, span, out)
    }

    pub fn while_stmt(&mut self, s: &ast::StmtWhile, span: Span, out: &mut Block) -> Lower<()> {
        let otherwise = self.before_else(&s.body, &s.orelse, span, out)?;
        let condition = self.condition(&s.test)?;
        let again = std::mem::take(&mut self.early);
        if !again.is_empty() && !draws(&again) {
            return self.unsupported(
                "`:=` in the condition of a loop",
                self.span(&*s.test),
                "assign before the loop, and again at the end of its body",
            );
        }
        self.loops += 1;
        let body = self.block(&s.body)?;
        self.loops -= 1;
        out.push(Stmt { kind: self.while_loop(again, condition, body, span)?, span });
        self.after_else(otherwise, span, out)
    }

    /// A loop whose condition follows from statements that each round begins with.
    fn while_loop(&mut self, again: Block, condition: Expr, body: Block, span: Span) -> Lower<StmtKind> {
        if again.is_empty() {
            return Ok(StmtKind::While { condition, body });
        }
        let at = condition.span;
        let over = self.make(ExprKind::Unary(UnaryOp::Not, condition.into()), at)?;
        let leave = vec![Stmt { kind: StmtKind::Break, span: at }];
        let mut rounds = again;
        rounds.push(Stmt {
            kind: StmtKind::If { arms: vec![(over, leave)], otherwise: Block::new() },
            span: at,
        });
        rounds.extend(body);
        Ok(StmtKind::While { condition: self.boolean(true, span).expr, body: rounds })
    }

    /// The call of `range` or `downrange` (then true) that an expression is.
    fn numbers<'s>(&mut self, e: &'s ast::Expr) -> Lower<Option<(&'s ast::ExprCall, bool)>> {
        let ast::Expr::Call(call) = e else { return Ok(None) };
        if !matches!(&*call.func, ast::Expr::Name(_) | ast::Expr::Attribute(_)) {
            return Ok(None);
        }
        if let ast::Expr::Name(name) = &*call.func
            && self.inner.contains_key(name.id.as_str())
        {
            return Ok(None);
        }
        Ok(match self.meaning(&call.func)? {
            Meaning::Static(Binding::Known(name)) if name == "builtins.range" => Some((call, false)),
            Meaning::Static(Binding::Known(name)) if name == "pyhdl.downrange" => Some((call, true)),
            _ => None,
        })
    }

    fn counted_loop(
        &mut self,
        s: &ast::StmtFor,
        call: &ast::ExprCall,
        down: bool,
        span: Span,
        out: &mut Block,
    ) -> Lower<()> {
        let help = "loop over range(...) or downrange(...)";
        let at = self.span(&*s.iter);
        let args: Vec<Val> = call.args.iter().map(|a| self.value(a)).collect::<Lower<_>>()?;
        out.append(&mut self.early);
        if let Some(literal) = args.iter().find(|a| a.is_enum()) {
            let message = "an enumeration literal is not a number".into();
            return self.mismatch(message, literal.expr.span, "count with ints");
        }
        if !call.keywords.is_empty() || args.is_empty() || args.len() > 3 {
            return self.unsupported("a loop with these arguments", at, help);
        }
        let step = match args.get(2) {
            None => BigInt::from(1),
            Some(step) => match step.constant() {
                Some(step) if *step != BigInt::ZERO => {
                    if *step < BigInt::ZERO {
                        self.beyond("a loop with a negative step", at, kinds::REQUIREMENT)?;
                    }
                    step.clone()
                }
                _ => return self.unsupported("a loop step that is not a constant", at, "write a number"),
            },
        };
        let zero = self.constant(BigInt::ZERO, at).expr;
        let (start, stop, step) = match (down, args.len()) {
            (false, 1) => (zero, args[0].expr.clone(), step),
            (false, _) => (args[0].expr.clone(), args[1].expr.clone(), step),
            (true, _) => {
                // downrange(a, b, s) counts a-1, a-1-s, … down to b.
                let one = self.constant(1.into(), at).expr;
                let low = args.get(1).map_or(zero, |v| v.expr.clone());
                let start = self.make(
                    ExprKind::Binary(BinaryOp::Sub, args[0].expr.clone().into(), one.clone().into()),
                    at,
                )?;
                let stop = self.make(ExprKind::Binary(BinaryOp::Sub, low.into(), one.into()), at)?;
                (start, stop, -step)
            }
        };
        let ast::Expr::Name(var) = &*s.target else {
            return self.unsupported("this loop variable", self.span(&*s.target), "use a single name");
        };
        let var = self.local(var.id.as_str(), &PyType::Int, span)?;
        self.loops += 1;
        let body = self.block(&s.body)?;
        self.loops -= 1;
        out.push(Stmt { kind: StmtKind::For { var, start, stop, step, body }, span });
        Ok(())
    }

    /// A loop over elements that are known one by one.
    fn loop_over(&mut self, s: &ast::StmtFor, items: Vec<Meaning>, span: Span, out: &mut Block) -> Lower<()> {
        let mut names = Vec::new();
        target_names(&s.target, &mut names);
        let inside = scan(&s.body);
        let base = names.first().map_or("item", String::as_str).to_owned();
        let items = self.computed_first(items, &base, inside.yields, span, out)?;
        // Where a jump needs a loop to leave, the copies are the cases of one.
        let counter = if jumps(&s.body) {
            let name = self.free_name(&base, "index");
            let id = self.locals.push(Local::new(name.clone(), PyType::Int.storage()));
            self.names.insert(name, (id, PyType::Int));
            self.loops += 1;
            Some(id)
        } else {
            None
        };
        let count = items.len();
        let mut arms = Vec::new();
        for (at, item) in items.into_iter().enumerate() {
            let mut copy = Block::new();
            let outer = self.bind_item(&s.target, item, &inside, span, &mut copy)?;
            copy.extend(self.block(&s.body)?);
            self.restore(outer);
            self.unrolled = self.unrolled.saturating_add(1 + s.body.len() as u32);
            if self.unrolled > MAX_COPIES {
                let refusal =
                    self.low.refusal(codes::TOO_LARGE, "this loop is too long to be unrolled", span, "here");
                return Err(Box::new(
                    refusal.help("loop over range(len(x)), and index the list in the loop"),
                ));
            }
            match counter {
                None => out.extend(copy),
                Some(_) => arms.push(MatchArm { patterns: vec![at.into()], guard: None, body: copy, span }),
            }
        }
        self.ended.extend(names);
        if let Some(var) = counter {
            self.loops -= 1;
            let subject = self.make(ExprKind::Local(var), span)?;
            let choice = StmtKind::Match { subject, arms, otherwise: Block::new() };
            let body = vec![Stmt { kind: choice, span }];
            let (start, stop) =
                (self.constant(BigInt::ZERO, span).expr, self.constant(count.into(), span).expr);
            out.push(Stmt { kind: StmtKind::For { var, start, stop, step: 1.into(), body }, span });
        }
        Ok(())
    }

    /// Values that the body of a loop might change before their turn are computed before the loop.
    fn computed_first(
        &mut self,
        items: Vec<Meaning>,
        base: &str,
        waits: bool,
        span: Span,
        out: &mut Block,
    ) -> Lower<Vec<Meaning>> {
        let mut kept = Vec::new();
        for item in items {
            kept.push(match item {
                Meaning::Items(parts) => Meaning::Items(self.computed_first(parts, base, waits, span, out)?),
                Meaning::Value(value) if changes(&value.expr, waits && self.role == Role::Thread) => {
                    Meaning::Value(self.keep(value, base, span, out)?)
                }
                Meaning::Chosen { list, index, name }
                    if changes(&index, waits && self.role == Role::Thread) =>
                {
                    let index = Val { expr: *index, py: PyType::Int };
                    let index = Box::new(self.keep(index, &format!("{base}_index"), span, out)?.expr);
                    Meaning::Chosen { list, index, name }
                }
                other => other,
            });
        }
        Ok(kept)
    }

    /// Computes a value now, into a variable of its own.
    pub fn keep(&mut self, value: Val, base: &str, span: Span, out: &mut Block) -> Lower<Val> {
        let name = self.free_name(base, "value");
        let local = self.local(&name, &value.py, span)?;
        let place = Target { place: Place::Local(local), part: None, span };
        out.push(Stmt { kind: StmtKind::Assign { target: place, value: value.expr }, span });
        let expr = Expr { kind: ExprKind::Local(local), ty: self.locals[local].ty.value_type(), span };
        Ok(Val { expr, py: value.py })
    }

    /// Gives the variables of a loop their meanings for one round: an assignment where the name is a variable that
    /// has its value elsewhere, too.
    fn bind_item(
        &mut self,
        target: &ast::Expr,
        item: Meaning,
        inside: &crate::scan::Scan,
        span: Span,
        out: &mut Block,
    ) -> Lower<Vec<(String, Option<Meaning>)>> {
        let mut outer = Vec::new();
        for (name, meaning) in self.matched(target, item)? {
            let rebound = inside.bound.contains(&name) || inside.mutated.contains(&name);
            if rebound || self.names.contains_key(&name) {
                let settled = match &meaning {
                    Meaning::Static(Binding::Int(_) | Binding::Bool(_) | Binding::EnumLiteral(..)) => true,
                    Meaning::Value(value) => !matches!(value.py, PyType::Bits(_)),
                    _ => false,
                };
                if !settled {
                    let message = format!("`{name}` is a variable and cannot stand for this element");
                    return self.mismatch(message, self.span(target), "use another name in the loop");
                }
                let value = self.as_value(meaning.clone(), span)?;
                let local = self.local(&name, &value.py, span)?;
                let place = Target { place: Place::Local(local), part: None, span };
                out.push(Stmt { kind: StmtKind::Assign { target: place, value: value.expr }, span });
            }
            if !rebound {
                let before = self.statics.insert(name.clone(), meaning);
                outer.push((name, before));
            }
        }
        Ok(outer)
    }

    /// Before a loop: the flag for its `else`, where a `break` can pass it by.
    fn before_else<'s>(
        &mut self,
        body: &[ast::Stmt],
        statements: &'s [ast::Stmt],
        span: Span,
        out: &mut Block,
    ) -> Lower<Otherwise<'s>> {
        let mut flag = None;
        if !statements.is_empty() {
            self.beyond("the `else` of a loop", span, kinds::NOT_SUPPORTED)?;
            if breaks(body) {
                let name = self.free_name("loop", "left");
                let local = self.local(&name, &PyType::Bool, span)?;
                out.push(self.set_flag(local, false, span));
                flag = Some(local);
            }
        }
        self.left.push(flag);
        Ok(Otherwise { statements, flag })
    }

    fn after_else(&mut self, otherwise: Otherwise, span: Span, out: &mut Block) -> Lower<()> {
        self.left.pop();
        let block = self.block(otherwise.statements)?;
        match otherwise.flag {
            None => out.extend(block),
            Some(flag) => {
                let left = Expr { kind: ExprKind::Local(flag), ty: Type::Bool, span };
                let condition = self.make(ExprKind::Unary(UnaryOp::Not, left.into()), span)?;
                let kind = StmtKind::If { arms: vec![(condition, block)], otherwise: Block::new() };
                out.push(Stmt { kind, span });
            }
        }
        Ok(())
    }

    fn set_flag(&self, flag: LocalId, value: bool, span: Span) -> Stmt {
        let target = Target { place: Place::Local(flag), part: None, span };
        Stmt { kind: StmtKind::Assign { target, value: self.boolean(value, span).expr }, span }
    }

    pub fn break_stmt(&mut self, span: Span, out: &mut Block) {
        if let Some(Some(flag)) = self.left.last() {
            out.push(self.set_flag(*flag, true, span));
        }
        out.push(Stmt { kind: StmtKind::Break, span });
    }
}

/// Whether the value of an expression may be another one after a body has run: it reads variables, or, with `waits`,
/// signals.
fn changes(e: &Expr, waits: bool) -> bool {
    let mut open = vec![e];
    while let Some(e) = open.pop() {
        match &e.kind {
            ExprKind::Local(_) | ExprKind::Element { .. } => return true,
            ExprKind::Signal(_) | ExprKind::MemoryRead { .. } | ExprKind::Call { .. } if waits => {
                return true;
            }
            _ => e.kind.for_each_operand(&mut |child| open.push(child)),
        }
    }
    false
}

/// Whether a body has a `break` or a `continue` of its own loop.
fn jumps(body: &[ast::Stmt]) -> bool {
    own(body, &mut |stmt| matches!(stmt, ast::Stmt::Break(_) | ast::Stmt::Continue(_)))
}

/// Whether a body has a `break` of its own loop.
fn breaks(body: &[ast::Stmt]) -> bool {
    own(body, &mut |stmt| matches!(stmt, ast::Stmt::Break(_)))
}

/// Whether a statement that belongs to this loop, and to none inside it, is of a kind.
fn own(body: &[ast::Stmt], wanted: &mut impl FnMut(&ast::Stmt) -> bool) -> bool {
    let mut open: Vec<&[ast::Stmt]> = vec![body];
    while let Some(stmts) = open.pop() {
        for stmt in stmts {
            if wanted(stmt) {
                return true;
            }
            match stmt {
                // The `else` of an inner loop belongs to this one.
                ast::Stmt::For(s) => open.push(&s.orelse),
                ast::Stmt::While(s) => open.push(&s.orelse),
                other => open.extend(crate::scan::blocks(other)),
            }
        }
    }
    false
}
