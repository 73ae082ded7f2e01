//! A run of the Python test bench as inputs and outputs of the emitted top: what `verify` replays in other simulators,
//! and what a recorded test bench applies and expects.

use num_bigint::BigInt;
use pyhdl_diag::{Diagnostic, Span};
use pyhdl_emit::{Emitted, EmittedPort};
use pyhdl_flow::{PortSpec, Step, VhdlPort};
use pyhdl_ir::{
    Design, Direction, ExprKind, ProcessKind, SignalId, StmtKind, Trigger, for_each_node, for_each_stmt,
};
use pyhdl_python::Recording;
use pyhdl_sim::Value;

use crate::load::Loaded;
use crate::report::Reporter;
use crate::{Stop, codes};

/// What happened at the ports of a design under its test bench.
pub struct Recorded {
    /// In the order of the design's ports.
    signals: Vec<SignalId>,
    recording: Recording,
}

/// The same in the order and the bits of emitted ports.
pub struct Applied {
    pub ports: Vec<PortSpec>,
    pub steps: Vec<Step>,
    /// For each step what each output has at its end, in the order of the ports.
    pub expected: Vec<Vec<String>>,
}

/// An error where nothing drives the design.
pub fn has_bench(loaded: &Loaded) -> Result<(), Stop> {
    let root = loaded.elaboration.lowered.design.top();
    if loaded.scope == root {
        return Err(Stop::Diagnostic(Box::new(
            Diagnostic::error(
                codes::NO_TOP,
                format!("nothing drives `{}`", loaded.elaboration.lowered.design.scopes[root].block),
            )
            .help("write a test bench that instantiates it, or record one with --top INSTANCE"),
        )));
    }
    Ok(())
}

/// Refuses designs with modules that no tool here has.
pub fn whole(emitted: &[Emitted]) -> Result<(), Stop> {
    let found = emitted.iter().find_map(|e| Some((e, e.outside.first()?)));
    let Some((emitted, module)) = found else { return Ok(()) };
    let vhdl = emitted.files.iter().any(|(name, _)| *name == format!("{}.vhd", emitted.top));
    let language = if vhdl { "VHDL" } else { "Verilog" };
    Err(Stop::Diagnostic(Box::new(
        Diagnostic::error(
            codes::NO_SOURCE,
            format!("the black box `{module}` has no {language} file, so the design cannot be run or proved"),
        )
        .help(format!("name a {language} file for it in files=, or take a language of which there is one")),
    )))
}

/// Whether a tool reads a file by itself, and not from another one.
pub fn is_source(file: &std::path::Path) -> bool {
    file.extension().is_none_or(|ending| ending != "vh" && ending != "svh")
}

/// Refuses what cannot be compared at the ports of the emitted tops.
pub fn comparable(loaded: &Loaded, emitted: &[Emitted], reporter: &mut Reporter) -> Result<(), Stop> {
    if let Some(port) = emitted.iter().flat_map(|e| &e.ports).find(|p| p.direction == Direction::InOut) {
        return Err(Stop::Diagnostic(Box::new(
            Diagnostic::error(
                codes::TRISTATE_PORT,
                format!(
                    "the port `{}` is driven from both sides, which a recording cannot tell apart",
                    port.name
                ),
            )
            .help("call verify_convert() on the test bench: it is simulated in the HDL as a whole"),
        )));
    }
    if !emitted.iter().any(|e| e.ports.iter().any(|p| p.direction != Direction::In)) {
        return Err(Stop::Diagnostic(Box::new(
            Diagnostic::error(codes::NOTHING_RECORDED, "the design has no output that could be compared")
                .help("let the test bench read a signal that the design drives"),
        )));
    }
    if let Some(at) = computes_with_time(&loaded.design) {
        let found = Diagnostic::error(codes::TIME_DEPENDENT, "the design computes with the simulation time")
            .at(at, "a recording is replayed at times of its own")
            .help("leave now() to prints and to the test bench");
        reporter.show(&found, loaded.sources());
        return Err(Stop::Reported);
    }
    Ok(())
}

impl Recorded {
    /// Runs the test bench.
    pub fn of(loaded: &Loaded) -> Result<Recorded, Stop> {
        let signals: Vec<SignalId> =
            loaded.design.scopes[loaded.design.top()].ports.iter().map(|p| p.signal).collect();
        let outer: Vec<SignalId> = signals.iter().map(|s| loaded.origin.signals[*s]).collect();
        let recording = loaded.interpreter.record(&loaded.elaboration, &outer)?;
        if recording.steps.is_empty() {
            return Err(Stop::Diagnostic(Box::new(
                Diagnostic::error(codes::NOTHING_RECORDED, "the test bench ended before anything happened")
                    .help("let the test bench drive the design for some time"),
            )));
        }
        Ok(Recorded { signals, recording })
    }

    /// The time at which the test bench ended.
    pub fn last_step(&self) -> u64 {
        self.recording.end
    }

