//! Expressions in Verilog.
//!
//! Every operand is printed at exactly the width of its operator, so that no context ever extends anything: that is
//! where Verilog's silent mistakes live. Whether Verilog itself sees a text as signed is tracked beside it.

use std::collections::BTreeSet;

use num_bigint::{BigInt, Sign};
use pyhdl_ir::{BinaryOp, CompareOp, LocalId, LogicOp};

use super::helpers::Helper;
use crate::constants;
use crate::plan::Module;
use crate::vector::*;

/// How tightly an expression's outermost operator binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Level {
    Conditional,
    LogicOr,
    LogicAnd,
    Or,
    Xor,
    And,
    Equality,
    Relation,
    Shift,
    Sum,
    Product,
    Unary,
    Primary,
}

/// A printed expression.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub text: String,
    pub level: Level,
    /// Whether Verilog takes it as signed.
    pub signed: bool,
}

impl Text {
    fn new(text: impl Into<String>, level: Level, signed: bool) -> Text {
        Text { text: text.into(), level, signed }
    }

    fn primary(text: impl Into<String>) -> Text {
        Text::new(text, Level::Primary, false)
    }

    /// As an operand of an operator; on its right side also where the levels are equal.
    fn operand(self, level: Level, right: bool) -> String {
        // What binds tighter in Verilog than readers expect gets parentheses.
        let unclear =
            matches!(level, Level::Shift | Level::And | Level::Xor | Level::Or) && self.level != level;
        let loose = self.level < level || (right && self.level == level);
        let negative = right && self.text.starts_with('-');
        if loose || negative || (unclear && self.level < Level::Unary) {
            format!("({})", self.text)
        } else {
            self.text
        }
    }

    fn into_signed(self) -> Text {
        if self.signed { self } else { Text::new(format!("$signed({})", self.text), Level::Primary, true) }
    }

    fn into_unsigned(self) -> Text {
        if self.signed { Text::new(format!("$unsigned({})", self.text), Level::Primary, false) } else { self }
    }
}

/// Prints the expressions of one process or function.
pub(crate) struct Printer<'a> {
    pub module: &'a Module,
    pub locals: &'a dyn Fn(LocalId) -> String,
    /// The helper functions that the module needs.
    pub helpers: &'a std::cell::RefCell<BTreeSet<Helper>>,
}

