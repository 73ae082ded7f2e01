//! [`replay`]: a design runs inside another simulator with the inputs that were recorded, and its outputs come back.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::harness::Ports;
use crate::process::{Limits, Program, absolute, make_folder, shortened};
use crate::{FlowError, Tool};

/// One port of the design's top, with names as they are in the HDL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PortSpec {
    pub name: String,
    pub input: bool,
    /// Bits, at least 1.
    pub width: u32,
    /// Some process waits for an edge of this input (a clock, an asynchronous reset). Such an input has its first value
    /// from the start: a recorded first value is no edge, whereas in Verilog a change from x is one.
    pub edge: bool,
    /// Its type in VHDL; other languages need only the width.
    pub vhdl: VhdlPort,
}

/// The type of a port in VHDL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum VhdlPort {
    /// `std_logic`; the width is 1.
    StdLogic,
    /// `unsigned(width - 1 downto 0)`.
    Unsigned,
    /// `signed(width - 1 downto 0)`.
    Signed,
    /// An enumeration type, from the package that [`Replay::package`] names.
    Enum {
        type_name: String,
        /// The literals in the order of the type.
        literals: Vec<String>,
        /// For each literal the bits that stand for it in steps and samples.
        codes: Vec<String>,
    },
}

/// A design in HDL files and what to apply to it.
#[derive(Clone, Copy, Debug)]
pub struct Replay<'a> {
    /// The module or entity.
    pub top: &'a str,
    /// HDL files in an order in which they can be read (VHDL: what is used comes before its user).
    pub files: &'a [PathBuf],
    pub ports: &'a [PortSpec],
    /// The VHDL package that declares the enumeration types of ports.
    pub package: Option<&'a str>,
    /// The first group of the first step gives every input a value.
    pub steps: &'a [Step],
}

/// One time step of the recorded simulation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    pub time: u64,
    /// What changed together, in the order of the delta cycles: an index into the ports and the new bits (0, 1, x, z),
    /// as many as the port is wide, the most significant first.
    pub groups: Vec<Vec<(usize, String)>>,
}

/// The outputs at the end of one time step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sample {
    pub time: u64,
    /// For each output port, in the order of the ports, its bits (0, 1, x, z, u), the most significant first.
    pub outputs: Vec<String>,
}

/// Runs the design in the tool and returns one sample per step, taken when everything has settled. Groups of a step
/// are applied one after the other, each after the design has settled from the one before.
///
/// Everything is made in a folder of the tool's name inside `work`.
pub fn replay(tool: Tool, replay: &Replay<'_>, work: &Path) -> Result<Vec<Sample>, FlowError> {
    replay_within(tool, replay, work, Limits::default())
}

/// [`replay`] with limits to how long it waits for the tool.
pub fn replay_within(
    tool: Tool,
    replay: &Replay<'_>,
    work: &Path,
    limits: Limits<'_>,
) -> Result<Vec<Sample>, FlowError> {
    tool.find().map_err(FlowError::NotInstalled)?;
    let stimulus = stimulus(replay)?;
    let Some((_, first)) = stimulus.lines().next().and_then(|line| line.split_once(' ')) else {
        // Nothing was recorded.
        return Ok(Vec::new());
    };
    let ports = Ports::new(replay, first)?;
    let files = absolute(replay.files)?;
    let folder = make_folder(&work.join(tool.to_string()))?;
    let results = folder.join("results.txt");
    match std::fs::remove_file(&results) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(FlowError::files(results, e)),
        _ => {}
    }
    write(&folder.join("stimulus.txt"), &stimulus)?;
    let program = Program { tool, folder: &folder, limits };
    let printed = match tool {
        Tool::Verilator => verilator(&program, &ports, &files)?,
        Tool::Ghdl => ghdl(&program, &ports, &files)?,
        Tool::Icarus => icarus(&program, &ports, &files)?,
        Tool::Yosys => return Err(FlowError::BadReplay("Yosys does not simulate".to_owned())),
    };
    if let Some(message) = failed_assertion(&printed) {
        return Err(FlowError::Asserted { tool, message });
    }
    // A design may end the simulation itself, before the harness has written all results.
    let text = match std::fs::read_to_string(&results) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        other => other.map_err(|e| FlowError::files(&results, e))?,
    };
    samples(tool, replay, &text, &printed)
}

