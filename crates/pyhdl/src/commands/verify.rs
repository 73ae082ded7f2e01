//! `pyhdl verify`: the emitted HDL in other simulators, against what the Python test bench saw.

use std::io::Write;
use std::path::PathBuf;
use std::str::FromStr;

use num_bigint::BigInt;
use pyhdl_diag::{Diagnostic, SourceTable, Span};
use pyhdl_emit::{Emitted, EmittedPort, Interfaces, Language};
use pyhdl_flow::{FlowError, Limits, Replay, Tool};
use pyhdl_ir::{Design, Direction, SignalId};
use pyhdl_python::{Failure, RunOptions, set_run_options};

use crate::folder::Folder;
use crate::load::{self, Loaded};
use crate::progress::Progress;
use crate::recorded::{self, Applied, Recorded};
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
    recorded::has_bench(&loaded)?;
    let mut languages: Vec<Language> = tools.iter().map(|t| language(*t, args)).collect();
    languages.sort();
    languages.dedup();
    let choices = emit::Choices {
        assertions: args.assertions,
        flat: args.flat,
        interfaces: if args.interfaces { Interfaces::BelowTop } else { Interfaces::Apart },
        ..emit::Choices::default()
    };
    let emitted = emit::emit(&loaded, &languages, choices, reporter)?;

    recorded::whole(&emitted)?;
    let folder = Folder::new(args.keep.as_deref())?;
    recorded::comparable(&loaded, &emitted, reporter)?;
    let recorded = Recorded::of(&loaded)?;
    for tool in tools {
        let index = languages.iter().position(|l| *l == language(tool, args)).unwrap_or(0);
        compare(tool, &loaded, &recorded, &emitted[index], &folder, reporter)?;
    }
    Ok(())
}

fn language(tool: Tool, args: &cli::Verify) -> Language {
    match tool.language() {
        pyhdl_flow::Language::Verilog => cli::verilog(args.sv),
        pyhdl_flow::Language::Vhdl => args.std.language(),
    }
}

fn compare(
    tool: Tool,
    loaded: &Loaded,
    recorded: &Recorded,
    emitted: &Emitted,
    folder: &Folder,
    reporter: &mut Reporter,
) -> Result<(), Stop> {
    let files = output::write_all(folder.path(), &emitted.files)?;
    let files = files.into_iter().filter(|f| recorded::is_source(f));
    let files: Vec<PathBuf> = files.map(|f| std::path::absolute(&f).unwrap_or(f)).collect();
    let Applied { ports, steps, expected } = recorded.applied(&loaded.design, emitted);
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
    let outputs: Vec<&EmittedPort> = emitted.ports.iter().filter(|p| p.direction != Direction::In).collect();
    for ((step, expected), sample) in steps.iter().zip(&expected).zip(&samples) {
        for ((port, expected), got) in outputs.iter().zip(expected).zip(&sample.outputs) {
            if expected != got {
                reporter
                    .show(&difference(tool, loaded, port.signal, step.time, expected, got), loaded.sources());
                return Err(Stop::Reported);
            }
        }
    }
    let count = steps.len();
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
