//! Every operator with every pair of operand kinds, in a design of its own: its simulation equals MyHDL's, and its
//! Verilog and VHDL equal its simulation.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};
use pyhdl_tests::{pyhdl, run};
use xtask::scratch::{self, Purpose};

/// How many sets of operands each design sees.
const VECTORS: usize = 24;

const KINDS: &[&str] = &["bool", "unsigned", "signed", "constant", "negative"];

/// An operator: its name, the expression in `a` and `b`, which operands it takes on its right side, and whether its
/// result is a bool.
struct Operator {
    name: &'static str,
    text: &'static str,
    right: Right,
    truth: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Right {
    Any,
    /// Never 0.
    Divisor,
    /// From 0 to 7.
    Amount,
    /// From 0 to 3.
    Exponent,
}

const fn operator(name: &'static str, text: &'static str, right: Right, truth: bool) -> Operator {
    Operator { name, text, right, truth }
}

const OPERATORS: &[Operator] = &[
    operator("add", "a + b", Right::Any, false),
    operator("sub", "a - b", Right::Any, false),
    operator("mul", "a * b", Right::Any, false),
    operator("floordiv", "a // b", Right::Divisor, false),
    operator("mod", "a % b", Right::Divisor, false),
    operator("pow", "a ** b", Right::Exponent, false),
    operator("lshift", "a << b", Right::Amount, false),
    operator("rshift", "a >> b", Right::Amount, false),
    operator("and_bits", "a & b", Right::Any, false),
    operator("or_bits", "a | b", Right::Any, false),
    operator("xor_bits", "a ^ b", Right::Any, false),
    operator("eq", "a == b", Right::Any, true),
    operator("ne", "a != b", Right::Any, true),
    operator("lt", "a < b", Right::Any, true),
    operator("le", "a <= b", Right::Any, true),
    operator("gt", "a > b", Right::Any, true),
    operator("ge", "a >= b", Right::Any, true),
    operator("and_truth", "bool(a) and bool(b)", Right::Any, true),
    operator("or_truth", "bool(a) or bool(b)", Right::Any, true),
    operator("and_value", "a and b", Right::Any, false),
    operator("or_value", "a or b", Right::Any, false),
    operator("choice", "a if a < b else b", Right::Any, false),
];

/// Operators on one operand.
const UNARY: &[(&str, &str, bool)] = &[
    ("neg", "-a", false),
    ("pos", "+a", false),
    ("invert", "~a", false),
    ("absolute", "abs(a)", false),
    ("not_truth", "not a", true),
    ("truth", "bool(a)", true),
    ("number", "int(a)", false),
];

/// What enumerations are compared with.
const ENUMS: &[(&str, &str, &str)] = &[
    ("enum_eq_enum", "a == b", "(e0, e1)"),
    ("enum_ne_enum", "a != b", "(e0, e1)"),
    ("enum_eq_literal", "a == b", "(e0, STATE.RUN)"),
    ("literal_ne_enum", "a != b", "(STATE.STOP, e1)"),
    ("enum_or_enum", "a == STATE.IDLE or b == STATE.RUN", "(e0, e1)"),
    ("enum_choice", "(a if b == STATE.RUN else b) != STATE.IDLE", "(e0, e1)"),
];

/// The operand of a kind on a side, as it is called in the bench.
fn operand(kind: &str, right: Option<Right>) -> String {
    match (kind, right) {
        ("constant", None) => "11".to_owned(),
        ("negative", None) => "-5".to_owned(),
        ("constant", Some(Right::Any | Right::Divisor)) => "7".to_owned(),
        ("negative", Some(Right::Any | Right::Divisor)) => "-3".to_owned(),
        ("constant", Some(_)) => "3".to_owned(),
        (_, None) => format!("{kind}_a"),
        (_, Some(Right::Any)) => format!("{kind}_b"),
        (_, Some(Right::Divisor)) => format!("{kind}_d"),
        (_, Some(Right::Amount)) => format!("{kind}_n"),
        (_, Some(Right::Exponent)) => format!("{kind}_x"),
    }
}

/// Whether Python takes these operands. A negative amount or exponent is an error, or no integer.
fn is_sound(left: &str, right: &str, operator: &Operator) -> bool {
    let constant = |kind| kind == "constant" || kind == "negative";
    let negative = right == "negative" && matches!(operator.right, Right::Amount | Right::Exponent);
    !(negative || constant(left) && constant(right))
}

fn design(
    text: &mut String,
    instances: &mut String,
    name: &str,
    expression: &str,
    operands: &str,
    truth: bool,
) {
    let output = if truth { "Signal(False)" } else { "Signal(intbv(0, min=-2**24, max=2**24))" };
    let parameters = if operands.ends_with(",)") { "a" } else { "a, b" };
    let _ = write!(
        text,
        "@block\ndef {name}({parameters}, y):\n    @always_comb\n    def logic():\n        y.next = {expression}\n    \
         return logic\n\n\n"
    );
    let _ = writeln!(instances, "    y_{name} = {output}");
    let _ = writeln!(instances, "    i_{name} = {name}(*{operands}, y_{name})");
    let _ = writeln!(instances, "    outputs.append(('{name}', y_{name}))");
}

/// The program, and how many designs it has.
fn program() -> (String, usize) {
    let (mut designs, mut instances) = (String::new(), String::new());
    let mut count = 0;
    for operator in OPERATORS {
        for left in KINDS {
            for right in KINDS.iter().filter(|right| is_sound(left, right, operator)) {
                let name = format!("{}_{left}_{right}", operator.name);
                let operands = format!("({}, {})", operand(left, None), operand(right, Some(operator.right)));
                design(&mut designs, &mut instances, &name, operator.text, &operands, operator.truth);
                count += 1;
            }
        }
    }
    for (name, expression, truth) in UNARY {
        for kind in &KINDS[..3] {
            let operands = format!("({},)", operand(kind, None));
            design(&mut designs, &mut instances, &format!("{name}_{kind}"), expression, &operands, *truth);
            count += 1;
        }
    }
    for (name, expression, operands) in ENUMS {
        design(&mut designs, &mut instances, name, expression, operands, true);
        count += 1;
    }
    let text = format!(
        r#"from random import Random

from myhdl import *

STATE = enum("IDLE", "RUN", "STOP")
random = Random(7)


{designs}@block
def top(bool_a, bool_b, bool_d, bool_n, bool_x, unsigned_a, unsigned_b, unsigned_d, unsigned_n, unsigned_x,
        signed_a, signed_b, signed_d, signed_n, signed_x, e0, e1, outputs):
{instances}    return instances()


@block
def bench():
    bool_a, bool_b, bool_n, bool_x = [Signal(False) for i in range(4)]
    bool_d = Signal(True)
    unsigned_a, unsigned_b, unsigned_d = [Signal(intbv(1)[6:]) for i in range(3)]
    unsigned_n, unsigned_x = Signal(intbv(0)[3:]), Signal(intbv(0)[2:])
    signed_a, signed_b, signed_d = [Signal(intbv(1, min=-32, max=32)) for i in range(3)]
    signed_n, signed_x = Signal(intbv(0, min=-8, max=8)), Signal(intbv(0, min=-4, max=4))
    e0, e1 = Signal(STATE.IDLE), Signal(STATE.IDLE)
    outputs = []
    dut = top(bool_a, bool_b, bool_d, bool_n, bool_x, unsigned_a, unsigned_b, unsigned_d, unsigned_n, unsigned_x,
              signed_a, signed_b, signed_d, signed_n, signed_x, e0, e1, outputs)

    @instance
    def drive():
        for i in range({VECTORS}):
            for s in (bool_a, bool_b, bool_n, bool_x):
                s.next = random.randrange(2)
            for s in (unsigned_a, unsigned_b):
                s.next = random.choice((0, 1, 63, random.randrange(64)))
            unsigned_d.next = random.randrange(1, 64)
            unsigned_n.next = random.randrange(8)
            unsigned_x.next = random.randrange(4)
            for s in (signed_a, signed_b):
                s.next = random.choice((-32, -1, 0, 31, random.randrange(-32, 32)))
            signed_d.next = random.choice((-32, -1, 1, 5, -7, 31))
            signed_n.next = random.randrange(8)
            signed_x.next = random.randrange(4)
            e0.next = getattr(STATE, random.choice(("IDLE", "RUN", "STOP")))
            e1.next = getattr(STATE, random.choice(("IDLE", "RUN", "STOP")))
            yield delay(10)
            for name, y in outputs:
                print(now(), name, int(y))

    return dut, drive


if __name__ == "__main__":
    bench().run_sim()
"#
    );
    (text, count)
}

#[test]
fn every_operator_with_every_pair_of_kinds() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("operators.py");
    let (text, count) = program();
    fs::write(&file, text)?;
    let ours = run(pyhdl()?.arg("sim").arg(&file))?.success()?.stdout();
    let python = scratch::ensure(Purpose::Compare)?.python;
    let theirs = run(Command::new(python).arg(&file))?.success()?.stdout();
    ensure!(theirs.lines().count() == count * VECTORS, "MyHDL prints {} lines", theirs.lines().count());
    let differs = ours.lines().zip(theirs.lines()).find(|(a, b)| a != b);
    ensure!(ours == theirs, "pyhdl and MyHDL differ: {differs:?}");
    run(pyhdl()?.args(["verify", "--with", "icarus,ghdl"]).arg(&file))?.success()?;
    Ok(())
}
