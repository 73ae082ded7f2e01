//! Assignments inside expressions: `(x := value)`. They become statements before the one that they are in, under the
//! condition under which Python would evaluate them.

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
        let result = lower(self)?;
        let inside = std::mem::replace(&mut self.early, before);
        if inside.is_empty() {
            return Ok(result);
        }
        let condition = condition(self)?;
        let mut otherwise = Block::new();
        // Without a value from before, Python could not read the variable where the condition does not hold: any value
        // will do there, and a variable that always has one is simpler hardware.
        if self.loops == 0 && self.role != Role::Thread {
            for stmt in &inside {
                let StmtKind::Assign { target, value } = &stmt.kind else { continue };
                let Place::Local(id) = target.place else { continue };
                if id.index() < known {
                    continue;
                }
                let kind = match value.ty {
                    Type::Enum(of) => ExprKind::EnumLiteral(of, 0),
                    _ => ExprKind::Const(BigInt::ZERO),
                };
                let ty = match value.ty {
                    Type::Int(_) => crate::value::const_type(&BigInt::ZERO),
                    ref other => other.clone(),
                };
                let target = Target { place: Place::Local(id), part: None, span };
                let value = Expr { kind, ty, span };
                otherwise.push(Stmt { kind: StmtKind::Assign { target, value }, span });
            }
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
