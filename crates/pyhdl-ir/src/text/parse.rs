//! Reading a design: its items, types and spans.

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{FileId, Span};

use super::cursor::{Cursor, Kind, Parsed};
use super::print::{MAX_SHORT_WIDTH, full_bits};
use super::words::Word;
use super::{MAX_NESTING, VERSION};
use crate::{
    BitsType, Design, Direction, Encoding, EnumId, EnumType, Function, FunctionId, Group, GroupKind, Item,
    Local, LocalId, Memory, MemoryId, Port, Process, ProcessId, ProcessKind, Range, Reset, ResetPolarity,
    Scope, ScopeId, Signal, SignalId, StorageType, Table, TableId, Trigger, Type, Visible,
};

/// Stands for a span that the text leaves out; no text can spell it.
pub(super) fn no_span() -> Span {
    Span { file: FileId::from_usize(0), start: 1, end: 0 }
}

pub(super) struct Parser<'t> {
    pub cursor: Cursor<'t>,
    /// What has been read.
    pub design: Design,
    /// The locals of the process or function that is being read.
    pub locals: IndexVec<LocalId, Local>,
    /// How deep in expressions and statements reading is.
    nesting: u32,
    /// The file that was named last.
    file: Option<FileId>,
}

impl<'t> Parser<'t> {
    pub fn new(text: &'t str) -> Parsed<Self> {
        Ok(Parser {
            cursor: Cursor::new(text)?,
            design: Design::default(),
            locals: IndexVec::new(),
            nesting: 0,
            file: None,
        })
    }

    pub fn design(mut self) -> Parsed<Design> {
        self.cursor.expect("design")?;
        self.cursor.expect(VERSION)?;
        while !self.cursor.at_end() {
            match self.cursor.peek() {
                "enum" => self.enumeration()?,
                "table" => self.table()?,
                "scope" => self.scope()?,
                "signal" => self.signal()?,
                "memory" => self.memory()?,
                "function" => self.function()?,
                "process" => self.process()?,
                "constant" => {
                    self.cursor.advance();
                    let span = self.at()?;
                    self.design.constants.insert(span);
                }
                _ => {
                    return self.cursor.expected(
                        "`enum`, `table`, `scope`, `signal`, `memory`, `function`, `process` or `constant`",
                    );
                }
            }
        }
        Ok(self.design)
    }

    /// `keyword x3.name "name"`, where 3 must be the next index.
    fn item(&mut self, letter: char, next: usize) -> Parsed<String> {
        self.cursor.advance();
        let wanted = format!("`{letter}{next}`");
        let index = self.cursor.reference(letter, &wanted)?;
        if index as usize != next {
            return Err(self.cursor.error_before(format!("expected {wanted}: items are numbered in order")));
        }
        self.cursor.string("a name in quotes")
    }

    fn enumeration(&mut self) -> Parsed<()> {
        let name = self.item('e', self.design.enums.len())?;
        let encoding: Encoding = self.word("an encoding")?;
        self.cursor.expect("{")?;
        let literals = self.list("}", |p| p.cursor.string("a literal in quotes"))?;
        self.design.enums.push(EnumType { name, literals, encoding });
        Ok(())
    }

    fn table(&mut self) -> Parsed<()> {
        let name = self.item('t', self.design.tables.len())?;
        self.cursor.expect("{")?;
        let entries = self.list("}", |p| p.cursor.number())?;
        self.design.tables.push(Table { name, entries });
        Ok(())
    }

    fn scope(&mut self) -> Parsed<()> {
        let name = self.item('i', self.design.scopes.len())?;
        self.cursor.expect("block")?;
        let block = self.cursor.string("the block's name in quotes")?;
        let parent = if self.cursor.eat("parent") { Some(self.scope_ref()?) } else { None };
        self.cursor.expect("params")?;
        let params = self.cursor.small("a number of parameters")?;
        let span = self.at()?;
        let instance = if self.cursor.eat("made") { Some(self.at()?) } else { None };
        self.cursor.expect("{")?;
        let doc = self.optional_string("doc")?;
        let (mut names, mut groups, mut ports, mut items) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        while !self.cursor.eat("}") {
            if self.cursor.eat("name") {
                let name = self.cursor.string("a name in quotes")?;
                names.push((name, self.visible()?));
            } else if self.cursor.eat("group") {
                groups.push(self.group()?);
            } else if self.cursor.eat("port") {
                let direction: Direction = self.word("`in` or `out`")?;
                let name = self.cursor.string("a name in quotes")?;
                let signal = self.signal_ref()?;
                let span = if self.cursor.peek() == "at" { Some(self.at()?) } else { None };
                ports.push(Port { name, signal, direction, span });
            } else if self.cursor.eat("item") {
                items.push(match self.cursor.peek().starts_with('p') {
                    true => Item::Process(ProcessId::from_usize(self.reference('p', "a process")?)),
                    false => Item::Scope(self.scope_ref()?),
                });
            } else {
                return self.cursor.expected("`name`, `group`, `port`, `item` or `}`");
            }
        }
        self.design.scopes.push(Scope {
            name,
            block,
            parent,
            items,
            names,
            params,
            groups,
            ports,
            doc,
            span,
            instance,
        });
        Ok(())
    }

