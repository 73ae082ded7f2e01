//! What a module consists of, and what everything in it is called: the part of printing that both languages share.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use num_bigint::BigInt;
use oxc_index::IndexVec;
use petgraph::algo::is_cyclic_directed;
use petgraph::graph::{DiGraph, NodeIndex};
use pyhdl_diag::Span;
use pyhdl_ir::{
    Block, CodeBody, CodePart, Design, Direction, EnumId, Expr, ExprKind, Function, FunctionId, Item,
    LocalId, MemoryId, Place, Process, ProcessId, ProcessKind, ScopeId, SignalId, Stmt, StmtKind,
    StorageType, TableId, Trigger, for_each_node, for_each_stmt,
};

use crate::bundles::Bundles;
use crate::chains::Labels;
use crate::enums::Enums;
use crate::members::{Bundled, Members, Row, chosen_from};
use crate::naming::{Names, Renames};
use crate::prepare::Prepared;
use crate::storage::Arrays;
use crate::user_code::External;
use crate::vector::Constant;
use crate::verilog::always::Form;
use crate::{EmitOptions, InitialValues, Language};

/// Facts about the whole design, gathered once.
pub(crate) struct Plan<'a> {
    pub design: &'a Design,
    pub arrays: &'a Arrays,
    pub language: Language,
    pub options: &'a EmitOptions<'a>,
    /// The processes that run when everything has settled.
    pub settled: &'a HashSet<ProcessId>,
    /// Where the values of the arms of choices are in the Python.
    labels: &'a Labels,
    /// What each signal was called in Python, where that is no longer its name.
    pub paths: &'a [String],
    /// What the variables of combinational Verilog processes show at power-up: `always @*` runs only when something
    /// has changed. Everything else finds its value by itself.
    power_up: HashMap<SignalId, &'a BigInt>,
    /// Signals that some process reads, drives or waits for.
    used: HashSet<SignalId>,
    homes: HashMap<ScopeId, Vec<SignalId>>,
    memories: HashMap<ScopeId, Vec<MemoryId>>,
    /// What has another name than in Python.
    pub renamed: Renames,
    /// Names that every module inherits from around it.
    inherited: Vec<String>,
    /// The enumerations that all modules see.
    shared: &'a Enums,
    /// The ports that stand together.
    pub bundles: &'a Bundles,
    /// Signals of which a position at run time says what is read, where structures have members.
    pub chosen_from: HashSet<SignalId>,
    /// What starts each process, in SystemVerilog.
    forms: Option<&'a IndexVec<ProcessId, Form>>,
}

/// Who drives a signal, seen from inside one module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Driver {
    /// Nobody in the module: an input or a constant.
    Outside,
    /// A continuous assignment.
    Assignment,
    /// A process with statements.
    Process,
    /// A process that runs at the start by itself, so that no value at power-up is needed.
    Settled,
    /// A sub-instance.
    Instance,
}

/// A module, planned.
pub(crate) struct Module {
    pub scope: ScopeId,
    /// In order; as named here.
    pub ports: Vec<(SignalId, Direction)>,
    /// The ports as they are declared: each by itself or in a bundle.
    pub rows: Vec<Row>,
    /// Bundles at the ports, then those inside.
    pub bundles: Vec<Bundled>,
    /// Declared inside.
    pub signals: Vec<SignalId>,
    /// Arrays declared inside.
    pub memories: Vec<MemoryId>,
    /// Lists of separate signals that an author's text takes for arrays.
    pub mirrors: Vec<MemoryId>,
    pub tables: Vec<TableId>,
    /// Callees before callers.
    pub functions: Vec<FunctionId>,
    /// Enumeration literals that the module mentions.
    pub literals: BTreeSet<(EnumId, u32)>,
    /// The enumerations that the module declares.
    pub enums: Vec<EnumId>,
    /// The types' names of all enumerations that the module has, where they are types.
    pub enum_names: HashMap<EnumId, String>,
    pub names: Names,
    pub signal_names: HashMap<SignalId, String>,
    pub memory_names: HashMap<MemoryId, String>,
    pub table_names: HashMap<TableId, String>,
    pub function_names: HashMap<FunctionId, String>,
    pub literal_names: HashMap<(EnumId, u32), String>,
    pub process_names: HashMap<ProcessId, String>,
    pub instance_names: HashMap<ScopeId, String>,
    /// Variables that keep their values, where they have to be declared outside of the process.
    pub kept_names: HashMap<(ProcessId, LocalId), String>,
    /// The names of constants, by where the Python reads them.
    constant_names: HashMap<Span, String>,
    drivers: HashMap<SignalId, Driver>,
}

