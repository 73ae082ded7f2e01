//! Lowering of expressions: names, attributes, operators, slices.

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::{Body, Role};
use crate::chosen::is_list_of_lists;
use crate::logic::Decision;
use crate::sequence::settled;
use crate::value::{Lower, MAX_WIDTH, Meaning, PyType, Val, const_type};
use crate::{Binding, ElabSignalType, codes, kinds};

impl Body<'_, '_, '_> {
    /// A node with its type; a constant where the operands leave one value.
    pub fn make(&mut self, kind: ExprKind, span: Span) -> Lower<Expr> {
        let ty = expr_type(&kind, &TypeContext { design: &self.low.design, locals: &self.locals });
        let foldable = match &kind {
            ExprKind::Unary(_, a) | ExprKind::Truth(a) => is_const(a),
            ExprKind::Signed { value, .. } | ExprKind::Unsigned { value, .. } => is_const(value),
            ExprKind::Binary(_, a, b) | ExprKind::Compare(_, a, b) | ExprKind::Logic(_, a, b) => {
                is_const(a) && is_const(b)
            }
            ExprKind::Bit { value, index } => is_const(value) && is_const(index),
            ExprKind::Slice { value, low, .. } => is_const(value) && is_const(low),
            _ => false,
        };
        if foldable && let Some(value) = crate::fold::fold(&kind) {
            let ty = if ty == Type::Bool { Type::Bool } else { const_type(&value) };
            return Ok(Expr { kind: ExprKind::Const(value), ty, span });
        }
        if foldable
            && matches!(kind, ExprKind::Binary(BinaryOp::Mul | BinaryOp::Pow | BinaryOp::ShiftLeft, ..))
        {
            return Err(Box::new(
                self.low
                    .refusal(codes::TOO_LARGE, "this constant is too large", span, "here")
                    .help(format!("values have up to {MAX_WIDTH} bits")),
            ));
        }
        Ok(Expr { kind, ty, span })
    }

    pub fn constant(&self, value: BigInt, span: Span) -> Val {
        let ty = const_type(&value);
        Val { expr: Expr { kind: ExprKind::Const(value), ty, span }, py: PyType::Int }
    }

    pub fn boolean(&self, value: bool, span: Span) -> Val {
        Val {
            expr: Expr { kind: ExprKind::Const(BigInt::from(u8::from(value))), ty: Type::Bool, span },
            py: PyType::Bool,
        }
    }

    /// What a name, attribute, element or call target stands for; anything else is computed.
    pub fn meaning(&mut self, e: &ast::Expr) -> Lower<Meaning> {
        let span = self.span(e);
        match e {
            ast::Expr::Name(n) => self.name(n.id.as_str(), span),
            ast::Expr::Attribute(a) => self.attribute(a, span),
            ast::Expr::Subscript(s) => self.subscript(s, span),
            ast::Expr::Constant(c) => Ok(Meaning::Static(match &c.value {
                ast::Constant::None => Binding::None,
                ast::Constant::Bool(b) => Binding::Bool(*b),
                ast::Constant::Str(s) => Binding::Str(s.clone()),
                ast::Constant::Int(i) => Binding::Int(i.clone()),
                ast::Constant::Float(value) => Binding::Float(*value),
                ast::Constant::Complex { .. } => Binding::Other("complex".into()),
                _ => Binding::Other("constant".into()),
            })),
            ast::Expr::Tuple(_) | ast::Expr::List(_) | ast::Expr::ListComp(_) => {
                let items = self.items(e)?.unwrap_or_default();
                Ok(settled(items))
            }
            _ => Ok(Meaning::Value(self.computed(e, span)?)),
        }
    }

    pub fn name(&mut self, name: &str, span: Span) -> Lower<Meaning> {
        if let Some(meaning) = self.statics.get(name) {
            return Ok(meaning.clone());
        }
        if let Some((id, py)) = self.names.get(name).cloned() {
            let ty = self.locals[id].ty.value_type();
            return Ok(Meaning::Value(Val { expr: Expr { kind: ExprKind::Local(id), ty, span }, py }));
        }
        if self.inner.contains_key(name) {
            return self.unsupported("a function as a value", span, "call it");
        }
        if self.ended.contains(name) {
            let help = "assign it to another variable in the loop";
            return self.unsupported(&format!("`{name}` after its loop"), span, help);
        }
        if self.scan.bound.iter().any(|b| b == name) {
            return Err(Box::new(
                self.low
                    .refusal(
                        codes::UNASSIGNED,
                        format!("`{name}` has no value here"),
                        span,
                        "read before assignment",
                    )
                    .help(crate::function::unassigned_help(self.low, self.scope, name)),
            ));
        }
        match self.bindings.get(name) {
            Some(binding) => {
                if matches!(binding, Binding::Int(_)) {
                    self.low.design.constants.insert(span);
                }
                Ok(Meaning::Static(binding.clone()))
            }
            None => Err(Box::new(
                self.low
                    .refusal(codes::UNKNOWN_NAME, format!("`{name}` is not defined"), span, "unknown name")
                    .help("define it in the block, or import it at the top of the file"),
            )),
        }
    }

    fn attribute(&mut self, a: &ast::ExprAttribute, span: Span) -> Lower<Meaning> {
        let attr = a.attr.as_str();
        self.enter(span)?;
        let base = self.meaning(&a.value)?;
        self.leave();
        if let (ast::Expr::Subscript(_), Meaning::Static(Binding::Object { .. }) | Meaning::Chosen { .. }) =
            (&*a.value, &base)
            && !matches!(attr, "val" | "min" | "max")
        {
            self.beyond("an attribute of an element of a list", span, kinds::ATTRIBUTE)?;
        }
        match &base {
            Meaning::Static(Binding::Object { attributes, type_name, .. }) => match attributes.get(attr) {
                Some(binding) => return Ok(Meaning::Static(binding.clone())),
                None => {
                    let message = format!(
                        "the {type_name} object has no attribute `{attr}` that is a signal or a constant"
                    );
                    return Err(Box::new(
                        self.low
                            .refusal(codes::UNKNOWN_NAME, message, span, "here")
                            .help("give the object this attribute before the block returns"),
                    ));
                }
            },
            Meaning::Chosen { list, index, name } => {
                return self.chosen_attribute(list, index, name, attr, span);
            }
            Meaning::Static(Binding::EnumType(index)) => {
                let literals = &self.low.elab.enums[*index].literals;
                if let Some(at) = literals.iter().position(|l| l == attr) {
                    return Ok(Meaning::Static(Binding::EnumLiteral(*index, at as u32)));
                }
                let message = format!("the enumeration has no literal `{attr}`");
                let help = format!("it has {}", literals.join(", "));
                return Err(Box::new(
                    self.low.refusal(codes::UNKNOWN_NAME, message, span, "not a literal").help(help),
                ));
            }
            Meaning::Static(Binding::Signal(_)) if attr == "val" => {
                return Ok(Meaning::Value(self.as_value(base, span)?));
            }
            Meaning::Static(Binding::Signal(_)) if matches!(attr, "posedge" | "negedge") => {
                return self.unsupported(
                    "an edge as a value",
                    span,
                    "use it in the decorator or in a `yield`",
                );
            }
            Meaning::Static(Binding::Signal(_)) if attr == "next" => {
                // Hardware has no such thing: it reads what the signal is, and that is the same unless the signal was
                // assigned a moment before.
                self.in_python = true;
                self.low.notes.push(
                    pyhdl_diag::Diagnostic::warning(
                        codes::NEXT_READ,
                        "hardware does not know what a signal will be next",
                    )
                    .at(span, "it reads what the signal is now")
                    .help("read the signal itself: leave out `.next`"),
                );
                return Ok(Meaning::Value(self.as_value(base, span)?));
            }
            Meaning::Static(Binding::Signal(index)) if matches!(attr, "active" | "isasync") => {
                if let Some(reset) = self.low.elab.signals[*index].reset {
                    let flag = if attr == "active" { reset.active_high } else { reset.asynchronous };
                    return Ok(Meaning::Static(Binding::Bool(flag)));
                }
            }
            Meaning::Static(Binding::Known(name)) => {
                return Ok(Meaning::Static(Binding::Known(format!("{name}.{attr}"))));
            }
            _ => {}
        }
        if matches!(attr, "min" | "max") {
            let value = self.as_value(base, span)?;
            if let PyType::Bits(Some(bits)) = &value.py {
                let bound = if attr == "min" { bits.min.clone() } else { &bits.max + 1 };
                return Ok(Meaning::Value(self.constant(bound, span)));
            }
        }
        let what = format!("the attribute `{attr}`");
        let refused = self.unsupported(&what, span, "use signals, constants and their methods");
        self.known_as(refused, kinds::ATTRIBUTE)
    }

    /// The value of an expression.
    pub fn value(&mut self, e: &ast::Expr) -> Lower<Val> {
        let span = self.span(e);
        self.enter(span)?;
        let meaning = self.meaning(e)?;
        self.leave();
        self.as_value(meaning, span)
    }

    pub fn as_value(&mut self, meaning: Meaning, span: Span) -> Lower<Val> {
        let binding = match meaning {
            Meaning::Value(value) => return Ok(value),
            Meaning::Static(binding) => binding,
            Meaning::Items(_) => {
                return self.unsupported("a whole list here", span, "use concat(), or one element at a time");
            }
            Meaning::Chosen { list, index, name } => return self.chosen(&list, *index, &name, span),
        };
        Ok(match binding {
            Binding::Signal(index) if self.low.elab.signals[index].ty == ElabSignalType::Open => {
                self.constant(BigInt::ZERO, span)
            }
            Binding::Signal(index) => {
                let id = SignalId::from_usize(index);
                let ty = &self.low.design.signals[id].ty;
                let Some(py) = PyType::of_storage(ty) else {
                    return self.unsupported(
                        "a signal that holds a Python object",
                        span,
                        "use Signal(bool(0)), Signal(intbv(0)[8:]) or an enum",
                    );
                };
                Val { expr: Expr { kind: ExprKind::Signal(id), ty: ty.value_type(), span }, py }
            }
            Binding::Bool(b) => self.boolean(b, span),
            Binding::Int(i) => self.constant(i, span),
            Binding::Bits { identity, .. } | Binding::Variable { identity, .. }
                if self.low.variables.contains_key(&identity) =>
            {
                return self.shared_variable(span);
            }
            Binding::Bits { value, ty, .. } => Val { py: PyType::Bits(ty), ..self.constant(value, span) },
            Binding::Variable { value, .. } => self.as_value(Meaning::Static(*value), span)?,
            Binding::EnumLiteral(id, index) => {
                let id = EnumId::from_usize(id);
                let kind = ExprKind::EnumLiteral(id, index);
                Val { expr: Expr { kind, ty: Type::Enum(id), span }, py: PyType::Enum(id) }
            }
            Binding::Random { .. } => return self.unsupported("a function as a value", span, "call it"),
            Binding::Float(_) => return self.as_value(Meaning::Static(Binding::Other("float".into())), span),
            Binding::Other(what) => {
                return self.unsupported(
                    &format!("a value of type {what}"),
                    span,
                    "use bools, ints, intbv and enums",
                );
            }
            Binding::Str(_) => return self.unsupported("a string here", span, "strings go into print()"),
            Binding::None => return self.unsupported("None here", span, "use a number"),
            Binding::List { .. } | Binding::Tuple(_) => {
                return self.unsupported("a whole list here", span, "index it: `mem[addr]`");
            }
            _ => return self.unsupported("this here", span, "use signals, numbers and enumeration literals"),
        })
    }

    fn computed(&mut self, e: &ast::Expr, span: Span) -> Lower<Val> {
        match e {
            ast::Expr::BinOp(b) => self.binary(b.op, &b.left, &b.right, span),
            ast::Expr::UnaryOp(u) => self.unary(u, span),
            ast::Expr::BoolOp(b) => self.bool_op(b, span),
            ast::Expr::Compare(c) => self.compare(c, span),
            ast::Expr::IfExp(x) => {
                let condition = match self.decide(&x.test)? {
                    Decision::Settled(truth) => {
                        return self.value(if truth { &x.body } else { &x.orelse });
                    }
                    Decision::Open(condition) => condition,
                };
                let holds = condition.clone();
                let then = self.conditional(|_| Ok(holds), |body| body.value(&x.body), span)?;
                let fails = ExprKind::Unary(UnaryOp::Not, condition.clone().into());
                let otherwise =
                    self.conditional(|body| body.make(fails, span), |body| body.value(&x.orelse), span)?;
                self.select(condition, then, otherwise, span)
            }
            ast::Expr::Call(call) => self.call(call, span),
            ast::Expr::NamedExpr(n) => self.assign_expr(n, span),
            ast::Expr::Yield(_) | ast::Expr::YieldFrom(_) => {
                self.unsupported("a value from `yield`", span, "write the yield on a line of its own")
            }
            ast::Expr::JoinedStr(_) => self.unsupported("a string here", span, "strings go into print()"),
            ast::Expr::Lambda(_) => self.unsupported("a lambda", span, "write a function with def"),
            ast::Expr::GeneratorExp(_) => {
                self.unsupported("a generator here", span, "give it to sum(), any(), all(), min() or max()")
            }
            ast::Expr::Dict(_) | ast::Expr::DictComp(_) | ast::Expr::Set(_) | ast::Expr::SetComp(_) => {
                self.unsupported("a dictionary or a set", span, "index a tuple of constants")
            }
            _ => self.unsupported("this expression", span, "use operators, slices, comparisons and concat()"),
        }
    }

    pub fn select(&mut self, condition: Expr, then: Val, otherwise: Val, span: Span) -> Lower<Val> {
        let Some(py) = then.py.join(&otherwise.py) else {
            return self.mismatch(
                format!("one arm is {}, the other is {}", then.py.describe(), otherwise.py.describe()),
                span,
                "give both arms the same type",
            );
        };
        let kind = ExprKind::Select {
            condition: condition.into(),
            then: then.expr.into(),
            otherwise: otherwise.expr.into(),
        };
        Ok(Val { expr: self.make(kind, span)?, py })
    }

    pub fn binary_values(&mut self, op: ast::Operator, a: Val, b: Val, span: Span) -> Lower<Val> {
        if a.is_enum() || b.is_enum() {
            return self.mismatch(
                "enumeration literals have no arithmetic".into(),
                span,
                "compare them with ==",
            );
        }
        use ast::Operator as O;
        let (ir, py) = match op {
            O::Add => (BinaryOp::Add, PyType::Int),
            O::Sub => (BinaryOp::Sub, PyType::Int),
            O::Mult => (BinaryOp::Mul, PyType::Int),
            O::FloorDiv => (BinaryOp::FloorDiv, PyType::Int),
            O::Mod => (BinaryOp::Mod, PyType::Int),
            O::Pow => {
                if b.constant().is_some_and(|e| *e < BigInt::ZERO || *e > BigInt::from(4096)) {
                    return self.unsupported(
                        "a power with this exponent",
                        span,
                        "write a natural number as the exponent, or shift: `1 << n`",
                    );
                }
                (BinaryOp::Pow, PyType::Int)
            }
            O::LShift | O::RShift | O::BitAnd | O::BitOr | O::BitXor => {
                let py = match (&a.py, &b.py) {
                    (PyType::Bool, PyType::Bool) if !matches!(op, O::LShift | O::RShift) => PyType::Bool,
                    (PyType::Bits(_), _) => PyType::Bits(None),
                    (_, PyType::Bits(_)) if !matches!(op, O::LShift | O::RShift) => PyType::Bits(None),
                    _ => PyType::Int,
                };
                let ir = match op {
                    O::LShift => BinaryOp::ShiftLeft,
                    O::RShift => BinaryOp::ShiftRight,
                    O::BitAnd => BinaryOp::And,
                    O::BitOr => BinaryOp::Or,
                    _ => BinaryOp::Xor,
                };
                (ir, py)
            }
            O::Div => return self.unsupported("true division `/`", span, "use `//`, which gives an integer"),
            O::MatMult => return self.unsupported("`@`", span, "write the products out"),
        };
        if matches!(ir, BinaryOp::FloorDiv | BinaryOp::Mod)
            && b.constant().is_some_and(|b| *b == BigInt::ZERO)
        {
            return self.mismatch(
                "this divides by zero".into(),
                span,
                "give another divisor; for a divisor that elaboration decides, test it with `if` first",
            );
        }
        if let Some(value) = b.constant()
            && matches!(ir, BinaryOp::ShiftLeft | BinaryOp::ShiftRight)
            && (*value < BigInt::ZERO || *value > BigInt::from(MAX_WIDTH))
        {
            return match *value < BigInt::ZERO {
                true => self.mismatch("this shifts by a negative amount".into(), span, "shift the other way"),
                false => Err(Box::new(
                    self.low
                        .refusal(
                            codes::TOO_LARGE,
                            format!("a shift by {value} bits is too far"),
                            span,
                            "here",
                        )
                        .help(format!("values have up to {MAX_WIDTH} bits")),
                )),
            };
        }
        let expr = self.make(ExprKind::Binary(ir, a.expr.into(), b.expr.into()), span)?;
        Ok(Val { expr, py })
    }

    fn binary(&mut self, op: ast::Operator, left: &ast::Expr, right: &ast::Expr, span: Span) -> Lower<Val> {
        let (a, b) = (self.value(left)?, self.value(right)?);
        self.binary_values(op, a, b, span)
    }

    fn unary(&mut self, u: &ast::ExprUnaryOp, span: Span) -> Lower<Val> {
        let value = self.value(&u.operand)?;
        if u.op == ast::UnaryOp::Not {
            let truth = self.truth(value)?;
            let expr = match truth.kind {
                // `not (x != 0)` reads better as a comparison.
                ExprKind::Truth(inner) => {
                    let zero = self.constant(BigInt::ZERO, span).expr;
                    self.make(ExprKind::Compare(CompareOp::Eq, inner, zero.into()), span)?
                }
                _ => self.make(ExprKind::Unary(UnaryOp::Not, truth.into()), span)?,
            };
            return Ok(Val { expr, py: PyType::Bool });
        }
        if value.is_enum() {
            return self.mismatch(
                "enumeration literals have no arithmetic".into(),
                span,
                "compare them with ==",
            );
        }
        match u.op {
            ast::UnaryOp::Invert => {
                let inverted = self.make(ExprKind::Unary(UnaryOp::Invert, value.expr.into()), span)?;
                match value.py {
                    // `~` of a sized unsigned intbv stays within its width.
                    PyType::Bits(Some(bits)) if !bits.is_signed() => {
                        let kind = ExprKind::Unsigned { value: inverted.into(), width: bits.width };
                        Ok(Val { expr: self.make(kind, span)?, py: PyType::Bits(None) })
                    }
                    PyType::Bits(_) => Ok(Val { expr: inverted, py: PyType::Bits(None) }),
                    _ => Ok(Val { expr: inverted, py: PyType::Int }),
                }
            }
            ast::UnaryOp::USub => {
                let expr = self.make(ExprKind::Unary(UnaryOp::Negate, value.expr.into()), span)?;
                Ok(Val { expr, py: PyType::Int })
            }
            _ => {
                let py = PyType::Int;
                let zero = self.constant(BigInt::ZERO, span).expr;
                match value.py {
                    // `+True` is 1.
                    PyType::Bool => Ok(Val {
                        expr: self
                            .make(ExprKind::Binary(BinaryOp::Add, value.expr.into(), zero.into()), span)?,
                        py,
                    }),
                    _ => Ok(Val { expr: value.expr, py }),
                }
            }
        }
    }

    fn subscript(&mut self, s: &ast::ExprSubscript, span: Span) -> Lower<Meaning> {
        if let Some(list) = self.own_list(&s.value) {
            return Ok(Meaning::Value(self.list_element(&list, &s.slice, span)?));
        }
        self.enter(span)?;
        let base = self.meaning(&s.value)?;
        self.leave();
        match &base {
            Meaning::Static(list @ (Binding::List { .. } | Binding::Tuple(_))) => {
                return self.element(list, s, span);
            }
            Meaning::Items(items) => return self.item(items, s, span),
            Meaning::Chosen { list, index, name } if is_list_of_lists(list) => {
                return self.chosen_item(list, index, name, s, span);
            }
            _ => {}
        }
        let base = self.as_value(base, span)?;
        if let ast::Expr::Slice(slice) = &*s.slice {
            let made = match &*s.value {
                ast::Expr::Call(call) => self.vector_constructor(&call.func)?,
                _ => None,
            };
            return Ok(Meaning::Value(self.slice(base, made, slice, span)?));
        }
        if !matches!(base.py, PyType::Bits(_)) {
            return self.mismatch(
                format!("{} has no bits to index", base.py.describe()),
                span,
                "use an intbv",
            );
        }
        let index = self.index(&s.slice)?;
        if index.constant().is_some_and(|i| *i < BigInt::ZERO) {
            return self.mismatch("a bit index is 0 or more".into(), span, "count bits from 0, the lowest");
        }
        let kind = ExprKind::Bit { value: base.expr.into(), index: index.expr.into() };
        Ok(Meaning::Value(Val { expr: self.make(kind, span)?, py: PyType::Bool }))
    }

    pub fn index(&mut self, e: &ast::Expr) -> Lower<Val> {
        let index = self.value(e)?;
        if index.is_enum() {
            return self.mismatch(
                "an enumeration literal is not an index".into(),
                index.expr.span,
                "use a number",
            );
        }
        Ok(index)
    }

    /// An element of a list or tuple: settled by a constant index, else read from a memory or a table.
    fn element(&mut self, list: &Binding, s: &ast::ExprSubscript, span: Span) -> Lower<Meaning> {
        let (Binding::List { elements, .. } | Binding::Tuple(elements)) = list else {
            return self.unsupported("this index", span, "index a list of signals or a tuple of ints");
        };
        if let ast::Expr::Slice(slice) = &*s.slice {
            let part = self.part_of_list(&s.value, slice, span)?;
            return Ok(settled(part.unwrap_or_default()));
        }
        self.portable_list(list, span)?;
        let index = self.index(&s.slice)?;
        if let Some(value) = index.constant() {
            let length = BigInt::from(elements.len());
            let at = if *value < BigInt::ZERO { value + &length } else { value.clone() };
            return match usize::try_from(&at).ok().and_then(|at| elements.get(at)) {
                Some(element) => Ok(Meaning::Static(element.clone())),
                None => self.mismatch(
                    format!("index {value} is outside the list of {length} elements"),
                    span,
                    "indices go from 0 to the length minus 1",
                ),
            };
        }
        let name = crate::scan::base_name(&s.value).unwrap_or("table").to_owned();
        Ok(Meaning::Chosen { list: list.clone(), index: Box::new(index.expr), name })
    }

    /// `made` says whether the vector is a new one, and whether it wraps.
    fn slice(&mut self, base: Val, made: Option<bool>, s: &ast::ExprSlice, span: Span) -> Lower<Val> {
        let (new, modular) = (made.is_some(), made == Some(true));
        if s.step.is_some() {
            return self.unsupported("a slice with a step", span, "write `x[high:low]`");
        }
        if !matches!(base.py, PyType::Bits(_)) {
            return self.mismatch(
                format!("{} has no bits to slice", base.py.describe()),
                span,
                "use an intbv",
            );
        }
        let low = match &s.upper {
            Some(low) => self.index(low)?,
            None => self.constant(BigInt::ZERO, span),
        };
        let Some(high) = &s.lower else {
            // `x[:low]` and `x[:]` have no width.
            let kind = ExprKind::Binary(BinaryOp::ShiftRight, base.expr.into(), low.expr.into());
            return Ok(Val { expr: self.make(kind, span)?, py: PyType::Bits(None) });
        };
        let high = self.index(high)?;
        let width = match self.given_width(new, &high, &low, span) {
            Some(width) => width,
            None => self.slice_width(&high, &low, span)?,
        };
        let wraps = modular || matches!(&base.py, PyType::Bits(Some(b)) if b.wraps);
        let kind = ExprKind::Slice { value: base.expr.into(), low: low.expr.into(), width };
        let bits = BitsType { wraps, ..BitsType::unsigned(width) };
        Ok(Val { expr: self.make(kind, span)?, py: PyType::Bits(Some(bits)) })
    }

    /// The width of a new vector that a signal gives: the one that it gives at the start, as in MyHDL.
    fn given_width(&mut self, new: bool, high: &Val, low: &Val, span: Span) -> Option<u32> {
        if !new || crate::linear::difference(&high.expr, &low.expr).is_some() {
            return None;
        }
        let signals = |id: SignalId| Some(self.low.design.signals[id].init.clone());
        let width = crate::linear::value(&high.expr, &signals)? - crate::linear::value(&low.expr, &signals)?;
        let width = u32::try_from(width).ok().filter(|w| (1..=MAX_WIDTH).contains(w))?;
        self.in_python = true;
        self.low.notes.push(
            pyhdl_diag::Diagnostic::warning(codes::SIGNAL_WIDTH, "a signal gives the width of this vector")
                .at(span, format!("{width} bits in hardware, whatever the signal becomes"))
                .help("use a constant"),
        );
        Some(width)
    }

    /// `high - low`, which elaboration must settle.
    pub fn slice_width(&self, high: &Val, low: &Val, span: Span) -> Lower<u32> {
        let width = crate::linear::difference(&high.expr, &low.expr);
        let Some(width) = width else {
            return Err(Box::new(
                self.low
                    .refusal(codes::WIDTH_UNKNOWN, "the width of this slice varies at run time", span, "here")
                    .help("make high minus low a constant: `x[i+8:i]`, or shift and mask"),
            ));
        };
        match u32::try_from(&width) {
            Ok(width) if width > MAX_WIDTH => self.too_wide(&width.into(), span),
            Ok(width) if width > 0 && low.constant().is_none_or(|l| *l >= BigInt::ZERO) => Ok(width),
            Err(_) if width > BigInt::ZERO => self.too_wide(&width, span),
            _ => self.mismatch(
                format!("this slice has {width} bits"),
                span,
                "write `x[high:low]` with high above low, and low 0 or more: x[8:4] is bits 7 to 4",
            ),
        }
    }

    pub fn too_wide<T>(&self, width: &BigInt, span: Span) -> Lower<T> {
        Err(Box::new(
            self.low
                .refusal(codes::TOO_LARGE, format!("a vector of {width} bits is too wide"), span, "here")
                .help(format!("vectors have up to {MAX_WIDTH} bits; use a list of signals for more")),
        ))
    }

    /// Refuses what would make two names for one object that changes in place.
    pub fn refuse_alias(&self, target: &str, value: &ast::Expr, py: &PyType, span: Span) -> Lower<()> {
        let Some(source) = crate::scan::base_name(value) else { return Ok(()) };
        if !matches!(value, ast::Expr::Name(_) | ast::Expr::Attribute(_)) || !matches!(py, PyType::Bits(_)) {
            return Ok(());
        }
        let thread_alias = self.role == Role::Thread && !self.names.contains_key(source);
        if self.scan.mutated.contains(target) || self.scan.mutated.contains(source) || thread_alias {
            return self.mismatch(
                format!("`{target}` and `{source}` would be two names for one object that changes"),
                span,
                "copy the value: `intbv(x, min=x.min, max=x.max)`, or int(x)",
            );
        }
        Ok(())
    }
}

pub(crate) fn is_const(e: &Expr) -> bool {
    matches!(e.kind, ExprKind::Const(_))
}
