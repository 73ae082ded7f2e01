//! [`Lowering`]: what all processes of one design share while they are lowered: the growing design, the sources,
//! and what has been made already (memories, tables, functions).

use std::collections::{BTreeSet, HashMap, HashSet};

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{Diagnostic, Diagnostics, FileId, SourceTable, Span};
use pyhdl_ir::*;
use pyhdl_syntax::Sources;

use crate::call_ranges::Starts;
use crate::function::CallKey;
use crate::names::{flatten, groups};
use crate::process::lower_process;
use crate::value::{PyType, Refusal};
use crate::variables::User;
use crate::{
    Binding, ElabCode, ElabCodeBody, ElabCodePart, ElabItem, ElabScope, ElabSignalType, ElabTristate,
    Elaborated, LowerOptions, Lowered, Shadow, ShadowPart, codes,
};

pub(crate) struct Lowering<'a> {
    pub elab: &'a Elaborated,
    pub design: Design,
    pub sources: Sources,
    /// Refuse what MyHDL does not convert.
    pub portable: bool,
    pub table: &'a mut SourceTable,
    /// Memories by the identity of the Python list, or by their elements.
    pub memories: HashMap<MemoryKey, MemoryId>,
    pub tables: HashMap<(String, Vec<BigInt>), TableId>,
    pub functions: HashMap<CallKey, FunctionId>,
    pub starts: Starts,
    /// In portable mode: the lists that bodies index, by their identity, with their signals and a place of use.
    pub lists: HashMap<u64, (Vec<usize>, Span)>,
    /// What bodies gave reason to say.
    pub notes: Diagnostics,
    /// Variables outside of processes that processes change, by their identity.
    pub variables: HashMap<u64, User>,
    /// Functions whose callers a simulation runs in Python.
    pub python_functions: HashSet<FunctionId>,
    /// The Python types that lowered functions return.
    pub return_types: HashMap<FunctionId, PyType>,
    /// Python functions whose calls are being lowered, innermost last.
    pub calls: Vec<crate::function::Callee>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum MemoryKey {
    List(u64),
    Elements(Vec<usize>),
}

pub(crate) fn lower(elab: &Elaborated, options: LowerOptions, table: &mut SourceTable) -> Lowered {
    let mut low = Lowering {
        elab,
        design: Design::default(),
        sources: Sources::new(),
        portable: options.portable,
        table,
        memories: HashMap::new(),
        tables: HashMap::new(),
        functions: HashMap::new(),
        starts: Starts::new(),
        lists: HashMap::new(),
        notes: Diagnostics::new(),
        variables: HashMap::new(),
        python_functions: HashSet::new(),
        return_types: HashMap::new(),
        calls: Vec::new(),
    };
    low.design.enums = elab.enums.iter().cloned().collect();
    low.signals();
    let mut hosts = IndexVec::new();
    let mut code = HashMap::new();
    let mut boxes = HashMap::new();
    let mut in_python = HashSet::new();
    let mut refusals = Vec::new();
    let mut diagnostics = Diagnostics::new();
    low.scopes();
    low.find_variables();
    for (index, scope) in elab.scopes.iter().enumerate() {
        if let Some(written) = &scope.code {
            let (process, text) = low.user_code(ScopeId::from_usize(index), written);
            hosts.push(None);
            code.insert(process, text);
            if let Some(ElabCodeBody::BlackBox(there)) = &written.verilog {
                boxes.insert(process, there);
            }
        }
        low.items(
            ScopeId::from_usize(index),
            scope,
            &mut hosts,
            &mut in_python,
            &mut refusals,
            &mut diagnostics,
        );
    }
    let starts = std::mem::take(&mut low.starts);
    crate::call_ranges::refine(&mut low.design, starts);
    crate::black_box::settle(&mut low.design, &boxes, &mut code, &mut diagnostics);
    low.check_portable(&mut diagnostics);
    low.names();
    low.design.place_signals();
    if refusals.is_empty() {
        // What a process that stays in Python drives is not known.
        low.directions(&mut diagnostics);
    }
    low.find_declarations();
    debug_assert_eq!(low.design.validate(), Ok(()));
    Lowered { design: low.design, hosts, code, in_python, refusals, diagnostics }
}