impl<'a> Plan<'a> {
    pub fn new(
        design: &'a Design,
        arrays: &'a Arrays,
        language: Language,
        options: &'a EmitOptions<'a>,
        prepared: &'a Prepared,
        shared: &'a Enums,
        bundles: &'a Bundles,
    ) -> Plan<'a> {
        let Prepared { settled, labels, paths, .. } = prepared;
        let mut used = HashSet::new();
        for process in &design.processes {
            let uses = design.uses(process);
            used.extend(&uses.reads);
            used.extend(uses.drives);
        }
        // What is simplified may no longer be used, but it still is connected.
        used.extend(design.scopes.iter().flat_map(|scope| scope.ports.iter().map(|port| port.signal)));
        let mut power_up = HashMap::new();
        if let (true, Some(values)) = (language.is_verilog(), &options.power_up) {
            for process in &design.processes {
                let combinational = matches!(
                    process.kind,
                    ProcessKind::Combinational { .. } | ProcessKind::Continuous { .. }
                );
                if combinational && assignments(design, process).is_none() {
                    let driven = design.drives(process);
                    power_up.extend(driven.into_iter().filter_map(|s| Some((s, values.get(s)?))));
                }
            }
        }
        let mut homes: HashMap<ScopeId, Vec<SignalId>> = HashMap::new();
        for (id, signal) in design.signals.iter_enumerated() {
            homes.entry(signal.home).or_default().push(id);
        }
        let mut memories: HashMap<ScopeId, Vec<MemoryId>> = HashMap::new();
        for (id, memory) in design.memories.iter_enumerated() {
            if arrays.is_declared(id) {
                memories.entry(memory.home).or_default().push(id);
            }
        }
        Plan {
            design,
            arrays,
            language,
            options,
            settled,
            labels,
            paths,
            power_up,
            used,
            homes,
            memories,
            renamed: Renames::new(language),
            inherited: shared
                .all_names()
                .into_iter()
                .chain(bundles.types().iter().map(|(name, _)| name.clone()))
                .collect(),
            shared,
            bundles,
            chosen_from: if bundles.types().is_empty() { HashSet::new() } else { chosen_from(design) },
            forms: None,
        }
    }

    /// The name of a type that all modules see.
    pub fn seen(&self, name: &str) -> String {
        self.shared.seen(name)
    }

    /// With what starts each process.
    pub fn with_forms(mut self, forms: &'a IndexVec<ProcessId, Form>) -> Plan<'a> {
        self.forms = Some(forms);
        self
    }

    /// What starts a process in SystemVerilog.
    pub fn form(&self, process: ProcessId) -> Form {
        self.forms.map_or(Form::Plain, |forms| forms[process])
    }

    /// The value that a signal is declared with.
    pub fn initial(&self, signal: SignalId) -> &BigInt {
        self.power_up.get(&signal).copied().unwrap_or(&self.design.signals[signal].init)
    }

    /// Whether a signal that something in the module drives is declared with a value.
    pub fn shows_initial(&self, driver: Driver) -> bool {
        driver == Driver::Outside || self.options.initial_values != InitialValues::None
    }

    /// Whether a memory is given its contents; `values` are those of its elements.
    pub fn fills(&self, driven: bool, values: &[&BigInt]) -> bool {
        match self.options.initial_values {
            InitialValues::All => true,
            InitialValues::NoZeroMemories => values.iter().any(|v| **v != BigInt::ZERO),
            InitialValues::None => !driven,
        }
    }

    /// `counter.py:12`, where places are told in attributes.
    pub fn src(&self, span: Span) -> Option<String> {
        let file = self.options.sources.get(span.file);
        let told = self.options.src && !file.path.as_os_str().is_empty();
        told.then(|| format!("{}:{}", crate::file_name(self.options.sources, span), file.line(span.start)))
    }

    fn region(&self) -> Names {
        let mut names = Names::new(self.language);
        for name in &self.inherited {
            names.take(name);
        }
        names
    }

    /// The names that a scope's module begins with: in VHDL, what it calls components and libraries keeps its name.
    pub fn region_of(&self, scope: ScopeId) -> Names {
        let mut names = self.region();
        if self.language.is_vhdl() {
            for item in &self.design.scopes[scope].items {
                if let Item::Scope(child) = item
                    && let Some(External::BlackBox(there)) = self.external(*child)
                {
                    let name = if there.component { &there.module } else { &there.library };
                    if !names.is_taken(name) {
                        names.take(name);
                    }
                }
            }
        }
        names
    }

    /// Plans a scope's module.
    pub fn module(&self, scope: ScopeId) -> Module {
        let design = self.design;
        let here = &design.scopes[scope];
        let mut names = self.region_of(scope);
        let block = Some(here.block.as_str());
        let mut take = |wanted: &str| {
            let name = names.take(wanted);
            self.renamed.note(block, wanted, &name);
            name
        };
        let mut signal_names = HashMap::new();
        let (rows, bundles) = self.name_ports(scope, &mut take, &mut signal_names);
        let ports: Vec<_> = here.ports.iter().map(|p| (p.signal, p.direction)).collect();
        let mut signals = Vec::new();
        let mut memory_names = HashMap::new();
        let mut memories = Vec::new();
        for (memory, index) in self.arrays.at_ports(scope) {
            let bundle = &bundles[index];
            let name = match bundle.members_are {
                Members::Parts => bundle.name.clone(),
                _ => take(&format!("{}_items", bundle.name)),
            };
            if bundle.members_are == Members::Given {
                memories.push(memory);
            }
            for (position, member) in bundle.members.iter().enumerate() {
                let (open, close) = if self.language.is_verilog() { ('[', ']') } else { ('(', ')') };
                signal_names.insert(*member, format!("{name}{open}{position}{close}"));
            }
            memory_names.insert(memory, name);
        }
        // What nothing reads but as a whole needs no name.
        let mut unnamed: HashSet<SignalId> = HashSet::new();
        if !bundles.is_empty() {
            let read = self.reads_one_by_one(scope, &bundles);
            let from_outside = bundles.iter().filter(|b| b.members_are != Members::Given);
            let members = from_outside.flat_map(|b| &b.members);
            unnamed.extend(members.filter(|m| !read.contains(m) && !signal_names.contains_key(m)));
        }
        for port in here.ports.iter().filter(|p| !unnamed.contains(&p.signal)) {
            if let Entry::Vacant(free) = signal_names.entry(port.signal) {
                free.insert(take(&port.name));
                signals.push(port.signal);
            }
        }
        for signal in self.homes.get(&scope).into_iter().flatten() {
            let inside = self.used.contains(signal)
                && self.arrays.element(scope, *signal).is_none()
                && !unnamed.contains(signal);
            if inside && !signal_names.contains_key(signal) {
                signal_names.insert(*signal, take(&design.signals[*signal].name));
                signals.push(*signal);
            }
        }
        for memory in self.memories.get(&scope).into_iter().flatten() {
            if design.memories[*memory].elements.iter().any(|e| self.used.contains(e)) {
                memory_names.insert(*memory, take(&design.memories[*memory].name));
                memories.push(*memory);
            }
        }
        let mirrors = self.mirrors(scope);
        for memory in &mirrors {
            memory_names.insert(*memory, take(&design.memories[*memory].name));
        }
        let mut drivers = self.drivers(scope);
        let declared: HashSet<SignalId> = signals.iter().copied().collect();
        for bundle in bundles.iter().filter(|b| b.members_are != Members::Given) {
            let named = bundle.members.iter().filter(|m| declared.contains(m));
            drivers.extend(named.map(|member| (*member, Driver::Assignment)));
        }
        let mentions = self.mentions(scope, &drivers);
        let table_names = mentions.tables.iter().map(|t| (*t, take(&design.tables[*t].name))).collect();
        let function_names =
            mentions.functions.iter().map(|f| (*f, take(&design.functions[*f].name))).collect();
        let mut literal_names = HashMap::new();
        let mut enums = Vec::new();
        let mut enum_names = HashMap::new();
        if self.language == Language::SystemVerilog {
            for id in self.typed(scope, &mentions) {
                let ty = &design.enums[id];
                let shared = self.shared.contains(id);
                let name = if shared { self.shared.seen(self.shared.type_name(id)) } else { take(&ty.name) };
                enum_names.insert(id, name);
                for (i, literal) in (0..).zip(&ty.literals) {
                    let name =
                        if shared { self.shared.seen(self.shared.literal(id, i)) } else { take(literal) };
                    literal_names.insert((id, i), name);
                }
                if !shared {
                    enums.push(id);
                }
            }
        }
        if self.language == Language::Verilog {
            for (id, literal) in &mentions.literals {
                let ty = &design.enums[*id];
                let wanted = format!("{}_{}", ty.name, ty.literals[*literal as usize]);
                literal_names.insert((*id, *literal), take(&wanted));
            }
        }
        let mut process_names = HashMap::new();
        let mut kept_names = HashMap::new();
        let mut instance_names = HashMap::new();
        for item in &here.items {
            match item {
                Item::Scope(child) => {
                    instance_names.insert(*child, take(&design.scopes[*child].name));
                }
                // Continuous assignments have no label of their own.
                Item::Process(id) if assignments(design, &design.processes[*id]).is_some() => {}
                Item::Process(id) => {
                    let process = &design.processes[*id];
                    process_names.insert(*id, take(&process.name));
                    if self.language.is_verilog() {
                        for (local, kept) in process.locals.iter_enumerated() {
                            if kept.init.is_some() {
                                kept_names.insert((*id, local), take(&kept.name));
                            }
                        }
                    }
                }
            }
        }
        let mut named: HashMap<&str, String> = HashMap::new();
        let mut constant_names = HashMap::new();
        for place in mentions.constants {
            let text = &self.options.sources.get(place.file).text;
            let Some(wanted) = text.get(place.start as usize..place.end as usize) else { continue };
            let name = named.entry(wanted).or_insert_with(|| names.take(wanted));
            constant_names.insert(place, name.clone());
        }
        Module {
            scope,
            ports,
            rows,
            bundles,
            signals,
            memories,
            mirrors,
            tables: mentions.tables,
            functions: mentions.functions,
            literals: mentions.literals,
            enums,
            enum_names,
            names,
            signal_names,
            memory_names,
            table_names,
            function_names,
            literal_names,
            process_names,
            instance_names,
            kept_names,
            constant_names,
            drivers,
        }
    }

    /// The lists of separate signals that authors' texts in a scope take for arrays.
    fn mirrors(&self, scope: ScopeId) -> Vec<MemoryId> {
        let mut found = Vec::new();
        for item in &self.design.scopes[scope].items {
            if let Item::Process(process) = item
                && let Some(CodeBody::Text(parts)) = self.code(*process)
            {
                for part in parts {
                    if let CodePart::Memory(memory) = part
                        && !self.arrays.contains(scope, *memory)
                        && !found.contains(memory)
                    {
                        found.push(*memory);
                    }
                }
            }
        }
        found
    }

    /// The enumerations that something in a scope has, in their order.
    fn typed(&self, scope: ScopeId, mentions: &Mentions) -> BTreeSet<EnumId> {
        let design = self.design;
        let mut found: BTreeSet<EnumId> = mentions.literals.iter().map(|(id, _)| *id).collect();
        let mut add = |ty: &StorageType| {
            if let StorageType::Enum(id) = ty {
                found.insert(*id);
            }
        };
        design.scopes[scope].ports.iter().for_each(|port| add(&design.signals[port.signal].ty));
        self.homes.get(&scope).into_iter().flatten().for_each(|signal| add(&design.signals[*signal].ty));
        for item in &design.scopes[scope].items {
            if let Item::Process(id) = item {
                design.processes[*id].locals.iter().for_each(|local| add(&local.ty));
            }
        }
        for function in &mentions.functions {
            design.functions[*function].locals.iter().for_each(|local| add(&local.ty));
            if let Some(pyhdl_ir::Type::Enum(id)) = design.functions[*function].returns {
                add(&StorageType::Enum(id));
            }
        }
        found
    }

    /// Where the Python reads the value of an arm by a name.
    pub fn label(&self, arm: Span, pattern: usize) -> Option<Span> {
        let place = *self.labels.get(&arm)?.get(pattern)?;
        self.design.constants.contains(&place).then_some(place)
    }

    fn drivers(&self, scope: ScopeId) -> HashMap<SignalId, Driver> {
        let design = self.design;
        let mut drivers = HashMap::new();
        for item in &design.scopes[scope].items {
            match item {
                Item::Scope(child) => {
                    let ports = design.scopes[*child].ports.iter();
                    let outputs = ports.filter(|p| p.direction == Direction::Out);
                    drivers.extend(outputs.map(|p| (p.signal, Driver::Instance)));
                }
                Item::Process(id) => {
                    let process = &design.processes[*id];
                    match assignments(design, process) {
                        Some(assigned) => {
                            drivers.extend(assigned.iter().map(|(s, _)| (*s, Driver::Assignment)))
                        }
                        None => drivers.extend(design.drives(process).iter().map(|s| {
                            let by_itself = self.form(*id) == Form::Combinational;
                            let driver = if self.is_wire(*id, *s) {
                                Driver::Assignment
                            } else if by_itself {
                                Driver::Settled
                            } else {
                                Driver::Process
                            };
                            (*s, driver)
                        })),
                    }
                }
            }
        }
        // An output whose only assignments cannot be reached keeps its initial value.
        for port in design.scopes[scope].ports.iter().filter(|p| p.direction == Direction::Out) {
            drivers.entry(port.signal).or_insert(Driver::Process);
        }
        drivers
    }

    fn mentions(&self, scope: ScopeId, drivers: &HashMap<SignalId, Driver>) -> Mentions {
        let mut mentions = Mentions::default();
        for item in &self.design.scopes[scope].items {
            if let Item::Process(id) = item {
                let process = &self.design.processes[*id];
                mentions.body(self.design, &process.body);
                if let ProcessKind::Sequential { reset: Some(reset), .. } = &process.kind {
                    for target in &reset.targets {
                        mentions.initial(self, *target, false);
                    }
                }
            }
        }
        // In Verilog ports are declared before literals have names.
        let ports = self.design.scopes[scope].ports.iter().filter(|p| p.direction == Direction::Out);
        let ports: HashSet<SignalId> = ports.map(|p| p.signal).collect();
        let inside = self.homes.get(&scope).into_iter().flatten().filter(|signal| !ports.contains(signal));
        for &signal in inside {
            // Wires that something drives are declared without a value.
            let wire = matches!(drivers.get(&signal), Some(Driver::Assignment | Driver::Instance));
            if self.used.contains(&signal) && !wire {
                mentions.initial(self, signal, true);
            }
        }
        for item in &self.design.scopes[scope].items {
            if let Item::Process(id) = item {
                self.labels_of(&self.design.processes[*id].body, &mut mentions.constants);
            }
        }
        for function in &mentions.functions {
            self.labels_of(&self.design.functions[*function].body, &mut mentions.constants);
        }
        mentions
    }

    /// Where the Python reads values of arms by names.
    fn labels_of(&self, body: &Block, found: &mut BTreeSet<Span>) {
        for_each_stmt(body, &mut |stmt| {
            if let StmtKind::Match { arms, .. } = &stmt.kind {
                for arm in arms {
                    found.extend((0..arm.patterns.len()).filter_map(|i| self.label(arm.span, i)));
                }
            }
        });
    }
}

