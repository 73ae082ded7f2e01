//! Instances of entities that exist already, in VHDL.

use pyhdl_diag::Diagnostic;
use pyhdl_ir::{BlackBox, BoxPort, Design, Direction, Item, Parameter, ScopeId};

use super::Enums;
use crate::codes;
use crate::lines::Lines;
use crate::plan::{Module, Plan};
use crate::user_code::External;
use crate::vector::Shape;

pub(super) fn instance(there: &BlackBox, plan: &Plan, module: &Module, name: &str, out: &mut Lines) {
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
    let rows: Vec<(String, String)> = there.ports.iter().map(|port| row(there, plan, module, port)).collect();
    let width = rows.iter().map(|(port, _)| port.len()).max().unwrap_or(0);
    for (i, (port, signal)) in rows.iter().enumerate() {
        let comma = if i + 1 < rows.len() { "," } else { "" };
        out.line(format!("{port:<width$} => {signal}{comma}"));
    }
    out.close(");");
}

/// A port and what is at it, with the conversions between a number and bits.
fn row(there: &BlackBox, plan: &Plan, module: &Module, port: &BoxPort) -> (String, String) {
    let signal = module.signal_names[&port.signal].clone();
    match Shape::of_storage(&plan.design.signals[port.signal].ty) {
        Some(Shape::Bits(vector)) if !there.numeric => {
            let number = if vector.signed { "signed" } else { "unsigned" };
            let to = |text: &str| format!("std_logic_vector({text})");
            match port.direction {
                Direction::In => (port.name.clone(), to(&signal)),
                Direction::Out => (format!("{number}({})", port.name), signal),
                Direction::InOut => (format!("{number}({})", port.name), to(&signal)),
            }
        }
        _ => (port.name.clone(), signal),
    }
}

/// The declarations of the components that a scope has instances of.
pub(super) fn components(plan: &Plan, scope: ScopeId, enums: &Enums) -> Result<String, Box<Diagnostic>> {
    let mut declared: Vec<(String, String)> = Vec::new();
    for item in &plan.design.scopes[scope].items {
        if let Item::Scope(child) = item
            && let Some(External::BlackBox(there)) = plan.external(*child)
            && there.component
        {
            let text = component(there, plan.design, enums);
            let name = there.module.to_ascii_lowercase();
            match declared.iter().find(|(known, _)| *known == name) {
                None => declared.push((name, text)),
                Some((_, known)) if *known == text => {}
                Some(_) => {
                    return Err(Box::new(
                        Diagnostic::error(
                            codes::BLACK_BOX,
                            format!(
                                "instances of `{}` differ in the widths or in the number of ports",
                                there.module
                            ),
                        )
                        .at(there.span, "this black box")
                        .help("name its VHDL file in files=, or its library: then it needs no component"),
                    ));
                }
            }
        }
    }
    Ok(declared.into_iter().map(|(_, text)| text).collect())
}

fn component(there: &BlackBox, design: &Design, enums: &Enums) -> String {
    let mut out = Lines::at(1);
    out.open(format!("component {} is", there.module));
    if !there.parameters.is_empty() {
        out.open("generic (");
        for (i, (name, value)) in there.parameters.iter().enumerate() {
            let semicolon = if i + 1 < there.parameters.len() { ";" } else { "" };
            let kind = match value {
                Parameter::Int(_) => "integer",
                Parameter::Bool(_) => "boolean",
                Parameter::Real(_) => "real",
                Parameter::Text(_) => "string",
            };
            out.line(format!("{name} : {kind}{semicolon}"));
        }
        out.close(");");
    }
    out.open("port (");
    for (i, port) in there.ports.iter().enumerate() {
        let semicolon = if i + 1 < there.ports.len() { ";" } else { "" };
        let mode = match port.direction {
            Direction::In => "in ",
            Direction::Out => "out",
            Direction::InOut => "inout",
        };
        let ty = match Shape::of_storage(&design.signals[port.signal].ty) {
            Some(Shape::Bits(vector)) if !there.numeric => {
                format!("std_logic_vector({} downto 0)", vector.width - 1)
            }
            Some(shape) => super::type_name(shape, enums),
            None => "std_logic".to_owned(),
        };
        out.line(format!("{} : {mode} {ty}{semicolon}", port.name));
    }
    out.close(");");
    out.close("end component;");
    out.into_text()
}

fn literal(value: &Parameter) -> String {
    match value {
        Parameter::Int(value) => value.to_string(),
        Parameter::Bool(value) => value.to_string(),
        // VHDL wants a point before an exponent.
        Parameter::Real(value) => match value.split_once('e') {
            Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{exponent}"),
            _ => value.clone(),
        },
        Parameter::Text(text) => format!("\"{}\"", text.replace('"', "\"\"")),
    }
}
