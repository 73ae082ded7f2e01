//! `pyhdl verify`: the emitted HDL in other simulators, against what the Python test bench saw.

use std::io::Write;
use std::path::PathBuf;
use std::str::FromStr;

use num_bigint::BigInt;
use pyhdl_diag::{Diagnostic, SourceTable, Span};
use pyhdl_emit::{Emitted, EmittedPort, Language};
use pyhdl_flow::{FlowError, Limits, PortSpec, Replay, Step, Tool, VhdlPort};
use pyhdl_ir::{
    Design, Direction, ExprKind, ProcessKind, SignalId, StmtKind, Trigger, for_each_node, for_each_stmt,
};
use pyhdl_python::{Failure, Recording, RunOptions, set_run_options};
use pyhdl_sim::Value;

use crate::folder::Folder;
use crate::load::{self, Loaded};
use crate::progress::Progress;
use crate::report::Reporter;
use crate::{
    Stop, cli, codes,
    commands::{emit, said},
    output,
};

pub fn run(args: &cli::Verify, reporter: &mut Reporter) -> Result<(), Stop> {
    let mut tools = Vec::new();
    for name in &args.with {
        let tool = Tool::from_str(name).map_err(|e| {
            Stop::Usage(Box::new(
                Diagnostic::error(codes::UNKNOWN_TOOL, e.to_string())
                    .help("choose among verilator, ghdl, icarus"),
            ))
        })?;
        if !tools.contains(&tool) {
            tools.push(tool);
        }
    }
    set_run_options(RunOptions { until: args.until, ..RunOptions::default() });
    // What is missing is said before anything takes time.
    for tool in &tools {
        tool.find().map_err(|d| Stop::Missing(Box::new(d)))?;
    }
    let loaded = load::load(&args.design)?;
    let root = loaded.elaboration.lowered.design.top();
    if loaded.scope == root {
        return Err(Stop::Diagnostic(Box::new(
            Diagnostic::error(
                codes::NO_TOP,
                format!("nothing drives `{}`", loaded.elaboration.lowered.design.scopes[root].block),
            )
            .help("write a test bench that instantiates it, or record one with --top INSTANCE"),
        )));
    }
    let mut languages: Vec<Language> = tools.iter().map(|t| language(*t, args)).collect();
    languages.sort();
    languages.dedup();
    let choices = emit::Choices { assertions: args.assertions, flat: args.flat, ..emit::Choices::default() };
    let emitted = emit::emit(&loaded, &languages, choices, reporter)?;

    let folder = Folder::new(args.keep.as_deref())?;
    let signals: Vec<SignalId> =
        loaded.design.scopes[loaded.design.top()].ports.iter().map(|p| p.signal).collect();
    let outer: Vec<SignalId> = signals.iter().map(|s| loaded.origin.signals[*s]).collect();
    if let Some(port) = emitted.iter().flat_map(|e| &e.ports).find(|p| p.direction == Direction::InOut) {
        return Err(Stop::Diagnostic(Box::new(
            Diagnostic::error(
                codes::TRISTATE_PORT,
                format!(
                    "the port `{}` is driven from both sides, which a recording cannot tell apart",
                    port.name
                ),
            )
            .help("call verify_convert() on the test bench: it is simulated in the HDL as a whole"),
        )));
    }
    if !emitted.iter().any(|e| e.ports.iter().any(|p| p.direction != Direction::In)) {
        return Err(Stop::Diagnostic(Box::new(
            Diagnostic::error(codes::NOTHING_RECORDED, "the design has no output that could be compared")
                .help("let the test bench read a signal that the design drives"),
        )));
    }
    if let Some(at) = computes_with_time(&loaded.design) {
        let found = Diagnostic::error(codes::TIME_DEPENDENT, "the design computes with the simulation time")
            .at(at, "a recording is replayed at times of its own")
            .help("leave now() to prints and to the test bench");
        reporter.show(&found, loaded.sources());
        return Err(Stop::Reported);
    }
    let recording = loaded.interpreter.record(&loaded.elaboration, &outer)?;
    if recording.steps.is_empty() {
        return Err(Stop::Diagnostic(Box::new(
            Diagnostic::error(codes::NOTHING_RECORDED, "the test bench ended before anything happened")
                .help("let the test bench drive the design for some time"),
        )));
    }
    for tool in tools {
        let index = languages.iter().position(|l| *l == language(tool, args)).unwrap_or(0);
        compare(tool, &loaded, &signals, &recording, &emitted[index], &folder, reporter)?;
    }
    Ok(())
}