/// The lines of `stimulus.txt`: for each group a flag that says whether to sample after it, and all inputs.
pub(crate) fn stimulus(replay: &Replay<'_>) -> Result<String, FlowError> {
    let refuse = |why: String| Err(FlowError::BadReplay(why));
    // Where each input's bits are in a line.
    let mut places = Vec::with_capacity(replay.ports.len());
    let mut bits = 0usize;
    for port in replay.ports {
        places.push(bits);
        bits += if port.input { port.width as usize } else { 0 };
    }
    // A line without inputs still has one bit, for the languages that have no vectors of no bits.
    let mut line = vec![if bits == 0 { b'0' } else { b'?' }; bits.max(1)];
    let mut text = String::new();
    for step in replay.steps {
        for group in &step.groups {
            for (index, value) in group {
                let Some(port) = replay.ports.get(*index).filter(|p| p.input) else {
                    return refuse(format!("time {}: port number {index} is not an input", step.time));
                };
                let fits = value.len() == port.width as usize
                    && value.bytes().all(|b| matches!(b, b'0' | b'1' | b'x' | b'z'));
                if !fits {
                    return refuse(format!(
                        "time {}: `{value}` is not {} bits for input {}",
                        step.time, port.width, port.name
                    ));
                }
                line[places[*index]..places[*index] + value.len()].copy_from_slice(value.as_bytes());
            }
            push_line(&mut text, '0', &line);
        }
        // The last group of a step is the one after which the outputs are sampled.
        if step.groups.is_empty() {
            push_line(&mut text, '1', &line);
        } else {
            let flag = text.len() - line.len() - 3;
            text.replace_range(flag..=flag, "1");
        }
    }
    let first = text.lines().next().unwrap_or_default();
    if first.contains('?') {
        return refuse("the first group does not give every input a value".to_owned());
    }
    Ok(text)
}

fn push_line(text: &mut String, flag: char, bits: &[u8]) {
    text.push(flag);
    text.push(' ');
    text.extend(bits.iter().map(|&b| char::from(b)));
    text.push('\n');
}

/// Reads `results.txt`. `printed` is what the tool said, for the case that results are missing.
fn samples(tool: Tool, replay: &Replay<'_>, text: &str, printed: &str) -> Result<Vec<Sample>, FlowError> {
    let bad = |problem: String| FlowError::BadResults { tool, problem };
    let widths: Vec<usize> = replay.ports.iter().filter(|p| !p.input).map(|p| p.width as usize).collect();
    let total: usize = widths.iter().sum();
    let mut lines = text.lines();
    let mut samples = Vec::with_capacity(replay.steps.len());
    for step in replay.steps {
        let Some(line) = lines.next() else {
            let mut problem = format!("the simulation ended before time {}", step.time);
            if !printed.trim().is_empty() {
                let _ = write!(problem, "\n{}", shortened(printed));
            }
            return Err(bad(problem));
        };
        if line.len() != total || !line.is_ascii() {
            return Err(bad(format!("a line of {} characters, expected {total}", line.len())));
        }
        let mut rest = line;
        let mut outputs = Vec::with_capacity(widths.len());
        for &width in &widths {
            let (bits, after) = rest.split_at(width);
            outputs.push(
                bits.bytes()
                    .map(level)
                    .collect::<Option<String>>()
                    .ok_or_else(|| bad(format!("`{}` is not a value", shortened(bits))))?,
            );
            rest = after;
        }
        samples.push(Sample { time: step.time, outputs });
    }
    match lines.next() {
        None => Ok(samples),
        Some(_) => Err(bad("more lines than steps".to_owned())),
    }
}

/// One bit in the letters of [`Sample`]: VHDL's nine values become the five that a design can mean.
fn level(bit: u8) -> Option<char> {
    Some(match bit {
        b'0' | b'L' => '0',
        b'1' | b'H' => '1',
        b'x' | b'X' | b'W' | b'-' => 'x',
        b'z' | b'Z' => 'z',
        b'U' => 'u',
        _ => return None,
    })
}

