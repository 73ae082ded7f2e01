//! Processes and functions in Verilog.

use std::collections::HashSet;

use num_bigint::BigInt;
use pyhdl_diag::{Diagnostic, Span};
use pyhdl_ir::{Design, FunctionId, ProcessId, ProcessKind, Reset, SignalId, StorageType, Trigger};

use super::ModulePrinter;
use super::always::Form;
use super::body::Body;
use super::declare;
use crate::codes;
use crate::lines::Lines;
use crate::marks::strip;
use crate::own_reads::reads_too_early;
use crate::plan::{assignments, edges, needed, touches_signals};
use crate::vector::*;

type Printed<T> = Result<T, Box<Diagnostic>>;

/// A process that is continuous assignments; `None` for others.
pub(super) fn continuous(printer: &ModulePrinter, id: ProcessId) -> Option<Printed<String>> {
    let process = printer.process(id);
    let assigns = assignments(printer.plan.design, process)?;
    let mut out = Lines::at(1).from(process.span);
    if let Some(doc) = &process.doc {
        out.comment("//", doc);
    }
    let body =
        Body::new(printer.plan, &printer.module, &process.locals, &process.body, &printer.helpers, false);
    for (signal, value) in assigns {
        let text = printer.shape(signal).and_then(|shape| body.value(value, shape));
        match text {
            Ok(text) => {
                // Without an attribute: not all tools take one here.
                out.place(Some(value.span));
                let name = &printer.module.signal_names[&signal];
                out.line(format!("assign {name} = {text};"));
            }
            Err(problem) => return Some(Err(problem)),
        }
    }
    Some(Ok(out.into_text()))
}

pub(super) fn process(printer: &ModulePrinter, id: ProcessId) -> Printed<String> {
    let process = printer.process(id);
    let name = &printer.module.process_names[&id];
    let combinational = !matches!(&process.kind, ProcessKind::Sequential { .. } | ProcessKind::Thread)
        && !matches!(&process.kind, ProcessKind::Triggered { triggers } if edges(triggers).is_some());
    // In combinational logic, assignments take effect at once, unless the process reads back what it drives.
    let delayed = !combinational
        || !printer.plan.options.verilog.blocking
        || reads_too_early(printer.plan.design, process);
    let mut body =
        Body::new(printer.plan, &printer.module, &process.locals, &process.body, &printer.helpers, delayed)
            .keeping(id);
    let header = process.span;
    let mut statements = Lines::at(2).from(header);
    match &process.kind {
        ProcessKind::Sequential { reset: Some(reset), .. } => {
            statements.open(format!("if ({}) begin", reset_condition(printer, reset)));
            for target in &reset.targets {
                reset_target(printer, *target, &mut statements)?;
            }
            body.reset_kept(&mut statements)?;
            body.otherwise(&process.body, &mut statements)?;
            statements.close("end");
        }
        _ => body.block(&process.body, &mut statements)?,
    }
    let statements = statements.into_text();
    // Icarus Verilog wakes each `always_comb` that calls a function when another one calls it, without end.
    let by_itself = matches!(printer.plan.form(id), Form::Combinational | Form::Latch);
    let calls = by_itself && super::body::calls(&strip(&statements).0.replace("signed(", " ("));
    if calls {
        printer.woken.borrow_mut().extend(printer.plan.design.drives(process));
    }
    let mut out = Lines::at(1).from(header);
    body.kept_declarations(&mut out)?;
    if let Some(doc) = &process.doc {
        out.comment("//", doc);
    }
    // Such a process runs until nothing changes; immediate assignments would hide a change from it.
    let (off, on) = if combinational && delayed { LINT } else { ("", "") };
    let attribute = declare::attribute(printer.plan, process.span);
    out.open(format!("{attribute}{} begin : {name}", event(printer, id, calls)?));
    body.declarations(0, &mut out)?;
    let settled = if printer.plan.settled.contains(&id) { SETTLED } else { "" };
    let mut end = Lines::at(1).from(header);
    end.line("end");
    let (head, body, end) = (out.into_text(), statements, end.into_text());
    Ok(format!("{off}{head}{settled}{body}{end}{on}"))
}

