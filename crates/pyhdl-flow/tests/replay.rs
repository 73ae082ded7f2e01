//! Designs written by hand, replayed in every tool that reads their language. Expected outputs are worked out by hand.

mod common;

use std::time::{Duration, Instant};

use common::{design, design_for};
use pyhdl_flow::{
    FlowError, Language, Limits, PortSpec, Replay, Step, Tool, VhdlPort, replay, replay_within,
};

fn port(name: &str, input: bool, width: u32, vhdl: VhdlPort) -> PortSpec {
    PortSpec { name: name.to_owned(), input, width, edge: false, vhdl }
}

/// An input of one bit.
fn bit(name: &str) -> PortSpec {
    port(name, true, 1, VhdlPort::StdLogic)
}

/// An input of one bit that processes wait on.
fn edge(name: &str) -> PortSpec {
    PortSpec { edge: true, ..bit(name) }
}

fn input(name: &str, width: u32, vhdl: VhdlPort) -> PortSpec {
    port(name, true, width, vhdl)
}

fn output(name: &str, width: u32, vhdl: VhdlPort) -> PortSpec {
    port(name, false, width, vhdl)
}

/// A step from groups of `(port, bits)`.
fn step(time: u64, groups: &[&[(usize, &str)]]) -> Step {
    let group = |g: &&[(usize, &str)]| g.iter().map(|&(i, bits)| (i, bits.to_owned())).collect();
    Step { time, groups: groups.iter().map(group).collect() }
}

/// Replays a design in every tool and compares the outputs of every step, written as one string per step with blanks
/// between ports.
fn expect(name: &str, ports: &[PortSpec], steps: &[Step], expected: &[&str]) {
    for tool in Tool::SIMULATORS {
        assert_eq!(outputs(tool, name, ports, steps), expected, "{name} in {tool}");
    }
}

fn outputs(tool: Tool, name: &str, ports: &[PortSpec], steps: &[Step]) -> Vec<String> {
    let work = tempfile::tempdir().expect("a folder");
    let files = design_for(tool, name);
    // `constant` is a keyword in VHDL.
    let top = if name == "constant" && tool == Tool::Ghdl { "constant_five" } else { name };
    let given = Replay { top, files: &files, ports, package: None, steps };
    let samples = match replay(tool, &given, work.path()) {
        Ok(samples) => samples,
        Err(e) => panic!("{name} in {tool}: {e}"),
    };
    assert!(samples.iter().map(|s| s.time).eq(steps.iter().map(|s| s.time)), "{tool} keeps the times");
    samples.into_iter().map(|s| s.outputs.join(" ")).collect()
}

#[test]
fn a_counter_counts_and_is_reset_between_clock_edges() {
    let ports = [edge("clk"), edge("reset"), bit("enable"), output("count", 4, VhdlPort::Unsigned)];
    let steps = [
        step(0, &[&[(0, "0"), (1, "0"), (2, "1")]]),
        step(3, &[&[(1, "1")]]),
        step(5, &[&[(1, "0")]]),
        step(10, &[&[(0, "1")]]),
        step(20, &[&[(0, "0")]]),
        step(30, &[&[(0, "1")]]),
        // Nothing changes, and a sample is asked for.
        step(31, &[]),
        step(40, &[&[(0, "0")], &[(2, "0")], &[(0, "1")]]),
        step(50, &[&[(0, "0"), (2, "1")]]),
        // Three rising edges in one time step.
        step(60, &[&[(0, "1")], &[(0, "0")], &[(0, "1")], &[(0, "0")], &[(0, "1")]]),
        step(61, &[&[(1, "1")], &[(1, "0")]]),
    ];
    let after_reset = ["0000", "0000", "0001", "0001", "0010", "0010", "0010", "0010", "0101", "0000"];
    for (tool, unknown) in [(Tool::Verilator, "0000"), (Tool::Icarus, "xxxx"), (Tool::Ghdl, "uuuu")] {
        let expected: Vec<&str> = std::iter::once(unknown).chain(after_reset).collect();
        assert_eq!(outputs(tool, "counter", &ports, &steps), expected, "{tool}");
    }
}