fn icarus(program: &Program<'_>, ports: &Ports<'_>, files: &[PathBuf]) -> Result<String, FlowError> {
    write(&program.folder.join("harness.v"), &ports.icarus()?)?;
    let standard = if are_systemverilog(files) { "-g2012" } else { "-g2005" };
    let mut args = words(&format!("{standard} -s pyhdl_harness -o harness.vvp"));
    args.extend(files.iter().map(OsString::from));
    args.extend(words("harness.v"));
    program.run("iverilog", args)?;
    Ok(program.run("vvp", words("-n harness.vvp"))?.output)
}

fn verilator(program: &Program<'_>, ports: &Ports<'_>, files: &[PathBuf]) -> Result<String, FlowError> {
    let (verilog, main) = ports.verilator()?;
    if program.folder.as_os_str().as_encoded_bytes().contains(&b' ') {
        let why = std::io::Error::other("Verilator's makefiles take no folder with a space in its path");
        return Err(FlowError::files(program.folder, why));
    }
    write(&program.folder.join("ports.v"), &verilog)?;
    write(&program.folder.join("harness.cpp"), &main)?;
    // Replays are short: time spent in the C++ compiler would not come back. Verilator 5.006 assigns elements of a
    // memory in a loop only if it unrolls it, and a reset of a whole memory is such a loop. With `life-post`, it makes
    // a non-blocking assignment inside a `while` loop a blocking one, also where the next round reads the signal
    // (5.006 to 5.048; `tests/hdl/loops_with_reads.py`).
    let mut args = words(
        "--cc --exe --build -Wno-fatal --no-timing --Mdir build --top-module pyhdl_harness -j 2 \
         --unroll-count 4096 --unroll-stmts 100000 -fno-life-post \
         -MAKEFLAGS OPT_FAST=-O0 -MAKEFLAGS OPT_SLOW=-O0 -MAKEFLAGS OPT_GLOBAL=-O0",
    );
    if are_systemverilog(files) {
        args.extend(words("--assert"));
    }
    args.extend(files.iter().map(OsString::from));
    args.extend(words("ports.v harness.cpp"));
    program.run("verilator", args)?;
    let model = program.folder.join("build").join("Vpyhdl_harness");
    let finished = program.try_run_file(&model, Vec::new())?;
    // It stops at the first assertion that fails.
    if finished.status.success() || failed_assertion(&finished.output).is_some() {
        return Ok(finished.output);
    }
    Err(FlowError::Failed {
        tool: program.tool,
        command: finished.command,
        output: shortened(&finished.output),
    })
}

fn ghdl(program: &Program<'_>, ports: &Ports<'_>, files: &[PathBuf]) -> Result<String, FlowError> {
    write(&program.folder.join("harness.vhd"), &ports.ghdl()?)?;
    let mut args = words("-a --std=08 --workdir=.");
    args.extend(files.iter().map(OsString::from));
    args.extend(words("harness.vhd"));
    program.run("ghdl", args)?;
    program.run("ghdl", words("-e --std=08 --workdir=. pyhdl_harness"))?;
    // The arithmetic packages warn about every undefined operand, of which there are many before the first group.
    let run = words("-r --std=08 --workdir=. pyhdl_harness --ieee-asserts=disable");
    Ok(program.run("ghdl", run)?.output)
}

pub(crate) fn are_systemverilog(files: &[PathBuf]) -> bool {
    files.iter().any(|file| file.extension().is_some_and(|extension| extension == "sv"))
}

/// What the first assertion says that failed. Each tool writes it in its own way, and what it says begins with a place in
/// Python: `counter.py:12: `.
fn failed_assertion(printed: &str) -> Option<String> {
    printed.lines().find_map(|line| {
        let text = if let Some((_, text)) = line.split_once(":(assertion error): ") {
            text
        } else if let Some((_, rest)) = line.split_once(": Assertion failed in ") {
            rest.split_once(": ")?.1
        } else {
            // The file and the line of the HDL come first.
            line.split_once("ERROR: ")?.1.split_once(": ")?.1
        };
        let (place, _) = text.split_once(": ")?;
        let (_, number) = place.rsplit_once(':')?;
        number.parse::<u32>().ok()?;
        Some(text.to_owned())
    })
}

fn words(text: &str) -> Vec<OsString> {
    text.split_whitespace().map(OsString::from).collect()
}

fn write(path: &Path, text: &str) -> Result<(), FlowError> {
    std::fs::write(path, text).map_err(|e| FlowError::files(path, e))
}
