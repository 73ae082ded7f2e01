//! A test bench around an emitted top, made ready to be printed as one that checks by itself: what it tests becomes an
//! instance of the emitted top, checks say the time, the Python line and the signals in it, and it always ends.

use std::collections::HashSet;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{SourceTable, Span};
use pyhdl_ir::{
    BlackBox, Block, BoxPort, CodeBody, Design, Direction, Expr, ExprKind, Format, Item, Port, PrintPart,
    Process, ProcessId, ProcessKind, Range, ScopeId, SignalId, Stmt, StmtKind, Trigger, Type, UserCode,
    for_each_node, for_each_stmt,
};

use crate::effects::{called_in, functions_with};
use crate::{Emitted, Language, UserCodes, with_user_code};

/// What a test bench tests, and how long that takes.
#[derive(Clone, Copy)]
pub struct Tested<'a> {
    /// Its place in the design with the test bench.
    pub scope: ScopeId,
    pub emitted: &'a Emitted,
    /// For each signal of the emitted design, which one it is in the design with the test bench.
    pub signals: &'a IndexVec<SignalId, SignalId>,
    /// The last time step of the simulation in Python.
    pub last_step: u64,
}

/// Why a test bench cannot be printed in a language, before that is tried: a process that has no meaning there, or a
/// port whose type belongs to another file.
pub fn inconvertible(design: &Design, tested: &Tested<'_>, language: Language) -> Option<String> {
    let inside = subtree(design, tested.scope);
    for process in &design.processes {
        if let Some(why) = &process.foreign
            && !inside.contains(&process.scope)
        {
            return Some(format!("`{}`: {why}", process.name));
        }
    }
    let drawing = functions_with(design, |kind| matches!(kind, StmtKind::Draw { .. }));
    let draws = |process: &&Process| {
        let mut found = called_in(&process.body).iter().any(|called| drawing.contains(called));
        for_each_stmt(&process.body, &mut |stmt| found |= matches!(stmt.kind, StmtKind::Draw { .. }));
        found && !inside.contains(&process.scope)
    };
    if let Some(process) = design.processes.iter().find(draws) {
        return Some(format!("`{}` draws numbers at random", process.name));
    }
    if language == Language::Vhdl93 {
        return Some("VHDL-93 cannot end a simulation".to_owned());
    }
    let port = tested.emitted.ports.iter().find(|p| p.enumeration.is_some());
    match (language, port) {
        (Language::Vhdl | Language::SystemVerilog, Some(port)) => {
            Some(format!("the type of the port `{}` is declared with the design", port.name))
        }
        _ => None,
    }
}

/// The test bench as a design of its own, and the texts that go into it.
pub fn test_bench(
    design: &Design,
    codes: &UserCodes,
    tested: &Tested<'_>,
    language: Language,
    sources: &SourceTable,
) -> (Design, UserCodes) {
    let mut design = design.clone();
    let mut codes = codes.clone();
    let process = instantiate(&mut design, &mut codes, tested);
    let inside = subtree(&design, tested.scope);
    let mut design = with_user_code(&design, &codes, language).into_owned();
    codes.retain(|id, _| *id == process || !inside.contains(&design.processes[*id].scope));
    let names: IndexVec<SignalId, String> = design.signals.iter().map(|s| s.name.clone()).collect();
    let processes = design.processes.iter_mut().map(|p| (p.scope, &mut p.body));
    let functions = design.functions.iter_mut().map(|f| (f.scope, &mut f.body));
    let mut stops = false;
    for (_, body) in processes.chain(functions).filter(|(scope, _)| !inside.contains(scope)) {
        stops |= ends(body);
        check(body, tested, &names, sources);
    }
    end(&mut design, tested, stops);
    // Blocks beside the one that is tested may be part of its files as well.
    let top = design.top();
    for (id, scope) in design.scopes.iter_mut_enumerated() {
        if id != top && !inside.contains(&id) {
            scope.block = format!("tb_{}_{}", tested.emitted.top, scope.block);
        }
    }
    (design, codes)
}

/// A scope and everything under it. Children come after their parents.
fn subtree(design: &Design, top: ScopeId) -> HashSet<ScopeId> {
    let mut is_inside = vec![false; design.scopes.len()];
    for (id, scope) in design.scopes.iter_enumerated() {
        is_inside[id.index()] = id == top || scope.parent.is_some_and(|p| is_inside[p.index()]);
    }
    design.scopes.indices().filter(|id| is_inside[id.index()]).collect()
}

