//! [`prove`]: whether a design in Verilog and the same design in VHDL compute the same, for all inputs at once. GHDL
//! makes gates of the VHDL, Yosys of the Verilog, and Yosys's solver looks for inputs that tell them apart.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{Limits, Program, absolute, make_folder, shortened};
use crate::{FlowError, Tool};

/// Clock cycles from power-up in which outputs of a design with registers are compared, and the depth of the induction
/// that may follow.
const CYCLES: u32 = 8;

/// One design in two languages.
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    pub verilog: Side<'a>,
    pub vhdl: Side<'a>,
    pub ports: &'a [ProofPort],
    /// How long the solver may think about one output.
    pub seconds: u32,
}

/// A module or entity and the files with it, in an order in which they can be read.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    pub top: &'a str,
    pub files: &'a [PathBuf],
}

/// A port of both tops.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProofPort {
    pub verilog: String,
    pub vhdl: String,
    pub input: bool,
    /// Bits in Verilog, at least 1.
    pub width: u32,
    pub values: PortValues,
    /// The value of an output at power-up, written in Verilog for what the port is in VHDL: GHDL's netlists leave the
    /// initial values of ports out.
    pub initial: Option<String>,
}

/// Which values a port has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PortValues {
    /// From the first to the last, both written in Verilog.
    Between { signed: bool, low: String, high: String },
    /// For each literal of an enumeration the bits that stand for it in Verilog; in VHDL a literal is its position.
    Literals(Vec<String>),
}

/// What is known of one output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// No inputs tell both designs apart.
    Equal,
    /// As [`Verdict::Equal`], but only so many clock cycles from power-up have been looked at.
    EqualForCycles(u32),
    /// Some inputs do, or GHDL's netlist is not what it simulates: see [`Proved::examples`].
    Different,
    /// The solver's time was over.
    Undecided,
}

/// What is known of each output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proved {
    /// For each output, in the order of the ports, its port and what is known of it.
    pub verdicts: Vec<(usize, Verdict)>,
    /// For outputs that differ in a design without registers: the bits of inputs with which they do.
    pub examples: Vec<(usize, Vec<(usize, String)>)>,
    /// What Yosys says about the first output that differs.
    pub said: Option<String>,
}

/// Compares both sides output by output. Everything is made in a folder `yosys` inside `work`.
pub fn prove(proof: &Proof<'_>, work: &Path, limits: Limits<'_>) -> Result<Proved, FlowError> {
    for tool in [Tool::Ghdl, Tool::Yosys] {
        tool.find().map_err(FlowError::NotInstalled)?;
    }
    let (verilog, vhdl) = (absolute(proof.verilog.files)?, absolute(proof.vhdl.files)?);
    let folder = make_folder(&work.join("yosys"))?;
    gates(proof, &vhdl, &folder, limits)?;
    write(&folder.join("miter.v"), &miter(proof))?;
    let outputs: Vec<usize> = (0..proof.ports.len()).filter(|p| !proof.ports[*p].input).collect();
    let yosys = Program { tool: Tool::Yosys, folder: &folder, limits };

    write(&folder.join("read.ys"), &reading(proof, &verilog))?;
    yosys.run("yosys", words("-q -s read.ys"))?;
    let registers = fs::read_to_string(folder.join("registers.txt"))
        .map_err(|e| FlowError::files(folder.join("registers.txt"), e))?;
    let clocked = registers.lines().any(|line| !line.trim().is_empty());
    write(&folder.join("prove.ys"), &questions(outputs.len(), proof.seconds, clocked))?;
    let log = yosys.run("yosys", words("-s prove.ys"))?.output;
    answers(&outputs, &log, clocked)
}

/// The VHDL as a netlist in Verilog, `gate.v`.
fn gates(proof: &Proof<'_>, files: &[PathBuf], folder: &Path, limits: Limits<'_>) -> Result<(), FlowError> {
    let ghdl = Program { tool: Tool::Ghdl, folder, limits };
    let mut analyse = words("-a --std=08 --workdir=.");
    analyse.extend(files.iter().map(OsString::from));
    ghdl.run("ghdl", analyse)?;
    let mut synthesise = words("--synth --std=08 --workdir=. --latches --out=verilog");
    synthesise.push(proof.vhdl.top.into());
    let netlist = folder.join("gate.v");
    ghdl.run_into("ghdl", synthesise, &netlist)?;
    let text = fs::read_to_string(&netlist).map_err(|e| FlowError::files(&netlist, e))?;
    write(&netlist, &text.lines().map(as_verilog).collect::<String>())
}