#[test]
fn a_signed_adder_with_an_escaped_port_name_adds_negative_numbers() {
    let ports_of = |name: &str| {
        [input("a", 4, VhdlPort::Signed), input("b", 4, VhdlPort::Signed), output(name, 5, VhdlPort::Signed)]
    };
    let steps = [
        step(0, &[&[(0, "0000"), (1, "0000")]]),
        step(1, &[&[(0, "1111")]]),                 // -1 + 0
        step(2, &[&[(1, "1000")]]),                 // -1 - 8
        step(3, &[&[(0, "0111"), (1, "0111")]]),    // 7 + 7
        step(4, &[&[(0, "1000")], &[(1, "1000")]]), // -8 - 8
    ];
    let expected = ["00000", "11111", "10111", "01110", "10000"];
    for tool in Tool::SIMULATORS {
        let name = if tool.language() == Language::Vhdl { r"\sum.out\" } else { r"\sum.out" };
        assert_eq!(outputs(tool, "adder", &ports_of(name), &steps), expected, "{tool}");
    }
}

#[test]
fn ports_wider_than_a_machine_word_keep_every_bit() {
    let ports = [
        edge("clk"),
        input("d", 100, VhdlPort::Unsigned),
        output("q", 100, VhdlPort::Unsigned),
        output("low", 33, VhdlPort::Unsigned),
        output("high", 64, VhdlPort::Unsigned),
    ];
    let (zero, one_hot) = ("0".repeat(100), format!("1{}1", "0".repeat(98)));
    let pattern = format!("{}{}{}", "10".repeat(16), "1100".repeat(16), "0111");
    let steps = [
        step(0, &[&[(0, "0"), (1, &zero)]]),
        step(1, &[&[(0, "1")]]),
        step(2, &[&[(0, "0"), (1, &one_hot)]]),
        step(3, &[&[(0, "1")]]),
        step(4, &[&[(0, "0"), (1, &pattern)]]),
        step(5, &[&[(0, "1")]]),
    ];
    let line = |q: &str| format!("{q} {} {}", &q[67..], &q[..64]);
    for tool in Tool::SIMULATORS {
        let found = outputs(tool, "wide", &ports, &steps);
        let expected = [line(&zero), line(&zero), line(&one_hot), line(&one_hot), line(&pattern)];
        assert_eq!(found[1..], expected, "{tool}");
    }
}

#[test]
fn the_first_value_of_a_clock_is_no_edge() {
    let ports =
        [edge("clk"), output("rising", 4, VhdlPort::Unsigned), output("falling", 4, VhdlPort::Unsigned)];
    for (first, other, expected) in [
        ("1", "0", ["0000 0000", "0000 0001", "0001 0001"]),
        ("0", "1", ["0000 0000", "0001 0000", "0001 0001"]),
    ] {
        let steps = [step(0, &[&[(0, first)]]), step(1, &[&[(0, other)]]), step(2, &[&[(0, first)]])];
        expect("edges", &ports, &steps, &expected);
    }
}

#[test]
fn a_design_without_inputs_gives_a_sample_for_every_step() {
    let ports = [output("c", 3, VhdlPort::Unsigned)];
    expect("constant", &ports, &[step(0, &[]), step(7, &[])], &["101", "101"]);
}

#[test]
fn a_recording_without_steps_gives_no_samples() {
    expect("constant", &[output("c", 3, VhdlPort::Unsigned)], &[], &[]);
}

#[test]
fn values_that_are_no_bits_keep_their_kind() {
    let ports_of =
        |bus: &str| [bit("en"), output(bus, 2, VhdlPort::Unsigned), output("memory", 1, VhdlPort::StdLogic)];
    let steps = [step(0, &[&[(0, "0")]]), step(1, &[&[(0, "1")]])];
    assert_eq!(outputs(Tool::Icarus, "undriven", &ports_of("bus"), &steps), ["zx x", "01 1"]);
    assert_eq!(outputs(Tool::Ghdl, "undriven", &ports_of(r"\bus\"), &steps), ["zx u", "01 1"]);
}

#[test]
fn enum_ports_of_vhdl_are_read_and_driven_by_their_codes() {
    let light = |names: &str, input| {
        let vhdl = VhdlPort::Enum {
            type_name: "code".to_owned(),
            literals: ["bits", "value", "sample"].map(str::to_owned).to_vec(),
            // Not the order of the literals.
            codes: ["10", "00", "01"].map(str::to_owned).to_vec(),
        };
        PortSpec { name: names.to_owned(), input, width: 2, edge: false, vhdl }
    };
    let ports = [edge("clk"), light("jump", true), light("state", false), light("last", false)];
    let steps = [
        step(0, &[&[(0, "0"), (1, "01")]]), // jump = sample; both outputs start at the first literal
        step(1, &[&[(0, "1")]]),            // state = bits
        step(2, &[&[(0, "0"), (1, "10")], &[(0, "1")]]), // jump = bits: state = value
        step(3, &[&[(0, "0"), (1, "00")], &[(0, "1")]]), // jump = value: state = sample
    ];
    let files = [design("light.vhd")];
    let given =
        Replay { top: "light", files: &files, ports: &ports, package: Some("light_types"), steps: &steps };
    let work = tempfile::tempdir().expect("a folder");
    let samples = replay(Tool::Ghdl, &given, work.path()).unwrap_or_else(|e| panic!("{e}"));
    let found: Vec<String> = samples.into_iter().map(|s| s.outputs.join(" ")).collect();
    assert_eq!(found, ["10 10", "10 10", "00 10", "01 00"]);
}

/// Replays inputs that the tools must not even be started with, or that make them fail.
fn refused(tool: Tool, name: &str, ports: &[PortSpec], steps: &[Step], timeout: Duration) -> FlowError {
    let work = tempfile::tempdir().expect("a folder");
    let files = design_for(tool, name);
    let given = Replay { top: name, files: &files, ports, package: None, steps };
    match replay_within(tool, &given, work.path(), Limits { timeout, ..Limits::default() }) {
        Ok(samples) => panic!("{name} in {tool} gave {samples:?}"),
        Err(e) => e,
    }
}

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn a_design_that_never_settles_is_stopped() {
    let ports = [bit("a"), output("y", 1, VhdlPort::StdLogic)];
    let start = Instant::now();
    let error = refused(Tool::Icarus, "endless", &ports, &[step(0, &[&[(0, "1")]])], Duration::from_secs(2));
    assert!(matches!(error, FlowError::TimedOut { seconds: 2, .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(30));
    assert_eq!(error.diagnostic().code, pyhdl_flow::codes::TOOL_TIMEOUT);
}

#[test]
fn a_simulation_that_the_design_ends_is_reported_with_what_it_said() {
    let ports = [bit("a"), output("y", 1, VhdlPort::StdLogic)];
    let steps = [step(0, &[&[(0, "0")]]), step(4, &[&[(0, "1")]]), step(8, &[&[(0, "0")]])];
    let error = refused(Tool::Icarus, "ends", &ports, &steps, MINUTE);
    let text = error.to_string();
    assert!(matches!(error, FlowError::BadResults { .. }), "{text}");
    for part in ["Icarus Verilog", "ended before time", "it is over"] {
        assert!(text.contains(part), "{part} is missing from {text}");
    }
}

#[test]
fn an_assertion_that_fails_is_reported_with_what_it_says() {
    let ports = [input("a", 4, VhdlPort::Unsigned), output("y", 4, VhdlPort::Unsigned)];
    for tool in Tool::SIMULATORS {
        let file = design(if tool == Tool::Ghdl { "checked.vhd" } else { "checked.sv" });
        let run = |bits: &str| {
            let work = tempfile::tempdir().expect("a folder");
            let steps = [step(0, &[&[(0, "0000")]]), step(10, &[&[(0, bits)]]), step(20, &[&[(0, "0001")]])];
            let files = [file.clone()];
            let given = Replay { top: "checked", files: &files, ports: &ports, package: None, steps: &steps };
            replay(tool, &given, work.path())
        };
        assert_eq!(run("1001").map(|samples| samples.len()).ok(), Some(3), "{tool}");
        match run("1010") {
            Err(FlowError::Asserted { message, .. }) => {
                assert!(message.starts_with("look.py:9: a is above 9"), "{tool}: {message}");
            }
            other => panic!("{tool}: {other:?}"),
        }
    }
}

#[test]
fn a_file_that_a_tool_refuses_is_reported_with_its_command_and_words() {
    let ports = [bit("a"), output("y", 1, VhdlPort::StdLogic)];
    for (tool, words) in [
        (Tool::Verilator, ["verilator --cc", "syntax error"]),
        (Tool::Icarus, ["iverilog -g2005", "syntax error"]),
        (Tool::Ghdl, ["ghdl -a --std=08", "no declaration for \"b\""]),
    ] {
        let error = refused(tool, "broken", &ports, &[step(0, &[&[(0, "0")]])], MINUTE);
        let text = error.to_string();
        assert!(matches!(error, FlowError::Failed { .. }), "{text}");
        for part in words {
            assert!(text.contains(part), "{part} is missing from {text}");
        }
    }
}

#[test]
fn steps_that_do_not_fit_the_ports_are_refused() {
    let ports = [bit("a"), output("y", 1, VhdlPort::StdLogic)];
    for (steps, reason) in [
        ([step(0, &[])], "the first group does not give every input a value"),
        ([step(5, &[&[(0, "01")]])], "time 5: `01` is not 1 bits for input a"),
        ([step(5, &[&[(0, "u")]])], "time 5: `u` is not 1 bits for input a"),
        ([step(5, &[&[(1, "0")]])], "time 5: port number 1 is not an input"),
        ([step(5, &[&[(2, "0")]])], "time 5: port number 2 is not an input"),
    ] {
        let error = refused(Tool::Icarus, "ends", &ports, &steps, MINUTE);
        assert_eq!(error.to_string(), format!("the recorded inputs do not fit the ports: {reason}"));
    }
}
