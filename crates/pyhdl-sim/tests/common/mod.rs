//! A small builder of designs, and a host that records what is printed and when.
#![allow(dead_code, clippy::unwrap_used)]

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{SourceTable, Span};
use pyhdl_ir::*;
use pyhdl_sim::*;

pub struct Builder {
    pub design: Design,
}

pub fn span() -> Span {
    Span::new(SourceTable::new().add("t.py", "x"), 0, 1)
}

impl Builder {
    pub fn new() -> Builder {
        let mut design = Design::default();
        design.scopes.push(scope("top", None));
        Builder { design }
    }

    pub fn scope(&mut self, name: &str, parent: ScopeId) -> ScopeId {
        let id = self.design.scopes.push(scope(name, Some(parent)));
        self.design.scopes[parent].items.push(Item::Scope(id));
        id
    }

    pub fn signal(&mut self, name: &str, ty: StorageType, init: impl Into<BigInt>) -> SignalId {
        let home = self.design.top();
        let (init, name) = (init.into(), name.to_owned());
        self.design.signals.push(Signal {
            name,
            home,
            ty,
            init,
            constant: false,
            floating: false,
            reset: None,
            span: span(),
        })
    }

    pub fn bool(&mut self, name: &str) -> SignalId {
        self.signal(name, StorageType::Bool, 0)
    }

    pub fn bits(&mut self, name: &str, width: u32) -> SignalId {
        self.signal(name, StorageType::Bits(BitsType::unsigned(width)), 0)
    }

    pub fn int(&mut self, name: &str) -> SignalId {
        self.signal(name, StorageType::Int(Range::all()), 0)
    }

    pub fn process(&mut self, kind: ProcessKind, body: Block) -> ProcessId {
        self.process_in(self.design.top(), kind, &[], body)
    }

    pub fn process_in(
        &mut self,
        scope: ScopeId,
        kind: ProcessKind,
        locals: &[StorageType],
        body: Block,
    ) -> ProcessId {
        let id = self.design.processes.push(Process {
            name: format!("p{}", self.design.processes.len()),
            scope,
            kind,
            locals: make_locals(locals),
            body,
            foreign: None,
            doc: None,
            span: span(),
        });
        self.design.scopes[scope].items.push(Item::Process(id));
        id
    }

    pub fn thread(&mut self, body: Block) -> ProcessId {
        self.process(ProcessKind::Thread, body)
    }

    pub fn thread_with(&mut self, locals: &[StorageType], body: Block) -> ProcessId {
        self.process_in(self.design.top(), ProcessKind::Thread, locals, body)
    }

    pub fn foreign(&mut self, kind: ProcessKind) -> ProcessId {
        let id = self.process(kind, vec![]);
        self.design.processes[id].foreign = Some("a dict".into());
        id
    }

    pub fn always(&mut self, triggers: Vec<Trigger>, body: Block) -> ProcessId {
        self.process(ProcessKind::Triggered { triggers }, body)
    }

    pub fn comb(&mut self, sensitivity: &[SignalId], body: Block) -> ProcessId {
        self.process(ProcessKind::Combinational { sensitivity: sensitivity.to_vec() }, body)
    }

    pub fn function(&mut self, params: u32, locals: &[StorageType], body: Block) -> FunctionId {
        self.design.functions.push(Function {
            name: "f".into(),
            scope: self.design.top(),
            params,
            locals: make_locals(locals),
            body,
            returns: None,
            doc: None,
            span: span(),
        })
    }

    pub fn simulate(self) -> (Simulation, Recorder) {
        self.simulate_with(Options::default())
    }

    pub fn simulate_with(self, options: Options) -> (Simulation, Recorder) {
        let simulation = Simulation::with_options(Arc::new(self.design), options);
        let recorder = Recorder::new(simulation.store());
        (simulation, recorder)
    }

    /// Runs to the end; gives back what was printed, one line each, with the time.
    pub fn lines(self) -> Vec<String> {
        let (mut simulation, mut host) = self.simulate();
        simulation.run(&mut host, None).unwrap();
        host.lines
    }

    /// Runs to the end, which is an error.
    pub fn error(self) -> SimError {
        let (mut simulation, mut host) = self.simulate();
        simulation.run(&mut host, None).unwrap_err()
    }
}

fn scope(name: &str, parent: Option<ScopeId>) -> Scope {
    Scope {
        name: name.into(),
        block: name.into(),
        parent,
        items: vec![],
        names: vec![],
        params: Default::default(),
        groups: vec![],
        ports: vec![],
        doc: None,
        span: span(),
        instance: None,
    }
}

fn make_locals(types: &[StorageType]) -> IndexVec<LocalId, Local> {
    types.iter().enumerate().map(|(i, ty)| Local::new(format!("v{i}"), ty.clone())).collect()
}

pub fn local(n: usize) -> LocalId {
    LocalId::from_usize(n)
}

pub fn any_int() -> StorageType {
    StorageType::Int(Range::all())
}

pub fn expr(kind: ExprKind) -> Expr {
    Expr { kind, ty: Type::Int(Range::all()), span: span() }
}

pub fn c(n: impl Into<BigInt>) -> Expr {
    expr(ExprKind::Const(n.into()))
}

pub fn boolean(b: bool) -> Expr {
    Expr { kind: ExprKind::Const(BigInt::from(u8::from(b))), ty: Type::Bool, span: span() }
}

pub fn sig(s: SignalId) -> Expr {
    expr(ExprKind::Signal(s))
}