impl Lowering<'_> {
    /// The span of a scope's or function's first line; an empty span of a nameless file where there is no source.
    pub fn line_span(&mut self, path: Option<&std::path::Path>, line: u32) -> Span {
        let file = path.and_then(|p| self.sources.file(p, self.table).ok());
        match file {
            Some(file) => self.table.line_span(file, line),
            None => Span::new(self.nowhere(), 0, 0),
        }
    }

    fn nowhere(&mut self) -> FileId {
        self.table.add("<no source>", "")
    }

    fn signals(&mut self) {
        let nowhere = Span::new(self.nowhere(), 0, 0);
        for signal in &self.elab.signals {
            let ty = match &signal.ty {
                ElabSignalType::Bool | ElabSignalType::Open => StorageType::Bool,
                ElabSignalType::Bits(bits) => StorageType::Bits(bits.clone()),
                ElabSignalType::Int => StorageType::Int(Range::all()),
                ElabSignalType::Enum(index) => StorageType::Enum(EnumId::from_usize(*index)),
                ElabSignalType::Object(_) => StorageType::Opaque,
            };
            self.design.signals.push(Signal {
                name: String::new(),
                home: ScopeId::from_usize(0),
                ty,
                init: signal.init.clone(),
                constant: signal.constant,
                floating: signal.tristate.is_some(),
                reset: signal.reset,
                span: nowhere,
            });
        }
    }

    /// Ports that do something else than their annotations say.
    fn directions(&self, diagnostics: &mut Diagnostics) {
        for (elab, scope) in self.elab.scopes.iter().zip(&self.design.scopes) {
            for (name, declared) in &elab.directions {
                let Some(port) = scope.ports.iter().find(|p| p.name == *name) else { continue };
                let message = match (declared, port.direction) {
                    (_, Direction::InOut) | (Direction::InOut, _) => continue,
                    (Direction::In, Direction::In) | (Direction::Out, Direction::Out) => continue,
                    (Direction::In, _) => format!("`{}` drives its input `{name}`", scope.block),
                    (Direction::Out, _) => format!("`{}` does not drive its output `{name}`", scope.block),
                };
                let help = "correct the annotation (In, Out), or what the block does";
                diagnostics.push(
                    Diagnostic::error(codes::DIRECTION, message).at(scope.span, "in this block").help(help),
                );
            }
        }
    }

    fn scopes(&mut self) {
        for scope in &self.elab.scopes {
            let span = self.line_span(Some(&scope.file), scope.line);
            self.design.scopes.push(Scope {
                name: scope.name.clone(),
                block: scope.block.clone(),
                parent: scope.parent.map(ScopeId::from_usize),
                items: Vec::new(),
                names: Vec::new(),
                params: 0,
                groups: Vec::new(),
                ports: Vec::new(),
                doc: scope.doc.clone(),
                span,
                instance: None,
            });
        }
    }

    fn items(
        &mut self,
        id: ScopeId,
        scope: &ElabScope,
        hosts: &mut IndexVec<ProcessId, Option<u32>>,
        in_python: &mut HashSet<ProcessId>,
        refusals: &mut Vec<(ProcessId, pyhdl_diag::Diagnostic)>,
        diagnostics: &mut Diagnostics,
    ) {
        for item in &scope.items {
            let item = match item {
                ElabItem::Scope(child) => Item::Scope(ScopeId::from_usize(*child)),
                ElabItem::Bus(bus) => {
                    for (driver, signal) in self.elab.signals.iter().enumerate() {
                        if signal.tristate == Some(ElabTristate::Driver(*bus)) {
                            let driver = SignalId::from_usize(driver);
                            let process = self.continuous(id, *bus, ExprKind::Signal(driver), vec![driver]);
                            hosts.push(None);
                            let process = self.design.processes.push(process);
                            self.design.scopes[id].items.push(Item::Process(process));
                        }
                    }
                    continue;
                }
                ElabItem::Shadow(signal) => {
                    let process = self.shadow(id, *signal);
                    hosts.push(None);
                    Item::Process(self.design.processes.push(process))
                }
                ElabItem::Process(process) => {
                    let lowered = lower_process(self, id, process);
                    let index = self.design.processes.push(lowered.process);
                    hosts.push(Some(process.host));
                    if lowered.in_python {
                        in_python.insert(index);
                    }
                    if let Some(refusal) = lowered.refusal {
                        refusals.push((index, *refusal));
                    }
                    diagnostics.extend(lowered.diagnostics);
                    for note in self.notes.drain(..) {
                        // A body may have been lowered twice.
                        if !diagnostics.contains(&note) {
                            diagnostics.push(note);
                        }
                    }
                    Item::Process(index)
                }
            };
            self.design.scopes[id].items.push(item);
        }
    }

    /// The process that stands for an author's own text, and the text.
    fn user_code(&mut self, scope: ScopeId, written: &ElabCode) -> (ProcessId, UserCode) {
        let mut reads: BTreeSet<SignalId> = written.reads.iter().copied().map(SignalId::from_usize).collect();
        let mut body = |low: &mut Self, body: &Option<ElabCodeBody>| match body {
            None => None,
            Some(ElabCodeBody::Instance(name)) => Some(CodeBody::Instance(name.clone())),
            Some(ElabCodeBody::BlackBox(there)) => {
                Some(CodeBody::BlackBox(crate::black_box::black_box(&low.design, scope, there)))
            }
            Some(ElabCodeBody::Text(parts)) => Some(CodeBody::Text(
                parts.iter().map(|part| low.code_part(scope, part, &mut reads)).collect(),
            )),
        };
        let text = UserCode {
            verilog: body(self, &written.verilog),
            vhdl: body(self, &written.vhdl),
            wires: written.wires.iter().copied().map(SignalId::from_usize).collect(),
        };
        let drives: Vec<SignalId> = written.drives.iter().copied().map(SignalId::from_usize).collect();
        let process = self.design.processes.push(Process {
            name: "code".to_owned(),
            scope,
            kind: ProcessKind::Opaque {
                reads: reads.into_iter().filter(|s| !drives.contains(s)).collect(),
                drives,
            },
            locals: IndexVec::new(),
            body: Block::new(),
            foreign: None,
            doc: None,
            span: self.design.scopes[scope].span,
        });
        self.design.scopes[scope].items.push(Item::Process(process));
        (process, text)
    }

    fn code_part(&mut self, scope: ScopeId, part: &ElabCodePart, reads: &mut BTreeSet<SignalId>) -> CodePart {
        match part {
            ElabCodePart::Text(text) => CodePart::Text(text.clone()),
            ElabCodePart::Signal(index) => {
                let id = SignalId::from_usize(*index);
                reads.insert(id);
                CodePart::Signal(id)
            }
            ElabCodePart::List(list) => {
                let span = self.design.scopes[scope].span;
                match self.memory("memory", scope, list, span) {
                    Some(memory) => {
                        reads.extend(&self.design.memories[memory].elements);
                        CodePart::Memory(memory)
                    }
                    None => CodePart::Text(String::new()),
                }
            }
        }
    }

    /// The continuous assignment that a shadow signal stands for.
    fn shadow(&mut self, scope: ScopeId, signal: usize) -> Process {
        let span = self.design.scopes[scope].span;
        let read = |low: &Self, index: usize| {
            let id = SignalId::from_usize(index);
            Expr { kind: ExprKind::Signal(id), ty: low.design.signals[id].ty.value_type(), span }
        };
        let constant = |value: BigInt| Expr {
            ty: Type::Int(Range::exactly(value.clone())),
            kind: ExprKind::Const(value),
            span,
        };
        let mut sensitivity = Vec::new();
        let kind = match self.elab.signals[signal].shadow.clone() {
            Some(Shadow::Signal { parent }) => {
                sensitivity.push(SignalId::from_usize(parent));
                read(self, parent).kind
            }
            Some(Shadow::Bit { parent, index }) => {
                sensitivity.push(SignalId::from_usize(parent));
                let (value, index) = (Box::new(read(self, parent)), Box::new(constant(index.into())));
                ExprKind::Bit { value, index }
            }
            Some(Shadow::Slice { parent, high, low }) => {
                sensitivity.push(SignalId::from_usize(parent));
                let width = high.saturating_sub(low);
                let (value, low) = (Box::new(read(self, parent)), Box::new(constant(low.into())));
                ExprKind::Slice { value, low, width }
            }
            Some(Shadow::Concat(parts)) => {
                let mut operands = Vec::new();
                for part in parts {
                    let (value, width) = match part {
                        ShadowPart::Signal(index) => {
                            let id = SignalId::from_usize(index);
                            sensitivity.push(id);
                            (read(self, index), self.design.signals[id].ty.width().unwrap_or(1))
                        }
                        ShadowPart::Constant { value, width } => (constant(value), width),
                    };
                    operands.push(ConcatPart { value, width });
                }
                ExprKind::Concat(operands)
            }
            None => ExprKind::Const(self.elab.signals[signal].init.clone()),
        };
        self.continuous(scope, signal, kind, sensitivity)
    }

    /// A continuous assignment.
    fn continuous(
        &mut self,
        scope: ScopeId,
        signal: usize,
        kind: ExprKind,
        mut sensitivity: Vec<SignalId>,
    ) -> Process {
        let span = self.design.scopes[scope].span;
        let ty = expr_type(&kind, &TypeContext { design: &self.design, locals: &IndexVec::new() });
        sensitivity.sort_unstable();
        sensitivity.dedup();
        let target = Target { place: Place::Signal(SignalId::from_usize(signal)), part: None, span };
        Process {
            name: String::new(),
            scope,
            kind: ProcessKind::Continuous { sensitivity },
            locals: IndexVec::new(),
            body: vec![Stmt { kind: StmtKind::Assign { target, value: Expr { kind, ty, span } }, span }],
            foreign: None,
            doc: None,
            span,
        }
    }

    /// Gives every scope its flattened names; lists that became memories are visible as memories as well.
    fn names(&mut self) {
        for (index, scope) in self.elab.scopes.iter().enumerate() {
            let (mut names, mut grouped) = (Vec::new(), Vec::new());
            let mut params = 0;
            for (position, (name, binding)) in scope.names.iter().enumerate() {
                if position == scope.params {
                    params = names.len() as u32;
                }
                flatten(name, binding, &self.memories, &mut names);
                groups(name, binding, &mut grouped);
            }
            if scope.names.len() <= scope.params {
                params = names.len() as u32;
            }
            let scope = &mut self.design.scopes[ScopeId::from_usize(index)];
            scope.names = names;
            scope.groups = grouped;
            scope.params = params;
        }
        // A continuous assignment is called after the signal that it drives, under its name in the same scope.
        let mut shadow_names: HashMap<(ScopeId, SignalId), String> = HashMap::new();
        for (id, scope) in self.design.scopes.iter_enumerated() {
            for (name, visible) in &scope.names {
                if let Visible::Signal(signal) = visible {
                    shadow_names.entry((id, *signal)).or_insert_with(|| name.clone());
                }
            }
        }
        for process in &mut self.design.processes {
            if let (ProcessKind::Continuous { .. }, Some(Stmt { kind: StmtKind::Assign { target, .. }, .. })) =
                (&process.kind, process.body.first())
                && let Place::Signal(signal) = target.place
            {
                process.name = shadow_names
                    .get(&(process.scope, signal))
                    .cloned()
                    .unwrap_or_else(|| format!("shadow_{}", signal.index()));
            }
        }
    }

    /// The memory for a list of signals; `None` where an element is something else or the types differ.
    pub fn memory(&mut self, name: &str, scope: ScopeId, list: &Binding, span: Span) -> Option<MemoryId> {
        let (elements, key) = match list {
            Binding::List { identity, elements } => (elements, Some(MemoryKey::List(*identity))),
            Binding::Tuple(elements) => (elements, None),
            _ => return None,
        };
        if let Some(id) = key.as_ref().and_then(|k| self.memories.get(k)) {
            return Some(*id);
        }
        let signals: Option<Vec<usize>> = elements
            .iter()
            .map(|e| match e {
                Binding::Signal(index) => Some(*index),
                _ => None,
            })
            .collect();
        let signals = signals.filter(|s| !s.is_empty())?;
        let first = &self.elab.signals[signals[0]].ty;
        if signals.iter().any(|s| self.elab.signals[*s].ty != *first) {
            return None;
        }
        let key = key.unwrap_or_else(|| MemoryKey::Elements(signals.clone()));
        if let Some(id) = self.memories.get(&key) {
            return Some(*id);
        }
        let elements = signals.into_iter().map(SignalId::from_usize).collect();
        let id = self.design.memories.push(Memory { name: name.to_owned(), home: scope, elements, span });
        self.memories.insert(key, id);
        Some(id)
    }

    /// The table for a tuple of integers.
    pub fn rom(&mut self, name: &str, entries: Vec<BigInt>) -> TableId {
        let key = (name.to_owned(), entries);
        if let Some(id) = self.tables.get(&key) {
            return *id;
        }
        let id = self.design.tables.push(Table { name: key.0.clone(), entries: key.1.clone() });
        self.tables.insert(key, id);
        id
    }

    /// The `def` line of a function.
    pub fn table_line(&self, file: FileId, def: &pyhdl_syntax::ast::StmtFunctionDef) -> Span {
        let line = self.table.get(file).line(pyhdl_syntax::span(file, def).start);
        self.table.line_span(file, line)
    }

    pub fn refusal(
        &self,
        code: pyhdl_diag::Code,
        message: impl Into<String>,
        at: Span,
        label: &str,
    ) -> Refusal {
        Box::new(pyhdl_diag::Diagnostic::error(code, message).at(at, label))
    }
}
