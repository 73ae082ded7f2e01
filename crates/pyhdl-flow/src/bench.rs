//! [`recorded_bench`]: recorded inputs and outputs as a test bench in HDL that checks by itself, so that the design can
//! be verified again with nothing but a simulator.

use std::collections::HashSet;
use std::fmt::Write as _;

use askama::Template;

use crate::harness::{HarnessEnum, Ports, text};
use crate::replay::stimulus;
use crate::{FlowError, Language, PortSpec, Replay, VhdlPort, VhdlStandard};

/// What a recorded test bench is made of.
#[derive(Clone, Copy, Debug)]
pub struct Bench<'a> {
    pub replay: Replay<'a>,
    /// For each step of the replay the bits of each output, in the order of the ports.
    pub expected: &'a [Vec<String>],
    /// Inputs whose first value would be an edge that the design waits for, by their places among the ports.
    pub first_edges: &'a [usize],
    /// The module or entity, and the files.
    pub name: &'a str,
    /// Lines of a comment at the top.
    pub about: &'a [String],
    /// The standard of a test bench in VHDL.
    pub standard: VhdlStandard,
}

/// The latest time step that simulators can count to in 64 bits: they count femtoseconds, and a time step is 1 ns.
pub const LAST_TIME: u64 = i64::MAX as u64 / 1_000_000 - 1;

/// The words of the templates, which no signal of theirs can be called: those of VHDL's libraries as well, as a signal
/// would hide them. In lower case.
const WORDS: &[&str] = &[
    "at",
    "bit",
    "bit_vector",
    "bits",
    "boolean",
    "character",
    "check",
    "code",
    "compare",
    "dut",
    "endfile",
    "env",
    "errors",
    "expected",
    "false",
    "fields",
    "file_close",
    "file_open",
    "file_open_status",
    "finish",
    "got",
    "ieee",
    "integer",
    "levels",
    "line",
    "moment",
    "name",
    "natural",
    "now",
    "numeric_std",
    "ns",
    "fs",
    "open_ok",
    "opened",
    "output",
    "read",
    "read_mode",
    "readline",
    "recorded",
    "replay",
    "said",
    "shown",
    "signed",
    "std",
    "std_logic",
    "std_logic_1164",
    "std_logic_vector",
    "stimulus",
    "string",
    "text",
    "textio",
    "time",
    "to_stdlogicvector",
    "true",
    "unsigned",
    "value",
    "vector_file",
    "vectors",
    "wanted",
    "work",
    "write",
    "writeline",
    "failure",
    "unit",
];

/// A port, and the signal at it.
struct BenchPort<'a> {
    port: &'a PortSpec,
    /// The port's name, unless the test bench has another use for it.
    signal: String,
    /// Its lowest bit among the inputs, or among the outputs.
    low: u32,
    /// For an input, its first value.
    first: String,
    first_edge: bool,
    enumeration: Option<&'a HarnessEnum>,
}

impl BenchPort<'_> {
    fn high(&self) -> u32 {
        self.low + self.port.width - 1
    }

    fn verilog_range(&self) -> String {
        if self.port.width == 1 { String::new() } else { format!("[{}:0] ", self.port.width - 1) }
    }

    /// How `$display` writes the value.
    fn letter(&self) -> String {
        let width = self.port.width;
        if width == 1 { "b".to_owned() } else { "h".to_owned() }
    }

    fn vhdl_type(&self) -> String {
        let high = self.port.width - 1;
        match (&self.port.vhdl, self.enumeration) {
            (VhdlPort::Enum { .. }, Some(e)) => e.type_name.clone(),
            (VhdlPort::Signed, _) => format!("signed({high} downto 0)"),
            (VhdlPort::Unsigned, _) => format!("unsigned({high} downto 0)"),
            _ => "std_logic".to_owned(),
        }
    }

    fn vhdl_value(&self, bits: &str) -> String {
        match (&self.port.vhdl, self.enumeration) {
            (VhdlPort::Enum { .. }, Some(e)) => format!("{}_value({bits})", e.id),
            (VhdlPort::Signed, _) => format!("signed({bits})"),
            (VhdlPort::Unsigned, _) => format!("unsigned({bits})"),
            _ => bits.to_owned(),
        }
    }

    /// The port's value, taken from the variable `stimulus`.
    fn vhdl_from_bits(&self) -> String {
        match &self.port.vhdl {
            VhdlPort::StdLogic => format!("to_stdulogic(stimulus({}))", self.low),
            _ => {
                let bits = format!("to_stdlogicvector(stimulus({} downto {}))", self.high(), self.low);
                self.vhdl_value(&bits)
            }
        }
    }

    /// The signal as a vector.
    fn vhdl_to_bits(&self) -> String {
        match (&self.port.vhdl, self.enumeration) {
            (VhdlPort::Enum { .. }, Some(e)) => format!("{}_code({})", e.id, self.signal),
            (VhdlPort::StdLogic, _) => format!("std_logic_vector'(0 => {})", self.signal),
            _ => format!("std_logic_vector({})", self.signal),
        }
    }
}

