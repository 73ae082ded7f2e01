//! Portable mode: refuses what MyHDL does not convert, for designs that both have to convert.

use std::collections::HashMap;

use pyhdl_diag::{Diagnostic, Diagnostics, Span};
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::lowering::Lowering;
use crate::value::{Lower, PyType};
use crate::{Binding, ElabSignalType, codes, kinds};

impl Lowering<'_> {
    /// The error for something that only pyhdl converts.
    fn beyond(&self, what: &str, at: Span, kind: &'static str) -> Box<Diagnostic> {
        let refusal = self.refusal(codes::NOT_PORTABLE, format!("MyHDL does not convert {what}"), at, "here");
        Box::new(refusal.help("write it another way, or leave portable mode").known_as(kind))
    }

    /// What is not portable about the design as a whole: its lists and the types of its signals.
    pub fn check_portable(&self, found: &mut Diagnostics) {
        if !self.portable {
            return;
        }
        let top = self.design.scopes[self.design.top()].span;
        for signal in &self.elab.signals {
            if let ElabSignalType::Bits(bits) = &signal.ty
                && !is_portable_vector(bits)
            {
                found.push(*self.beyond("a modbv whose bounds no vector has", top, kinds::MODBV));
            }
        }
        let params = &self.elab.scopes[0];
        let mut port_lists = Vec::new();
        let mut ports = Vec::new();
        for binding in params.names.values().take(params.params) {
            match binding {
                Binding::List { identity, .. } => port_lists.push(*identity),
                Binding::Signal(index) => ports.push(*index),
                _ => {}
            }
        }
        let mut owner: HashMap<usize, u64> = HashMap::new();
        let mut lists: Vec<_> = self.lists.iter().collect();
        lists.sort_by_key(|(_, (_, at))| *at);
        for (identity, (elements, at)) in lists {
            if port_lists.contains(identity) {
                found.push(*self.beyond("a list of signals as a port", *at, kinds::LIST_PORT));
            } else if elements.iter().any(|e| ports.contains(e)) {
                found.push(*self.beyond("a list with a port in it", *at, kinds::PORT_IN_LIST));
            } else if elements.iter().any(|e| owner.insert(*e, *identity).is_some_and(|o| o != *identity)) {
                found.push(*self.beyond("a signal in two lists", *at, kinds::TWO_LISTS));
            }
        }
    }
}

fn is_portable_vector(bits: &BitsType) -> bool {
    let whole = if bits.is_signed() { Range::signed(bits.width) } else { Range::unsigned(bits.width) };
    !bits.wraps || bits.range() == whole
}

impl Body<'_, '_, '_> {
    /// Refuses something that only pyhdl converts, where that is wanted.
    pub fn beyond(&self, what: &str, at: Span, kind: &'static str) -> Lower<()> {
        if self.low.portable { Err(self.low.beyond(what, at, kind)) } else { Ok(()) }
    }

    /// The type of a new vector.
    pub fn portable_vector(&self, bits: &BitsType, at: Span) -> Lower<()> {
        if is_portable_vector(bits) {
            return Ok(());
        }
        self.beyond("a modbv whose bounds no vector has", at, kinds::MODBV)
    }

    /// A list of signals that is indexed, also by a constant.
    pub fn portable_list(&mut self, list: &Binding, at: Span) -> Lower<()> {
        let Binding::List { identity, elements } = list else { return Ok(()) };
        if !self.low.portable {
            return Ok(());
        }
        let signals = elements.iter().filter_map(|e| match e {
            Binding::Signal(index) => Some(*index),
            _ => None,
        });
        self.low.lists.entry(*identity).or_insert_with(|| (signals.collect(), at));
        let types: Vec<&ElabSignalType> = elements
            .iter()
            .filter_map(|e| match e {
                Binding::Signal(index) => Some(&self.low.elab.signals[*index].ty),
                _ => None,
            })
            .collect();
        let Some(first) = types.first() else { return Ok(()) };
        for ty in &types {
            match (*first, *ty) {
                (ElabSignalType::Bits(a), ElabSignalType::Bits(b)) if a.width != b.width => {
                    return self.beyond("a list of vectors with different widths", at, kinds::LIST_WIDTHS);
                }
                (_, ElabSignalType::Int) => {
                    return self.beyond("a list of vectors without width", at, kinds::UNSIZED_SIGNAL);
                }
                (ElabSignalType::Bits(_), ElabSignalType::Bits(_)) => {}
                (a, b) if a != b => {
                    return self.beyond("a list of signals of different types", at, kinds::LIST_TYPES);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What a function returns, in addition to what it has returned elsewhere.
    pub fn portable_return(&mut self, value: &ast::Expr, now: &PyType, at: Span) -> Lower<()> {
        if let (ast::Expr::Call(call), PyType::Bits(None)) = (value, now)
            && self.vector_constructor(&call.func)?.is_some()
        {
            return self.beyond("a returned intbv without width", at, kinds::UNSIZED_RETURN);
        }
        let before = self.returns.as_ref();
        match (before, now) {
            (Some(PyType::Bits(_)), PyType::Bits(_)) | (None, _) => Ok(()),
            (Some(before), now) if before == now => Ok(()),
            (Some(PyType::Bool | PyType::Int), PyType::Bool | PyType::Int) => Ok(()),
            _ => self.beyond("a function that returns different types", at, kinds::RETURN_MISMATCH),
        }
    }
}
