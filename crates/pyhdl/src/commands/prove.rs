//! `pyhdl prove`: the emitted Verilog against the emitted VHDL, for all inputs.

use std::io::Write;
use std::path::PathBuf;

use pyhdl_diag::Diagnostic;
use pyhdl_emit::Emitted;
use pyhdl_flow::{
    FlowError, Limits, PortSpec, PortValues, Proof, ProofPort, Proved, Replay, Side, Step, Tool, Verdict,
};
use pyhdl_ir::{Design, Direction, SignalId, StorageType};
use pyhdl_python::Failure;

use crate::commands::{emit, verify};
use crate::folder::Folder;
use crate::load::{self, Loaded};
use crate::progress::Progress;
use crate::report::Reporter;
use crate::{Stop, cli, codes, output, recorded};

pub fn run(args: &cli::Prove, reporter: &mut Reporter) -> Result<(), Stop> {
    for tool in [Tool::Ghdl, Tool::Yosys] {
        tool.find().map_err(|d| Stop::Missing(Box::new(d)))?;
    }
    let loaded = load::load(&args.design)?;
    let emitted = emit::emit(
        &loaded,
        &[cli::verilog(args.sv), args.std.language()],
        emit::Choices::default(),
        reporter,
    )?;
    let [verilog, vhdl] = &emitted[..] else { return Err(Stop::Reported) };
    recorded::whole(&emitted)?;
    let design = &loaded.design;
    let mut ports = Vec::new();
    for port in &verilog.ports {
        let Some(other) = vhdl.ports.iter().find(|p| p.signal == port.signal) else { continue };
        if port.direction == Direction::InOut {
            let message = format!("the port `{}` is driven from both sides", port.name);
            return Err(Stop::Diagnostic(Box::new(
                Diagnostic::error(codes::TRISTATE_PORT, message)
                    .help("prove the blocks inside, with --top INSTANCE"),
            )));
        }
        ports.push(ProofPort {
            verilog: port.name.clone(),
            vhdl: other.name.clone(),
            input: port.direction == Direction::In,
            width: port.width,
            values: values(design, port.signal, port.width),
            initial: (port.direction == Direction::Out).then(|| initial(design, port.signal, port.width)),
        });
    }
    if ports.iter().all(|port| port.input) {
        return Err(Stop::Diagnostic(Box::new(
            Diagnostic::error(codes::NOTHING_RECORDED, "the design has no output that could be compared")
                .help("choose a block with outputs, with --top NAME"),
        )));
    }
    let folder = Folder::new(args.keep.as_deref())?;
    let (verilog_files, vhdl_files) = (files(verilog, &folder)?, files(vhdl, &folder)?);
    let proof = Proof {
        verilog: Side { top: &verilog.top, files: &verilog_files },
        vhdl: Side { top: &vhdl.top, files: &vhdl_files },
        ports: &ports,
        seconds: args.seconds,
    };
    let outputs = ports.iter().filter(|port| !port.input).count();
    let most = u64::from(args.seconds) * (outputs as u64 + 1) + 600;
    let working = Progress::start(format!("Yosys: proving {}", verify::counted(outputs, "output")));
    let interrupted = || loaded.interpreter.interrupted();
    let limits = Limits { interrupted: &interrupted, timeout: std::time::Duration::from_secs(most) };
    let proved = pyhdl_flow::prove(&proof, folder.path(), limits).map_err(|e| match e {
        FlowError::Interrupted => Stop::Python(Failure::Interrupted),
        other => Stop::Diagnostic(Box::new(other.diagnostic())),
    })?;
    drop(working);
    let (mut misread, mut unconfirmed) = (Vec::new(), Vec::new());
    for (port, verdict) in &proved.verdicts {
        if *verdict != Verdict::Different {
            continue;
        }
        let example = proved.examples.iter().find(|(output, _)| output == port).map(|(_, inputs)| inputs);
        // With registers it takes a sequence of inputs, which nobody has looked at in a simulation.
        let Some(inputs) = example else {
            unconfirmed.push(ports[*port].verilog.as_str());
            continue;
        };
        if simulated(&loaded, [verilog, vhdl], [&verilog_files, &vhdl_files], &ports, inputs, *port, &folder)?
        {
            misread.push(ports[*port].verilog.as_str());
            continue;
        }
        reporter.show(
            &difference(&loaded, verilog, &ports[*port].verilog, proved.said.as_deref()),
            loaded.sources(),
        );
        return Err(Stop::Reported);
    }
    report(&proved, &ports, &misread, &unconfirmed, args.seconds);
    Ok(())
}

