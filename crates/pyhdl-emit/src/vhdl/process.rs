//! Processes and functions in VHDL.

use std::collections::HashSet;

use pyhdl_diag::{Diagnostic, Span};
use pyhdl_ir::{
    Block, CompareOp, Expr, ExprKind, FunctionId, Process, ProcessId, ProcessKind, Reset, SignalId, Stmt,
    StmtKind, UnaryOp,
};

use super::ArchitecturePrinter;
use super::body::Body;
use super::type_name;
use crate::lines::Lines;
use crate::plan::{assignments, called, edges, has_return, leaves, needed, touches_signals};
use crate::prepare::is_true;
use crate::vector::*;
use crate::{Language, codes};

type Printed<T> = Result<T, Box<Diagnostic>>;

/// A process that is concurrent assignments; `None` for others.
pub(super) fn concurrent(printer: &ArchitecturePrinter, id: ProcessId) -> Option<Printed<String>> {
    let process = printer.process(id);
    let assigns = assignments(printer.plan.design, process)?;
    let mut out = Lines::at(1).from(process.span);
    if let Some(doc) = &process.doc {
        out.comment("--", doc);
    }
    let body = printer.body(&process.locals, &process.body);
    for (signal, value) in assigns {
        let text = printer.shape(signal).and_then(|shape| body.waveform(value, shape));
        match text {
            Ok(text) => {
                out.place(Some(value.span));
                out.line(format!("{} <= {text};", printer.module.signal_names[&signal]));
            }
            Err(problem) => return Some(Err(problem)),
        }
    }
    Some(Ok(out.into_text()))
}

pub(super) fn process(printer: &ArchitecturePrinter, id: ProcessId) -> Printed<String> {
    let process = printer.process(id);
    let design = printer.plan.design;
    let name = &printer.module.process_names[&id];
    let mut body = printer.body(&process.locals, &process.body);
    let header = process.span;
    let mut statements = Lines::at(2).from(header);
    let list = sensitivity(printer, process)?;
    match &process.kind {
        ProcessKind::Sequential { clock, rising, reset } => {
            let edge = printer.edge(*clock, *rising, process.span)?;
            match reset {
                Some(reset) if reset.polarity.asynchronous => {
                    statements.open(format!("if {} then", reset_condition(printer, reset)));
                    reset_targets(printer, reset, &mut statements)?;
                    body.reset_kept(&mut statements)?;
                    if reset.targets.is_empty() && process.locals.iter().all(|local| local.init.is_none()) {
                        statements.line("null;");
                    }
                    statements.turn(format!("elsif {edge} then"));
                    activation(&mut body, &process.body, &mut statements)?;
                    statements.close("end if;");
                }
                Some(reset) => {
                    statements.open(format!("if {edge} then"));
                    statements.open(format!("if {} then", reset_condition(printer, reset)));
                    reset_targets(printer, reset, &mut statements)?;
                    body.reset_kept(&mut statements)?;
                    if reset.targets.is_empty() && process.locals.iter().all(|local| local.init.is_none()) {
                        statements.line("null;");
                    }
                    if has_return(&process.body) {
                        statements.turn("else");
                        activation(&mut body, &process.body, &mut statements)?;
                    } else {
                        body.otherwise(&process.body, &mut statements)?;
                    }
                    statements.close("end if;");
                    statements.close("end if;");
                }
                None => {
                    statements.open(format!("if {edge} then"));
                    activation(&mut body, &process.body, &mut statements)?;
                    statements.close("end if;");
                }
            }
        }
        ProcessKind::Triggered { triggers } => match edges(triggers) {
            Some(edges) => {
                if let Some((condition, at_reset, clock, otherwise)) = asynchronous_reset(process, &edges) {
                    // The form that synthesis tools know: the reset first, then the clock.
                    statements.open(format!("if {} then", body.condition(condition)?));
                    body.block(at_reset, &mut statements)?;
                    statements.turn(format!("elsif {} then", printer.edge(clock.0, clock.1, process.span)?));
                    activation(&mut body, otherwise, &mut statements)?;
                } else {
                    let conditions: Vec<String> = edges
                        .iter()
                        .map(|(signal, rising)| printer.edge(*signal, *rising, process.span))
                        .collect::<Printed<_>>()?;
                    statements.open(format!("if {} then", conditions.join(" or ")));
                    activation(&mut body, &process.body, &mut statements)?;
                }
                statements.close("end if;");
            }
            None => activation(&mut body, &process.body, &mut statements)?,
        },
        _ => activation(&mut body, &process.body, &mut statements)?,
    }
    if list.is_empty() && !never_ends(&process.body) {
        statements.line("wait;");
    }
    let mut out = Lines::at(1).from(header);
    if let Some(doc) = &process.doc {
        out.comment("--", doc);
    }
    let postponed = if printer.plan.settled.contains(&id) { "postponed " } else { "" };
    out.open(format!("{name} : {postponed}process{list} is"));
    // Procedures see the signals that they drive only from inside the process.
    for function in called(design, &process.body) {
        if design.functions[function].returns.is_none() {
            let around = out.place(None);
            for line in self::function(printer, function)?.lines() {
                out.line(line.strip_prefix("  ").unwrap_or(line));
            }
            out.place(around);
        }
    }
    body.declarations(&[], &mut out)?;
    out.close("begin");
    let mut end = Lines::at(1).from(header);
    end.line(format!("end {postponed}process {name};"));
    Ok(format!("{}{}{}", out.into_text(), statements.into_text(), end.into_text()))
}

