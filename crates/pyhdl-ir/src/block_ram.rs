//! Which memories and tables can become block RAM, and what keeps the others from it: block RAM writes one element at
//! a clock edge, and has a register behind each read.

use std::collections::{BTreeSet, HashMap, HashSet};

use pyhdl_diag::{Diagnostic, Diagnostics, Span};

use crate::{
    Block, Design, Expr, ExprKind, LocalId, MemoryId, Part, Place, Process, ProcessId, ProcessKind, ScopeId,
    SignalId, StmtKind, TableId, Target, Trigger, codes, for_each_node, for_each_stmt,
};

/// The smallest memory, in bits, of which it is a warning that it is no block RAM: one block of an iCE40. Register
/// files and short queues are smaller, and are meant to be read at once.
pub const WORTH_A_BLOCK: u64 = 4096;

/// A memory or a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Array {
    Memory(MemoryId),
    Table(TableId),
}

/// What is known of a memory or a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stored {
    pub store: Array,
    /// With the path of its block, for a memory.
    pub name: String,
    pub words: u64,
    /// Bits of an element.
    pub width: u64,
    /// What keeps it from being block RAM.
    pub obstacle: Option<Obstacle>,
}

impl Stored {
    pub fn bits(&self) -> u64 {
        self.words * self.width
    }
}

/// Why something cannot be block RAM, and where that is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Obstacle {
    pub reason: Reason,
    pub span: Span,
}

/// In the order in which they count: the first one is the one to say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// A reset gives all elements their initial values.
    Reset,
    /// The index of an access is the variable of a loop.
    Loop,
    /// It is not one array: several blocks use it, or its elements have other uses or names.
    Separate,
    /// Two places write, at different addresses.
    Writes,
    UnclockedWrite,
    /// An element is used by itself, with a constant for an index.
    Alone,
    UnclockedRead,
    /// As [`Reason::UnclockedRead`], where the address comes from a register.
    AddressRegister,
    /// What is read goes through logic before it comes to a register.
    Logic,
    /// The register behind the read has another source.
    Shared,
}

impl Reason {
    /// Completes "not block RAM: ".
    pub fn text(self) -> &'static str {
        match self {
            Reason::Reset => "a reset sets all elements at once",
            Reason::Loop => "a loop uses many elements at once",
            Reason::Separate => "several blocks use its elements",
            Reason::Writes => "two places write it",
            Reason::UnclockedWrite => "it is written without a clock",
            Reason::Alone => "an element is used by itself",
            Reason::UnclockedRead | Reason::AddressRegister => "it is read without a clock",
            Reason::Logic => "what is read goes through logic before a register",
            Reason::Shared => "the register behind the read has another source",
        }
    }

    /// What it becomes instead.
    pub fn instead(self) -> &'static str {
        match self {
            Reason::Reset | Reason::Loop | Reason::Separate | Reason::Writes | Reason::UnclockedWrite => {
                "registers"
            }
            _ => "distributed RAM or logic",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Reason::Reset => {
                "write it in a process without reset (@always), and reset only what is read from it"
            }
            Reason::Loop => "use one element at a clock edge, and count through the addresses in a register",
            Reason::Separate => "write and read it in the block that makes it",
            Reason::Writes => "choose the address and the data first, and write in one place",
            Reason::UnclockedWrite => "write it in a process that waits for a clock edge",
            Reason::Alone => "read it through an index, or keep a copy of this element in a signal",
            Reason::UnclockedRead => {
                "read it at a clock edge, into a signal of its own: `word.next = memory[address]` in @always"
            }
            Reason::AddressRegister => {
                "block RAM has the register behind the read: write `word.next = memory[address]` in @always in place of \
                 the register for the address; or emit with `--initial-values none`, since it is the register's value at \
                 power-up that a block RAM does not have"
            }
            Reason::Logic | Reason::Shared => {
                "give what is read a register of its own, `word.next = memory[address]`, and compute with `word`"
            }
        }
    }
}

