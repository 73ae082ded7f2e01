//! What every [`Design`] promises, checked: ids in range, a proper tree of scopes, types that fit. A design that keeps
//! to this can be walked, simulated and emitted without looking again. Whether it is good hardware is asked elsewhere:
//! see [`Design::check`].

use std::collections::{HashMap, HashSet};
use std::fmt;

use oxc_index::IndexVec;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::validate_body::{Body, Owner};
use crate::{
    BitsType, Design, FunctionId, GroupKind, Item, Local, LocalId, ProcessKind, Range, ScopeId, SignalId,
    StmtKind, StorageType, Type, Visible,
};

/// A promise that a design breaks: a fault of what made the design, not of its author.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invalid {
    /// What breaks it: ``process `top.counter.count` ``.
    pub place: String,
    pub message: String,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for Invalid {}

impl Design {
    /// Checks everything that the types of a design do not guarantee by themselves.
    ///
    /// # Errors
    /// Every broken promise, in the order of scopes, signals, memories, tables, enumerations, functions, processes.
    pub fn validate(&self) -> Result<(), Vec<Invalid>> {
        let mut validator =
            Validator { design: self, proper_tree: false, place: String::new(), found: Vec::new() };
        validator.scopes();
        validator.signals();
        validator.memories_and_tables();
        validator.enums();
        let calls = validator.functions();
        validator.recursion(&calls);
        validator.processes();
        if validator.found.is_empty() { Ok(()) } else { Err(validator.found) }
    }
}

pub(crate) struct Validator<'a> {
    pub design: &'a Design,
    /// Every scope has a path to the top.
    proper_tree: bool,
    /// What is being looked at.
    place: String,
    found: Vec<Invalid>,
}