    fn group(&mut self) -> Parsed<Group> {
        let name = self.cursor.string("a name in quotes")?;
        let kind = if self.cursor.eat("object") {
            GroupKind::Object { class: self.cursor.string("a class in quotes")? }
        } else {
            self.cursor.expect("list")?;
            let mut dimensions = Vec::new();
            while self.cursor.peek() != "{" {
                dimensions.push(self.cursor.small("a number of elements")?);
            }
            GroupKind::List { dimensions }
        };
        self.cursor.expect("{")?;
        let members = self.list("}", |p| {
            let name = p.cursor.string("a name in quotes")?;
            Ok((name, p.signal_ref()?))
        })?;
        Ok(Group { name, kind, members })
    }

    fn visible(&mut self) -> Parsed<Visible> {
        Ok(match self.cursor.peek().starts_with('m') {
            true => Visible::Memory(self.memory_ref()?),
            false => Visible::Signal(self.signal_ref()?),
        })
    }

    fn signal(&mut self) -> Parsed<()> {
        let name = self.item('s', self.design.signals.len())?;
        self.cursor.expect("home")?;
        let home = self.scope_ref()?;
        self.cursor.expect(":")?;
        let ty = self.storage()?;
        self.cursor.expect("=")?;
        let init = self.cursor.number()?;
        let constant = self.cursor.eat("constant");
        let floating = self.cursor.eat("floating");
        let reset = if self.cursor.eat("reset") { Some(self.polarity()?) } else { None };
        let span = self.at()?;
        self.design.signals.push(Signal { name, home, ty, init, constant, floating, reset, span });
        Ok(())
    }

    fn memory(&mut self) -> Parsed<()> {
        let name = self.item('m', self.design.memories.len())?;
        self.cursor.expect("home")?;
        let home = self.scope_ref()?;
        self.cursor.expect("{")?;
        let elements = self.list("}", Self::signal_ref)?;
        let span = self.at()?;
        self.design.memories.push(Memory { name, home, elements, span });
        Ok(())
    }

    fn function(&mut self) -> Parsed<()> {
        let name = self.item('f', self.design.functions.len())?;
        self.cursor.expect("in")?;
        let scope = self.scope_ref()?;
        self.cursor.expect("params")?;
        let params = self.cursor.small("a number of parameters")?;
        let returns = if self.cursor.eat("returns") { Some(self.ty()?) } else { None };
        let span = self.at()?;
        self.cursor.expect("{")?;
        let doc = self.optional_string("doc")?;
        self.read_locals()?;
        let body = self.block()?;
        let locals = std::mem::take(&mut self.locals);
        self.design.functions.push(Function { name, scope, params, locals, body, returns, doc, span });
        Ok(())
    }

    fn process(&mut self) -> Parsed<()> {
        let name = self.item('p', self.design.processes.len())?;
        self.cursor.expect("in")?;
        let scope = self.scope_ref()?;
        let mut kind = self.kind()?;
        let span = self.at()?;
        if let ProcessKind::Triggered { triggers } = &mut kind {
            super::parse_stmt::inherit_triggers(triggers, span);
        }
        self.cursor.expect("{")?;
        let doc = self.optional_string("doc")?;
        let foreign = self.optional_string("foreign")?;
        self.read_locals()?;
        let body = self.block()?;
        let locals = std::mem::take(&mut self.locals);
        self.design.processes.push(Process { name, scope, kind, locals, body, foreign, doc, span });
        Ok(())
    }

