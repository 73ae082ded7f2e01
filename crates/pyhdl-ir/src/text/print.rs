//! Printing a design: its items, names, types and spans.

use std::fmt::Write;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{FileId, Span};

use super::VERSION;
use super::words::Word;
use crate::{
    BitsType, Design, EnumId, Function, FunctionId, GroupKind, Item, Local, LocalId, MemoryId, Process,
    ProcessId, ProcessKind, Range, ResetPolarity, Scope, ScopeId, SignalId, StorageType, TableId, Trigger,
    Type, Visible,
};

/// Full-range vectors up to this width are written by their width alone.
pub(super) const MAX_SHORT_WIDTH: u32 = 4096;

pub(super) struct Printer<'a> {
    pub design: &'a Design,
    pub out: String,
    pub indent: usize,
    /// The file that was named last.
    file: Option<FileId>,
}

/// Appends formatted text; writing to a `String` cannot fail.
macro_rules! put {
    ($printer:expr, $($arg:tt)*) => {{ let _ = write!($printer.out, $($arg)*); }};
}
pub(super) use put;

impl<'a> Printer<'a> {
    pub fn new(design: &'a Design) -> Self {
        Printer { design, out: String::new(), indent: 0, file: None }
    }

    /// What expressions take their types from stands before them.
    pub fn design(mut self) -> String {
        let design = self.design;
        put!(self, "design {VERSION}\n");
        for (id, e) in design.enums.iter_enumerated() {
            self.item("enum", 'e', id.index(), &e.name);
            put!(self, " {} {{", e.encoding.word());
            for (i, literal) in e.literals.iter().enumerate() {
                put!(self, "{}{}", if i == 0 { " " } else { ", " }, quoted(literal));
            }
            self.out.push_str(" }\n");
        }
        for (id, table) in design.tables.iter_enumerated() {
            self.item("table", 't', id.index(), &table.name);
            self.out.push_str(" { ");
            self.numbers(&table.entries);
            self.out.push_str(" }\n");
        }
        for (id, scope) in design.scopes.iter_enumerated() {
            self.scope(id, scope);
        }
        for (id, signal) in design.signals.iter_enumerated() {
            self.item("signal", 's', id.index(), &signal.name);
            put!(self, " home {}: ", self.scope_ref(signal.home));
            self.storage(&signal.ty);
            put!(self, " = {}", signal.init);
            if signal.constant {
                self.out.push_str(" constant");
            }
            if signal.floating {
                self.out.push_str(" floating");
            }
            if let Some(polarity) = signal.reset {
                self.out.push_str(" reset");
                self.polarity(polarity);
            }
            self.at(signal.span);
            self.out.push('\n');
        }
        for (id, memory) in design.memories.iter_enumerated() {
            self.item("memory", 'm', id.index(), &memory.name);
            put!(self, " home {} {{ ", self.scope_ref(memory.home));
            self.signals(&memory.elements);
            self.out.push_str(" }");
            self.at(memory.span);
            self.out.push('\n');
        }
        for (id, function) in design.functions.iter_enumerated() {
            self.function(id, function);
        }
        for (id, process) in design.processes.iter_enumerated() {
            self.process(id, process);
        }
        for span in &design.constants {
            self.out.push_str("constant");
            self.at(*span);
            self.out.push('\n');
        }
        self.out
    }

    /// `keyword x3.name "name"`.
    fn item(&mut self, keyword: &str, letter: char, index: usize, name: &str) {
        put!(self, "{keyword} {} {}", reference(letter, index, Some(name)), quoted(name));
    }

