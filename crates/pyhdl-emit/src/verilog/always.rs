//! What starts a process in SystemVerilog: `always_comb`, `always_latch` and `always_ff` say what hardware it is, and
//! tools check that. They are used where that is certain; everything else stays an `always` as in Verilog.

use std::collections::{HashMap, HashSet};

use oxc_index::IndexVec;
use pyhdl_ir::{
    Block, Design, MemoryId, Place, Process, ProcessId, ProcessKind, SignalId, StmtKind, for_each_stmt,
};

use crate::own_reads::{always_assigned, reads_too_early};
use crate::plan::{assignments, called, edges, touches_signals};
use crate::storage::Arrays;
use crate::{EmitOptions, Language};

/// The keyword of a process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// Verilog's `always` and `initial`.
    Plain,
    /// Runs at the start by itself, and gives everything it drives a value on every way through.
    Combinational,
    /// Runs at the start by itself, and remembers.
    Latch,
    FlipFlop,
}

/// The forms of all processes.
pub(super) fn forms(
    design: &Design,
    arrays: &Arrays,
    settled: &HashSet<ProcessId>,
    language: Language,
    options: &EmitOptions,
) -> IndexVec<ProcessId, Form> {
    let count = design.processes.len();
    if language != Language::SystemVerilog {
        return std::iter::repeat_n(Form::Plain, count).collect();
    }
    let driven: IndexVec<ProcessId, HashSet<Driven>> =
        design.processes.iter().map(|process| driven(design, arrays, process)).collect();
    let mut writers: HashMap<Driven, u32> = HashMap::new();
    for place in driven.iter().flatten() {
        *writers.entry(*place).or_default() += 1;
    }
    let alone = |id: ProcessId| {
        driven[id].iter().all(|place| match place {
            // An `initial` gives an array its contents, and so is a second writer.
            Driven::Array(_) => false,
            Driven::Signal(signal) => writers[place] == 1 && !design.signals[*signal].floating,
        })
    };
    design
        .processes
        .iter_enumerated()
        .map(|(id, process)| {
            let candidate = !settled.contains(&id)
                && !options.user_code.contains_key(&id)
                && !waits_or_loops(design, process)
                && process.locals.iter().all(|local| local.init.is_none() || local.length.is_none())
                && alone(id);
            if candidate { form(design, process, options) } else { Form::Plain }
        })
        .collect()
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Driven {
    Signal(SignalId),
    Array(MemoryId),
}

fn driven(design: &Design, arrays: &Arrays, process: &Process) -> HashSet<Driven> {
    design
        .drives(process)
        .into_iter()
        .map(|signal| match arrays.element(process.scope, signal) {
            Some((memory, _)) => Driven::Array(memory),
            None => Driven::Signal(signal),
        })
        .collect()
}

/// Whether a process waits in the middle, or runs a loop of which nobody knows how often: tools take neither for
/// hardware.
fn waits_or_loops(design: &Design, process: &Process) -> bool {
    let mut found = false;
    let mut look = |body: &Block| {
        for_each_stmt(body, &mut |stmt| {
            found |= matches!(stmt.kind, StmtKind::Wait(_) | StmtKind::While { .. });
        });
    };
    look(&process.body);
    called(design, &process.body).iter().for_each(|function| look(&design.functions[*function].body));
    found
}

fn form(design: &Design, process: &Process, options: &EmitOptions) -> Form {
    match &process.kind {
        ProcessKind::Sequential { .. } => Form::FlipFlop,
        ProcessKind::Triggered { triggers } if edges(triggers).is_some() => Form::FlipFlop,
        ProcessKind::Combinational { sensitivity } | ProcessKind::Continuous { sensitivity } => {
            let hidden = called(design, &process.body)
                .iter()
                .any(|function| touches_signals(design, &design.functions[*function]));
            if sensitivity.is_empty()
                || hidden
                || options.verilog.sensitivity_lists
                || !options.verilog.blocking
                || super::reads::remain(&process.body)
                || process.locals.iter().any(|local| local.init.is_some())
                || assignments(design, process).is_some()
                || reads_too_early(design, process)
            {
                return Form::Plain;
            }
            let assigned = always_assigned(design, process);
            let drives = design.drives(process);
            if drives.is_empty() {
                Form::Plain
            } else if drives.iter().all(|signal| assigned.contains(signal)) {
                Form::Combinational
            } else if whole(process) {
                Form::Latch
            } else {
                Form::Plain
            }
        }
        _ => Form::Plain,
    }
}

/// Whether a process assigns whole signals only, and none in a loop: then it is known on which ways it does.
fn whole(process: &Process) -> bool {
    let mut whole = true;
    for_each_stmt(&process.body, &mut |stmt| match &stmt.kind {
        StmtKind::Assign { target, .. } => {
            whole &= target.part.is_none() || !matches!(target.place, Place::Signal(_));
        }
        StmtKind::For { .. } | StmtKind::While { .. } => whole = false,
        _ => {}
    });
    whole
}
