//! Failures of the user's Python as the command line shows them: the user's own lines, none of ours.

use std::path::Path;

use pyhdl_diag::{Diagnostic, SourceTable};
use pyo3::exceptions::{PyBrokenPipeError, PyKeyboardInterrupt, PyOSError, PySyntaxError, PySystemExit};
use pyo3::prelude::*;

use crate::codes::{ENDED_EARLY, NOT_PYTHON, PROCESS_RAISED, PYTHON_RAISED};
use crate::diagnostic::{DiagnosticHolder, output_diagnostic};
use crate::folder::resolve;

/// How running the user's Python went wrong.
#[derive(Debug)]
pub enum Failure {
    /// To be shown as it is. The text, if any, comes before it: the user's part of the traceback.
    Diagnostic { diagnostic: Box<Diagnostic>, sources: Box<SourceTable>, traceback: Option<String> },
    /// `sys.exit(code)`, with a message for a code that is not a number.
    Exit { code: i32, message: Option<String> },
    /// Ctrl-C.
    Interrupted,
    /// The reader of standard output went away: nothing is wrong, and nobody listens.
    OutputClosed,
}

/// What a Python exception means where the file is only looked at: it must not end the program.
pub fn explain_design(py: Python<'_>, error: &PyErr) -> Failure {
    if !error.is_instance_of::<PySystemExit>(py) {
        return explain(py, error);
    }
    let (_, place) = user_traceback(py, error).unwrap_or_default();
    let mut sources = SourceTable::new();
    let mut diagnostic = Diagnostic::error(
        ENDED_EARLY,
        "the file ended the program before its design was done",
    )
    .help(
        "put `sys.exit` under `if __name__ == \"__main__\":`; end a simulation with `raise StopSimulation`",
    );
    if let Some((file, line)) = place {
        diagnostic = label(diagnostic, &mut sources, &file, line, None, "ended here");
    }
    Failure::Diagnostic { diagnostic: Box::new(diagnostic), sources: Box::new(sources), traceback: None }
}

/// Writes out what the Python printed: it belongs before any message. What cannot be written is dropped.
pub fn flush_output(py: Python<'_>) -> Result<(), Failure> {
    let Ok(stdout) = py.import("sys").and_then(|sys| sys.getattr("stdout")) else { return Ok(()) };
    let Err(error) = stdout.call_method0("flush") else { return Ok(()) };
    // A script may have closed or replaced it.
    if !error.is_instance_of::<PyOSError>(py) {
        return Ok(());
    }
    let _ = to_nowhere(py);
    if error.is_instance_of::<PyBrokenPipeError>(py) {
        return Err(Failure::OutputClosed);
    }
    Err(Failure::Diagnostic {
        diagnostic: Box::new(output_diagnostic(py, &error)),
        sources: Box::new(SourceTable::new()),
        traceback: None,
    })
}

/// Whether an exception says that nobody reads standard output any more.
pub fn is_output_closed(py: Python<'_>, error: &PyErr) -> bool {
    let closed = || -> PyResult<bool> {
        let select = py.import("select")?;
        let poll = select.call_method0("poll")?;
        poll.call_method1("register", (1, 0))?;
        let events: Vec<(i32, i32)> = poll.call_method1("poll", (0,))?.extract()?;
        let broken: i32 = select.getattr("POLLERR")?.extract()?;
        Ok(events.iter().any(|(_, event)| event & broken != 0))
    };
    error.is_instance_of::<PyBrokenPipeError>(py) && closed().unwrap_or(false)
}

/// Otherwise the interpreter would try again at its end, and complain.
fn to_nowhere(py: Python<'_>) -> PyResult<()> {
    let os = py.import("os")?;
    let nowhere = os.call_method1("open", (os.getattr("devnull")?, os.getattr("O_WRONLY")?))?;
    os.call_method1("dup2", (nowhere, 1)).map(|_| ())
}