impl Design {
    /// All memories, then all tables, with what keeps them from being block RAM.
    pub fn stored(&self) -> Vec<Stored> {
        let obstacles = Search::new(self).run();
        let mut all = Vec::new();
        for (id, memory) in self.memories.iter_enumerated() {
            let Some(width) = memory.elements.first().and_then(|e| self.signals[*e].ty.width()) else {
                continue;
            };
            let store = Array::Memory(id);
            all.push(Stored {
                store,
                name: format!("{}.{}", self.path(memory.home), memory.name),
                words: memory.elements.len() as u64,
                width: width.into(),
                obstacle: obstacles.get(&store).copied(),
            });
        }
        for (id, table) in self.tables.iter_enumerated() {
            let negative = table.entries.iter().any(|e| e.sign() == num_bigint::Sign::Minus);
            let magnitude = |e: &num_bigint::BigInt| {
                if e.sign() == num_bigint::Sign::Minus { (-e - 1u8).bits() } else { e.bits() }
            };
            let width = table.entries.iter().map(magnitude).max().unwrap_or(0).max(1) + u64::from(negative);
            let store = Array::Table(id);
            all.push(Stored {
                store,
                name: table.name.clone(),
                words: table.entries.len() as u64,
                width,
                obstacle: obstacles.get(&store).copied(),
            });
        }
        all
    }

    /// Warnings for large memories that cannot be block RAM.
    pub(crate) fn check_block_ram(&self, found: &mut Diagnostics) {
        if self.memories.is_empty() && self.tables.is_empty() {
            return;
        }
        for stored in self.stored() {
            let Some(Obstacle { reason, span }) = stored.obstacle.filter(|_| stored.bits() >= WORTH_A_BLOCK)
            else {
                continue;
            };
            let (words, width) = (stored.words, stored.width);
            found.push(
                Diagnostic::warning(
                    codes::NOT_BLOCK_RAM,
                    format!(
                        "`{}` becomes {}, not block RAM: {}",
                        stored.name,
                        reason.instead(),
                        reason.text()
                    ),
                )
                .at(span, format!("{words} elements of {width} bit{}", if width == 1 { "" } else { "s" }))
                .help(reason.help()),
            );
        }
    }
}

