//! Designs by hand, and running them in other simulators.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

pub mod random;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{SourceTable, Span};
use pyhdl_emit::{EmitOptions, Emitted, Language};
use pyhdl_flow::{PortSpec, Replay, Sample, Step, Tool, VhdlPort};
use pyhdl_ir::*;

pub fn nowhere() -> Span {
    let mut table = SourceTable::new();
    Span::new(table.add("case.py", ""), 0, 0)
}

pub fn one_scope(block: &str) -> Design {
    let mut design = Design::default();
    design.scopes.push(Scope {
        name: block.to_owned(),
        block: block.to_owned(),
        parent: None,
        items: Vec::new(),
        names: Vec::new(),
        params: 0,
        groups: Vec::new(),
        ports: Vec::new(),
        doc: None,
        span: nowhere(),
        instance: None,
    });
    design
}

pub fn bits_type(min: BigInt, max: BigInt) -> BitsType {
    let width = Range::new(min.clone(), max.clone()).width().unwrap_or(1);
    BitsType { width, min, max, wraps: false }
}

/// Adds a parameter of the top.
pub fn add_signal(design: &mut Design, name: &str, ty: StorageType, _: Direction) -> SignalId {
    let top = design.top();
    // Zero, or the nearest value that the type has.
    let init = match ty.value_type().range() {
        Some(Range { lo: Some(lo), hi: Some(hi) }) => BigInt::ZERO.clamp(lo, hi),
        _ => BigInt::ZERO,
    };
    let id = design.signals.push(Signal {
        name: name.to_owned(),
        home: top,
        ty,
        init,
        constant: false,
        floating: false,
        reset: None,
        span: nowhere(),
    });
    design.scopes[top].names.push((name.to_owned(), Visible::Signal(id)));
    design.scopes[top].params += 1;
    id
}

pub fn add_process(
    design: &mut Design,
    name: &str,
    kind: ProcessKind,
    locals: IndexVec<LocalId, Local>,
    body: Block,
) {
    let top = design.top();
    let id = design.processes.push(Process {
        name: name.to_owned(),
        scope: top,
        kind,
        locals,
        body,
        foreign: None,
        doc: None,
        span: nowhere(),
    });
    design.scopes[top].items.push(Item::Process(id));
}

/// Adds `signal <= value` as combinational logic.
pub fn add_assign(design: &mut Design, signal: SignalId, value: Expr) {
    let mut sensitivity = Vec::new();
    for_each_node(&value, &mut |node| {
        if let ExprKind::Signal(id) = node.kind
            && !sensitivity.contains(&id)
        {
            sensitivity.push(id);
        }
    });
    let name = format!("{}_logic", design.signals[signal].name);
    let target = Target { place: Place::Signal(signal), part: None, span: nowhere() };
    let stmt = Stmt { kind: StmtKind::Assign { target, value }, span: nowhere() };
    add_process(design, &name, ProcessKind::Combinational { sensitivity }, IndexVec::new(), vec![stmt]);
}

pub fn width_of(design: &Design, signal: SignalId) -> u32 {
    match &design.signals[signal].ty {
        StorageType::Enum(id) => design.enums[*id].width(),
        ty => ty.width().unwrap_or(1),
    }
}

/// The low bits of a value, most significant first.
pub fn to_bits(value: &BigInt, width: u32) -> String {
    (0..u64::from(width)).rev().map(|i| if value.bit(i) { '1' } else { '0' }).collect()
}

pub fn environment(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

pub fn emit(design: &Design, language: Language) -> Emitted {
    let mut sources = SourceTable::new();
    sources.add("case.py", "");
    let power_up = pyhdl_sim::power_up_values(design).into_iter().map(|v| v.to_bigint()).collect();
    let options = EmitOptions { power_up: Some(power_up), ..EmitOptions::new(&sources) };
    match pyhdl_emit::emit(design, language, &options) {
        Ok(emitted) => emitted,
        Err(problems) => panic!("{problems:?}"),
    }
}

/// Emits a design, lints it, and runs it in a tool. Gives the samples and the HDL.
pub fn run(design: &Design, language: Language, tool: Tool, steps: &[Step]) -> (Vec<Sample>, String) {
    let emitted = emit(design, language);
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (name, text) in &emitted.files {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        files.push(path);
    }
    let messages = pyhdl_flow::lint(tool, &files, &emitted.top, folder.path()).unwrap();
    // Random designs do not use every bit of their inputs, and compare things with themselves: that is what they are
    // told, and nothing else.
    let expected = ["not used", "Comparison is constant"];
    let ours: Vec<_> = messages.iter().filter(|m| !expected.iter().any(|e| m.text.contains(e))).collect();
    assert!(ours.is_empty(), "{tool:?}: {ours:#?}\n{}", emitted.files[0].1);
    let ports: Vec<PortSpec> = emitted
        .ports
        .iter()
        .map(|p| PortSpec {
            name: p.name.clone(),
            input: p.direction == Direction::In,
            width: p.width,
            edge: waits_for_edge(design, p.signal),
            vhdl: match () {
                () if p.is_bool => VhdlPort::StdLogic,
                () if p.signed => VhdlPort::Signed,
                () => VhdlPort::Unsigned,
            },
        })
        .collect();
    let replay = Replay {
        top: &emitted.top,
        files: &files,
        ports: &ports,
        package: emitted.package.as_deref(),
        steps,
    };
    let samples = match pyhdl_flow::replay(tool, &replay, folder.path()) {
        Ok(samples) => samples,
        Err(e) => panic!("{e}\n{}", emitted.files[0].1),
    };
    (samples, emitted.files[0].1.clone())
}

fn waits_for_edge(design: &Design, signal: SignalId) -> bool {
    design.processes.iter().any(|p| match &p.kind {
        ProcessKind::Sequential { clock, reset, .. } => {
            *clock == signal || reset.as_ref().is_some_and(|r| r.signal == signal)
        }
        ProcessKind::Triggered { triggers } => triggers.iter().any(|t| trigger_signal(t) == Some(signal)),
        _ => false,
    })
}