/// Waits until combinational logic has settled. Verilator runs it in the order of its dependencies, and takes no delays
/// without being told to.
const SETTLED: &str = "`ifndef VERILATOR\n    #0;\n`endif\n";

/// Around combinational logic with delayed assignments, which Verilator warns of.
const LINT: (&str, &str) = ("  // verilator lint_off COMBDLY\n", "  // verilator lint_on COMBDLY\n");

/// What starts a process: `always @(posedge clk)`.
fn event(printer: &ModulePrinter, id: ProcessId, calls: bool) -> Printed<String> {
    let process = printer.process(id);
    let design = printer.plan.design;
    let name = |s: &SignalId| printer.module.signal_names[s].as_str();
    let always = if printer.plan.form(id) == Form::FlipFlop { "always_ff" } else { "always" };
    Ok(match &process.kind {
        ProcessKind::Combinational { .. } | ProcessKind::Continuous { .. }
            if printer.plan.form(id) == Form::Combinational && !calls =>
        {
            "always_comb".to_owned()
        }
        ProcessKind::Combinational { .. } | ProcessKind::Continuous { .. }
            if printer.plan.form(id) == Form::Latch && !calls =>
        {
            "always_latch".to_owned()
        }
        ProcessKind::Sequential { clock, rising, reset } => {
            one_bit(printer, *clock, process.span)?;
            let edge = |rising: bool| if rising { "posedge" } else { "negedge" };
            let mut event = format!("{always} @({} {}", edge(*rising), name(clock));
            if let Some(reset) = reset
                && reset.polarity.asynchronous
            {
                event.push_str(&format!(" or {} {}", edge(reset.polarity.active_high), name(&reset.signal)));
            }
            event + ")"
        }
        ProcessKind::Triggered { triggers } => {
            for (signal, _) in edges(triggers).into_iter().flatten() {
                one_bit(printer, signal, process.span)?;
            }
            format!("{always} @({})", events(triggers, |s| printer.module.place(printer.plan, s)))
        }
        ProcessKind::Combinational { sensitivity } | ProcessKind::Continuous { sensitivity } => {
            let calls = crate::plan::called(design, &process.body);
            let hidden = calls.iter().any(|f| touches_signals(design, &design.functions[*f]));
            if sensitivity.is_empty() {
                "initial".to_owned()
            } else if hidden
                || printer.plan.options.verilog.sensitivity_lists
                || super::reads::remain(&process.body)
            {
                // `@*` does not see what functions read, and not into arrays.
                let needed = needed(design, process, sensitivity);
                let names: Vec<String> =
                    needed.into_iter().map(|s| printer.module.place(printer.plan, s)).collect();
                format!("always @({})", names.join(" or "))
            } else {
                "always @*".to_owned()
            }
        }
        ProcessKind::Thread | ProcessKind::Opaque { .. } => "initial".to_owned(),
    })
}

/// What follows `@`.
pub(super) fn events(triggers: &[Trigger], name: impl Fn(SignalId) -> String) -> String {
    let words = triggers.iter().filter_map(|trigger| match trigger {
        Trigger::Rising(s) => Some(format!("posedge {}", name(*s))),
        Trigger::Falling(s) => Some(format!("negedge {}", name(*s))),
        Trigger::Change(s) => Some(name(*s)),
        Trigger::Delay(_) => None,
    });
    words.collect::<Vec<_>>().join(" or ")
}

/// An edge of a vector is the edge of its lowest bit in Verilog, but of the whole in Python.
fn one_bit(printer: &ModulePrinter, signal: SignalId, span: Span) -> Printed<()> {
    if printer.shape(signal)?.vector(printer.plan.design).width == 1 {
        return Ok(());
    }
    Err(crate::wide_edge(&printer.plan.design.signals[signal].name, span))
}

