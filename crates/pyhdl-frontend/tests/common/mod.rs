//! A bench for the frontend: Python source and what its names are bound to, lowered without CPython.
#![allow(dead_code, clippy::unwrap_used)]

pub mod show;

use num_bigint::BigInt;
use pyhdl_diag::{Diagnostic, SourceTable};
use pyhdl_frontend::{
    Binding, ElabFunction, ElabItem, ElabProcess, ElabProcessKind, ElabScope, ElabSignal, ElabSignalType,
    Elaborated, Lowered, Shadow, lower,
};
use pyhdl_ir::{BitsType, Encoding, EnumType, Process, ProcessId, Range, ResetPolarity, Stmt, StmtKind};

const FILE: &str = "design.py";

/// The names that a design's file imports.
const KNOWN: &[(&str, &str)] = &[
    ("range", "builtins.range"),
    ("print", "builtins.print"),
    ("len", "builtins.len"),
    ("int", "builtins.int"),
    ("bool", "builtins.bool"),
    ("abs", "builtins.abs"),
    ("min", "builtins.min"),
    ("max", "builtins.max"),
    ("sum", "builtins.sum"),
    ("any", "builtins.any"),
    ("all", "builtins.all"),
    ("enumerate", "builtins.enumerate"),
    ("zip", "builtins.zip"),
    ("reversed", "builtins.reversed"),
    ("tuple", "builtins.tuple"),
    ("list", "builtins.list"),
    ("divmod", "builtins.divmod"),
    ("pow", "builtins.pow"),
    ("intbv", "pyhdl.intbv"),
    ("modbv", "pyhdl.modbv"),
    ("concat", "pyhdl.concat"),
    ("delay", "pyhdl.delay"),
    ("downrange", "pyhdl.downrange"),
    ("StopSimulation", "pyhdl.StopSimulation"),
];

/// One scope with its names; processes are added one by one.
pub struct Bench {
    elab: Elaborated,
    text: String,
    names: Vec<(String, Binding)>,
    processes: Vec<ElabProcess>,
    lists: u64,
}

/// What the bench's processes became.
pub struct Outcome {
    pub lowered: Lowered,
    pub sources: SourceTable,
}

impl Bench {
    pub fn new() -> Bench {
        let known = KNOWN.iter().map(|(n, k)| ((*n).to_owned(), Binding::Known((*k).to_owned())));
        Bench {
            elab: Elaborated::default(),
            text: String::new(),
            names: known.collect(),
            processes: Vec::new(),
            lists: 0,
        }
    }

    /// The names that most tests use: `a` and `b` of 8 bits unsigned, `c` of 3, `s` of 8 bits signed, the bools `f`
    /// and `g`, the outputs `y` (an int without bounds, which takes any number), `z` (8 bits), `q` (a bool), and the
    /// enumeration `t` with a signal `e` of it.
    pub fn usual() -> Bench {
        let mut bench = Bench::new();
        bench.unsigned("a", 8);
        bench.unsigned("b", 8);
        bench.unsigned("c", 3);
        bench.bits("s", -128, 127, false);
        bench.bool("f");
        bench.bool("g");
        bench.signal("y", ElabSignalType::Int);
        bench.unsigned("z", 8);
        bench.bool("q");
        let t = bench.enumeration("t", &["IDLE", "RUN", "DONE"]);
        bench.signal("e", ElabSignalType::Enum(t));
        bench
    }

    pub fn bind(&mut self, name: &str, binding: Binding) -> &mut Bench {
        self.names.push((name.to_owned(), binding));
        self
    }

    pub fn new_signal(&mut self, ty: ElabSignalType) -> usize {
        let signal =
            ElabSignal { ty, init: BigInt::ZERO, reset: None, shadow: None, constant: false, tristate: None };
        self.elab.signals.push(signal);
        self.elab.signals.len() - 1
    }

    pub fn signal(&mut self, name: &str, ty: ElabSignalType) -> usize {
        let index = self.new_signal(ty);
        self.bind(name, Binding::Signal(index));
        index
    }

