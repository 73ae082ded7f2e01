//! Random statements: the body of a process, as hardware and over plain integers.

use crate::bounds::Bounds;
use crate::choices::Choices;
use crate::expression::{Expr, Expressions, Kind, Scope, Table, bordering};
use crate::names;
use crate::signals::{ENUMS, Signal, Type, reads};

/// Two texts that grow line by line.
#[derive(Default, Debug)]
pub struct Lines {
    pub hdl: Vec<String>,
    pub model: Vec<String>,
    pub indent: usize,
}

impl Lines {
    pub fn push(&mut self, hdl: impl AsRef<str>, model: impl AsRef<str>) {
        self.hdl(hdl);
        self.model(model);
    }

    pub fn hdl(&mut self, text: impl AsRef<str>) {
        self.hdl.push(format!("{:1$}{2}", "", self.indent * 4, text.as_ref()));
    }

    pub fn model(&mut self, text: impl AsRef<str>) {
        self.model.push(format!("{:1$}{2}", "", self.indent * 4, text.as_ref()));
    }

    pub fn both(&mut self, text: impl AsRef<str>) {
        self.push(text.as_ref(), text.as_ref());
    }
}

/// A list of signals.
#[derive(Clone, Debug)]
pub struct Memory {
    pub name: String,
    pub depth: usize,
    pub ty: Type,
    pub initial: Vec<i128>,
}

impl Memory {
    /// Elements that begin with one value, or each with its own.
    pub fn new(c: &mut Choices, name: String, ty: Type) -> Memory {
        let depth = 2 + c.below(7);
        let first = ty.initial(c);
        let own = c.chance(40);
        let initial = (0..depth).map(|_| if own { ty.initial(c) } else { first }).collect();
        Memory { name, depth, ty, initial }
    }

    /// Its declaration, as hardware and for the model.
    pub fn declaration(&self) -> (String, String) {
        let Memory { name, depth, ty, initial } = self;
        if initial.iter().all(|value| *value == initial[0]) {
            return (
                format!("{name} = [Signal({}) for _ in range({depth})]", ty.value(initial[0])),
                format!("{name} = [signal({}) for _ in range({depth})]", ty.model(initial[0])),
            );
        }
        let list =
            |of: &dyn Fn(i128) -> String| initial.iter().map(|v| of(*v)).collect::<Vec<_>>().join(", ");
        (
            format!("{name} = [{}]", list(&|v| format!("Signal({})", ty.value(v)))),
            format!("{name} = [{}]", list(&|v| format!("signal({})", ty.model(v)))),
        )
    }

    pub fn table(&self) -> Table {
        let read = reads("", "", &self.ty);
        Table {
            hdl: self.name.clone(),
            model: format!("cur[{}[{{}}]]", self.name),
            depth: self.depth,
            kind: read[0].kind,
            bounds: read[0].bounds,
        }
    }
}

/// A variable of a process.
#[derive(Clone, Debug)]
struct Local {
    name: String,
    ty: Type,
    /// Whether it is an `intbv` or `modbv`, which is assigned as a slice.
    vector: bool,
}

pub struct Statements<'a, 'b> {
    pub c: &'a mut Choices<'b>,
    pub scope: Scope,
    /// What may be assigned.
    pub signals: Vec<Signal>,
    pub memories: Vec<Memory>,
    pub lines: Lines,
    /// Whether `return` may end the body.
    pub may_return: bool,
    locals: Vec<Local>,
    loops: usize,
    /// How many of them are `while` loops.
    whiles: usize,
    names: usize,
    /// Odd names that it has.
    odd: Vec<&'static str>,
}

/// Nesting at most.
const DEEPEST: usize = 3;

impl<'a, 'b> Statements<'a, 'b> {
    pub fn new(c: &'a mut Choices<'b>, scope: Scope, indent: usize) -> Self {
        Statements {
            c,
            scope,
            signals: Vec::new(),
            memories: Vec::new(),
            lines: Lines { indent, ..Lines::default() },
            may_return: false,
            locals: Vec::new(),
            loops: 0,
            whiles: 0,
            names: 0,
            odd: Vec::new(),
        }
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.names += 1;
        names::odd(self.c, names::LOCALS, &mut self.odd).unwrap_or_else(|| format!("{prefix}{}", self.names))
    }

    fn depth(&mut self) -> u32 {
        1 + self.c.below(3) as u32
    }

    fn number(&mut self) -> Expr {
        let depth = self.depth();
        Expressions { scope: &self.scope }.number(self.c, depth)
    }

