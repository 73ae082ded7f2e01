//! Lowering of the user's functions: one IR function for each Python function and kind of arguments.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use indexmap::IndexMap;
use oxc_index::IndexVec;
use pyhdl_diag::{FileId, Span};
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::body::{Body, Role};
use crate::call_ranges::start_with;
use crate::inner::InnerFunction;
use crate::loops::MAX_COPIES;
use crate::random::draws;
use crate::scan::scan;
use crate::value::{Lower, Meaning, PyType, within_reason};
use crate::{Binding, codes};

/// What makes two calls share one IR function.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct CallKey {
    scope: ScopeId,
    function: Callee,
    args: Vec<ArgKey>,
}

/// Which Python function a call is of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Callee {
    /// An index into [`crate::Elaborated::functions`].
    Outer(usize),
    /// One that a process defines for itself, by where that is, and by the address of what the process's names mean:
    /// one source may have made several processes.
    Inner(Span, usize),
}

/// A Python function with all that a call needs of it.
struct Called<'b> {
    callee: Callee,
    file: FileId,
    def: Rc<ast::StmtFunctionDef>,
    bindings: &'b IndexMap<String, Binding>,
    defaults: Option<&'b IndexMap<String, Binding>>,
    /// Variables of the caller that the function sees.
    captured: Vec<(String, Meaning)>,
    /// Functions of the caller that the function sees.
    inner: HashMap<String, Rc<InnerFunction>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum ArgKey {
    /// Settled at elaboration: a signal to drive, a list, a constant.
    Static(String),
    /// Passed by value, or by reference.
    Value(PyType, Range, bool),
}

/// Functions called from functions called from functions …
const MAX_CALL_DEPTH: usize = 64;
/// As how many copies of statements a version of a function counts.
const COPIES_OF_VERSION: u32 = 20;

