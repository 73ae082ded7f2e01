//! The Python file of a batch: the cases side by side in one top block, the model of each, and a test bench that
//! compares them.

use std::fmt::Write as _;

use crate::case::{CLOCKS, Case, RESETS, ROMS, Subject, inputs};
use crate::signals::{ENUMS, Signal, Type};

/// What the test bench does.
#[derive(Clone, Copy, Debug)]
pub struct Stimulus {
    pub seed: u64,
    pub vectors: usize,
}

pub fn text(subject: Subject, cases: &[Case], stimulus: Stimulus) -> String {
    let mut t = String::new();
    let mut line = |text: &str| {
        t.push_str(text);
        t.push('\n');
    };
    let clocked = subject != Subject::Expressions;
    line("from random import Random\n\nfrom myhdl import *\n");
    for (i, (arguments, _)) in ENUMS.iter().enumerate() {
        line(&format!("E{i} = enum({arguments})"));
    }
    for (name, values) in ROMS {
        let list: Vec<String> = values.iter().map(ToString::to_string).collect();
        line(&format!("{name} = ({})", list.join(", ")));
    }
    line("\n");
    for case in cases {
        case.definitions.hdl.iter().for_each(|l| line(l));
    }
    let clocks: Vec<&str> =
        if clocked { CLOCKS.into_iter().chain(RESETS.map(|r| r.0)).collect() } else { Vec::new() };
    let inputs = inputs();
    let outputs: Vec<&Signal> = cases.iter().flat_map(|c| &c.outputs).collect();
    let names: Vec<&str> = clocks
        .iter()
        .copied()
        .chain(inputs.iter().map(|s| s.name.as_str()))
        .chain(outputs.iter().map(|s| s.name.as_str()))
        .collect();
    let list = names.join(", ");
    line(&format!("@block\ndef cases({list}):"));
    for case in cases {
        case.items.hdl.iter().for_each(|l| line(l));
    }
    let returned: Vec<&str> = cases.iter().flat_map(|c| &c.instances).map(String::as_str).collect();
    line(&format!("    return {}\n\n", returned.join(", ")));

    line(include_str!("model.py"));
    line("");
    for case in cases {
        case.definitions.model.iter().for_each(|l| line(l));
    }
    line(&format!("def cases_model({list}):"));
    for case in cases {
        case.items.model.iter().for_each(|l| line(l));
    }
    line("\n\n# The test bench.\n\nSIGNALS = [");
    for clock in CLOCKS.iter().filter(|_| clocked) {
        line(&format!("    (\"{clock}\", lambda: Signal(False), False),"));
    }
    for (reset, active, asynchronous) in RESETS.iter().filter(|_| clocked) {
        let (asynchronous, off) = (if *asynchronous { "True" } else { "False" }, 1 - active);
        line(&format!(
            "    (\"{reset}\", lambda: ResetSignal({off}, active={active}, isasync={asynchronous}), {off}),"
        ));
    }
    for signal in inputs.iter().chain(outputs.iter().copied()) {
        line(&format!(
            "    (\"{}\", lambda: {}, {}),",
            signal.name,
            signal.declaration(),
            signal.ty.model(signal.initial)
        ));
    }
    line("]\nINPUTS = [");
    for signal in &inputs {
        let (lo, hi) = match signal.ty {
            Type::Bits { lo, hi, .. } => (lo, hi),
            _ => (0, 1),
        };
        line(&format!("    (\"{}\", {lo}, {hi}, {}),", signal.name, python(signal.ty == Type::Bool)));
    }
    line("]\nOUTPUTS = [");
    for signal in &outputs {
        let literals = match signal.ty {
            Type::Enum(e) => {
                let all: Vec<String> = ENUMS[e].1.iter().map(|l| format!("E{e}.{l}")).collect();
                format!("[{}]", all.join(", "))
            }
            _ => "None".to_owned(),
        };
        line(&format!("    (\"{}\", {literals}),", signal.name));
    }
    line("]");
    let resets: Vec<String> = RESETS
        .iter()
        .filter(|_| clocked)
        .map(|(n, a, x)| format!("(\"{n}\", {a}, {})", python(*x)))
        .collect();
    line(&format!("RESETS = [{}]", resets.join(", ")));
    let clock_list: Vec<String> = CLOCKS.iter().filter(|_| clocked).map(|c| format!("\"{c}\"")).collect();
    line(&format!("CLOCKS = [{}]", clock_list.join(", ")));
    let _ =
        write!(t, "SEED = {}\nVECTORS = {}\n{}", stimulus.seed, stimulus.vectors, include_str!("bench.py"));
    t
}

fn python(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}
