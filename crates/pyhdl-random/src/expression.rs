//! Random expressions, as they are written in hardware and as a plain Python of integers says the same.

use crate::bounds::Bounds;
use crate::choices::Choices;

/// Wider values say nothing new and take the tools long.
pub const WIDEST: u32 = 90;

/// What may be done with a value besides computing with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Bool,
    /// A Python integer, or something that behaves like one.
    Number,
    /// An `intbv`, which has bits that can be taken. With a width if it is unsigned and has one: `~` depends on it.
    Vector(Option<u32>),
    /// One of several kinds, depending on the values.
    Mixed,
}

#[derive(Clone, Debug)]
pub struct Expr {
    /// As it is written in the hardware.
    pub hdl: String,
    /// The same, over plain integers.
    pub model: String,
    pub kind: Kind,
    pub bounds: Bounds,
    /// Whether it is a name, a number or a call: it needs no parentheses.
    pub atom: bool,
}

impl Expr {
    pub fn new(hdl: impl Into<String>, model: impl Into<String>, kind: Kind, bounds: Bounds) -> Expr {
        Expr { hdl: hdl.into(), model: model.into(), kind, bounds, atom: true }
    }

    pub fn same(text: impl Into<String>, kind: Kind, bounds: Bounds) -> Expr {
        let text = text.into();
        Expr::new(text.clone(), text, kind, bounds)
    }

    pub fn constant(value: i128) -> Expr {
        Expr { atom: value >= 0, ..Expr::same(value.to_string(), Kind::Number, Bounds::around(value, value)) }
    }

    fn open(mut self) -> Expr {
        self.atom = false;
        self
    }

    pub fn hdl_operand(&self) -> String {
        if self.atom { self.hdl.clone() } else { format!("({})", self.hdl) }
    }

    pub fn model_operand(&self) -> String {
        if self.atom { self.model.clone() } else { format!("({})", self.model) }
    }

    /// Brought between two bounds, which it may already be.
    pub fn fitted(self, lo: i128, hi: i128) -> Expr {
        if self.bounds.within(lo, hi) {
            return self;
        }
        let count = hi - lo + 1;
        let text = |operand: String| match lo {
            0 => format!("{operand} % {count}"),
            _ if lo < 0 => format!("{operand} % {count} - {}", -lo),
            _ => format!("{operand} % {count} + {lo}"),
        };
        let (hdl, model) = (text(self.hdl_operand()), text(self.model_operand()));
        Expr::new(hdl, model, Kind::Number, Bounds::around(lo, hi)).open()
    }
}

/// A list of signals, or a tuple of numbers, of which an index chooses one.
#[derive(Clone, Debug)]
pub struct Table {
    pub hdl: String,
    /// `{}` stands for the index.
    pub model: String,
    pub depth: usize,
    pub kind: Kind,
    pub bounds: Bounds,
}

impl Table {
    pub fn element(&self, index: &Expr) -> Expr {
        let hdl = format!("{}[{}]", self.hdl, index.hdl);
        Expr::new(hdl, self.model.replace("{}", &index.model), self.kind, self.bounds)
    }
}

/// A function of the file: its name, and what each argument must be between.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    pub parameters: Vec<(i128, i128)>,
    pub result: Bounds,
    pub truth: bool,
}

/// What an expression can read.
#[derive(Clone, Default, Debug)]
pub struct Scope {
    pub values: Vec<Expr>,
    pub tables: Vec<Table>,
    pub functions: Vec<Function>,
}

impl Scope {
    fn of_kind(&self, c: &mut Choices, wanted: impl Fn(&Expr) -> bool) -> Option<Expr> {
        let found: Vec<&Expr> = self.values.iter().filter(|v| wanted(v)).collect();
        (!found.is_empty()).then(|| found[c.below(found.len())].clone())
    }
}

pub struct Expressions<'s> {
    pub scope: &'s Scope,
}