    fn scope(&mut self, id: ScopeId, scope: &Scope) {
        self.item("scope", 'i', id.index(), &scope.name);
        put!(self, " block {}", quoted(&scope.block));
        if let Some(parent) = scope.parent {
            put!(self, " parent {}", self.scope_ref(parent));
        }
        put!(self, " params {}", scope.params);
        self.at(scope.span);
        if let Some(instance) = scope.instance {
            self.out.push_str(" made");
            self.at(instance);
        }
        self.out.push_str(" {\n");
        self.doc(scope.doc.as_deref());
        for (name, visible) in &scope.names {
            let what = match visible {
                Visible::Signal(s) => self.signal_ref(*s),
                Visible::Memory(m) => self.memory_ref(*m),
            };
            put!(self, "  name {} {what}\n", quoted(name));
        }
        for group in &scope.groups {
            put!(self, "  group {} ", quoted(&group.name));
            match &group.kind {
                GroupKind::Object { class } => put!(self, "object {}", quoted(class)),
                GroupKind::List { dimensions } => {
                    self.out.push_str("list");
                    for length in dimensions {
                        put!(self, " {length}");
                    }
                }
            }
            let members: Vec<String> = group
                .members
                .iter()
                .map(|(name, signal)| format!("{} {}", quoted(name), self.signal_ref(*signal)))
                .collect();
            put!(self, " {{ {} }}\n", members.join(", "));
        }
        for port in &scope.ports {
            let signal = self.signal_ref(port.signal);
            put!(self, "  port {} {} {signal}", port.direction.word(), quoted(&port.name));
            if let Some(span) = port.span {
                self.at(span);
            }
            self.out.push('\n');
        }
        for item in &scope.items {
            let item = match item {
                Item::Process(p) => self.process_ref(*p),
                Item::Scope(s) => self.scope_ref(*s),
            };
            put!(self, "  item {item}\n");
        }
        self.out.push_str("}\n");
    }

    fn function(&mut self, id: FunctionId, function: &Function) {
        self.item("function", 'f', id.index(), &function.name);
        put!(self, " in {} params {}", self.scope_ref(function.scope), function.params);
        if let Some(ty) = &function.returns {
            self.out.push_str(" returns ");
            self.ty(ty);
        }
        self.at(function.span);
        self.out.push_str(" {\n");
        self.doc(function.doc.as_deref());
        self.locals(&function.locals);
        self.body(&function.body, &function.locals);
        self.out.push_str("}\n");
    }

    fn process(&mut self, id: ProcessId, process: &Process) {
        self.item("process", 'p', id.index(), &process.name);
        put!(self, " in {} ", self.scope_ref(process.scope));
        self.kind(&process.kind, process.span);
        self.at(process.span);
        self.out.push_str(" {\n");
        self.doc(process.doc.as_deref());
        if let Some(reason) = &process.foreign {
            put!(self, "  foreign {}\n", quoted(reason));
        }
        self.locals(&process.locals);
        self.body(&process.body, &process.locals);
        self.out.push_str("}\n");
    }

    fn kind(&mut self, kind: &ProcessKind, span: Span) {
        match kind {
            ProcessKind::Continuous { sensitivity } => {
                self.out.push_str("continuous(");
                self.signals(sensitivity);
            }
            ProcessKind::Combinational { sensitivity } => {
                self.out.push_str("combinational(");
                self.signals(sensitivity);
            }
            ProcessKind::Triggered { triggers } => {
                self.out.push_str("triggered(");
                // The locals are declared further down, so they give no types here.
                self.triggers(triggers, &IndexVec::new(), span);
            }
            ProcessKind::Sequential { clock, rising, reset } => {
                let trigger = if *rising { Trigger::Rising(*clock) } else { Trigger::Falling(*clock) };
                self.out.push_str("sequential(");
                self.triggers(&[trigger], &IndexVec::new(), span);
                if let Some(reset) = reset {
                    put!(self, ", reset {}", self.signal_ref(reset.signal));
                    self.polarity(reset.polarity);
                    self.out.push_str(" targets { ");
                    self.signals(&reset.targets);
                    self.out.push_str(" }");
                }
            }
            ProcessKind::Thread => return self.out.push_str("thread"),
            ProcessKind::Opaque { reads, drives } => {
                self.out.push_str("opaque({ ");
                self.signals(reads);
                self.out.push_str(" }, { ");
                self.signals(drives);
                self.out.push_str(" }");
            }
        }
        self.out.push(')');
    }

    fn locals(&mut self, locals: &IndexVec<LocalId, Local>) {
        for (id, local) in locals.iter_enumerated() {
            self.out.push_str("  ");
            self.item("local", 'l', id.index(), &local.name);
            self.out.push_str(": ");
            self.storage(&local.ty);
            if let Some(length) = local.length {
                put!(self, " times {length}");
            }
            if let Some(init) = &local.init {
                put!(self, " = {init}");
            }
            if local.inout {
                self.out.push_str(" inout");
            }
            self.out.push('\n');
        }
    }

    fn doc(&mut self, doc: Option<&str>) {
        if let Some(doc) = doc {
            put!(self, "  doc {}\n", quoted(doc));
        }
    }