impl Printer<'_> {
    /// A constant, by its name if it has one.
    fn constant(&self, value: &Constant, shape: Shape) -> Text {
        let literal = constant(value, shape);
        match shape {
            Shape::Bits(vector) => self.named(value, vector, literal),
            _ => literal,
        }
    }

    /// The name of a constant, if it has one.
    fn named(&self, value: &Constant, vector: Vector, literal: Text) -> Text {
        let Some(name) = self.module.constant_name(value) else { return literal };
        let sign = if vector.signed { "signed " } else { "" };
        let declared = format!("{sign}[{}:0] ", vector.width - 1);
        // It stands where a name does.
        let negative = literal.text.starts_with('-');
        let alone = if negative { format!("({})", literal.text) } else { literal.text.clone() };
        let text = constants::named(name, value, &declared, &literal.text, &alone);
        Text::new(text, Level::Primary, literal.signed)
    }

    pub fn print(&self, node: &Node) -> Text {
        match &node.kind {
            NodeKind::Const(value) => self.constant(value, node.shape),
            NodeKind::Time => Text::primary("$time"),
            NodeKind::HighImpedance => Text::primary(high_impedance(node.shape)),
            NodeKind::Literal(id, literal) => Text::primary(&self.module.literal_names[&(*id, *literal)]),
            NodeKind::Signal(id) => {
                Text::new(&self.module.signal_names[id], Level::Primary, is_signed(node.shape))
            }
            NodeKind::Local(id) => Text::new((self.locals)(*id), Level::Primary, is_signed(node.shape)),
            NodeKind::Counter(id) => self.counter(*id, node.vector()),
            NodeKind::Item(local, index) => {
                let text = format!("{}[{}]", (self.locals)(*local), self.index(index));
                Text::new(text, Level::Primary, is_signed(node.shape))
            }
            NodeKind::Element(memory, index) => {
                let text = format!("{}[{}]", self.module.memory_names[memory], self.index(index));
                Text::new(text, Level::Primary, is_signed(node.shape))
            }
            NodeKind::Entry(table, index) => {
                let index = match &index.kind {
                    IndexKind::Const(value) => {
                        format!("{}'d{value}", index_width(index.depth))
                    }
                    IndexKind::Plain(plain) => self.sized_plain(plain, index_width(index.depth)),
                    IndexKind::Node(node) => self.print(node).text,
                };
                let text = format!("{}({index})", self.module.table_names[table]);
                Text::new(text, Level::Primary, is_signed(node.shape))
            }
            NodeKind::Call(function, args) => {
                let args = if args.is_empty() {
                    "1'b0".to_owned()
                } else {
                    args.iter().map(|a| self.print(a).text).collect::<Vec<_>>().join(", ")
                };
                let text = format!("{}({args})", self.module.function_names[function]);
                Text::new(text, Level::Primary, is_signed(node.shape))
            }
            NodeKind::FromBool(inner) | NodeKind::ToBool(inner) | NodeKind::Reinterpret(inner) => {
                self.print(inner)
            }
            NodeKind::Resize(inner) => self.resize(inner, node.vector().width),
            NodeKind::Binary(op, a, b) => self.binary(*op, a, b, node.shape),
            NodeKind::Product(a, b) => self.operator(BinaryOp::Mul, a, b),
            NodeKind::Negate(a) => self.prefix("-", a),
            NodeKind::Invert(a) => self.prefix(if node.shape == Shape::Bool { "!" } else { "~" }, a),
            NodeKind::Abs(a) => self.call(Helper::Absolute { width: node.vector().width }, &[a]),
            NodeKind::ShiftLeft(a, amount) => {
                let a = self.print(a);
                let signed = a.signed;
                let text = format!("{} << {}", a.operand(Level::Shift, false), self.amount(amount));
                Text::new(text, Level::Shift, signed)
            }
            NodeKind::ShiftRight(a, amount) if node.vector().signed => {
                let a = self.print(a).into_signed().operand(Level::Shift, false);
                // The shift is arithmetic only as long as nothing unsigned stands beside it.
                Text::new(format!("$signed({a} >>> {})", self.amount(amount)), Level::Primary, true)
            }
            NodeKind::ShiftRight(a, amount) => {
                let a = self.print(a);
                let signed = a.signed;
                let text = format!("{} >> {}", a.operand(Level::Shift, false), self.amount(amount));
                Text::new(text, Level::Shift, signed)
            }
            NodeKind::FloorDiv(a, b, _) if node.vector().signed => {
                self.call(Helper::FloorDiv { width: node.vector().width }, &[a, b])
            }
            NodeKind::Modulo(a, b, _) if node.vector().signed => {
                self.call(Helper::FloorMod { width: node.vector().width }, &[a, b])
            }
            NodeKind::FloorDiv(a, b, _) => self.unsigned_division("/", a, b),
            NodeKind::Modulo(a, b, _) => self.unsigned_division("%", a, b),
            NodeKind::Compare(op, a, b) => self.compare(*op, a, b),
            NodeKind::Logic(op, a, b) => {
                let (symbol, level) = match op {
                    LogicOp::And => ("&&", Level::LogicAnd),
                    LogicOp::Or => ("||", Level::LogicOr),
                };
                self.infix(symbol, level, self.print(a), self.print(b))
            }
            NodeKind::Select(condition, a, b) => {
                let (a, b) = (self.print(a), self.print(b));
                let signed = a.signed && b.signed;
                let condition = self.print(condition).operand(Level::LogicOr, false);
                let then = a.operand(Level::LogicOr, false);
                let otherwise = b.operand(Level::Conditional, false);
                Text::new(format!("{condition} ? {then} : {otherwise}"), Level::Conditional, signed)
            }
            NodeKind::Bit(a, index) => self.bit(a, index),
            NodeKind::Slice(a, low) => self.slice(a, *low, node.vector().width),
            NodeKind::Concat(parts) => {
                let parts: Vec<String> = parts.iter().map(|p| self.print(p).text).collect();
                Text::primary(format!("{{{}}}", parts.join(", ")))
            }
        }
    }

    /// A position as the text between brackets.
    pub fn index(&self, index: &Index) -> String {
        match &index.kind {
            IndexKind::Const(value) => value.to_string(),
            IndexKind::Plain(plain) => self.plain(plain),
            IndexKind::Node(node) => {
                let text = self.print(node);
                // Icarus Verilog computes an index wider than its operands, and so loses where it wraps around.
                if text.level == Level::Primary { text.text } else { format!("{{{}}}", text.text) }
            }
        }
    }

    pub fn plain(&self, plain: &Plain) -> String {
        match plain {
            Plain::Const(value) => value.to_string(),
            Plain::Counter(id) => (self.locals)(*id),
            Plain::Binary(op, a, b) => {
                let nested = |p: &Plain, right: bool| match p {
                    Plain::Binary(inner, ..) if right || *op == PlainOp::Mul && *inner != PlainOp::Mul => {
                        format!("({})", self.plain(p))
                    }
                    Plain::Const(value) if *value < 0 => format!("({value})"),
                    _ => self.plain(p),
                };
                let symbol = match op {
                    PlainOp::Add => "+",
                    PlainOp::Sub => "-",
                    PlainOp::Mul => "*",
                };
                format!("{} {symbol} {}", nested(a, false), nested(b, true))
            }
        }
    }

    /// Integer arithmetic as an argument of a number of bits.
    fn sized_plain(&self, plain: &Plain, width: u32) -> String {
        match plain {
            Plain::Counter(id) => self.counter(*id, Vector::unsigned(width)).text,
            // Integers have 32 bits.
            other => self.call_text(Helper::Bits { from: 32, high: width - 1, low: 0 }, &[self.plain(other)]),
        }
    }

    fn counter(&self, id: LocalId, vector: Vector) -> Text {
        let name = (self.locals)(id);
        match vector.width {
            32 => Text::new(name, Level::Primary, true),
            1 => Text::primary(format!("{name}[0]")),
            width if width < 32 => Text::primary(format!("{name}[{}:0]", width - 1)),
            width => Text::primary(format!("{{{{{}{{{name}[31]}}}}, {name}}}", width - 32)),
        }
    }

    fn resize(&self, inner: &Node, width: u32) -> Text {
        let from = inner.vector();
        if width < from.width {
            return self.slice(inner, 0, width);
        }
        let more = width - from.width;
        if !from.signed {
            // Nested extensions and concatenations are one.
            let text = match &inner.kind {
                NodeKind::Concat(parts) => {
                    parts.iter().map(|p| self.print(p).text).collect::<Vec<_>>().join(", ")
                }
                _ => self.print(inner).text,
            };
            return Text::primary(format!("{{{more}'d0, {text}}}"));
        }
        if inner.is_named() {
            let name = self.print(inner).text;
            let sign = format!("{name}[{}]", from.width - 1);
            let sign = if more == 1 { sign } else { format!("{{{more}{{{sign}}}}}") };
            return Text::primary(format!("{{{sign}, {name}}}"));
        }
        self.call(Helper::Extend { from: from.width, to: width }, &[inner])
    }

    fn binary(&self, op: BinaryOp, a: &Node, b: &Node, shape: Shape) -> Text {
        match op {
            BinaryOp::Min => self.call(Helper::Minimum(shape_vector(shape)), &[a, b]),
            BinaryOp::Max => self.call(Helper::Maximum(shape_vector(shape)), &[a, b]),
            _ => self.operator(op, a, b),
        }
    }

    fn operator(&self, op: BinaryOp, a: &Node, b: &Node) -> Text {
        let (symbol, level) = match op {
            BinaryOp::Add => ("+", Level::Sum),
            BinaryOp::Sub => ("-", Level::Sum),
            BinaryOp::Mul => ("*", Level::Product),
            BinaryOp::And => ("&", Level::And),
            BinaryOp::Or => ("|", Level::Or),
            _ => ("^", Level::Xor),
        };
        // Adding a negative number is subtracting.
        if let (BinaryOp::Add | BinaryOp::Sub, Some(b)) = (op, opposite(b)) {
            let symbol = if op == BinaryOp::Add { "-" } else { "+" };
            return self.infix(symbol, level, self.print(a), self.print(&b));
        }
        let masks = matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor);
        let print = |node: &Node| match (&node.kind, node.shape) {
            (NodeKind::Const(value), Shape::Bits(vector)) if masks => {
                self.named(value, vector, mask(value, vector))
            }
            _ => self.print(node),
        };
        self.infix(symbol, level, print(a), print(b))
    }

    fn infix(&self, symbol: &str, level: Level, a: Text, b: Text) -> Text {
        let signed = a.signed && b.signed && !matches!(level, Level::LogicAnd | Level::LogicOr);
        let text = format!("{} {symbol} {}", a.operand(level, false), b.operand(level, true));
        Text::new(text, level, signed)
    }

    fn prefix(&self, symbol: &str, a: &Node) -> Text {
        let a = self.print(a);
        let signed = a.signed && symbol != "!";
        let operand = if a.level < Level::Primary { format!("({})", a.text) } else { a.text };
        Text::new(format!("{symbol}{operand}"), Level::Unary, signed)
    }

    fn unsigned_division(&self, symbol: &str, a: &Node, b: &Node) -> Text {
        // One unsigned operand makes the division unsigned.
        let a = self.print(a).into_unsigned();
        let b = self.print(b);
        let text =
            format!("{} {symbol} {}", a.operand(Level::Product, false), b.operand(Level::Product, true));
        Text::new(text, Level::Product, false)
    }

    fn compare(&self, op: CompareOp, a: &Node, b: &Node) -> Text {
        let (symbol, level) = match op {
            CompareOp::Eq => ("==", Level::Equality),
            CompareOp::Ne => ("!=", Level::Equality),
            CompareOp::Lt => ("<", Level::Relation),
            CompareOp::Le => ("<=", Level::Relation),
            CompareOp::Gt => (">", Level::Relation),
            CompareOp::Ge => (">=", Level::Relation),
        };
        let (mut x, mut y) = (self.print(a), self.print(b));
        if level == Level::Relation {
            if is_signed(a.shape) {
                (x, y) = (x.into_signed(), y.into_signed());
            } else if x.signed && y.signed {
                x = x.into_unsigned();
            }
        }
        // A comparison beside a comparison reads badly without parentheses.
        let side = |t: Text, right: bool| {
            if matches!(t.level, Level::Relation | Level::Equality) {
                format!("({})", t.text)
            } else {
                t.operand(level, right)
            }
        };
        Text::new(format!("{} {symbol} {}", side(x, false), side(y, true)), level, false)
    }

    fn bit(&self, a: &Node, index: &Index) -> Text {
        if a.is_named() {
            return Text::primary(format!("{}[{}]", self.print(a).text, self.index(index)));
        }
        let from = a.vector().width;
        match &index.kind {
            IndexKind::Const(position) => self.slice(a, *position as u32, 1),
            IndexKind::Plain(plain) => {
                let position = self.sized_plain(plain, index_width(index.depth));
                self.call_text_as(Helper::BitOf { from }, &[self.print(a).text, position], false)
            }
            IndexKind::Node(node) => self.call(Helper::BitOf { from }, &[a, node]),
        }
    }

    fn slice(&self, a: &Node, low: u32, width: u32) -> Text {
        let from = a.vector();
        let high = low + width - 1;
        if low == 0 && width == from.width {
            return self.print(a);
        }
        let counter = match a.kind {
            // Integers have 32 bits.
            NodeKind::Counter(id) if high < 32 => Some((self.locals)(id)),
            _ => None,
        };
        if a.is_named() || counter.is_some() {
            let name = counter.unwrap_or_else(|| self.print(a).text);
            return Text::primary(if width == 1 {
                format!("{name}[{low}]")
            } else {
                format!("{name}[{high}:{low}]")
            });
        }
        self.call(Helper::Bits { from: from.width, high, low }, &[a])
    }

    fn call(&self, helper: Helper, args: &[&Node]) -> Text {
        let args: Vec<String> = args.iter().map(|a| self.print(a).text).collect();
        let signed = helper.is_signed();
        self.call_text_as(helper, &args, signed)
    }

    fn call_text(&self, helper: Helper, args: &[String]) -> String {
        self.call_text_as(helper, args, false).text
    }

    fn call_text_as(&self, helper: Helper, args: &[String], signed: bool) -> Text {
        let text = format!("{}({})", helper.name(), args.join(", "));
        self.helpers.borrow_mut().insert(helper);
        Text::new(text, Level::Primary, signed)
    }

    fn amount(&self, amount: &Amount) -> String {
        match amount {
            Amount::Const(value) => value.to_string(),
            Amount::Variable(node) => self.print(node).operand(Level::Shift, true),
        }
    }
}