    fn kind(&mut self) -> Parsed<ProcessKind> {
        let word = self.cursor.peek();
        if !matches!(word, "continuous" | "combinational" | "triggered" | "sequential" | "thread" | "opaque")
        {
            return self
                .cursor
                .expected("`continuous`, `combinational`, `triggered`, `sequential`, `thread` or `opaque`");
        }
        self.cursor.advance();
        if word == "thread" {
            return Ok(ProcessKind::Thread);
        }
        self.cursor.expect("(")?;
        Ok(match word {
            "continuous" => ProcessKind::Continuous { sensitivity: self.list(")", Self::signal_ref)? },
            "combinational" => ProcessKind::Combinational { sensitivity: self.list(")", Self::signal_ref)? },
            "triggered" => ProcessKind::Triggered { triggers: self.list(")", Self::trigger)? },
            "opaque" => {
                self.cursor.expect("{")?;
                let reads = self.list("}", Self::signal_ref)?;
                self.cursor.expect(",")?;
                self.cursor.expect("{")?;
                let drives = self.list("}", Self::signal_ref)?;
                self.cursor.expect(")")?;
                ProcessKind::Opaque { reads, drives }
            }
            _ => {
                let (clock, rising) = match self.trigger()? {
                    Trigger::Rising(s) => (s, true),
                    Trigger::Falling(s) => (s, false),
                    _ => return Err(self.cursor.error_before("a clock needs `posedge` or `negedge`")),
                };
                let reset = if self.cursor.eat(",") { Some(self.reset()?) } else { None };
                self.cursor.expect(")")?;
                ProcessKind::Sequential { clock, rising, reset }
            }
        })
    }

    fn reset(&mut self) -> Parsed<Reset> {
        self.cursor.expect("reset")?;
        let signal = self.signal_ref()?;
        let polarity = self.polarity()?;
        self.cursor.expect("targets")?;
        self.cursor.expect("{")?;
        Ok(Reset { signal, polarity, targets: self.list("}", Self::signal_ref)? })
    }

    fn polarity(&mut self) -> Parsed<ResetPolarity> {
        let active_high = self.cursor.eat("high");
        if !active_high && !self.cursor.eat("low") {
            return self.cursor.expected("`high` or `low`");
        }
        let asynchronous = self.cursor.eat("async");
        if !asynchronous && !self.cursor.eat("sync") {
            return self.cursor.expected("`async` or `sync`");
        }
        Ok(ResetPolarity { active_high, asynchronous })
    }

    fn read_locals(&mut self) -> Parsed<()> {
        self.locals.raw.clear();
        while self.cursor.peek() == "local" {
            let name = self.item('l', self.locals.len())?;
            self.cursor.expect(":")?;
            let ty = self.storage()?;
            let length = if self.cursor.eat("times") {
                Some(self.cursor.small("a number of elements")?)
            } else {
                None
            };
            let init = if self.cursor.eat("=") { Some(self.cursor.number()?) } else { None };
            let inout = self.cursor.eat("inout");
            self.locals.push(Local { name, ty, init, inout, length });
        }
        Ok(())
    }

    fn optional_string(&mut self, keyword: &str) -> Parsed<Option<String>> {
        if self.cursor.eat(keyword) { Ok(Some(self.cursor.string("a string in quotes")?)) } else { Ok(None) }
    }

    pub fn ty(&mut self) -> Parsed<Type> {
        match self.cursor.peek() {
            "bool" => {
                self.cursor.advance();
                Ok(Type::Bool)
            }
            "int" => Ok(Type::Int(self.int()?)),
            "enum" => {
                self.cursor.advance();
                Ok(Type::Enum(self.enum_ref()?))
            }
            _ => self.cursor.expected("a type: `bool`, `int` or `enum`"),
        }
    }

    fn storage(&mut self) -> Parsed<StorageType> {
        let word = self.cursor.peek();
        Ok(match word {
            "bits" => {
                self.cursor.advance();
                let width = self.cursor.small("a width")?;
                let min = self.cursor.number()?;
                self.cursor.expect("..")?;
                let max = self.cursor.number()?;
                StorageType::Bits(BitsType { width, min, max, wraps: self.cursor.eat("wraps") })
            }
            "unsigned" | "signed" => {
                self.cursor.advance();
                let width = self.cursor.small("a width")?;
                let Some((min, max)) = full_bits(word, width) else {
                    let message = format!("wider than {MAX_SHORT_WIDTH}: write `bits WIDTH MIN..MAX`");
                    return Err(self.cursor.error_before(message));
                };
                StorageType::Bits(BitsType { width, min, max, wraps: self.cursor.eat("wraps") })
            }
            "opaque" => {
                self.cursor.advance();
                StorageType::Opaque
            }
            "bool" | "int" | "enum" => match self.ty()? {
                Type::Bool => StorageType::Bool,
                Type::Int(range) => StorageType::Int(range),
                Type::Enum(id) => StorageType::Enum(id),
            },
            _ => {
                return self
                    .cursor
                    .expected("a type: `bool`, `unsigned`, `signed`, `bits`, `int`, `enum` or `opaque`");
            }
        })
    }