fn language(tool: Tool, args: &cli::Verify) -> Language {
    match tool.language() {
        pyhdl_flow::Language::Verilog => cli::verilog(args.sv),
        pyhdl_flow::Language::Vhdl => args.std.language(),
    }
}

/// Where a design reads the simulation time for something else than a print.
fn computes_with_time(design: &Design) -> Option<Span> {
    let mut found = None;
    let processes = design.processes.iter().map(|p| &p.body);
    for body in processes.chain(design.functions.iter().map(|f| &f.body)) {
        for_each_stmt(body, &mut |stmt| {
            if matches!(stmt.kind, StmtKind::Print(_)) {
                return;
            }
            stmt.kind.for_each_expr(&mut |e| {
                for_each_node(e, &mut |node| {
                    if node.kind == ExprKind::Time {
                        found.get_or_insert(node.span);
                    }
                });
            });
        });
    }
    found
}

fn compare(
    tool: Tool,
    loaded: &Loaded,
    signals: &[SignalId],
    recording: &Recording,
    emitted: &Emitted,
    folder: &Folder,
    reporter: &mut Reporter,
) -> Result<(), Stop> {
    let files = output::write_all(folder.path(), &emitted.files)?;
    let files: Vec<PathBuf> = files.into_iter().map(|f| std::path::absolute(&f).unwrap_or(f)).collect();
    let design = &loaded.design;
    let ports: Vec<PortSpec> = emitted.ports.iter().map(|p| spec(design, p)).collect();
    // The recording is in the order of the design's ports; the HDL may list them otherwise.
    let place: Vec<Option<usize>> =
        signals.iter().map(|s| emitted.ports.iter().position(|p| p.signal == *s)).collect();
    let bits = |index: usize, value: &Value| to_bits(design, signals[index], value);
    let mut steps: Vec<Step> = recording
        .steps
        .iter()
        .map(|step| Step {
            time: step.time,
            groups: step
                .deltas
                .iter()
                .map(|delta| {
                    delta
                        .iter()
                        .filter_map(|(index, value)| {
                            let port = place[*index].filter(|p| ports[*p].input)?;
                            Some((port, bits(*index, value)))
                        })
                        .collect::<Vec<_>>()
                })
                .filter(|group| !group.is_empty())
                .collect(),
        })
        .collect();
    let first: Vec<(usize, String)> = recording
        .initial
        .iter()
        .enumerate()
        .filter_map(|(index, value)| Some((place[index].filter(|p| ports[*p].input)?, bits(index, value))))
        .collect();
    if let Some(step) = steps.first_mut()
        && !first.is_empty()
    {
        step.groups.insert(0, first);
    }
    let replay = Replay {
        top: &emitted.top,
        files: &files,
        ports: &ports,
        package: emitted.package.as_deref(),
        steps: &steps,
    };
    let working = Progress::start(format!("{}: building and running the design", tool.title()));
    let interrupted = || loaded.interpreter.interrupted();
    let limits = Limits { interrupted: &interrupted, ..Limits::default() };
    let samples = pyhdl_flow::replay_within(tool, &replay, folder.path(), limits).map_err(|e| match e {
        FlowError::Interrupted => Stop::Python(Failure::Interrupted),
        FlowError::Asserted { ref message, .. } => {
            let mut found = e
                .diagnostic()
                .help("Python raised no error there: this is a race in the test bench, or a fault of pyhdl");
            if let Some(span) = place_of(message, loaded.sources()) {
                found = found.at(span, "checked here");
            }
            reporter.show(&found, loaded.sources());
            Stop::Reported
        }
        FlowError::Failed { tool, ref output, .. } => {
            // What the tool says of a line is said at its Python as well.
            for message in pyhdl_flow::messages(tool, output) {
                reporter.show(&said::diagnostic(tool, &message, emitted, loaded.sources()), loaded.sources());
            }
            Stop::Diagnostic(Box::new(e.diagnostic()))
        }
        other => Stop::Diagnostic(Box::new(other.diagnostic())),
    })?;
    drop(working);
    let outputs: Vec<usize> = (0..ports.len()).filter(|p| !ports[*p].input).collect();
    for (step, sample) in recording.steps.iter().zip(&samples) {
        for (position, port) in outputs.iter().enumerate() {
            let Some(index) = place.iter().position(|p| *p == Some(*port)) else { continue };
            let expected = bits(index, &step.settled[index]);
            let got = &sample.outputs[position];
            if expected != *got {
                reporter.show(
                    &difference(tool, loaded, signals[index], step.time, &expected, got),
                    loaded.sources(),
                );
                return Err(Stop::Reported);
            }
        }
    }
    let count = recording.steps.len();
    let mut out = std::io::stdout().lock();
    // A closed standard output is nobody's loss.
    let _ = writeln!(
        out,
        "{}: {} equal at {}",
        tool.title(),
        counted(outputs.len(), "output"),
        counted(count, "time step")
    );
    Ok(())
}