fn reset_condition(printer: &ModulePrinter, reset: &Reset) -> String {
    let name = &printer.module.signal_names[&reset.signal];
    let wide = !matches!(printer.plan.design.signals[reset.signal].ty, StorageType::Bool);
    match (reset.polarity.active_high, wide) {
        (true, false) => name.clone(),
        (false, false) => format!("!{name}"),
        (true, true) => format!("{name} != 0"),
        (false, true) => format!("{name} == 0"),
    }
}

fn reset_target(printer: &ModulePrinter, target: SignalId, out: &mut Lines) -> Printed<()> {
    let shape = printer.shape(target)?;
    let init: &BigInt = &printer.plan.design.signals[target].init;
    out.line(format!(
        "{} <= {};",
        printer.module.place(printer.plan, target),
        printer.constant_of(init, shape)
    ));
    Ok(())
}

/// The functions that some process calls whose assignments take effect when it has ended; in all others they take
/// effect at once.
pub(super) fn delayed_tasks(design: &Design, blocking: bool) -> HashSet<FunctionId> {
    let mut delayed = HashSet::new();
    for process in &design.processes {
        let combinational = blocking && matches!(process.kind, ProcessKind::Combinational { .. });
        if !combinational || reads_too_early(design, process) {
            delayed.extend(crate::plan::called(design, &process.body));
        }
    }
    delayed
}

/// A function or a task.
pub(super) fn function(printer: &ModulePrinter, id: FunctionId) -> Printed<String> {
    let design = printer.plan.design;
    let function = &design.functions[id];
    let name = &printer.module.function_names[&id];
    let result = match &function.returns {
        Some(ty) => Some(Shape::of_type(ty).ok_or_else(|| {
            Box::new(
                Diagnostic::error(
                    codes::UNBOUNDED,
                    format!("`{}` returns a value without bounds", function.name),
                )
                .at(function.span, "this function")
                .help("give the result a width: return intbv(x)[8:]"),
            )
        })?),
        None => None,
    };
    if result.is_some() && !design.body_uses(&function.body).drives.is_empty() {
        return Err(crate::driving_function(function));
    }
    let delayed = printer.delayed.contains(&id);
    let mut body =
        Body::new(printer.plan, &printer.module, &function.locals, &function.body, &printer.helpers, delayed)
            .returning(name, result);
    let mut inputs = Vec::new();
    for (local_id, local) in function.locals.iter_enumerated().take(function.params as usize) {
        let shape =
            Shape::of_storage(&local.ty).ok_or_else(|| super::unsized_signal(&local.name, function.span))?;
        let direction = if local.inout { "inout" } else { "input" };
        let kind = declare::value(printer.plan, &printer.module, shape);
        inputs.push(format!("{direction} {kind}{}", body.local_name(local_id)));
    }
    let mut statements = Lines::at(3).from(function.span);
    body.block(&function.body, &mut statements)?;
    let mut out = Lines::at(1).from(function.span);
    if let Some(doc) = &function.doc {
        out.comment("//", doc);
    }
    let end = match result {
        Some(shape) => {
            if inputs.is_empty() {
                inputs.push("input nothing_unused".to_owned());
            }
            let kind = declare::value(printer.plan, &printer.module, shape);
            out.open(format!("function automatic {kind}{name}({});", inputs.join(", ")));
            "endfunction"
        }
        None => {
            let inputs = if inputs.is_empty() { String::new() } else { format!("({})", inputs.join(", ")) };
            out.open(format!("task automatic {name}{inputs};"));
            "endtask"
        }
    };
    let statements = statements.into_text();
    // No named block: Icarus Verilog 11 loses the reads of the module's memories where an automatic function has one.
    body.declarations(function.params, &mut out)?;
    out.open("begin");
    let mut ends = Lines::at(3).from(function.span);
    ends.close("end");
    ends.close(end);
    Ok(format!("{}{statements}{}", out.into_text(), ends.into_text()))
}