    pub fn bool(&mut self, name: &str) -> usize {
        self.signal(name, ElabSignalType::Bool)
    }

    pub fn unsigned(&mut self, name: &str, width: u32) -> usize {
        self.signal(name, ElabSignalType::Bits(BitsType::unsigned(width)))
    }

    /// Bounds are inclusive.
    pub fn bits(&mut self, name: &str, min: i64, max: i64, wraps: bool) -> usize {
        let width = Range::new(min, max).width().unwrap();
        let bits = BitsType { width, min: min.into(), max: max.into(), wraps };
        self.signal(name, ElabSignalType::Bits(bits))
    }

    pub fn reset(&mut self, name: &str, active_high: bool, asynchronous: bool) -> usize {
        let index = self.bool(name);
        self.elab.signals[index].reset = Some(ResetPolarity { active_high, asynchronous });
        index
    }

    pub fn edit(&mut self, signal: usize) -> &mut ElabSignal {
        &mut self.elab.signals[signal]
    }

    pub fn shadow(&mut self, name: &str, width: u32, shadow: Shadow) -> usize {
        let index = self.unsigned(name, width);
        self.elab.signals[index].shadow = Some(shadow);
        index
    }

    pub fn enumeration(&mut self, name: &str, literals: &[&str]) -> usize {
        self.elab.enums.push(EnumType {
            name: name.to_owned(),
            literals: literals.iter().map(|l| (*l).to_owned()).collect(),
            encoding: Encoding::Binary,
        });
        let index = self.elab.enums.len() - 1;
        self.bind(name, Binding::EnumType(index));
        index
    }

    /// A list of `count` signals of `width` bits; returns the first one's index.
    pub fn list(&mut self, name: &str, count: usize, width: u32) -> usize {
        let bits = || ElabSignalType::Bits(BitsType::unsigned(width));
        let elements: Vec<usize> = (0..count).map(|_| self.new_signal(bits())).collect();
        self.lists += 1;
        let identity = self.lists;
        let list =
            Binding::List { identity, elements: elements.iter().map(|i| Binding::Signal(*i)).collect() };
        self.bind(name, list);
        elements[0]
    }

    pub fn int(&mut self, name: &str, value: impl Into<BigInt>) -> &mut Bench {
        self.bind(name, Binding::Int(value.into()))
    }

    pub fn tuple(&mut self, name: &str, values: &[i64]) -> &mut Bench {
        let values = values.iter().map(|v| Binding::Int((*v).into())).collect();
        self.bind(name, Binding::Tuple(values))
    }

    /// A function that processes call: `header` is what follows `def`, as `twice(x)`.
    pub fn function(&mut self, header: &str, body: &str) -> &mut Bench {
        let name = header.split('(').next().unwrap().to_owned();
        let index = self.elab.functions.len();
        self.bind(&name, Binding::Function { function: index, receiver: None });
        let function = self.write(&name, header, body);
        self.elab.functions.push(function);
        self
    }

    /// Writes a function into the file.
    fn write(&mut self, name: &str, header: &str, body: &str) -> ElabFunction {
        let line = self.text.lines().count() as u32 + 1;
        self.text.push_str(&format!("def {header}:\n"));
        for text in body.lines() {
            self.text.push_str(&format!("    {text}\n"));
        }
        let arguments = header.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
        let defaults = arguments
            .split(',')
            .filter_map(|a| a.split_once('='))
            .map(|(name, value)| {
                (name.trim().to_owned(), Binding::Int(value.trim().parse().expect("an integer as a default")))
            })
            .collect();
        let file = Some(FILE.into());
        ElabFunction { name: name.to_owned(), file, line, bindings: Default::default(), defaults }
    }

    pub fn process(&mut self, kind: ElabProcessKind, body: &str) -> &mut Bench {
        let function = self.write("process", "process()", body);
        let host = self.processes.len() as u32;
        self.processes.push(ElabProcess { kind, function, host });
        self
    }

    pub fn last_process(&mut self) -> &mut ElabProcess {
        self.processes.last_mut().unwrap()
    }