    fn truth(&mut self) -> Expr {
        let depth = self.depth();
        Expressions { scope: &self.scope }.truth(self.c, depth)
    }

    /// Variables with their first values.
    pub fn declare_locals(&mut self) {
        for _ in 0..self.c.below(4) {
            let name = self.fresh("v");
            let (ty, vector) = match self.c.below(3) {
                0 => (Type::bits(0, (1 << (1 + self.c.below(10))) - 1), false),
                1 => match Type::random(self.c) {
                    Type::Enum(_) => (Type::bits(-8, 7), true),
                    Type::Bool => (Type::Bool, false),
                    ty => (ty, true),
                },
                _ => (Type::bits(-(1 << self.c.below(9)), 99), false),
            };
            let initial = ty.initial(self.c);
            if vector {
                self.lines.push(format!("{name} = {}", ty.value(initial)), format!("{name} = {initial}"));
            } else {
                self.lines.both(format!("{name} = {}", ty.model(initial)));
            }
            for mut read in reads(&name, &name, &ty) {
                if !vector && read.kind != Kind::Bool {
                    read.kind = Kind::Mixed;
                }
                self.scope.values.push(read);
            }
            self.locals.push(Local { name, ty, vector });
        }
    }

    /// A value for something of a type, as it is assigned, and what the model then holds.
    fn value_for(&mut self, ty: &Type) -> (String, String) {
        match ty {
            Type::Bool => {
                let e = self.truth();
                (e.hdl, e.model)
            }
            Type::Enum(e) => {
                let i = self.c.below(ENUMS[*e].1.len());
                (format!("E{e}.{}", ENUMS[*e].1[i]), i.to_string())
            }
            Type::Bits { lo, hi, wraps } => {
                let e = self.number();
                if *wraps {
                    return (e.hdl, format!("wrapped({}, {lo}, {hi})", e.model));
                }
                let e = e.fitted(*lo, *hi);
                (e.hdl, e.model)
            }
        }
    }

    pub fn assign(&mut self, signal: &Signal) {
        let (hdl, model) = match self.counted(signal) {
            Some(next) => next,
            None => self.value_for(&signal.ty),
        };
        self.lines.push(format!("{}.next = {hdl}", signal.name), format!("nxt[{}] = {model}", signal.name));
    }

    /// The next value of a counter that wraps around, now and then.
    fn counted(&mut self, signal: &Signal) -> Option<(String, String)> {
        let Type::Bits { lo, hi, wraps: true } = signal.ty else { return None };
        let name = &signal.name;
        let read = format!("cur[{name}]");
        if !self.c.chance(30) || !self.scope.values.iter().any(|value| value.model == read) {
            return None;
        }
        let step = self.c.pick(&["+ 1", "- 1"]);
        Some((format!("{name} {step}"), format!("wrapped({read} {step}, {lo}, {hi})")))
    }

    pub fn block(&mut self, nesting: usize) {
        let count = 1 + self.c.below(3);
        let before = self.lines.hdl.len();
        for _ in 0..count {
            if !self.c.are_left() {
                break;
            }
            self.statement(nesting);
        }
        if self.lines.hdl.len() == before {
            self.lines.both("pass");
        }
    }

    fn statement(&mut self, nesting: usize) {
        let deep = if nesting >= DEEPEST { 0 } else { 1 };
        let looped = if self.loops >= 2 { 0 } else { deep };
        match self.c.weighted(&[8, 3, 3, 4, 6 * deep, 3 * looped, 2 * looped, 3 * deep, 1]) {
            0 => self.assign_some(),
            1 => self.assign_part(),
            2 => self.write_memory(),
            3 => self.assign_local(),
            4 => self.conditional(nesting),
            5 => self.counted_loop(nesting),
            6 => self.while_loop(nesting),
            7 => self.choice(nesting),
            _ => self.jump(),
        }
    }

    fn assign_some(&mut self) {
        if self.signals.is_empty() {
            return self.assign_local();
        }
        let signal = self.signals[self.c.below(self.signals.len())].clone();
        self.assign(&signal);
    }

    /// A bit or a slice of a signal's next value.
    fn assign_part(&mut self) {
        let found: Vec<Signal> = self.signals.iter().filter(|s| width_of_parts(&s.ty) > 0).cloned().collect();
        if found.is_empty() {
            return self.assign_some();
        }
        let Signal { name, ty, .. } = &found[self.c.below(found.len())];
        let Type::Bits { lo, hi, .. } = *ty else { return };
        let (hdl, model) = self.part(width_of_parts(ty), &format!("nxt[{name}]"));
        self.lines.push(format!("{name}.next{hdl}"), format!("nxt[{name}] = wrapped({model}, {lo}, {hi})"));
    }