/// What a Python exception means to the user of the command line.
pub fn explain(py: Python<'_>, error: &PyErr) -> Failure {
    let value = error.value(py);
    if error.is_instance_of::<PySystemExit>(py) {
        let code = value.getattr("code").ok();
        return match code {
            None => Failure::Exit { code: 0, message: None },
            Some(c) if c.is_none() => Failure::Exit { code: 0, message: None },
            Some(c) => match c.extract::<i32>() {
                Ok(code) => Failure::Exit { code, message: None },
                Err(_) => Failure::Exit { code: 1, message: c.str().ok().map(|s| s.to_string()) },
            },
        };
    }
    if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        return Failure::Interrupted;
    }
    if let Ok(holder) = value.getattr("diagnostic")
        && let Ok(holder) = holder.cast::<DiagnosticHolder>()
    {
        let holder = holder.get();
        return Failure::Diagnostic {
            diagnostic: Box::new(holder.diagnostic.clone()),
            sources: Box::new(holder.sources.clone()),
            traceback: None,
        };
    }
    let mut sources = SourceTable::new();
    let text = exception_text(value);
    if let Ok(place) = value.getattr("__pyhdl_span__")
        && let Ok((file, line, column, end_line, end_column)) =
            place.extract::<(String, u32, u32, u32, u32)>()
    {
        let mut diagnostic = Diagnostic::error(PROCESS_RAISED, text);
        diagnostic.help = help_for(&value.str().map_or(String::new(), |s| s.to_string())).map(str::to_owned);
        let diagnostic =
            label(diagnostic, &mut sources, &file, line, Some((column, end_line, end_column)), "raised here");
        return Failure::Diagnostic {
            diagnostic: Box::new(diagnostic),
            sources: Box::new(sources),
            traceback: None,
        };
    }
    let file = value.getattr("filename").and_then(|m| m.extract::<String>()).unwrap_or_default();
    // Text that a script compiles itself is not a file.
    if error.is_instance_of::<PySyntaxError>(py) && resolve(Path::new(&file)).is_file() {
        let message = value.getattr("msg").and_then(|m| m.extract::<String>()).unwrap_or(text);
        let line = value.getattr("lineno").and_then(|m| m.extract::<u32>()).unwrap_or(0);
        let python2 = message.contains("print") && message.contains("parentheses")
            || message.contains("multiple exception types must be parenthesized")
            || message.contains("leading zeros in decimal integer literals");
        let diagnostic = if python2 {
            Diagnostic::error(NOT_PYTHON, format!("this file is Python 2: {message}"))
                .help("convert it to Python 3, for example `print x` to `print(x)`")
        } else {
            Diagnostic::error(NOT_PYTHON, format!("this file is not valid Python: {message}"))
                .help("run `python -m py_compile` on it to see what Python says")
        };
        let diagnostic = label(diagnostic, &mut sources, &file, line, None, "here");
        return Failure::Diagnostic {
            diagnostic: Box::new(diagnostic),
            sources: Box::new(sources),
            traceback: None,
        };
    }
    let (traceback, raised) = user_traceback(py, error).unwrap_or_default();
    // A block is wrong where it is defined, not where it is called.
    let own = block_place(py, value);
    let place = own.or(raised);
    let mut diagnostic = Diagnostic::error(PYTHON_RAISED, &text);
    diagnostic.help = misuse(&text).map(str::to_owned);
    if let Some((file, line)) = place {
        diagnostic = label(diagnostic, &mut sources, &file, line, None, "raised here");
    }
    Failure::Diagnostic {
        diagnostic: Box::new(diagnostic),
        sources: Box::new(sources),
        traceback: (!traceback.is_empty()).then_some(traceback),
    }
}

fn help_for(message: &str) -> Option<&'static str> {
    if message.starts_with("intbv value") {
        Some("widen the bounds of what is assigned, limit the value first, or use modbv to wrap around")
    } else if message.contains("index out of range") {
        Some("keep the index below the length of the list")
    } else {
        None
    }
}