    pub fn run(&mut self) -> Outcome {
        let mut elab = self.elab.clone();
        let bindings: indexmap::IndexMap<String, Binding> = self.names.iter().cloned().collect();
        for function in &mut elab.functions {
            function.bindings = bindings.clone();
        }
        let items = self.processes.iter().cloned().map(|mut p| {
            p.function.bindings = bindings.clone();
            ElabItem::Process(Box::new(p))
        });
        let shadows = elab.signals.iter().enumerate().filter(|(_, s)| s.shadow.is_some());
        let items = items.chain(shadows.map(|(i, _)| ElabItem::Shadow(i))).collect();
        elab.scopes.push(ElabScope {
            directions: Vec::new(),
            name: "top".to_owned(),
            block: "top".to_owned(),
            parent: None,
            items,
            names: bindings,
            params: 0,
            code: None,
            doc: None,
            file: FILE.into(),
            line: 1,
        });
        let mut sources = SourceTable::new();
        sources.add(FILE, self.text.clone());
        let lowered = lower(&elab, pyhdl_frontend::LowerOptions::default(), &mut sources);
        Outcome { lowered, sources }
    }

    /// One `@always_comb`.
    pub fn comb(&mut self, body: &str) -> Outcome {
        self.process(ElabProcessKind::Combinational, body).run()
    }

    /// One `@instance`.
    pub fn instance(&mut self, body: &str) -> Outcome {
        self.process(ElabProcessKind::Instance, body).run()
    }

    /// The value that an expression lowers to, and its type.
    pub fn expr(mut self, source: &str) -> (String, String) {
        let out = self.comb(&format!("y.next = {source}"));
        let body = &out.process().body;
        let [Stmt { kind: StmtKind::Assign { value, .. }, .. }] = &body[..] else { panic!("{body:?}") };
        (show::expr(&out.lowered.design, &out.process().locals, value), show::ty(&value.ty))
    }
}

impl Outcome {
    /// The first process, which must have been lowered.
    #[track_caller]
    pub fn process(&self) -> &Process {
        if let Some((_, refusal)) = self.lowered.refusals.first() {
            panic!("refused: {refusal} {:?}", refusal.help);
        }
        &self.lowered.design.processes[ProcessId::from_usize(0)]
    }

    /// The first process's statements, a line each.
    #[track_caller]
    pub fn text(&self) -> String {
        let process = self.process();
        show::block(&self.lowered.design, &process.locals, &process.body)
    }

    /// The statements of the function at `index`.
    #[track_caller]
    pub fn function_text(&self, index: usize) -> String {
        self.process();
        let function = &self.lowered.design.functions[pyhdl_ir::FunctionId::from_usize(index)];
        show::block(&self.lowered.design, &function.locals, &function.body)
    }

    /// The type of a local variable of the first process.
    #[track_caller]
    pub fn local(&self, name: &str) -> String {
        let process = self.process();
        let local = process.locals.iter().find(|l| l.name == name).unwrap();
        show::storage(&local.ty)
    }

    #[track_caller]
    pub fn refusal(&self) -> &Diagnostic {
        match self.lowered.refusals.first() {
            Some((_, refusal)) => refusal,
            None => panic!("lowered to {}", self.text()),
        }
    }

    /// Asserts the code, the line in the file and the help of the refusal, whose message contains `message`.
    #[track_caller]
    pub fn refused(&self, code: u16, line: u32, message: &str, help: &str) {
        self.says(self.refusal(), code, line, message, help);
    }

    #[track_caller]
    pub fn says(&self, d: &Diagnostic, code: u16, line: u32, message: &str, help: &str) {
        let at = self.sources.get(d.labels[0].span.file).line(d.labels[0].span.start);
        assert_eq!((d.code.0, at), (code, line), "{d}");
        assert!(d.message.contains(message), "message: {}", d.message);
        let text = d.help.as_deref().unwrap_or("");
        assert!(text.contains(help), "help: {text}");
        assert!(!text.is_empty(), "no help: {d}");
    }
}
