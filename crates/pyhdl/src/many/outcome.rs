//! [`Outcome`]: what a run tells the process that started it, beside its exit code.

use std::path::Path;

use pyhdl_diag::{Code, Diagnostic, SourceTable};
use pyhdl_python::{Failure, codes as python};
use serde::{Deserialize, Serialize};

use crate::{Stop, codes};

/// How a run ended.
#[derive(Serialize, Deserialize, Debug, Default)]
pub struct Outcome {
    /// Whether there was anything to simulate.
    pub simulated: bool,
    /// Why it failed, if it did: one line, with the file and the line of Python.
    pub failure: Option<String>,
    /// No other seed can change that.
    pub always: bool,
}

/// Failures that a file and a command line have, and not a seed.
const ALWAYS: &[Code] = &[
    codes::FILE_MISSING,
    codes::NO_TOP,
    codes::MANY_TOPS,
    python::INTERPRETER,
    python::ENVIRONMENT,
    python::NOT_PYTHON,
    python::EXCERPT,
];

impl Outcome {
    /// `simulated` is whether the run simulated anything.
    pub fn of(result: &Result<bool, Stop>) -> Outcome {
        let (failure, always) = match result {
            Ok(simulated) => return Outcome { simulated: *simulated, ..Outcome::default() },
            Err(Stop::Python(Failure::Diagnostic { diagnostic, sources, .. })) => {
                (Some(in_a_line(diagnostic, sources)), ALWAYS.contains(&diagnostic.code))
            }
            Err(Stop::Python(Failure::Exit { code: 0, .. })) => (None, false),
            Err(Stop::Python(Failure::Exit { message: Some(message), .. })) => (Some(message.clone()), false),
            Err(Stop::Python(Failure::Exit { code, .. })) => (Some(format!("exit code {code}")), false),
            Err(Stop::Python(Failure::Interrupted)) => (Some("interrupted".to_owned()), false),
            Err(Stop::Python(Failure::OutputClosed)) => (Some("nobody read its output".to_owned()), false),
            Err(Stop::Diagnostic(diagnostic)) => {
                (Some(diagnostic.message.clone()), ALWAYS.contains(&diagnostic.code))
            }
            Err(Stop::Usage(diagnostic) | Stop::Missing(diagnostic)) => {
                (Some(diagnostic.message.clone()), true)
            }
            Err(Stop::Reported) => (None, false),
        };
        Outcome { simulated: true, failure: failure.map(|text| first_line(&text)), always }
    }

    /// Writes it to a file of the parent's. Where that is impossible the exit code alone has to do.
    pub fn write(&self, path: &Path) {
        if let Ok(text) = serde_json::to_vec(self) {
            let _ = std::fs::write(path, text);
        }
    }

    /// What a run has written, if it came so far.
    pub fn read(path: &Path) -> Option<Outcome> {
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }
}

/// A finding with its place, as `TypeError: message (counter.py:42)`.
fn in_a_line(diagnostic: &Diagnostic, sources: &SourceTable) -> String {
    let text = first_line(&diagnostic.message);
    let Some(label) = diagnostic.labels.first() else { return text };
    let file = sources.get(label.span.file);
    let name = file.path.file_name().unwrap_or(file.path.as_os_str());
    format!("{text} ({}:{})", name.display(), file.line(label.span.start))
}

fn first_line(text: &str) -> String {
    text.trim().lines().next().unwrap_or_default().trim_end().to_owned()
}
