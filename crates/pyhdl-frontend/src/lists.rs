//! Lists that a process makes for itself: `[intbv(0)[8:] for i in range(16)]` is a memory of its own.

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::value::{Lower, Meaning, PyType, Val};
use crate::{Binding, codes, kinds};

/// Elements of a list that a process makes.
const MAX_ELEMENTS: u32 = 1 << 24;

impl Body<'_, '_, '_> {
    /// `name = [element for i in range(n)]`; false where the value is something else.
    pub fn make_list(&mut self, name: &str, value: &ast::Expr, span: Span, out: &mut Block) -> Lower<bool> {
        let ast::Expr::ListComp(list) = value else { return Ok(false) };
        let help = "write `[intbv(0)[8:] for i in range(16)]`";
        let [generator] = list.generators.as_slice() else {
            return self.unsupported("a list over several loops", span, help);
        };
        if !generator.ifs.is_empty() {
            return self.unsupported("a list with a condition", span, help);
        }
        let (ast::Expr::Call(call), ast::Expr::Name(var)) = (&generator.iter, &generator.target) else {
            return self.list_form(span, help);
        };
        let range =
            matches!(self.meaning(&call.func)?, Meaning::Static(Binding::Known(n)) if n == "builtins.range");
        let [count] = call.args.as_slice() else { return self.list_form(span, help) };
        if !range || !call.keywords.is_empty() {
            return self.list_form(span, help);
        }
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
        let counter = self.local(var.id.as_str(), &PyType::Int, span)?;
        let declared = self.declaration(&list.elt);
        let element = match self.known_as(declared, kinds::LIST)? {
            Some(element) => element,
            None => self.value(&list.elt)?,
        };
        let sized = matches!(&element.py, PyType::Bits(Some(_)));
        if !sized || element.constant().is_none() {
            let refused = self.beyond("a list of anything but intbv()[n:]", span, kinds::LIST);
            refused?;
        }
        if matches!(&element.py, PyType::Bits(None)) {
            return self.list_form(span, "give the elements a width: `intbv(0)[8:]`");
        }
        let local = match self.lists.get(name) {
            Some((local, py, known)) if *py == element.py && *known == length => *local,
            Some(_) => return self.mismatch(format!("`{name}` was another list"), span, "use another name"),
            None if self.names.contains_key(name) => {
                return self.mismatch(format!("`{name}` was no list"), span, "use another name");
            }
            None => {
                let local = Local { length: Some(length), ..Local::new(name, element.py.storage()) };
                let local = self.locals.push(local);
                self.lists.insert(name.to_owned(), (local, element.py.clone(), length));
                local
            }
        };
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