impl Module {
    /// A signal's name in Verilog, or its place in an array.
    pub fn place(&self, plan: &Plan, signal: SignalId) -> String {
        match plan.arrays.element(self.scope, signal) {
            Some((memory, position)) => format!("{}[{position}]", self.memory_names[&memory]),
            None => self.signal_names[&signal].clone(),
        }
    }

    /// What the constant is called that the Python reads at a place.
    pub fn name_at(&self, place: Span) -> Option<&str> {
        self.constant_names.get(&place).map(String::as_str)
    }

    /// What a constant is called.
    pub fn constant_name(&self, constant: &Constant) -> Option<&str> {
        constant.place.and_then(|place| self.constant_names.get(&place)).map(String::as_str)
    }

    pub fn driver(&self, signal: SignalId) -> Driver {
        self.drivers.get(&signal).copied().unwrap_or(Driver::Outside)
    }
}

#[derive(Default)]
struct Mentions {
    tables: Vec<TableId>,
    functions: Vec<FunctionId>,
    literals: BTreeSet<(EnumId, u32)>,
    seen_tables: HashSet<TableId>,
    seen_functions: HashSet<FunctionId>,
    /// Where constants are read by their names.
    constants: BTreeSet<Span>,
}

impl Mentions {
    /// The literal that an enumeration signal is declared or reset with.
    fn initial(&mut self, plan: &Plan, signal: SignalId, power_up: bool) {
        if let StorageType::Enum(id) = plan.design.signals[signal].ty {
            let value = if power_up { plan.initial(signal) } else { &plan.design.signals[signal].init };
            if let Ok(literal) = u32::try_from(value.clone()) {
                self.literals.insert((id, literal));
            }
        }
    }