/// Whether a body ends in an endless loop.
fn never_ends(body: &Block) -> bool {
    match body.last().map(|s| &s.kind) {
        Some(StmtKind::While { condition, body }) => {
            is_true(condition) && !leaves(body).0 && !has_return(body)
        }
        _ => false,
    }
}

/// The statements of one activation; in a loop of one round where a `return` leaves them early.
fn activation(body: &mut Body, block: &Block, out: &mut Lines) -> Printed<()> {
    if !has_return(block) {
        body.block(block, out)?;
        if block.iter().all(|s| matches!(s.kind, StmtKind::Comment(_))) {
            out.line("null;");
        }
        return Ok(());
    }
    let label = body.take("activation");
    let once = body.take("once");
    body.leaving(label.clone());
    out.open(format!("{label} : for {once} in 0 to 0 loop"));
    body.block(block, out)?;
    out.close("end loop;");
    Ok(())
}

/// ` (clk, rst)`; empty for a process that runs once.
fn sensitivity(printer: &ArchitecturePrinter, process: &Process) -> Printed<String> {
    let design = printer.plan.design;
    let name = |s: &SignalId| printer.visible(*s);
    let list = |names: Vec<String>| {
        let mut seen = HashSet::new();
        let unique: Vec<String> = names.into_iter().filter(|name| seen.insert(name.clone())).collect();
        if unique.is_empty() { String::new() } else { format!(" ({})", unique.join(", ")) }
    };
    Ok(match &process.kind {
        ProcessKind::Sequential { clock, reset, .. } => {
            let mut names = vec![name(clock)];
            names.extend(reset.iter().filter(|r| r.polarity.asynchronous).map(|r| name(&r.signal)));
            list(names)
        }
        ProcessKind::Triggered { triggers } => {
            list(triggers.iter().filter_map(pyhdl_ir::trigger_signal).map(|s| name(&s)).collect())
        }
        ProcessKind::Combinational { sensitivity } | ProcessKind::Continuous { sensitivity } => {
            let calls = called(design, &process.body);
            if sensitivity.is_empty() {
                String::new()
            } else if printer.plan.language == Language::Vhdl93
                || calls.iter().any(|f| touches_signals(design, &design.functions[*f]))
            {
                let needed = needed(design, process, sensitivity);
                list(needed.iter().filter(|s| !printer.is_constant(**s)).map(name).collect())
            } else {
                " (all)".to_owned()
            }
        }
        ProcessKind::Thread | ProcessKind::Opaque { .. } => String::new(),
    })
}

fn reset_condition(printer: &ArchitecturePrinter, reset: &Reset) -> String {
    let name = &printer.module.signal_names[&reset.signal];
    let bit = matches!(printer.plan.design.signals[reset.signal].ty, pyhdl_ir::StorageType::Bool);
    match (reset.polarity.active_high, bit) {
        (true, true) => format!("{name} = '1'"),
        (false, true) => format!("{name} = '0'"),
        (true, false) => format!("{name} /= 0"),
        (false, false) => format!("{name} = 0"),
    }
}

fn reset_targets(printer: &ArchitecturePrinter, reset: &Reset, out: &mut Lines) -> Printed<()> {
    for target in &reset.targets {
        let shape = printer.shape(*target)?;
        let init = &printer.plan.design.signals[*target].init;
        let place = match printer.plan.arrays.element(printer.module.scope, *target) {
            Some((memory, position)) => format!("{}({position})", printer.module.memory_names[&memory]),
            None => printer.module.signal_names[target].clone(),
        };
        out.line(format!("{place} <= {};", printer.constant_of(init, shape)));
    }
    Ok(())
}

/// The parts of a process like `@always(clk.posedge, rst.negedge)` whose body is `if rst == 0: … else: …`, with
/// constants in the first branch: condition, first branch, clock edge, second branch.
type ResetForm<'a> = (&'a Expr, &'a Block, (SignalId, bool), &'a Block);

