//! Statements in Verilog.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{Diagnostic, Span};
use pyhdl_ir::{
    Base, Block, Design, Expr, Format, Local, LocalId, Pad, Part, Place, PrintPart, ProcessId, Stmt,
    StmtKind, Target, Trigger, Type,
};

use super::declare::variable;
use super::expr::{Printer, constant};
use super::helpers::Helper;
use super::process::events;
use crate::counters::{counters, iterations};
use crate::lines::Lines;
use crate::naming::Names;
use crate::plan::{Module, Plan};
use crate::prepare::random;
use crate::sizing::Sizer;
use crate::vector::*;
use crate::{Language, codes};

/// Ends the simulation with an error status. It is not of Verilog-2005, but simulators know it.
const FAILED: &str = "$fatal(1);";

type Printed<T> = Result<T, Box<Diagnostic>>;

/// Prints the statements of one process or function.
pub(crate) struct Body<'a> {
    plan: &'a Plan<'a>,
    module: &'a Module,
    locals: &'a IndexVec<LocalId, Local>,
    counters: HashSet<LocalId>,
    /// Locals that the printed text uses, in order.
    used: RefCell<BTreeSet<LocalId>>,
    local_names: HashMap<LocalId, String>,
    names: Names,
    helpers: &'a RefCell<BTreeSet<Helper>>,
    /// Declarations of variables that loops need besides the author's.
    extra: Vec<String>,
    /// The names of those that hold the condition of a loop.
    conditions: Vec<String>,
    /// Assignments to signals take effect at the end of the time step.
    delayed: bool,
    /// For a function the name of its result and its shape.
    result: Option<(String, Shape)>,
}

