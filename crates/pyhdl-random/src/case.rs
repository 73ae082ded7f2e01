//! [`Case`]: one design of a batch, made from bytes.

use crate::bounds::Bounds;
use crate::choices::Choices;
use crate::design;
use crate::expression::{Expr, Expressions, Function, Scope, Table};
use crate::signals::{Signal, Type};
use crate::statement::Lines;

/// What a case is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// One expression.
    Expressions,
    /// One process: statements, variables, memories, functions.
    Statements,
    /// A hierarchy: blocks, clocks, resets, interfaces, enumerations.
    Designs,
}

impl Subject {
    pub const ALL: [Subject; 3] = [Subject::Expressions, Subject::Statements, Subject::Designs];

    pub fn name(self) -> &'static str {
        match self {
            Subject::Expressions => "expressions",
            Subject::Statements => "statements",
            Subject::Designs => "designs",
        }
    }

    /// Bytes that a case is made from, at most.
    pub fn most_bytes(self) -> usize {
        match self {
            Subject::Expressions => 160,
            Subject::Statements => 700,
            Subject::Designs => 3000,
        }
    }
}

/// Text of a file that one case brings.
#[derive(Default, Debug)]
pub struct Case {
    /// Definitions of the file, and those of its model.
    pub definitions: Lines,
    /// What the top block contains, and what registers it in the model.
    pub items: Lines,
    /// Names that the top block returns.
    pub instances: Vec<String>,
    pub outputs: Vec<Signal>,
}

/// What every case can read: the inputs of the top.
pub fn inputs() -> Vec<Signal> {
    let bits = |name: &str, lo, hi| Signal { name: name.to_owned(), ty: Type::bits(lo, hi), initial: 0 };
    let flag = |name: &str| Signal { name: name.to_owned(), ty: Type::Bool, initial: 0 };
    let wrapping = |name: &str, lo, hi| Signal {
        name: name.to_owned(),
        ty: Type::Bits { lo, hi, wraps: true },
        initial: 0,
    };
    vec![
        bits("octet", 0, 255),
        bits("short", -128, 127),
        bits("brief", -128, 127),
        flag("flag"),
        flag("go"),
        bits("nibble", 0, 15),
        bits("three", 0, 7),
        bits("one", 0, 1),
        bits("odd", 0, 19),
        bits("small", -16, 15),
        bits("skew", -3, 60),
        bits("wide", 0, (1 << 37) - 1),
        bits("deep", -(1 << 40), (1 << 40) - 1),
        wrapping("turn", 0, 31),
        wrapping("around", -32, 31),
    ]
}

/// The clocks and resets of the top: name, and declaration.
pub const CLOCKS: [&str; 2] = ["clk", "clk2"];
/// Resets: name, active level, whether they are asynchronous.
pub const RESETS: [(&str, u8, bool); 3] = [("rst", 1, false), ("arst", 1, true), ("nrst", 0, true)];

/// The tuples of every file.
pub const ROMS: [(&str, &[i128]); 2] = [
    ("SQUARES", &[0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225]),
    ("MIXED", &[-27, -18, 0, 9, 200]),
];

/// Tuples and inputs.
pub fn scope() -> Scope {
    let tables = ROMS.iter().map(|(name, values)| {
        let (lo, hi) = (values.iter().min().copied().unwrap_or(0), values.iter().max().copied().unwrap_or(0));
        Table {
            hdl: (*name).to_owned(),
            model: format!("{name}[{{}}]"),
            depth: values.len(),
            kind: crate::expression::Kind::Number,
            bounds: Bounds::around(lo, hi),
        }
    });
    Scope {
        values: inputs().iter().flat_map(Signal::reads).collect(),
        tables: tables.collect(),
        functions: Vec::new(),
    }
}

/// The case of some bytes; `index` is in its names.
pub fn make(subject: Subject, index: usize, bytes: &[u8]) -> Case {
    let mut c = Choices::new(bytes);
    match subject {
        Subject::Expressions => expression(&mut c, index),
        Subject::Statements => design::process(&mut c, index),
        Subject::Designs => design::hierarchy(&mut c, index),
    }
}

fn expression(c: &mut Choices, index: usize) -> Case {
    let scope = scope();
    let depth = 1 + c.below(4) as u32;
    let make = Expressions { scope: &scope };
    let (output, process) = (format!("o{index}_0"), format!("c{index}_p"));
    let (ty, hdl, model) = if c.chance(20) {
        let Expr { hdl, model, .. } = make.truth(c, depth);
        (Type::Bool, hdl, model)
    } else {
        let Expr { hdl, model, bounds, .. } = make.number(c, depth);
        let ty = Type::holding(c, bounds);
        let model = match ty {
            Type::Bits { lo, hi, wraps: true } => format!("wrapped({model}, {lo}, {hi})"),
            _ => model,
        };
        (ty, hdl, model)
    };
    let mut items = Lines { indent: 1, ..Lines::default() };
    items.hdl("@always_comb");
    items.both(format!("def {process}():"));
    items.indent += 1;
    items.push(format!("{output}.next = {hdl}"), format!("nxt[{output}] = {model}"));
    items.indent -= 1;
    items.model(format!("combinational.append({process})"));
    Case {
        items,
        instances: vec![process],
        outputs: vec![Signal { name: output, initial: ty.initial(&mut Choices::new(&[])), ty }],
        ..Case::default()
    }
}

/// A function of a case over plain numbers.
pub fn function(c: &mut Choices, name: String, lines: &mut Lines) -> Function {
    let mut parameters = Vec::new();
    let mut scope = Scope::default();
    for i in 0..1 + c.below(3) {
        let bounds = if c.below(2) == 0 {
            Bounds::unsigned(1 + c.below(9) as u32)
        } else {
            Bounds::signed(c.below(9) as u32)
        };
        parameters.push((bounds.lo(), bounds.hi()));
        scope.values.push(Expr::same(format!("x{i}"), crate::expression::Kind::Mixed, bounds));
    }
    let names: Vec<String> = (0..parameters.len()).map(|i| format!("x{i}")).collect();
    let list = names.join(", ");
    lines.push(format!("def {name}({list}):"), format!("def {name}_model({list}):"));
    lines.indent += 1;
    let make = Expressions { scope: &scope };
    let truth = c.chance(25);
    let bounds = Bounds::signed(11);
    let result = |c: &mut Choices, lines: &mut Lines| {
        let e = if truth { make.truth(c, 2) } else { make.number(c, 2).fitted(bounds.lo(), bounds.hi()) };
        lines.push(format!("return {}", e.hdl), format!("return {}", e.model));
    };
    for _ in 0..c.below(3) {
        let condition = make.truth(c, 1);
        lines.push(format!("if {}:", condition.hdl), format!("if {}:", condition.model));
        lines.indent += 1;
        result(c, lines);
        lines.indent -= 1;
    }
    result(c, lines);
    lines.indent -= 1;
    Function { name, parameters, result: if truth { Bounds::unsigned(1) } else { bounds }, truth }
}
