//! The `pyhdl` program.

mod cli;
mod codes;
mod commands;
mod folder;
mod load;
mod many;
mod output;
mod profile;
mod progress;
mod recorded;
mod report;
mod stats;
mod testbench;

use std::process::ExitCode;

use clap::Parser;
use pyhdl_diag::{Diagnostic, SourceTable};
use pyhdl_python::Failure;

use crate::cli::{Cli, Command};
use crate::report::Reporter;

/// The design or its test bench has an error.
const EXIT_ERROR: u8 = 1;
/// The command line is wrong.
const EXIT_USAGE: u8 = 2;
/// Something this program needs is missing.
const EXIT_MISSING: u8 = 3;
/// A fault of this program.
const EXIT_INTERNAL: u8 = 70;
/// Ctrl-C, as shells report it.
const EXIT_INTERRUPTED: u8 = 130;
/// Nobody reads standard output any more, as shells report it.
const EXIT_OUTPUT_CLOSED: u8 = 141;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let color = cli.color;
    std::panic::set_hook(Box::new(move |fault| {
        if pyhdl_python::jit::is_guarded() {
            return;
        }
        let place = fault.location().map_or_else(String::new, |l| format!(" ({}:{})", l.file(), l.line()));
        let payload = fault.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let what = text.unwrap_or("unknown");
        let diagnostic = Diagnostic::error(codes::INTERNAL, format!("a fault of pyhdl: {what}{place}"))
            .help("please report it, with the design that shows it; nothing was written");
        Reporter::new(color).show(&diagnostic, &SourceTable::new());
        // Threads and Python frames in between must not turn it into something else.
        std::process::exit(EXIT_INTERNAL.into());
    }));
    let mut reporter = Reporter::new(cli.color);
    let result = match &cli.command {
        Command::Sim(args) => commands::sim::run(args, &mut reporter),
        Command::Emit(args) => commands::emit::run(args, &mut reporter),
        Command::Verify(args) => commands::verify::run(args, &mut reporter),
        Command::Prove(args) => commands::prove::run(args, &mut reporter),
        Command::Check(args) => commands::check::run(args, &mut reporter),
        Command::Lint(args) => commands::lint::run(args, &mut reporter),
        Command::Where(args) => commands::where_is::run(args, &mut reporter),
        Command::Tree(args) => commands::tree::run(args),
    };
    let code = match result {
        Ok(()) if reporter.has_errors() => EXIT_ERROR,
        Ok(()) => 0,
        Err(failure) => explain(failure, &mut reporter),
    };
    ExitCode::from(code)
}

/// Why a command gave no result.
pub enum Stop {
    /// The user's Python, or the elaboration, failed.
    Python(Failure),
    /// A finding without a place in a file.
    Diagnostic(Box<pyhdl_diag::Diagnostic>),
    /// The command line asks for something that there is not.
    Usage(Box<pyhdl_diag::Diagnostic>),
    /// A tool or an interpreter is missing.
    Missing(Box<pyhdl_diag::Diagnostic>),
    /// Everything has been said already.
    Reported,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Stop::Python(failure)
    }
}

impl From<Box<pyhdl_diag::Diagnostic>> for Stop {
    fn from(diagnostic: Box<pyhdl_diag::Diagnostic>) -> Self {
        Stop::Diagnostic(diagnostic)
    }
}

fn explain(stop: Stop, reporter: &mut Reporter) -> u8 {
    let nowhere = SourceTable::new();
    match stop {
        Stop::Python(Failure::Diagnostic { diagnostic, sources, traceback }) => {
            if let Some(traceback) = traceback {
                reporter.line(&traceback);
            }
            reporter.show(&diagnostic, &sources);
            EXIT_ERROR
        }
        Stop::Python(Failure::Exit { code, message }) => {
            if let Some(message) = message {
                reporter.line(&message);
            }
            u8::try_from(code & 0xff).unwrap_or(EXIT_ERROR)
        }
        Stop::Python(Failure::Interrupted) => {
            reporter.line("interrupted");
            EXIT_INTERRUPTED
        }
        Stop::Python(Failure::OutputClosed) => EXIT_OUTPUT_CLOSED,
        Stop::Usage(diagnostic) => {
            reporter.show(&diagnostic, &nowhere);
            EXIT_USAGE
        }
        Stop::Diagnostic(diagnostic) => {
            reporter.show(&diagnostic, &nowhere);
            EXIT_ERROR
        }
        Stop::Missing(diagnostic) => {
            reporter.show(&diagnostic, &nowhere);
            EXIT_MISSING
        }
        Stop::Reported => EXIT_ERROR,
    }
}