/// Where the block is that a `BlockError` is about.
fn block_place(py: Python<'_>, value: &Bound<'_, PyAny>) -> Option<(String, u32)> {
    let class = py.import("pyhdl._errors").and_then(|m| m.getattr("BlockError")).ok()?;
    if !value.is_instance(&class).ok()? {
        return None;
    }
    value.getattr("place").and_then(|place| place.extract()).ok()
}

/// What to write instead, where an exception tells of a common misuse of the language. The texts are MyHDL's, or
/// Python's own about the types of this package.
fn misuse(text: &str) -> Option<&'static str> {
    const KNOWN: &[(&str, &str)] = &[
        (
            "A block should return block or instantiator objects",
            "return the processes and instances at the end of the block: `return p, dut`, or `return instances()`",
        ),
        ("'Process' object is not callable", "a process runs by itself: write `return p`, not `return p()`"),
        ("reset argument should be a ResetSignal", "make it with `ResetSignal(0, active=1, isasync=False)`"),
        ("first argument should be an edge", "write `clk.posedge` or `clk.negedge`"),
        (
            "should be a function without arguments",
            "write `def p():`; a process sees the signals of the block around it",
        ),
        ("should be a generator function", "an @instance function waits: give it a `yield`"),
    ];
    KNOWN.iter().find(|(part, _)| text.contains(part)).map(|(_, help)| *help)
}

/// `TypeError: message`, as Python writes it.
fn exception_text(value: &Bound<'_, PyAny>) -> String {
    let name = value.get_type().name().map_or_else(|_| "Exception".to_owned(), |n| n.to_string());
    match value.str() {
        Ok(message) if !message.to_string().is_empty() => format!("{name}: {message}"),
        _ => name,
    }
}

fn label(
    diagnostic: Diagnostic,
    sources: &mut SourceTable,
    file: &str,
    line: u32,
    range: Option<(u32, u32, u32)>,
    text: &str,
) -> Diagnostic {
    let path = resolve(Path::new(file));
    let Ok(bytes) = std::fs::read(&path) else { return diagnostic };
    if line == 0 {
        return diagnostic;
    }
    let id = sources.add(path, String::from_utf8_lossy(&bytes).into_owned());
    let mut span = sources.line_span(id, line);
    if let Some((column, end_line, end_column)) = range {
        let source = sources.get(id);
        let at = |line: u32, column: u32| {
            let start = source.line_start(line);
            let bytes: usize = source
                .line_text(line)
                .chars()
                .take(column.saturating_sub(1) as usize)
                .map(char::len_utf8)
                .sum();
            start + bytes as u32
        };
        span = pyhdl_diag::Span::new(id, at(line, column), at(end_line, end_column));
    }
    diagnostic.at(span, text)
}

/// The traceback without the frames of this package, and the innermost place that is the user's.
fn user_traceback(py: Python<'_>, error: &PyErr) -> PyResult<(String, Option<(String, u32)>)> {
    let Some(traceback) = error.traceback(py) else { return Ok(Default::default()) };
    let module = py.import("traceback")?;
    let frames = module.call_method1("extract_tb", (traceback,))?;
    let mut place = None;
    let kept = pyo3::types::PyList::empty(py);
    for frame in frames.try_iter()? {
        let frame = frame?;
        let file: String = frame.getattr("filename")?.extract()?;
        if file.starts_with("<pyhdl>") || file.starts_with("<frozen") || file.starts_with("<string>") {
            continue;
        }
        place = Some((file, frame.getattr("lineno")?.extract::<Option<u32>>()?.unwrap_or(0)));
        kept.append(frame)?;
    }
    let lines = module.call_method1("format_list", (kept,))?;
    let mut text = String::new();
    for line in lines.try_iter()? {
        text.push_str(&line?.extract::<String>()?);
    }
    Ok((text, place))
}
