//! Expressions in VHDL: vectors are `unsigned` or `signed`, truth values are `std_logic` in storage and `boolean` in
//! conditions.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use pyhdl_ir::{BinaryOp, CompareOp, LocalId, LogicOp};

use super::helpers::Helper;
use crate::Language;
use crate::constants;
use crate::enums::Enums;
use crate::plan::Module;
use crate::vector::*;

/// How tightly an expression's outermost operator binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Level {
    Logical,
    Relation,
    Sum,
    Product,
    /// `not`, `abs`.
    Unary,
    Primary,
}

/// A printed expression; of a logical one, the operator.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub text: String,
    pub level: Level,
    operator: &'static str,
}

impl Text {
    fn new(text: impl Into<String>, level: Level) -> Text {
        Text { text: text.into(), level, operator: "" }
    }

    fn primary(text: impl Into<String>) -> Text {
        Text::new(text, Level::Primary)
    }

    fn operand(self, level: Level, right: bool) -> String {
        let negative = self.text.starts_with('-');
        if self.level < level || (right && self.level == level) || negative {
            format!("({})", self.text)
        } else {
            self.text
        }
    }

    /// As an operand of a logical operator: VHDL does not mix them without parentheses.
    fn logical_operand(self, operator: &str) -> String {
        if self.level == Level::Logical && self.operator != operator {
            format!("({})", self.text)
        } else {
            self.text
        }
    }

    fn enclosed(self) -> String {
        if self.level < Level::Primary { format!("({})", self.text) } else { self.text }
    }
}

/// Prints the expressions of one process or function.
pub(crate) struct Printer<'a> {
    pub language: Language,
    pub module: &'a Module,
    pub enums: &'a Enums,
    pub locals: &'a dyn Fn(LocalId) -> String,
    pub helpers: &'a RefCell<BTreeSet<Helper>>,
    /// Whether what is printed may be evaluated where Python does not: in the arm of a choice that is not taken.
    pub speculative: Cell<bool>,
}