    /// The inputs whose first value would be an edge for an HDL simulator at which the design does something, by their
    /// places among the emitted ports.
    pub fn first_edges(&self, design: &Design, emitted: &Emitted) -> Vec<usize> {
        let is_edge = |port: &EmittedPort| {
            let initial = self.signals.iter().zip(&self.recording.initial).find(|(s, _)| **s == port.signal);
            let is_zero = initial.is_none_or(|(_, value)| value.to_bigint() == BigInt::ZERO);
            design.processes.iter().any(|process| match &process.kind {
                ProcessKind::Sequential { clock, rising, .. } => *clock == port.signal && *rising != is_zero,
                ProcessKind::Triggered { triggers } => triggers.iter().any(|trigger| match trigger {
                    Trigger::Rising(s) => *s == port.signal && !is_zero,
                    Trigger::Falling(s) => *s == port.signal && is_zero,
                    _ => false,
                }),
                _ => false,
            })
        };
        let inputs = emitted.ports.iter().enumerate().filter(|(_, p)| p.direction == Direction::In);
        inputs.filter(|(_, port)| is_edge(port)).map(|(index, _)| index).collect()
    }

    /// The run at the ports of one emitted top.
    pub fn applied(&self, design: &Design, emitted: &Emitted) -> Applied {
        let (signals, recording) = (&self.signals, &self.recording);
        let ports: Vec<PortSpec> = emitted.ports.iter().map(|p| spec(design, p)).collect();
        // The recording is in the order of the design's ports; the HDL may list them otherwise.
        let place: Vec<Option<usize>> =
            signals.iter().map(|s| emitted.ports.iter().position(|p| p.signal == *s)).collect();
        let bits = |index: usize, value: &Value| to_bits(design, signals[index], value);
        let mut steps: Vec<Step> = recording
            .steps
            .iter()
            .map(|step| Step {
                time: step.time,
                groups: step
                    .deltas
                    .iter()
                    .map(|delta| {
                        delta
                            .iter()
                            .filter_map(|(index, value)| {
                                let port = place[*index].filter(|p| ports[*p].input)?;
                                Some((port, bits(*index, value)))
                            })
                            .collect::<Vec<_>>()
                    })
                    .filter(|group| !group.is_empty())
                    .collect(),
            })
            .collect();
        let first: Vec<(usize, String)> = recording
            .initial
            .iter()
            .enumerate()
            .filter_map(|(index, value)| {
                Some((place[index].filter(|p| ports[*p].input)?, bits(index, value)))
            })
            .collect();
        if let Some(step) = steps.first_mut()
            && !first.is_empty()
        {
            step.groups.insert(0, first);
        }
        let index = |port: &EmittedPort| signals.iter().position(|s| *s == port.signal);
        let outputs: Vec<usize> =
            emitted.ports.iter().filter(|p| p.direction != Direction::In).filter_map(index).collect();
        let settled = |step: &pyhdl_python::RecordedStep| {
            outputs.iter().map(|index| bits(*index, &step.settled[*index])).collect()
        };
        let expected = recording.steps.iter().map(settled).collect();
        Applied { ports, steps, expected }
    }
}

/// Where a design reads the simulation time for something else than a print.
fn computes_with_time(design: &Design) -> Option<Span> {
    let mut found = None;
    let processes = design.processes.iter().map(|p| &p.body);
    for body in processes.chain(design.functions.iter().map(|f| &f.body)) {
        for_each_stmt(body, &mut |stmt| {
            if matches!(stmt.kind, StmtKind::Print(_)) {
                return;
            }
            stmt.kind.for_each_expr(&mut |e| {
                for_each_node(e, &mut |node| {
                    if node.kind == ExprKind::Time {
                        found.get_or_insert(node.span);
                    }
                });
            });
        });
    }
    found
}

pub fn spec(design: &Design, port: &EmittedPort) -> PortSpec {
    let vhdl = match &port.enumeration {
        Some((id, type_name, literals)) => {
            let ty = &design.enums[*id];
            VhdlPort::Enum {
                type_name: type_name.clone(),
                literals: literals.clone(),
                codes: (0..ty.literals.len() as u32).map(|i| binary(&ty.code(i), ty.width())).collect(),
            }
        }
        None if port.is_bool => VhdlPort::StdLogic,
        None if port.signed => VhdlPort::Signed,
        None => VhdlPort::Unsigned,
    };
    PortSpec {
        name: port.name.clone(),
        input: port.direction == Direction::In,
        width: port.width,
        edge: waits_for_edge(design, port.signal),
        vhdl,
    }
}

/// Whether some process waits for an edge of the signal.
fn waits_for_edge(design: &Design, signal: SignalId) -> bool {
    design.processes.iter().any(|p| match &p.kind {
        ProcessKind::Sequential { clock, reset, .. } => {
            *clock == signal || reset.as_ref().is_some_and(|r| r.signal == signal && r.polarity.asynchronous)
        }
        ProcessKind::Triggered { triggers } => triggers.iter().any(
            |t| matches!(t, Trigger::Rising(s) | Trigger::Falling(s) | Trigger::Change(s) if *s == signal),
        ),
        _ => false,
    })
}

fn to_bits(design: &Design, signal: SignalId, value: &Value) -> String {
    match &design.signals[signal].ty {
        pyhdl_ir::StorageType::Enum(id) => {
            let ty = &design.enums[*id];
            let index = value.small().and_then(|i| u32::try_from(i).ok()).unwrap_or(0);
            binary(&ty.code(index), ty.width())
        }
        ty => {
            let width = ty.width().unwrap_or(1);
            binary(&value.clone().unsigned(width).to_bigint(), width)
        }
    }
}

pub fn binary(value: &BigInt, width: u32) -> String {
    format!("{:0>width$}", value.to_str_radix(2), width = width as usize)
}
