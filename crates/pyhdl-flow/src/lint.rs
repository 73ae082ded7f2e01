//! [`lint`]: what a tool says about HDL files, as data.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::process::{Limits, Program, absolute, make_folder, shortened};
use crate::replay::are_systemverilog;
use crate::{DEFAULT_TIMEOUT, FlowError, Tool};

/// How bad the tool finds it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum MessageSeverity {
    Warning,
    Error,
}

/// One message of a tool about a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToolMessage {
    /// None where the tool names no place.
    pub file: Option<PathBuf>,
    /// Counted from 1; None where the tool names no place.
    pub line: Option<u32>,
    pub severity: MessageSeverity,
    /// The message with the tool's own number or name for it, lines that continue it included.
    pub text: String,
}

/// Lets the tool read the files (in an order in which they can be read) with all its warnings. An empty list means
/// that it has nothing to say. Everything is made in a folder of the tool's name inside `work`.
pub fn lint(tool: Tool, files: &[PathBuf], top: &str, work: &Path) -> Result<Vec<ToolMessage>, FlowError> {
    lint_within(
        tool,
        files,
        top,
        VhdlStandard::default(),
        work,
        Limits { timeout: DEFAULT_TIMEOUT, ..Limits::default() },
    )
}

/// A standard of VHDL, for tools that read it.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum VhdlStandard {
    Vhdl93,
    #[default]
    Vhdl2008,
}

/// [`lint`] in a standard of VHDL, with limits to what the tool may do.
pub fn lint_within(
    tool: Tool,
    files: &[PathBuf],
    top: &str,
    standard: VhdlStandard,
    work: &Path,
    limits: Limits<'_>,
) -> Result<Vec<ToolMessage>, FlowError> {
    tool.find().map_err(FlowError::NotInstalled)?;
    let files = absolute(files)?;
    let folder = make_folder(&work.join(format!("{tool}-lint")))?;
    let mut args: Vec<OsString> = Vec::new();
    let name = match tool {
        Tool::Verilator => {
            args.extend(["--lint-only", "-Wall", "--top-module", top].map(OsString::from));
            args.extend(["--unroll-count", "4096", "--unroll-stmts", "100000"].map(OsString::from));
            "verilator"
        }
        Tool::Icarus => {
            let standard = if are_systemverilog(&files) { "-g2012" } else { "-g2005" };
            args.extend([standard, "-Wall", "-tnull", "-s", top].map(OsString::from));
            "iverilog"
        }
        Tool::Ghdl => {
            let standard = match standard {
                VhdlStandard::Vhdl93 => "--std=93",
                VhdlStandard::Vhdl2008 => "--std=08",
            };
            args.extend(["-a", standard, "--workdir=."].map(OsString::from));
            "ghdl"
        }
        Tool::Yosys => {
            let steps = format!("hierarchy -check -top {top}; proc; check");
            let format = if are_systemverilog(&files) { "verilog -sv" } else { "verilog" };
            args.extend(["-q", "-f", format, "-p", steps.as_str()].map(OsString::from));
            "yosys"
        }
    };
    args.extend(files.iter().map(OsString::from));
    let finished = Program { tool, folder: &folder, limits }.try_run(name, args)?;
    let messages = messages(tool, &finished.output);
    if messages.is_empty() && !finished.status.success() {
        return Err(FlowError::Failed {
            tool,
            command: finished.command,
            output: shortened(&finished.output),
        });
    }
    Ok(messages)
}

/// The messages in what a tool printed.
pub fn messages(tool: Tool, output: &str) -> Vec<ToolMessage> {
    let mut messages: Vec<ToolMessage> = Vec::new();
    for line in output.lines().map(str::trim_end).filter(|l| !l.is_empty()) {
        let parsed = match tool {
            Tool::Verilator => verilator_line(line),
            Tool::Icarus => icarus_line(line),
            Tool::Ghdl => ghdl_line(line),
            Tool::Yosys => yosys_line(line),
        };
        match (parsed, messages.last_mut()) {
            (Line::Message(message), _) => messages.push(message),
            (Line::Continues(text), Some(message)) => {
                message.text.push('\n');
                message.text.push_str(text);
            }
            (Line::Continues(_), None) | (Line::Summary, _) => {}
        }
    }
    messages
}

