//! Small functions that say in Verilog what its operators cannot: parts of expressions, sign extension of
//! expressions, floor division.

use crate::Language;
use crate::naming::Names;
use crate::vector::{Vector, index_width};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Helper {
    /// Bits of a value that has no name.
    Bits {
        from: u32,
        high: u32,
        low: u32,
    },
    /// A bit of a value that has no name.
    BitOf {
        from: u32,
    },
    /// A sign extension.
    Extend {
        from: u32,
        to: u32,
    },
    FloorDiv {
        width: u32,
    },
    FloorMod {
        width: u32,
    },
    Minimum(Vector),
    Maximum(Vector),
    Absolute {
        width: u32,
    },
}

impl Helper {
    pub fn name(&self) -> String {
        let kind = |v: &Vector| format!("{}{}", v.width, if v.signed { "s" } else { "u" });
        match self {
            Helper::Bits { from, high, low } => format!("bits_{high}_{low}_of_{from}"),
            Helper::BitOf { from } => format!("bits_1_of_{from}"),
            Helper::Extend { from, to } => format!("extend_{from}_to_{to}"),
            Helper::FloorDiv { width } => format!("floor_div_{width}"),
            Helper::FloorMod { width } => format!("floor_mod_{width}"),
            Helper::Minimum(v) => format!("minimum_{}", kind(v)),
            Helper::Maximum(v) => format!("maximum_{}", kind(v)),
            Helper::Absolute { width } => format!("absolute_{width}"),
        }
    }

    /// Whether the function's result is signed.
    pub fn is_signed(&self) -> bool {
        match self {
            Helper::Bits { .. } | Helper::BitOf { .. } => false,
            Helper::Minimum(v) | Helper::Maximum(v) => v.signed,
            _ => true,
        }
    }

    /// The function, indented for a module whose names its own ones avoid.
    pub fn text(&self, module: &Names) -> String {
        let name = self.name();
        let mut names = Names::new(Language::Verilog);
        let mut take = |wanted: &str| names.take_inside(wanted, module);
        match *self {
            Helper::Bits { from, high, low } => {
                let result = if high == low { String::new() } else { format!("[{}:0] ", high - low) };
                let part = if high == low { format!("{low}") } else { format!("{high}:{low}") };
                // Lint tools leave a name with `unused` in it alone: that not all bits are used is the purpose.
                let value = take("rest_unused");
                function(
                    &format!("{result}{name}"),
                    &[format!("[{}:0] {value}", from - 1)],
                    &format!("{name} = {value}[{part}];"),
                )
            }
            Helper::BitOf { from } => {
                let (value, index) = (take("value"), take("index"));
                function(
                    &name,
                    &[
                        format!("[{}:0] {value}", from - 1),
                        format!("[{}:0] {index}", index_width(u64::from(from)) - 1),
                    ],
                    &format!("{name} = {value}[{index}];"),
                )
            }
            Helper::Extend { from, to } => {
                let value = take("value");
                function(
                    &format!("signed [{}:0] {name}", to - 1),
                    &[format!("[{}:0] {value}", from - 1)],
                    &format!("{name} = {{{{{}{{{value}[{}]}}}}, {value}}};", to - from, from - 1),
                )
            }
            Helper::FloorDiv { width } | Helper::FloorMod { width } => {
                let (a, b) = (take("dividend"), take("divisor"));
                let top = width - 1;
                let down = match self {
                    Helper::FloorDiv { .. } => format!("({a} / {b}) - {width}'sd1 : {a} / {b}"),
                    _ => format!("({a} % {b}) + {b} : {a} % {b}"),
                };
                function(
                    &format!("signed [{top}:0] {name}"),
                    &[format!("signed [{top}:0] {a}"), format!("signed [{top}:0] {b}")],
                    &format!("{name} = (({a} % {b}) != {width}'sd0 && ({a}[{top}] != {b}[{top}])) ? {down};"),
                )
            }
            Helper::Minimum(v) | Helper::Maximum(v) => {
                let (a, b) = (take("a"), take("b"));
                let comparison = if matches!(self, Helper::Minimum(_)) { "<" } else { ">" };
                let ty = format!("{}[{}:0]", if v.signed { "signed " } else { "" }, v.width - 1);
                function(
                    &format!("{ty} {name}"),
                    &[format!("{ty} {a}"), format!("{ty} {b}")],
                    &format!("{name} = {a} {comparison} {b} ? {a} : {b};"),
                )
            }
            Helper::Absolute { width } => {
                let value = take("value");
                function(
                    &format!("signed [{}:0] {name}", width - 1),
                    &[format!("signed [{}:0] {value}", width - 1)],
                    &format!("{name} = {value}[{}] ? -{value} : {value};", width - 1),
                )
            }
        }
    }
}

fn function(head: &str, inputs: &[String], body: &str) -> String {
    let inputs: Vec<String> = inputs.iter().map(|i| format!("input {i}")).collect();
    format!("  function automatic {head}({});\n    {body}\n  endfunction\n", inputs.join(", "))
}