/// The line that a message like `counter.py:12: count is outside of 0 to 9` begins with.
fn place_of(message: &str, sources: &SourceTable) -> Option<Span> {
    let mut parts = message.split(':');
    let (name, line) = (parts.next()?, parts.next()?.parse().ok()?);
    let (file, _) = sources.iter().find(|(_, f)| f.path.file_name().is_some_and(|n| n == name))?;
    Some(sources.line_span(file, line))
}

/// `1 output`, `2 outputs`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn difference(
    tool: Tool,
    loaded: &Loaded,
    signal: SignalId,
    time: u64,
    python: &str,
    hdl: &str,
) -> Diagnostic {
    let design = &loaded.design;
    let name = design.signal_path(signal);
    let diagnostic = Diagnostic::error(
        codes::DIFFERENCE,
        format!(
            "`{name}` differs at time {time}: the Python has {}, {} has {}",
            readable(design, signal, python),
            tool.title(),
            readable(design, signal, hdl)
        ),
    )
    .help("this is a fault of pyhdl, or a race in the test bench: an input that changes in the same delta as the clock");
    match design.driver(signal) {
        Some(span) => diagnostic.at(span, "driven here"),
        None => diagnostic,
    }
}

/// `5 (00000101)`, or the bits alone where some are unknown.
fn readable(design: &Design, signal: SignalId, bits: &str) -> String {
    let Some(value) = BigInt::parse_bytes(bits.as_bytes(), 2) else { return bits.to_owned() };
    match &design.signals[signal].ty {
        pyhdl_ir::StorageType::Enum(id) => {
            let ty = &design.enums[*id];
            let literal = (0..ty.literals.len() as u32).find(|i| ty.code(*i) == value);
            literal.map_or_else(|| bits.to_owned(), |i| ty.literals[i as usize].clone())
        }
        pyhdl_ir::StorageType::Bits(b) if b.is_signed() && bits.starts_with('1') => {
            format!("{} ({bits})", value - (BigInt::from(1) << b.width))
        }
        _ if bits.len() == 1 => bits.to_owned(),
        _ => format!("{value} ({bits})"),
    }
}

pub fn spec(design: &Design, port: &EmittedPort) -> PortSpec {
    let vhdl = match &port.enumeration {
        Some((id, type_name, literals)) => {
            let ty = &design.enums[*id];
            VhdlPort::Enum {
                type_name: type_name.clone(),
                literals: literals.clone(),
                codes: (0..ty.literals.len() as u32).map(|i| binary(&ty.code(i), ty.width())).collect(),
            }
        }
        None if port.is_bool => VhdlPort::StdLogic,
        None if port.signed => VhdlPort::Signed,
        None => VhdlPort::Unsigned,
    };
    PortSpec {
        name: port.name.clone(),
        input: port.direction == Direction::In,
        width: port.width,
        edge: waits_for_edge(design, port.signal),
        vhdl,
    }
}

/// Whether some process waits for an edge of the signal.
fn waits_for_edge(design: &Design, signal: SignalId) -> bool {
    design.processes.iter().any(|p| match &p.kind {
        ProcessKind::Sequential { clock, reset, .. } => {
            *clock == signal || reset.as_ref().is_some_and(|r| r.signal == signal && r.polarity.asynchronous)
        }
        ProcessKind::Triggered { triggers } => triggers.iter().any(
            |t| matches!(t, Trigger::Rising(s) | Trigger::Falling(s) | Trigger::Change(s) if *s == signal),
        ),
        _ => false,
    })
}

fn to_bits(design: &Design, signal: SignalId, value: &Value) -> String {
    match &design.signals[signal].ty {
        pyhdl_ir::StorageType::Enum(id) => {
            let ty = &design.enums[*id];
            let index = value.small().and_then(|i| u32::try_from(i).ok()).unwrap_or(0);
            binary(&ty.code(index), ty.width())
        }
        ty => {
            let width = ty.width().unwrap_or(1);
            binary(&value.clone().unsigned(width).to_bigint(), width)
        }
    }
}

pub fn binary(value: &BigInt, width: u32) -> String {
    format!("{:0>width$}", value.to_str_radix(2), width = width as usize)
}