impl<'a> Body<'a> {
    pub fn new(
        plan: &'a Plan<'a>,
        module: &'a Module,
        locals: &'a IndexVec<LocalId, Local>,
        body: &Block,
        helpers: &'a RefCell<BTreeSet<Helper>>,
        delayed: bool,
    ) -> Body<'a> {
        let mut names = Names::new(plan.language);
        let local_names = locals
            .iter_enumerated()
            .map(|(id, local)| {
                let name = names.take_inside(&local.name, &module.names);
                plan.renamed.note(Some(&plan.design.scopes[module.scope].block), &local.name, &name);
                (id, name)
            })
            .collect();
        Body {
            plan,
            module,
            locals,
            counters: counters(body),
            used: RefCell::default(),
            local_names,
            names,
            helpers,
            extra: Vec::new(),
            conditions: Vec::new(),
            delayed,
            result: None,
        }
    }

    /// For a process: the names of the variables that are declared outside of it.
    pub fn keeping(mut self, process: ProcessId) -> Body<'a> {
        for id in self.locals.indices() {
            if let Some(name) = self.module.kept_names.get(&(process, id)) {
                self.local_names.insert(id, name.clone());
            }
        }
        self
    }

    /// Declarations of the variables that keep their values, for the module.
    pub fn kept_declarations(&self, out: &mut Lines) -> Printed<()> {
        for (id, local) in self.locals.iter_enumerated() {
            let Some(init) = &local.init else { continue };
            let shape = self.kept_shape(local)?;
            let (name, kind) = (&self.local_names[&id], variable(self.plan, self.module, shape));
            let init = self.constant_of(init, shape);
            let Some(length) = local.length else {
                out.line(format!("{kind}{name} = {init};"));
                continue;
            };
            let index = Names::new(self.plan.language).take_inside("index", &self.module.names);
            let label =
                Names::new(self.plan.language).take_inside(&format!("{name}_initial"), &self.module.names);
            out.line(format!("{kind}{name}{};", elements(local)));
            out.open(format!("initial begin : {label}"));
            out.line(format!("integer {index};"));
            out.open(format!("for ({index} = 0; {index} < {length}; {index} = {index} + 1) begin"));
            out.line(format!("{name}[{index}] = {init};"));
            out.close("end");
            out.close("end");
        }
        Ok(())
    }

    /// Gives the variables that keep their values those that they start with.
    pub fn reset_kept(&self, out: &mut Lines) -> Printed<()> {
        for (id, local) in self.locals.iter_enumerated() {
            let Some(init) = &local.init else { continue };
            let shape = self.kept_shape(local)?;
            let value = self.constant_of(init, shape);
            out.line(format!("{} = {value};", self.local_names[&id]));
        }
        Ok(())
    }

    /// A constant for a variable.
    fn constant_of(&self, value: &BigInt, shape: Shape) -> String {
        let literal = match shape {
            Shape::Enum(id) if self.plan.language == Language::SystemVerilog => u32::try_from(value.clone())
                .ok()
                .and_then(|literal| self.module.literal_names.get(&(id, literal))),
            _ => None,
        };
        literal.cloned().unwrap_or_else(|| constant_of(self.plan.design, value, shape))
    }

    fn kept_shape(&self, local: &Local) -> Printed<Shape> {
        Shape::of_storage(&local.ty).ok_or_else(|| unbounded(&local.name))
    }

    /// For a function: what `return` assigns.
    pub fn returning(mut self, name: &str, shape: Option<Shape>) -> Body<'a> {
        self.result = shape.map(|s| (name.to_owned(), s));
        self
    }

    /// A parameter's name.
    pub fn local_name(&self, id: LocalId) -> &str {
        &self.local_names[&id]
    }

    /// Declarations of the locals that the printed body uses, from the `first`.
    pub fn declarations(&self, first: u32, out: &mut Lines) -> Printed<()> {
        for (id, local) in self.locals.iter_enumerated().skip(first as usize) {
            if !self.used.borrow().contains(&id) || local.init.is_some() {
                continue;
            }
            let name = &self.local_names[&id];
            if self.counters.contains(&id) {
                // SystemVerilog's loops declare them.
                if self.plan.language == Language::Verilog {
                    out.line(format!("integer {name};"));
                }
                continue;
            }
            let shape = Shape::of_storage(&local.ty).ok_or_else(|| unbounded(&local.name))?;
            out.line(format!("{}{name}{};", variable(self.plan, self.module, shape), elements(local)));
        }
        for declaration in &self.extra {
            out.line(declaration);
        }
        // Variables that only some branches assign would be latches.
        for name in &self.conditions {
            out.line(format!("{name} = 1'b0;"));
        }
        Ok(())
    }

    pub fn block(&mut self, block: &Block, out: &mut Lines) -> Printed<()> {
        for stmt in block {
            let around = out.place(Some(stmt.header()));
            self.stmt(stmt, out)?;
            out.place(around);
        }
        Ok(())
    }

    /// What an open `if` does otherwise: `else if`, where that is nothing but a further condition.
    pub fn otherwise(&mut self, block: &Block, out: &mut Lines) -> Printed<()> {
        if let [Stmt { kind: StmtKind::If { arms, otherwise }, .. }] = block.as_slice() {
            let (arms, otherwise) = self.sizer().live_arms(arms, otherwise)?;
            if !arms.is_empty() {
                for arm in &arms {
                    out.place(Some(arm.span));
                    out.turn(format!("end else if ({}) begin", self.print(&arm.condition)));
                    self.block(arm.body, out)?;
                }
                return self.otherwise(otherwise, out);
            }
        }
        if !block.is_empty() {
            out.turn("end else begin");
            self.block(block, out)?;
        }
        Ok(())
    }

    /// A value as text, in the shape of its storage.
    pub fn value(&self, e: &Expr, shape: Shape) -> Printed<String> {
        let node = self.sizer().value(e, shape)?;
        Ok(self.print(&node))
    }

    fn print(&self, node: &Node) -> String {
        self.with_printer(|p| p.print(node).text)
    }

    /// A local's name, which it needs a declaration for.
    fn used_name(&self, id: LocalId) -> String {
        self.used.borrow_mut().insert(id);
        self.local_names[&id].clone()
    }

    fn with_printer<T>(&self, f: impl FnOnce(&Printer) -> T) -> T {
        let locals = |id: LocalId| self.used_name(id);
        f(&Printer { module: self.module, locals: &locals, helpers: self.helpers })
    }

    fn sizer(&self) -> Sizer<'_> {
        Sizer {
            design: self.plan.design,
            locals: self.locals,
            counters: &self.counters,
            language: self.plan.language,
            keeps: false,
        }
    }

    fn condition(&self, e: &Expr) -> Printed<String> {
        let node = self.sizer().boolean(e)?;
        Ok(self.print(&node))
    }

    fn stmt(&mut self, stmt: &Stmt, out: &mut Lines) -> Printed<()> {
        match &stmt.kind {
            StmtKind::Assign { target, value } => self.assign(target, value, out)?,
            StmtKind::If { arms, otherwise } => {
                let (arms, otherwise) = self.sizer().live_arms(arms, otherwise)?;
                for (i, arm) in arms.iter().enumerate() {
                    let condition = self.print(&arm.condition);
                    out.place(Some(arm.span));
                    if i == 0 {
                        out.open(format!("if ({condition}) begin"));
                    } else {
                        out.turn(format!("end else if ({condition}) begin"));
                    }
                    self.block(arm.body, out)?;
                }
                if arms.is_empty() {
                    self.block(otherwise, out)?;
                } else {
                    self.otherwise(otherwise, out)?;
                    out.close("end");
                }
            }
            StmtKind::Match { subject, arms, otherwise } => self.cases(subject, arms, otherwise, out)?,
            StmtKind::For { var, start, stop, step, body } => {
                self.for_loop(*var, [start, stop], step, body, stmt.span, out)?;
            }
            StmtKind::While { condition, body } => {
                let condition = self.sizer().loop_condition(condition)?;
                match &condition.kind {
                    NodeKind::Const(value) if *value == BigInt::ZERO => return Ok(()),
                    NodeKind::Const(_) => return self.looped("forever begin", body, out, |_| ()),
                    _ => {}
                }
                let condition = self.with_printer(|p| p.print(&condition).text);
                if calls(&condition) {
                    // Not every tool takes a call there.
                    let again = self.names.take_inside("again", &self.module.names);
                    self.extra.push(format!("{}{again};", variable(self.plan, self.module, Shape::Bool)));
                    self.conditions.push(again.clone());
                    out.line(format!("{again} = {condition};"));
                    out.open(format!("while ({again}) begin"));
                    self.block(body, out)?;
                    out.line(format!("{again} = {condition};"));
                    out.close("end");
                    return Ok(());
                }
                self.looped(&format!("while ({condition}) begin"), body, out, |_| ())?;
            }
            // `jumps` has left none of these but the results of functions.
            StmtKind::Break | StmtKind::Continue => {}
            StmtKind::Return(value) => {
                if let (Some(value), Some((name, shape))) = (value, self.result.clone()) {
                    out.line(format!("{name} = {};", self.value(value, shape)?));
                }
            }
            StmtKind::Wait(triggers) => self.wait(triggers, stmt.span, out)?,
            StmtKind::Assert { condition, message } => {
                let condition = self.sizer().boolean(condition)?;
                if matches!(&condition.kind, NodeKind::Const(value) if *value != BigInt::ZERO) {
                    // Proved: there is nothing to check.
                    return Ok(());
                }
                let condition = self.with_printer(|p| p.print(&condition).text);
                if self.plan.options.assertions {
                    // What is not known yet is not wrong.
                    let task = format!("assert (({condition}) !== 1'b0) else $error");
                    return self.write(&task, message, out);
                }
                let test_bench = self.plan.options.test_bench;
                out.open(match test_bench {
                    true => format!("if (({condition}) !== 1'b1) begin"),
                    false => format!("if (!({condition})) begin"),
                });
                match message.as_slice() {
                    [] => out.line("$display(\"assertion failed\");"),
                    message => self.write("$display", message, out)?,
                }
                out.line(if test_bench { FAILED } else { "$finish;" });
                out.close("end");
            }
            StmtKind::Print(parts) => self.write("$write", parts, out)?,
            StmtKind::Raise { exception, message } => {
                if exception != "StopSimulation" {
                    let mut text = vec![PrintPart::Text(said(exception, message))];
                    text.extend(message.iter().cloned());
                    self.write("$display", &text, out)?;
                    if self.plan.options.test_bench {
                        out.line(FAILED);
                        return Ok(());
                    }
                }
                out.line("$finish;");
            }
            StmtKind::Call { function, args } => {
                let args = self.sizer().arguments(*function, args)?;
                let args: Vec<String> = args.iter().map(|a| self.print(a)).collect();
                let name = &self.module.function_names[function];
                if args.is_empty() {
                    out.line(format!("{name};"));
                } else {
                    out.line(format!("{name}({});", args.join(", ")));
                }
            }
            StmtKind::Draw { .. } => return Err(random(stmt.span)),
            StmtKind::Comment(text) => out.comment("//", text),
        }
        Ok(())
    }

    fn wait(&mut self, triggers: &[Trigger], span: Span, out: &mut Lines) -> Printed<()> {
        let mut delays = Vec::new();
        for trigger in triggers {
            match trigger {
                Trigger::Delay(steps) => delays.push(self.delay(steps)?),
                Trigger::Rising(signal) | Trigger::Falling(signal) => {
                    let signal = &self.plan.design.signals[*signal];
                    let shape = self.sizer().storage(&signal.ty, &signal.name, span)?;
                    if shape.vector(self.plan.design).width != 1 {
                        return Err(crate::wide_edge(&signal.name, span));
                    }
                }
                Trigger::Change(_) => {}
            }
        }
        let events = events(triggers, |s| self.module.place(self.plan, s));
        match (delays.as_slice(), events.is_empty()) {
            ([], true) => {}
            ([], false) => out.line(format!("@({events});")),
            ([delay], true) => out.line(format!("#{delay};")),
            // The first that happens ends the waiting for the others.
            _ => {
                let label = self.names.take_inside("first_of", &self.module.names);
                out.open(format!("begin : {label}"));
                out.open("fork");
                let waits = delays.iter().map(|d| format!("#{d}"));
                for wait in waits.chain((!events.is_empty()).then(|| format!("@({events})"))) {
                    out.line(format!("begin {wait}; disable {label}; end"));
                }
                out.close("join");
                out.close("end");
            }
        }
        Ok(())
    }

    /// What follows `#`.
    fn delay(&self, steps: &Expr) -> Printed<String> {
        if let pyhdl_ir::ExprKind::Const(value) = &steps.kind {
            return Ok(value.to_string());
        }
        let natural = self.sizer().natural(steps)?;
        Ok(format!("({})", self.value(steps, Shape::Bits(natural))?))
    }

    fn assign(&mut self, target: &Target, value: &Expr, out: &mut Lines) -> Printed<()> {
        let (name, shape, delayed) = match &target.place {
            Place::Signal(id) => {
                let signal = &self.plan.design.signals[*id];
                let shape = self.sizer().storage(&signal.ty, &signal.name, target.span)?;
                (self.module.signal_names[id].clone(), shape, self.delayed)
            }
            Place::Memory { memory, index } => {
                let of = &self.plan.design.memories[*memory];
                let first = &self.plan.design.signals[of.elements[0]];
                let shape = self.sizer().storage(&first.ty, &of.name, target.span)?;
                let index = self.sizer().index(index, of.elements.len() as u64)?;
                let index = self.with_printer(|p| p.index(&index));
                (format!("{}[{index}]", self.module.memory_names[memory]), shape, self.delayed)
            }
            Place::Local(id) => {
                let local = &self.locals[*id];
                let shape = self.sizer().storage(&local.ty, &local.name, target.span)?;
                (self.used_name(*id), shape, false)
            }
            Place::Element { local: id, index } => {
                let local = &self.locals[*id];
                let shape = self.sizer().storage(&local.ty, &local.name, target.span)?;
                let index = self.sizer().index(index, u64::from(local.length.unwrap_or(1)))?;
                let index = self.with_printer(|p| p.index(&index));
                (format!("{}[{index}]", self.used_name(*id)), shape, false)
            }
        };
        let sign = if delayed { "<=" } else { "=" };
        let (left, right) = match &target.part {
            None => (name, self.value(value, shape)?),
            Some(Part::Bit(_)) if shape == Shape::Bool => (name, self.value(value, shape)?),
            Some(Part::Bit(index)) => {
                let width = shape.vector(self.plan.design).width;
                let index = self.sizer().index(index, u64::from(width))?;
                let index = self.with_printer(|p| p.index(&index));
                (format!("{name}[{index}]"), self.value(value, Shape::Bool)?)
            }
            Some(Part::Slice { low, width }) => {
                let whole = shape.vector(self.plan.design).width;
                let value = self.value(value, Shape::Bits(Vector::unsigned(*width)))?;
                let low = self.sizer().index(low, u64::from(whole))?;
                match &low.kind {
                    IndexKind::Const(0) if *width == whole => (name, value),
                    IndexKind::Const(low) => {
                        (format!("{name}[{}:{low}]", low + u64::from(*width) - 1), value)
                    }
                    _ => {
                        let low = self.with_printer(|p| p.index(&low));
                        (format!("{name}[{low} +: {width}]"), value)
                    }
                }
            }
        };
        out.line(format!("{left} {sign} {right};"));
        Ok(())
    }

    fn cases(
        &mut self,
        subject: &Expr,
        arms: &[pyhdl_ir::MatchArm],
        otherwise: &Block,
        out: &mut Lines,
    ) -> Printed<()> {
        let shape = match subject.ty {
            Type::Enum(id) => Shape::Enum(id),
            _ => Shape::Bits(self.sizer().natural(subject)?),
        };
        let node = self.sizer().value(subject, shape)?;
        if let Some(taken) = self.sizer().taken_arm(&node, arms, otherwise) {
            return self.block(taken, out);
        }
        let subject = self.print(&node);
        // The arms exclude each other, and there is always one.
        let unique = if self.plan.language == Language::SystemVerilog { "unique " } else { "" };
        out.open(format!("{unique}case ({subject})"));
        for arm in arms {
            let labelled = arm.patterns.iter().enumerate().map(|(i, p)| (p, self.plan.label(arm.span, i)));
            let patterns: Vec<String> =
                labelled.filter_map(|(p, label)| self.pattern(p, label, shape)).collect();
            if patterns.is_empty() {
                continue;
            }
            let around = out.place(Some(arm.span));
            out.open(format!("{}: begin", patterns.join(", ")));
            self.block(&arm.body, out)?;
            out.close("end");
            out.place(around);
        }
        if otherwise.is_empty() {
            out.line("default: ;");
        } else {
            out.open("default: begin");
            self.block(otherwise, out)?;
            out.close("end");
        }
        out.close("endcase");
        Ok(())
    }

    /// A constant of a `case`; `None` where the subject never has this value.
    fn pattern(&self, value: &BigInt, label: Option<Span>, shape: Shape) -> Option<String> {
        match shape {
            Shape::Enum(id) => {
                let literal = u32::try_from(value.clone()).ok()?;
                Some(self.module.literal_names.get(&(id, literal))?.clone())
            }
            _ => {
                let vector = shape.vector(self.plan.design);
                let node = match label {
                    Some(place) => Node::named_constant(value, vector, place),
                    None => Node::constant(value, vector),
                };
                (vector.wrap(value) == *value).then(|| self.print(&node))
            }
        }
    }

    fn for_loop(
        &mut self,
        var: LocalId,
        [start, stop]: [&Expr; 2],
        step: &BigInt,
        body: &Block,
        span: Span,
        out: &mut Lines,
    ) -> Printed<()> {
        let unsupported = || {
            Box::new(
                Diagnostic::error(codes::STATEMENT, "this loop's variable is used in a way that hardware loops cannot do")
                    .at(span, "loops here")
                    .help("use constant bounds, or do not assign the loop variable and do not use it after the loop"),
            )
        };
        let up = *step > BigInt::ZERO;
        let by = i32::try_from(step.clone()).map_err(|_| unsupported())?;
        if self.counters.contains(&var) {
            let name = self.used_name(var);
            let first = self.integer(start)?;
            let last = match &stop.kind {
                pyhdl_ir::ExprKind::Const(value) => value.to_string(),
                // The bound is computed once, before the loop.
                _ => {
                    let last = self.names.take_inside(&format!("{name}_stop"), &self.module.names);
                    out.line(format!("{last} = {};", self.integer(stop)?));
                    self.extra.push(format!("integer {last};"));
                    last
                }
            };
            let (compare, sign) = if up { ("<", "+") } else { (">", "-") };
            let int = if self.plan.language == Language::SystemVerilog { "int " } else { "" };
            let head = format!(
                "for ({int}{name} = {first}; {name} {compare} {last}; {name} = {name} {sign} {}) begin",
                by.unsigned_abs()
            );
            return self.looped(&head, body, out, |_| ());
        }
        // The variable is an ordinary one: the loop counts with a counter of its own.
        let count = iterations(start, stop, step).filter(|n| *n <= 1 << 31).ok_or_else(unsupported)?;
        let name = self.used_name(var);
        let counter = self.names.take_inside(&format!("{name}_count"), &self.module.names);
        self.extra.push(format!("integer {counter};"));
        let shape = self.sizer().storage(&self.locals[var].ty, &self.locals[var].name, span)?;
        let vector = shape.vector(self.plan.design);
        let first = self.value(start, shape)?;
        let next = Node::constant(step, vector);
        let next = self.print(&next);
        let head = format!("for ({counter} = 0; {counter} < {count}; {counter} = {counter} + 1) begin");
        self.looped(&head, body, out, |out| {
            out.line(format!("if ({counter} == 0) {name} = {first};"));
            out.line(format!(
                "else {name} = {name} + {};",
                if next.starts_with('-') { format!("({next})") } else { next }
            ));
        })
    }

    /// A value as a signed integer of 32 bits.
    fn integer(&self, e: &Expr) -> Printed<String> {
        if let pyhdl_ir::ExprKind::Const(value) = &e.kind {
            return Ok(value.to_string());
        }
        if let Some(plain) = self.sizer().plain(e) {
            return Ok(self.with_printer(|p| p.plain(&plain)));
        }
        self.value(e, Shape::Bits(Vector::signed(32)))
    }

    fn looped(
        &mut self,
        head: &str,
        body: &Block,
        out: &mut Lines,
        before: impl FnOnce(&mut Lines),
    ) -> Printed<()> {
        out.open(head);
        before(out);
        self.block(body, out)?;
        out.close("end");
        Ok(())
    }

    fn write(&self, task: &str, parts: &[PrintPart], out: &mut Lines) -> Printed<()> {
        let mut format = String::new();
        let mut args = Vec::new();
        for part in parts {
            match part {
                PrintPart::Text(text) => format.push_str(&text.replace('%', "%%")),
                PrintPart::Value { value, format: how } => {
                    let (directive, arg) = self.printed_value(value, how)?;
                    format.push_str(&directive);
                    args.push(arg);
                }
            }
        }
        let mut call = format!("{task}({}", quote(&format));
        for arg in args {
            call.push_str(", ");
            call.push_str(&arg);
        }
        out.line(format!("{call});"));
        Ok(())
    }

    /// A value to print: the directive and the argument.
    fn printed_value(&self, value: &Expr, format: &Format) -> Printed<(String, String)> {
        if let Type::Enum(id) = value.ty {
            let ty = &self.plan.design.enums[id];
            let node = self.sizer().value(value, Shape::Enum(id))?;
            let text = self.print(&node);
            let mut chosen = quote("?");
            for (i, literal) in ty.literals.iter().enumerate().rev() {
                let code = constant(&ty.code(i as u32), Shape::Bits(Vector::unsigned(ty.width()))).text;
                chosen = format!("({text} == {code}) ? {} : {chosen}", quote(literal));
            }
            return Ok(("%0s".to_owned(), chosen));
        }
        if value.ty == Type::Bool && *format == Format::Plain {
            let condition = self.condition(value)?;
            return Ok(("%0s".to_owned(), format!("({condition}) ? \"True\" : \"False\"")));
        }
        let natural = self.sizer().natural(value)?;
        let as_is = |p: &Self, vector: Vector| p.value(value, Shape::Bits(vector));
        Ok(match format {
            Format::Plain => ("%0d".to_owned(), as_is(self, natural)?),
            Format::Vector { width } => {
                let bits = Vector::unsigned((*width).max(1));
                (
                    "%h".to_owned(),
                    as_is(self, if *width == 0 { Vector { signed: false, ..natural } } else { bits })?,
                )
            }
            Format::Number { base, width, pad } => {
                let letter = match base {
                    Base::Binary => 'b',
                    Base::Octal => 'o',
                    Base::Decimal => 'd',
                    Base::Hex | Base::HexUpper => 'h',
                };
                let fill = match (pad, width) {
                    (_, 0) => "0".to_owned(),
                    (Pad::Left, n) => format!("-{n}"),
                    (Pad::Zeros, n) => format!("0{n}"),
                    (Pad::Right, n) => n.to_string(),
                };
                (format!("%{fill}{letter}"), as_is(self, natural)?)
            }
        })
    }
}

