//! What is said where a tool is not installed. The only test of its program, as it changes the environment.

use std::path::PathBuf;

use pyhdl_flow::{FlowError, PortSpec, Replay, Step, Tool, VhdlPort, lint, replay};

#[test]
fn a_tool_that_is_not_in_path_is_reported_with_how_to_install_it() {
    // SAFETY: no other thread of this program reads the environment: this is its only test.
    unsafe { std::env::set_var("PATH", "") };
    let work = tempfile::tempdir().expect("a folder");
    let steps = [Step { time: 0, groups: vec![vec![(0, "0".to_owned())]] }];
    let files = [PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/designs/ends.v")];
    let port =
        PortSpec { name: "a".to_owned(), input: true, width: 1, edge: false, vhdl: VhdlPort::StdLogic };
    let ports = [port];
    let given = Replay { top: "ends", files: &files, ports: &ports, package: None, steps: &steps };
    for (tool, title, package) in [
        (Tool::Verilator, "Verilator", "verilator"),
        (Tool::Ghdl, "GHDL", "ghdl"),
        (Tool::Icarus, "Icarus Verilog", "iverilog"),
    ] {
        let found = tool.find();
        let diagnostic = found.expect_err("PATH is empty");
        assert_eq!(diagnostic.to_string(), format!("PH0701: {title} is not installed"));
        assert!(diagnostic.help.as_ref().is_some_and(|h| h.contains(&format!("apt install {package}"))));
        let replayed = replay(tool, &given, work.path());
        assert!(matches!(&replayed, Err(FlowError::NotInstalled(d)) if *d == diagnostic), "{replayed:?}");
        let linted = lint(tool, &files, "ends", work.path());
        assert!(matches!(&linted, Err(FlowError::NotInstalled(d)) if *d == diagnostic), "{linted:?}");
    }
    let left = std::fs::read_dir(work.path()).map(Iterator::count);
    assert!(matches!(left, Ok(0)), "files were left: {left:?}");
}