    /// `[h:l] = value`, and the whole that this makes of `whole`.
    fn part(&mut self, width: usize, whole: &str) -> (String, String) {
        if self.c.below(3) == 0 {
            let index = Expressions { scope: &self.scope }.index(self.c, 0, width);
            let value = self.truth();
            return (
                format!("[{}] = {}", index.hdl, value.hdl),
                format!("put_bit({whole}, {}, {})", index.model, value.model),
            );
        }
        let low = self.c.below(width);
        let high = low + 1 + self.c.below(width - low);
        if self.c.chance(25) {
            // As many bits, from a place that varies.
            let taken = high - low;
            let place = Expressions { scope: &self.scope }.index(self.c, 0, width - taken + 1);
            let value = self.number().fitted(0, (1 << taken) - 1);
            let (i, m) = (place.hdl_operand(), place.model_operand());
            return (
                format!("[{i}+{taken}:{i}] = {}", value.hdl),
                format!("put({whole}, {m} + {taken}, {m}, {})", value.model),
            );
        }
        let value = self.number().fitted(0, (1 << (high - low)) - 1);
        let place =
            if low == 0 && self.c.below(2) == 0 { format!("{high}:") } else { format!("{high}:{low}") };
        (format!("[{place}] = {}", value.hdl), format!("put({whole}, {high}, {low}, {})", value.model))
    }

    fn write_memory(&mut self) {
        // Verilator 5.006 takes no element of a memory inside a loop that it cannot unroll.
        if self.memories.is_empty() || self.whiles > 0 {
            return self.assign_some();
        }
        let memory = self.memories[self.c.below(self.memories.len())].clone();
        let index = Expressions { scope: &self.scope }.index(self.c, 1, memory.depth);
        let (hdl, model) = self.value_for(&memory.ty);
        let name = &memory.name;
        self.lines.push(
            format!("{name}[{}].next = {hdl}", index.hdl),
            format!("nxt[{name}[{}]] = {model}", index.model),
        );
    }

    fn assign_local(&mut self) {
        if self.locals.is_empty() {
            return match self.signals.is_empty() {
                true => self.lines.both("pass"),
                false => self.assign_some(),
            };
        }
        let Local { name, ty, vector } = self.locals[self.c.below(self.locals.len())].clone();
        match ty {
            Type::Bits { lo, hi, wraps } if vector => {
                let width = width_of_parts(&ty);
                if width > 0 && self.c.chance(30) {
                    let (hdl, model) = self.part(width, &name);
                    self.lines.push(format!("{name}{hdl}"), format!("{name} = wrapped({model}, {lo}, {hi})"));
                    return;
                }
                let (hdl, model) = self.value_for(&Type::Bits { lo, hi, wraps });
                self.lines.push(format!("{name}[:] = {hdl}"), format!("{name} = {model}"));
            }
            Type::Bits { lo, hi, .. } => {
                // An operator that stays within the range.
                if lo == 0 && self.c.chance(30) {
                    let (op, hdl, model) = match self.c.below(4) {
                        0 => (">>", "1".to_owned(), "1".to_owned()),
                        1 => ("//", "3".to_owned(), "3".to_owned()),
                        2 => ("%", "5".to_owned(), "5".to_owned()),
                        _ => {
                            let e = self.number();
                            ("&", e.hdl, e.model)
                        }
                    };
                    self.lines.push(format!("{name} {op}= {hdl}"), format!("{name} {op}= {model}"));
                    return;
                }
                let e = self.number().fitted(lo, hi);
                // A name for an intbv would go on being that intbv.
                let bare = e.atom || e.kind == Kind::Mixed;
                let hdl = if bare { format!("int({})", e.hdl) } else { e.hdl };
                self.lines.push(format!("{name} = {hdl}"), format!("{name} = {}", e.model));
            }
            _ => {
                let e = self.truth();
                self.lines.push(format!("{name} = bool({})", e.hdl), format!("{name} = bool({})", e.model));
            }
        }
    }

    fn inside(&mut self, nesting: usize) {
        self.lines.indent += 1;
        self.block(nesting + 1);
        self.lines.indent -= 1;
    }

    /// The statements of one case among several, which may leave what is around in the end.
    fn arm(&mut self, nesting: usize) {
        self.inside(nesting);
        if self.c.chance(15)
            && let Some(jump) = self.leaving()
        {
            self.lines.indent += 1;
            self.lines.both(jump);
            self.lines.indent -= 1;
        }
    }