impl Body<'_, '_, '_> {
    /// Lowers a call of a user's function: the function, its run-time arguments, the type it returns.
    pub fn user_call(
        &mut self,
        index: usize,
        receiver: Option<&Binding>,
        call: &ast::ExprCall,
        span: Span,
    ) -> Lower<(FunctionId, Vec<Expr>, Option<PyType>)> {
        let function = &self.low.elab.functions[index];
        let Some(path) = &function.file else {
            return self.unsupported("a function without a source file", span, "define it in a file");
        };
        let file = self.low.sources.file(path, self.low.table)?;
        let def = self.low.sources.function(file, function.line, &function.name, self.low.table)?;
        let called = Called {
            callee: Callee::Outer(index),
            file,
            def,
            bindings: &function.bindings,
            defaults: Some(&function.defaults),
            captured: Vec::new(),
            inner: HashMap::new(),
        };
        self.lower_call(called, receiver, call, span)
    }

    /// The same for a function that the process defines for itself.
    pub fn inner_call(
        &mut self,
        function: &Rc<InnerFunction>,
        call: &ast::ExprCall,
        span: Span,
    ) -> Lower<(FunctionId, Vec<Expr>, Option<PyType>)> {
        let called = Called {
            callee: Callee::Inner(function.span, std::ptr::from_ref(self.bindings).addr()),
            file: function.file,
            def: Rc::clone(&function.def),
            bindings: self.bindings,
            defaults: None,
            captured: self.captured(function)?,
            inner: self.inner.clone(),
        };
        self.lower_call(called, None, call, span)
    }

    fn lower_call(
        &mut self,
        called: Called,
        receiver: Option<&Binding>,
        call: &ast::ExprCall,
        span: Span,
    ) -> Lower<(FunctionId, Vec<Expr>, Option<PyType>)> {
        let Called { callee, file, def, bindings, defaults, captured, inner } = called;
        if self.low.calls.contains(&callee) || self.low.calls.len() >= MAX_CALL_DEPTH {
            return Err(Box::new(
                self.low
                    .refusal(
                        codes::RECURSION,
                        "a function that calls itself has no hardware meaning",
                        span,
                        "here",
                    )
                    .help("write a loop, or build the recursion out of blocks"),
            ));
        }
        let scanned = scan(&def.body);
        if scanned.yields {
            return self.unsupported("a call of a generator", span, "wait in the @instance process itself");
        }
        let mut args = self.match_arguments(&def.args, receiver, defaults, call, span)?;
        args.extend(captured);
        let mut statics = HashMap::new();
        let mut values = Vec::new();
        let mut params = Vec::new();
        let mut key = CallKey { scope: self.scope, function: callee, args: Vec::new() };
        for (name, meaning) in args {
            let settled = match &meaning {
                Meaning::Static(Binding::Signal(_)) => scanned.driven.contains(&name),
                Meaning::Static(_) | Meaning::Items(_) => !scanned.bound.contains(&name),
                Meaning::Chosen { .. } => false,
                Meaning::Value(value) => {
                    value.constant().is_some() && !scanned.bound.contains(&name) && value.py == PyType::Int
                }
            };
            if settled {
                let meaning = match meaning {
                    Meaning::Value(value) => {
                        Meaning::Static(Binding::Int(value.constant().cloned().unwrap_or_default()))
                    }
                    Meaning::Items(_) => {
                        return self.unsupported(
                            "a list of run-time values as an argument",
                            span,
                            "pass the values one by one",
                        );
                    }
                    settled => settled,
                };
                if let Meaning::Static(binding) = &meaning {
                    key.args.push(ArgKey::Static(static_key(binding)));
                }
                statics.insert(name, meaning);
                continue;
            }
            let value = self.as_value(meaning, span)?;
            let inout = scanned.mutated.contains(&name) && matches!(value.py, PyType::Bits(_));
            if inout && !matches!(value.expr.kind, ExprKind::Local(_)) {
                return self.unsupported(
                    "a function that changes a value in place",
                    span,
                    "pass it a local variable: `v = intbv(x)[8:]`, or return the new value",
                );
            }
            let range = within_reason(value.expr.ty.range().unwrap_or_else(Range::bit));
            key.args.push(ArgKey::Value(value.py.clone(), range.clone(), inout));
            params.push((name, value.py.clone(), range, inout));
            values.push(value.expr);
        }
        if let Some(&id) = self.low.functions.get(&key) {
            self.in_python |= self.low.python_functions.contains(&id);
            let returns = self.low.design.functions[id].returns.clone();
            let py = match returns {
                None => None,
                Some(_) => self.low.return_types.get(&id).cloned(),
            };
            return Ok((id, values, py));
        }
        // Constants as arguments make versions, whose calls make versions.
        self.unrolled = self.unrolled.saturating_add(COPIES_OF_VERSION);
        if self.unrolled > MAX_COPIES {
            let message = "this process calls functions with too many different constants";
            let refusal = self.low.refusal(codes::TOO_LARGE, message, span, "here");
            return Err(Box::new(refusal.help("pass what varies as the value of a variable or a signal")));
        }
        self.low.calls.push(callee);
        let mut widened = HashMap::new();
        let lowered = loop {
            let mut body = Body {
                low: &mut *self.low,
                scope: self.scope,
                file,
                role: Role::Function,
                bindings,
                statics: statics.clone(),
                scan: scan(&def.body),
                locals: IndexVec::new(),
                names: HashMap::new(),
                lists: HashMap::new(),
                widened: std::mem::take(&mut widened),
                ended: HashSet::new(),
                inner: inner.clone(),
                early: Block::new(),
                drawn: HashMap::new(),
                loops: 0,
                left: Vec::new(),
                unrolled: self.unrolled,
                again: false,
                returns: None,
                in_python: false,
                depth: self.depth,
            };
            for (name, py, range, inout) in &params {
                let ty = match py.storage() {
                    // What the function assigns to it is not known yet.
                    StorageType::Int(_) if !body.scan.bound.contains(name) => StorageType::Int(range.clone()),
                    other => other,
                };
                let id = body.locals.push(Local { inout: *inout, ..Local::new(name.clone(), ty) });
                body.names.insert(name.clone(), (id, py.clone()));
            }
            let statements = match def.body.first() {
                Some(ast::Stmt::Expr(s)) if is_string(&s.value) => &def.body[1..],
                _ => &def.body[..],
            };
            let lowered = body.block(statements);
            let (again, unrolled) = (body.again, body.unrolled);
            match lowered {
                Ok(_) if again => widened = body.widened,
                Ok(block) => break Ok((block, body.locals, body.returns, body.in_python, unrolled)),
                Err(refusal) => break Err(refusal),
            }
        };
        self.low.calls.pop();
        let (mut block, mut locals, returns, in_python, unrolled) = lowered?;
        self.unrolled = unrolled;
        self.in_python |= in_python;
        let starts: Vec<Range> = params.iter().map(|(_, _, range, _)| range.clone()).collect();
        start_with(&mut locals, &starts);
        let ranges =
            crate::ranges::infer(&self.low.design, &mut locals, &mut block, params.len(), Role::Function);
        if let Some((name, at)) = ranges.unassigned {
            return Err(unassigned(self.low, &name, at));
        }
        let returned = match &returns {
            None => None,
            Some(_) if !always_returns(&self.low.design, &block) || returns_nothing(&block) => {
                return self.mismatch(
                    format!("`{}` returns a value on some paths only", def.name),
                    self.low.table_line(file, &def),
                    "return a value on every path",
                );
            }
            Some(_) => ranges.returned,
        };
        if returned.is_some() && drives(&block) {
            return self.unsupported(
                "a function that drives signals and returns a value",
                span,
                "split it in two",
            );
        }
        if returned.is_some() && draws(&block) {
            return self.unsupported(
                "a function that draws a number at random and returns a value",
                span,
                "draw the number in the process itself",
            );
        }
        if returned.is_some() && locals.iter().any(|local| local.inout) {
            return self.unsupported(
                "a function that changes its argument and returns a value",
                span,
                "split it in two",
            );
        }
        let id = self.low.design.functions.push(Function {
            name: def.name.to_string(),
            scope: self.scope,
            params: params.len() as u32,
            locals,
            body: block,
            returns: returned,
            doc: doc(&def.body),
            span: self.low.table_line(file, &def),
        });
        self.low.starts.push(starts);
        self.low.functions.insert(key, id);
        if in_python {
            self.low.python_functions.insert(id);
        }
        if let Some(py) = returns.clone() {
            self.low.return_types.insert(id, py);
        }
        Ok((id, values, returns))
    }

    /// Pairs parameters with what the call passes.
    fn match_arguments(
        &mut self,
        params: &ast::Arguments,
        receiver: Option<&Binding>,
        defaults: Option<&IndexMap<String, Binding>>,
        call: &ast::ExprCall,
        span: Span,
    ) -> Lower<Vec<(String, Meaning)>> {
        if params.vararg.is_some() || params.kwarg.is_some() {
            return self.unsupported("a function with * or ** parameters", span, "name the parameters");
        }
        let mut given = Vec::new();
        given.extend(receiver.cloned().map(Meaning::Static));
        for arg in &call.args {
            if matches!(arg, ast::Expr::Starred(_)) {
                return self.unsupported("a * argument", span, "pass the values one by one");
            }
            given.push(self.meaning(arg)?);
        }
        let mut given = given.into_iter();
        let mut paired = Vec::new();
        for param in params.posonlyargs.iter().chain(&params.args).chain(&params.kwonlyargs) {
            let name = param.def.arg.to_string();
            let keyword =
                call.keywords.iter().find(|k| k.arg.as_ref().is_some_and(|a| a.as_str() == name.as_str()));
            let meaning = match (given.next(), keyword) {
                (Some(meaning), None) => meaning,
                (None, Some(keyword)) => self.meaning(&keyword.value)?,
                (None, None) => match (defaults.and_then(|d| d.get(&name)), param.default.as_deref()) {
                    (Some(default), _) => Meaning::Static(default.clone()),
                    // A function inside the process: what its defaults mean is what they mean here.
                    (None, Some(default)) if defaults.is_none() => self.constant_default(default)?,
                    (None, Some(_)) => {
                        return self.unsupported("this default value", span, "pass the argument");
                    }
                    (None, None) => {
                        return self.mismatch(format!("the argument `{name}` is missing"), span, "pass it");
                    }
                },
                (Some(_), Some(_)) => {
                    return self.mismatch(format!("`{name}` is passed twice"), span, "pass it once");
                }
            };
            paired.push((name, meaning));
        }
        let known = |k: &ast::Keyword| {
            k.arg.as_ref().is_some_and(|a| paired.iter().any(|(name, _)| name == a.as_str()))
        };
        if given.next().is_some() || !call.keywords.iter().all(known) {
            return self.mismatch(
                "this call passes more than the function takes".into(),
                span,
                "drop the rest",
            );
        }
        Ok(paired)
    }
}