    fn body(&mut self, design: &Design, body: &Block) {
        let mut calls = Vec::new();
        for_each_stmt(body, &mut |stmt| {
            match &stmt.kind {
                StmtKind::Call { function, .. } => calls.push(*function),
                StmtKind::Match { subject, arms, .. } => {
                    if let pyhdl_ir::Type::Enum(id) = subject.ty {
                        let patterns = arms.iter().flat_map(|a| &a.patterns);
                        self.literals
                            .extend(patterns.filter_map(|p| Some((id, u32::try_from(p.clone()).ok()?))));
                    }
                }
                _ => {}
            }
            stmt.kind.for_each_expr(&mut |e| {
                for_each_node(e, &mut |node| match &node.kind {
                    ExprKind::TableRead { table, .. } if self.seen_tables.insert(*table) => {
                        self.tables.push(*table);
                    }
                    ExprKind::EnumLiteral(id, literal) => {
                        self.literals.insert((*id, *literal));
                    }
                    ExprKind::Call { function, .. } => calls.push(*function),
                    ExprKind::Const(_) if design.constants.contains(&node.span) => {
                        self.constants.insert(node.span);
                    }
                    _ => {}
                });
            });
        });
        // Functions do not recurse, so this ends; as deep as calls nest.
        for function in calls {
            if self.seen_functions.insert(function) {
                self.body(design, &design.functions[function].body);
                self.functions.push(function);
            }
        }
    }
}

