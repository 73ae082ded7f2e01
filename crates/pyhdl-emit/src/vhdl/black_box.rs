//! Instances of entities that exist already, in VHDL.

use pyhdl_ir::{BlackBox, Parameter};

use crate::lines::Lines;
use crate::plan::Module;

pub(super) fn instance(there: &BlackBox, module: &Module, name: &str, out: &mut Lines) {
    let unit = if there.component {
        there.module.clone()
    } else {
        format!("entity {}.{}", there.library, there.module)
    };
    out.open(format!("{name} : {unit}"));
    if !there.parameters.is_empty() {
        out.open("generic map (");
        let width = there.parameters.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (i, (generic, value)) in there.parameters.iter().enumerate() {
            let comma = if i + 1 < there.parameters.len() { "," } else { "" };
            out.line(format!("{generic:<width$} => {}{comma}", literal(value)));
        }
        out.close(")");
    }
    out.open("port map (");
    let width = there.ports.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (i, (port, signal)) in there.ports.iter().enumerate() {
        let comma = if i + 1 < there.ports.len() { "," } else { "" };
        out.line(format!("{port:<width$} => {}{comma}", module.signal_names[signal]));
    }
    out.close(");");
}

pub(super) fn literal(value: &Parameter) -> String {
    match value {
        Parameter::Int(value) => value.to_string(),
        Parameter::Bool(value) => value.to_string(),
        Parameter::Real(value) => value.clone(),
        Parameter::Text(text) => format!("\"{}\"", text.replace('"', "\"\"")),
    }
}
