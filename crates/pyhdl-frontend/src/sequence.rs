//! Sequences whose length is known: what a loop or a comprehension goes over, and what `sum`, `any`, `all`, `min` and
//! `max` make of one.

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::value::{Lower, Meaning, PyType, Val};
use crate::{Binding, codes, kinds};

/// Elements of one sequence.
pub(crate) const MAX_ITEMS: usize = 1 << 16;

/// A tuple of settled elements is settled.
pub(crate) fn settled(items: Vec<Meaning>) -> Meaning {
    let bindings: Option<Vec<Binding>> = items.iter().map(binding).collect();
    match bindings {
        Some(bindings) => Meaning::Static(Binding::Tuple(bindings)),
        None => Meaning::Items(items),
    }
}

/// What elaboration knows of a meaning, if that is all of it.
fn binding(meaning: &Meaning) -> Option<Binding> {
    match meaning {
        Meaning::Static(binding) => Some(binding.clone()),
        Meaning::Value(Val { expr, py }) => match (&expr.kind, py) {
            (ExprKind::Const(value), PyType::Int) => Some(Binding::Int(value.clone())),
            (ExprKind::Const(value), PyType::Bool) => Some(Binding::Bool(*value != BigInt::ZERO)),
            (ExprKind::EnumLiteral(id, index), _) => Some(Binding::EnumLiteral(id.index(), *index)),
            _ => None,
        },
        Meaning::Items(items) => items.iter().map(binding).collect::<Option<_>>().map(Binding::Tuple),
        Meaning::Chosen { .. } => None,
    }
}

/// `[a, b]` or `(a, b)`.
fn is_display(e: &ast::Expr) -> bool {
    matches!(e, ast::Expr::List(_) | ast::Expr::Tuple(_))
}