/// The assignments of a combinational process that is nothing but assignments to whole signals, each once, none of
/// which depends on itself.
pub(crate) fn assignments<'a>(design: &Design, process: &'a Process) -> Option<Vec<(SignalId, &'a Expr)>> {
    if !matches!(process.kind, ProcessKind::Combinational { .. } | ProcessKind::Continuous { .. }) {
        return None;
    }
    let mut found: Vec<(SignalId, &Expr)> = Vec::new();
    let mut dependencies: DiGraph<(), ()> = DiGraph::new();
    let mut targets: HashMap<SignalId, NodeIndex> = HashMap::new();
    for stmt in &process.body {
        match &stmt.kind {
            StmtKind::Assign { target, value } => match (&target.place, &target.part) {
                (Place::Signal(signal), None) if !targets.contains_key(signal) => {
                    targets.insert(*signal, dependencies.add_node(()));
                    found.push((*signal, value));
                }
                _ => return None,
            },
            StmtKind::Comment(_) => {}
            _ => return None,
        }
    }
    // A function that reads signals would wake nothing.
    let mut other = found.is_empty();
    for (target, value) in &found {
        for_each_node(value, &mut |node| match &node.kind {
            ExprKind::Signal(signal) => {
                if let Some(from) = targets.get(signal) {
                    dependencies.add_edge(*from, targets[target], ());
                }
            }
            ExprKind::Call { function, .. } => {
                other |= touches_signals(design, &design.functions[*function]);
            }
            _ => {}
        });
    }
    if other || is_cyclic_directed(&dependencies) { None } else { Some(found) }
}

