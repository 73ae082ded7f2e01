//! From a file and a name to the design that a command is about.

use std::borrow::Cow;
use std::path::Path;

use indexmap::IndexSet;
use pyhdl_diag::{Diagnostic, SourceTable};
use pyhdl_emit::{Language, UserCodes};
use pyhdl_ir::{Design, Item, Origin, ProcessId, ScopeId};
use pyhdl_python::{Elaboration, Interpreter};

use crate::report::Reporter;
use crate::{Stop, cli, codes};

/// A design of a file: a part of an elaborated hierarchy, or all of it.
pub struct Loaded {
    pub elaboration: Elaboration,
    /// The top inside the elaborated hierarchy.
    pub scope: ScopeId,
    /// The hierarchy under the top as a design of its own.
    pub design: Design,
    pub origin: Origin,
    /// Behind the elaboration: Python ends when nothing holds its objects any more.
    pub interpreter: Interpreter,
}

/// Starts the interpreter for a file, with the script's own arguments.
pub fn start(args: &cli::Design) -> Result<Interpreter, Stop> {
    start_seeded(args, None)
}

/// The same under a seed.
pub fn start_seeded(args: &cli::Design, seed: Option<u32>) -> Result<Interpreter, Stop> {
    readable(args)?;
    let mut argv = vec![args.file.display().to_string()];
    argv.extend(args.args.iter().cloned());
    Interpreter::start(&argv, seed).map_err(Stop::Missing)
}

/// An error where the file cannot be read.
pub fn readable(args: &cli::Design) -> Result<(), Stop> {
    if let Err(e) = std::fs::File::open(&args.file)
        .and_then(|f| f.metadata())
        .and_then(|m| if m.is_dir() { Err(std::io::Error::other("it is a folder")) } else { Ok(()) })
    {
        return Err(Stop::Diagnostic(Box::new(
            Diagnostic::error(codes::FILE_MISSING, format!("{} cannot be read: {e}", args.file.display()))
                .help("give the path of a Python file"),
        )));
    }
    Ok(())
}

/// Elaborates a file and picks the design for HDL: the instance or block that `--top` names, else the only instance
/// in the test bench.
pub fn load(args: &cli::Design) -> Result<Loaded, Stop> {
    let interpreter = start(args)?;
    let elaboration = interpreter.elaborate(&args.file, args.top.as_deref())?;
    let scope = choose(&elaboration, &args.file, args.top.as_deref())?;
    let (design, origin) = elaboration.lowered.design.subtree(scope);
    Ok(Loaded { elaboration, scope, design, origin, interpreter })
}

/// The part of an elaborated hierarchy that `--top` names, as a design of its own.
pub fn part(elaboration: &Elaboration, file: &Path, top: &str) -> Result<Design, Stop> {
    let scope = choose(elaboration, file, Some(top))?;
    Ok(elaboration.lowered.design.subtree(scope).0)
}

fn choose(elaboration: &Elaboration, file: &Path, top: Option<&str>) -> Result<ScopeId, Stop> {
    let design = &elaboration.lowered.design;
    let root = design.top();
    let listing = |scopes: &[ScopeId]| {
        let names: Vec<String> =
            scopes.iter().map(|s| format!("`{}` ({})", design.path(*s), design.scopes[*s].block)).collect();
        names.join(", ")
    };
    let has_bench_processes = design.scopes[root]
        .items
        .iter()
        .any(|item| matches!(item, Item::Process(p) if is_bench(elaboration, *p)));
    // A test bench that is named says which one to use, not that it is hardware.
    if let Some(name) = top.filter(|name| !has_bench_processes || design.scopes[root].block != **name) {
        if design.scopes[root].block == name {
            return Ok(root);
        }
        let found = elaboration.instances(name);
        return match found[..] {
            [one] => Ok(one),
            [] => {
                let all: Vec<ScopeId> = design.scopes.indices().take(20).collect();
                Err(stop(
                    codes::NO_TOP,
                    format!("{} has no block or instance `{name}`", file.display()),
                    format!("the elaborated design has {}", listing(&all)),
                ))
            }
            [first, ..] => {
                // Instances of one block with the same parameters give the same module: take the outermost one if
                // it is alone on its level.
                let depth = |s: ScopeId| design.path(s).matches('.').count();
                let outer: Vec<ScopeId> =
                    found.iter().copied().filter(|s| depth(*s) == depth(first)).collect();
                if outer.len() == 1 {
                    return Ok(first);
                }
                Err(stop(
                    codes::MANY_TOPS,
                    format!("`{name}` is instantiated several times"),
                    format!("choose one by its path: {}", listing(&found)),
                ))
            }
        };
    }
    if !has_bench_processes {
        return Ok(root);
    }
    let instances: Vec<ScopeId> = design.scopes[root]
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Scope(s) => Some(*s),
            Item::Process(_) => None,
        })
        .collect();
    match instances[..] {
        [one] => Ok(one),
        [] => Ok(root),
        _ => Err(stop(
            codes::MANY_TOPS,
            format!("the test bench `{}` has several instances", design.scopes[root].block),
            format!("choose one with --top: {}", listing(&instances)),
        )),
    }
}

/// Whether a process can only be part of a test bench.
fn is_bench(elaboration: &Elaboration, process: ProcessId) -> bool {
    let process = &elaboration.lowered.design.processes[process];
    matches!(process.kind, pyhdl_ir::ProcessKind::Thread)
        || matches!(&process.kind, pyhdl_ir::ProcessKind::Triggered { triggers }
            if triggers.iter().any(|t| matches!(t, pyhdl_ir::Trigger::Delay(_))))
}

fn stop(code: pyhdl_diag::Code, message: String, help: String) -> Stop {
    Stop::Diagnostic(Box::new(Diagnostic::error(code, message).help(help)))
}

impl Loaded {
    pub fn sources(&self) -> &SourceTable {
        &self.elaboration.sources
    }

    /// The design as it goes into a language: with what authors wrote in it in place of their blocks' contents.
    pub fn written_for(&self, language: Language) -> Cow<'_, Design> {
        pyhdl_emit::with_user_code(&self.design, &self.user_code(), language)
    }

    /// What authors wrote in output languages.
    pub fn user_code(&self) -> UserCodes {
        self.origin.user_code(&self.elaboration.lowered.code)
    }

    /// Shows what stands between this design, as it goes into some languages, and HDL; an error means that there can
    /// be none.
    pub fn report(&self, designs: &[Cow<'_, Design>], reporter: &mut Reporter) {
        let mut refused = false;
        for (process, refusal) in &self.elaboration.lowered.refusals {
            let here = self.origin.processes.iter().position(|p| p == process);
            // What an author's text replaces need not be convertible.
            let wanted = |id: ProcessId| designs.iter().any(|d| d.processes[id].foreign.is_some());
            if here.is_some_and(|here| wanted(ProcessId::from_usize(here))) {
                reporter.show(refusal, self.sources());
                refused = true;
            }
        }
        // The same in several languages is said once.
        let mut found: IndexSet<Diagnostic> = self.elaboration.lowered.diagnostics.iter().cloned().collect();
        for design in designs {
            found.extend(design.check());
        }
        for diagnostic in &found {
            // What a process that stays in Python reads and drives is not known.
            if diagnostic.is_error() || !refused {
                reporter.show(diagnostic, self.sources());
            }
        }
    }
}