/// A line of GHDL's netlist. GHDL 2.0 writes some of it as VHDL has it: the smaller and the larger of two numbers,
/// constants that it extends, absolute values. What it writes as `$signed(a) >> n` repeats the sign.
fn as_verilog(line: &str) -> String {
    let choice = line.trim_end().strip_suffix(';').and_then(|line| {
        let (target, rest) = line.split_once(" <= ")?;
        if let Some(value) = rest.strip_prefix("std_logic_vector(abs $signed(") {
            let value = value.strip_suffix("))")?;
            return Some(format!("  assign {} = $signed({value}) < 0 ? -{value} : {value};", target.trim()));
        }
        let (then, rest) = rest.split_once(" when ")?;
        let (condition, otherwise) = rest.rsplit_once(" else ")?;
        Some(format!("  assign {} = {condition} ? {then} : {otherwise};", target.trim()))
    });
    let line = choice.as_deref().unwrap_or(line);
    let mut text = String::new();
    let mut pieces = line.split('"');
    text.push_str(pieces.next().unwrap_or_default());
    while let (Some(bits), Some(mut after)) = (pieces.next(), pieces.next()) {
        // Only the highest bit is asked for, to repeat it.
        let highest = format!("[{}]", bits.len().saturating_sub(1));
        let wanted = match after.strip_prefix(&highest) {
            Some(rest) => {
                after = rest;
                &bits[..bits.len().min(1)]
            }
            None => bits,
        };
        let _ = write!(text, "{}'b{wanted}{after}", wanted.len());
    }
    text.push('\n');
    if text.contains("= $signed(") { text.replace(") >> ", ") >>> ") } else { text }
}

/// Reads both designs and joins them in a third one. The names of registers go to a file of their own.
fn reading(proof: &Proof<'_>, verilog: &[PathBuf]) -> String {
    let mut script = String::new();
    let gate = PathBuf::from("gate.v");
    for (name, top, files) in [
        ("gold", proof.verilog.top, verilog),
        ("gate", &proof.vhdl.top.to_lowercase()[..], std::slice::from_ref(&gate)),
    ] {
        for file in files {
            let _ = writeln!(script, "read_verilog -sv \"{}\"", file.display());
        }
        let _ = writeln!(script, "hierarchy -check -top {top}\nproc\nflatten\nopt_clean");
        for port in proof.ports.iter().filter(|_| name == "gate") {
            if let Some(initial) = &port.initial {
                let _ = writeln!(script, "setattr -set init {initial} o:{}", port.vhdl);
            }
        }
        let _ = writeln!(script, "opt -full\nmemory\nopt -full");
        let _ = writeln!(script, "rename {top} pyhdl_{name}\ndesign -stash {name}");
    }
    for name in ["gold", "gate"] {
        let _ = writeln!(script, "design -copy-from {name} -as pyhdl_{name} pyhdl_{name}");
    }
    // Resets that do not wait for the clock become ones that do; the solver has one kind of register only.
    script.push_str(
        "read_verilog -sv -formal miter.v\nhierarchy -check -top pyhdl_miter\nproc\nflatten\nopt -full\n\
         tee -q -o registers.txt select -list t:$*ff* t:$*latch*\n\
         async2sync\ndffunmap\nopt -full\nwrite_rtlil miter.il\n",
    );
    script
}

/// One question for each output.
fn questions(outputs: usize, seconds: u32, clocked: bool) -> String {
    let mut script = "read_rtlil miter.il\n".to_owned();
    for output in 0..outputs {
        let _ = writeln!(script, "log pyhdl: output {output}");
        let cone = format!("o:equal_{output} %ci* t:$assume %ci* %u");
        let how = if clocked {
            format!("-tempinduct -seq 1 -maxsteps {CYCLES}")
        } else {
            "-show-inputs".to_owned()
        };
        let _ = writeln!(script, "sat -timeout {seconds} -set-assumes {how} -prove equal_{output} 1 {cone}");
    }
    script
}

fn answers(outputs: &[usize], log: &str, clocked: bool) -> Result<Proved, FlowError> {
    let mut proved = Proved { verdicts: Vec::new(), examples: Vec::new(), said: None };
    for part in log.split("pyhdl: output ").skip(1) {
        // The script itself is in the log as well.
        let said = |text: &str| part.contains(text);
        let verdict = if said("SUCCESS!") {
            Verdict::Equal
        } else if said("model found: FAIL!") || said("model found for base case: FAIL!") {
            Verdict::Different
        } else if said("Reached maximum number of time steps") && clocked {
            Verdict::EqualForCycles(CYCLES)
        } else if said("TIMEOUT!") {
            Verdict::Undecided
        } else {
            continue;
        };
        let Some(output) = outputs.get(proved.verdicts.len()) else { break };
        proved.verdicts.push((*output, verdict));
        if verdict == Verdict::Different {
            let table = part.find("Signal Name").map_or("", |at| &part[at..]);
            proved.said.get_or_insert_with(|| shortened(table));
            if !clocked {
                proved.examples.push((*output, inputs(table)));
            }
        }
    }
    if proved.verdicts.len() != outputs.len() {
        let problem =
            format!("{} answers to {} questions\n{}", proved.verdicts.len(), outputs.len(), shortened(log));
        return Err(FlowError::BadResults { tool: Tool::Yosys, problem });
    }
    Ok(proved)
}

