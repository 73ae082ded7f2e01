//! Assignments inside expressions: `(x := value)`. They become statements before the one that they are in, under the
//! condition under which Python would evaluate them.

use indexmap::IndexMap;
use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::{Body, Role};
use crate::kinds;
use crate::value::{Lower, Val};

impl Body<'_, '_, '_> {
    /// `name := value`: assigned before the statement that it is in.
    pub fn assign_expr(&mut self, n: &ast::ExprNamedExpr, span: Span) -> Lower<Val> {
        self.beyond("`:=`", span, kinds::NOT_SUPPORTED)?;
        let ast::Expr::Name(name) = &*n.target else {
            return self.unsupported("this target of `:=`", span, "use a name");
        };
        let name = name.id.as_str();
        self.refuse_variable(name, span)?;
        let value = match self.declaration(&n.value)? {
            Some(value) => value,
            None => {
                let value = self.value(&n.value)?;
                self.refuse_alias(name, &n.value, &value.py, span)?;
                value
            }
        };
        let local = self.local(name, &value.py, span)?;
        let place = Target { place: Place::Local(local), part: None, span };
        self.early.push(Stmt { kind: StmtKind::Assign { target: place, value: value.expr }, span });
        let py = self.names[name].1.clone();
        Ok(Val {
            expr: Expr { kind: ExprKind::Local(local), ty: self.locals[local].ty.value_type(), span },
            py,
        })
    }

    /// Lowers an operand that Python evaluates only under a condition: so is what `:=` assigns in it.
    pub fn conditional<T>(
        &mut self,
        condition: impl FnOnce(&mut Self) -> Lower<Expr>,
        lower: impl FnOnce(&mut Self) -> Lower<T>,
        span: Span,
    ) -> Lower<T> {
        let before = std::mem::take(&mut self.early);
        let known = self.locals.len();
        let drawn = self.drawn.clone();
        let result = lower(self)?;
        // What is drawn here has its number only here.
        self.drawn = drawn;
        let inside = std::mem::replace(&mut self.early, before);
        if inside.is_empty() {
            return Ok(result);
        }
        let condition = condition(self)?;
        // Without a value from before, Python could not read the variable where the condition does not hold: any value
        // will do there, and a variable that always has one is simpler hardware.
        let always = self.loops == 0 && self.role != Role::Thread;
        let zero = crate::value::const_type(&BigInt::ZERO);
        let mut fresh: IndexMap<LocalId, Type> = IndexMap::new();
        for_each_stmt(&inside, &mut |stmt| match &stmt.kind {
            StmtKind::Assign { target: Target { place: Place::Local(id), .. }, value } if always => {
                let ty = if let Type::Int(_) = value.ty { &zero } else { &value.ty };
                fresh.entry(*id).or_insert_with(|| ty.clone());
            }
            StmtKind::Draw { target, .. } => {
                fresh.entry(*target).or_insert_with(|| zero.clone());
            }
            _ => {}
        });
        let mut otherwise = Block::new();
        for (id, ty) in fresh.into_iter().filter(|(id, _)| id.index() >= known) {
            let kind = match ty {
                Type::Enum(of) => ExprKind::EnumLiteral(of, 0),
                _ => ExprKind::Const(BigInt::ZERO),
            };
            let target = Target { place: Place::Local(id), part: None, span };
            otherwise.push(Stmt { kind: StmtKind::Assign { target, value: Expr { kind, ty, span } }, span });
        }
        self.early.push(Stmt { kind: StmtKind::If { arms: vec![(condition, inside)], otherwise }, span });
        Ok(result)
    }

    /// Refuses a statement that reads a variable and then gives it another value with `:=`.
    pub fn refuse_reads_before(&self, stmt: &ast::Stmt, span: Span) -> Lower<()> {
        let mut assigned: Vec<(&str, ast::TextSize)> = Vec::new();
        crate::scan::for_each_expr(stmt, &mut |e| {
            if let ast::Expr::NamedExpr(n) = e
                && let ast::Expr::Name(name) = &*n.target
                && self.names.contains_key(name.id.as_str())
            {
                assigned.push((name.id.as_str(), ast::Ranged::start(n)));
            }
        });
        if assigned.is_empty() {
            return Ok(());
        }
        let mut reads = matches!(stmt, ast::Stmt::AugAssign(_));
        crate::scan::for_each_expr(stmt, &mut |e| {
            if let ast::Expr::Name(name) = e {
                let at = ast::Ranged::start(name);
                reads |= assigned.iter().any(|(n, start)| *n == name.id.as_str() && at < *start);
            }
        });
        match reads {
            true => self.unsupported(
                "a statement that reads a variable and assigns it with `:=`",
                span,
                "assign on a line of its own",
            ),
            false => Ok(()),
        }
    }
}
