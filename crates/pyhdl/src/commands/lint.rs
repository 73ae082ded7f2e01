//! `pyhdl lint`: what other tools say of the emitted HDL.

use std::io::Write;

use pyhdl_diag::Diagnostic;
use pyhdl_emit::{Emitted, Interfaces, Language};
use pyhdl_flow::{FlowError, Limits, Tool, VhdlStandard};
use pyhdl_python::Failure;

use crate::commands::{emit, said, verify};
use crate::folder::Folder;
use crate::load;
use crate::progress::Progress;
use crate::report::Reporter;
use crate::{Stop, cli, codes, output, recorded};

pub fn run(args: &cli::Lint, reporter: &mut Reporter) -> Result<(), Stop> {
    let mut tools = Vec::new();
    for name in &args.with {
        let Some(tool) = Tool::named(name) else {
            return Err(Stop::Usage(Box::new(
                Diagnostic::error(codes::UNKNOWN_TOOL, format!("there is no tool `{name}`"))
                    .help("choose among verilator, icarus, ghdl, yosys"),
            )));
        };
        if !tools.contains(&tool) {
            tools.push(tool);
        }
    }
    for tool in &tools {
        tool.find().map_err(|d| Stop::Missing(Box::new(d)))?;
    }
    let loaded = load::load(&args.design)?;
    let language = |tool: Tool| match tool.language() {
        pyhdl_flow::Language::Verilog => cli::verilog(args.sv),
        pyhdl_flow::Language::Vhdl => args.std.language(),
    };
    let mut languages: Vec<Language> = tools.iter().map(|tool| language(*tool)).collect();
    languages.sort();
    languages.dedup();
    let interfaces = if args.interfaces { Interfaces::Everywhere } else { Interfaces::Apart };
    let choices = emit::Choices { interfaces, ..emit::Choices::default() };
    let emitted = emit::emit(&loaded, &languages, choices, reporter)?;
    let folder = Folder::new(args.keep.as_deref())?;
    let files: Vec<_> = emitted.iter().flat_map(|emitted| emitted.files.iter().cloned()).collect();
    output::write_all(folder.path(), &files)?;
    let standard = match args.std {
        cli::VhdlStandard::Y93 => VhdlStandard::Vhdl93,
        cli::VhdlStandard::Y2008 => VhdlStandard::Vhdl2008,
    };
    let mut any = false;
    for tool in tools {
        let index = languages.iter().position(|known| *known == language(tool)).unwrap_or(0);
        let emitted: &Emitted = &emitted[index];
        // Headers of black boxes are read by what includes them.
        let paths = emitted.files.iter().map(|(name, _)| folder.path().join(name));
        let paths: Vec<_> = paths.filter(|path| recorded::is_source(path)).collect();
        let working = Progress::start(format!("{}: reading the design", tool.title()));
        let interrupted = || loaded.interpreter.interrupted();
        let limits = Limits { interrupted: &interrupted, ..Limits::default() };
        let messages = pyhdl_flow::lint_within(tool, &paths, &emitted.top, standard, folder.path(), limits)
            .map_err(|e| match e {
            FlowError::Interrupted => Stop::Python(Failure::Interrupted),
            other => Stop::Diagnostic(Box::new(other.diagnostic())),
        })?;
        drop(working);
        for message in &messages {
            reporter.show(&said::diagnostic(tool, message, emitted, loaded.sources()), loaded.sources());
        }
        any |= !messages.is_empty();
        let count = match messages.len() {
            0 => "nothing to say".to_owned(),
            some => verify::counted(some, "message"),
        };
        // A closed standard output is nobody's loss.
        let _ = writeln!(std::io::stdout().lock(), "{}: {count}", tool.title());
    }
    if any { Err(Stop::Reported) } else { Ok(()) }
}