fn asynchronous_reset<'a>(process: &'a Process, edges: &[(SignalId, bool)]) -> Option<ResetForm<'a>> {
    let [a, b] = edges else { return None };
    let mut statements = process.body.iter().filter(|s| !matches!(s.kind, StmtKind::Comment(_)));
    let (Some(Stmt { kind: StmtKind::If { arms, otherwise }, .. }), None) =
        (statements.next(), statements.next())
    else {
        return None;
    };
    let [(condition, at_reset)] = &arms[..] else { return None };
    let (signal, level) = tested(condition)?;
    let (reset, clock) = if a.0 == signal { (a, b) } else { (b, a) };
    let constants = at_reset.iter().all(|s| match &s.kind {
        StmtKind::Assign { target, value } => {
            target.part.is_none() && matches!(value.kind, ExprKind::Const(_) | ExprKind::EnumLiteral(..))
        }
        StmtKind::Comment(_) => true,
        _ => false,
    });
    (reset.0 == signal && reset.1 == level && clock.0 != signal && constants && !at_reset.is_empty())
        .then_some((condition, at_reset, *clock, otherwise))
}

/// The signal whose level a condition tests, and the level.
fn tested(condition: &Expr) -> Option<(SignalId, bool)> {
    match &condition.kind {
        ExprKind::Signal(id) => Some((*id, true)),
        ExprKind::Truth(inner) => tested(inner),
        ExprKind::Unary(UnaryOp::Not, inner) => tested(inner).map(|(s, level)| (s, !level)),
        ExprKind::Compare(op @ (CompareOp::Eq | CompareOp::Ne), a, b) => {
            let (ExprKind::Signal(id), ExprKind::Const(value)) = (&a.kind, &b.kind) else { return None };
            let one = if *value == 1.into() {
                true
            } else if *value == 0.into() {
                false
            } else {
                return None;
            };
            Some((*id, one == (*op == CompareOp::Eq)))
        }
        _ => None,
    }
}

/// A function or a procedure, indented for an architecture.
pub(super) fn function(printer: &ArchitecturePrinter, id: FunctionId) -> Printed<String> {
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
    let mut body = printer
        .body(&function.locals, &function.body)
        .returning(result)
        .speculative(printer.speculative.contains(&id));
    let given = body.parameters(function.params);
    let mut params = Vec::new();
    for (local, name) in function.locals.iter().zip(&given) {
        let shape = Shape::of_storage(&local.ty)
            .ok_or_else(|| crate::verilog::unsized_signal(&local.name, function.span))?;
        let mode = if local.inout { "inout " } else { "" };
        let class = if local.inout { "variable " } else { "" };
        params.push(format!("{class}{name} : {mode}{}", type_name(shape, printer.enums)));
    }
    let mut out = Lines::at(1).from(function.span);
    if let Some(doc) = &function.doc {
        out.comment("--", doc);
    }
    let params = if params.is_empty() { String::new() } else { format!("({})", params.join("; ")) };
    match result {
        Some(shape) => {
            let impure = if touches_signals(design, function) { "impure " } else { "" };
            let ty = type_mark(shape, printer);
            out.open(format!("{impure}function {name}{params} return {ty} is"));
        }
        None => out.open(format!("procedure {name}{params} is")),
    }
    // The statements first: they tell which variables there are.
    let mut statements = Lines::at(2).from(function.span);
    body.block(&function.body, &mut statements)?;
    if function.body.iter().all(|s| matches!(s.kind, StmtKind::Comment(_))) {
        statements.line("null;");
    }
    body.declarations(&given, &mut out)?;
    out.turn("begin");
    out.append(statements);
    out.close(if result.is_some() {
        format!("end function {name};")
    } else {
        format!("end procedure {name};")
    });
    Ok(out.into_text())
}

/// A type without its bounds, as a function returns it.
fn type_mark(shape: Shape, printer: &ArchitecturePrinter) -> String {
    match shape {
        Shape::Bits(vector) => if vector.signed { "signed" } else { "unsigned" }.to_owned(),
        other => type_name(other, printer.enums),
    }
}

impl ArchitecturePrinter<'_> {
    /// The name of a signal, or of the array that it is an element of.
    pub(super) fn visible(&self, signal: SignalId) -> String {
        match self.plan.arrays.element(self.module.scope, signal) {
            Some((memory, _)) => self.module.memory_names[&memory].clone(),
            None => self.module.signal_names[&signal].clone(),
        }
    }

    /// An edge of a signal of one bit.
    fn edge(&self, signal: SignalId, rising: bool, span: Span) -> Printed<String> {
        let shape = self.shape(signal)?;
        let name = &self.module.signal_names[&signal];
        let bit = match shape {
            Shape::Bool => name.clone(),
            Shape::Bits(vector) if vector.width == 1 => format!("{name}(0)"),
            _ => return Err(crate::wide_edge(&self.plan.design.signals[signal].name, span)),
        };
        Ok(format!("{}({bit})", if rising { "rising_edge" } else { "falling_edge" }))
    }
}