/// The signals of a sensitivity list that a process reads: one that is only given to a task to drive is in Python's
/// list, and none that matters. All of them where it reads none.
pub(crate) fn needed(design: &Design, process: &Process, sensitivity: &[SignalId]) -> Vec<SignalId> {
    let reads = design.reads(process);
    let needed: Vec<SignalId> = sensitivity.iter().copied().filter(|s| reads.contains(s)).collect();
    if needed.is_empty() { sensitivity.to_vec() } else { needed }
}

/// The functions that a body calls, callees before callers.
pub(crate) fn called(design: &Design, body: &Block) -> Vec<FunctionId> {
    let mut mentions = Mentions::default();
    mentions.body(design, body);
    mentions.functions
}

/// Whether a function reads or drives signals.
pub(crate) fn touches_signals(design: &Design, function: &Function) -> bool {
    let uses = design.body_uses(&function.body);
    !uses.reads.is_empty() || !uses.drives.is_empty()
}

/// Whether some process waits for a number of time steps.
pub(crate) fn waits_for_time(design: &Design) -> bool {
    let mut found = false;
    for process in &design.processes {
        for_each_stmt(&process.body, &mut |stmt| {
            if let StmtKind::Wait(triggers) = &stmt.kind {
                found |= triggers.iter().any(|t| matches!(t, Trigger::Delay(_)));
            }
        });
    }
    found
}