/// What a register gets in one assignment.
struct Source<'d> {
    register: Register,
    stores: BTreeSet<Array>,
    /// Of the first of the reads.
    index: Option<&'d Expr>,
    /// What else: nothing, one signal, or anything.
    other: Other,
    /// Why it is not clocked, where the process has no clock.
    unclocked: Reason,
    span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Other {
    Nothing,
    Signal(SignalId),
    Anything,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Register {
    Signal(SignalId),
    Local(LocalId),
}

struct Search<'d> {
    design: &'d Design,
    found: HashMap<Array, Obstacle>,
    /// The memory that a signal is an element of.
    elements: HashMap<SignalId, MemoryId>,
    /// The first write to each memory, and what is written.
    writes: HashMap<MemoryId, &'d Expr>,
    /// The signals that are written, and the index.
    written: HashMap<(ProcessId, MemoryId), Vec<(&'d Expr, SignalId)>>,
    /// Signals that combinational processes give what they read, and nothing else.
    wires: HashMap<SignalId, (BTreeSet<Array>, Obstacle)>,
    /// Signals that change at clock edges.
    registers: HashSet<SignalId>,
    // Of the process at hand.
    process: ProcessId,
    scope: ScopeId,
    clocked: bool,
    loops: HashSet<LocalId>,
    variables: HashMap<LocalId, BTreeSet<Array>>,
    sources: Vec<Source<'d>>,
}

impl<'d> Search<'d> {
    fn new(design: &'d Design) -> Search<'d> {
        Search {
            design,
            found: HashMap::new(),
            elements: HashMap::new(),
            writes: HashMap::new(),
            written: HashMap::new(),
            wires: HashMap::new(),
            registers: HashSet::new(),
            process: ProcessId::from_usize(0),
            scope: design.top(),
            clocked: false,
            loops: HashSet::new(),
            variables: HashMap::new(),
            sources: Vec::new(),
        }
    }

    fn run(mut self) -> HashMap<Array, Obstacle> {
        let design = self.design;
        self.separate();
        let (clocked, others): (Vec<ProcessId>, Vec<ProcessId>) =
            design.processes.indices().partition(|p| is_clocked(&design.processes[*p]));
        for process in &clocked {
            for_each_stmt(&design.processes[*process].body, &mut |stmt| {
                if let StmtKind::Assign { target: Target { place: Place::Signal(s), .. }, .. } = &stmt.kind {
                    self.registers.insert(*s);
                }
            });
        }
        for process in others {
            self.process(process, false);
        }
        for port in design.scopes.first().iter().flat_map(|top| &top.ports) {
            self.shown(port.signal);
        }
        for process in clocked {
            self.process(process, true);
        }
        for function in &design.functions {
            self.scope = function.scope;
            for_each_stmt(&function.body, &mut |stmt| {
                if let StmtKind::Assign {
                    target: Target { place: Place::Memory { memory, index }, span, .. },
                    ..
                } = &stmt.kind
                {
                    self.write(*memory, index, *span);
                }
            });
        }
        self.found
    }

    fn blame(&mut self, store: Array, reason: Reason, span: Span) {
        let obstacle = self.found.entry(store).or_insert(Obstacle { reason, span });
        if reason < obstacle.reason {
            *obstacle = Obstacle { reason, span };
        }
    }

    /// Memories whose elements are more than elements.
    fn separate(&mut self) {
        let design = self.design;
        let ports: HashSet<SignalId> =
            design.scopes.iter().flat_map(|s| s.ports.iter().map(|p| p.signal)).collect();
        for (id, memory) in design.memories.iter_enumerated() {
            for (i, element) in memory.elements.iter().enumerate() {
                let signal = &design.signals[*element];
                let own_name = signal
                    .name
                    .strip_prefix(memory.name.as_str())
                    .and_then(|rest| rest.strip_prefix('_'))
                    .is_none_or(|rest| rest.parse() != Ok(i));
                let shared = self.elements.insert(*element, id);
                if own_name || ports.contains(element) || shared.is_some() || signal.home != memory.home {
                    self.blame(Array::Memory(id), Reason::Separate, memory.span);
                    if let Some(other) = shared {
                        self.blame(Array::Memory(other), Reason::Separate, memory.span);
                    }
                }
            }
        }
    }

    fn process(&mut self, id: ProcessId, clocked: bool) {
        let process = &self.design.processes[id];
        (self.process, self.scope, self.clocked) = (id, process.scope, clocked);
        self.loops.clear();
        self.variables.clear();
        self.sources.clear();
        if let ProcessKind::Sequential { reset: Some(reset), .. } = &process.kind {
            for target in &reset.targets {
                if let Some(memory) = self.elements.get(target).copied() {
                    self.blame(Array::Memory(memory), Reason::Reset, process.span);
                }
            }
        }
        self.collect(&process.body);
        for_each_stmt(&process.body, &mut |stmt| match &stmt.kind {
            StmtKind::Assign { target, value } => self.assign(target, value),
            kind => kind.for_each_expr(&mut |e| self.logic(e)),
        });
        let sources = std::mem::take(&mut self.sources);
        if clocked { self.registers_of(&sources) } else { self.wires_of(&sources) }
    }

    /// The loops' variables, and those that hold what is read.
    fn collect(&mut self, body: &'d Block) {
        for_each_stmt(body, &mut |stmt| match &stmt.kind {
            StmtKind::For { var, .. } => {
                self.loops.insert(*var);
            }
            StmtKind::Assign { target: Target { place: Place::Local(local), .. }, value } => {
                let mut stores = BTreeSet::new();
                for_each_node(value, &mut |node| stores.extend(read_store(node)));
                if !stores.is_empty() {
                    self.variables.entry(*local).or_default().extend(stores);
                }
            }
            _ => {}
        });
    }

    fn assign(&mut self, target: &'d Target, value: &'d Expr) {
        match &target.part {
            Some(Part::Bit(e) | Part::Slice { low: e, .. }) => self.logic(e),
            None => {}
        }
        let register = match &target.place {
            Place::Memory { memory, index } => {
                self.logic(index);
                self.write(*memory, index, target.span);
                if !self.clocked {
                    self.blame(Array::Memory(*memory), Reason::UnclockedWrite, target.span);
                }
                if let ExprKind::Signal(data) = value.kind {
                    self.written.entry((self.process, *memory)).or_default().push((index, data));
                }
                return self.logic(value);
            }
            Place::Element { index, .. } => {
                self.logic(index);
                return self.logic(value);
            }
            Place::Signal(signal) => {
                self.alone(*signal, target.span);
                Register::Signal(*signal)
            }
            Place::Local(local) => Register::Local(*local),
        };
        let mut source = Source {
            register,
            stores: BTreeSet::new(),
            index: None,
            other: Other::Nothing,
            unclocked: Reason::UnclockedRead,
            span: target.span,
        };
        self.direct(value, &mut source);
        if target.part.is_none() || !source.stores.is_empty() {
            self.sources.push(source);
        }
    }

    fn write(&mut self, memory: MemoryId, index: &'d Expr, span: Span) {
        self.index(Array::Memory(memory), index, span);
        let first = *self.writes.entry(memory).or_insert(index);
        if !first.is_same(index) {
            self.blame(Array::Memory(memory), Reason::Writes, span);
        }
    }

    fn index(&mut self, store: Array, index: &Expr, span: Span) {
        let mut counts = false;
        for_each_node(index, &mut |node| {
            counts |= matches!(&node.kind, ExprKind::Local(local) if self.loops.contains(local));
        });
        if counts {
            self.blame(store, Reason::Loop, span);
        }
        if let Array::Memory(memory) = store {
            let home = self.design.memories[memory].home;
            if self.scope != home {
                self.blame(store, Reason::Separate, span);
            }
        }
    }

    /// Notes what a signal is beside an element of a memory.
    fn alone(&mut self, signal: SignalId, span: Span) {
        if let Some(memory) = self.elements.get(&signal).copied() {
            self.blame(Array::Memory(memory), Reason::Alone, span);
        }
    }

    /// What a register gets as it is read, or by a choice.
    fn direct(&mut self, e: &'d Expr, source: &mut Source<'d>) {
        match &e.kind {
            ExprKind::MemoryRead { index, .. } | ExprKind::TableRead { index, .. } => {
                let Some(store) = read_store(e) else { return };
                self.index(store, index, e.span);
                self.logic(index);
                source.stores.insert(store);
                source.index.get_or_insert(index);
                if !self.clocked {
                    source.span = e.span;
                    source.unclocked = source.unclocked.max(self.unclocked(index));
                }
            }
            ExprKind::Slice { value, low: at, .. } | ExprKind::Bit { value, index: at }
                if matches!(at.kind, ExprKind::Const(_)) =>
            {
                self.direct(value, source);
            }
            ExprKind::Signed { value, .. } | ExprKind::Unsigned { value, .. } => self.direct(value, source),
            ExprKind::Truth(value) if value.ty == e.ty => self.direct(value, source),
            ExprKind::Concat(parts) => {
                let mut inner = Source { stores: BTreeSet::new(), other: Other::Nothing, ..*source };
                parts.iter().for_each(|p| self.direct(&p.value, &mut inner));
                // What is beside the bits that are read does not matter to these.
                let other = if inner.stores.is_empty() { inner.other } else { Other::Nothing };
                source.stores.append(&mut inner.stores);
                source.index = source.index.or(inner.index);
                source.other = if source.other == Other::Nothing { other } else { source.other };
            }
            ExprKind::Select { condition, then, otherwise } => {
                self.logic(condition);
                self.direct(then, source);
                self.direct(otherwise, source);
            }
            ExprKind::Const(_) | ExprKind::EnumLiteral(..) => {}
            ExprKind::Local(local) => match self.variables.get(local) {
                Some(stores) => source.stores.extend(stores),
                None => source.other = Other::Anything,
            },
            ExprKind::Signal(signal) => {
                self.alone(*signal, e.span);
                match self.wires.get(signal) {
                    Some((stores, _)) if self.clocked => source.stores.extend(stores),
                    Some(_) => self.shown(*signal),
                    None if source.register == Register::Signal(*signal) => {}
                    None => source.other = Other::Signal(*signal),
                }
            }
            _ => {
                source.other = Other::Anything;
                self.logic(e);
            }
        }
    }

    /// Blames every read in an expression whose value is computed with at once.
    fn logic(&mut self, e: &'d Expr) {
        for_each_node(e, &mut |node| match &node.kind {
            ExprKind::MemoryRead { index, .. } | ExprKind::TableRead { index, .. } => {
                let Some(store) = read_store(node) else { return };
                self.index(store, index, node.span);
                let reason = if self.clocked { Reason::Logic } else { self.unclocked(index) };
                self.blame(store, reason, node.span);
            }
            ExprKind::Local(local) => {
                for store in self.variables.get(local).cloned().unwrap_or_default() {
                    let reason = if self.clocked { Reason::Logic } else { Reason::UnclockedRead };
                    self.blame(store, reason, node.span);
                }
            }
            ExprKind::Signal(signal) => {
                self.alone(*signal, node.span);
                self.shown(*signal);
            }
            _ => {}
        });
    }

    fn unclocked(&self, index: &Expr) -> Reason {
        match index.kind {
            ExprKind::Signal(s) if self.registers.contains(&s) => Reason::AddressRegister,
            _ => Reason::UnclockedRead,
        }
    }

    /// What a wire is needed for is no register.
    fn shown(&mut self, signal: SignalId) {
        if let Some((stores, Obstacle { reason, span })) = self.wires.get(&signal).cloned() {
            stores.into_iter().for_each(|store| self.blame(store, reason, span));
        }
    }

    /// Registers in a clocked process: what they get beside what is read.
    fn registers_of(&mut self, sources: &[Source<'d>]) {
        let mut reads: HashMap<Register, &Source<'d>> = HashMap::new();
        for source in sources.iter().filter(|s| !s.stores.is_empty()) {
            reads.entry(source.register).or_insert(source);
        }
        for source in sources {
            let Some(read) = reads.get(&source.register) else { continue };
            let stores = &read.stores;
            let differs = !source.stores.is_empty() && source.stores != *stores;
            let foreign = match source.other {
                Other::Nothing => false,
                Other::Anything => true,
                // What is written there is what is read at the same clock edge.
                Other::Signal(s) => !stores.iter().all(|store| match (store, read.index) {
                    (Array::Memory(m), Some(index)) => {
                        let written = self.written.get(&(self.process, *m));
                        written
                            .is_some_and(|all| all.iter().any(|(at, data)| *data == s && at.is_same(index)))
                    }
                    _ => false,
                }),
            };
            if differs || foreign {
                for store in stores.iter().chain(&source.stores) {
                    self.blame(*store, Reason::Shared, source.span);
                }
            }
        }
    }

    /// Wires in a combinational process: those with one source are what is read; through others it goes through logic.
    fn wires_of(&mut self, sources: &[Source<'d>]) {
        let mut count: HashMap<Register, u32> = HashMap::new();
        sources.iter().for_each(|s| *count.entry(s.register).or_default() += 1);
        let alone = self.design.processes[self.process].body.len() == 1;
        for source in sources.iter().filter(|s| !s.stores.is_empty()) {
            let obstacle = Obstacle { reason: source.unclocked, span: source.span };
            match source.register {
                Register::Signal(signal)
                    if count[&source.register] == 1
                        && source.other == Other::Nothing
                        && alone
                        && source.unclocked == Reason::UnclockedRead =>
                {
                    self.wires.insert(signal, (source.stores.clone(), obstacle));
                }
                Register::Local(_) => {}
                Register::Signal(_) => {
                    source.stores.iter().for_each(|s| self.blame(*s, obstacle.reason, obstacle.span));
                }
            }
        }
    }
}

fn read_store(e: &Expr) -> Option<Array> {
    match e.kind {
        ExprKind::MemoryRead { memory, .. } => Some(Array::Memory(memory)),
        ExprKind::TableRead { table, .. } => Some(Array::Table(table)),
        _ => None,
    }
}

fn is_clocked(process: &Process) -> bool {
    match &process.kind {
        ProcessKind::Sequential { .. } | ProcessKind::Thread => true,
        ProcessKind::Triggered { triggers } => {
            triggers.iter().any(|t| matches!(t, Trigger::Rising(_) | Trigger::Falling(_)))
        }
        _ => false,
    }
}