impl Printer<'_> {
    fn helper(&self, helper: Helper) {
        self.helpers.borrow_mut().insert(helper);
    }

    /// A value in the type of its storage.
    pub fn value(&self, node: &Node) -> Text {
        if matches!(node.kind, NodeKind::HighImpedance) {
            return Text::primary(high_impedance(node.shape));
        }
        match node.shape {
            Shape::Bool => self.logic(node),
            Shape::Bits(_) => self.vector(node),
            Shape::Enum(id) => self.enumeration(node, id),
        }
    }

    fn enumeration(&self, node: &Node, id: pyhdl_ir::EnumId) -> Text {
        match &node.kind {
            NodeKind::Literal(id, literal) => Text::primary(self.enums.literal(*id, *literal)),
            NodeKind::Select(condition, a, b) => {
                self.helper(Helper::ChooseEnum(id));
                self.choose(condition, || (self.enumeration(a, id), self.enumeration(b, id)))
            }
            _ => self.name(node),
        }
    }

    /// A choice as a call, which evaluates both arms.
    fn choose(&self, condition: &Node, arms: impl FnOnce() -> (Text, Text)) -> Text {
        let condition = self.condition(condition).text;
        let around = self.speculative.replace(true);
        let (yes, no) = arms();
        self.speculative.set(around);
        Text::primary(format!("choose({condition}, {}, {})", yes.text, no.text))
    }

    /// Whether an operation has a result wherever it is evaluated.
    fn has_result(&self, defined: Defined) -> bool {
        match defined {
            Defined::Unknown => false,
            Defined::WhereReached => !self.speculative.get(),
            Defined::Always => true,
        }
    }

    /// Storage, an entry of a table, a call.
    fn name(&self, node: &Node) -> Text {
        Text::primary(match &node.kind {
            NodeKind::Signal(id) => self.module.signal_names[id].clone(),
            NodeKind::Local(id) => (self.locals)(*id),
            NodeKind::Time => {
                self.helper(Helper::TimeSteps);
                "time_steps".to_owned()
            }
            NodeKind::Item(local, index) => format!("{}({})", (self.locals)(*local), self.index(index)),
            NodeKind::Element(memory, index) => {
                format!("{}({})", self.module.memory_names[memory], self.index(index))
            }
            NodeKind::Entry(table, index) => {
                format!("{}({})", self.module.table_names[table], self.index(index))
            }
            NodeKind::Call(function, args) => {
                let name = &self.module.function_names[function];
                if args.is_empty() {
                    name.clone()
                } else {
                    let args: Vec<String> = args.iter().map(|a| self.value(a).text).collect();
                    format!("{name}({})", args.join(", "))
                }
            }
            _ => String::new(),
        })
    }

    /// A position as the text between parentheses.
    pub fn index(&self, index: &Index) -> String {
        let position = match &index.kind {
            IndexKind::Const(value) => return value.to_string(),
            IndexKind::Plain(plain) => {
                let text = self.plain(plain);
                // A counter with steps comes in parentheses, which are there already.
                match (plain, text.strip_prefix('(').and_then(|t| t.strip_suffix(')'))) {
                    (Plain::Counter(_), Some(inner)) => inner.to_owned(),
                    _ => text,
                }
            }
            IndexKind::Node(node) => self.integer(node),
        };
        if self.has_result(index.inside) {
            return position;
        }
        self.helper(Helper::Bounded);
        format!("bounded({position}, {})", index.depth.saturating_sub(1))
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

    /// A constant that an integer says, by its name if it has one.
    fn number(&self, node: &Node) -> Text {
        let (NodeKind::Const(value), Some(literal)) = (&node.kind, small(node)) else {
            return self.value(node);
        };
        let literal = number(literal);
        match self.module.constant_name(value) {
            Some(name) => {
                let text = constants::named(name, value, "integer", &literal.text, &literal.text);
                Text { text, ..literal }
            }
            None => literal,
        }
    }

    /// A constant with its type, by its name if it has one.
    fn constant(&self, value: &Constant, vector: Vector) -> Text {
        match (integer(value), self.module.constant_name(value)) {
            (Some(literal), Some(name)) => {
                let kind = if vector.signed { "signed" } else { "unsigned" };
                let literal = literal.to_string();
                let name = constants::named(name, value, "integer", &literal, &literal);
                Text::primary(format!("to_{kind}({name}, {})", vector.width))
            }
            _ => constant(value, vector),
        }
    }

    /// An unsigned vector as an integer.
    pub fn integer(&self, node: &Node) -> String {
        match &node.kind {
            NodeKind::Counter(id) => (self.locals)(*id),
            NodeKind::Const(value) => value.to_string(),
            _ => format!("to_integer({})", self.vector(node).text),
        }
    }

    /// A truth value as `std_logic`.
    pub fn logic(&self, node: &Node) -> Text {
        match &node.kind {
            NodeKind::Const(value) => Text::primary(if *value == BigInt::ZERO { "'0'" } else { "'1'" }),
            NodeKind::Invert(a) => Text::new(format!("not {}", self.logic(a).enclosed()), Level::Unary),
            NodeKind::Binary(op, a, b) => self.logical(binary_word(*op), self.logic(a), self.logic(b)),
            NodeKind::Bit(a, index) => self.bit(a, index),
            NodeKind::ToBool(a) => Text::primary(format!("resize({}, 1)(0)", self.vector(a).text)),
            NodeKind::Select(condition, a, b) => {
                self.helper(Helper::ChooseLogic);
                self.choose(condition, || (self.logic(a), self.logic(b)))
            }
            NodeKind::Compare(..) | NodeKind::Logic(..) => {
                self.helper(Helper::ToStdLogic);
                Text::primary(format!("to_std_logic({})", self.condition(node).text))
            }
            _ => self.name(node),
        }
    }

    /// A truth value as `boolean`.
    pub fn condition(&self, node: &Node) -> Text {
        match &node.kind {
            NodeKind::Const(value) => Text::primary(if *value == BigInt::ZERO { "false" } else { "true" }),
            NodeKind::Compare(op, a, b) => self.compare(*op, a, b),
            NodeKind::Logic(op, a, b) => {
                let word = match op {
                    LogicOp::And => "and",
                    LogicOp::Or => "or",
                };
                self.logical(word, self.condition(a), self.condition(b))
            }
            NodeKind::Invert(a) if is_condition(a) => {
                Text::new(format!("not {}", self.condition(a).enclosed()), Level::Unary)
            }
            NodeKind::Invert(a) => self.equals(self.logic(a), "'0'"),
            NodeKind::Binary(op, a, b) if is_condition(a) || is_condition(b) => {
                self.logical(binary_word(*op), self.condition(a), self.condition(b))
            }
            _ => self.equals(self.logic(node), "'1'"),
        }
    }

    fn equals(&self, a: Text, bit: &str) -> Text {
        Text::new(format!("{} = {bit}", a.operand(Level::Sum, false)), Level::Relation)
    }

    fn logical(&self, word: &'static str, a: Text, b: Text) -> Text {
        // `xor` and the others are associative, but two different ones need parentheses.
        let text = format!("{} {word} {}", a.logical_operand(word), b.logical_operand(word));
        Text { text, level: Level::Logical, operator: word }
    }

    fn compare(&self, op: CompareOp, a: &Node, b: &Node) -> Text {
        let symbol = match op {
            CompareOp::Eq => "=",
            CompareOp::Ne => "/=",
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
        };
        let (a, b) = self.with_integers(a, b);
        // A sign before a number is legal here.
        let side =
            |text: Text| if text.level == Level::Sum { text.text } else { text.operand(Level::Sum, false) };
        Text::new(format!("{} {symbol} {}", side(a), side(b)), Level::Relation)
    }

    /// Two operands of which a constant one may be an integer.
    fn with_integers(&self, a: &Node, b: &Node) -> (Text, Text) {
        match (small(a), small(b)) {
            (None, Some(_)) => (self.value(a), self.number(b)),
            (Some(_), None) => (self.number(a), self.value(b)),
            // Comparisons are those of numbers, whatever their widths.
            _ => (self.value(unextended(a)), self.value(unextended(b))),
        }
    }

    /// A vector.
    pub fn vector(&self, node: &Node) -> Text {
        let vector = node.vector();
        match &node.kind {
            NodeKind::Const(value) => self.constant(value, vector),
            NodeKind::Counter(id) => {
                let kind = if vector.signed { "to_signed" } else { "to_unsigned" };
                Text::primary(format!("{kind}({}, {})", (self.locals)(*id), vector.width))
            }
            NodeKind::FromBool(a) => Text::primary(format!("unsigned'(\"\" & {})", self.logic(a).enclosed())),
            NodeKind::Resize(a) if vector.width < a.vector().width && a.vector().signed => {
                Text::primary(format!("signed(resize(unsigned({}), {}))", self.vector(a).text, vector.width))
            }
            NodeKind::Resize(a) => {
                Text::primary(format!("resize({}, {})", self.vector(a).text, vector.width))
            }
            NodeKind::Reinterpret(a) => self.reinterpret(a, vector),
            NodeKind::Binary(op, a, b) => self.binary(*op, a, b),
            NodeKind::Product(a, b) => Text::new(
                format!(
                    "{} * {}",
                    self.vector(a).operand(Level::Product, false),
                    self.vector(b).operand(Level::Product, true)
                ),
                Level::Product,
            ),
            NodeKind::Negate(a) if vector.signed => {
                Text::new(format!("-{}", self.vector(a).enclosed()), Level::Sum)
            }
            NodeKind::Negate(a) => {
                Text::new(format!("0 - {}", self.vector(a).operand(Level::Sum, true)), Level::Sum)
            }
            NodeKind::Invert(a) => Text::new(format!("not {}", self.vector(a).enclosed()), Level::Unary),
            NodeKind::Abs(a) => Text::new(format!("abs {}", self.vector(a).enclosed()), Level::Unary),
            NodeKind::ShiftLeft(a, amount) => self.shift("shift_left", a, amount, vector.width),
            NodeKind::ShiftRight(a, amount) => self.shift("shift_right", a, amount, vector.width),
            NodeKind::FloorDiv(a, b, defined) => {
                if vector.signed {
                    self.floor("floor_div", Helper::FloorDivSigned, a, b)
                } else if self.has_result(*defined) {
                    self.division("/", a, b)
                } else {
                    self.floor("floor_div", Helper::FloorDivUnsigned, a, b)
                }
            }
            NodeKind::Modulo(a, b, defined) => {
                if self.has_result(*defined) {
                    self.division("mod", a, b)
                } else {
                    let helper =
                        if vector.signed { Helper::FloorModSigned } else { Helper::FloorModUnsigned };
                    self.floor("floor_mod", helper, a, b)
                }
            }
            NodeKind::Select(condition, a, b) => {
                self.helper(if vector.signed { Helper::ChooseSigned } else { Helper::ChooseUnsigned });
                self.choose(condition, || (self.vector(a), self.vector(b)))
            }
            NodeKind::Slice(a, low) => {
                let slice = self.raw_slice(a, *low, vector.width);
                if a.vector().signed && a.is_named() {
                    Text::primary(format!("unsigned({})", slice.text))
                } else {
                    slice
                }
            }
            NodeKind::Concat(parts) => self.concat(parts),
            _ => self.name(node),
        }
    }

    fn reinterpret(&self, a: &Node, vector: Vector) -> Text {
        let word = if vector.signed { "signed" } else { "unsigned" };
        let text = match &a.kind {
            // Part of a signed name is signed already.
            NodeKind::Slice(inner, low) if inner.is_named() && inner.vector().signed == vector.signed => {
                return self.raw_slice(inner, *low, a.vector().width);
            }
            NodeKind::Slice(inner, low) if inner.is_named() => {
                self.raw_slice(inner, *low, a.vector().width).text
            }
            // What is cut off is cut off without a sign.
            NodeKind::Resize(inner)
                if !vector.signed && inner.vector().signed && vector.width < inner.vector().width =>
            {
                return Text::primary(format!(
                    "resize(unsigned({}), {})",
                    self.vector(inner).text,
                    vector.width
                ));
            }
            _ => self.vector(a).text,
        };
        Text::primary(format!("{word}({text})"))
    }

    /// Part of a vector; of a name in the name's type, of anything else unsigned.
    fn raw_slice(&self, a: &Node, low: u32, width: u32) -> Text {
        if a.is_named() {
            let name = self.name(a).text;
            return Text::primary(if low == 0 && width == a.vector().width {
                name
            } else {
                format!("{name}({} downto {low})", low + width - 1)
            });
        }
        let text = self.vector(a).text;
        let whole = if a.vector().signed { format!("unsigned({text})") } else { text };
        let shifted = if low == 0 { whole } else { format!("shift_right({whole}, {low})") };
        Text::primary(format!("resize({shifted}, {width})"))
    }

    fn bit(&self, a: &Node, index: &Index) -> Text {
        let index = self.index(index);
        if a.is_named() {
            return Text::primary(format!("{}({index})", self.name(a).text));
        }
        // Only `resize` is sure to give a vector that counts from 0.
        let text = self.vector(a).text;
        let whole = if a.vector().signed { format!("unsigned({text})") } else { text };
        Text::primary(format!("resize(shift_right({whole}, {index}), 1)(0)"))
    }

    fn binary(&self, op: BinaryOp, a: &Node, b: &Node) -> Text {
        match op {
            BinaryOp::Min | BinaryOp::Max => {
                if self.language == Language::Vhdl93 {
                    return self.extreme(op, a, b);
                }
                let name = if op == BinaryOp::Min { "minimum" } else { "maximum" };
                Text::primary(format!("{name}({}, {})", self.vector(a).text, self.vector(b).text))
            }
            BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => {
                let print = |node: &Node| match &node.kind {
                    NodeKind::Const(value) => Text::primary(bit_string(value, node.vector().width)),
                    _ => self.vector(node),
                };
                // Two patterns without a type would have none.
                let (x, y) = if matches!(a.kind, NodeKind::Const(_)) && matches!(b.kind, NodeKind::Const(_)) {
                    (self.vector(a), self.vector(b))
                } else {
                    (print(a), print(b))
                };
                self.logical(binary_word(op), x, y)
            }
            BinaryOp::Mul => Text::primary(format!(
                "resize({} * {}, {})",
                self.vector(a).operand(Level::Product, false),
                self.vector(b).operand(Level::Product, true),
                a.vector().width
            )),
            _ => {
                // Adding a negative number is subtracting.
                let mut plus = op == BinaryOp::Add;
                let (x, y) = match (small(a), small(b)) {
                    (None, Some(value)) => {
                        if value < 0 {
                            plus = !plus;
                            (self.vector(a), number(value.abs()))
                        } else {
                            (self.vector(a), self.number(b))
                        }
                    }
                    (Some(_), None) => (self.number(a), self.vector(b)),
                    // The sum is as wide as the wider of both.
                    _ if matches!(b.kind, NodeKind::Resize(_)) => {
                        (self.vector(a), self.vector(unextended(b)))
                    }
                    _ => (self.vector(unextended(a)), self.vector(b)),
                };
                let symbol = if plus { "+" } else { "-" };
                let text =
                    format!("{} {symbol} {}", x.operand(Level::Sum, false), y.operand(Level::Sum, true));
                Text::new(text, Level::Sum)
            }
        }
    }

    /// The smaller or the larger of two numbers, for which VHDL-93 has no function.
    fn extreme(&self, op: BinaryOp, a: &Node, b: &Node) -> Text {
        self.helper(if a.vector().signed { Helper::ChooseSigned } else { Helper::ChooseUnsigned });
        let (x, y) = (self.vector(a), self.vector(b));
        let symbol = if op == BinaryOp::Min { "<" } else { ">" };
        let (left, right) = (x.clone().operand(Level::Sum, false), y.clone().operand(Level::Sum, false));
        Text::primary(format!("choose({left} {symbol} {right}, {}, {})", x.text, y.text))
    }

    fn floor(&self, name: &str, helper: Helper, a: &Node, b: &Node) -> Text {
        self.helper(helper);
        Text::primary(format!("{name}({}, {})", self.vector(a).text, self.vector(b).text))
    }

    fn division(&self, word: &str, a: &Node, b: &Node) -> Text {
        let (x, y) = match small(b) {
            Some(_) if small(a).is_none() => (self.vector(a), self.number(b)),
            _ => (self.vector(a), self.vector(b)),
        };
        let text = format!("{} {word} {}", x.operand(Level::Product, false), y.operand(Level::Product, true));
        Text::new(text, Level::Product)
    }

    fn shift(&self, function: &str, a: &Node, amount: &Amount, width: u32) -> Text {
        let amount = match amount {
            Amount::Const(value) => (*value).min(width).to_string(),
            // Integers have 31 bits; shifting further than the width is shifting by the width.
            Amount::Variable(node) if node.vector().width > 31 => {
                if self.language == Language::Vhdl93 {
                    let most = Node::constant(&width.into(), node.vector());
                    return Text::primary(format!(
                        "{function}({}, to_integer({}))",
                        self.vector(a).text,
                        self.extreme(BinaryOp::Min, node, &most).text
                    ));
                }
                format!("to_integer(minimum({}, {width}))", self.vector(node).text)
            }
            Amount::Variable(node) => self.integer(node),
        };
        Text::primary(format!("{function}({}, {amount})", self.vector(a).text))
    }

    fn concat(&self, parts: &[Node]) -> Text {
        if let [one] = parts {
            return match one.shape {
                Shape::Bool => Text::primary(format!("unsigned'(\"\" & {})", self.logic(one).enclosed())),
                _ => self.vector(one),
            };
        }
        let parts: Vec<String> = parts
            .iter()
            .map(|part| match (&part.kind, part.shape) {
                (NodeKind::Const(value), Shape::Bits(vector)) => bit_string(value, vector.width),
                _ => self.value(part).operand(Level::Product, false),
            })
            .collect();
        Text::primary(format!("unsigned'({})", parts.join(" & ")))
    }
}