fn binary(op: &str, a: &Expr, b: &Expr, kind: Kind, bounds: Bounds) -> Expr {
    let hdl = format!("{} {op} {}", a.hdl_operand(), b.hdl_operand());
    let model = format!("{} {op} {}", a.model_operand(), b.model_operand());
    Expr::new(hdl, model, kind, bounds).open()
}

fn unary(op: &str, a: &Expr, kind: Kind, bounds: Bounds) -> Expr {
    Expr::new(format!("{op}{}", a.hdl_operand()), format!("{op}{}", a.model_operand()), kind, bounds).open()
}

fn call(name: &str, arguments: &[Expr], kind: Kind, bounds: Bounds) -> Expr {
    let list = |text: fn(&Expr) -> &str| arguments.iter().map(text).collect::<Vec<_>>().join(", ");
    let text = |inner: String| format!("{name}({inner})");
    Expr::new(text(list(|e| &e.hdl)), text(list(|e| &e.model)), kind, bounds)
}

/// A test of a value against a number beside a border.
pub fn bordering(c: &mut Choices, value: &Expr, border: i128) -> Expr {
    let op = c.pick(&["<", ">", "==", "!=", "<=", ">="]);
    binary(op, value, &Expr::constant(border + c.between(-1, 1)), Kind::Bool, Bounds::unsigned(1))
}

fn is_vector(e: &Expr) -> bool {
    matches!(e.kind, Kind::Vector(_))
}

/// The kind of `a & b`, and of its relatives.
fn bitwise(a: &Expr, b: &Expr) -> Kind {
    match (a.kind, b.kind) {
        (Kind::Bool, Kind::Bool) => Kind::Bool,
        (Kind::Mixed, _) | (_, Kind::Mixed) => Kind::Number,
        _ if is_vector(a) || is_vector(b) => Kind::Vector(None),
        _ => Kind::Number,
    }
}

