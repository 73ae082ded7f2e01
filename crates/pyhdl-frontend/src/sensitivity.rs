//! Which signals a function reads and drives by its syntax and its bindings: the sensitivity of `@always_comb` and
//! the targets of `@always_seq`'s reset, also where the body itself stays in Python.

use std::collections::{BTreeSet, HashMap};

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
    let mut drive = Vec::new();
    let mut read = Vec::new();
    let mut loops = Loops::default();
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
            Stmt::For(s) => {
                loops.note(&s.target, &s.iter);
                read.push(&*s.iter);
            }
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
        crate::scan::for_each_expr(stmt, &mut |e| {
            let generators = match e {
                Expr::ListComp(c) => &c.generators,
                Expr::GeneratorExp(c) => &c.generators,
                Expr::SetComp(c) => &c.generators,
                Expr::DictComp(c) => &c.generators,
                _ => return,
            };
            generators.iter().for_each(|g| loops.note(&g.target, &g.iter));
        });
    });
    let names = Names { function, loops };
    for e in drive {
        for binding in names.resolve(e) {
            collect(elab, binding, &mut found.drives, 0);
        }
    }
    while let Some(e) = read.pop() {
        match e {
            Expr::Name(_) | Expr::Attribute(_) => {
                let bindings = names.resolve(e);
                for binding in &bindings {
                    collect(elab, binding, &mut found.reads, 0);
                }
                if let (true, Expr::Attribute(a)) = (bindings.is_empty(), e) {
                    read.push(&a.value);
                }
            }
            // The width of a signal is not its value.
            Expr::Call(c) if matches!(&*c.func, Expr::Name(n) if n.id.as_str() == "len") => {}
            _ => children(e, &mut read),
        }
    }
    found
}

/// What the variables of loops go over.
#[derive(Default)]
struct Loops<'a>(HashMap<&'a str, Vec<&'a Expr>>);

impl<'a> Loops<'a> {
    /// Notes the target of a loop with the sequence that it takes its elements from.
    fn note(&mut self, target: &'a Expr, sequence: &'a Expr) {
        let mut open = vec![(target, sequence)];
        while let Some((target, sequence)) = open.pop() {
            let of = match sequence {
                Expr::Call(call) => match &*call.func {
                    Expr::Name(n) => Some((n.id.as_str(), &call.args[..])),
                    _ => None,
                },
                _ => None,
            };
            match (target, of) {
                (_, Some(("reversed" | "list" | "tuple", [inner]))) => open.push((target, inner)),
                (Expr::Tuple(t), Some(("enumerate", [inner, ..]))) if t.elts.len() == 2 => {
                    open.push((&t.elts[1], inner));
                }
                (Expr::Tuple(t), Some(("zip", lists))) if t.elts.len() == lists.len() => {
                    open.extend(t.elts.iter().zip(lists));
                }
                (Expr::Name(name), _) => self.0.entry(name.id.as_str()).or_default().push(sequence),
                _ => {}
            }
        }
    }
}

/// What the names in a body mean.
struct Names<'a> {
    function: &'a ElabFunction,
    loops: Loops<'a>,
}

impl<'a> Names<'a> {
    /// All that an expression may stand for, as far as names and attributes say it.
    fn resolve(&self, e: &Expr) -> Vec<&'a Binding> {
        self.resolve_within(e, 0)
    }

    fn resolve_within(&self, e: &Expr, depth: u32) -> Vec<&'a Binding> {
        if depth > 16 {
            return Vec::new();
        }
        match e {
            Expr::Name(n) => match self.loops.0.get(n.id.as_str()) {
                Some(sequences) => sequences.iter().flat_map(|s| self.elements(s, depth + 1)).collect(),
                None => self.function.bindings.get(n.id.as_str()).into_iter().collect(),
            },
            Expr::Attribute(a) => {
                let attribute = |of: &'a Binding| match of {
                    Binding::Object { attributes, .. } => attributes.get(a.attr.as_str()),
                    signal @ Binding::Signal(_) => Some(signal),
                    _ => None,
                };
                self.resolve_within(&a.value, depth + 1).into_iter().filter_map(attribute).collect()
            }
            Expr::Subscript(s) => {
                let of = self.resolve_within(&s.value, depth + 1);
                of.into_iter().flat_map(|of| opened(of)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn elements(&self, sequence: &Expr, depth: u32) -> Vec<&'a Binding> {
        let of = match sequence {
            Expr::Tuple(t) => return t.elts.iter().flat_map(|e| self.resolve_within(e, depth + 1)).collect(),
            Expr::List(t) => return t.elts.iter().flat_map(|e| self.resolve_within(e, depth + 1)).collect(),
            // A part of a list: any of its elements.
            Expr::Subscript(s) if matches!(&*s.slice, Expr::Slice(_)) => &s.value,
            other => other,
        };
        self.resolve_within(of, depth + 1).into_iter().flat_map(|of| opened(of)).collect()
    }
}

/// The elements of a list; anything else is its own element.
fn opened(binding: &Binding) -> Vec<&Binding> {
    match binding {
        Binding::List { elements, .. } | Binding::Tuple(elements) => elements.iter().collect(),
        other => vec![other],
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