impl Body<'_, '_, '_> {
    fn constant_default(&mut self, default: &ast::Expr) -> Lower<Meaning> {
        let meaning = self.meaning(default)?;
        match &meaning {
            Meaning::Static(_) => Ok(meaning),
            Meaning::Value(value) if value.constant().is_some() => Ok(meaning),
            _ => self.unsupported("this default value", self.span(default), "pass the argument"),
        }
    }
}

/// What to do about a local variable without a value.
pub(crate) fn unassigned_help(low: &crate::lowering::Lowering, scope: ScopeId, name: &str) -> String {
    match low.elab.scopes[scope.index()].names.get(name) {
        Some(Binding::Signal(_)) => format!(
            "an assignment makes `{name}` a local variable; to drive the signal, write `{name}.next = …`"
        ),
        _ => "assign it before this line on every path; what a process assigns is its own, and what it keeps from run \
              to run is a Signal"
            .to_owned(),
    }
}

pub(crate) fn unassigned(low: &crate::lowering::Lowering, name: &str, at: Span) -> crate::value::Refusal {
    Box::new(
        low.refusal(
            codes::UNASSIGNED,
            format!("`{name}` may have no value here"),
            at,
            "read before assignment",
        )
        .help("assign it before this line on every path"),
    )
}

pub(crate) fn doc(body: &[ast::Stmt]) -> Option<String> {
    match body.first() {
        Some(ast::Stmt::Expr(s)) => match &*s.value {
            ast::Expr::Constant(c) => c.value.as_str().map(|s| crate::body::clean_doc(s)),
            _ => None,
        },
        _ => None,
    }
}