impl Expressions<'_> {
    fn leaf(&self, c: &mut Choices) -> Expr {
        match self.scope.values.len() {
            0 => Expr::constant(c.between(0, 9)),
            count => self.scope.values[c.below(count)].clone(),
        }
    }

    fn constant(&self, c: &mut Choices) -> Expr {
        let value = match c.below(5) {
            0 => c.between(0, 3),
            1 => c.between(-9, 40),
            2 => c.between(-300, 300),
            3 => (1 << c.between(0, 40)) - c.between(0, 1),
            _ => -(1 << c.between(0, 20)),
        };
        Expr::constant(value)
    }

    /// A number, which may be a `bool`.
    pub fn number(&self, c: &mut Choices, depth: u32) -> Expr {
        let e = self.any_number(c, depth);
        if e.bounds.bits <= WIDEST {
            return e;
        }
        let bits = 20 + c.below(20) as u32;
        e.fitted(0, Bounds::unsigned(bits).hi())
    }

    fn any_number(&self, c: &mut Choices, depth: u32) -> Expr {
        if depth == 0 {
            return if c.chance(20) { self.constant(c) } else { self.leaf(c) };
        }
        let d = depth - 1;
        match c.weighted(&[4, 12, 6, 6, 5, 5, 4, 5, 3, 2, 3, 2, 4, 2, 2, 2, 2, 2]) {
            0 => self.number(c, 0),
            1 => {
                let (a, b) = (self.number(c, d), self.number(c, d));
                match c.below(3) {
                    0 => binary("+", &a, &b, Kind::Number, a.bounds.join(b.bounds).wider(1)),
                    1 => {
                        let bounds = a.bounds.join(b.bounds).wider(1);
                        binary("-", &a, &b, Kind::Number, Bounds { negative: true, ..bounds })
                    }
                    _ => binary("*", &a, &b, Kind::Number, a.bounds.times(b.bounds)),
                }
            }
            2 => {
                let (a, b) = (self.number(c, d), self.number(c, d));
                let kind = bitwise(&a, &b);
                match c.below(3) {
                    0 => binary("&", &a, &b, kind, a.bounds.masked(b.bounds)),
                    1 => binary("|", &a, &b, kind, a.bounds.join(b.bounds)),
                    _ => binary("^", &a, &b, kind, a.bounds.join(b.bounds)),
                }
            }
            3 => self.division(c, d),
            4 => {
                let (a, (amount, most)) = (self.number(c, d), self.amount(c));
                // A shifted bool is a number.
                let kind = if is_vector(&a) { Kind::Vector(None) } else { Kind::Number };
                if c.below(2) == 0 {
                    binary(">>", &a, &amount, kind, a.bounds)
                } else {
                    binary("<<", &a, &amount, kind, a.bounds.wider(most))
                }
            }
            5 => self.unary(c, d),
            6 => {
                let (condition, a, b) = (self.truth(c, d), self.number(c, d), self.number(c, d));
                let text = |a: String, c: String, b: String| format!("{a} if {c} else {b}");
                let hdl = text(a.hdl_operand(), condition.hdl_operand(), b.hdl_operand());
                let model = text(a.model_operand(), condition.model_operand(), b.model_operand());
                Expr::new(hdl, model, Kind::Mixed, a.bounds.join(b.bounds)).open()
            }
            7 => self.slice(c, d),
            8 => self.concatenation(c, d),
            9 => self.reinterpreted(c, d),
            10 => {
                let name = c.pick(&["min", "max"]);
                let count = 2 + c.below(2);
                let parts: Vec<Expr> = (0..count).map(|_| self.number(c, d)).collect();
                let bounds =
                    parts.iter().map(|p| p.bounds).reduce(Bounds::join).unwrap_or(Bounds::unsigned(1));
                call(name, &parts, Kind::Mixed, bounds)
            }
            11 => {
                let (a, b) = (self.number(c, d), self.number(c, d));
                binary(c.pick(&["and", "or"]), &a, &b, Kind::Mixed, a.bounds.join(b.bounds))
            }
            12 => self.element(c, d),
            13 => {
                let a = self.number(c, d.min(1));
                let exponent = c.below(4);
                let bounds = match exponent {
                    0 => Bounds::unsigned(1),
                    n => (1..n).fold(a.bounds, |bounds, _| bounds.times(a.bounds)),
                };
                let bounds = Bounds { bits: bounds.bits + 1, ..bounds };
                binary("**", &a, &Expr::constant(exponent as i128), Kind::Number, bounds)
            }
            14 => self.truth(c, d),
            15 => self.variable_power(c),
            16 => self.cases_of_one_value(c, d),
            _ => {
                let name = c.pick(&["int", "sum"]);
                if name == "int" {
                    let a = self.number(c, d);
                    return call(name, std::slice::from_ref(&a), Kind::Number, a.bounds);
                }
                let parts: Vec<Expr> = (0..2 + c.below(2)).map(|_| self.number(c, d)).collect();
                let bounds =
                    parts.iter().map(|p| p.bounds).reduce(Bounds::join).unwrap_or(Bounds::unsigned(1));
                let sum = call("", &parts, Kind::Number, bounds.wider(2));
                Expr { hdl: format!("sum({})", sum.hdl), model: format!("sum({})", sum.model), ..sum }
            }
        }
    }

    /// A number that does not fit into a machine's words, if there is anything to make it of.
    fn wide_number(&self, c: &mut Choices) -> Expr {
        let wide = |e: &Expr| (30..WIDEST / 2).contains(&e.bounds.bits);
        match (self.scope.of_kind(c, wide), self.scope.of_kind(c, wide)) {
            (Some(a), Some(b)) => binary("*", &a, &b, Kind::Number, a.bounds.times(b.bounds)),
            _ => self.leaf(c),
        }
    }

    /// A power whose exponent varies.
    fn variable_power(&self, c: &mut Choices) -> Expr {
        let base = self.leaf(c);
        let most = |exponent: &Expr| (1u32 << exponent.bounds.bits) - 1;
        let small =
            |e: &Expr| !e.bounds.negative && e.bounds.bits <= 3 && (base.bounds.bits + 1) * most(e) < WIDEST;
        let Some(exponent) = self.scope.of_kind(c, small) else { return base };
        let bits = ((base.bounds.bits + 1) * most(&exponent)).max(1);
        binary("**", &base, &exponent, Kind::Number, Bounds { bits, ..base.bounds })
    }

    /// A choice among three by tests of one value. Where ranges are narrowed by one test, the next says whether they are
    /// narrowed too much.
    fn cases_of_one_value(&self, c: &mut Choices, depth: u32) -> Expr {
        let (value, border) = self.bordered(c);
        let (first, second) = (bordering(c, &value, border), bordering(c, &value, border));
        let [a, b, e] = [0; 3].map(|_| self.number(c, depth.min(1)));
        let text =
            |[a, first, b, second, e]: [String; 5]| format!("{a} if {first} else {b} if {second} else {e}");
        let parts = [&a, &first, &b, &second, &e];
        let (hdl, model) = (text(parts.map(Expr::hdl_operand)), text(parts.map(Expr::model_operand)));
        Expr::new(hdl, model, Kind::Mixed, a.bounds.join(b.bounds).join(e.bounds)).open()
    }

    /// A value, and a number that it may have.
    pub fn bordered(&self, c: &mut Choices) -> (Expr, i128) {
        let value = self.leaf(c);
        let (lo, hi) = (value.bounds.lo(), value.bounds.hi());
        let border = match c.below(4) {
            0 => lo,
            1 => hi,
            _ => c.between(lo.max(-40), hi.min(40)),
        };
        (value, border)
    }

    fn division(&self, c: &mut Choices, depth: u32) -> Expr {
        let a = if c.chance(10) { self.wide_number(c) } else { self.number(c, depth) };
        let op = c.pick(&["//", "%"]);
        let apply = |divisor: &Expr| {
            let bounds = if op == "//" {
                // The smallest number divided by -1 has one more bit.
                let both = a.bounds.negative && divisor.bounds.negative;
                let negative = a.bounds.negative || divisor.bounds.negative;
                Bounds { negative, bits: a.bounds.bits + u32::from(both) }
            } else {
                divisor.bounds
            };
            binary(op, &a, divisor, Kind::Number, bounds)
        };
        // Icarus Verilog 11 takes a number of more than 64 bits divided by a variable that is one for zero; a test of
        // tests/regressions has that.
        let known = if a.bounds.bits < 63 { 4 } else { 2 };
        match c.below(known) {
            0 => apply(&Expr::constant(c.pick(&[2, 1, 3, 4, 7, 8, 10, 16, 100, 255, 256]))),
            1 => apply(&Expr::constant(c.pick(&[-1, -2, -3, -4, -7, -10]))),
            2 => {
                let b = self.number(c, depth.min(1));
                let b = if b.bounds.bits < 62 { b } else { self.leaf(c) };
                let double = binary("*", &Expr::constant(2), &b, Kind::Number, b.bounds.wider(1));
                let odd = binary("+", &double, &Expr::constant(1), Kind::Number, b.bounds.wider(1));
                apply(&odd)
            }
            _ => {
                // Guarded, as one writes it.
                let b = self.leaf(c);
                let quotient = apply(&b);
                let other = self.leaf(c);
                let guard =
                    c.pick(&["{} if {b} != 0 else {o}", "{o} if {b} == 0 else {}", "{} if {b} else {o}"]);
                let text = |q: String, b: String, o: String| {
                    guard.replace("{b}", &b).replace("{o}", &o).replace("{}", &q)
                };
                let hdl = text(quotient.hdl_operand(), b.hdl_operand(), other.hdl_operand());
                let model = text(quotient.model_operand(), b.model_operand(), other.model_operand());
                Expr::new(hdl, model, Kind::Mixed, quotient.bounds.join(other.bounds)).open()
            }
        }
    }

    fn unary(&self, c: &mut Choices, depth: u32) -> Expr {
        let a = self.number(c, depth);
        match c.below(4) {
            0 => {
                let bits = a.bounds.bits + u32::from(a.bounds.negative);
                unary("-", &a, Kind::Number, Bounds::signed(bits))
            }
            1 => match a.kind {
                Kind::Vector(Some(width)) => Expr::new(
                    format!("~{}", a.hdl_operand()),
                    format!("inverted({}, {width})", a.model),
                    Kind::Vector(None),
                    Bounds::unsigned(width),
                )
                .open(),
                Kind::Mixed => unary("-", &a, Kind::Number, Bounds::signed(a.bounds.bits + 1)),
                _ => unary("~", &a, Kind::Number, Bounds { negative: true, ..a.bounds }),
            },
            2 => {
                let bounds = Bounds::unsigned(a.bounds.bits + u32::from(a.bounds.negative));
                call("abs", &[a], Kind::Number, bounds)
            }
            _ => unary("+", &a, Kind::Number, a.bounds),
        }
    }

    /// How far something is shifted, and the most that can be.
    fn amount(&self, c: &mut Choices) -> (Expr, u32) {
        if c.below(2) == 0 {
            let n = c.below(12);
            return (Expr::constant(n as i128), n as u32);
        }
        let small = |e: &Expr| !e.bounds.negative && e.bounds.bits <= 3;
        match self.scope.of_kind(c, small) {
            Some(e) => {
                let most = (1 << e.bounds.bits) - 1;
                (e, most)
            }
            None => (self.leaf(c).fitted(0, 7), 7),
        }
    }

    /// Bits of a vector.
    fn slice(&self, c: &mut Choices, depth: u32) -> Expr {
        let v = self.vector(c, depth);
        // Bits past the sign are the sign.
        let width = match v.kind {
            Kind::Vector(Some(width)) => width,
            _ => v.bounds.bits + u32::from(v.bounds.negative),
        }
        .max(1);
        let low = c.below(width as usize) as u32;
        let high = low + 1 + c.below((width - low) as usize) as u32;
        let taken = high - low;
        let (hdl, model) = (v.hdl_operand(), &v.model);
        let kind = Kind::Vector(Some(taken));
        let bounds = Bounds::unsigned(taken);
        match c.below(5) {
            0 if low == 0 => {
                Expr::new(format!("{hdl}[{high}:]"), format!("bits({model}, {high}, 0)"), kind, bounds)
            }
            1 => {
                let (amount, most) = self.amount(c);
                if most + taken > width {
                    return Expr::new(
                        format!("{hdl}[{high}:{low}]"),
                        format!("bits({model}, {high}, {low})"),
                        kind,
                        bounds,
                    );
                }
                let (i, m) = (amount.hdl_operand(), amount.model_operand());
                Expr::new(
                    format!("{hdl}[{i}+{taken}:{i}]"),
                    format!("bits({model}, {m} + {taken}, {m})"),
                    kind,
                    bounds,
                )
            }
            // All from a bit on: a vector without a width.
            4 => Expr::new(
                format!("{hdl}[:{low}]"),
                format!("({} >> {low})", v.model_operand()),
                Kind::Vector(None),
                v.bounds,
            ),
            _ => Expr::new(
                format!("{hdl}[{high}:{low}]"),
                format!("bits({model}, {high}, {low})"),
                kind,
                bounds,
            ),
        }
    }

    fn vector(&self, c: &mut Choices, depth: u32) -> Expr {
        if depth > 0 && c.chance(30) {
            let e = match c.below(3) {
                0 => self.slice(c, depth - 1),
                1 => self.concatenation(c, depth - 1),
                _ => self.element(c, depth - 1),
            };
            if is_vector(&e) {
                return e;
            }
        }
        match self.scope.of_kind(c, is_vector) {
            Some(e) => e,
            None => self.concatenation(c, 0),
        }
    }

    /// Something with a width, for `concat` and `signed`.
    fn sized(&self, c: &mut Choices, depth: u32) -> (Expr, u32) {
        if depth > 0 && c.chance(30) {
            let e = self.slice(c, depth - 1);
            if let Kind::Vector(Some(width)) = e.kind {
                return (e, width);
            }
        }
        match self.scope.of_kind(c, |e| matches!(e.kind, Kind::Vector(Some(_)))) {
            Some(e) => {
                let Kind::Vector(Some(width)) = e.kind else { return (e, 1) };
                (e, width)
            }
            None => {
                let e = Expr::new("intbv(5)[4:]", "5", Kind::Vector(Some(4)), Bounds::unsigned(4));
                (e, 4)
            }
        }
    }

    fn concatenation(&self, c: &mut Choices, depth: u32) -> Expr {
        let count = 1 + c.below(3);
        let (mut hdl, mut model, mut total) = (Vec::new(), Vec::new(), 0);
        for _ in 0..count {
            match c.below(3) {
                0 => {
                    let (e, width) = self.sized(c, depth);
                    total += width;
                    hdl.push(e.hdl);
                    model.push(format!("({}, {width})", e.model));
                }
                1 => {
                    let e = self.truth(c, depth.min(1));
                    total += 1;
                    hdl.push(e.hdl);
                    model.push(format!("({}, 1)", e.model));
                }
                _ => {
                    let text: String = (0..1 + c.below(5)).map(|_| c.pick(&['0', '1'])).collect();
                    total += text.len() as u32;
                    hdl.push(format!("\"{text}\""));
                    model.push(format!("(0b{text}, {})", text.len()));
                }
            }
        }
        let kind = Kind::Vector(Some(total));
        let e = Expr::new(
            format!("concat({})", hdl.join(", ")),
            format!("joined({})", model.join(", ")),
            kind,
            Bounds::unsigned(total),
        );
        if total <= WIDEST {
            e
        } else {
            Expr::new("concat(True)", "1", Kind::Vector(Some(1)), Bounds::unsigned(1))
        }
    }

    /// The same bits, read with the other sign.
    fn reinterpreted(&self, c: &mut Choices, depth: u32) -> Expr {
        let signed = |e: &Expr| e.kind == Kind::Vector(None) && e.bounds.negative;
        if c.chance(50)
            && let Some(e) = self.scope.of_kind(c, signed)
        {
            let width = e.bounds.bits + 1;
            return Expr::new(
                format!("{}.unsigned()", e.hdl_operand()),
                format!("({} % 2**{width})", e.model_operand()),
                Kind::Vector(Some(width)),
                Bounds::unsigned(width),
            );
        }
        let (e, width) = self.sized(c, depth);
        Expr::new(
            format!("{}.signed()", e.hdl_operand()),
            format!("as_signed({}, {width})", e.model),
            Kind::Number,
            Bounds::signed(width - 1),
        )
    }

    /// One of a list of signals or of a tuple, or what a function returns.
    fn element(&self, c: &mut Choices, depth: u32) -> Expr {
        let (tables, functions) = (self.scope.tables.len(), self.scope.functions.len());
        if tables + functions == 0 {
            return self.leaf(c);
        }
        let which = c.below(tables + functions);
        if which >= tables {
            let f = &self.scope.functions[which - tables];
            let arguments: Vec<Expr> =
                f.parameters.iter().map(|(lo, hi)| self.argument(c, depth, *lo, *hi)).collect();
            let kind = if f.truth { Kind::Bool } else { Kind::Mixed };
            return call(&f.name, &arguments, kind, f.result);
        }
        let table = &self.scope.tables[which];
        let index = self.index(c, depth, table.depth);
        table.element(&index)
    }

    /// What a function takes between two bounds: a name as it is, or anything.
    fn argument(&self, c: &mut Choices, depth: u32, lo: i128, hi: i128) -> Expr {
        let name = c.chance(40).then(|| self.scope.of_kind(c, |e| e.bounds.within(lo, hi))).flatten();
        name.unwrap_or_else(|| self.number(c, depth).fitted(lo, hi))
    }

    /// Something from 0 to `depth - 1`.
    pub fn index(&self, c: &mut Choices, depth: u32, count: usize) -> Expr {
        let last = count as i128 - 1;
        match c.below(3) {
            0 => Expr::constant(c.between(0, last)),
            1 => match self.scope.of_kind(c, |e| e.kind != Kind::Bool && e.bounds.within(0, last)) {
                Some(e) => e,
                None => self.leaf(c).fitted(0, last),
            },
            _ => self.number(c, depth).fitted(0, last),
        }
    }

    /// A `bool`.
    pub fn truth(&self, c: &mut Choices, depth: u32) -> Expr {
        let one = Bounds::unsigned(1);
        if depth == 0 {
            if let Some(e) = self.scope.of_kind(c, |e| e.kind == Kind::Bool) {
                return e;
            }
            return call("bool", &[self.leaf(c)], Kind::Bool, one);
        }
        let d = depth - 1;
        match c.weighted(&[3, 10, 3, 3, 3, 3, 2, 2, 2, 1, 2]) {
            0 => self.truth(c, 0),
            1 => {
                let (a, b) = (self.number(c, d), self.number(c, d));
                let op = c.pick(&["==", "!=", "<", "<=", ">", ">="]);
                if c.chance(10) {
                    let third = self.number(c, d);
                    let first = binary(op, &a, &b, Kind::Bool, one);
                    let second = c.pick(&["==", "!=", "<", "<=", ">", ">="]);
                    let hdl = format!("{} {second} {}", first.hdl, third.hdl_operand());
                    let model = format!("{} {second} {}", first.model, third.model_operand());
                    return Expr::new(hdl, model, Kind::Bool, one).open();
                }
                binary(op, &a, &b, Kind::Bool, one)
            }
            2 => unary("not ", &self.truth(c, d), Kind::Bool, one),
            3 => {
                let op = c.pick(&["and", "or"]);
                binary(op, &self.truth(c, d), &self.truth(c, d), Kind::Bool, one)
            }
            4 => {
                let op = c.pick(&["^", "&", "|"]);
                binary(op, &self.truth(c, d), &self.truth(c, d), Kind::Bool, one)
            }
            5 => {
                let v = self.vector(c, d);
                let width = match v.kind {
                    Kind::Vector(Some(width)) => width,
                    _ => v.bounds.bits + u32::from(v.bounds.negative),
                };
                // Above a number there is its sign.
                let above = c.pick(&[0, 0, 3]);
                let index = self.index(c, 0, (width.max(1) + above) as usize);
                let hdl = format!("{}[{}]", v.hdl_operand(), index.hdl);
                Expr::new(hdl, format!("bit({}, {})", v.model, index.model), Kind::Bool, one)
            }
            6 => {
                let a = self.number(c, d);
                call("bool", &[a], Kind::Bool, one)
            }
            7 => {
                let a = self.number(c, d);
                let list: Vec<String> = (0..1 + c.below(4)).map(|_| self.constant(c).hdl).collect();
                let hdl = format!("{} in ({},)", a.hdl_operand(), list.join(", "));
                let model = format!("{} in ({},)", a.model_operand(), list.join(", "));
                Expr::new(hdl, model, Kind::Bool, one).open()
            }
            8 => {
                let (value, border) = self.bordered(c);
                let op = c.pick(&["and", "or"]);
                binary(op, &bordering(c, &value, border), &bordering(c, &value, border), Kind::Bool, one)
            }
            9 => {
                let (a, start) = (self.number(c, d), c.between(-9, 40));
                let op = c.pick(&["in", "not in"]);
                let range = format!("range({start}, {})", start + c.between(0, 60));
                let text = |a: String| format!("{a} {op} {range}");
                Expr::new(text(a.hdl_operand()), text(a.model_operand()), Kind::Bool, one).open()
            }
            _ => {
                let name = c.pick(&["any", "all"]);
                let parts: Vec<Expr> = (0..1 + c.below(3)).map(|_| self.truth(c, d)).collect();
                let list = |text: fn(&Expr) -> &str| parts.iter().map(text).collect::<Vec<_>>().join(", ");
                let text = |inner: String| format!("{name}([{inner}])");
                Expr::new(text(list(|e| &e.hdl)), text(list(|e| &e.model)), Kind::Bool, one)
            }
        }
    }
}