fn is_signed(shape: Shape) -> bool {
    matches!(shape, Shape::Bits(vector) if vector.signed)
}

fn shape_vector(shape: Shape) -> Vector {
    match shape {
        Shape::Bits(vector) => vector,
        _ => Vector::unsigned(1),
    }
}

/// A value with all bits at high impedance.
pub(crate) fn high_impedance(shape: Shape) -> String {
    match shape {
        Shape::Bits(vector) => format!("{}'bz", vector.width),
        _ => "1'bz".to_owned(),
    }
}

/// A constant with its size.
pub(crate) fn constant(value: &BigInt, shape: Shape) -> Text {
    match shape {
        Shape::Bool => Text::primary(if *value == BigInt::ZERO { "1'b0" } else { "1'b1" }),
        Shape::Enum(_) => Text::primary(value.to_string()),
        Shape::Bits(Vector { width, signed }) => {
            let magnitude = value.magnitude();
            // Long decimals are unreadable.
            let digits =
                if magnitude.bits() > 16 { format!("h{magnitude:x}") } else { format!("d{magnitude}") };
            let sign = if signed { "s" } else { "" };
            if *value < BigInt::ZERO {
                Text::new(format!("-{width}'{sign}{digits}"), Level::Unary, true)
            } else {
                Text::new(format!("{width}'{sign}{digits}"), Level::Primary, signed)
            }
        }
    }
}

/// A constant as a pattern of bits.
fn mask(value: &BigInt, vector: Vector) -> Text {
    let bits = Vector::unsigned(vector.width).wrap(value);
    Text::primary(match vector.width {
        1..=4 => {
            format!("{}'b{:0>width$}", vector.width, bits.to_str_radix(2), width = vector.width as usize)
        }
        width => format!("{width}'h{:0>digits$}", bits.to_str_radix(16), digits = width.div_ceil(4) as usize),
    })
}

/// The negative of a negative constant, if its vector holds it.
fn opposite(node: &Node) -> Option<Node> {
    match (&node.kind, node.shape) {
        (NodeKind::Const(value), Shape::Bits(vector)) if value.sign() == Sign::Minus => {
            let positive = -&**value;
            (vector.wrap(&positive) == positive).then(|| Node::constant(&positive, vector))
        }
        _ => None,
    }
}
