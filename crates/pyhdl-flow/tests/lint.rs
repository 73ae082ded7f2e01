//! What the tools say about files with known problems, and about files without.

mod common;

use common::{design, design_for};
use pyhdl_flow::{MessageSeverity, Tool, ToolMessage, lint};

fn messages(tool: Tool, file: &str, top: &str) -> Vec<ToolMessage> {
    let work = tempfile::tempdir().expect("a folder");
    lint(tool, &[design(file)], top, work.path()).unwrap_or_else(|e| panic!("{e}"))
}

/// The only message that is there.
fn only(tool: Tool, file: &str, top: &str) -> ToolMessage {
    let mut messages = messages(tool, file, top);
    assert_eq!(messages.len(), 1, "{messages:#?}");
    messages.remove(0)
}

#[test]
fn a_clean_file_has_no_messages() {
    for tool in Tool::SIMULATORS {
        let work = tempfile::tempdir().expect("a folder");
        let found = lint(tool, &design_for(tool, "counter"), "counter", work.path());
        assert!(found.as_ref().is_ok_and(Vec::is_empty), "{tool}: {found:?}");
    }
}

#[test]
fn verilator_warns_of_a_narrow_target() {
    let work = tempfile::tempdir().expect("a folder");
    let found = lint(Tool::Verilator, &[design("narrow.v")], "narrow", work.path());
    let found = found.unwrap_or_else(|e| panic!("{e}"));
    let width = found.iter().find(|m| m.text.starts_with("WIDTH")).unwrap_or_else(|| panic!("{found:#?}"));
    assert_eq!(width.line, Some(5));
    assert_eq!(width.severity, MessageSeverity::Warning);
    assert!(width.file.as_ref().is_some_and(|f| f.ends_with("narrow.v")), "{width:?}");
    assert!(width.text.contains("4 bits") && width.text.contains("8 bits"), "{width:?}");
}

#[test]
fn icarus_warns_of_a_narrow_port() {
    let message = only(Tool::Icarus, "port_widths.v", "port_widths");
    assert_eq!((message.line, message.severity), (Some(5), MessageSeverity::Warning));
    assert!(message.file.as_ref().is_some_and(|f| f.ends_with("port_widths.v")), "{message:?}");
    assert!(message.text.contains("expects 4 bits, got 8"), "{message:?}");
    assert!(message.text.contains("4 high bits"), "the continuation belongs to it: {message:?}");
}

#[test]
fn ghdl_warns_of_a_hidden_declaration() {
    let message = only(Tool::Ghdl, "hides.vhd", "hides");
    assert_eq!((message.line, message.severity), (Some(8), MessageSeverity::Warning));
    assert!(message.file.as_ref().is_some_and(|f| f.ends_with("hides.vhd")), "{message:?}");
    assert!(message.text.contains("hides"), "{message:?}");
}

#[test]
fn an_error_has_its_line() {
    for (tool, line) in [(Tool::Verilator, 5), (Tool::Icarus, 5), (Tool::Ghdl, 7)] {
        let work = tempfile::tempdir().expect("a folder");
        let found = lint(tool, &design_for(tool, "broken"), "broken", work.path());
        let found = found.unwrap_or_else(|e| panic!("{e}"));
        let first = found.first().unwrap_or_else(|| panic!("{tool} says nothing"));
        assert_eq!((first.line, first.severity), (Some(line), MessageSeverity::Error), "{tool}: {found:#?}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let work = tempfile::tempdir().expect("a folder");
    let found = lint(Tool::Icarus, &[design("there_is_none.v")], "top", work.path());
    assert!(found.is_err_and(|e| e.to_string().contains("there_is_none.v")));
}