/// The bits of inputs in a table of Yosys's: `\i12  --  --  00101`.
fn inputs(table: &str) -> Vec<(usize, String)> {
    let row = |line: &str| {
        let mut columns = line.split_whitespace();
        let port = columns.next()?.strip_prefix("\\i")?.parse().ok()?;
        Some((port, columns.last()?.to_owned()))
    };
    table.lines().filter_map(row).collect()
}

/// Both designs with the same inputs, of which only those are assumed that the design is made for, and for each output
/// whether it is the same.
fn miter(proof: &Proof<'_>) -> String {
    let mut ports = Vec::new();
    let mut body = String::new();
    let (mut gold, mut gate) = (Vec::new(), Vec::new());
    let mut output = 0;
    for (index, port) in proof.ports.iter().enumerate() {
        let range = |width: u32| format!("[{}:0]", width - 1);
        let literals = match &port.values {
            PortValues::Literals(codes) => Some(codes),
            PortValues::Between { .. } => None,
        };
        let position = literals.map(|codes| position_width(codes.len()));
        if port.input {
            ports.push(format!("input {} i{index}", range(port.width)));
            gold.push(format!(".\\{} (i{index})", port.verilog));
            let _ = writeln!(body, "  always @* assume({});", allowed(port, &format!("i{index}")));
            if let (Some(codes), Some(width)) = (literals, position) {
                let _ = writeln!(body, "  reg {} p{index};\n  always @* case (i{index})", range(width));
                for (place, code) in codes.iter().enumerate() {
                    let _ = writeln!(body, "    {}'b{code}: p{index} = {place};", port.width);
                }
                let _ = writeln!(body, "    default: p{index} = 0;\n  endcase");
                gate.push(format!(".\\{} (p{index})", port.vhdl));
            } else {
                gate.push(format!(".\\{} (i{index})", port.vhdl));
            }
            continue;
        }
        ports.push(format!("output equal_{output}"));
        let _ = writeln!(body, "  wire {} g{index};", range(port.width));
        let _ = writeln!(body, "  wire {} h{index};", range(position.unwrap_or(port.width)));
        gold.push(format!(".\\{} (g{index})", port.verilog));
        gate.push(format!(".\\{} (h{index})", port.vhdl));
        let same = match literals {
            None => format!("g{index} == h{index}"),
            Some(codes) => {
                let pairs = codes.iter().enumerate().map(|(place, code)| {
                    format!("(g{index} == {}'b{code} && h{index} == {place})", port.width)
                });
                pairs.collect::<Vec<_>>().join(" || ")
            }
        };
        let _ = writeln!(body, "  assign equal_{output} = {same};");
        output += 1;
    }
    format!(
        "module pyhdl_miter ({});\n{body}  pyhdl_gold gold ({});\n  pyhdl_gate gate ({});\nendmodule\n",
        ports.join(", "),
        gold.join(", "),
        gate.join(", ")
    )
}

/// The bits of a position among so many.
fn position_width(count: usize) -> u32 {
    count.max(2).next_power_of_two().ilog2()
}

fn allowed(port: &ProofPort, name: &str) -> String {
    match &port.values {
        PortValues::Between { signed: true, low, high } => {
            format!("$signed({name}) >= {low} && $signed({name}) <= {high}")
        }
        PortValues::Between { signed: false, low, high } => format!("{name} >= {low} && {name} <= {high}"),
        PortValues::Literals(codes) => {
            let one = codes.iter().map(|code| format!("{name} == {}'b{code}", port.width));
            one.collect::<Vec<_>>().join(" || ")
        }
    }
}

fn words(text: &str) -> Vec<OsString> {
    text.split_whitespace().map(OsString::from).collect()
}

fn write(path: &Path, text: &str) -> Result<(), FlowError> {
    fs::write(path, text).map_err(|e| FlowError::files(path, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ghdl_writes_as_vhdl_becomes_verilog() {
        assert_eq!(as_verilog("  assign a = b + 4'b0001;"), "  assign a = b + 4'b0001;\n");
        assert_eq!(
            as_verilog("  n6 <= a when $signed(a) < $signed(b) else b;"),
            "  assign n6 = $signed(a) < $signed(b) ? a : b;\n"
        );
        let absolute = as_verilog("  n42_o <= std_logic_vector(abs $signed(n41_o));");
        assert_eq!(absolute, "  assign n42_o = $signed(n41_o) < 0 ? -n41_o : n41_o;\n");
        let shift = as_verilog("  assign n3_o = $signed(deep) >> 31'b1;");
        assert_eq!(shift, "  assign n3_o = $signed(deep) >>> 31'b1;\n");
        assert_eq!(
            as_verilog("  assign n4 = {{2{\"010\"[2]}}, \"010\"}; // sext"),
            "  assign n4 = {{2{1'b0}}, 3'b010}; // sext\n"
        );
    }

    #[test]
    fn positions_of_literals_have_as_many_bits_as_they_need() {
        assert_eq!([1, 2, 3, 4, 5, 8, 9].map(position_width), [1, 1, 2, 2, 3, 3, 4]);
    }
}