impl Body<'_, '_, '_> {
    /// The elements of a sequence of known length; `None` where the expression is something else.
    pub fn items(&mut self, e: &ast::Expr) -> Lower<Option<Vec<Meaning>>> {
        let span = self.span(e);
        self.enter(span)?;
        let items = match e {
            ast::Expr::Tuple(ast::ExprTuple { elts, .. }) | ast::Expr::List(ast::ExprList { elts, .. }) => {
                Some(self.listed(elts)?)
            }
            ast::Expr::Call(call) => self.called_items(call, span)?,
            ast::Expr::BinOp(b) if b.op == ast::Operator::Mult && is_display(&b.left) => {
                self.repeated(&b.left, &b.right, span)?
            }
            ast::Expr::ListComp(c) => Some(self.unconditional(&c.elt, &c.generators, span)?),
            ast::Expr::GeneratorExp(c) => Some(self.unconditional(&c.elt, &c.generators, span)?),
            _ => self.named_items(e, span)?,
        };
        self.leave();
        if items.as_ref().is_some_and(|items| items.len() > MAX_ITEMS) {
            return self.too_long(span);
        }
        Ok(items)
    }

    /// `[x] * n`.
    fn repeated(&mut self, of: &ast::Expr, times: &ast::Expr, span: Span) -> Lower<Option<Vec<Meaning>>> {
        let Some(items) = self.items(of)? else { return Ok(None) };
        let times = self.value(times)?.constant().map(|times| usize::try_from(times).unwrap_or(0));
        match times {
            None => self.unsupported("a list whose length varies at run time", span, "use a constant"),
            Some(times) if times.saturating_mul(items.len()) > MAX_ITEMS => self.too_long(span),
            Some(times) => Ok(Some(items.iter().cycle().take(times * items.len()).cloned().collect())),
        }
    }

    pub fn too_long<T>(&self, span: Span) -> Lower<T> {
        let refusal = self.low.refusal(codes::TOO_LARGE, "this has too many elements", span, "here");
        Err(Box::new(
            refusal.help(format!("up to {MAX_ITEMS} elements; use a memory and `for i in range(n)`")),
        ))
    }

    /// The elements of a display, with what `*` unpacks in it.
    pub fn listed(&mut self, elements: &[ast::Expr]) -> Lower<Vec<Meaning>> {
        let mut items = Vec::new();
        for element in elements {
            let ast::Expr::Starred(s) = element else {
                let span = self.span(element);
                self.enter(span)?;
                items.push(self.meaning(element)?);
                self.leave();
                continue;
            };
            match self.items(&s.value)? {
                Some(more) => items.extend(more),
                None => return self.unsupported("unpacking this", self.span(element), "name the elements"),
            }
        }
        Ok(items)
    }

    fn named_items(&mut self, e: &ast::Expr, span: Span) -> Lower<Option<Vec<Meaning>>> {
        if let Some((local, py, length)) = self.own_list(e) {
            let mut items = Vec::new();
            for at in 0..length {
                let index = Box::new(self.constant(at.into(), span).expr);
                let expr = self.make(ExprKind::Element { local, index }, span)?;
                items.push(Meaning::Value(Val { expr, py: py.clone() }));
            }
            return Ok(Some(items));
        }
        if let ast::Expr::Subscript(s) = e
            && let ast::Expr::Slice(slice) = &*s.slice
            && let ast::Expr::Name(_) | ast::Expr::Attribute(_) | ast::Expr::Subscript(_) = &*s.value
            && let Some(items) = self.part_of_list(&s.value, slice, span)?
        {
            return Ok(Some(items));
        }
        let meaning = self.meaning(e)?;
        self.meant(meaning, span)
    }

    /// The elements of what an expression means.
    fn meant(&mut self, meaning: Meaning, span: Span) -> Lower<Option<Vec<Meaning>>> {
        Ok(match meaning {
            Meaning::Static(list @ (Binding::List { .. } | Binding::Tuple(_))) => {
                self.changeable(&list);
                let (Binding::List { elements, .. } | Binding::Tuple(elements)) = list else {
                    return Ok(None);
                };
                Some(elements.into_iter().map(Meaning::Static).collect())
            }
            Meaning::Items(items) => Some(items),
            // The bits of a vector, the topmost first. (A signal has no such order.)
            Meaning::Value(Val { expr, py: PyType::Bits(Some(bits)) }) => {
                let mut items = Vec::new();
                for at in (0..bits.width).rev() {
                    let index = Box::new(self.constant(at.into(), span).expr);
                    let bit = self.make(ExprKind::Bit { value: Box::new(expr.clone()), index }, span)?;
                    items.push(Meaning::Value(Val { expr: bit, py: PyType::Bool }));
                }
                Some(items)
            }
            _ => None,
        })
    }

    /// A list with something else than signals may be another one by the time that it is read: a simulation looks at
    /// the list itself.
    fn changeable(&mut self, list: &Binding) {
        if let Binding::List { elements, .. } = list {
            let fixed =
                |e: &Binding| matches!(e, Binding::Signal(_) | Binding::Object { .. } | Binding::List { .. });
            self.in_python |= !elements.iter().all(fixed);
        }
    }

    /// `list[a:b:c]` with Python's meaning of the bounds.
    pub fn part_of_list(
        &mut self,
        list: &ast::Expr,
        slice: &ast::ExprSlice,
        span: Span,
    ) -> Lower<Option<Vec<Meaning>>> {
        let items = match self.meaning(list)? {
            Meaning::Static(Binding::List { .. } | Binding::Tuple(_)) | Meaning::Items(_) => {
                self.items(list)?
            }
            _ => None,
        };
        let Some(items) = items else { return Ok(None) };
        let mut bound = |e: &Option<Box<ast::Expr>>| -> Lower<Option<i64>> {
            let Some(e) = e else { return Ok(None) };
            match self.value(e)?.constant().map(i64::try_from) {
                Some(Ok(value)) => Ok(Some(value)),
                _ => self.unsupported("a part of a list chosen at run time", span, "use constant bounds"),
            }
        };
        let (start, stop, step) = (bound(&slice.lower)?, bound(&slice.upper)?, bound(&slice.step)?);
        let length = items.len() as i64;
        let step = step.unwrap_or(1);
        if step == 0 {
            return self.mismatch("a step of 0 goes nowhere".into(), span, "leave it out");
        }
        let (first, last) = if step > 0 { (0, length) } else { (-1, length - 1) };
        let within = |at: i64| if at < 0 { at.saturating_add(length) } else { at }.clamp(first, last);
        let (default_start, default_stop) = if step > 0 { (0, length) } else { (length - 1, -1) };
        let mut at = start.map_or(default_start, within);
        let stop = stop.map_or(default_stop, within);
        let mut part = Vec::new();
        while if step > 0 { at < stop } else { at > stop } {
            if let Some(item) = usize::try_from(at).ok().and_then(|at| items.get(at)) {
                part.push(item.clone());
            }
            at = at.saturating_add(step);
        }
        Ok(Some(part))
    }

    /// `range(…)`, `enumerate(…)`, `zip(…)`, `reversed(…)`, `list(…)` …
    fn called_items(&mut self, call: &ast::ExprCall, span: Span) -> Lower<Option<Vec<Meaning>>> {
        let known = match &*call.func {
            ast::Expr::Name(_) | ast::Expr::Attribute(_) => match self.meaning(&call.func) {
                Ok(Meaning::Static(Binding::Known(name))) => name,
                _ => String::new(),
            },
            _ => String::new(),
        };
        match (known.as_str(), &call.args[..]) {
            ("builtins.range" | "pyhdl.downrange", _) => {
                self.counted(known == "pyhdl.downrange", call, span).map(Some)
            }
            ("builtins.enumerate", [of, start @ ..]) if start.len() < 2 && call.keywords.len() < 2 => {
                let start = match (start, &call.keywords[..]) {
                    ([start], []) => Some(start),
                    ([], [start]) if start.arg.as_ref().is_some_and(|a| a.as_str() == "start") => {
                        Some(&start.value)
                    }
                    ([], []) => None,
                    _ => return Ok(None),
                };
                let first = match start {
                    None => BigInt::ZERO,
                    Some(start) => match self.value(start)?.constant() {
                        Some(at) => at.clone(),
                        None => {
                            return self.unsupported(
                                "a start that varies at run time",
                                span,
                                "use a constant",
                            );
                        }
                    },
                };
                let Some(items) = self.items(of)? else { return Ok(None) };
                let mut pairs = Vec::new();
                for (at, item) in items.into_iter().enumerate() {
                    pairs.push(settled(vec![Meaning::Static(Binding::Int(&first + at)), item]));
                }
                Ok(Some(pairs))
            }
            ("builtins.zip", lists) if call.keywords.is_empty() => {
                let mut columns = Vec::new();
                for list in lists {
                    let Some(items) = self.items(list)? else { return Ok(None) };
                    columns.push(items.into_iter());
                }
                let mut rows = Vec::new();
                while !columns.is_empty() {
                    let row: Option<Vec<Meaning>> = columns.iter_mut().map(Iterator::next).collect();
                    let Some(row) = row else { break };
                    rows.push(settled(row));
                }
                Ok(Some(rows))
            }
            ("builtins.reversed", [of]) if call.keywords.is_empty() => {
                let Some(mut items) = self.items(of)? else { return Ok(None) };
                items.reverse();
                Ok(Some(items))
            }
            ("builtins.list" | "builtins.tuple", [of]) if call.keywords.is_empty() => self.items(of),
            ("builtins.divmod", [a, b]) if call.keywords.is_empty() => {
                let (a, b) = (self.plain_number(a, "divmod()")?, self.plain_number(b, "divmod()")?);
                let quotient = self.binary_values(ast::Operator::FloorDiv, a.clone(), b.clone(), span)?;
                let rest = self.binary_values(ast::Operator::Mod, a, b, span)?;
                Ok(Some(vec![Meaning::Value(quotient), Meaning::Value(rest)]))
            }
            _ => {
                let value = self.call(call, span)?;
                self.meant(Meaning::Value(value), span)
            }
        }
    }

    /// A value that is not a signal or a vector, which Python refuses here.
    pub fn plain_number(&mut self, e: &ast::Expr, place: &str) -> Lower<Val> {
        let span = self.span(e);
        let meaning = self.meaning(e)?;
        let signal = matches!(&meaning, Meaning::Static(Binding::Signal(_)) | Meaning::Chosen { .. });
        let value = self.as_value(meaning, span)?;
        if signal || matches!(value.py, PyType::Bits(_)) {
            let message = format!("Python knows no {place} of a signal or an intbv");
            return self.mismatch(message, span, "write int(x)");
        }
        Ok(value)
    }

    /// The numbers of `range(…)` or `downrange(…)`.
    fn counted(&mut self, down: bool, call: &ast::ExprCall, span: Span) -> Lower<Vec<Meaning>> {
        let mut bounds = Vec::new();
        for arg in &call.args {
            match self.value(arg)?.constant() {
                Some(value) => bounds.push(value.clone()),
                None => {
                    return self.unsupported(
                        "a number of rounds that varies here",
                        span,
                        "use constants in range()",
                    );
                }
            }
        }
        let one = BigInt::from(1);
        let (start, stop, step) = match (down, &bounds[..]) {
            (false, [stop]) => (BigInt::ZERO, stop.clone(), one),
            (false, [start, stop]) => (start.clone(), stop.clone(), one),
            (false, [start, stop, step]) => (start.clone(), stop.clone(), step.clone()),
            (true, [start]) => (start - &one, -one, BigInt::from(-1)),
            (true, [start, stop]) => (start - &one, stop - &one, BigInt::from(-1)),
            (true, [start, stop, step]) => (start - &one, stop - &one, -step),
            _ => {
                return self.unsupported(
                    "a range with these arguments",
                    span,
                    "write range(n) or range(a, b)",
                );
            }
        };
        if step == BigInt::ZERO || !call.keywords.is_empty() {
            return self.unsupported("a range with these arguments", span, "write range(n) or range(a, b)");
        }
        let mut numbers = Vec::new();
        let mut at = start;
        while if step > BigInt::ZERO { at < stop } else { at > stop } {
            numbers.push(Meaning::Static(Binding::Int(at.clone())));
            if numbers.len() > MAX_ITEMS {
                return self.too_long(span);
            }
            at += &step;
        }
        Ok(numbers)
    }

    /// Refuses a loop over something that is no sequence.
    pub fn no_sequence<T>(&mut self, e: &ast::Expr) -> Lower<T> {
        // Python would go on for ever: a signal has a bit at every index.
        let signal = matches!(e, ast::Expr::Name(_) | ast::Expr::Attribute(_))
            && matches!(self.meaning(e), Ok(Meaning::Static(Binding::Signal(_))));
        let help = match signal {
            true => "loop over its bits: `for i in range(len(x))`, and read `x[i]`",
            false => "loop over range(...), a list of signals or a tuple",
        };
        let refused = self.unsupported("a loop over this", self.span(e), help);
        self.known_as(refused, kinds::REQUIREMENT)
    }

    /// Gives the names of a target their meanings. Returns the names with what they meant before.
    pub fn bind_target(
        &mut self,
        target: &ast::Expr,
        item: Meaning,
    ) -> Lower<Vec<(String, Option<Meaning>)>> {
        let mut outer = Vec::new();
        for (name, meaning) in self.matched(target, item)? {
            let before = self.statics.insert(name.clone(), meaning);
            outer.push((name, before));
        }
        Ok(outer)
    }

    /// Undoes [`Body::bind_target`].
    pub fn restore(&mut self, outer: Vec<(String, Option<Meaning>)>) {
        for (name, before) in outer.into_iter().rev() {
            match before {
                Some(meaning) => self.statics.insert(name, meaning),
                None => self.statics.remove(&name),
            };
        }
    }

    /// The names of a target with what each gets.
    pub fn matched(&mut self, target: &ast::Expr, item: Meaning) -> Lower<Vec<(String, Meaning)>> {
        let mut found = Vec::new();
        let mut open = vec![(target, item)];
        while let Some((target, item)) = open.pop() {
            let targets = match target {
                ast::Expr::Name(name) => {
                    found.push((name.id.to_string(), item));
                    continue;
                }
                ast::Expr::Tuple(t) => &t.elts,
                ast::Expr::List(t) => &t.elts,
                _ => return self.unsupported("this loop variable", self.span(target), "use names"),
            };
            let items = match item {
                Meaning::Items(items) => items,
                Meaning::Static(Binding::Tuple(elements) | Binding::List { elements, .. }) => {
                    elements.into_iter().map(Meaning::Static).collect()
                }
                _ => return self.unsupported("unpacking this", self.span(target), "loop over pairs"),
            };
            if items.len() != targets.len() {
                let message = format!("{} values cannot be unpacked into {}", items.len(), targets.len());
                return self.mismatch(message, self.span(target), "write as many names as there are values");
            }
            open.extend(targets.iter().zip(items).rev());
        }
        Ok(found)
    }
}
