//! Elements that an index chooses at run time: of a list of signals (a memory), of a tuple of constants (a table), and
//! the attributes and elements of what a list of objects or of lists holds.

use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::value::{Lower, Meaning, PyType, Val};
use crate::{Binding, codes, kinds};

/// Whether the elements of a list are lists themselves.
pub(crate) fn is_list_of_lists(list: &Binding) -> bool {
    elements(list).is_some_and(|all| all.iter().all(|e| elements(e).is_some()))
}

fn elements(list: &Binding) -> Option<&[Binding]> {
    match list {
        Binding::List { elements, .. } | Binding::Tuple(elements) => Some(elements),
        _ => None,
    }
}

/// The element of a list at an index that may be negative.
fn at<'e, T>(elements: &'e [T], index: &BigInt) -> Option<&'e T> {
    let at = if *index < BigInt::ZERO { index + BigInt::from(elements.len()) } else { index.clone() };
    usize::try_from(&at).ok().and_then(|at| elements.get(at))
}

impl Body<'_, '_, '_> {
    /// The memory that the elements of a list are, and their type.
    pub fn chosen_memory(&mut self, list: &Binding, name: &str, span: Span) -> Lower<(MemoryId, PyType)> {
        let Some(memory) = self.low.memory(name, self.scope, list, span) else {
            return self.mismatch(
                "this list cannot be indexed at run time: it is not a list of signals of one type".into(),
                span,
                "make every element with the same intbv bounds",
            );
        };
        let first = self.low.design.memories[memory].elements[0];
        match PyType::of_storage(&self.low.design.signals[first].ty) {
            Some(py) => Ok((memory, py)),
            None => self.unsupported(
                "a signal that holds a Python object",
                span,
                "use an intbv, a bool or an enum",
            ),
        }
    }

    /// The value of the element that an index chooses.
    pub fn chosen(&mut self, list: &Binding, index: Expr, name: &str, span: Span) -> Lower<Val> {
        let Some(elements) = elements(list) else {
            return self.unsupported("this index", span, "index a list of signals or a tuple of ints");
        };
        let index = Box::new(index);
        if matches!(elements.first(), Some(Binding::Signal(_))) {
            let (memory, py) = self.chosen_memory(list, name, span)?;
            let expr = self.make(ExprKind::MemoryRead { memory, index }, span)?;
            return Ok(Val { expr, py });
        }
        if let Binding::List { .. } = list {
            return self.unsupported("a list of constants that can change", span, "make it a tuple");
        }
        let entries: Option<Vec<BigInt>> = elements
            .iter()
            .map(|e| match e {
                Binding::Int(i) => Some(i.clone()),
                Binding::Bool(b) => Some(BigInt::from(u8::from(*b))),
                Binding::Bits { value, .. } => Some(value.clone()),
                _ => None,
            })
            .collect();
        let Some(entries) = entries.filter(|e| !e.is_empty()) else {
            return self.unsupported("an element of this chosen at run time", span, "use a tuple of ints");
        };
        let table = self.low.rom(name, entries);
        let expr = self.make(ExprKind::TableRead { table, index }, span)?;
        if elements.iter().all(|e| matches!(e, Binding::Bool(_))) {
            return Ok(Val { expr: self.make(ExprKind::Truth(expr.into()), span)?, py: PyType::Bool });
        }
        Ok(Val { expr, py: PyType::Int })
    }

    /// `objects[i].attr`: the same element of the list of all their attributes.
    pub fn chosen_attribute(
        &mut self,
        list: &Binding,
        index: &Expr,
        name: &str,
        attr: &str,
        span: Span,
    ) -> Lower<Meaning> {
        let all: Option<Vec<Binding>> =
            elements(list).unwrap_or_default().iter().map(|e| attribute(e, attr)).collect();
        if let Some(all) = all {
            let name = format!("{name}_{attr}");
            return Ok(Meaning::Chosen { list: Binding::Tuple(all), index: Box::new(index.clone()), name });
        }
        let signals = elements(list).is_some_and(|all| matches!(all.first(), Some(Binding::Signal(_))));
        if signals && attr == "val" {
            return Ok(Meaning::Value(self.chosen(list, index.clone(), name, span)?));
        }
        if signals && matches!(attr, "min" | "max") {
            let (_, py) = self.chosen_memory(list, name, span)?;
            if let PyType::Bits(Some(bits)) = py {
                let bound = if attr == "min" { bits.min } else { bits.max + 1 };
                return Ok(Meaning::Value(self.constant(bound, span)));
            }
        }
        let message =
            format!("not every object in this list has an attribute `{attr}` that is a signal or a constant");
        let refusal = self.low.refusal(codes::UNKNOWN_NAME, message, span, "here");
        Err(Box::new(refusal.help("give each object this attribute before the block returns")))
    }

    /// `lists[i][2]`: the same element of the list of all their elements.
    pub fn chosen_item(
        &mut self,
        list: &Binding,
        index: &Expr,
        name: &str,
        s: &ast::ExprSubscript,
        span: Span,
    ) -> Lower<Meaning> {
        self.beyond("a list of lists", span, kinds::NOT_SUPPORTED)?;
        let second = self.index(&s.slice)?;
        let Some(second) = second.constant() else {
            return self.unsupported(
                "two indices that vary at run time",
                span,
                "put all elements into one list: `mem[i * columns + j]`",
            );
        };
        let rows = elements(list).unwrap_or_default();
        let all: Option<Vec<Binding>> =
            rows.iter().map(|row| elements(row).and_then(|row| at(row, second)).cloned()).collect();
        match all {
            Some(all) => {
                let name = format!("{name}_{second}");
                Ok(Meaning::Chosen { list: Binding::Tuple(all), index: Box::new(index.clone()), name })
            }
            None => self.mismatch(
                format!("index {second} is outside one of the lists"),
                span,
                "indices go from 0 to the length minus 1",
            ),
        }
    }

    /// An element of a tuple or a list that the process has made.
    pub fn item(&mut self, items: &[Meaning], s: &ast::ExprSubscript, span: Span) -> Lower<Meaning> {
        if let ast::Expr::Slice(slice) = &*s.slice {
            let part = self.part_of_list(&s.value, slice, span)?;
            return Ok(crate::sequence::settled(part.unwrap_or_default()));
        }
        let index = self.index(&s.slice)?;
        if let Some(value) = index.constant() {
            return match at(items, value) {
                Some(item) => Ok(item.clone()),
                None => self.mismatch(
                    format!("index {value} is outside the list of {} elements", items.len()),
                    span,
                    "indices go from 0 to the length minus 1",
                ),
            };
        }
        self.unsupported(
            "an element of this chosen at run time",
            span,
            "make the list a local variable first: `x = [a, b]`",
        )
    }
}

fn attribute(object: &Binding, attr: &str) -> Option<Binding> {
    match object {
        Binding::Object { attributes, .. } => attributes.get(attr).cloned(),
        _ => None,
    }
}
