//! Lowering of assignments: to signals (`x.next = …`), to local variables, and to parts of either.

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::{Body, Role};
use crate::logic::Decision;
use crate::random::draws;
use crate::value::{Lower, MAX_WIDTH, Meaning, PyType, Val};
use crate::{Binding, ElabSignalType, codes, kinds};

impl Body<'_, '_, '_> {
    pub fn assign(&mut self, s: &ast::StmtAssign, span: Span, out: &mut Block) -> Lower<()> {
        // Python computes the value once: after a local variable has it, the others take it from there.
        let mut first: Option<&ast::Expr> = None;
        for target in &s.targets {
            if s.targets.len() > 1 && matches!(target, ast::Expr::Tuple(_)) {
                return self.unsupported(
                    "a tuple in a chain of assignments",
                    span,
                    "assign one after the other",
                );
            }
            self.assign_to(target, first.unwrap_or(&s.value), span, out)?;
            if first.is_none() && s.targets.len() > 1 && draws(&self.early) {
                return self.unsupported(
                    "a number at random for several targets",
                    span,
                    "assign it to a variable first",
                );
            }
            if let (None, ast::Expr::Name(name)) = (first, target) {
                let bits =
                    self.names.get(name.id.as_str()).is_some_and(|(_, py)| matches!(py, PyType::Bits(_)));
                if bits && s.targets.len() > 1 {
                    return self.mismatch(
                        "these would be several names for one object that changes".into(),
                        span,
                        "assign one after the other",
                    );
                }
                first = Some(target);
            }
        }
        Ok(())
    }

    pub fn assign_to(
        &mut self,
        target: &ast::Expr,
        value: &ast::Expr,
        span: Span,
        out: &mut Block,
    ) -> Lower<()> {
        if let ast::Expr::Tuple(targets) = target {
            return self.assign_tuple(targets, value, span, out);
        }
        if let ast::Expr::Name(name) = target {
            return self.assign_name(name.id.as_str(), value, span, out);
        }
        if let Some(name) = self.open_port(target)? {
            // Python computes the value all the same: what it refuses is refused.
            self.value(value)?;
            out.push(Stmt { kind: StmtKind::Comment(format!("{name} is left open")), span });
            return Ok(());
        }
        let before = std::mem::take(&mut self.early);
        let place = self.place(target)?;
        // Python computes the value first.
        let of_target = std::mem::replace(&mut self.early, before);
        if let (Place::Signal(id), None) = (&place.0.place, &place.0.part)
            && self.low.design.signals[*id].floating
        {
            self.early.extend(of_target);
            return self.assign_floating(place, value, span, out);
        }
        let value = self.value(value)?;
        self.early.extend(of_target);
        let stmt = self.store(place, value, span)?;
        out.push(stmt);
        Ok(())
    }

    /// Drives a tristate bus, or lets it go.
    fn assign_floating(
        &mut self,
        place: (Target, PyType),
        value: &ast::Expr,
        span: Span,
        out: &mut Block,
    ) -> Lower<()> {
        if let ast::Expr::IfExp(choice) = value {
            let condition = match self.decide(&choice.test)? {
                Decision::Settled(truth) => {
                    let chosen = if truth { &choice.body } else { &choice.orelse };
                    return self.assign_floating(place, chosen, span, out);
                }
                Decision::Open(condition) => condition,
            };
            let (mut then, mut otherwise) = (Block::new(), Block::new());
            self.assign_floating(place.clone(), &choice.body, span, &mut then)?;
            self.assign_floating(place, &choice.orelse, span, &mut otherwise)?;
            out.push(Stmt { kind: StmtKind::If { arms: vec![(condition, then)], otherwise }, span });
            return Ok(());
        }
        let at = self.span(value);
        let stmt = match self.meaning(value)? {
            Meaning::Static(Binding::None) => {
                let ty = place.1.storage().value_type();
                let value = Expr { kind: ExprKind::HighImpedance, ty, span: at };
                Stmt { kind: StmtKind::Assign { target: place.0, value }, span }
            }
            meaning => {
                let value = self.as_value(meaning, at)?;
                self.store(place, value, span)?
            }
        };
        out.push(stmt);
        Ok(())
    }

    /// The name of the open port that an assignment goes to.
    fn open_port(&mut self, target: &ast::Expr) -> Lower<Option<String>> {
        let mut at = target;
        while let ast::Expr::Subscript(s) = at {
            at = &s.value;
        }
        let ast::Expr::Attribute(a) = at else { return Ok(None) };
        if a.attr.as_str() != "next" || !matches!(&*a.value, ast::Expr::Name(_) | ast::Expr::Attribute(_)) {
            return Ok(None);
        }
        Ok(match self.meaning(&a.value)? {
            Meaning::Static(Binding::Signal(index))
                if self.low.elab.signals[index].ty == ElabSignalType::Open =>
            {
                Some(crate::scan::base_name(&a.value).unwrap_or("this port").to_owned())
            }
            _ => None,
        })
    }

    /// A name for a variable that the author has not written.
    pub fn free_name(&self, base: &str, suffix: &str) -> String {
        let mut name = format!("{base}_{suffix}");
        while self.names.contains_key(&name)
            || self.bindings.contains_key(&name)
            || self.scan.bound.contains(&name)
            || self.low.elab.scopes[self.scope.index()].names.contains_key(&name)
        {
            name.push('_');
        }
        name
    }

    /// Refuses to assign what several processes share, or what is a list.
    pub fn refuse_variable(&self, name: &str, span: Span) -> Lower<()> {
        if self.scan.outer.contains(name) && !self.names.contains_key(name) {
            return self.shared_variable(span);
        }
        if self.lists.contains_key(name) {
            return self.mismatch(format!("`{name}` was a list"), span, "use another name");
        }
        Ok(())
    }

    fn assign_name(&mut self, name: &str, value: &ast::Expr, span: Span, out: &mut Block) -> Lower<()> {
        if self.scan.outer.contains(name) && !self.names.contains_key(name) {
            return self.shared_variable(span);
        }
        if self.define_lambda(name, value, span)? || self.make_list(name, value, span, out)? {
            return Ok(());
        }
        self.refuse_variable(name, span)?;
        let value_span = self.span(value);
        if let ast::Expr::Call(call) = value
            && matches!(&*call.func, ast::Expr::Name(_) | ast::Expr::Attribute(_))
            && let Ok(Meaning::Static(Binding::Known(made))) = self.meaning(&call.func)
            && made == "pyhdl.Signal"
        {
            let refused = self.unsupported("a signal made in a process", span, "make it in the block");
            return self.known_as(refused, kinds::CANNOT_INFER);
        }
        // `x = intbv(value, min, max)` declares the bounds of x: the assignment checks them.
        let val = match self.declaration(value)? {
            Some(val) => val,
            None => {
                let meaning = self.meaning(value)?;
                if self.is_alias(name, &meaning, false) {
                    return self.alias(name, meaning, span);
                }
                let val = self.as_value(meaning, value_span)?;
                self.refuse_alias(name, value, &val.py, span)?;
                val
            }
        };
        let local = self.local(name, &val.py, span)?;
        let place = Target { place: Place::Local(local), part: None, span };
        out.push(Stmt { kind: StmtKind::Assign { target: place, value: val.expr }, span });
        Ok(())
    }

    /// Whether `name = meaning` gives an object another name, which it keeps. With `signals`, also a signal that a copy
    /// of its value could stand for.
    pub fn is_alias(&self, name: &str, meaning: &Meaning, signals: bool) -> bool {
        let once = self.scan.times_bound(name) == 1 && !self.scan.mutated.contains(name);
        once && match meaning {
            Meaning::Static(
                Binding::Object { .. } | Binding::Function { .. } | Binding::List { .. } | Binding::Tuple(_),
            ) => true,
            Meaning::Static(Binding::Signal(_)) => {
                signals || self.role == Role::Thread || self.scan.driven.contains(name)
            }
            _ => false,
        }
    }

    /// A name for an object, a list or a signal.
    pub fn alias(&mut self, name: &str, meaning: Meaning, span: Span) -> Lower<()> {
        self.beyond("a local name for an object", span, kinds::CANNOT_INFER)?;
        let other = |before: &Meaning| format!("{before:?}") != format!("{meaning:?}");
        if self.statics.get(name).is_some_and(other) || self.names.contains_key(name) {
            let message = format!("`{name}` stands for another object from round to round");
            return self.mismatch(message, span, "use the object directly");
        }
        self.statics.insert(name.to_owned(), meaning);
        Ok(())
    }

    /// The local variable `name`, made at its first assignment. A bool that later gets an int becomes an int.
    pub fn local(&mut self, name: &str, py: &PyType, span: Span) -> Lower<LocalId> {
        if let Some(meaning) = self.statics.get(name) {
            let message = format!("`{name}` stands for {} here and cannot be assigned", describe(meaning));
            return self.mismatch(message, span, "use another name");
        }
        let py = match self.widened.get(name).and_then(|w| w.join(py)) {
            Some(wider) => wider,
            None => py.clone(),
        };
        match self.names.get(name) {
            None => {
                let id = self.locals.push(Local::new(name, py.storage()));
                self.names.insert(name.to_owned(), (id, py));
                Ok(id)
            }
            Some((id, before)) => {
                let id = *id;
                if *before == py || matches!((before, &py), (PyType::Int, PyType::Bool)) {
                    return Ok(id);
                }
                match (before, &py) {
                    (PyType::Bool, PyType::Int)
                    | (PyType::Bits(None), PyType::Int)
                    | (PyType::Int, PyType::Bits(None)) => {
                        self.widened.insert(name.to_owned(), PyType::Int);
                        self.again = true;
                        Ok(id)
                    }
                    _ => {
                        let vectors = matches!((before, &py), (PyType::Bits(Some(_)), PyType::Bits(Some(_))));
                        let kind = if vectors { kinds::WIDTH_MISMATCH } else { kinds::TYPE_MISMATCH };
                        let refused = self.mismatch(
                            format!("`{name}` was {} and becomes {}", before.describe(), py.describe()),
                            span,
                            "keep one type: `x[:] = value` changes an intbv and keeps its bounds; or use another name",
                        );
                        self.known_as(refused, kind)
                    }
                }
            }
        }
    }

    /// Where `x.next`, `x.next[i]`, `x.next[h:l]`, `mem[a].next`, `v[i]`, `v[h:l]` or `v[:]` stores.
    pub fn place(&mut self, target: &ast::Expr) -> Lower<(Target, PyType)> {
        let span = self.span(target);
        match target {
            ast::Expr::Attribute(a) if a.attr.as_str() == "next" => self.signal_place(&a.value, span),
            ast::Expr::Subscript(s) if self.own_list(&s.value).is_some() => {
                let Some(list) = self.own_list(&s.value) else { return self.bad_target(target, span) };
                if matches!(list.1, PyType::Bits(_)) {
                    // In Python this puts another object there, with other bounds.
                    let refused = self.unsupported(
                        "another object as the element of a list",
                        span,
                        "change the element's value: `mem[i][:] = x`",
                    );
                    return self.known_as(refused, kinds::LIST_ELEMENT);
                }
                self.list_place(&list, &s.slice, span)
            }
            ast::Expr::Subscript(s) => {
                let (mut whole, py) = match &*s.value {
                    ast::Expr::Subscript(inner) if self.own_list(&inner.value).is_some() => {
                        let Some(list) = self.own_list(&inner.value) else {
                            return self.bad_target(target, span);
                        };
                        self.list_place(&list, &inner.slice, span)?
                    }
                    ast::Expr::Name(n) if self.names.contains_key(n.id.as_str()) => {
                        let (id, py) = self.names[n.id.as_str()].clone();
                        (Target { place: Place::Local(id), part: None, span }, py)
                    }
                    ast::Expr::Attribute(_) => self.place(&s.value)?,
                    ast::Expr::Name(n) if self.is_shared(n.id.as_str()) => return self.shared_variable(span),
                    _ => return self.bad_target(target, span),
                };
                whole.span = span;
                if whole.part.is_some() {
                    return self.bad_target(target, span);
                }
                self.part_of((whole, py), &s.slice, span)
            }
            _ => self.bad_target(target, span),
        }
    }

    /// Bits of a place: `[i]`, `[h:l]` or `[:]`.
    fn part_of(
        &mut self,
        (mut whole, py): (Target, PyType),
        slice: &ast::Expr,
        span: Span,
    ) -> Lower<(Target, PyType)> {
        let PyType::Bits(bits) = &py else {
            return self.mismatch(format!("{} has no bits to assign", py.describe()), span, "use an intbv");
        };
        let slice = match slice {
            ast::Expr::Slice(slice) => slice,
            index => {
                let index = self.index(index)?;
                if index.constant().is_some_and(|i| {
                    *i < BigInt::ZERO || bits.as_ref().is_some_and(|b| *i >= BigInt::from(b.width))
                }) {
                    return self.mismatch(
                        "this bit is outside the vector".into(),
                        span,
                        "bits go from 0 to width - 1",
                    );
                }
                whole.part = Some(Part::Bit(index.expr));
                return Ok((whole, PyType::Bool));
            }
        };
        if slice.step.is_some() {
            return self.unsupported("a slice with a step", span, "write `x[high:low]`");
        }
        match (&slice.lower, &slice.upper) {
            (None, None) => Ok((whole, py)),
            (Some(high), low) => {
                let high = self.index(high)?;
                let low = match low {
                    Some(low) => self.index(low)?,
                    None => self.constant(BigInt::ZERO, span),
                };
                let width = self.slice_width(&high, &low, span)?;
                whole.part = Some(Part::Slice { low: low.expr, width });
                Ok((whole, PyType::Bits(Some(BitsType::unsigned(width)))))
            }
            (None, Some(_)) => self.unsupported("a slice without its upper end", span, "write `x[high:low]`"),
        }
    }

    fn bad_target<T>(&mut self, target: &ast::Expr, span: Span) -> Lower<T> {
        let (base, part) = match target {
            ast::Expr::Subscript(s) => (Some(&*s.value), "[…]"),
            ast::Expr::Attribute(a) => (Some(&*a.value), ""),
            _ => (None, ""),
        };
        let mut help = "assign a signal with `x.next = …`, or a local variable".to_owned();
        if let Some(ast::Expr::Name(name)) = base
            && let Some(Binding::Signal(_)) = self.bindings.get(name.id.as_str())
        {
            help = format!("a signal is assigned through `.next`: `{}.next{part} = …`", name.id);
        }
        let refusal =
            self.low.refusal(codes::BAD_TARGET, "this cannot be assigned in hardware", span, "here");
        Err(Box::new(refusal.help(help)))
    }

    fn signal_place(&mut self, e: &ast::Expr, span: Span) -> Lower<(Target, PyType)> {
        if let ast::Expr::Subscript(s) = e
            && matches!(&*s.value, ast::Expr::Name(_) | ast::Expr::Attribute(_))
            && let Meaning::Static(Binding::Signal(_)) = self.meaning(&s.value)?
        {
            // Python refuses this, but only when the line runs.
            self.in_python = true;
            self.low.notes.push(
                pyhdl_diag::Diagnostic::warning(
                    codes::BIT_NEXT,
                    "a bit of a signal has no `.next`: Python will refuse this line",
                )
                .at(span, "taken for an assignment to that bit")
                .help("the index comes behind: `x.next[i] = …`"),
            );
            let whole = self.signal_place(&s.value, span)?;
            return self.part_of(whole, &s.slice, span);
        }
        let meaning = self.meaning(e)?;
        if let Meaning::Chosen { list, index, name } = meaning {
            let (memory, py) = self.chosen_memory(&list, &name, span)?;
            return Ok((Target { place: Place::Memory { memory, index: *index }, part: None, span }, py));
        }
        let Meaning::Static(Binding::Signal(index)) = meaning else {
            return self.bad_target(e, span);
        };
        let id = SignalId::from_usize(index);
        let signal = &self.low.elab.signals[index];
        if signal.constant || signal.shadow.is_some() {
            let what = if signal.constant { "a Constant" } else { "a shadow signal" };
            let refusal =
                self.low.refusal(codes::BAD_TARGET, format!("{what} cannot be driven"), span, "here");
            return Err(Box::new(refusal.help("drive the signal that it follows")));
        }
        match PyType::of_storage(&self.low.design.signals[id].ty) {
            Some(py) => Ok((Target { place: Place::Signal(id), part: None, span }, py)),
            None => self.unsupported(
                "a signal that holds a Python object",
                span,
                "use an intbv, a bool or an enum",
            ),
        }
    }

    pub fn store(&mut self, (target, wanted): (Target, PyType), value: Val, span: Span) -> Lower<Stmt> {
        let fits = match (&wanted, &value.py) {
            (PyType::Enum(a), PyType::Enum(b)) => a == b,
            (PyType::Enum(_), _) | (_, PyType::Enum(_)) => false,
            _ => true,
        };
        if !fits {
            let enums = &self.low.elab.enums;
            let what = match wanted {
                PyType::Enum(id) => format!("a signal of {}", enums[id.index()].name),
                _ => wanted.describe(),
            };
            return self.mismatch(
                format!("{} cannot be assigned to {what}", value.py.describe()),
                value.expr.span,
                match wanted {
                    PyType::Enum(_) => "assign a literal of the signal's enumeration",
                    _ => "assign a number; compare the literal to get a bool: `state == t_state.IDLE`",
                },
            );
        }
        Ok(Stmt { kind: StmtKind::Assign { target, value: value.expr }, span })
    }

    pub fn aug_assign(&mut self, s: &ast::StmtAugAssign, span: Span, out: &mut Block) -> Lower<()> {
        let (target, py) = match &*s.target {
            ast::Expr::Name(n) => match self.names.get(n.id.as_str()).cloned() {
                Some((id, py)) => (Target { place: Place::Local(id), part: None, span }, py),
                None if self.scan.outer.contains(n.id.as_str()) => return self.shared_variable(span),
                None => {
                    self.meaning(&s.target)?;
                    return self.bad_target(&s.target, span);
                }
            },
            ast::Expr::Attribute(a) if a.attr.as_str() == "next" => {
                return self.unsupported("an augmented signal assignment", span, "write `x.next = x + 1`");
            }
            other => self.place(other)?,
        };
        let current = self.value(&s.target)?;
        let right = self.value(&s.value)?;
        let result = self.binary_values(s.op, current, right, span)?;
        if let (PyType::Bool | PyType::Int, Place::Local(_), None) = (&py, &target.place, &target.part)
            && let ast::Expr::Name(n) = &*s.target
        {
            // An int is immutable: `n += 1` binds a new one.
            self.local(n.id.as_str(), &result.py, span)?;
        }
        let stmt = self.store((target, py), result, span)?;
        out.push(stmt);
        Ok(())
    }

    /// The type and the value of `intbv(v, min, max)`, `intbv(v)[n:]`, `modbv(...)`: a new bit vector.
    pub fn declaration(&mut self, e: &ast::Expr) -> Lower<Option<Val>> {
        if self.role == Role::Thread && !matches!(e, ast::Expr::Call(_) | ast::Expr::Subscript(_)) {
            return Ok(None);
        }
        let ast::Expr::Call(call) = e else { return Ok(None) };
        let Some(wraps) = self.vector_constructor(&call.func)? else { return Ok(None) };
        let span = self.span(e);
        let (value, bounds) = self.vector_arguments(call, span)?;
        Ok(Some(match bounds {
            Some((min, max)) => {
                let bits = self.bounded(min, max, wraps, span)?;
                self.portable_vector(&bits, span)?;
                Val { expr: value.expr, py: PyType::Bits(Some(bits)) }
            }
            None => match &value.py {
                PyType::Bits(ty) => Val { expr: value.expr.clone(), py: PyType::Bits(ty.clone()) },
                _ => {
                    self.beyond("an intbv without width", span, kinds::UNSIZED_VECTOR)?;
                    Val { expr: value.expr, py: PyType::Bits(None) }
                }
            },
        }))
    }

    pub fn bounded(&self, min: BigInt, max: BigInt, wraps: bool, span: Span) -> Lower<BitsType> {
        let max = max - 1;
        if min > max {
            return self.mismatch("these bounds leave no value".into(), span, "give a max above min");
        }
        let width = Range::new(min.clone(), max.clone()).width().unwrap_or(1);
        if width > MAX_WIDTH {
            return self.too_wide(&width.into(), span);
        }
        Ok(BitsType { width, min, max, wraps })
    }
}

fn describe(meaning: &Meaning) -> &'static str {
    match meaning {
        Meaning::Static(Binding::Signal(_)) => "a signal",
        Meaning::Static(Binding::List { .. } | Binding::Tuple(_)) | Meaning::Items(_) => "a list",
        Meaning::Static(Binding::Object { .. }) => "an object",
        Meaning::Static(_) => "a constant",
        Meaning::Value(_) | Meaning::Chosen { .. } => "an element",
    }
}
