//! A part of the hierarchy as a design of its own.

use std::collections::{BTreeSet, HashMap};

use oxc_index::IndexVec;

use crate::{
    BlackBox, Block, BoxPort, CodeBody, CodePart, Design, Expr, ExprKind, FunctionId, Item, MemoryId, Place,
    ProcessId, ProcessKind, ScopeId, SignalId, StmtKind, Trigger, UserCode, Visible, for_each_stmt_mut,
};

/// Where the parts of a design that was cut out came from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// For each signal of the part, its id in the whole.
    pub signals: IndexVec<SignalId, SignalId>,
    /// For each process of the part, its id in the whole.
    pub processes: IndexVec<ProcessId, ProcessId>,
    /// For each scope of the part, its id in the whole.
    pub scopes: IndexVec<ScopeId, ScopeId>,
    /// For each memory of the part, its id in the whole.
    pub memories: IndexVec<MemoryId, MemoryId>,
}

impl Origin {
    /// What authors wrote for blocks of the whole, for those of the part.
    pub fn user_code(&self, whole: &HashMap<ProcessId, UserCode>) -> HashMap<ProcessId, UserCode> {
        let signals: HashMap<SignalId, SignalId> =
            self.signals.iter_enumerated().map(|(new, old)| (*old, new)).collect();
        let memories: HashMap<MemoryId, MemoryId> =
            self.memories.iter_enumerated().map(|(new, old)| (*old, new)).collect();
        let part = |part: &CodePart| match part {
            CodePart::Signal(id) => signals.get(id).map(|id| CodePart::Signal(*id)),
            CodePart::Memory(id) => memories.get(id).map(|id| CodePart::Memory(*id)),
            CodePart::Text(text) => Some(CodePart::Text(text.clone())),
        };
        let body = |body: &CodeBody| match body {
            CodeBody::Text(parts) => CodeBody::Text(parts.iter().filter_map(part).collect()),
            CodeBody::Instance(name) => CodeBody::Instance(name.clone()),
            CodeBody::BlackBox(there) => {
                let port = |p: &BoxPort| Some(BoxPort { signal: *signals.get(&p.signal)?, ..p.clone() });
                let ports = there.ports.iter().filter_map(port);
                CodeBody::BlackBox(BlackBox { ports: ports.collect(), ..there.clone() })
            }
        };
        let code = |code: &UserCode| UserCode {
            verilog: code.verilog.as_ref().map(body),
            vhdl: code.vhdl.as_ref().map(body),
            wires: code.wires.iter().filter_map(|id| signals.get(id).copied()).collect(),
        };
        let of = self.processes.iter_enumerated().filter_map(|(new, old)| Some((new, code(whole.get(old)?))));
        of.collect()
    }
}

impl Design {
    /// The design whose top is `scope`. Signals that cross its boundary are ports of the new top.
    pub fn subtree(&self, scope: ScopeId) -> (Design, Origin) {
        let mut cut = Cut::new(self);
        cut.collect(scope);
        let design = cut.build(scope);
        (design, cut.origin)
    }
}

struct Cut<'a> {
    whole: &'a Design,
    origin: Origin,
    scopes: HashMap<ScopeId, ScopeId>,
    signals: HashMap<SignalId, SignalId>,
    memories: HashMap<MemoryId, MemoryId>,
    kept_memories: Vec<MemoryId>,
    functions: HashMap<FunctionId, FunctionId>,
    kept_functions: Vec<FunctionId>,
}

impl<'a> Cut<'a> {
    fn new(whole: &'a Design) -> Self {
        Cut {
            whole,
            origin: Origin::default(),
            scopes: HashMap::new(),
            signals: HashMap::new(),
            memories: HashMap::new(),
            kept_memories: Vec::new(),
            functions: HashMap::new(),
            kept_functions: Vec::new(),
        }
    }

    fn collect(&mut self, top: ScopeId) {
        // Parents come before their children, so one pass finds the whole subtree.
        for (id, scope) in self.whole.scopes.iter_enumerated() {
            if id == top || scope.parent.is_some_and(|p| self.scopes.contains_key(&p)) {
                self.scopes.insert(id, self.origin.scopes.push(id));
            }
        }
        for (id, function) in self.whole.functions.iter_enumerated() {
            if self.scopes.contains_key(&function.scope) {
                self.functions.insert(id, FunctionId::from_usize(self.kept_functions.len()));
                self.kept_functions.push(id);
            }
        }
        let mut signals = BTreeSet::new();
        for (id, process) in self.whole.processes.iter_enumerated() {
            if self.scopes.contains_key(&process.scope) {
                self.origin.processes.push(id);
                let uses = self.whole.uses(process);
                signals.extend(uses.reads);
                signals.extend(uses.drives);
            }
        }
        // Functions that no process calls: the caller was refused after its call had been lowered.
        for id in &self.kept_functions {
            let uses = self.whole.body_uses(&self.whole.functions[*id].body);
            signals.extend(uses.reads);
            signals.extend(uses.drives);
        }
        let mut named = BTreeSet::new();
        for id in self.origin.scopes.iter() {
            for (_, visible) in &self.whole.scopes[*id].names {
                match visible {
                    Visible::Signal(s) => {
                        signals.insert(*s);
                    }
                    Visible::Memory(m) => {
                        named.insert(*m);
                    }
                }
            }
        }
        for (id, memory) in self.whole.memories.iter_enumerated() {
            // A memory is kept where all its elements are: its elements were used through it.
            if named.contains(&id) || memory.elements.iter().all(|s| signals.contains(s)) {
                signals.extend(&memory.elements);
                self.memories.insert(id, MemoryId::from_usize(self.kept_memories.len()));
                self.kept_memories.push(id);
                self.origin.memories.push(id);
            }
        }
        for id in signals {
            self.signals.insert(id, self.origin.signals.push(id));
        }
    }

