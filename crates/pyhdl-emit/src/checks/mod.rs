//! What Python refuses, as assertions: values outside of what they are assigned to, indices outside of lists, divisions
//! by zero, negative shifts, and the author's own `assert`. What the ranges prove is not checked.
//!
//! In a process that waits for edges the checks stand before the statements that they are about: what it reads has
//! settled by then. Combinational logic also sees values that last no time at all, which would be false alarms. So its
//! checks are a process of their own beside it, which both languages run when everything has settled: it computes what
//! the original does, drives nothing, and checks. A function that returns a value gets a task beside it in the same way.
//! So the hardware itself is the same with and without checks.

mod once;
mod refusals;
mod remains;

use std::collections::{BTreeMap, HashMap, HashSet};

use oxc_index::IndexVec;
use pyhdl_diag::{SourceTable, Span};
use pyhdl_ir::{
    Block, Design, Expr, ExprKind, Function, FunctionId, Item, Local, LocalId, Place, PrintPart, Process,
    ProcessId, ProcessKind, SignalId, Stmt, StmtKind, Trigger, for_each_node, for_each_stmt,
};

use crate::Language;
use crate::counters::counters;
use crate::plan::edges;
use crate::prepare::{if_arm, reorder};
use once::Once;
use refusals::{either, inverted};
use remains::{clean, strip};

/// Puts the checks into a design. Returns the processes that run when everything has settled.
pub(crate) fn insert(design: &mut Design, language: Language, sources: &SourceTable) -> HashSet<ProcessId> {
    let original = design.clone();
    let mut maker = Maker {
        design: &original,
        language,
        sources,
        functions: original.functions.clone(),
        made: HashMap::new(),
        asserting: HashSet::new(),
        partly: BTreeMap::new(),
        owner: None,
        once: Once::new(&original),
    };
    let mut settled = HashSet::new();
    for (id, process) in original.processes.iter_enumerated() {
        if process.foreign.is_some() || matches!(process.kind, ProcessKind::Opaque { .. }) {
            continue;
        }
        let form = if sees_transients(process) { Form::Beside } else { Form::Inside };
        if form == Form::Beside && maker.once.body(&process.body) {
            continue;
        }
        maker.owner = Some(id);
        let mut body = maker.body(&process.locals, &process.body, form);
        if form == Form::Inside {
            design.processes[id].body = body;
            continue;
        }
        clean(&mut body, &process.locals);
        strip(&mut design.processes[id].body);
        if maker.checks(&body) {
            let name = format!("{}_checks", process.name);
            settled.insert(beside(design, id, Process { name, body, doc: None, ..process.clone() }));
        }
    }
    for (signal, (owner, span)) in std::mem::take(&mut maker.partly) {
        let body = maker.whole(signal, span);
        let check = Process {
            name: format!("{}_checks", original.signals[signal].name),
            scope: original.processes[owner].scope,
            kind: ProcessKind::Combinational { sensitivity: vec![signal] },
            locals: IndexVec::new(),
            body,
            foreign: None,
            doc: None,
            span,
        };
        settled.insert(beside(design, owner, check));
    }
    let mut functions = maker.functions;
    functions.iter_mut().take(original.functions.len()).for_each(|function| strip(&mut function.body));
    design.functions = functions;
    settled
}

/// Puts a process behind another one, of which nothing may be left.
fn beside(design: &mut Design, of: ProcessId, process: Process) -> ProcessId {
    let scope = process.scope;
    let id = design.processes.push(process);
    let nothing = design.processes[of].body.iter().all(|s| matches!(s.kind, StmtKind::Comment(_)));
    let items = &mut design.scopes[scope].items;
    if let Some(place) = items.iter().position(|item| *item == Item::Process(of)) {
        items.splice(place + usize::from(!nothing)..=place, [Item::Process(id)]);
    }
    id
}

/// Whether a process runs again before everything has settled.
fn sees_transients(process: &Process) -> bool {
    let combinational = match &process.kind {
        ProcessKind::Combinational { .. } | ProcessKind::Continuous { .. } => true,
        ProcessKind::Triggered { triggers } => {
            edges(triggers).is_none() && !triggers.iter().any(|t| matches!(t, Trigger::Delay(_)))
        }
        _ => false,
    };
    combinational && process.locals.iter().all(|local| local.init.is_none())
}

/// Where the checks of a body are.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Form {
    /// Among its statements.
    Inside,
    /// In a copy that does nothing else.
    Beside,
}

/// A function with checks.
#[derive(Clone)]
struct Made {
    function: FunctionId,
    /// Which of the original's parameters it has.
    params: Vec<bool>,
}