    fn conditional(&mut self, nesting: usize) {
        // Tests of one value, one after the other, or of whatever there is.
        let one = self.c.chance(30).then(|| Expressions { scope: &self.scope }.bordered(self.c));
        let test = |s: &mut Self| match &one {
            Some((value, border)) => bordering(s.c, value, *border),
            None => s.any_condition(),
        };
        let e = test(self);
        self.lines.push(format!("if {}:", e.hdl), format!("if {}:", e.model));
        self.arm(nesting);
        for _ in 0..self.c.below(3) {
            let e = test(self);
            self.lines.push(format!("elif {}:", e.hdl), format!("elif {}:", e.model));
            self.arm(nesting);
        }
        if self.c.below(2) == 1 {
            self.lines.both("else:");
            self.arm(nesting);
        }
    }

    /// A condition, which need not be a bool.
    fn any_condition(&mut self) -> Expr {
        if self.c.chance(15) { self.number() } else { self.truth() }
    }

    fn counted_loop(&mut self, nesting: usize) {
        let name = self.fresh("i");
        let (text, lo, hi) = match self.c.below(5) {
            0 => {
                let n = 1 + self.c.below(5) as i128;
                (format!("range({n})"), 0, n - 1)
            }
            1 => {
                let (start, n) = (self.c.between(-3, 4), 1 + self.c.below(4) as i128);
                (format!("range({start}, {})", start + n), start, start + n - 1)
            }
            2 => {
                let n = 1 + self.c.below(5) as i128;
                (format!("range({n}, -1, -1)"), 0, n)
            }
            3 => {
                let (end, n) = (self.c.between(-3, 4), 1 + self.c.below(5) as i128);
                let step = if self.c.below(3) == 2 { ", 2" } else { "" };
                (format!("downrange({}, {end}{step})", end + n), end, end + n - 1)
            }
            _ => {
                let n = 2 + self.c.below(7) as i128;
                (format!("range(0, {n}, 2)"), 0, n)
            }
        };
        self.lines.both(format!("for {name} in {text}:"));
        let count = self.scope.values.len();
        self.scope.values.push(Expr::same(name, Kind::Number, Bounds::around(lo, hi)));
        self.loop_body(nesting);
        self.scope.values.truncate(count);
    }

    fn while_loop(&mut self, nesting: usize) {
        let name = self.fresh("k");
        let n = 1 + self.c.below(5) as i128;
        self.lines.both(format!("{name} = {n}"));
        let more = if self.c.below(2) == 1 { Some(self.truth()) } else { None };
        let text = |more: Option<&String>| match more {
            Some(more) => format!("while {name} > 0 and ({more}):"),
            None => format!("while {name} > 0:"),
        };
        self.lines.push(text(more.as_ref().map(|m| &m.hdl)), text(more.as_ref().map(|m| &m.model)));
        self.lines.indent += 1;
        self.lines.both(format!("{name} -= 1"));
        self.lines.indent -= 1;
        let count = self.scope.values.len();
        self.scope.values.push(Expr::same(name, Kind::Number, Bounds::around(0, n)));
        self.whiles += 1;
        self.loop_body(nesting);
        self.whiles -= 1;
        self.scope.values.truncate(count);
    }

    fn loop_body(&mut self, nesting: usize) {
        let sum = if self.c.chance(50) { self.sum_of_rounds() } else { None };
        self.loops += 1;
        self.inside(nesting);
        if self.c.chance(25) {
            let e = self.truth();
            self.lines.indent += 1;
            self.lines.push(format!("if {}:", e.hdl), format!("if {}:", e.model));
            self.lines.indent += 1;
            self.lines.both(self.c.pick(&["break", "continue"]));
            self.lines.indent -= 1;
            self.block(nesting + 1);
            self.lines.indent -= 1;
        }
        self.loops -= 1;
        if let Some(sum) = sum {
            self.show(sum);
        }
    }

    /// A variable that each round changes in another way, so that it tells which rounds there were.
    fn sum_of_rounds(&mut self) -> Option<Expr> {
        let plain = |l: &&Local| !l.vector && l.ty != Type::Bool;
        let found: Vec<Local> = self.locals.iter().filter(plain).cloned().collect();
        let counter = self.scope.values.last()?.hdl.clone();
        if found.is_empty() {
            return None;
        }
        let Local { name, ty: Type::Bits { lo, hi, .. }, .. } = self.c.pick(&found) else { return None };
        let next = Expr::same(format!("{name} * 3 + {counter}"), Kind::Number, Bounds::signed(60));
        let next = Expr { atom: false, ..next }.fitted(lo, hi);
        self.lines.indent += 1;
        self.lines.push(format!("{name} = {}", next.hdl), format!("{name} = {}", next.model));
        self.lines.indent -= 1;
        Some(Expr::same(name, Kind::Mixed, Bounds::around(lo, hi)))
    }