    fn build(&self, top: ScopeId) -> Design {
        let whole = self.whole;
        let mut design = Design {
            enums: whole.enums.clone(),
            tables: whole.tables.clone(),
            constants: whole.constants.clone(),
            ..Design::default()
        };
        let new_top = design.top();
        let mut processes = HashMap::new();
        for (new, old) in self.origin.processes.iter_enumerated() {
            processes.insert(*old, new);
        }
        for old in &self.origin.signals {
            let mut signal = whole.signals[*old].clone();
            signal.home = new_top;
            design.signals.push(signal);
        }
        for old in &self.kept_memories {
            let mut memory = whole.memories[*old].clone();
            memory.home = new_top;
            memory.elements.iter_mut().for_each(|s| *s = self.signals[s]);
            design.memories.push(memory);
        }
        for old in &self.origin.scopes {
            let mut scope = whole.scopes[*old].clone();
            if *old == top {
                let mut names = scope.names;
                let rest = names.split_off(scope.params as usize);
                // What crosses the boundary without being a parameter becomes a parameter of the new top.
                for port in &scope.ports {
                    if !names.iter().any(|(_, v)| *v == Visible::Signal(port.signal)) {
                        names.push((port.name.clone(), Visible::Signal(port.signal)));
                    }
                }
                scope.params = names.len() as u32;
                names.extend(rest);
                scope.names = names;
                scope.parent = None;
            } else {
                scope.parent = scope.parent.map(|p| self.scopes[&p]);
            }
            // They will be placed anew, but keep their spans.
            scope.ports.retain_mut(|port| {
                self.signals.get(&port.signal).map(|signal| port.signal = *signal).is_some()
            });
            scope.items = scope
                .items
                .iter()
                .map(|item| match item {
                    Item::Process(p) => Item::Process(processes[p]),
                    Item::Scope(s) => Item::Scope(self.scopes[s]),
                })
                .collect();
            scope.names = scope
                .names
                .into_iter()
                .map(|(name, visible)| {
                    let visible = match visible {
                        Visible::Signal(s) => Visible::Signal(self.signals[&s]),
                        Visible::Memory(m) => Visible::Memory(self.memories[&m]),
                    };
                    (name, visible)
                })
                .collect();
            design.scopes.push(scope);
        }
        for old in &self.kept_functions {
            let mut function = whole.functions[*old].clone();
            function.scope = self.scopes[&function.scope];
            self.block(&mut function.body);
            design.functions.push(function);
        }
        for old in &self.origin.processes {
            let mut process = whole.processes[*old].clone();
            process.scope = self.scopes[&process.scope];
            self.kind(&mut process.kind);
            self.block(&mut process.body);
            design.processes.push(process);
        }
        design.place_signals();
        design
    }

    fn kind(&self, kind: &mut ProcessKind) {
        match kind {
            ProcessKind::Continuous { sensitivity } | ProcessKind::Combinational { sensitivity } => {
                sensitivity.iter_mut().for_each(|s| *s = self.signals[s]);
            }
            ProcessKind::Triggered { triggers } => triggers.iter_mut().for_each(|t| self.trigger(t)),
            ProcessKind::Sequential { clock, reset, .. } => {
                *clock = self.signals[clock];
                if let Some(reset) = reset {
                    reset.signal = self.signals[&reset.signal];
                    reset.targets.iter_mut().for_each(|s| *s = self.signals[s]);
                }
            }
            ProcessKind::Opaque { reads, drives } => {
                reads.iter_mut().chain(drives).for_each(|s| *s = self.signals[s]);
            }
            ProcessKind::Thread => {}
        }
    }

    fn trigger(&self, trigger: &mut Trigger) {
        match trigger {
            Trigger::Change(s) | Trigger::Rising(s) | Trigger::Falling(s) => *s = self.signals[s],
            Trigger::Delay(_) => {}
        }
    }

    fn block(&self, block: &mut Block) {
        for_each_stmt_mut(block, &mut |stmt| {
            match &mut stmt.kind {
                StmtKind::Assign { target, .. } => match &mut target.place {
                    Place::Signal(s) => *s = self.signals[s],
                    Place::Memory { memory, .. } => *memory = self.memories[memory],
                    Place::Local(_) | Place::Element { .. } => {}
                },
                StmtKind::Call { function, .. } => *function = self.functions[function],
                StmtKind::Wait(triggers) => triggers.iter_mut().for_each(|t| self.trigger(t)),
                _ => {}
            }
            stmt.kind.for_each_expr_mut(&mut |e| self.expr(e));
        });
    }

    fn expr(&self, e: &mut Expr) {
        match &mut e.kind {
            ExprKind::Signal(s) => *s = self.signals[s],
            ExprKind::MemoryRead { memory, .. } => *memory = self.memories[memory],
            ExprKind::Call { function, .. } => *function = self.functions[function],
            _ => {}
        }
        e.kind.for_each_operand_mut(&mut |child| self.expr(child));
    }
}
