//! What other tools say of emitted HDL, at the line of Python that their line comes from.

use std::path::Path;

use pyhdl_diag::{Diagnostic, SourceTable, Span};
use pyhdl_emit::Emitted;
use pyhdl_flow::{MessageSeverity, Tool, ToolMessage};

use crate::codes;

/// A tool's message as one of ours: what it says, where the Python is, where the HDL is.
pub fn diagnostic(tool: Tool, message: &ToolMessage, emitted: &Emitted, sources: &SourceTable) -> Diagnostic {
    // The first line is the message, the others repeat the HDL.
    let first = message.text.lines().next().unwrap_or_default();
    let text = format!("{}: {first}", tool.title());
    let diagnostic = match message.severity {
        MessageSeverity::Warning => Diagnostic::warning(codes::SAID, text),
        MessageSeverity::Error => Diagnostic::error(codes::SAID, text),
    };
    let Some((file, line)) = message.file.as_deref().zip(message.line) else { return diagnostic };
    let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let hdl = emitted.files.iter().find(|(known, _)| *known == name);
    let code = hdl.and_then(|(_, text)| text.lines().nth(line.saturating_sub(1) as usize));
    let place = match code {
        Some(code) => format!("{name}:{line}: {}", code.trim()),
        None => format!("{}:{line}", file.display()),
    };
    match python(emitted, &name, line, sources) {
        Some(span) => diagnostic.at(span, "this line").help(place),
        None => diagnostic.help(place),
    }
}

/// The Python line that a line of an HDL file comes from.
fn python(emitted: &Emitted, hdl: &str, line: u32, sources: &SourceTable) -> Option<Span> {
    let map = emitted.maps.iter().find(|map| map.hdl == hdl)?;
    let lines = map.at(line)?;
    let source = map.sources.get(lines.source as usize)?;
    let file = sources.find(Path::new(&source.path))?;
    Some(sources.line_span(file, lines.python_first))
}