/// Puts an instance of the emitted top in place of a scope, and gives the process that stands for it.
fn instantiate(design: &mut Design, codes: &mut UserCodes, tested: &Tested<'_>) -> ProcessId {
    let inside = subtree(design, tested.scope);
    let parent = design.scopes[tested.scope].parent.unwrap_or_else(|| design.top());
    let of = |direction: Direction| {
        let ports = tested.emitted.ports.iter().filter(move |p| p.direction == direction);
        ports.map(|p| tested.signals[p.signal]).collect::<Vec<_>>()
    };
    let mut drives = of(Direction::Out);
    drives.extend(of(Direction::InOut));
    let ports = tested.emitted.ports.iter().map(|p| BoxPort {
        name: p.name.clone(),
        signal: tested.signals[p.signal],
        direction: p.direction,
    });
    let there = CodeBody::BlackBox(BlackBox {
        module: tested.emitted.top.clone(),
        library: "work".to_owned(),
        component: false,
        parameters: Vec::new(),
        ports: ports.collect(),
        numeric: true,
        known: true,
        files: Vec::new(),
        span: design.scopes[tested.scope].span,
    });
    let process = design.processes.push(Process {
        name: "code".to_owned(),
        scope: tested.scope,
        kind: ProcessKind::Opaque { reads: of(Direction::In), drives: drives.clone() },
        locals: IndexVec::new(),
        body: Vec::new(),
        foreign: None,
        doc: None,
        span: design.scopes[tested.scope].span,
    });
    design.scopes[tested.scope].items.push(Item::Process(process));
    codes.insert(process, UserCode { verilog: Some(there.clone()), vhdl: Some(there), wires: drives });
    let port = |p: &crate::EmittedPort| Port {
        name: p.name.clone(),
        signal: tested.signals[p.signal],
        direction: p.direction,
        span: None,
    };
    design.scopes[tested.scope].ports = tested.emitted.ports.iter().map(port).collect();
    // What only the instance uses is connected from around it.
    for port in &tested.emitted.ports {
        let signal = &mut design.signals[tested.signals[port.signal]];
        if inside.contains(&signal.home) {
            signal.home = parent;
        }
    }
    process
}

/// Whether a body ends the simulation regularly.
fn ends(body: &Block) -> bool {
    let mut found = false;
    for_each_stmt(body, &mut |stmt| {
        found |= matches!(&stmt.kind, StmtKind::Raise { exception, .. } if exception == "StopSimulation");
    });
    found
}

/// Lets checks say what they are about, and a regular end that all have held.
fn check(body: &mut Block, tested: &Tested<'_>, names: &IndexVec<SignalId, String>, sources: &SourceTable) {
    for mut stmt in std::mem::take(body) {
        for inner in stmt.kind.blocks_mut() {
            check(inner, tested, names, sources);
        }
        match &mut stmt.kind {
            StmtKind::Assert { condition, message } => {
                let file = sources.get(stmt.span.file);
                let name = file.path.file_name().unwrap_or_default().to_string_lossy();
                let mut said = vec![text("FAIL at time "), plain(time(stmt.span))];
                said.push(text(&format!(", {name}:{}", file.line(stmt.span.start))));
                if !message.is_empty() {
                    said.push(text(": "));
                    said.append(message);
                }
                for (i, signal) in signals(condition).into_iter().enumerate() {
                    if let ExprKind::Signal(id) = signal.kind {
                        said.push(text(&format!("{} {} is ", if i == 0 { ":" } else { "," }, names[id])));
                        said.push(plain(signal));
                    }
                }
                *message = said;
            }
            StmtKind::Raise { exception, .. } if exception == "StopSimulation" => {
                body.push(Stmt { kind: passed(tested), span: stmt.span });
            }
            StmtKind::Raise { exception, .. } => exception.insert_str(0, "FAIL: "),
            _ => {}
        }
        body.push(stmt);
    }
}

/// The signals in a condition, each once.
fn signals(condition: &Expr) -> Vec<Expr> {
    let mut found: Vec<Expr> = Vec::new();
    for_each_node(condition, &mut |node| {
        if matches!(node.kind, ExprKind::Signal(_)) && !found.iter().any(|f| f.kind == node.kind) {
            found.push(node.clone());
        }
    });
    found
}

/// Ends a simulation that lasts longer than in Python. That is an error where the test bench ends by itself there.
fn end(design: &mut Design, tested: &Tested<'_>, stops: bool) {
    let top = design.top();
    let span = design.scopes[top].span;
    let last = BigInt::from(tested.last_step) + BigInt::from(1);
    let after = Expr { ty: Type::Int(Range::exactly(last.clone())), kind: ExprKind::Const(last), span };
    let mut kinds = vec![StmtKind::Wait(vec![Trigger::Delay(after)])];
    if stops {
        let said = format!("the test bench has ended at time {} in Python", tested.last_step);
        kinds.push(StmtKind::Raise { exception: "FAIL".to_owned(), message: vec![text(&said)] });
    } else {
        kinds.push(passed(tested));
        kinds.push(StmtKind::Raise { exception: "StopSimulation".to_owned(), message: Vec::new() });
    }
    let process = design.processes.push(Process {
        name: if stops { "watchdog" } else { "end_of_test" }.to_owned(),
        scope: top,
        kind: ProcessKind::Thread,
        locals: IndexVec::new(),
        body: kinds.into_iter().map(|kind| Stmt { kind, span }).collect(),
        foreign: None,
        doc: None,
        span,
    });
    design.scopes[top].items.push(Item::Process(process));
}

fn passed(tested: &Tested<'_>) -> StmtKind {
    StmtKind::Print(vec![text(&format!("PASS: {}\n", tested.emitted.top))])
}

fn text(text: &str) -> PrintPart {
    PrintPart::Text(text.to_owned())
}

fn plain(value: Expr) -> PrintPart {
    PrintPart::Value { value, format: Format::Plain }
}

/// The simulation time, of which checks say the value.
fn time(span: Span) -> Expr {
    Expr { kind: ExprKind::Time, ty: Type::Int(Range::unsigned(64)), span }
}