fn binary_word(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
        _ => "xor",
    }
}

/// Whether a truth value is a `boolean` by nature.
pub(crate) fn is_condition(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Compare(..) | NodeKind::Logic(..) => true,
        NodeKind::Invert(a) => is_condition(a),
        NodeKind::Binary(_, a, b) => node.shape == Shape::Bool && (is_condition(a) || is_condition(b)),
        _ => false,
    }
}

/// What a vector extends without changing its value; itself if it extends nothing.
fn unextended(node: &Node) -> &Node {
    match (&node.kind, node.shape) {
        (NodeKind::Resize(a), Shape::Bits(to)) => match a.shape {
            Shape::Bits(from) if from.width < to.width && from.signed == to.signed => a,
            _ => node,
        },
        _ => node,
    }
}

/// A constant that an integer literal can say.
fn small(node: &Node) -> Option<i64> {
    match (&node.kind, node.shape) {
        (NodeKind::Const(value), Shape::Bits(_)) => integer(value),
        _ => None,
    }
}

/// A value that an integer literal says everywhere: GHDL 2.0 takes 2147483600 to 2147483638 for an overflow.
fn integer(value: &BigInt) -> Option<i64> {
    value.to_i64().filter(|v| v.abs() < 1 << 30)
}

fn number(value: i64) -> Text {
    Text::new(value.to_string(), if value < 0 { Level::Sum } else { Level::Primary })
}

/// A value with all bits at high impedance, as a whole right side.
pub(crate) fn high_impedance(shape: Shape) -> &'static str {
    match shape {
        Shape::Bits(_) => "(others => 'Z')",
        _ => "'Z'",
    }
}

/// A constant with its type.
pub(crate) fn constant(value: &BigInt, vector: Vector) -> Text {
    let kind = if vector.signed { "signed" } else { "unsigned" };
    Text::primary(match integer(value) {
        Some(value) => format!("to_{kind}({value}, {})", vector.width),
        None => format!("{kind}'({})", bit_string(value, vector.width)),
    })
}

/// The bits of a constant as a literal.
pub(crate) fn bit_string(value: &BigInt, width: u32) -> String {
    let bits = Vector::unsigned(width).wrap(value);
    if width.is_multiple_of(4) {
        format!("x\"{:0>digits$}\"", bits.to_str_radix(16), digits = width as usize / 4)
    } else {
        format!("\"{:0>width$}\"", bits.to_str_radix(2), width = width as usize)
    }
}