/// The files of a test bench: itself, and the vectors that it reads.
pub fn recorded_bench(bench: &Bench<'_>, language: Language) -> Result<[(String, String); 2], FlowError> {
    let replay = &bench.replay;
    let stimulus = stimulus(replay)?;
    let first = stimulus.lines().next().and_then(|line| line.split_once(' ')).map_or("", |(_, bits)| bits);
    let harness = Ports::new(replay, first)?;
    let names = names(bench, language);
    let mut ports = Vec::new();
    let bits = |input: bool| replay.ports.iter().filter(|p| p.input == input).map(|p| p.width).sum::<u32>();
    let (mut input_low, mut output_low) = (bits(true), bits(false));
    for (index, (port, signal)) in replay.ports.iter().zip(names).enumerate() {
        let low = if port.input { &mut input_low } else { &mut output_low };
        *low -= port.width;
        let enumeration = harness.enumeration(index);
        let first_edge = bench.first_edges.contains(&index);
        let mut made = BenchPort { port, signal, low: *low, first: String::new(), first_edge, enumeration };
        if port.input {
            let from = (bits(true) - *low - port.width) as usize;
            let value = &first[from..from + port.width as usize];
            made.first = match language {
                Language::Verilog => format!("{}'b{value}", port.width),
                Language::Vhdl if port.vhdl == VhdlPort::StdLogic => format!("'{value}'"),
                Language::Vhdl if enumeration.is_some() => made.vhdl_value(&format!("\"{value}\"")),
                Language::Vhdl => format!("\"{value}\""),
            };
        }
        ports.push(made);
    }
    let (inputs, outputs): (Vec<_>, Vec<_>) = ports.iter().partition(|p| p.port.input);
    let vectors_name = format!("{}.txt", bench.name);
    let steps = replay.steps.len();
    let (ending, page) = match language {
        Language::Verilog => {
            let page = Verilog {
                about: bench.about,
                vectors: &vectors_name,
                name: bench.name,
                top: replay.top,
                ports: &ports,
                first_edges: !bench.first_edges.is_empty(),
                checks: steps * outputs.len(),
                inputs,
                outputs,
                input_bits: bits(true).max(1),
                output_bits: bits(false).max(1),
            };
            ("v", text(&page)?)
        }
        Language::Vhdl => {
            let page = Vhdl {
                about: bench.about,
                vectors: &vectors_name,
                name: bench.name,
                top: replay.top,
                ports: &ports,
                finish: bench.standard == VhdlStandard::Vhdl2008,
                enums: &harness.enums,
                checks: steps * outputs.len(),
                inputs,
                outputs,
                input_bits: bits(true).max(1),
                output_bits: bits(false).max(1),
            };
            ("vhd", text(&page)?)
        }
    };
    let page = page.trim_end().to_owned() + "\n";
    Ok([(format!("{}.{ending}", bench.name), page), (vectors_name, vectors(bench, &stimulus))])
}

/// A line for each moment. Outputs are compared at the last moment of a step.
fn vectors(bench: &Bench<'_>, stimulus: &str) -> String {
    let mut out = String::new();
    let mut lines = stimulus.lines();
    for (step, expected) in bench.replay.steps.iter().zip(bench.expected) {
        let expected = expected.concat();
        for line in lines.by_ref().take(step.groups.len().max(1)) {
            let _ = writeln!(out, "{} ns {line} {expected}", step.time);
        }
    }
    out
}

/// The names of the signals at the ports.
fn names(bench: &Bench<'_>, language: Language) -> Vec<String> {
    let key = |name: &str| match language {
        Language::Verilog => name.to_owned(),
        Language::Vhdl => name.to_ascii_lowercase(),
    };
    let mut taken: HashSet<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    taken.insert(key("VECTORS"));
    taken.insert(key("SHOWN"));
    taken.insert(key(bench.name));
    // A name that is free must not be made by the number of another one.
    let ports: HashSet<String> = bench.replay.ports.iter().map(|p| key(&p.name)).collect();
    let made = |name: &str, prefix: &str| key(&format!("{prefix}{name}"));
    let mut names = Vec::new();
    for port in bench.replay.ports {
        let free = |name: &str, taken: &HashSet<String>| {
            !taken.contains(&key(name))
                && (language == Language::Vhdl
                    || ["expected_", "driven_"].iter().all(|prefix| !ports.contains(&made(name, prefix))))
        };
        let mut name = port.name.clone();
        let mut number = 0u32;
        while !free(&name, &taken) || (number > 0 && ports.contains(&key(&name))) {
            number += 1;
            name = format!("{}_{number}", port.name);
        }
        taken.insert(key(&name));
        names.push(name);
    }
    names
}

#[derive(Template)]
#[template(path = "bench/tb.v", escape = "none")]
struct Verilog<'a> {
    about: &'a [String],
    vectors: &'a str,
    name: &'a str,
    top: &'a str,
    ports: &'a [BenchPort<'a>],
    inputs: Vec<&'a BenchPort<'a>>,
    outputs: Vec<&'a BenchPort<'a>>,
    first_edges: bool,
    input_bits: u32,
    output_bits: u32,
    checks: usize,
}

#[derive(Template)]
#[template(path = "bench/tb.vhd", escape = "none")]
struct Vhdl<'a> {
    about: &'a [String],
    vectors: &'a str,
    name: &'a str,
    top: &'a str,
    ports: &'a [BenchPort<'a>],
    inputs: Vec<&'a BenchPort<'a>>,
    outputs: Vec<&'a BenchPort<'a>>,
    /// Whether the simulation can be ended; else it ends as nothing happens any more.
    finish: bool,
    enums: &'a [HarnessEnum],
    input_bits: u32,
    output_bits: u32,
    checks: usize,
}
