//! Scans of a function's syntax that need no types: which names it binds, mutates, drives, and reads.

use std::collections::{BTreeMap, BTreeSet};

use pyhdl_syntax::ast::{self, Expr, Stmt};

/// What a function does with its names.
#[derive(Default, Debug)]
pub(crate) struct Scan {
    /// Names bound by assignment, in order of first binding, without those that are `global` or `nonlocal`.
    pub bound: Vec<String>,
    /// How many statements bind each of them.
    bindings: BTreeMap<String, u32>,
    /// Names changed in place: `x[i] = …`, `x[:] = …`, `x += …`.
    pub mutated: BTreeSet<String>,
    /// Names declared `global` or `nonlocal`.
    pub outer: BTreeSet<String>,
    /// Names whose signal is driven: `x.next = …`, `x[i].next = …`, `x.a.next = …`, and names passed to a task.
    pub driven: BTreeSet<String>,
    /// Whether there is a `yield`.
    pub yields: bool,
    /// Whether some `return` has a value.
    pub returns_value: bool,
}

impl Scan {
    /// How many statements bind a name.
    pub fn times_bound(&self, name: &str) -> u32 {
        self.bindings.get(name).copied().unwrap_or(0)
    }
}

/// Scans the body of one function, without the functions defined in it.
pub(crate) fn scan(body: &[Stmt]) -> Scan {
    let mut found = Scan::default();
    for_each_stmt(body, &mut |stmt| {
        match stmt {
            Stmt::Assign(s) => s.targets.iter().for_each(|t| target(t, &mut found)),
            Stmt::AnnAssign(s) => target(&s.target, &mut found),
            Stmt::AugAssign(s) => {
                if let Some(name) = base_name(&s.target) {
                    found.mutated.insert(name.to_owned());
                }
                target(&s.target, &mut found);
            }
            Stmt::For(s) => target(&s.target, &mut found),
            Stmt::With(s) => {
                s.items.iter().filter_map(|i| i.optional_vars.as_deref()).for_each(|t| target(t, &mut found));
            }
            Stmt::Global(s) => found.outer.extend(s.names.iter().map(|n| n.to_string())),
            Stmt::Nonlocal(s) => found.outer.extend(s.names.iter().map(|n| n.to_string())),
            Stmt::Return(s) => found.returns_value |= s.value.is_some(),
            _ => {}
        }
        for_each_expr(stmt, &mut |e| match e {
            Expr::Yield(_) | Expr::YieldFrom(_) => found.yields = true,
            Expr::NamedExpr(n) => target(&n.target, &mut found),
            _ => {}
        });
        // A function whose value is used drives nothing.
        if let Stmt::Expr(s) = stmt
            && let Expr::Call(call) = &*s.value
        {
            let args = call.args.iter().chain(call.keywords.iter().map(|k| &k.value));
            found.driven.extend(args.filter_map(base_name).map(str::to_owned));
        }
    });
    let outer = std::mem::take(&mut found.outer);
    found.bound.retain(|n| !outer.contains(n));
    found.outer = outer;
    found
}

fn target(t: &Expr, found: &mut Scan) {
    match t {
        Expr::Name(name) => {
            let times = found.bindings.entry(name.id.to_string()).or_default();
            *times += 1;
            if *times == 1 {
                found.bound.push(name.id.to_string());
            }
        }
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|t| target(t, found)),
        Expr::List(list) => list.elts.iter().for_each(|t| target(t, found)),
        Expr::Starred(s) => target(&s.value, found),
        Expr::Attribute(_) => {
            if let Some(name) = base_name(t) {
                found.driven.insert(name.to_owned());
            }
        }
        Expr::Subscript(s) => {
            if let Some(name) = base_name(t) {
                if matches!(&*s.value, Expr::Name(_)) {
                    found.mutated.insert(name.to_owned());
                } else {
                    found.driven.insert(name.to_owned());
                }
            }
        }
        _ => {}
    }
}

/// The names that a loop's target binds.
pub(crate) fn target_names(t: &Expr, names: &mut Vec<String>) {
    match t {
        Expr::Name(name) => names.push(name.id.to_string()),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|t| target_names(t, names)),
        Expr::List(list) => list.elts.iter().for_each(|t| target_names(t, names)),
        _ => {}
    }
}

/// `x` of `x`, `x.a.b`, `x[i].a`.
pub(crate) fn base_name(mut e: &Expr) -> Option<&str> {
    loop {
        match e {
            Expr::Name(name) => return Some(name.id.as_str()),
            Expr::Attribute(a) => e = &a.value,
            Expr::Subscript(s) => e = &s.value,
            _ => return None,
        }
    }
}

/// Calls `f` for every statement, in document order, without entering nested functions and classes.
pub(crate) fn for_each_stmt<'a>(body: &'a [Stmt], f: &mut impl FnMut(&'a Stmt)) {
    let mut open: Vec<std::slice::Iter<'a, Stmt>> = vec![body.iter()];
    while let Some(stmts) = open.last_mut() {
        let Some(stmt) = stmts.next() else {
            open.pop();
            continue;
        };
        f(stmt);
        for block in blocks(stmt).into_iter().rev() {
            open.push(block.iter());
        }
    }
}