    /// Elements of the memories in the end, for the outputs to tell what is in them.
    pub fn show_memories(&mut self) {
        for memory in self.memories.clone() {
            if self.c.chance(60) {
                let index = Expressions { scope: &self.scope }.index(self.c, 1, memory.depth);
                self.show(memory.table().element(&index));
            }
        }
    }

    /// Gives a value to a signal, if there is one for it.
    fn show(&mut self, value: Expr) {
        let found: Vec<Signal> =
            self.signals.iter().filter(|s| matches!(s.ty, Type::Bits { .. })).cloned().collect();
        if found.is_empty() {
            return;
        }
        let Signal { name, ty: Type::Bits { lo, hi, .. }, .. } = self.c.pick(&found) else { return };
        let value = value.fitted(lo, hi);
        self.lines.push(format!("{name}.next = {}", value.hdl), format!("nxt[{name}] = {}", value.model));
    }

    fn choice(&mut self, nesting: usize) {
        let enums: Vec<(String, usize)> = self
            .signals
            .iter()
            .filter_map(|s| match s.ty {
                // A combinational process must not read what it drives.
                Type::Enum(e)
                    if self.scope.values.iter().any(|v| v.model.contains(&format!("cur[{}]", s.name))) =>
                {
                    Some((s.name.clone(), e))
                }
                _ => None,
            })
            .collect();
        if !enums.is_empty() && self.c.below(2) == 1 {
            let (name, e) = self.c.pick(&enums);
            self.lines.push(format!("match {name}:"), format!("match cur[{name}]:"));
            self.lines.indent += 1;
            for (i, literal) in ENUMS[e].1.iter().enumerate() {
                if self.c.below(4) > 0 {
                    self.lines.push(format!("case E{e}.{literal}:"), format!("case {i}:"));
                    self.arm(nesting);
                }
            }
            self.lines.both("case _:");
            self.arm(nesting);
            self.lines.indent -= 1;
            return;
        }
        let subject = self.number().fitted(-2, 6);
        let parens = |text: &str| format!("match ({text}):");
        self.lines.push(parens(&subject.hdl), parens(&subject.model));
        self.lines.indent += 1;
        let mut next = -2;
        for _ in 0..1 + self.c.below(4) {
            let mut patterns = Vec::new();
            for _ in 0..1 + self.c.below(2) {
                patterns.push(next.to_string());
                next += 1 + self.c.below(2) as i128;
            }
            let guard = if self.c.chance(20) { Some(self.truth()) } else { None };
            let pattern = patterns.join(" | ");
            match guard {
                Some(g) => {
                    // The guarded value may come again.
                    next -= 1;
                    self.lines.push(
                        format!("case {pattern} if {}:", g.hdl),
                        format!("case {pattern} if {}:", g.model),
                    );
                }
                None => self.lines.both(format!("case {pattern}:")),
            }
            self.arm(nesting);
        }
        if self.c.below(2) == 1 {
            self.lines.both("case _:");
            self.arm(nesting);
        }
        self.lines.indent -= 1;
    }

    /// The word that leaves what is around, if anything does.
    fn leaving(&mut self) -> Option<&'static str> {
        match (self.loops > 0, self.may_return) {
            (true, true) => Some(self.c.pick(&["break", "continue", "return"])),
            (true, false) => Some(self.c.pick(&["break", "continue"])),
            (false, true) => Some("return"),
            (false, false) => None,
        }
    }

    fn jump(&mut self) {
        let e = self.truth();
        let Some(jump) = self.leaving() else { return self.assign_some() };
        self.lines.push(format!("if {}:", e.hdl), format!("if {}:", e.model));
        self.lines.indent += 1;
        self.lines.both(jump);
        self.lines.indent -= 1;
    }
}

/// How many low bits can be assigned whatever they are and whatever the others are. A sign that is written is a large
/// number to Python, which only a `modbv` takes.
fn width_of_parts(ty: &Type) -> usize {
    let Type::Bits { lo, hi, wraps } = *ty else { return 0 };
    let bounds = Bounds::around(lo, hi);
    let whole = lo == bounds.lo() && hi == bounds.hi();
    if whole { (bounds.bits + u32::from(lo < 0 && wraps)) as usize } else { 0 }
}