/// What one line of a tool's output is.
enum Line<'a> {
    Message(ToolMessage),
    /// More about the message before.
    Continues(&'a str),
    /// Counts what was said, or says what the tool does.
    Summary,
}

/// `%Warning-WIDTH: FILE:LINE:COLUMN: TEXT`, continued by lines that start with blanks or dots.
fn verilator_line(line: &str) -> Line<'_> {
    let (severity, rest) = match (line.strip_prefix("%Warning"), line.strip_prefix("%Error")) {
        (Some(rest), _) => (MessageSeverity::Warning, rest),
        (_, Some(rest)) => (MessageSeverity::Error, rest),
        _ if line.starts_with([' ', '.']) => return Line::Continues(line),
        _ => return Line::Summary,
    };
    let Some((kind, rest)) = rest.split_once(": ") else { return Line::Summary };
    if rest.starts_with("Exiting due to") {
        return Line::Summary;
    }
    let place = Place::at_start(rest);
    let text = place.as_ref().map_or(rest, |p| p.rest).trim_start();
    let text = match kind.strip_prefix('-') {
        Some(name) => format!("{name}: {text}"),
        None => text.to_owned(),
    };
    Line::Message(message(place, severity, text))
}

/// `FILE:LINE: warning: TEXT`, `FILE:LINE: error: TEXT`, `FILE:LINE: syntax error`, or the same without a place;
/// continued by `FILE:LINE:      : TEXT`.
fn icarus_line(line: &str) -> Line<'_> {
    let place = Place::at_start(line);
    let text = place.as_ref().map_or(line, |p| p.rest).trim_start();
    if let Some(more) = text.strip_prefix(": ") {
        return Line::Continues(more.trim_start());
    }
    let (severity, text) = match (text.strip_prefix("warning: "), text.strip_prefix("error: ")) {
        (Some(text), _) => (MessageSeverity::Warning, text),
        (_, Some(text)) => (MessageSeverity::Error, text),
        // What the tool cannot do is not the design's fault.
        _ if text.contains("sorry: ") => return Line::Summary,
        // A place with no word for the severity is how errors of the grammar look.
        _ if place.is_some() => (MessageSeverity::Error, text),
        _ => return Line::Summary,
    };
    Line::Message(message(place, severity, text.to_owned()))
}

/// `FILE:LINE:COLUMN:warning: TEXT`, `FILE:LINE:COLUMN: TEXT` for an error, continued by the source line and a caret.
fn ghdl_line(line: &str) -> Line<'_> {
    let Some(place) = Place::at_start(line) else {
        return match line.strip_prefix("error: ").or_else(|| line.strip_prefix("ghdl:error: ")) {
            Some(text) => Line::Message(message(None, MessageSeverity::Error, text.to_owned())),
            None if line.starts_with(' ') => Line::Continues(line),
            None => Line::Summary,
        };
    };
    let rest = place.rest;
    let (severity, text) = match (rest.strip_prefix("warning:"), rest.strip_prefix("error:")) {
        (Some(text), _) => (MessageSeverity::Warning, text),
        (_, Some(text)) => (MessageSeverity::Error, text),
        _ => (MessageSeverity::Error, rest),
    };
    Line::Message(message(Some(place), severity, text.trim_start().to_owned()))
}

/// `FILE:LINE: Warning: TEXT` or `FILE:LINE: ERROR: TEXT`, or the same with the place at the end, or without one.
fn yosys_line(line: &str) -> Line<'_> {
    // `TEXT at FILE:LINE.COLUMN-LINE.COLUMN` as well.
    let behind = || {
        let (_, place) = line.rsplit_once(" at ")?;
        let (file, numbers) = place.rsplit_once(':')?;
        let number = numbers.split(['.', '-']).next()?.parse().ok()?;
        Some(Place { file, line: number, rest: line })
    };
    let place = Place::at_start(line).or_else(behind);
    let text = place.as_ref().map_or(line, |p| p.rest).trim_start();
    match (text.strip_prefix("Warning: "), text.strip_prefix("ERROR: ")) {
        // A small memory that is better off in registers.
        (Some(text), _) if text.starts_with("Replacing memory ") => Line::Summary,
        (Some(text), _) => Line::Message(message(place, MessageSeverity::Warning, text.to_owned())),
        (_, Some(text)) => Line::Message(message(place, MessageSeverity::Error, text.to_owned())),
        _ => Line::Summary,
    }
}

