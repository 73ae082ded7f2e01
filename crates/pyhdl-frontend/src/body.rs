//! [`Body`]: lowering of one function body, statement by statement.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{FileId, Span};
use pyhdl_ir::*;
use pyhdl_syntax::ast;

use crate::inner::InnerFunction;
use crate::logic::Decision;
use crate::lowering::Lowering;
use crate::scan::Scan;
use crate::value::{Lower, Meaning, PyType, Val};
use crate::{Binding, codes, kinds};

/// Statements or expressions nested deeper than this are refused.
const MAX_DEPTH: u32 = 200;

/// What kind of body is being lowered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// A process that runs to its end at each activation.
    Process,
    /// An `@instance` generator.
    Thread,
    /// A function that processes call.
    Function,
}

pub(crate) struct Body<'l, 'a, 'b> {
    pub low: &'l mut Lowering<'a>,
    pub scope: ScopeId,
    pub file: FileId,
    pub role: Role,
    pub bindings: &'b indexmap::IndexMap<String, Binding>,
    /// Names that are no variables: parameters bound to signals or constants, variables of loops over lists.
    pub statics: HashMap<String, Meaning>,
    /// Names that had a meaning inside a loop only.
    pub ended: HashSet<String>,
    /// Functions that the body defines for itself.
    pub inner: HashMap<String, Rc<InnerFunction>>,
    /// What `:=` assigns in the statement that is being lowered, before that statement.
    pub early: Block,
    /// Numbers that are drawn at random in that statement, by the addresses of the calls.
    pub drawn: HashMap<usize, Val>,
    /// How many loops are open.
    pub loops: u32,
    /// For each open loop with an `else`, the flag that says that it was left by `break`; for any other, `None`.
    pub left: Vec<Option<LocalId>>,
    /// Statements made from loops over lists, so far.
    pub unrolled: u32,
    pub scan: Scan,
    pub locals: IndexVec<LocalId, Local>,
    pub names: HashMap<String, (LocalId, PyType)>,
    /// Lists of variables: the local, the type and the number of the elements.
    pub lists: HashMap<String, (LocalId, PyType, u32)>,
    /// Types that a first attempt found to be too narrow.
    pub widened: HashMap<String, PyType>,
    /// A local's type had to be widened: the body must be lowered again.
    pub again: bool,
    /// The type of what the function returns so far.
    pub returns: Option<PyType>,
    /// The body has a meaning in hardware, but a simulation has to run the Python.
    pub in_python: bool,
    pub depth: u32,
}

impl<'a> Body<'_, 'a, '_> {
    pub fn span(&self, node: &impl ast::Ranged) -> Span {
        pyhdl_syntax::span(self.file, node)
    }

    pub fn unsupported<T>(&self, what: &str, at: Span, help: &str) -> Lower<T> {
        let refusal =
            self.low.refusal(codes::UNSUPPORTED, format!("{what} has no hardware meaning"), at, "here");
        Err(Box::new(refusal.help(help)))
    }

    pub fn mismatch<T>(&self, message: String, at: Span, help: &str) -> Lower<T> {
        Err(Box::new(self.low.refusal(codes::TYPE_MISMATCH, message, at, "here").help(help)))
    }

    /// A refusal under the name that MyHDL has for it.
    pub fn known_as<T>(&self, refused: Lower<T>, kind: &'static str) -> Lower<T> {
        refused.map_err(|refusal| Box::new(refusal.known_as(kind)))
    }