/// Whether an output is the same in simulations of both languages with these inputs: then GHDL's netlist is at fault.
fn simulated(
    loaded: &Loaded,
    emitted: [&Emitted; 2],
    files: [&[PathBuf]; 2],
    ports: &[ProofPort],
    inputs: &[(usize, String)],
    output: usize,
    folder: &Folder,
) -> Result<bool, Stop> {
    let mut found = Vec::new();
    for ((tool, emitted), files) in [Tool::Icarus, Tool::Ghdl].into_iter().zip(emitted).zip(files) {
        let place = |port: usize| {
            let name = |p: &pyhdl_emit::EmittedPort| match tool {
                Tool::Ghdl => p.name == ports[port].vhdl,
                _ => p.name == ports[port].verilog,
            };
            emitted.ports.iter().position(name)
        };
        let specs: Vec<PortSpec> =
            emitted.ports.iter().map(|port| recorded::spec(&loaded.design, port)).collect();
        let mut group = Vec::new();
        for (index, spec) in specs.iter().enumerate().filter(|(_, spec)| spec.input) {
            let known = inputs.iter().find(|(port, _)| place(*port) == Some(index));
            let bits = known.map_or_else(|| "0".repeat(spec.width as usize), |(_, bits)| bits.clone());
            group.push((index, bits));
        }
        let steps = [Step { time: 0, groups: vec![group] }];
        let replay = Replay {
            top: &emitted.top,
            files,
            ports: &specs,
            package: emitted.package.as_deref(),
            steps: &steps,
        };
        let samples = pyhdl_flow::replay(tool, &replay, folder.path())
            .map_err(|e| Stop::Diagnostic(Box::new(e.diagnostic())))?;
        let outputs: Vec<usize> = (0..specs.len()).filter(|index| !specs[*index].input).collect();
        let position = place(output).and_then(|index| outputs.iter().position(|o| *o == index));
        found.push(position.and_then(|at| Some(samples.first()?.outputs[at].clone())));
    }
    Ok(found[0] == found[1])
}

fn report(proved: &Proved, ports: &[ProofPort], misread: &[&str], unconfirmed: &[&str], seconds: u32) {
    let named = |wanted: &dyn Fn(Verdict) -> bool| -> String {
        let some = proved.verdicts.iter().filter(|(_, verdict)| wanted(*verdict));
        some.map(|(port, _)| ports[*port].verilog.as_str()).collect::<Vec<_>>().join(", ")
    };
    let cycles = proved.verdicts.iter().find_map(|(_, verdict)| match verdict {
        Verdict::EqualForCycles(cycles) => Some(*cycles),
        _ => None,
    });
    let equal = proved.verdicts.iter().filter(|(_, verdict)| *verdict == Verdict::Equal).count();
    let bounded = named(&|verdict| matches!(verdict, Verdict::EqualForCycles(_)));
    let undecided = named(&|verdict| verdict == Verdict::Undecided);
    let mut out = std::io::stdout().lock();
    let outputs = verify::counted(proved.verdicts.len(), "output");
    // A closed standard output is nobody's loss.
    let _ = writeln!(out, "Yosys: {equal} of {outputs} proved equal");
    if let Some(cycles) = cycles {
        let _ = writeln!(out, "Yosys: equal for {cycles} clock cycles from power-up: {bounded}");
    }
    if !undecided.is_empty() {
        let _ = writeln!(out, "Yosys: undecided after {seconds} s each: {undecided}");
    }
    if !unconfirmed.is_empty() {
        let names = unconfirmed.join(", ");
        let _ = writeln!(out, "Yosys: not proved, GHDL's netlist differs from the Verilog: {names}");
    }
    if !misread.is_empty() {
        let names = misread.join(", ");
        let _ = writeln!(out, "Yosys: not proved, since GHDL's netlist is not what GHDL simulates: {names}");
    }
}

fn files(emitted: &Emitted, folder: &Folder) -> Result<Vec<PathBuf>, Stop> {
    let files = output::write_all(folder.path(), &emitted.files)?;
    Ok(files.into_iter().map(|f| std::path::absolute(&f).unwrap_or(f)).collect())
}

/// What the design is made for.
fn values(design: &Design, signal: SignalId, width: u32) -> PortValues {
    match &design.signals[signal].ty {
        StorageType::Enum(id) => {
            let ty = &design.enums[*id];
            let codes = (0..ty.literals.len() as u32).map(|i| recorded::binary(&ty.code(i), ty.width()));
            PortValues::Literals(codes.collect())
        }
        StorageType::Bits(bits) => {
            let signed = bits.is_signed();
            let literal = |value: num_bigint::BigInt| {
                let sign = if value.sign() == num_bigint::Sign::Minus { "-" } else { "" };
                // One more bit: the size of the smallest number does not fit in its own width.
                format!("{sign}{}'{}d{}", width + 1, if signed { "s" } else { "" }, value.magnitude())
            };
            let last = bits.range().hi.unwrap_or_default();
            PortValues::Between { signed, low: literal(bits.min.clone()), high: literal(last) }
        }
        _ => PortValues::Between { signed: false, low: "1'd0".to_owned(), high: "1'd1".to_owned() },
    }
}

/// The value at power-up; of an enumeration, the literal's position.
fn initial(design: &Design, signal: SignalId, width: u32) -> String {
    let value = &design.signals[signal].init;
    let width = match &design.signals[signal].ty {
        StorageType::Enum(id) => (design.enums[*id].literals.len().max(2) - 1).ilog2() + 1,
        _ => width,
    };
    let low = num_bigint::BigInt::from(1) << width;
    let bits = if value.sign() == num_bigint::Sign::Minus { value + low } else { value.clone() };
    format!("{width}'b{}", recorded::binary(&bits, width))
}

fn difference(loaded: &Loaded, verilog: &Emitted, name: &str, example: Option<&str>) -> Diagnostic {
    let mut message = format!("`{name}` is not the same in Verilog and in VHDL");
    if let Some(example) = example {
        message.push_str(&format!("\n{example}"));
    }
    let diagnostic =
        Diagnostic::error(codes::DIFFERENCE, message).help("this is a fault of pyhdl; please report it");
    let signal = verilog.ports.iter().find(|p| p.name == name).map(|p| p.signal);
    match signal.and_then(|signal| loaded.design.driver(signal)) {
        Some(span) => diagnostic.at(span, "driven here"),
        None => diagnostic,
    }
}
