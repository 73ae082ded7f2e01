//! Diagnostics as Python exceptions.

use std::borrow::Cow;

use pyhdl_diag::{Code, Diagnostic, SourceTable};
use pyhdl_wave::WaveError;
use pyo3::exceptions::{PyBrokenPipeError, PyOSError};
use pyo3::prelude::*;

use crate::codes::{EXCERPT, OUTPUT, WAVES};

/// A diagnostic on its way through Python.
#[pyclass(module = "pyhdl", frozen)]
pub struct DiagnosticHolder {
    pub diagnostic: Diagnostic,
    pub sources: SourceTable,
}

#[pymethods]
impl DiagnosticHolder {
    #[getter]
    fn code(&self) -> String {
        self.diagnostic.code.to_string()
    }

    /// What MyHDL calls the error.
    #[getter]
    fn kind(&self) -> String {
        let kind = self.diagnostic.kind.clone();
        let kind = kind.unwrap_or(Cow::Borrowed(match self.diagnostic.code.0 {
            305 => "Local variable may be referenced before assignment",
            401 => "Signal has multiple drivers",
            404 => "Signal has undefined bit width",
            405 => "Signal is not driven",
            406 => "Signal is driven but not read",
            407 => "Port is not used",
            _ => "Not supported",
        }));
        kind.into_owned()
    }

    #[getter]
    fn message(&self) -> String {
        self.diagnostic.message.clone()
    }
}

/// A diagnostic as a Python exception, whose text is the rendered diagnostic.
pub fn diagnostic_error(py: Python<'_>, diagnostic: &Diagnostic, sources: &SourceTable) -> PyErr {
    holding_error(py, "DiagnosticError", diagnostic, sources)
}

fn holding_error(py: Python<'_>, class: &str, diagnostic: &Diagnostic, sources: &SourceTable) -> PyErr {
    let make = || {
        let holder = DiagnosticHolder { diagnostic: diagnostic.clone(), sources: sources.clone() };
        let text = render(&holder.diagnostic, &holder.sources);
        let class = py.import("pyhdl._errors")?.getattr(class)?;
        class.call1((text, Bound::new(py, holder)?))
    };
    match make() {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}

/// A diagnostic as plain text.
pub fn render(diagnostic: &Diagnostic, sources: &SourceTable) -> String {
    pyhdl_diag::render(diagnostic, sources, pyhdl_diag::RenderStyle::default()).trim_end().to_owned()
}

/// Waves cannot be written, an `OSError`; or there is nothing of what they are to have.
pub fn wave_error(py: Python<'_>, error: &WaveError) -> PyErr {
    let class = match error {
        WaveError::Io { .. } => "WaveFileError",
        _ => "DiagnosticError",
    };
    holding_error(py, class, &wave_diagnostic(error), &SourceTable::new())
}

/// Why there are no waves, or not all of them.
pub fn wave_diagnostic(error: &WaveError) -> Diagnostic {
    let code = match error {
        WaveError::Io { .. } => WAVES,
        _ => EXCERPT,
    };
    Diagnostic::error(code, format!("waves: {error}")).help(wave_help(error))
}

fn wave_help(error: &WaveError) -> String {
    let listed = |names: &[String]| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    match error {
        WaveError::Io { .. } => "choose another file, or make room on the disk".to_owned(),
        WaveError::NoScope { nearest, .. } => {
            format!("there is {}; `pyhdl tree` shows all instances", listed(nearest))
        }
        WaveError::NoSignal { nearest, .. } => format!("in the chosen scopes there is {}", listed(nearest)),
        WaveError::NoSignals { elsewhere } if elsewhere.is_empty() => "the design has no signals".to_owned(),
        WaveError::NoSignals { elsewhere } => {
            format!("there are signals in {}; a larger --wave-depth goes further", listed(elsewhere))
        }
        WaveError::NoTime { .. } => "--wave-from is a time before --wave-to, or the same".to_owned(),
        WaveError::TooLate { .. } => "choose an earlier --wave-from, or a later --until".to_owned(),
    }
}

/// Makes a diagnostic in Python code: an exception to raise. `line` 0 points at no line; `kind` is MyHDL's name.
#[pyfunction(name = "diagnostic_error")]
#[pyo3(signature = (code, message, help, file, line, kind=None))]
pub fn make_diagnostic_error<'py>(
    py: Python<'py>,
    code: u16,
    message: &str,
    help: &str,
    file: &str,
    line: u32,
    kind: Option<String>,
) -> Bound<'py, PyAny> {
    let mut sources = SourceTable::new();
    let mut diagnostic = Diagnostic::error(Code(code), message).help(help);
    diagnostic.kind = kind.map(Cow::Owned);
    if line > 0
        && let Ok(text) = std::fs::read_to_string(file)
    {
        let id = sources.add(file, text);
        diagnostic = diagnostic.at(sources.line_span(id, line), "here");
    }
    diagnostic_error(py, &diagnostic, &sources).into_value(py).into_bound(py).into_any()
}

/// Standard output cannot be written.
pub fn output_diagnostic(py: Python<'_>, error: &PyErr) -> Diagnostic {
    Diagnostic::error(OUTPUT, format!("standard output cannot be written: {}", error.value(py)))
        .help("make room on the disk, or send the output somewhere else")
}

/// What a lowered process's `print` raises: of an `OSError` it is known that it is about standard output.
pub fn print_error(py: Python<'_>, error: PyErr) -> PyErr {
    if error.is_instance_of::<PyOSError>(py) && !error.is_instance_of::<PyBrokenPipeError>(py) {
        return holding_error(py, "OutputError", &output_diagnostic(py, &error), &SourceTable::new());
    }
    error
}