impl Validator<'_> {
    pub fn fault(&mut self, message: impl Into<String>) {
        self.found.push(Invalid { place: self.place.clone(), message: message.into() });
    }

    fn look_at(&mut self, what: &str, scope: Option<ScopeId>, name: &str) {
        self.place = match scope.filter(|s| self.proper_tree && s.index() < self.design.scopes.len()) {
            Some(scope) => format!("{what} `{}.{name}`", self.design.path(scope)),
            None => format!("{what} `{name}`"),
        };
    }

    fn scopes(&mut self) {
        let design = self.design;
        self.place = "design".into();
        if design.scopes.is_empty() {
            return self.fault("it has no top scope");
        }
        self.proper_tree = design.scopes.iter_enumerated().all(|(id, s)| s.parent.is_none_or(|p| p < id));
        let mut listed_processes = vec![0u32; design.processes.len()];
        let mut listed_scopes = vec![0u32; design.scopes.len()];
        for (id, scope) in design.scopes.iter_enumerated() {
            self.look_at("scope", scope.parent, &scope.name);
            match scope.parent {
                None if id != design.top() => self.fault("only the top has no parent"),
                Some(parent) if parent >= id => self.fault("a scope comes after its parent"),
                _ => {}
            }
            if scope.params as usize > scope.names.len() {
                self.fault(format!("{} parameters, but {} names", scope.params, scope.names.len()));
            }
            for item in &scope.items {
                match item {
                    Item::Process(p) => match design.processes.get(*p) {
                        None => self.fault(format!("there is no process {}", p.index())),
                        Some(process) => {
                            listed_processes[p.index()] += 1;
                            if process.scope != id {
                                self.fault(format!(
                                    "the process `{}` belongs to another scope",
                                    process.name
                                ));
                            }
                        }
                    },
                    Item::Scope(s) => match design.scopes.get(*s) {
                        None => self.fault(format!("there is no scope {}", s.index())),
                        Some(child) => {
                            listed_scopes[s.index()] += 1;
                            if child.parent != Some(id) {
                                self.fault(format!("the scope `{}` belongs to another scope", child.name));
                            }
                        }
                    },
                }
            }
            let mut names = HashMap::new();
            for (name, visible) in &scope.names {
                match visible {
                    Visible::Signal(s) => self.signal(*s),
                    Visible::Memory(m) if m.index() >= design.memories.len() => {
                        self.fault(format!("there is no memory {}", m.index()));
                    }
                    Visible::Memory(_) => {}
                }
                if names.insert(name, visible).is_some_and(|other| other != visible) {
                    self.fault(format!("the name `{name}` means two things"));
                }
            }
            for group in &scope.groups {
                group.members.iter().for_each(|(_, signal)| self.signal(*signal));
                let length = match &group.kind {
                    GroupKind::Object { .. } => group.members.len(),
                    GroupKind::List { dimensions } => dimensions.iter().map(|l| *l as usize).product(),
                };
                if group.members.is_empty() || group.members.len() != length {
                    self.fault(format!("`{}` has {} members", group.name, group.members.len()));
                }
            }
            let mut ports = HashSet::new();
            for port in &scope.ports {
                self.signal(port.signal);
                if !ports.insert(&port.name) {
                    self.fault(format!("two ports are called `{}`", port.name));
                }
            }
        }
        for ((_, process), times) in design.processes.iter_enumerated().zip(listed_processes) {
            if times != 1 {
                self.look_at("process", Some(process.scope), &process.name);
                self.fault(format!("it is an item of its scope {times} times instead of once"));
            }
        }
        for ((_, scope), times) in design.scopes.iter_enumerated().zip(listed_scopes).skip(1) {
            if times != 1 {
                self.look_at("scope", scope.parent, &scope.name);
                self.fault(format!("it is an item of its parent {times} times instead of once"));
            }
        }
    }

    fn signals(&mut self) {
        for signal in &self.design.signals {
            self.look_at("signal", Some(signal.home), &signal.name);
            self.scope(signal.home);
            self.storage(&signal.ty);
            let fits = match &signal.ty {
                StorageType::Bool => Range::bit().contains(&signal.init),
                StorageType::Bits(bits) => bits.range().contains(&signal.init),
                StorageType::Int(range) => range.contains(&signal.init),
                StorageType::Enum(id) => self.design.enums.get(*id).is_none_or(|e| {
                    usize::try_from(&signal.init).is_ok_and(|index| index < e.literals.len())
                }),
                StorageType::Opaque => true,
            };
            if !fits {
                self.fault(format!("the initial value {} is not of its type", signal.init));
            }
        }
    }

    fn memories_and_tables(&mut self) {
        let design = self.design;
        for memory in &design.memories {
            self.look_at("memory", Some(memory.home), &memory.name);
            self.scope(memory.home);
            if memory.elements.is_empty() {
                self.fault("it has no elements");
            }
            memory.elements.iter().for_each(|s| self.signal(*s));
            let mut types = memory.elements.iter().filter_map(|s| design.signals.get(*s)).map(|s| &s.ty);
            if let Some(first) = types.next()
                && types.any(|ty| ty != first)
            {
                self.fault("its elements have different types");
            }
        }
        for table in &design.tables {
            self.look_at("table", None, &table.name);
            if table.entries.is_empty() {
                self.fault("it has no entries");
            }
        }
    }

    fn enums(&mut self) {
        for e in &self.design.enums {
            self.look_at("enumeration", None, &e.name);
            if e.literals.is_empty() {
                self.fault("it has no literals");
            }
            let mut seen = HashSet::new();
            if let Some(twice) = e.literals.iter().find(|l| !seen.insert(*l)) {
                self.fault(format!("the literal `{twice}` is there twice"));
            }
        }
    }

    /// For each function, which ones it calls.
    fn functions(&mut self) -> Vec<Vec<FunctionId>> {
        let mut calls = Vec::new();
        for function in &self.design.functions {
            self.look_at("function", Some(function.scope), &function.name);
            self.scope(function.scope);
            self.locals(&function.locals);
            if function.params as usize > function.locals.len() {
                self.fault(format!("{} parameters, but {} locals", function.params, function.locals.len()));
            }
            if let Some(ty) = &function.returns {
                self.ty(ty);
            }
            let owner = Owner::Function(function.returns.as_ref());
            calls.push(Body::check(self, &function.locals, owner, &function.body));
        }
        calls
    }

    fn recursion(&mut self, calls: &[Vec<FunctionId>]) {
        let design = self.design;
        let mut graph: DiGraph<FunctionId, ()> = DiGraph::new();
        for id in design.functions.indices() {
            graph.add_node(id);
        }
        for (caller, callees) in calls.iter().enumerate() {
            for callee in callees {
                graph.add_edge(NodeIndex::new(caller), NodeIndex::new(callee.index()), ());
            }
        }
        if let Err(cycle) = petgraph::algo::toposort(&graph, None) {
            let function = &design.functions[graph[cycle.node_id()]];
            self.look_at("function", Some(function.scope), &function.name);
            self.fault("it calls itself, at once or through others");
        }
    }

    fn processes(&mut self) {
        let no_locals = IndexVec::new();
        for process in &self.design.processes {
            self.look_at("process", Some(process.scope), &process.name);
            self.scope(process.scope);
            self.locals(&process.locals);
            match &process.kind {
                ProcessKind::Continuous { sensitivity } | ProcessKind::Combinational { sensitivity } => {
                    sensitivity.iter().for_each(|s| self.signal(*s));
                }
                ProcessKind::Triggered { triggers } => {
                    // A process that waits for nothing would run forever at one time.
                    if triggers.is_empty() {
                        self.fault("it has no triggers");
                    }
                    Body::check_triggers(self, &no_locals, triggers);
                }
                ProcessKind::Sequential { clock, reset, .. } => {
                    self.signal(*clock);
                    if let Some(reset) = reset {
                        self.signal(reset.signal);
                        reset.targets.iter().for_each(|s| self.signal(*s));
                    }
                }
                ProcessKind::Opaque { reads, drives } => {
                    reads.iter().chain(drives).for_each(|s| self.signal(*s));
                    if !process.body.is_empty() {
                        self.fault("its inside is not known, but it has a body");
                    }
                }
                ProcessKind::Thread => {}
            }
            if process.foreign.is_some() {
                if !process.body.is_empty() {
                    self.fault("it stays in Python, but it has a body");
                }
                continue;
            }
            if matches!(process.kind, ProcessKind::Continuous { .. })
                && !matches!(process.body.as_slice(), [stmt] if matches!(stmt.kind, StmtKind::Assign { .. }))
            {
                self.fault("a continuous assignment's body is one assignment");
            }
            let owner = Owner::Process { thread: process.kind == ProcessKind::Thread };
            Body::check(self, &process.locals, owner, &process.body);
        }
    }

    fn locals(&mut self, locals: &IndexVec<LocalId, Local>) {
        for local in locals {
            let before = self.found.len();
            self.storage(&local.ty);
            for found in &mut self.found[before..] {
                found.message = format!("local `{}`: {}", local.name, found.message);
            }
        }
    }

    pub fn signal(&mut self, id: SignalId) {
        if id.index() >= self.design.signals.len() {
            self.fault(format!("there is no signal {}", id.index()));
        }
    }

    fn scope(&mut self, id: ScopeId) {
        if id.index() >= self.design.scopes.len() {
            self.fault(format!("there is no scope {}", id.index()));
        }
    }

    fn storage(&mut self, ty: &StorageType) {
        match ty {
            StorageType::Bits(BitsType { width, min, max, .. }) => {
                if min > max {
                    self.fault(format!("the bounds {min}..{max} are empty"));
                } else if Range::new(min.clone(), max.clone()).width().is_some_and(|w| w > *width) {
                    self.fault(format!("{width} bits do not hold {min}..{max}"));
                }
            }
            StorageType::Bool | StorageType::Opaque => {}
            StorageType::Enum(_) | StorageType::Int(_) => self.ty(&ty.value_type()),
        }
    }

    pub fn ty(&mut self, ty: &Type) {
        match ty {
            Type::Bool => {}
            Type::Int(range) => {
                if range.lo.as_ref().zip(range.hi.as_ref()).is_some_and(|(lo, hi)| lo > hi) {
                    self.fault("a range is empty");
                }
            }
            Type::Enum(id) => {
                if id.index() >= self.design.enums.len() {
                    self.fault(format!("there is no enumeration {}", id.index()));
                }
            }
        }
    }
}