struct Maker<'a> {
    design: &'a Design,
    language: Language,
    sources: &'a SourceTable,
    /// Those of the design, and behind them those with checks.
    functions: IndexVec<FunctionId, Function>,
    /// `None` where there is nothing to check.
    made: HashMap<(FunctionId, Form), Option<Made>>,
    /// The functions that check something.
    asserting: HashSet<FunctionId>,
    /// Signals of which parts are assigned, so that the whole can be out of its bounds: who does it, and where.
    partly: BTreeMap<SignalId, (ProcessId, Span)>,
    /// The process that is looked at.
    owner: Option<ProcessId>,
    once: Once,
}

impl Maker<'_> {
    fn body(&mut self, locals: &IndexVec<LocalId, Local>, body: &Block, form: Form) -> Block {
        Body { counters: counters(body), maker: self, locals, form, rounds: Vec::new() }.block(body)
    }

    /// Whether statements check anything.
    fn checks(&self, body: &Block) -> bool {
        let mut found = false;
        for_each_stmt(body, &mut |stmt| match &stmt.kind {
            StmtKind::Assert { .. } => found = true,
            StmtKind::Call { function, .. } => found |= self.asserting.contains(function),
            _ => {}
        });
        found
    }

    fn function(&mut self, id: FunctionId, form: Form) -> Option<Made> {
        if let Some(known) = self.made.get(&(id, form)) {
            return known.clone();
        }
        self.made.insert((id, form), None);
        if form == Form::Beside && self.once.functions.contains(&id) {
            return None;
        }
        let of = self.design.functions[id].clone();
        let mut body = self.body(&of.locals, &of.body, form);
        if form == Form::Beside {
            clean(&mut body, &of.locals);
        }
        let checks = self.checks(&body);
        // What a task does to its arguments is part of what its caller computes.
        let by_reference = form == Form::Beside && of.locals.iter().any(|local| local.inout);
        if !checks && !by_reference {
            return None;
        }
        let mut function = Function { body, ..of };
        let mut params = vec![true; function.params as usize];
        if form == Form::Beside {
            params = leave_out_parameters(&mut function);
            function.name.push_str("_checks");
            function.returns = None;
            function.doc = None;
        }
        let function = self.functions.push(function);
        if checks {
            self.asserting.insert(function);
        }
        let made = Some(Made { function, params });
        self.made.insert((id, form), made.clone());
        made
    }
}

/// Makes parameters that nothing reads ordinary variables. Returns which are left.
fn leave_out_parameters(function: &mut Function) -> Vec<bool> {
    let mut used = HashSet::new();
    for_each_stmt(&function.body, &mut |stmt| {
        if let StmtKind::Assign { target, .. } = &stmt.kind
            && let Place::Local(id) | Place::Element { local: id, .. } = target.place
        {
            used.insert(id);
        }
        stmt.kind.for_each_expr(&mut |e| {
            for_each_node(e, &mut |node| {
                if let ExprKind::Local(id) | ExprKind::Element { local: id, .. } = node.kind {
                    used.insert(id);
                }
            });
        });
    });
    let stays: Vec<bool> = function
        .locals
        .iter_enumerated()
        .take(function.params as usize)
        .map(|(id, local)| local.inout || used.contains(&id))
        .collect();
    let mut order: Vec<LocalId> = function.locals.indices().collect();
    order.sort_by_key(|id| !stays.get(id.index()).copied().unwrap_or(false));
    reorder(&mut function.locals, &mut function.body, &order);
    function.params = stays.iter().filter(|stays| **stays).count() as u32;
    stays
}

/// Goes through the statements of one process or function.
struct Body<'m, 'a> {
    maker: &'m mut Maker<'a>,
    locals: &'m IndexVec<LocalId, Local>,
    counters: HashSet<LocalId>,
    form: Form,
    /// For each loop around, what is to be checked before its next round.
    rounds: Vec<Block>,
}

impl Body<'_, '_> {
    fn block(&mut self, block: &Block) -> Block {
        let mut out = Block::new();
        for stmt in block {
            self.stmt(stmt, &mut out);
        }
        out
    }