/// The signals whose edges a process waits for, with the direction; `None` where it waits for any change.
pub(crate) fn edges(triggers: &[Trigger]) -> Option<Vec<(SignalId, bool)>> {
    triggers
        .iter()
        .map(|t| match t {
            Trigger::Rising(s) => Some((*s, true)),
            Trigger::Falling(s) => Some((*s, false)),
            Trigger::Change(_) | Trigger::Delay(_) => None,
        })
        .collect()
}

/// Whether a body has a `return` in it.
pub(crate) fn has_return(body: &Block) -> bool {
    let mut found = false;
    for_each_stmt(body, &mut |s: &Stmt| found |= matches!(s.kind, StmtKind::Return(_)));
    found
}

/// Whether `break` (first) and `continue` (second) of a loop with this body are used.
pub(crate) fn leaves(body: &Block) -> (bool, bool) {
    let mut found = (false, false);
    for stmt in body {
        match &stmt.kind {
            StmtKind::Break => found.0 = true,
            StmtKind::Continue => found.1 = true,
            StmtKind::For { .. } | StmtKind::While { .. } => {}
            other => {
                for inner in other.blocks() {
                    let (b, c) = leaves(inner);
                    found = (found.0 || b, found.1 || c);
                }
            }
        }
    }
    found
}
