//! `pyhdl tree`: the hierarchy with ports and processes, or the whole lowered design as text.

use std::fmt::Write;
use std::io::Write as _;

use pyhdl_diag::SourceTable;
use pyhdl_ir::{Design, Direction, Item, ProcessId, ProcessKind, ScopeId, SignalId, StorageType, Trigger};

use crate::{Stop, cli, load};

pub fn run(args: &cli::Tree) -> Result<(), Stop> {
    let interpreter = load::start(&args.design)?;
    let elaboration = interpreter.elaborate(&args.design.file, args.design.top.as_deref())?;
    let whole = &elaboration.lowered.design;
    let part;
    let design = match &args.design.top {
        Some(top) if whole.scopes[whole.top()].block != *top => {
            part = load::part(&elaboration, &args.design.file, top)?;
            &part
        }
        _ => whole,
    };
    let text = if args.ir { design.to_text() } else { draw(design, &elaboration.sources) };
    // A closed standard output is nobody's loss.
    let _ = std::io::stdout().write_all(text.as_bytes());
    Ok(())
}

/// The hierarchy as indented text, one line for each instance, port and process.
pub fn draw(design: &Design, sources: &SourceTable) -> String {
    let mut out = String::new();
    // An explicit stack: a design may be nested deeper than this program's own stack allows.
    let mut open: Vec<(usize, Item)> = vec![(0, Item::Scope(design.top()))];
    while let Some((depth, item)) = open.pop() {
        match item {
            Item::Scope(scope) => {
                draw_scope(design, sources, scope, depth, &mut out);
                let items = &design.scopes[scope].items;
                open.extend(items.iter().rev().map(|item| (depth + 1, *item)));
            }
            Item::Process(process) => draw_process(design, sources, process, depth, &mut out),
        }
    }
    out
}

fn draw_scope(design: &Design, sources: &SourceTable, id: ScopeId, depth: usize, out: &mut String) {
    let scope = &design.scopes[id];
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}{}: {} ({})", scope.name, scope.block, sources.place(scope.span));
    for port in &scope.ports {
        let direction = match port.direction {
            Direction::In => "in ",
            Direction::Out => "out",
            Direction::InOut => "inout",
        };
        let ty = type_name(design, &design.signals[port.signal].ty);
        let _ = writeln!(out, "{indent}  {direction} {}: {ty}", port.name);
    }
}

fn draw_process(design: &Design, sources: &SourceTable, id: ProcessId, depth: usize, out: &mut String) {
    let process = &design.processes[id];
    let name = |signal: SignalId| design.signals[signal].name.clone();
    let kind = match &process.kind {
        ProcessKind::Continuous { .. } => "continuous assignment".to_owned(),
        ProcessKind::Combinational { .. } => "combinational".to_owned(),
        ProcessKind::Triggered { triggers } => {
            let triggers: Vec<String> = triggers
                .iter()
                .map(|t| match t {
                    Trigger::Change(s) => name(*s),
                    Trigger::Rising(s) => format!("posedge {}", name(*s)),
                    Trigger::Falling(s) => format!("negedge {}", name(*s)),
                    Trigger::Delay(_) => "delay".to_owned(),
                })
                .collect();
            format!("at {}", triggers.join(", "))
        }
        ProcessKind::Sequential { clock, rising, reset } => {
            let edge = if *rising { "posedge" } else { "negedge" };
            let reset = match reset {
                None => String::new(),
                Some(reset) => format!(
                    ", {} reset {} active {}",
                    if reset.polarity.asynchronous { "asynchronous" } else { "synchronous" },
                    name(reset.signal),
                    if reset.polarity.active_high { "high" } else { "low" }
                ),
            };
            format!("clocked at {edge} {}{reset}", name(*clock))
        }
        ProcessKind::Thread => "instance".to_owned(),
        ProcessKind::Opaque { .. } => "code of the author's".to_owned(),
    };
    let python = match &process.foreign {
        Some(reason) => format!(" [stays in Python: {reason}]"),
        None => String::new(),
    };
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}{}: {kind} ({}){python}", process.name, sources.place(process.span));
}

/// A signal's type as `bool`, `unsigned 8`, `signed 8`, the enumeration's name.
pub fn type_name(design: &Design, ty: &StorageType) -> String {
    match ty {
        StorageType::Bool => "bool".into(),
        StorageType::Bits(bits) => {
            let sign = if bits.is_signed() { "signed" } else { "unsigned" };
            format!("{sign} {}", bits.width)
        }
        StorageType::Enum(id) => design.enums[*id].name.clone(),
        StorageType::Int(_) => "int without width".into(),
        StorageType::Opaque => "Python object".into(),
    }
}