fn message(place: Option<Place<'_>>, severity: MessageSeverity, text: String) -> ToolMessage {
    let (file, line) = place.map(|p| (PathBuf::from(p.file), p.line)).unzip();
    ToolMessage { file, line, severity, text }
}

/// `FILE:LINE:` or `FILE:LINE:COLUMN:` at the start of a line.
struct Place<'a> {
    file: &'a str,
    line: u32,
    rest: &'a str,
}

impl<'a> Place<'a> {
    fn at_start(text: &'a str) -> Option<Self> {
        // A file name may have colons itself: the first one with a number behind it ends the name.
        for (colon, _) in text.match_indices(':') {
            let Some((number, rest)) = text[colon + 1..].split_once(':') else { break };
            let Ok(line) = number.parse() else { continue };
            if colon == 0 {
                return None;
            }
            let rest = match rest.split_once(':') {
                Some((column, after)) if !column.is_empty() && column.bytes().all(|b| b.is_ascii_digit()) => {
                    after
                }
                _ => rest,
            };
            return Some(Place { file: &text[..colon], line, rest });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(tool: Tool, output: &str) -> Vec<(Option<String>, Option<u32>, MessageSeverity, String)> {
        messages(tool, output)
            .into_iter()
            .map(|m| (m.file.map(|f| f.display().to_string()), m.line, m.severity, m.text))
            .collect()
    }

    #[test]
    fn verilator_messages_keep_name_place_and_continuation() {
        let output = "%Warning-WIDTH: a.v:3:14: too wide\n               : ... In instance top\n    3 |   assign y = x;\n      |            ^\n%Error: b.v:9: syntax error\n%Error: Cannot find file\n%Error: Exiting due to 2 error(s)\n";
        let expected = [
            (
                Some("a.v".to_owned()),
                Some(3),
                MessageSeverity::Warning,
                "WIDTH: too wide\n               : ... In instance top\n    3 |   assign y = x;\n      |            ^".to_owned(),
            ),
            (Some("b.v".to_owned()), Some(9), MessageSeverity::Error, "syntax error".to_owned()),
            (None, None, MessageSeverity::Error, "Cannot find file".to_owned()),
        ];
        assert_eq!(shown(Tool::Verilator, output), expected);
    }

    #[test]
    fn icarus_messages_keep_place_and_continuation() {
        let output = "a.v:3: warning: Port 1 (x) of child expects 4 bits, got 8.\na.v:3:        : Pruning 4 high bits.\nb.v:1: syntax error\n1 error(s) during elaboration.\n";
        let expected = [
            (
                Some("a.v".to_owned()),
                Some(3),
                MessageSeverity::Warning,
                "Port 1 (x) of child expects 4 bits, got 8.\nPruning 4 high bits.".to_owned(),
            ),
            (Some("b.v".to_owned()), Some(1), MessageSeverity::Error, "syntax error".to_owned()),
        ];
        assert_eq!(shown(Tool::Icarus, output), expected);
    }

    #[test]
    fn ghdl_messages_without_a_severity_are_errors() {
        let output = "c.vhd:4:7:warning: declaration hides it [-Whide]\nc.vhd:7:9: no declaration for \"y\"\n  y <= x;\n  ^\n";
        let expected = [
            (
                Some("c.vhd".to_owned()),
                Some(4),
                MessageSeverity::Warning,
                "declaration hides it [-Whide]".to_owned(),
            ),
            (
                Some("c.vhd".to_owned()),
                Some(7),
                MessageSeverity::Error,
                "no declaration for \"y\"\n  y <= x;\n  ^".to_owned(),
            ),
        ];
        assert_eq!(shown(Tool::Ghdl, output), expected);
    }
}
