//! Assignments to several targets at one time: `a, b = b, a`.

use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::kinds;
use crate::value::{Lower, PyType, Val};

impl Body<'_, '_, '_> {
    /// `a.next, b.next = x, y`: signals keep their values until the next delta, so one after the other is the same.
    /// What a local variable gets waits in another one where it is not the last and a later value may read it.
    pub fn assign_tuple(
        &mut self,
        targets: &ast::ExprTuple,
        value: &ast::Expr,
        span: Span,
        out: &mut Block,
    ) -> Lower<()> {
        let help = "assign one after the other";
        self.beyond("an assignment to several targets", span, kinds::NOT_SUPPORTED)?;
        let elements = targets.elts.iter().any(|t| matches!(t, ast::Expr::Subscript(_)));
        let ast::Expr::Tuple(values) = value else {
            return self.unpack(targets, value, span, out);
        };
        if elements {
            return self.unpack(targets, value, span, out);
        }
        if values.elts.len() != targets.elts.len() {
            return self.mismatch("the two sides have different lengths".into(), span, help);
        }
        let mut early = Vec::new();
        for (position, (target, value)) in targets.elts.iter().zip(&values.elts).enumerate() {
            let before = &targets.elts[..position];
            match target {
                ast::Expr::Attribute(a) if a.attr.as_str() == "next" => {
                    if names(before).any(|n| reads(&a.value, n)) {
                        return self.unsupported("a target that depends on another one", span, help);
                    }
                }
                ast::Expr::Name(_) => {}
                _ => return self.unsupported("tuple assignment to this", span, help),
            }
            if !names(before).any(|n| reads(value, n)) {
                continue;
            }
            // The value is computed before the targets on its left change.
            let val = self.value(value)?;
            self.refuse_alias("", value, &val.py, span)?;
            if matches!(val.py, PyType::Bits(_)) {
                return self.unsupported("an exchange of bit vectors", span, "exchange their values: int(x)");
            }
            let base = crate::scan::base_name(target).unwrap_or("value");
            let name = self.free_name(base, "new");
            let local = self.local(&name, &val.py, span)?;
            let place = Target { place: Place::Local(local), part: None, span };
            out.push(Stmt { kind: StmtKind::Assign { target: place, value: val.expr }, span });
            early.push((position, name));
        }
        for (position, (target, value)) in targets.elts.iter().zip(&values.elts).enumerate() {
            match early.iter().find(|(at, _)| *at == position) {
                None => self.assign_to(target, value, span, out)?,
                Some((_, name)) => {
                    let (id, py) = self.names[name].clone();
                    let expr = Expr { kind: ExprKind::Local(id), ty: self.locals[id].ty.value_type(), span };
                    let place = match target {
                        ast::Expr::Name(n) => {
                            let local = self.local(n.id.as_str(), &py, span)?;
                            (Target { place: Place::Local(local), part: None, span }, py.clone())
                        }
                        _ => self.place(target)?,
                    };
                    let stmt = self.store(place, Val { expr, py }, span)?;
                    out.push(stmt);
                }
            }
        }
        Ok(())
    }

    /// `a, b = pair` of something else than a tuple in place.
    fn unpack(
        &mut self,
        targets: &ast::ExprTuple,
        value: &ast::Expr,
        span: Span,
        out: &mut Block,
    ) -> Lower<()> {
        let help = "assign one after the other";
        let Some(items) = self.items(value)? else { return self.unsupported("unpacking this", span, help) };
        if items.len() != targets.elts.len() {
            return self.mismatch("the two sides have different lengths".into(), span, help);
        }
        // All values are there before the first target changes.
        let mut values = Vec::new();
        for (target, item) in targets.elts.iter().zip(items) {
            if let ast::Expr::Name(name) = target
                && self.is_alias(name.id.as_str(), &item, true)
            {
                self.alias(name.id.as_str(), item, span)?;
                continue;
            }
            let value = self.as_value(item, span)?;
            let fixed = value.constant().is_some() || matches!(target, ast::Expr::Attribute(_));
            let base = crate::scan::base_name(target).unwrap_or("value");
            values.push((target, if fixed { value } else { self.keep(value, base, span, out)? }));
        }
        for (target, value) in values {
            let place = match target {
                ast::Expr::Name(name) => {
                    self.refuse_variable(name.id.as_str(), span)?;
                    if let PyType::Bits(_) = &value.py {
                        return self.unsupported("unpacking bit vectors", span, "assign one after the other");
                    }
                    let local = self.local(name.id.as_str(), &value.py, span)?;
                    (Target { place: Place::Local(local), part: None, span }, value.py.clone())
                }
                ast::Expr::Attribute(a) if a.attr.as_str() == "next" => self.place(target)?,
                ast::Expr::Subscript(_) => self.place(target)?,
                _ => return self.unsupported("tuple assignment to this", span, help),
            };
            let stmt = self.store(place, value, span)?;
            out.push(stmt);
        }
        Ok(())
    }
}

/// The local variables among some targets.
fn names(targets: &[ast::Expr]) -> impl Iterator<Item = &str> {
    targets.iter().filter_map(|t| match t {
        ast::Expr::Name(n) => Some(n.id.as_str()),
        _ => None,
    })
}

/// Whether an expression reads a name.
fn reads(e: &ast::Expr, name: &str) -> bool {
    let mut open = vec![e];
    while let Some(e) = open.pop() {
        if matches!(e, ast::Expr::Name(n) if n.id.as_str() == name) {
            return true;
        }
        crate::scan::children(e, &mut open);
    }
    false
}