    fn int(&mut self) -> Parsed<Range> {
        self.cursor.advance();
        let lo = if self.cursor.eat("-inf") { None } else { Some(self.cursor.number()?) };
        self.cursor.expect("..")?;
        let hi = if self.cursor.eat("inf") { None } else { Some(self.cursor.number()?) };
        if matches!((&lo, &hi), (Some(lo), Some(hi)) if lo > hi) {
            return Err(self.cursor.error_before("this range is empty"));
        }
        Ok(Range { lo, hi })
    }

    /// `at span`.
    pub fn at(&mut self) -> Parsed<Span> {
        self.cursor.expect("at")?;
        self.span()
    }

    pub fn span(&mut self) -> Parsed<Span> {
        if self.cursor.peek_second() == ":" {
            let file = self.cursor.small("a file's number")?;
            if file == u32::MAX {
                return Err(self.cursor.error_before("this file's number is too large"));
            }
            self.file = Some(FileId::from_usize(file as usize));
            self.cursor.advance();
        }
        let start = self.cursor.small("a span: `file:start..end`")?;
        let Some(file) = self.file else {
            return Err(self.cursor.error_before("the first span must name its file: `0:3..7`"));
        };
        self.cursor.expect("..")?;
        let end = self.cursor.small("the span's end")?;
        if end < start {
            return Err(self.cursor.error_before("a span cannot end before it starts"));
        }
        Ok(Span { file, start, end })
    }

    /// Items separated by commas, up to `close`.
    pub fn list<T>(&mut self, close: &str, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        while !self.cursor.eat(close) {
            if !items.is_empty() {
                self.cursor.expect(",")?;
            }
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// A word of one of the tables.
    pub fn word<T: Word>(&mut self, wanted: &str) -> Parsed<T> {
        match T::from_word(self.cursor.peek()) {
            Some(value) => {
                self.cursor.advance();
                Ok(value)
            }
            None => self.cursor.expected(wanted),
        }
    }

    /// Goes some levels further in; [`Self::leave`] must follow.
    pub fn enter(&mut self, levels: u32) -> Parsed<()> {
        self.nesting += levels;
        if self.nesting > MAX_NESTING {
            return self.cursor.expected(&format!("at most {MAX_NESTING} nested levels"));
        }
        Ok(())
    }

    pub fn leave(&mut self, levels: u32) {
        self.nesting -= levels;
    }

    pub fn reference(&mut self, letter: char, what: &str) -> Parsed<usize> {
        let index = self.cursor.reference(letter, &format!("{what} (`{letter}` and its number)"))?;
        Ok(index as usize)
    }

    pub fn signal_ref(&mut self) -> Parsed<SignalId> {
        Ok(SignalId::from_usize(self.reference('s', "a signal")?))
    }

    pub fn memory_ref(&mut self) -> Parsed<MemoryId> {
        Ok(MemoryId::from_usize(self.reference('m', "a memory")?))
    }

    pub fn table_ref(&mut self) -> Parsed<TableId> {
        Ok(TableId::from_usize(self.reference('t', "a table")?))
    }

    pub fn enum_ref(&mut self) -> Parsed<EnumId> {
        Ok(EnumId::from_usize(self.reference('e', "an enumeration")?))
    }

    pub fn function_ref(&mut self) -> Parsed<FunctionId> {
        Ok(FunctionId::from_usize(self.reference('f', "a function")?))
    }

    pub fn local_ref(&mut self) -> Parsed<LocalId> {
        Ok(LocalId::from_usize(self.reference('l', "a local variable")?))
    }

    fn scope_ref(&mut self) -> Parsed<ScopeId> {
        Ok(ScopeId::from_usize(self.reference('i', "a scope")?))
    }

    /// A number for a `step` or a pattern.
    pub fn number(&mut self) -> Parsed<BigInt> {
        self.cursor.number()
    }

    /// Whether a string stands here.
    pub fn at_string(&self) -> bool {
        self.cursor.peek_kind() == Some(Kind::Text)
    }
}
