//! Where a block's body gives things their names: the declarations of signals, and the calls that make instances.

use std::collections::HashMap;
use std::rc::Rc;

use pyhdl_diag::{FileId, Span};
use pyhdl_ir::{ScopeId, SignalId, Visible};
use pyhdl_syntax::ast::{self, Expr, Stmt};

use crate::lowering::Lowering;
use crate::names::flatten;
use crate::scan::{base_name, children, for_each_expr, for_each_stmt};

/// What the body of one block function declares.
#[derive(Default, Debug)]
struct Declared {
    /// Parameters, and what is assigned for the first time, by flat name.
    names: HashMap<String, Span>,
    /// Calls, by the name of the function: what the result is kept in, and where.
    calls: HashMap<String, Vec<(Option<String>, Span)>>,
}

impl Lowering<'_> {
    /// Sets the spans of signals and memories to where their homes declare them, those of ports to where their
    /// blocks do, and those of instances to where their parents make them.
    pub fn find_declarations(&mut self) {
        let mut known: HashMap<(FileId, u32), Option<Rc<Declared>>> = HashMap::new();
        let mut of_scopes = Vec::new();
        for (id, scope) in self.elab.scopes.iter().enumerate() {
            let file = self.design.scopes[ScopeId::from_usize(id)].span.file;
            let declared = known.entry((file, scope.line)).or_insert_with(|| {
                let def = self.sources.function_at(file, scope.line, self.table)?;
                Some(Rc::new(declared(file, &def)))
            });
            of_scopes.push(declared.clone());
        }
        for signal in &mut self.design.signals {
            signal.span = self.design.scopes[signal.home].span;
        }
        let mut found = vec![false; self.design.signals.len()];
        for (id, scope) in self.elab.scopes.iter().enumerate() {
            let Some(declared) = &of_scopes[id] else { continue };
            let id = ScopeId::from_usize(id);
            let mut places: HashMap<SignalId, Span> = HashMap::new();
            let mut flat = Vec::new();
            for (name, binding) in &scope.names {
                flatten(name, binding, &self.memories, &mut flat);
                for (full, visible) in flat.drain(..) {
                    let place = declared.names.get(&full).or_else(|| declared.names.get(name));
                    let Some(place) = place else { continue };
                    match visible {
                        Visible::Signal(signal) => {
                            places.entry(signal).or_insert(*place);
                            let of = &mut self.design.signals[signal];
                            if of.home == id && !std::mem::replace(&mut found[signal.index()], true) {
                                of.span = *place;
                            }
                        }
                        Visible::Memory(memory) if self.design.memories[memory].home == id => {
                            self.design.memories[memory].span = *place;
                        }
                        Visible::Memory(_) => {}
                    }
                }
            }
            for port in &mut self.design.scopes[id].ports {
                port.span = places.get(&port.signal).copied();
            }
        }
        for scope in &mut self.design.scopes {
            let Some(Some(declared)) = scope.parent.map(|parent| &of_scopes[parent.index()]) else {
                continue;
            };
            scope.instance = declared.instance(&scope.name, &scope.block);
        }
    }
}

impl Declared {
    /// Where an instance of a block is made that is called like this.
    fn instance(&self, name: &str, block: &str) -> Option<Span> {
        let calls = self.calls.get(block).map_or(&[][..], Vec::as_slice);
        // An element of a list is `taps_3`.
        let mut base = Some(name);
        while let Some(name) = base {
            let call = calls.iter().find(|(kept, _)| kept.as_deref() == Some(name)).map(|(_, span)| *span);
            if let Some(span) = call.or_else(|| self.names.get(name).copied()) {
                return Some(span);
            }
            base =
                name.rsplit_once('_').and_then(|(base, index)| index.parse::<u32>().is_ok().then_some(base));
        }
        match calls {
            [(_, span)] => Some(*span),
            _ => None,
        }
    }
}

fn declared(file: FileId, def: &ast::StmtFunctionDef) -> Declared {
    let mut found = Declared::default();
    for parameter in def.args.posonlyargs.iter().chain(&def.args.args).chain(&def.args.kwonlyargs) {
        found.names.entry(parameter.def.arg.to_string()).or_insert(pyhdl_syntax::span(file, &parameter.def));
    }
    for_each_stmt(&def.body, &mut |stmt| {
        let span = pyhdl_syntax::span(file, stmt);
        let mut kept = Vec::new();
        match stmt {
            Stmt::Assign(s) => s.targets.iter().for_each(|t| targets(t, &mut kept)),
            Stmt::AnnAssign(s) => targets(&s.target, &mut kept),
            Stmt::AugAssign(s) => targets(&s.target, &mut kept),
            // `instances.append(block(...))`
            Stmt::Expr(s) => {
                if let Expr::Call(call) = &*s.value
                    && let Expr::Attribute(method) = &*call.func
                {
                    targets(&method.value, &mut kept);
                }
            }
            _ => {}
        }
        let of_list = matches!(stmt, Stmt::Expr(_));
        for_each_expr(stmt, &mut |e| {
            if let Expr::Call(call) = e
                && let Some(name) = called(&call.func)
            {
                let calls = found.calls.entry(name.to_owned()).or_default();
                match kept.first() {
                    None => calls.push((None, span)),
                    Some(_) => calls.extend(kept.iter().map(|name| (Some(name.clone()), span))),
                }
            }
        });
        if !of_list && !matches!(stmt, Stmt::For(_) | Stmt::With(_)) {
            for name in kept {
                found.names.entry(name).or_insert(span);
            }
        }
    });
    found
}

/// The flat names of what is assigned: `a`, `bus_data` for `bus.data`, `taps` for `taps[i]`.
fn targets(target: &Expr, names: &mut Vec<String>) {
    let mut open = vec![target];
    while let Some(e) = open.pop() {
        match e {
            Expr::Tuple(_) | Expr::List(_) | Expr::Starred(_) => children(e, &mut open),
            Expr::Attribute(attribute) => match base_name(&attribute.value) {
                Some("self") => names.push(attribute.attr.to_string()),
                Some(base) => names.push(format!("{base}_{}", attribute.attr)),
                None => {}
            },
            _ => names.extend(base_name(e).map(str::to_owned)),
        }
    }
}

/// `fifo` of `fifo` and `lib.fifo`.
fn called(function: &Expr) -> Option<&str> {
    match function {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}
