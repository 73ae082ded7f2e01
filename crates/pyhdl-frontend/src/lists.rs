//! Lists that a process makes for itself: `[intbv(0)[8:] for i in range(16)]` is a memory of its own.

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::sequence::settled;
use crate::value::{Lower, Meaning, PyType, Val};
use crate::{Binding, codes, kinds};

/// Elements of a list that a process makes.
const MAX_ELEMENTS: u32 = 1 << 24;

impl Body<'_, '_, '_> {
    /// `name = [...]`, `name = (...)`: a name for settled elements, or a list of variables. False where the value is
    /// something else.
    pub fn make_list(&mut self, name: &str, value: &ast::Expr, span: Span, out: &mut Block) -> Lower<bool> {
        let list = match value {
            ast::Expr::ListComp(_) | ast::Expr::List(_) => true,
            ast::Expr::BinOp(b) if b.op == ast::Operator::Mult => matches!(&*b.left, ast::Expr::List(_)),
            ast::Expr::Tuple(_) => false,
            ast::Expr::Call(call) => match self.made(call) {
                Some(name) => name == "builtins.list",
                None => return Ok(false),
            },
            _ => return Ok(false),
        };
        if let ast::Expr::ListComp(list) = value
            && self.make_ram(name, list, span, out)?
        {
            return Ok(true);
        }
        let kind = match value {
            ast::Expr::ListComp(c)
                if c.generators.len() > 1 || c.generators.iter().any(|g| !g.ifs.is_empty()) =>
            {
                kinds::NOT_SUPPORTED
            }
            _ => kinds::LIST,
        };
        self.beyond("this list", span, kind)?;
        let Some(items) = self.items(value)? else { return Ok(false) };
        let changed = list && (self.scan.mutated.contains(name) || self.scan.driven.contains(name));
        if !changed && self.scan.times_bound(name) == 1 {
            let meaning = settled(items.clone());
            if matches!(meaning, Meaning::Static(_)) {
                self.alias(name, meaning, span)?;
                return Ok(true);
            }
        }
        if !list {
            return self.unsupported(
                "a tuple that varies at run time",
                span,
                "use a variable for each element",
            );
        }
        let mut values = Vec::new();
        for item in items {
            values.push(self.as_value(item, span)?);
        }
        let Some(first) = values.first() else {
            return self.unsupported("a list without elements", span, "give it one");
        };
        let mut py = first.py.clone();
        for value in &values {
            py = match py.join(&value.py) {
                Some(joined) => joined,
                None => return self.list_form(span, "give all elements one type"),
            };
        }
        if changed && matches!(py, PyType::Bits(_)) {
            return self.list_form(span, "write `[intbv(0)[8:] for i in range(16)]`");
        }
        let local = self.list_variable(name, &py, values.len() as u32, span)?;
        for (at, value) in values.into_iter().enumerate() {
            let index = self.constant(at.into(), span).expr;
            let target = Target { place: Place::Element { local, index }, part: None, span };
            out.push(Stmt { kind: StmtKind::Assign { target, value: value.expr }, span });
        }
        Ok(true)
    }

    /// `list(…)` or `tuple(…)` by its full name.
    fn made(&mut self, call: &ast::ExprCall) -> Option<String> {
        let ast::Expr::Name(_) = &*call.func else { return None };
        match self.meaning(&call.func) {
            Ok(Meaning::Static(Binding::Known(name)))
                if matches!(name.as_str(), "builtins.list" | "builtins.tuple") =>
            {
                Some(name)
            }
            _ => None,
        }
    }

    fn list_variable(&mut self, name: &str, py: &PyType, length: u32, span: Span) -> Lower<LocalId> {
        match self.lists.get(name) {
            Some((local, known, n)) if known == py && *n == length => Ok(*local),
            Some(_) => self.mismatch(format!("`{name}` was another list"), span, "use another name"),
            None if self.names.contains_key(name) => {
                self.mismatch(format!("`{name}` was no list"), span, "use another name")
            }
            None => {
                let local = Local { length: Some(length), ..Local::new(name, py.storage()) };
                let local = self.locals.push(local);
                self.lists.insert(name.to_owned(), (local, py.clone(), length));
                Ok(local)
            }
        }
    }

    /// `name = [element for i in range(n)]` with equal elements; false where the list is another one.
    fn make_ram(&mut self, name: &str, list: &ast::ExprListComp, span: Span, out: &mut Block) -> Lower<bool> {
        let [generator] = list.generators.as_slice() else { return Ok(false) };
        let (ast::Expr::Call(call), ast::Expr::Name(var)) = (&generator.iter, &generator.target) else {
            return Ok(false);
        };
        let range =
            matches!(self.meaning(&call.func)?, Meaning::Static(Binding::Known(n)) if n == "builtins.range");
        let [count] = call.args.as_slice() else { return Ok(false) };
        if !range || !call.keywords.is_empty() || !generator.ifs.is_empty() {
            return Ok(false);
        }
        let constructor = match &*list.elt {
            ast::Expr::Call(made) => Some(&made.func),
            ast::Expr::Subscript(s) => match &*s.value {
                ast::Expr::Call(made) => Some(&made.func),
                _ => None,
            },
            _ => None,
        };
        let Some(constructor) = constructor else { return Ok(false) };
        if self.vector_constructor(constructor)?.is_none() {
            return Ok(false);
        }
        let element = match self.declaration(&list.elt)? {
            Some(element) => element,
            None => self.value(&list.elt)?,
        };
        let count = self.value(count)?;
        let Some(length) =
            count.constant().and_then(|c| u32::try_from(c).ok()).filter(|n| *n <= MAX_ELEMENTS)
        else {
            return Err(Box::new(
                self.low
                    .refusal(codes::WIDTH_UNKNOWN, "the length of this list is not known", span, "here")
                    .help("use a constant of up to 16 million"),
            ));
        };
        if length == 0 {
            return self.unsupported("a list without elements", span, "give it one");
        }
        let sized = matches!(&element.py, PyType::Bits(Some(_)));
        if !sized || element.constant().is_none() {
            self.beyond("a list of anything but intbv()[n:]", span, kinds::LIST)?;
        }
        if element.constant().is_none() {
            return Ok(false);
        }
        if matches!(&element.py, PyType::Bits(None)) {
            return self.list_form(span, "give the elements a width: `intbv(0)[8:]`");
        }
        let local = self.list_variable(name, &element.py, length, span)?;
        // The comprehension's variable is another one than the function's of the same name.
        let counter = match var.id.as_str() {
            name if self.scan.bound.iter().any(|b| b == name) => self.free_name(name, "index"),
            name => name.to_owned(),
        };
        let counter = self.local(&counter, &PyType::Int, span)?;
        let index = self.make(ExprKind::Local(counter), span)?;
        let target = Target { place: Place::Element { local, index }, part: None, span };
        let body = vec![Stmt { kind: StmtKind::Assign { target, value: element.expr }, span }];
        let zero = self.constant(BigInt::ZERO, span).expr;
        let stop = self.constant(length.into(), span).expr;
        out.push(Stmt {
            kind: StmtKind::For { var: counter, start: zero, stop, step: 1.into(), body },
            span,
        });
        Ok(true)
    }

    fn list_form<T>(&self, span: Span, help: &str) -> Lower<T> {
        let refused = self.unsupported("this list", span, help);
        self.known_as(refused, kinds::LIST)
    }

    /// The list that an expression names.
    pub fn own_list(&self, e: &ast::Expr) -> Option<(LocalId, PyType, u32)> {
        match e {
            ast::Expr::Name(name) => self.lists.get(name.id.as_str()).cloned(),
            _ => None,
        }
    }

    /// An element of such a list.
    pub fn list_element(
        &mut self,
        list: &(LocalId, PyType, u32),
        index: &ast::Expr,
        span: Span,
    ) -> Lower<Val> {
        let (local, py, _) = list;
        let index = self.list_index(list, index, span)?;
        let expr = self.make(ExprKind::Element { local: *local, index: Box::new(index) }, span)?;
        Ok(Val { expr, py: py.clone() })
    }

    /// Where an element of such a list is.
    pub fn list_place(
        &mut self,
        list: &(LocalId, PyType, u32),
        index: &ast::Expr,
        span: Span,
    ) -> Lower<(Target, PyType)> {
        let index = self.list_index(list, index, span)?;
        Ok((Target { place: Place::Element { local: list.0, index }, part: None, span }, list.1.clone()))
    }

    fn list_index(&mut self, list: &(LocalId, PyType, u32), index: &ast::Expr, span: Span) -> Lower<Expr> {
        if matches!(index, ast::Expr::Slice(_)) {
            return self.unsupported("a slice of a list", span, "index one element");
        }
        let index = self.index(index)?;
        let length = BigInt::from(list.2);
        if let Some(value) = index.constant() {
            let at = if *value < BigInt::ZERO { value + &length } else { value.clone() };
            if at < BigInt::ZERO || at >= length {
                return self.mismatch(
                    format!("index {value} is outside the list of {length} elements"),
                    span,
                    "indices go from 0 to the length minus 1",
                );
            }
            return Ok(self.constant(at, span).expr);
        }
        Ok(index.expr)
    }
}
