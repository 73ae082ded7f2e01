//! The frame in which a simulation in another process drives the top: a module that hands its inputs and outputs to
//! the tasks `$from_myhdl` and `$to_myhdl`.

use askama::Template;
use pyhdl_diag::Diagnostic;
use pyhdl_ir::Direction;

use crate::{Emitted, EmittedPort};

#[derive(Template)]
#[template(path = "cosimulation.v", escape = "none")]
struct Frame<'a> {
    name: &'a str,
    top: &'a str,
    timescale: &'a str,
    waves: Option<String>,
    declarations: Vec<String>,
    inputs: String,
    outputs: String,
    connections: Vec<String>,
}

/// The frame's file name and text. With `trace` it writes waves to `<top>.vcd`.
pub fn cosimulation_frame(
    emitted: &Emitted,
    timescale: &str,
    trace: bool,
) -> Result<(String, String), Diagnostic> {
    let name = format!("tb_{}", emitted.top);
    // The other side knows the signals by the names that they have in Python, keywords or not.
    let declared: Vec<String> = emitted
        .ports
        .iter()
        .map(|p| if p.name == p.python_name { p.name.clone() } else { format!("\\{} ", p.python_name) })
        .collect();
    let range = |port: &EmittedPort| match (port.is_bool, port.signed) {
        (true, _) => String::new(),
        (false, signed) => format!("{}[{}:0] ", if signed { "signed " } else { "" }, port.width - 1),
    };
    let declarations = emitted.ports.iter().zip(&declared).map(|(port, name)| match port.direction {
        Direction::In => format!("reg {}{name};", range(port)),
        Direction::Out | Direction::InOut => format!("wire {}{name};", range(port)),
    });
    let list = |direction: Direction| {
        let of = emitted.ports.iter().zip(&declared).filter(|(port, _)| port.direction == direction);
        of.map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let frame = Frame {
        name: &name,
        top: &emitted.top,
        timescale,
        waves: trace.then(|| format!("{}.vcd", emitted.top)),
        declarations: declarations.collect(),
        inputs: list(Direction::In),
        outputs: list(Direction::Out),
        connections: emitted
            .ports
            .iter()
            .zip(&declared)
            .map(|(port, name)| format!(".{}({name})", port.name))
            .collect(),
    };
    Ok((format!("{name}.v"), crate::render(&frame)?))
}