pub fn var(n: usize) -> Expr {
    expr(ExprKind::Local(local(n)))
}

pub fn bin(op: BinaryOp, a: Expr, b: Expr) -> Expr {
    expr(ExprKind::Binary(op, Box::new(a), Box::new(b)))
}

pub fn add(a: Expr, b: Expr) -> Expr {
    bin(BinaryOp::Add, a, b)
}

pub fn not(a: Expr) -> Expr {
    expr(ExprKind::Unary(UnaryOp::Not, Box::new(a)))
}

pub fn cmp(op: CompareOp, a: Expr, b: Expr) -> Expr {
    expr(ExprKind::Compare(op, Box::new(a), Box::new(b)))
}

pub fn stmt(kind: StmtKind) -> Stmt {
    Stmt { kind, span: span() }
}

pub fn assign(place: Place, part: Option<Part>, value: Expr) -> Stmt {
    stmt(StmtKind::Assign { target: Target { place, part, span: span() }, value })
}

/// `s.next = value`
pub fn next(s: SignalId, value: Expr) -> Stmt {
    assign(Place::Signal(s), None, value)
}

pub fn set(n: usize, value: Expr) -> Stmt {
    assign(Place::Local(local(n)), None, value)
}

pub fn say(text: &str) -> Stmt {
    stmt(StmtKind::Print(vec![PrintPart::Text(text.into())]))
}

/// Prints the text and then values as Python prints them.
pub fn show(text: &str, values: Vec<Expr>) -> Stmt {
    let mut parts = vec![PrintPart::Text(text.into())];
    for value in values {
        parts.push(PrintPart::Text(" ".into()));
        parts.push(PrintPart::Value { value, format: Format::Plain });
    }
    stmt(StmtKind::Print(parts))
}

pub fn wait(triggers: Vec<Trigger>) -> Stmt {
    stmt(StmtKind::Wait(triggers))
}

pub fn delay(n: i64) -> Stmt {
    wait(vec![Trigger::Delay(c(n))])
}

pub fn repeat(var: usize, count: i64, body: Block) -> Stmt {
    stmt(StmtKind::For { var: local(var), start: c(0), stop: c(count), step: 1.into(), body })
}

pub fn forever(body: Block) -> Stmt {
    stmt(StmtKind::While { condition: boolean(true), body })
}

pub fn iff(condition: Expr, then: Block) -> Stmt {
    stmt(StmtKind::If { arms: vec![(condition, then)], otherwise: vec![] })
}

/// What a scripted task of the host's does when it is resumed: says something, then waits or ends.
pub type Step = (&'static str, Resumption);

#[derive(Debug)]
pub struct Raised(pub &'static str);

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Raised {}

/// The body of a foreign process; gives what it prints.
pub type Body = Box<dyn FnMut(ProcessId, &Store) -> Result<String, HostError>>;

/// Records prints as `text time`.
pub struct Recorder {
    pub store: Store,
    pub lines: Vec<String>,
    pub scripts: BTreeMap<u32, VecDeque<Step>>,
    /// What a foreign process does when it is called.
    pub body: Body,
    pub commits: bool,
    pub interrupt_after: Option<u32>,
    /// How many numbers have been drawn.
    pub drawn: u32,
}

impl Recorder {
    fn new(store: Store) -> Recorder {
        Recorder {
            store,
            lines: vec![],
            drawn: 0,
            scripts: BTreeMap::new(),
            body: Box::new(|_, _| Ok(String::new())),
            commits: true,
            interrupt_after: None,
        }
    }

    pub fn script(&mut self, task: u32, steps: Vec<Step>) {
        self.scripts.insert(task, steps.into());
    }
}

impl Host for Recorder {
    fn resume(&mut self, task: HostTask) -> Result<Resumption, HostError> {
        let (text, result) =
            self.scripts.get_mut(&task.0).and_then(|s| s.pop_front()).unwrap_or(("", Resumption::Finished));
        if !text.is_empty() {
            self.print(text)?;
        }
        Ok(result)
    }

    fn call(&mut self, process: ProcessId) -> Result<(), HostError> {
        let store = self.store.clone();
        let text = (self.body)(process, &store)?;
        self.print(&text)
    }

    fn commit(&mut self, _signal: SignalId) -> Result<bool, HostError> {
        Ok(self.commits)
    }

    fn print(&mut self, text: &str) -> Result<(), HostError> {
        // Takes the store's lock: proves that it is free.
        self.lines.push(format!("{text} {}", self.store.time()));
        Ok(())
    }

    /// 0, 1, 2, …, as far as the range goes.
    fn draw(&mut self, _generator: u32, numbers: &pyhdl_ir::RandomNumbers) -> Result<Value, HostError> {
        let number = num_bigint::BigInt::from(self.drawn);
        self.drawn += 1;
        Ok(Value::from(numbers.range().hi.map_or(number.clone(), |hi| number % (hi + 1))))
    }

    fn interrupted(&mut self, _time: u64) -> Result<(), HostError> {
        match &mut self.interrupt_after {
            Some(0) => Err(Box::new(Raised("KeyboardInterrupt"))),
            Some(n) => {
                *n -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn outcome_of(&self, error: &HostError) -> Option<Outcome> {
        match error.to_string().as_str() {
            "StopSimulation" => Some(Outcome::Stopped),
            "Suspend" => Some(Outcome::Suspended),
            _ => None,
        }
    }
}