    /// A statement with its checks before it.
    fn stmt(&mut self, stmt: &Stmt, out: &mut Block) {
        let span = stmt.span;
        let inside = self.form == Form::Inside;
        let kind = match &stmt.kind {
            StmtKind::Assign { target, value } => {
                self.assignment(target, value, span, out);
                let variable = matches!(target.place, Place::Local(_) | Place::Element { .. });
                (inside || variable).then(|| stmt.kind.clone())
            }
            StmtKind::If { arms, otherwise } => {
                self.conditions(arms.iter().map(|(condition, _)| condition), out);
                let arms = arms.iter().map(|(c, body)| (c.clone(), self.block(body))).collect();
                Some(StmtKind::If { arms, otherwise: self.block(otherwise) })
            }
            StmtKind::Match { subject, arms, otherwise } => {
                self.expr(subject, out);
                if arms.iter().any(|arm| arm.guard.is_some()) {
                    let conditions: Vec<Expr> =
                        arms.iter().map(|arm| if_arm(subject, arm.clone()).0).collect();
                    self.conditions(conditions.iter(), out);
                }
                let mut arms = arms.clone();
                for arm in &mut arms {
                    arm.body = self.block(&arm.body);
                }
                let otherwise = self.block(otherwise);
                Some(StmtKind::Match { subject: subject.clone(), arms, otherwise })
            }
            StmtKind::For { var, start, stop, step, body } => {
                self.expr(start, out);
                self.expr(stop, out);
                self.rounds.push(Block::new());
                let body = self.block(body);
                self.rounds.pop();
                let (start, stop, step) = (start.clone(), stop.clone(), step.clone());
                Some(StmtKind::For { var: *var, start, stop, step, body })
            }
            StmtKind::While { condition, body } => {
                let mut again = Block::new();
                self.expr(condition, &mut again);
                out.extend(again.iter().cloned());
                let jumps = matches!(
                    body.last().map(|s| &s.kind),
                    Some(StmtKind::Continue | StmtKind::Break | StmtKind::Return(_))
                );
                self.rounds.push(again);
                let mut body = self.block(body);
                let again = self.rounds.pop().filter(|_| !jumps).unwrap_or_default();
                body.extend(again);
                Some(StmtKind::While { condition: condition.clone(), body })
            }
            StmtKind::Continue => {
                out.extend(self.rounds.last().cloned().unwrap_or_default());
                Some(StmtKind::Continue)
            }
            StmtKind::Return(value) => {
                if let Some(value) = value {
                    self.expr(value, out);
                }
                Some(if inside { stmt.kind.clone() } else { StmtKind::Return(None) })
            }
            StmtKind::Assert { condition, message } => {
                self.expr(condition, out);
                let place = self.place(span);
                let said = match message.as_slice() {
                    [] => vec![PrintPart::Text(place + "the assertion failed")],
                    [PrintPart::Text(first), rest @ ..] => {
                        [PrintPart::Text(place + first)].into_iter().chain(rest.iter().cloned()).collect()
                    }
                    parts => [PrintPart::Text(place)].into_iter().chain(parts.iter().cloned()).collect(),
                };
                Some(StmtKind::Assert { condition: condition.clone(), message: said })
            }
            StmtKind::Print(parts) => {
                for part in parts {
                    if let PrintPart::Value { value, .. } = part {
                        self.expr(value, out);
                    }
                }
                inside.then(|| stmt.kind.clone())
            }
            // Nothing runs after it.
            StmtKind::Raise { .. } => Some(if inside { stmt.kind.clone() } else { StmtKind::Return(None) }),
            StmtKind::Call { function, args } => {
                args.iter().for_each(|arg| self.expr(arg, out));
                match self.maker.function(*function, self.form) {
                    Some(made) => Some(made.call(args)),
                    None => inside.then(|| stmt.kind.clone()),
                }
            }
            StmtKind::Comment(_) => inside.then(|| stmt.kind.clone()),
            StmtKind::Break | StmtKind::Wait(_) | StmtKind::Draw { .. } => Some(stmt.kind.clone()),
        };
        out.extend(kind.map(|kind| Stmt { kind, span }));
        if let StmtKind::Assign { target, .. } = &stmt.kind {
            self.parts_of(target, span, out);
        }
    }

    /// Conditions of which each is evaluated where those before it do not hold.
    fn conditions<'e>(&mut self, conditions: impl Iterator<Item = &'e Expr>, out: &mut Block) {
        let mut before: Option<Expr> = None;
        for condition in conditions {
            let mut checks = Block::new();
            self.expr(condition, &mut checks);
            match &before {
                Some(taken) => out.extend(self.guarded(inverted(taken.clone()), checks)),
                None => out.extend(checks),
            }
            before = Some(match before {
                Some(taken) => either(taken, condition.clone()),
                None => condition.clone(),
            });
        }
    }

    /// `counter.py:12: `.
    fn place(&self, span: Span) -> String {
        let file = self.maker.sources.get(span.file);
        let name = file.path.file_name().map_or_else(|| "Python".into(), |name| name.to_string_lossy());
        format!("{name}:{}: ", file.line(span.start))
    }

    /// The call that checks what a call of a function with a value may refuse.
    fn call(&mut self, function: FunctionId, args: &[Expr], span: Span, out: &mut Block) {
        if let Some(made) = self.maker.function(function, Form::Beside) {
            out.push(Stmt { kind: made.call(args), span });
        }
    }
}

impl Made {
    fn call(&self, args: &[Expr]) -> StmtKind {
        let args = args.iter().zip(&self.params).filter(|(_, stays)| **stays).map(|(arg, _)| arg.clone());
        StmtKind::Call { function: self.function, args: args.collect() }
    }
}
