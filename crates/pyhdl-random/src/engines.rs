//! The Python file of a batch whose test bench is compiled with it: stimulus from tables, all outputs printed after
//! every step. It has no model: what it prints must be the same on every engine.

use crate::case::{CLOCKS, Case, RESETS, ROMS, inputs};
use crate::program::Stimulus;
use crate::signals::{ENUMS, Signal, Type};

/// Outputs of one printed line.
const PRINTED: usize = 12;

pub fn text(cases: &[Case], stimulus: Stimulus) -> String {
    let mut random = fastrand::Rng::with_seed(stimulus.seed);
    let mut t = String::new();
    let mut line = |text: &str| {
        t.push_str(text);
        t.push('\n');
    };
    line("from myhdl import *\n");
    for (i, (arguments, _)) in ENUMS.iter().enumerate() {
        line(&format!("E{i} = enum({arguments})"));
    }
    for (name, values) in ROMS {
        line(&format!("{name} = ({})", list(values.iter())));
    }
    line("\n");
    for case in cases {
        case.definitions.hdl.iter().for_each(|l| line(l));
    }
    let inputs = inputs();
    let outputs: Vec<&Signal> = cases.iter().flat_map(|c| &c.outputs).collect();
    let names: Vec<&str> = CLOCKS
        .into_iter()
        .chain(RESETS.map(|r| r.0))
        .chain(inputs.iter().map(|s| s.name.as_str()))
        .chain(outputs.iter().map(|s| s.name.as_str()))
        .collect();
    let ports = names.join(", ");
    line(&format!("@block\ndef cases({ports}):"));
    for case in cases {
        case.items.hdl.iter().for_each(|l| line(l));
    }
    let returned: Vec<&str> = cases.iter().flat_map(|c| &c.instances).map(String::as_str).collect();
    line(&format!("    return {}\n\n", returned.join(", ")));

    // What each driven input is at each step. Clocks and data change together, and at odd times as well.
    let mut driven: Vec<(String, Vec<i128>)> = Vec::new();
    let mut table = |name: &str, value: &mut dyn FnMut(&mut fastrand::Rng) -> i128| {
        driven.push((name.to_owned(), (0..stimulus.vectors).map(|_| value(&mut random)).collect()));
    };
    table(CLOCKS[0], &mut |r| i128::from(r.bool()));
    for (name, active, _) in RESETS {
        table(name, &mut |r| i128::from(if r.u8(..8) == 0 { active } else { 1 - active }));
    }
    for signal in &inputs {
        let (lo, hi) = match signal.ty {
            Type::Bits { lo, hi, .. } => (lo, hi),
            _ => (0, 1),
        };
        table(&signal.name, &mut |r| match r.u8(..6) {
            0 => lo,
            1 => hi,
            _ => r.i128(lo..=hi),
        });
    }
    table("PAUSE", &mut |r| i128::from(r.u8(1..4)));
    for (name, values) in &driven {
        line(&format!("T_{name} = ({})", list(values.iter())));
    }
    line("\n\n@block\ndef bench():");
    for clock in CLOCKS {
        line(&format!("    {clock} = Signal(False)"));
    }
    for (reset, active, asynchronous) in RESETS {
        let (asynchronous, off) = (if asynchronous { "True" } else { "False" }, 1 - active);
        line(&format!("    {reset} = ResetSignal({off}, active={active}, isasync={asynchronous})"));
    }
    for signal in inputs.iter().chain(outputs.iter().copied()) {
        line(&format!("    {} = {}", signal.name, signal.declaration()));
    }
    line(&format!("    top = cases({ports})\n"));
    line(&format!("    @always(delay(3))\n    def second():\n        {0}.next = not {0}\n", CLOCKS[1]));
    line(&format!("    @instance\n    def stimulate():\n        for step in range({}):", stimulus.vectors));
    for (name, _) in driven.iter().filter(|(name, _)| name != "PAUSE") {
        line(&format!("            {name}.next = T_{name}[step]"));
    }
    line("            yield delay(T_PAUSE[step])");
    for some in outputs.chunks(PRINTED) {
        let formats: Vec<&str> =
            some.iter().map(|s| if matches!(s.ty, Type::Enum(_)) { "%s" } else { "%d" }).collect();
        let values: Vec<&str> = some.iter().map(|s| s.name.as_str()).collect();
        line(&format!("            print(\"{}\" % ({},))", formats.join(" "), values.join(", ")));
    }
    line("        raise StopSimulation\n");
    line("    return top, second, stimulate\n\n\nbench().run_sim(quiet=1)\nprint(\"COMPARED\")");
    t
}

fn list<'v>(values: impl Iterator<Item = &'v i128>) -> String {
    let mut text: String = values.map(|v| format!("{v}, ")).collect();
    text.pop();
    text
}
