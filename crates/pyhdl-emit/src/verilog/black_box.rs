//! Instances of modules that exist already, in Verilog.

use pyhdl_ir::{BlackBox, Parameter};

use crate::lines::Lines;
use crate::plan::Module;

pub(super) fn instance(there: &BlackBox, module: &Module, name: &str, out: &mut Lines) {
    if there.parameters.is_empty() {
        out.open(format!("{} {name} (", there.module));
    } else {
        out.open(format!("{} #(", there.module));
        let width = there.parameters.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (i, (parameter, value)) in there.parameters.iter().enumerate() {
            let comma = if i + 1 < there.parameters.len() { "," } else { "" };
            out.line(format!(".{parameter:<width$} ({}){comma}", literal(value)));
        }
        out.turn(format!(") {name} ("));
    }
    let width = there.ports.iter().map(|port| port.name.len()).max().unwrap_or(0);
    for (i, port) in there.ports.iter().enumerate() {
        let comma = if i + 1 < there.ports.len() { "," } else { "" };
        let name = &port.name;
        out.line(format!(".{name:<width$} ({}){comma}", module.signal_names[&port.signal]));
    }
    out.close(");");
}

pub(crate) fn literal(value: &Parameter) -> String {
    match value {
        Parameter::Int(value) if value.bits() < 32 => value.to_string(),
        // What has no width has at least 32 bits, and tools stop there.
        Parameter::Int(value) => {
            let sign = if value.sign() == num_bigint::Sign::Minus { "-" } else { "" };
            format!("{sign}{}'sd{}", value.bits() + 1, value.magnitude())
        }
        Parameter::Bool(value) => u8::from(*value).to_string(),
        Parameter::Real(value) => value.clone(),
        Parameter::Text(text) => {
            let mut out = String::from('"');
            for c in text.chars() {
                match c {
                    '"' | '\\' => out.extend(['\\', c]),
                    '\n' => out.push_str("\\n"),
                    '\t' => out.push_str("\\t"),
                    c => out.push(c),
                }
            }
            out + "\""
        }
    }
}
