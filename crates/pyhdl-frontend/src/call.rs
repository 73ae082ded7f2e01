//! Lowering of calls: constructors and functions of the language, methods of values, builtins. Calls of the user's
//! own functions are in `function.rs`.

use std::rc::Rc;

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::inner::InnerFunction;
use crate::value::{Lower, MAX_WIDTH, Meaning, PyType, Val};
use crate::{Binding, codes, kinds};

impl Body<'_, '_, '_> {
    /// A call whose value is used.
    pub fn call(&mut self, call: &ast::ExprCall, span: Span) -> Lower<Val> {
        if let ast::Expr::Attribute(a) = &*call.func
            && matches!(a.attr.as_str(), "signed" | "unsigned")
        {
            let base = self.value(&a.value)?;
            return self.reinterpret(base, a.attr.as_str() == "signed", span);
        }
        if let Some(function) = self.own_function(&call.func) {
            let (function, args, returns) = self.inner_call(&function, call, span)?;
            return self.returned(function, args, returns, span);
        }
        match self.meaning(&call.func)? {
            Meaning::Static(Binding::Known(name)) => self.known(&name, call, span),
            Meaning::Static(Binding::Random { generator, method }) => {
                self.random(generator, method, call, span)
            }
            Meaning::Static(Binding::Function { function, receiver }) => {
                let (function, args, returns) = self.user_call(function, receiver.as_deref(), call, span)?;
                self.returned(function, args, returns, span)
            }
            _ => {
                self.unsupported("this call", span, "call functions that are defined with def in the design")
            }
        }
    }

    /// The function that the process has defined for itself under this name.
    fn own_function(&self, func: &ast::Expr) -> Option<Rc<InnerFunction>> {
        match func {
            ast::Expr::Name(name) => self.inner.get(name.id.as_str()).cloned(),
            _ => None,
        }
    }

    fn returned(
        &mut self,
        function: FunctionId,
        args: Vec<Expr>,
        returns: Option<PyType>,
        span: Span,
    ) -> Lower<Val> {
        let Some(py) = returns else {
            let message = "this function returns nothing".into();
            return self.mismatch(message, span, "return a value on every path");
        };
        let expr = self.make(ExprKind::Call { function, args }, span)?;
        Ok(Val { expr, py })
    }

    /// A call whose value, if any, is dropped.
    pub fn call_stmt(&mut self, call: &ast::ExprCall, span: Span, out: &mut Block) -> Lower<()> {
        if let Some(function) = self.own_function(&call.func) {
            let (function, args, returns) = self.inner_call(&function, call, span)?;
            if returns.is_none() {
                out.push(Stmt { kind: StmtKind::Call { function, args }, span });
            }
            return Ok(());
        }
        match self.meaning(&call.func)? {
            Meaning::Static(Binding::Known(name)) if name == "builtins.print" => {
                let parts = self.print(call, span)?;
                out.push(Stmt { kind: StmtKind::Print(parts), span });
                Ok(())
            }
            Meaning::Static(Binding::Function { function, receiver }) => {
                let (function, args, returns) = self.user_call(function, receiver.as_deref(), call, span)?;
                if returns.is_some() {
                    // Such a function has no other effect.
                    return Ok(());
                }
                out.push(Stmt { kind: StmtKind::Call { function, args }, span });
                Ok(())
            }
            _ => self.unsupported("this call", span, "drive signals, print, or call functions of the design"),
        }
    }

    fn known(&mut self, name: &str, call: &ast::ExprCall, span: Span) -> Lower<Val> {
        if self.vector_constructor(&call.func)?.is_some() {
            let (value, bounds) = self.vector_arguments(call, span)?;
            return match (bounds, value.constant()) {
                (None, _) => {
                    let py = match value.py {
                        PyType::Bits(ty) => PyType::Bits(ty),
                        _ => PyType::Bits(None),
                    };
                    Ok(Val { expr: value.expr, py })
                }
                (Some((min, max)), Some(constant)) if *constant >= min && *constant < max => {
                    let bits = self.bounded(min, max, name == "pyhdl.modbv", span)?;
                    Ok(Val { py: PyType::Bits(Some(bits)), ..value })
                }
                _ => self.unsupported(
                    "a bounded vector inside an expression",
                    span,
                    "assign it to a local variable first",
                ),
            };
        }
        if !call.keywords.is_empty() {
            return self.unsupported("these named arguments", span, "pass the values in order");
        }
        if name == "pyhdl.concat" {
            return self.concat(call, span);
        }
        if name == "builtins.len" && call.args.len() == 1 {
            return self.len(&call.args[0], span);
        }
        if name == "builtins.ord" && call.args.len() == 1 {
            return self.ord(&call.args[0], span);
        }
        if let Some(short) = name.strip_prefix("builtins.")
            && let Some(value) = self.reduce(short, call, span)?
        {
            return Ok(value);
        }
        if name == "pyhdl.now" && call.args.is_empty() {
            return Ok(Val { expr: self.make(ExprKind::Time, span)?, py: PyType::Int });
        }
        let mut args: Vec<Val> = Vec::new();
        for argument in self.listed(&call.args)? {
            args.push(self.as_value(argument, span)?);
        }
        match (name, &args[..]) {
            ("builtins.int", [x]) => {
                let zero = self.constant(BigInt::ZERO, span).expr;
                Ok(match x.py {
                    PyType::Bool => {
                        let kind = ExprKind::Binary(BinaryOp::Add, x.expr.clone().into(), zero.into());
                        Val { expr: self.make(kind, span)?, py: PyType::Int }
                    }
                    PyType::Enum(_) => {
                        return self.unsupported(
                            "the code of an enumeration literal",
                            span,
                            "use a case distinction",
                        );
                    }
                    _ => Val { expr: x.expr.clone(), py: PyType::Int },
                })
            }
            ("builtins.bool", []) => Ok(self.boolean(false, span)),
            ("builtins.int", []) => Ok(self.constant(BigInt::ZERO, span)),
            ("builtins.bool", [x]) => Ok(Val { expr: self.truth(x.clone())?, py: PyType::Bool }),
            ("builtins.abs", [x]) if !x.is_enum() => {
                self.beyond("abs()", span, kinds::NOT_SUPPORTED)?;
                let kind = ExprKind::Unary(UnaryOp::Abs, x.expr.clone().into());
                Ok(Val { expr: self.make(kind, span)?, py: PyType::Int })
            }
            ("builtins.min" | "builtins.max", [_, _, ..]) => {
                self.beyond("min() or max()", span, kinds::NOT_SUPPORTED)?;
                self.extreme(name == "builtins.min", args, span)
            }
            ("builtins.pow", [base, exponent]) => {
                self.beyond("pow()", span, kinds::NOT_SUPPORTED)?;
                self.binary_values(ast::Operator::Pow, base.clone(), exponent.clone(), span)
            }
            _ => {
                let short = name.rsplit('.').next().unwrap_or(name);
                self.unsupported(
                    &format!("`{short}(…)`"),
                    span,
                    "use operators, concat(), len(), int(), bool(), abs(), min(), max(), sum(), any(), all()",
                )
            }
        }
    }

    /// The number of a character.
    fn ord(&mut self, arg: &ast::Expr, span: Span) -> Lower<Val> {
        if let Meaning::Static(Binding::Str(text)) = self.meaning(arg)? {
            let mut chars = text.chars();
            if let (Some(c), None) = (chars.next(), chars.next()) {
                return Ok(self.constant(u32::from(c).into(), span));
            }
        }
        self.unsupported("ord() of this", span, "pass a string of one character")
    }

    fn len(&mut self, arg: &ast::Expr, span: Span) -> Lower<Val> {
        if let Some((_, _, length)) = self.own_list(arg) {
            return Ok(self.constant(length.into(), span));
        }
        let length = match self.meaning(arg)? {
            Meaning::Static(Binding::List { elements, .. } | Binding::Tuple(elements)) => {
                elements.len() as u32
            }
            Meaning::Items(items) => items.len() as u32,
            meaning => {
                let value = self.as_value(meaning, span)?;
                match value.py.width() {
                    Some(width) => width,
                    None => {
                        return Err(Box::new(
                            self.low
                                .refusal(
                                    codes::WIDTH_UNKNOWN,
                                    format!("{} has no width", value.py.describe()),
                                    span,
                                    "here",
                                )
                                .help("give it one: `intbv(x)[8:]`"),
                        ));
                    }
                }
            }
        };
        Ok(self.constant(length.into(), span))
    }

    fn concat(&mut self, call: &ast::ExprCall, span: Span) -> Lower<Val> {
        let mut parts = Vec::new();
        let mut total = 0;
        let mut sized = true;
        for (position, arg) in call.args.iter().enumerate() {
            let at = self.span(arg);
            let (value, width) = match self.meaning(arg)? {
                Meaning::Static(Binding::Str(bits)) => {
                    let digits = bits.replace('_', "");
                    match BigInt::parse_bytes(digits.as_bytes(), 2) {
                        Some(value) => (self.constant(value, at), Some(digits.len() as u32)),
                        None => return self.mismatch("this is not a bit string".into(), at, "write '0101'"),
                    }
                }
                meaning => {
                    let value = self.as_value(meaning, at)?;
                    let width = value.py.width();
                    (value, width)
                }
            };
            let width = match width {
                Some(width) => width,
                None if position == 0 && value.constant().is_some_and(|c| *c >= BigInt::ZERO) => {
                    sized = false;
                    value.expr.ty.range().and_then(|r| r.width()).unwrap_or(1)
                }
                None => {
                    return Err(Box::new(
                        self.low
                            .refusal(
                                codes::WIDTH_UNKNOWN,
                                format!("{} has no width to concatenate", value.py.describe()),
                                at,
                                "here",
                            )
                            .help("slice it: `(a + b)[8:]` does not work on an int, `intbv(a + b)[8:]` does"),
                    ));
                }
            };
            total = width.saturating_add(total);
            if total > MAX_WIDTH {
                return self.too_wide(&total.into(), span);
            }
            parts.push(ConcatPart { value: value.expr, width });
        }
        if parts.is_empty() {
            return self.mismatch("concat() of nothing".into(), span, "pass at least one value");
        }
        let py = PyType::Bits(sized.then(|| BitsType::unsigned(total)));
        Ok(Val { expr: self.make(ExprKind::Concat(parts), span)?, py })
    }

    fn reinterpret(&mut self, base: Val, signed: bool, span: Span) -> Lower<Val> {
        let PyType::Bits(ty) = &base.py else {
            return self.mismatch(
                format!("{} has no sign bit", base.py.describe()),
                span,
                "use an intbv with a width",
            );
        };
        let Some(bits) = ty.clone() else { return Ok(base) };
        let width = bits.width;
        let wraps = bits.wraps;
        if signed == bits.is_signed() {
            return Ok(base);
        }
        let value = base.expr.into();
        let (kind, bits) = if signed {
            let half = BigInt::from(1) << (width - 1);
            let bits = BitsType { width, min: -half.clone(), max: half - 1, wraps };
            (ExprKind::Signed { value, width }, bits)
        } else {
            (ExprKind::Unsigned { value, width }, BitsType { wraps, ..BitsType::unsigned(width) })
        };
        Ok(Val { expr: self.make(kind, span)?, py: PyType::Bits(Some(bits)) })
    }

    /// Whether `func` is `intbv` (false) or `modbv` (true).
    pub fn vector_constructor(&mut self, func: &ast::Expr) -> Lower<Option<bool>> {
        if !matches!(func, ast::Expr::Name(_) | ast::Expr::Attribute(_)) {
            return Ok(None);
        }
        if let ast::Expr::Attribute(a) = func
            && matches!(a.attr.as_str(), "signed" | "unsigned")
        {
            return Ok(None);
        }
        Ok(match self.meaning(func)? {
            Meaning::Static(Binding::Known(name)) if name == "pyhdl.intbv" => Some(false),
            Meaning::Static(Binding::Known(name)) if name == "pyhdl.modbv" => Some(true),
            _ => None,
        })
    }

    /// The value and the bounds `[min, max)` of `intbv(val=0, min=None, max=None)`.
    pub fn vector_arguments(
        &mut self,
        call: &ast::ExprCall,
        span: Span,
    ) -> Lower<(Val, Option<(BigInt, BigInt)>)> {
        let mut slots: [Option<&ast::Expr>; 3] = [None; 3];
        for (slot, arg) in slots.iter_mut().zip(&call.args) {
            *slot = Some(arg);
        }
        for keyword in &call.keywords {
            let at = match keyword.arg.as_ref().map(|a| a.as_str()) {
                Some("val") => 0,
                Some("min") => 1,
                Some("max") => 2,
                _ => return self.unsupported("this argument", span, "intbv takes a value, min and max"),
            };
            slots[at] = Some(&keyword.value);
        }
        if call.args.len() > 3 {
            return self.unsupported("this many arguments", span, "intbv takes a value, min and max");
        }
        let value = match slots[0] {
            Some(e) => self.value(e)?,
            None => self.constant(BigInt::ZERO, span),
        };
        if value.is_enum() {
            return self.mismatch("an enumeration literal is not a number".into(), span, "use a number");
        }
        let mut bound = |e: Option<&ast::Expr>| -> Lower<Option<BigInt>> {
            let Some(e) = e else { return Ok(None) };
            if let Meaning::Static(Binding::None) = self.meaning(e)? {
                return Ok(None);
            }
            match self.value(e)?.constant() {
                Some(value) => Ok(Some(value.clone())),
                None => self.unsupported("a bound that varies at run time", self.span(e), "use a constant"),
            }
        };
        let (min, max) = (bound(slots[1])?, bound(slots[2])?);
        match (min, max) {
            (None, None) => Ok((value, None)),
            (min, Some(max)) => Ok((value, Some((min.unwrap_or(BigInt::ZERO), max)))),
            (Some(_), None) => self.unsupported("a vector without max", span, "give min and max"),
        }
    }
}
