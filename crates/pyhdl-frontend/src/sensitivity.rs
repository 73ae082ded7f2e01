//! Which signals a function reads and drives by its syntax and its bindings: the sensitivity of `@always_comb` and
//! the targets of `@always_seq`'s reset, also where the body itself stays in Python.

use std::collections::BTreeSet;

use pyhdl_ir::SignalId;
use pyhdl_syntax::ast::{Expr, Stmt};

use crate::scan::{children, for_each_stmt};
use crate::{Binding, ElabFunction, ElabSignalType, Elaborated};

/// The signals of a function's body, each list in ascending order.
#[derive(Default, Debug)]
pub(crate) struct Access {
    pub reads: BTreeSet<SignalId>,
    pub drives: BTreeSet<SignalId>,
}

/// Follows calls of functions whose bindings are known. A list counts with all its elements.
pub(crate) fn access(elab: &Elaborated, function: &ElabFunction, body: &[Stmt]) -> Access {
    let mut found = Access::default();
    visit(elab, function, body, &mut found);
    found
}

fn visit(elab: &Elaborated, function: &ElabFunction, body: &[Stmt], found: &mut Access) {
    let mut drive = Vec::new();
    let mut read = Vec::new();
    for_each_stmt(body, &mut |stmt| {
        match stmt {
            Stmt::Assign(s) => {
                s.targets.iter().for_each(|t| target(t, &mut drive, &mut read));
                read.push(&*s.value);
            }
            Stmt::AugAssign(s) => {
                target(&s.target, &mut drive, &mut read);
                read.extend([&*s.target, &*s.value]);
            }
            Stmt::AnnAssign(s) => {
                target(&s.target, &mut drive, &mut read);
                read.extend(s.value.as_deref());
            }
            Stmt::With(s) => read.extend(s.items.iter().map(|i| &i.context_expr)),
            _ => {
                let mut first = true;
                crate::scan::for_each_expr(stmt, &mut |e| {
                    // Only the outermost expressions are wanted here; `read` opens them below.
                    if std::mem::take(&mut first) || matches!(stmt, Stmt::Match(_) | Stmt::Assert(_)) {
                        read.push(e);
                    }
                });
            }
        }
    });
    for e in drive {
        if let Some(binding) = resolve(function, e) {
            collect(elab, binding, &mut found.drives, 0);
        }
    }
    while let Some(e) = read.pop() {
        match e {
            Expr::Name(_) | Expr::Attribute(_) => {
                if let Some(binding) = resolve(function, e) {
                    collect(elab, binding, &mut found.reads, 0);
                } else if let Expr::Attribute(a) = e {
                    read.push(&a.value);
                }
            }
            // The width of a signal is not its value.
            Expr::Call(c) if matches!(&*c.func, Expr::Name(n) if n.id.as_str() == "len") => {}
            _ => children(e, &mut read),
        }
    }
}

/// Splits an assignment's target into what is driven and what is read to find it.
fn target<'a>(t: &'a Expr, drive: &mut Vec<&'a Expr>, read: &mut Vec<&'a Expr>) {
    match t {
        Expr::Attribute(a) if a.attr.as_str() == "next" => match &*a.value {
            Expr::Subscript(s) => {
                drive.push(&s.value);
                read.push(&s.slice);
            }
            whole => drive.push(whole),
        },
        Expr::Subscript(s) => {
            target(&s.value, drive, read);
            read.push(&s.slice);
        }
        Expr::Tuple(x) => x.elts.iter().for_each(|t| target(t, drive, read)),
        Expr::List(x) => x.elts.iter().for_each(|t| target(t, drive, read)),
        _ => {}
    }
}

fn resolve<'f>(function: &'f ElabFunction, e: &Expr) -> Option<&'f Binding> {
    match e {
        Expr::Name(n) => function.bindings.get(n.id.as_str()),
        Expr::Attribute(a) => match resolve(function, &a.value)? {
            Binding::Object { attributes, .. } => attributes.get(a.attr.as_str()),
            signal @ Binding::Signal(_) => Some(signal),
            _ => None,
        },
        Expr::Subscript(s) => resolve(function, &s.value),
        _ => None,
    }
}

fn collect(elab: &Elaborated, binding: &Binding, into: &mut BTreeSet<SignalId>, depth: usize) {
    match binding {
        Binding::Signal(index)
            if !elab.signals[*index].constant && elab.signals[*index].ty != ElabSignalType::Open =>
        {
            into.insert(SignalId::from_usize(*index));
        }
        Binding::List { elements, .. } | Binding::Tuple(elements) if depth < 8 => {
            elements.iter().for_each(|e| collect(elab, e, into, depth + 1));
        }
        _ => {}
    }
}