    pub fn enter(&mut self, at: Span) -> Lower<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Box::new(
                self.low
                    .refusal(
                        codes::TOO_DEEP,
                        format!("this is nested more than {MAX_DEPTH} levels deep"),
                        at,
                        "here",
                    )
                    .help("split it with a local variable or a function"),
            ));
        }
        Ok(())
    }

    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    pub fn block(&mut self, stmts: &[ast::Stmt]) -> Lower<Block> {
        let mut out = Block::new();
        for stmt in stmts {
            let span = self.span(stmt);
            self.enter(span)?;
            self.refuse_reads_before(stmt, span)?;
            self.drawn.clear();
            let at = out.len();
            self.stmt(stmt, span, &mut out)?;
            if !self.early.is_empty() {
                let early = std::mem::take(&mut self.early);
                out.splice(at..at, early);
            }
            self.leave();
        }
        Ok(out)
    }

    fn stmt(&mut self, stmt: &ast::Stmt, span: Span, out: &mut Block) -> Lower<()> {
        let kind = match stmt {
            ast::Stmt::Pass(_) | ast::Stmt::Global(_) | ast::Stmt::Nonlocal(_) => return Ok(()),
            ast::Stmt::Expr(s) => return self.expr_stmt(&s.value, span, out),
            ast::Stmt::Assign(s) => return self.assign(s, span, out),
            ast::Stmt::AnnAssign(s) => match &s.value {
                Some(value) => return self.assign_to(&s.target, value, span, out),
                None => return Ok(()),
            },
            ast::Stmt::AugAssign(s) => return self.aug_assign(s, span, out),
            ast::Stmt::If(s) => return self.if_stmt(s, span, out),
            ast::Stmt::For(s) => return self.for_stmt(s, span, out),
            ast::Stmt::While(s) => return self.while_stmt(s, span, out),
            ast::Stmt::Match(s) => return self.match_stmt(s, span, out),
            // The parser takes it, Python does not.
            ast::Stmt::Break(_) | ast::Stmt::Continue(_) if self.loops == 0 => {
                return self.unsupported("a `break` or `continue` outside of a loop", span, "remove it");
            }
            ast::Stmt::Break(_) => {
                self.break_stmt(span, out);
                return Ok(());
            }
            ast::Stmt::Continue(_) => StmtKind::Continue,
            ast::Stmt::Return(s) => self.return_stmt(s)?,
            ast::Stmt::Raise(s) => self.raise(s, span)?,
            ast::Stmt::Assert(s) => self.assert_stmt(s)?,
            ast::Stmt::FunctionDef(def) => return self.define(def, span),
            ast::Stmt::Try(_) | ast::Stmt::TryStar(_) => {
                return self.unsupported("`try`", span, "test the condition with `if`");
            }
            ast::Stmt::With(_) | ast::Stmt::AsyncWith(_) => {
                return self.unsupported("`with`", span, "remove it");
            }
            ast::Stmt::Import(_) | ast::Stmt::ImportFrom(_) => {
                return self.unsupported("`import`", span, "import at the top of the file");
            }
            ast::Stmt::Delete(_) => return self.unsupported("`del`", span, "remove it"),
            ast::Stmt::ClassDef(_) => {
                return self.unsupported("`class`", span, "define it outside the process");
            }
            ast::Stmt::AsyncFunctionDef(_) | ast::Stmt::AsyncFor(_) => {
                return self.unsupported("`async`", span, "write the process as an @instance generator");
            }
            _ => {
                return self.unsupported("this statement", span, "use assignments, if, for, while and match");
            }
        };
        out.push(Stmt { kind, span });
        Ok(())
    }

    fn expr_stmt(&mut self, e: &ast::Expr, span: Span, out: &mut Block) -> Lower<()> {
        match e {
            ast::Expr::Constant(c) => {
                if let ast::Constant::Str(text) = &c.value {
                    out.push(Stmt { kind: StmtKind::Comment(clean_doc(text)), span });
                }
                Ok(())
            }
            ast::Expr::Yield(y) => {
                if self.role != Role::Thread {
                    return self.unsupported("`yield` here", span, "use it in an @instance process");
                }
                let triggers = match &y.value {
                    Some(value) => self.triggers(value)?,
                    None => {
                        return self.unsupported(
                            "`yield` of nothing",
                            span,
                            "yield a signal, an edge or a delay",
                        );
                    }
                };
                if triggers.is_empty() {
                    return self.unsupported(
                        "a wait for nothing",
                        span,
                        "yield a signal, an edge or a delay",
                    );
                }
                let delays = triggers.iter().filter(|t| matches!(t, Trigger::Delay(_))).count();
                if delays > 0 && triggers.len() > 1 {
                    self.beyond("a wait for a delay or something else", span, kinds::YIELD)?;
                }
                out.push(Stmt { kind: StmtKind::Wait(triggers), span });
                Ok(())
            }
            ast::Expr::Call(call) => self.call_stmt(call, span, out),
            _ => self.unsupported("a value that nobody uses", span, "assign it, or remove it"),
        }
    }

    /// What `yield value` waits for.
    fn triggers(&mut self, e: &ast::Expr) -> Lower<Vec<Trigger>> {
        let span = self.span(e);
        match e {
            ast::Expr::Tuple(t) => {
                let all: Lower<Vec<_>> = t.elts.iter().map(|x| self.triggers(x)).collect();
                return Ok(all?.concat());
            }
            ast::Expr::List(t) => {
                let all: Lower<Vec<_>> = t.elts.iter().map(|x| self.triggers(x)).collect();
                return Ok(all?.concat());
            }
            ast::Expr::Attribute(a) if matches!(a.attr.as_str(), "posedge" | "negedge") => {
                if let Meaning::Static(Binding::Signal(s)) = self.meaning(&a.value)? {
                    let signal = SignalId::from_usize(s);
                    return Ok(vec![match a.attr.as_str() {
                        "posedge" => Trigger::Rising(signal),
                        _ => Trigger::Falling(signal),
                    }]);
                }
            }
            ast::Expr::Call(call)
                if matches!(self.meaning(&call.func)?, Meaning::Static(Binding::Function { .. })) =>
            {
                return self.unsupported(
                    "a wait for a process that starts here",
                    span,
                    "wait in this process itself",
                );
            }
            ast::Expr::Call(call) if call.args.len() == 1 && call.keywords.is_empty() => {
                if let Meaning::Static(Binding::Known(name)) = self.meaning(&call.func)? {
                    let edge = match name.as_str() {
                        "pyhdl.delay" => {
                            let amount = self.value(&call.args[0])?;
                            if !matches!(amount.py, PyType::Int) {
                                return self.mismatch(
                                    format!("a delay is an int, this is {}", amount.py.describe()),
                                    span,
                                    "write delay(10), or delay(int(x))",
                                );
                            }
                            return Ok(vec![Trigger::Delay(amount.expr)]);
                        }
                        "pyhdl.posedge" => Trigger::Rising as fn(SignalId) -> Trigger,
                        "pyhdl.negedge" => Trigger::Falling as fn(SignalId) -> Trigger,
                        _ => {
                            return self.unsupported(
                                "this `yield`",
                                span,
                                "yield a signal, an edge or a delay",
                            );
                        }
                    };
                    if let Meaning::Static(Binding::Signal(s)) = self.meaning(&call.args[0])? {
                        return Ok(vec![edge(SignalId::from_usize(s))]);
                    }
                }
            }
            _ => {
                if let Some(signals) = all_signals(&self.meaning(e)?) {
                    return Ok(signals.into_iter().map(Trigger::Change).collect());
                }
            }
        }
        let refused = self.unsupported(
            "this `yield`",
            span,
            "yield a signal, `clk.posedge`, `delay(10)`, or several of these",
        );
        self.known_as(refused, kinds::YIELD)
    }

    fn if_stmt(&mut self, s: &ast::StmtIf, span: Span, out: &mut Block) -> Lower<()> {
        if matches!(&*s.test, ast::Expr::Name(n) if n.id.as_str() == "__debug__") && s.orelse.is_empty() {
            // What is there for debugging is no hardware.
            self.in_python = true;
            return Ok(());
        }
        // What `:=` in an `elif` assigns is assigned only where the tests before it have failed: such a test begins
        // an `if` inside the `else` of those.
        let mut chains: Vec<(Block, Vec<(Expr, Block)>)> = vec![(Block::new(), Vec::new())];
        let mut next = Some(s);
        let mut otherwise = Block::new();
        while let Some(s) = next.take() {
            let decision = self.decide(&s.test)?;
            if !self.early.is_empty() {
                chains.push((std::mem::take(&mut self.early), Vec::new()));
            }
            let arm = match decision {
                Decision::Settled(true) => {
                    otherwise = self.block(&s.body)?;
                    break;
                }
                Decision::Settled(false) => None,
                Decision::Open(condition) => Some((condition, self.block(&s.body)?)),
            };
            if let Some((_, arms)) = chains.last_mut() {
                arms.extend(arm);
            }
            match &s.orelse[..] {
                [ast::Stmt::If(elif)] => next = Some(elif),
                rest => otherwise = self.block(rest)?,
            }
        }
        while let Some((mut before, arms)) = chains.pop() {
            if arms.is_empty() {
                before.extend(otherwise);
            } else {
                before.push(Stmt { kind: StmtKind::If { arms, otherwise }, span });
            }
            otherwise = before;
        }
        out.extend(otherwise);
        Ok(())
    }

    fn match_stmt(&mut self, s: &ast::StmtMatch, span: Span, out: &mut Block) -> Lower<()> {
        let subject = self.value(&s.subject)?;
        out.append(&mut self.early);
        let guarded = s.cases.iter().any(|c| c.guard.is_some());
        let mut arms: Vec<MatchArm> = Vec::new();
        let mut chain = Vec::new();
        let mut otherwise = Block::new();
        let mut seen = std::collections::HashSet::new();
        for case in &s.cases {
            let mut patterns = Vec::new();
            let all = self.pattern(&case.pattern, &subject, &mut patterns)?;
            let guard = case.guard.as_deref().map(|g| self.condition(g)).transpose()?;
            if !self.early.is_empty() {
                let at = self.span(&case.pattern);
                return self.unsupported("`:=` in a case", at, "assign on a line of its own");
            }
            let body = self.block(&case.body)?;
            if guarded {
                let at = self.span(&*s.subject);
                let mut parts = Vec::new();
                for value in patterns {
                    let right = self.literal_like(&subject, value, at);
                    let eq = self.make(
                        ExprKind::Compare(CompareOp::Eq, subject.expr.clone().into(), right.into()),
                        at,
                    )?;
                    parts.push(eq);
                }
                // What matches everything leaves the decision to the guard.
                let condition = if all { None } else { Some(self.chain(LogicOp::Or, parts, at)?) };
                let condition = match (condition, guard) {
                    (Some(c), Some(g)) => {
                        Some(self.make(ExprKind::Logic(LogicOp::And, c.into(), g.into()), at)?)
                    }
                    (c, g) => c.or(g),
                };
                match condition {
                    Some(condition) => chain.push((condition, body)),
                    None => {
                        otherwise = body;
                        break;
                    }
                }
            } else if all {
                otherwise = body;
                break;
            } else {
                patterns.retain(|p| seen.insert(p.clone()));
                if !patterns.is_empty() {
                    arms.push(MatchArm { patterns, guard: None, body, span: self.span(&case.pattern) });
                }
            }
        }
        if guarded && !chain.is_empty() {
            out.push(Stmt { kind: StmtKind::If { arms: chain, otherwise }, span });
        } else if !arms.is_empty() {
            out.push(Stmt { kind: StmtKind::Match { subject: subject.expr, arms, otherwise }, span });
        } else {
            out.extend(otherwise);
        }
        Ok(())
    }

    /// A constant of the subject's type.
    fn literal_like(&self, subject: &Val, value: BigInt, span: Span) -> Expr {
        match subject.py {
            PyType::Enum(id) => {
                let index = u32::try_from(&value).unwrap_or(0);
                Expr { kind: ExprKind::EnumLiteral(id, index), ty: Type::Enum(id), span }
            }
            _ => self.constant(value, span).expr,
        }
    }

    /// Collects the values of a pattern; true if it matches everything.
    fn pattern(&mut self, p: &ast::Pattern, subject: &Val, values: &mut Vec<BigInt>) -> Lower<bool> {
        match p {
            ast::Pattern::MatchValue(v) => {
                let span = self.span(&*v.value);
                let value = self.value(&v.value)?;
                match (&value.expr.kind, &value.py, &subject.py) {
                    (ExprKind::EnumLiteral(id, index), _, PyType::Enum(of)) if id == of => {
                        values.push(BigInt::from(*index));
                    }
                    (ExprKind::Const(c), PyType::Bool | PyType::Int | PyType::Bits(_), s)
                        if !matches!(s, PyType::Enum(_)) =>
                    {
                        values.push(c.clone());
                    }
                    _ => {
                        return self.mismatch(
                            format!(
                                "a case of {} cannot match {}",
                                value.py.describe(),
                                subject.py.describe()
                            ),
                            span,
                            "write a constant of the subject's type",
                        );
                    }
                }
                Ok(false)
            }
            ast::Pattern::MatchOr(or) => {
                let mut all = false;
                for p in &or.patterns {
                    all |= self.pattern(p, subject, values)?;
                }
                Ok(all)
            }
            // `case intbv(5)`: what MyHDL takes for a value is a class to Python.
            ast::Pattern::MatchClass(c) if c.patterns.len() == 1 && c.kwd_patterns.is_empty() => {
                match self.meaning(&c.cls)? {
                    Meaning::Static(Binding::Known(name))
                        if name == "pyhdl.intbv" || name == "pyhdl.modbv" =>
                    {
                        self.in_python = true;
                        self.pattern(&c.patterns[0], subject, values)
                    }
                    _ => {
                        let span = self.span(&*c.cls);
                        self.unsupported("this pattern", span, "match numbers and enumeration literals")
                    }
                }
            }
            ast::Pattern::MatchAs(a) if a.pattern.is_none() && a.name.is_none() => Ok(true),
            // `case True` asks for the object `True`, which only a bool is.
            ast::Pattern::MatchSingleton(ast::PatternMatchSingleton {
                value: ast::Constant::Bool(value),
                ..
            }) if subject.py == PyType::Bool => {
                values.push(BigInt::from(u8::from(*value)));
                Ok(false)
            }
            other => {
                let span = match other {
                    ast::Pattern::MatchSingleton(x) => self.span(x),
                    ast::Pattern::MatchSequence(x) => self.span(x),
                    ast::Pattern::MatchMapping(x) => self.span(x),
                    ast::Pattern::MatchClass(x) => self.span(x),
                    ast::Pattern::MatchStar(x) => self.span(x),
                    ast::Pattern::MatchAs(x) => self.span(x),
                    ast::Pattern::MatchValue(x) => self.span(x),
                    ast::Pattern::MatchOr(x) => self.span(x),
                };
                self.unsupported(
                    "this pattern",
                    span,
                    "match numbers, enumeration literals, `a | b`, and `_`",
                )
            }
        }
    }

    fn return_stmt(&mut self, s: &ast::StmtReturn) -> Lower<StmtKind> {
        let Some(value) = &s.value else {
            return Ok(StmtKind::Return(None));
        };
        if let ast::Expr::Constant(c) = &**value
            && c.value.is_none()
        {
            return Ok(StmtKind::Return(None));
        }
        let span = self.span(&**value);
        if self.role != Role::Function {
            return self.unsupported("a value returned from a process", span, "drive a signal instead");
        }
        let returned = value;
        let value = self.value(returned)?;
        self.portable_return(returned, &value.py, span)?;
        self.returns = Some(match self.returns.take() {
            None => value.py.clone(),
            Some(before) => match before.join(&value.py) {
                Some(joined) => joined,
                None => {
                    let refused = self.mismatch(
                        format!(
                            "this returns {}, elsewhere it returns {}",
                            value.py.describe(),
                            before.describe()
                        ),
                        span,
                        "return one type",
                    );
                    return self.known_as(refused, kinds::RETURN_MISMATCH);
                }
            },
        });
        Ok(StmtKind::Return(Some(value.expr)))
    }

    fn raise(&mut self, s: &ast::StmtRaise, span: Span) -> Lower<StmtKind> {
        let help = "raise StopSimulation, or an exception of Python's with a text";
        let (class, args) = match s.exc.as_deref() {
            Some(ast::Expr::Call(call)) if call.args.len() < 2 && call.keywords.is_empty() => {
                (&*call.func, call.args.as_slice())
            }
            Some(other) => (other, [].as_slice()),
            None => return self.unsupported("this `raise`", span, help),
        };
        if s.cause.is_some() || matches!(class, ast::Expr::Call(_)) {
            return self.unsupported("this `raise`", span, help);
        }
        let exception = match self.meaning(class)? {
            Meaning::Static(Binding::Exception(name)) => {
                // Only Python has the class.
                self.in_python = true;
                name
            }
            Meaning::Static(Binding::Known(name)) => match name.rsplit_once('.') {
                Some(("pyhdl", "StopSimulation")) => "StopSimulation".to_owned(),
                Some(("builtins", name)) if name.ends_with("Error") || name == "Exception" => name.to_owned(),
                _ => return self.unsupported("this `raise`", span, help),
            },
            _ => return self.unsupported("this `raise`", span, help),
        };
        let message = match args.first() {
            None => Vec::new(),
            Some(message) => self.message(message)?,
        };
        Ok(StmtKind::Raise { exception, message })
    }

    fn assert_stmt(&mut self, s: &ast::StmtAssert) -> Lower<StmtKind> {
        let condition = self.condition(&s.test)?;
        let early = self.early.len();
        let message = match s.msg.as_deref() {
            None => Vec::new(),
            Some(message) => self.message(message)?,
        };
        if self.early.len() > early {
            let span = self.span(s);
            return self.unsupported("a message that changes something", span, "do it on a line of its own");
        }
        Ok(StmtKind::Assert { condition, message })
    }
}

/// The signals of a signal or of a list of some.
fn all_signals(meaning: &Meaning) -> Option<Vec<SignalId>> {
    let Meaning::Static(binding) = meaning else { return None };
    match binding {
        Binding::Signal(index) => Some(vec![SignalId::from_usize(*index)]),
        Binding::List { elements, .. } | Binding::Tuple(elements) => elements
            .iter()
            .map(|e| match e {
                Binding::Signal(index) => Some(SignalId::from_usize(*index)),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// A docstring without the indentation of its lines and the blank lines around it.
pub(crate) fn clean_doc(text: &str) -> String {
    let mut lines: Vec<&str> = text.trim().lines().collect();
    let indent =
        lines.iter().skip(1).filter(|l| !l.trim().is_empty()).map(|l| l.len() - l.trim_start().len()).min();
    for line in lines.iter_mut().skip(1) {
        *line = line.get(indent.unwrap_or(0)..).unwrap_or("").trim_end();
    }
    lines.join("\n")
}