    fn polarity(&mut self, polarity: ResetPolarity) {
        self.out.push_str(if polarity.active_high { " high" } else { " low" });
        self.out.push_str(if polarity.asynchronous { " async" } else { " sync" });
    }

    fn signals(&mut self, signals: &[SignalId]) {
        let names: Vec<String> = signals.iter().map(|s| self.signal_ref(*s)).collect();
        self.out.push_str(&names.join(", "));
    }

    pub fn numbers(&mut self, numbers: &[BigInt]) {
        let numbers: Vec<String> = numbers.iter().map(BigInt::to_string).collect();
        self.out.push_str(&numbers.join(", "));
    }

    pub fn ty(&mut self, ty: &Type) {
        match ty {
            Type::Bool => self.out.push_str("bool"),
            Type::Int(range) => self.int(range),
            Type::Enum(id) => put!(self, "enum {}", self.enum_ref(*id)),
        }
    }

    fn storage(&mut self, ty: &StorageType) {
        match ty {
            StorageType::Bool => self.out.push_str("bool"),
            StorageType::Bits(bits) => {
                match bits_word(bits) {
                    Some(word) => put!(self, "{word} {}", bits.width),
                    None => put!(self, "bits {} {}..{}", bits.width, bits.min, bits.max),
                }
                if bits.wraps {
                    self.out.push_str(" wraps");
                }
            }
            StorageType::Enum(id) => put!(self, "enum {}", self.enum_ref(*id)),
            StorageType::Int(range) => self.int(range),
            StorageType::Opaque => self.out.push_str("opaque"),
        }
    }

    fn int(&mut self, range: &Range) {
        let bound = |b: &Option<BigInt>, none: &str| b.as_ref().map_or(none.to_owned(), BigInt::to_string);
        put!(self, "int {}..{}", bound(&range.lo, "-inf"), bound(&range.hi, "inf"));
    }

    /// ` at span`.
    pub fn at(&mut self, span: Span) {
        self.out.push_str(" at ");
        self.span(span);
    }

    pub fn span(&mut self, span: Span) {
        if self.file != Some(span.file) {
            self.file = Some(span.file);
            put!(self, "{}:", span.file.index());
        }
        put!(self, "{}..{}", span.start, span.end);
    }

    pub fn scope_ref(&self, id: ScopeId) -> String {
        reference('i', id.index(), self.design.scopes.get(id).map(|s| s.name.as_str()))
    }

    pub fn signal_ref(&self, id: SignalId) -> String {
        reference('s', id.index(), self.design.signals.get(id).map(|s| s.name.as_str()))
    }

    pub fn memory_ref(&self, id: MemoryId) -> String {
        reference('m', id.index(), self.design.memories.get(id).map(|m| m.name.as_str()))
    }

    pub fn table_ref(&self, id: TableId) -> String {
        reference('t', id.index(), self.design.tables.get(id).map(|t| t.name.as_str()))
    }

    pub fn enum_ref(&self, id: EnumId) -> String {
        reference('e', id.index(), self.design.enums.get(id).map(|e| e.name.as_str()))
    }

    pub fn process_ref(&self, id: ProcessId) -> String {
        reference('p', id.index(), self.design.processes.get(id).map(|p| p.name.as_str()))
    }

    pub fn function_ref(&self, id: FunctionId) -> String {
        reference('f', id.index(), self.design.functions.get(id).map(|f| f.name.as_str()))
    }
}

/// `unsigned` or `signed` where the vector has the whole range of its width.
fn bits_word(bits: &BitsType) -> Option<&'static str> {
    ["unsigned", "signed"]
        .into_iter()
        .find(|word| full_bits(word, bits.width).is_some_and(|(min, max)| min == bits.min && max == bits.max))
}

/// The bounds that `unsigned 8` or `signed 8` stands for.
pub(super) fn full_bits(word: &str, width: u32) -> Option<(BigInt, BigInt)> {
    if width > MAX_SHORT_WIDTH {
        return None;
    }
    let range = match word {
        "unsigned" => Range::unsigned(width),
        "signed" => Range::signed(width),
        _ => return None,
    };
    range.lo.zip(range.hi)
}

/// `s3.clk`; the name is left out where it is no word.
pub(super) fn reference(letter: char, index: usize, name: Option<&str>) -> String {
    let plain = |name: &&str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    match name.filter(plain) {
        Some(name) => format!("{letter}{index}.{name}"),
        None => format!("{letter}{index}"),
    }
}

/// A string in quotes, on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            // Line separators would break the line in some editors.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