/// ` [0:127]` behind the name of a list.
fn elements(local: &Local) -> String {
    local.length.map_or(String::new(), |length| format!(" [0:{}]", length.saturating_sub(1)))
}

/// A variable without bounds.
pub(crate) fn unbounded(name: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(codes::UNBOUNDED, format!("`{name}` has no bounds"))
            .help("assign values with known bounds, or give it a width: intbv(0)[8:]"),
    )
}

/// A constant for a variable; an enumeration's is its code.
pub(crate) fn constant_of(design: &Design, value: &BigInt, shape: Shape) -> String {
    match shape {
        Shape::Enum(id) => {
            let ty = &design.enums[id];
            let code = ty.code(u32::try_from(value.clone()).unwrap_or(0));
            constant(&code, Shape::Bits(Vector::unsigned(ty.width()))).text
        }
        Shape::Bool => constant(value, shape).text,
        Shape::Bits(vector) => constant(&vector.wrap(value), shape).text,
    }
}

/// What stands before the text of an exception.
pub(crate) fn said(exception: &str, message: &[PrintPart]) -> String {
    if message.is_empty() { exception.to_owned() } else { format!("{exception}: ") }
}

/// Whether an expression calls a function.
pub(super) fn calls(text: &str) -> bool {
    let mut before = ' ';
    text.chars().any(|c| {
        let call = c == '(' && (before.is_ascii_alphanumeric() || before == '_');
        before = c;
        call
    })
}

/// A Verilog string.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' => quoted.push_str("\\\""),
            b'\\' => quoted.push_str("\\\\"),
            b'\n' => quoted.push_str("\\n"),
            b'\t' => quoted.push_str("\\t"),
            0x20..=0x7e => quoted.push(char::from(byte)),
            other => quoted.push_str(&format!("\\{other:03o}")),
        }
    }
    quoted.push('"');
    quoted
}