/// The statement lists inside a statement, in order.
pub(crate) fn blocks(stmt: &Stmt) -> Vec<&[Stmt]> {
    match stmt {
        Stmt::If(s) => vec![&s.body, &s.orelse],
        Stmt::For(s) => vec![&s.body, &s.orelse],
        Stmt::While(s) => vec![&s.body, &s.orelse],
        Stmt::With(s) => vec![&s.body],
        Stmt::Match(s) => s.cases.iter().map(|c| &c.body[..]).collect(),
        Stmt::Try(s) => {
            let mut all: Vec<&[Stmt]> = vec![&s.body];
            for ast::ExceptHandler::ExceptHandler(handler) in &s.handlers {
                all.push(&handler.body);
            }
            all.extend([&s.orelse[..], &s.finalbody[..]]);
            all
        }
        _ => Vec::new(),
    }
}

/// Calls `f` for every expression of one statement, outermost first, without the statements inside it.
pub(crate) fn for_each_expr<'a>(stmt: &'a Stmt, f: &mut impl FnMut(&'a Expr)) {
    let mut open: Vec<&'a Expr> = match stmt {
        Stmt::Assign(s) => s.targets.iter().chain([&*s.value]).collect(),
        Stmt::AnnAssign(s) => s.value.iter().map(|v| &**v).chain([&*s.target]).collect(),
        Stmt::AugAssign(s) => vec![&s.target, &s.value],
        Stmt::For(s) => vec![&s.iter],
        Stmt::While(s) => vec![&s.test],
        Stmt::If(s) => vec![&s.test],
        Stmt::Match(s) => {
            let guards = s.cases.iter().filter_map(|c| c.guard.as_deref());
            [&*s.subject].into_iter().chain(guards).collect()
        }
        Stmt::Raise(s) => s.exc.iter().map(|e| &**e).collect(),
        Stmt::Assert(s) => [&*s.test].into_iter().chain(s.msg.as_deref()).collect(),
        Stmt::Return(s) => s.value.iter().map(|v| &**v).collect(),
        Stmt::Expr(s) => vec![&s.value],
        Stmt::With(s) => s.items.iter().map(|i| &i.context_expr).collect(),
        Stmt::Delete(s) => s.targets.iter().collect(),
        _ => Vec::new(),
    };
    while let Some(e) = open.pop() {
        f(e);
        children(e, &mut open);
    }
}

/// Pushes an expression's direct operands.
pub(crate) fn children<'a>(e: &'a Expr, out: &mut Vec<&'a Expr>) {
    match e {
        Expr::BoolOp(x) => out.extend(&x.values),
        Expr::NamedExpr(x) => out.extend([&*x.target, &*x.value]),
        Expr::BinOp(x) => out.extend([&*x.left, &*x.right]),
        Expr::UnaryOp(x) => out.push(&x.operand),
        Expr::IfExp(x) => out.extend([&*x.test, &*x.body, &*x.orelse]),
        Expr::Dict(x) => {
            out.extend(x.keys.iter().flatten());
            out.extend(&x.values);
        }
        Expr::Set(x) => out.extend(&x.elts),
        Expr::List(x) => out.extend(&x.elts),
        Expr::Tuple(x) => out.extend(&x.elts),
        Expr::Yield(x) => out.extend(x.value.as_deref()),
        Expr::YieldFrom(x) => out.push(&x.value),
        Expr::Await(x) => out.push(&x.value),
        Expr::Compare(x) => {
            out.push(&x.left);
            out.extend(&x.comparators);
        }
        Expr::Call(x) => {
            out.push(&x.func);
            out.extend(&x.args);
            out.extend(x.keywords.iter().map(|k| &k.value));
        }
        Expr::FormattedValue(x) => {
            out.push(&x.value);
            out.extend(x.format_spec.as_deref());
        }
        Expr::JoinedStr(x) => out.extend(&x.values),
        Expr::Attribute(x) => out.push(&x.value),
        Expr::Subscript(x) => out.extend([&*x.value, &*x.slice]),
        Expr::Starred(x) => out.push(&x.value),
        Expr::Slice(x) => {
            out.extend([x.lower.as_deref(), x.upper.as_deref(), x.step.as_deref()].into_iter().flatten());
        }
        Expr::ListComp(x) => {
            out.push(&x.elt);
            out.extend(x.generators.iter().flat_map(|g| g.ifs.iter().chain([&g.iter])));
        }
        Expr::GeneratorExp(x) => {
            out.push(&x.elt);
            out.extend(x.generators.iter().flat_map(|g| g.ifs.iter().chain([&g.iter])));
        }
        Expr::SetComp(x) => {
            out.push(&x.elt);
            out.extend(x.generators.iter().flat_map(|g| g.ifs.iter().chain([&g.iter])));
        }
        Expr::DictComp(x) => {
            out.extend([&*x.key, &*x.value]);
            out.extend(x.generators.iter().flat_map(|g| g.ifs.iter().chain([&g.iter])));
        }
        Expr::Lambda(x) => out.push(&x.body),
        Expr::Constant(_) | Expr::Name(_) => {}
    }
}