pub(crate) fn is_string(e: &ast::Expr) -> bool {
    matches!(e, ast::Expr::Constant(c) if c.value.is_str())
}

fn always_returns(design: &Design, block: &Block) -> bool {
    block.iter().any(|stmt| match &stmt.kind {
        StmtKind::Return(_) | StmtKind::Raise { .. } => true,
        StmtKind::If { arms, otherwise } => {
            arms.iter().all(|(_, body)| always_returns(design, body)) && always_returns(design, otherwise)
        }
        StmtKind::Match { subject, arms, otherwise } => {
            let rest = always_returns(design, otherwise) || crate::ranges::covers(design, subject, arms);
            rest && arms.iter().all(|arm| always_returns(design, &arm.body))
        }
        // An endless loop is left by `return` alone.
        StmtKind::While { condition, body } => {
            matches!(&condition.kind, ExprKind::Const(c) if *c != num_bigint::BigInt::ZERO) && !breaks(body)
        }
        _ => false,
    })
}

/// Whether a `break` leaves the loop with this body.
fn breaks(body: &Block) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::Break => true,
        StmtKind::For { .. } | StmtKind::While { .. } => false,
        other => other.blocks().into_iter().any(breaks),
    })
}

/// Whether a block has a `return` without a value.
fn returns_nothing(block: &Block) -> bool {
    let mut found = false;
    for_each_stmt(block, &mut |stmt| found |= matches!(stmt.kind, StmtKind::Return(None)));
    found
}

/// Whether a block drives a signal or memory.
fn drives(block: &Block) -> bool {
    block.iter().any(|stmt| match &stmt.kind {
        StmtKind::Assign { target, .. } => !matches!(target.place, Place::Local(_) | Place::Element { .. }),
        StmtKind::If { arms, otherwise } => arms.iter().any(|(_, b)| drives(b)) || drives(otherwise),
        StmtKind::Match { arms, otherwise, .. } => arms.iter().any(|a| drives(&a.body)) || drives(otherwise),
        StmtKind::For { body, .. } | StmtKind::While { body, .. } => drives(body),
        StmtKind::Call { .. } => true,
        _ => false,
    })
}

/// A text that is the same for bindings that mean the same.
fn static_key(binding: &Binding) -> String {
    match binding {
        Binding::List { identity, .. } => format!("list {identity}"),
        Binding::Object { identity, .. } => format!("object {identity}"),
        other => format!("{other:?}"),
    }
}
