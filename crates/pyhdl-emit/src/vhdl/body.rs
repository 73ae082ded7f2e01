//! Statements in VHDL.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{Diagnostic, Span};
use pyhdl_ir::{
    Base, Block, CompareOp, Expr, ExprKind, Format, Local, LocalId, LogicOp, MatchArm, Pad, Part, Place,
    PrintPart, Range, Stmt, StmtKind, Target, Trigger, Type, for_each_node,
};

use super::expr::{Printer, bit_string, is_condition};
use super::helpers::Helper;
use super::type_name;
use crate::constants;
use crate::counters::{counters, iterations};
use crate::enums::Enums;
use crate::lines::Lines;
use crate::naming::Names;
use crate::plan::{Module, Plan, leaves};
use crate::prepare::random;
use crate::sizing::Sizer;
use crate::vector::*;
use crate::verilog::body::{said, unbounded};
use crate::{Language, codes};

type Printed<T> = Result<T, Box<Diagnostic>>;

/// Prints the statements of one process or function.
pub(crate) struct Body<'a> {
    plan: &'a Plan<'a>,
    module: &'a Module,
    enums: &'a Enums,
    locals: &'a IndexVec<LocalId, Local>,
    counters: HashSet<LocalId>,
    /// Locals that the printed text uses.
    used: RefCell<BTreeSet<LocalId>>,
    /// Parameters that the body assigns: VHDL's are constants, so these have a variable beside them.
    assigned: HashSet<LocalId>,
    local_names: HashMap<LocalId, String>,
    names: Names,
    helpers: &'a RefCell<BTreeSet<Helper>>,
    /// The loop that a `return` of a process leaves.
    leave: Option<String>,
    /// What a function returns.
    result: Option<Shape>,
    in_function: bool,
    /// Whether a choice that is not taken may run the body.
    speculative: bool,
    /// The loops around, innermost last: their labels.
    loops: Vec<String>,
}

impl<'a> Body<'a> {
    pub fn new(
        plan: &'a Plan<'a>,
        module: &'a Module,
        enums: &'a Enums,
        locals: &'a IndexVec<LocalId, Local>,
        body: &Block,
        helpers: &'a RefCell<BTreeSet<Helper>>,
    ) -> Body<'a> {
        let mut names = Names::new(plan.language);
        let mut assigned = HashSet::new();
        pyhdl_ir::for_each_stmt(body, &mut |stmt| match &stmt.kind {
            StmtKind::Assign { target: Target { place: Place::Local(id), .. }, .. }
            | StmtKind::For { var: id, .. } => {
                assigned.insert(*id);
            }
            _ => {}
        });
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
            enums,
            locals,
            counters: counters(body),
            used: RefCell::default(),
            assigned,
            local_names,
            names,
            helpers,
            leave: None,
            result: None,
            in_function: false,
            speculative: false,
            loops: Vec::new(),
        }
    }

    /// For a function or a procedure: the shape of what it returns.
    pub fn returning(mut self, result: Option<Shape>) -> Body<'a> {
        self.result = result;
        self.in_function = true;
        self
    }

    /// For a function that the arm of a choice calls: it runs whether the arm is taken or not.
    pub fn speculative(mut self, speculative: bool) -> Body<'a> {
        self.speculative = speculative;
        self
    }

    /// A fresh name in the body's region.
    pub fn take(&mut self, wanted: &str) -> String {
        self.names.take_inside(wanted, &self.module.names)
    }

    /// For a process: the label of the loop around the body that a `return` leaves.
    pub fn leaving(&mut self, label: String) {
        self.leave = Some(label);
    }

    /// The parameters' names: those that the body assigns come in under another name.
    pub fn parameters(&mut self, params: u32) -> Vec<String> {
        let mut given = Vec::new();
        for id in self.locals.indices().take(params as usize) {
            let name = self.local_names[&id].clone();
            given.push(if self.assigned.contains(&id) && !self.locals[id].inout {
                self.take(&format!("{name}_in"))
            } else {
                name
            });
        }
        given
    }

    /// Declarations of the variables, for a function with the names of its parameters.
    pub fn declarations(&self, given: &[String], out: &mut Lines) -> Printed<()> {
        for (id, local) in self.locals.iter_enumerated() {
            let param = given.get(id.index());
            let variable = match param {
                Some(_) => self.assigned.contains(&id) && !local.inout,
                None => {
                    local.init.is_some() || self.used.borrow().contains(&id) && !self.counters.contains(&id)
                }
            };
            if !variable {
                continue;
            }
            let shape = Shape::of_storage(&local.ty).ok_or_else(|| unbounded(&local.name))?;
            let initial = match (param, &local.init) {
                (Some(param), _) => format!(" := {param}"),
                (None, Some(init)) => format!(" := {}", self.constant_of(init, shape)),
                (None, None) => String::new(),
            };
            let (name, ty) = (&self.local_names[&id], type_name(shape, self.enums));
            let Some(length) = local.length else {
                out.line(format!("variable {name} : {ty}{initial};"));
                continue;
            };
            let list = self.names.clone().take_inside(&format!("{name}_t"), &self.module.names);
            let initial = match &local.init {
                Some(init) => format!(" := (others => {})", self.constant_of(init, shape)),
                None => String::new(),
            };
            out.line(format!("type {list} is array (0 to {}) of {ty};", length.saturating_sub(1)));
            out.line(format!("variable {name} : {list}{initial};"));
        }
        Ok(())
    }

    /// Gives the variables that keep their values those that they start with.
    pub fn reset_kept(&self, out: &mut Lines) -> Printed<()> {
        for (id, local) in self.locals.iter_enumerated() {
            let Some(init) = &local.init else { continue };
            let shape = Shape::of_storage(&local.ty).ok_or_else(|| unbounded(&local.name))?;
            out.line(format!("{} := {};", self.local_names[&id], self.constant_of(init, shape)));
        }
        Ok(())
    }

    /// A constant for a variable.
    fn constant_of(&self, value: &BigInt, shape: Shape) -> String {
        match shape {
            Shape::Enum(id) => self.enums.literal(id, u32::try_from(value.clone()).unwrap_or(0)).to_owned(),
            Shape::Bool => if *value == BigInt::ZERO { "'0'" } else { "'1'" }.to_owned(),
            Shape::Bits(vector) => super::expr::constant(&vector.wrap(value), vector).text,
        }
    }

    pub fn block(&mut self, block: &Block, out: &mut Lines) -> Printed<()> {
        for stmt in block {
            let around = out.place(Some(stmt.header()));
            self.stmt(stmt, out)?;
            out.place(around);
        }
        Ok(())
    }

    /// A block that must have a statement.
    fn filled(&mut self, block: &Block, out: &mut Lines) -> Printed<()> {
        self.block(block, out)?;
        if block.iter().all(|s| matches!(s.kind, StmtKind::Comment(_))) {
            out.line("null;");
        }
        Ok(())
    }

    /// What an open `if` does otherwise: `elsif`, where that is nothing but a further condition.
    pub fn otherwise(&mut self, block: &Block, out: &mut Lines) -> Printed<()> {
        if let [Stmt { kind: StmtKind::If { arms, otherwise }, .. }] = block.as_slice() {
            let (arms, otherwise) = self.sizer().live_arms(arms, otherwise)?;
            if !arms.is_empty() {
                for arm in &arms {
                    out.place(Some(arm.span));
                    let condition = self.with_printer(|p| p.condition(&arm.condition).text);
                    out.turn(format!("elsif {condition} then"));
                    self.filled(arm.body, out)?;
                }
                return self.otherwise(otherwise, out);
            }
        }
        if !block.is_empty() {
            out.turn("else");
            self.filled(block, out)?;
        }
        Ok(())
    }

    /// A value as text, in the type of its storage.
    pub fn value(&self, e: &Expr, shape: Shape) -> Printed<String> {
        let node = self.sizer().value(e, shape)?;
        Ok(self.with_printer(|p| p.value(&node).text))
    }

    /// The right side of an assignment: a choice becomes `when`, of which only the chosen arm is evaluated.
    pub fn waveform(&self, e: &Expr, shape: Shape) -> Printed<String> {
        let node = self.sizer().value(e, shape)?;
        Ok(self.with_printer(|p| waveform(p, &node, true)))
    }

    /// A local's name, which it needs a declaration for.
    fn used_name(&self, id: LocalId) -> String {
        self.used.borrow_mut().insert(id);
        self.local_names[&id].clone()
    }

    fn with_printer<T>(&self, f: impl FnOnce(&Printer) -> T) -> T {
        let locals = |id: LocalId| self.used_name(id);
        f(&Printer {
            language: self.plan.language,
            module: self.module,
            enums: self.enums,
            locals: &locals,
            helpers: self.helpers,
            speculative: Cell::new(self.speculative),
        })
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

    pub fn condition(&self, e: &Expr) -> Printed<String> {
        let node = self.sizer().boolean(e)?;
        Ok(self.with_printer(|p| p.condition(&node).text))
    }

    fn stmt(&mut self, stmt: &Stmt, out: &mut Lines) -> Printed<()> {
        match &stmt.kind {
            StmtKind::Assign { target, value } => self.assign(target, value, out)?,
            StmtKind::If { arms, otherwise } => {
                let (arms, otherwise) = self.sizer().live_arms(arms, otherwise)?;
                for (i, arm) in arms.iter().enumerate() {
                    let condition = self.with_printer(|p| p.condition(&arm.condition).text);
                    out.place(Some(arm.span));
                    if i == 0 {
                        out.open(format!("if {condition} then"));
                    } else {
                        out.turn(format!("elsif {condition} then"));
                    }
                    self.filled(arm.body, out)?;
                }
                if arms.is_empty() {
                    self.block(otherwise, out)?;
                } else {
                    self.otherwise(otherwise, out)?;
                    out.close("end if;");
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
                    NodeKind::Const(_) => return self.looped("loop", body, out, |_, _| Ok(())),
                    _ => {}
                }
                let condition = self.with_printer(|p| p.condition(&condition).text);
                self.looped(&format!("while {condition} loop"), body, out, |_, _| Ok(()))?;
            }
            StmtKind::Break => {
                if let Some(label) = self.loops.last() {
                    out.line(format!("exit {label};"));
                }
            }
            StmtKind::Continue => {
                if let Some(label) = self.loops.last() {
                    out.line(format!("next {label};"));
                }
            }
            StmtKind::Return(value) => match (value, self.result, &self.leave) {
                (Some(value), Some(shape), _) => self.give(value, shape, out)?,
                (_, _, Some(label)) => out.line(format!("exit {label};")),
                _ if self.in_function => out.line("return;"),
                _ => {}
            },
            StmtKind::Wait(triggers) => self.wait(triggers, stmt.span, out)?,
            StmtKind::Assert { condition, message } if self.plan.options.assertions => {
                self.assertion(condition, message, out)?;
            }
            StmtKind::Assert { condition, message } => {
                let condition = self.sizer().boolean(condition)?;
                if matches!(&condition.kind, NodeKind::Const(value) if *value != BigInt::ZERO) {
                    // Proved: there is nothing to check.
                    return Ok(());
                }
                let condition = self.with_printer(|p| p.condition(&condition).text);
                let text = match message.as_slice() {
                    [] => quote("assertion failed"),
                    message => self.text(message)?,
                };
                out.line(format!("assert {condition} report {text} severity failure;"));
            }
            StmtKind::Print(parts) => self.write(parts, out)?,
            StmtKind::Raise { exception, .. } if exception == "StopSimulation" => {
                out.line(match self.plan.language {
                    Language::Vhdl93 => "report \"finished\" severity failure;",
                    _ => "std.env.finish;",
                });
            }
            StmtKind::Raise { exception, message } => {
                let mut text = vec![PrintPart::Text(said(exception, message))];
                text.extend(message.iter().cloned());
                out.line(format!("report {} severity failure;", self.text(&text)?));
            }
            StmtKind::Call { function, args } => {
                let args = self.sizer().arguments(*function, args)?;
                let args: Vec<String> = args.iter().map(|a| self.with_printer(|p| p.value(a).text)).collect();
                let name = &self.module.function_names[function];
                if args.is_empty() {
                    out.line(format!("{name};"));
                } else {
                    out.line(format!("{name}({});", args.join(", ")));
                }
            }
            StmtKind::Draw { .. } => return Err(random(stmt.span)),
            StmtKind::Comment(text) => out.comment("--", text),
        }
        Ok(())
    }

    /// An assertion that says nothing of what is not known yet: a comparison with an unknown value is false, so what
    /// would be wrong is printed, or else the unknown values are.
    fn assertion(&self, condition: &Expr, message: &[PrintPart], out: &mut Lines) -> Printed<()> {
        let node = self.sizer().boolean(condition)?;
        if matches!(&node.kind, NodeKind::Const(value) if *value != BigInt::ZERO) {
            return Ok(());
        }
        // It begins with the place, so it is a string.
        let text = self.texts(message)?.join(" & ");
        let holds = match violation(&node) {
            Some(wrong) => format!("not ({})", self.with_printer(|p| p.condition(&wrong).text)),
            None => {
                let mut names: Vec<String> = Vec::new();
                for_each_node(condition, &mut |e| {
                    let name = match &e.kind {
                        ExprKind::Signal(id) => self.module.signal_names[id].clone(),
                        ExprKind::Local(id) if !self.counters.contains(id) => self.used_name(*id),
                        _ => return,
                    };
                    if !matches!(e.ty, Type::Enum(_)) && !names.contains(&name) {
                        names.push(name);
                    }
                });
                let unknown: Vec<String> = names.iter().map(|name| format!("is_x({name})")).collect();
                let holds = self.with_printer(|p| p.condition(&node).text);
                if unknown.is_empty() { holds } else { format!("{} or ({holds})", unknown.join(" or ")) }
            }
        };
        out.line(format!("assert {holds} report {text} severity error;"));
        Ok(())
    }

    /// `wait on a, b until rising_edge(a) or b'event for 10 ns;`
    fn wait(&mut self, triggers: &[Trigger], span: Span, out: &mut Lines) -> Printed<()> {
        let mut signals: Vec<String> = Vec::new();
        let mut conditions = Vec::new();
        let mut edges = false;
        let mut delay: Option<String> = None;
        for trigger in triggers {
            let (signal, rising) = match trigger {
                Trigger::Rising(signal) => (*signal, Some(true)),
                Trigger::Falling(signal) => (*signal, Some(false)),
                Trigger::Change(signal) => (*signal, None),
                Trigger::Delay(steps) => {
                    let steps = self.time(steps)?;
                    delay = Some(match delay {
                        None => steps,
                        Some(_) if self.plan.language == Language::Vhdl93 => {
                            return Err(several_delays(span));
                        }
                        Some(other) => format!("minimum({other}, {steps})"),
                    });
                    continue;
                }
            };
            let name = match self.plan.arrays.element(self.module.scope, signal) {
                Some((memory, position)) => format!("{}({position})", self.module.memory_names[&memory]),
                None => self.module.signal_names[&signal].clone(),
            };
            conditions.push(match rising {
                None => format!("{name}'event"),
                Some(rising) => {
                    edges = true;
                    let signal = &self.plan.design.signals[signal];
                    let bit = match self.sizer().storage(&signal.ty, &signal.name, span)? {
                        Shape::Bool => name.clone(),
                        Shape::Bits(vector) if vector.width == 1 => format!("{name}(0)"),
                        _ => return Err(crate::wide_edge(&signal.name, span)),
                    };
                    format!("{}({bit})", if rising { "rising_edge" } else { "falling_edge" })
                }
            });
            if !signals.contains(&name) {
                signals.push(name);
            }
        }
        let mut text = "wait".to_owned();
        if edges {
            text.push_str(&format!(" until {}", conditions.join(" or ")));
        } else if !signals.is_empty() {
            text.push_str(&format!(" on {}", signals.join(", ")));
        }
        if let Some(delay) = delay {
            text.push_str(&format!(" for {delay}"));
        }
        out.line(text + ";");
        Ok(())
    }

    /// A number of time steps as a time: a step is a nanosecond.
    fn time(&self, steps: &Expr) -> Printed<String> {
        Ok(match &steps.kind {
            ExprKind::Const(value) => format!("{value} ns"),
            _ => format!("{} * 1 ns", self.integer(steps)?),
        })
    }

    /// Returns a value: a choice returns in two places, so that only the chosen arm is evaluated.
    fn give(&self, value: &Expr, shape: Shape, out: &mut Lines) -> Printed<()> {
        let node = self.sizer().value(value, shape)?;
        self.with_printer(|p| branches(p, &node, false, &|value| format!("return {value};"), out));
        Ok(())
    }

    fn assign(&mut self, target: &Target, value: &Expr, out: &mut Lines) -> Printed<()> {
        let (name, shape, sign) = match &target.place {
            Place::Signal(id) => {
                let signal = &self.plan.design.signals[*id];
                let shape = self.sizer().storage(&signal.ty, &signal.name, target.span)?;
                (self.module.signal_names[id].clone(), shape, "<=")
            }
            Place::Memory { memory, index } => {
                let of = &self.plan.design.memories[*memory];
                let first = &self.plan.design.signals[of.elements[0]];
                let shape = self.sizer().storage(&first.ty, &of.name, target.span)?;
                let index = self.index(index, of.elements.len() as u64)?;
                (format!("{}({index})", self.module.memory_names[memory]), shape, "<=")
            }
            Place::Local(id) => {
                let local = &self.locals[*id];
                let shape = self.sizer().storage(&local.ty, &local.name, target.span)?;
                (self.used_name(*id), shape, ":=")
            }
            Place::Element { local: id, index } => {
                let local = &self.locals[*id];
                let shape = self.sizer().storage(&local.ty, &local.name, target.span)?;
                let index = self.index(index, u64::from(local.length.unwrap_or(1)))?;
                (format!("{}({index})", self.used_name(*id)), shape, ":=")
            }
        };
        let vector = shape.vector(self.plan.design);
        // Aggregates take the width of what is assigned, if that is known without running.
        let sized =
            !matches!(&target.part, Some(Part::Slice { low, .. }) if !matches!(low.kind, ExprKind::Const(_)));
        let (left, shape) = match &target.part {
            None => (name, shape),
            Some(Part::Bit(_)) if shape == Shape::Bool => (name, shape),
            Some(Part::Bit(index)) => {
                let index = self.index(index, u64::from(vector.width))?;
                (format!("{name}({index})"), Shape::Bool)
            }
            Some(Part::Slice { low, width }) => {
                // Part of a signed vector is signed.
                let part = Shape::Bits(Vector { width: *width, signed: vector.signed });
                let low = self.sizer().index(low, u64::from(vector.width))?;
                match &low.kind {
                    IndexKind::Const(0) if *width == vector.width => (name, part),
                    IndexKind::Const(low) => {
                        (format!("{name}({} downto {low})", low + u64::from(*width) - 1), part)
                    }
                    _ => {
                        let low = self.with_printer(|p| p.index(&low));
                        (format!("{name}({low} + {} downto {low})", width - 1), part)
                    }
                }
            }
        };
        let node = self.sizer().value(value, shape)?;
        if sign == ":=" || self.plan.language == Language::Vhdl93 {
            // Not every tool knows `when` in assignments to variables, and VHDL-93 has none in processes.
            self.with_printer(|p| {
                branches(p, &node, sized, &|value| format!("{left} {sign} {value};"), out);
            });
        } else {
            out.line(format!("{left} <= {};", self.with_printer(|p| waveform(p, &node, sized))));
        }
        Ok(())
    }

    fn index(&self, e: &Expr, depth: u64) -> Printed<String> {
        let index = self.sizer().index(e, depth)?;
        Ok(self.with_printer(|p| p.index(&index)))
    }

    fn cases(
        &mut self,
        subject: &Expr,
        arms: &[MatchArm],
        otherwise: &Block,
        out: &mut Lines,
    ) -> Printed<()> {
        let design = self.plan.design;
        let (shape, integers) = match subject.ty {
            Type::Enum(id) => (Shape::Enum(id), false),
            _ => {
                let vector = self.sizer().natural(subject)?;
                (Shape::Bits(vector), vector.width < 32)
            }
        };
        let node = self.sizer().value(subject, shape)?;
        if let Some(taken) = self.sizer().taken_arm(&node, arms, otherwise) {
            return self.block(taken, out);
        }
        let subject = self.with_printer(|p| match &node.kind {
            // A loop's counter has only the values of its loop, and no choice may be outside.
            NodeKind::Counter(_) => format!("integer'({})", p.integer(&node)),
            _ if integers => p.integer(&node),
            _ => p.value(&node).text,
        });
        out.open(format!("case {subject} is"));
        let mut covered = HashSet::new();
        for arm in arms {
            let mut choices = Vec::new();
            for (i, pattern) in arm.patterns.iter().enumerate() {
                // A value that the subject never has, or that an earlier arm takes.
                let Some(mut choice) = choice(pattern, shape, integers, self.enums) else { continue };
                if integers
                    && let Some(place) = self.plan.label(arm.span, i)
                    && let Some(name) = self.module.name_at(place)
                {
                    // A choice has to be known when the entity is compiled: no generic is.
                    choice = constants::fixed(name, pattern, "integer", &choice, &choice);
                }
                let possible =
                    shape.vector(design).wrap(pattern) == *pattern || matches!(shape, Shape::Enum(_));
                if possible && covered.insert(pattern.clone()) {
                    choices.push(choice);
                }
            }
            if choices.is_empty() {
                continue;
            }
            let around = out.place(Some(arm.span));
            out.open(format!("when {} =>", choices.join(" | ")));
            self.filled(&arm.body, out)?;
            out.close_silently();
            out.place(around);
        }
        let all = match shape {
            Shape::Enum(id) => covered.len() == design.enums[id].literals.len(),
            _ => false,
        };
        if !all {
            out.open("when others =>");
            self.filled(otherwise, out)?;
            out.close_silently();
        }
        out.close("end case;");
        Ok(())
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
        let name = self.used_name(var);
        let up = *step == BigInt::from(1);
        let down = *step == BigInt::from(-1);
        if self.counters.contains(&var) && (up || down) {
            let first = self.integer(start)?;
            let last = match &stop.kind {
                ExprKind::Const(value) => (value + if up { -1i32 } else { 1i32 }).to_string(),
                _ => {
                    let stop = self.integer(stop)?;
                    if up { format!("{stop} - 1") } else { format!("{stop} + 1") }
                }
            };
            let word = if up { "to" } else { "downto" };
            // In VHDL-93 a range of numbers that are not literals has no type of its own.
            let typed =
                self.plan.language == Language::Vhdl93 && (first.starts_with('-') || last.starts_with('-'));
            let ty = if typed { "integer range " } else { "" };
            let head = format!("for {name} in {ty}{first} {word} {last} loop");
            return self.looped(&head, body, out, |_, _| Ok(()));
        }
        let count = iterations(start, stop, step).filter(|n| *n <= 1 << 31).ok_or_else(unsupported)?;
        let counter = self.take(&format!("{name}_count"));
        let head = format!("for {counter} in 0 to {} loop", i64::try_from(count).unwrap_or(i64::MAX) - 1);
        if self.counters.contains(&var) {
            // A counter with steps: a constant in each round.
            let ExprKind::Const(first) = &start.kind else { return Err(unsupported()) };
            let formula = formula(first, step, &counter);
            let plain = self.local_names.insert(var, format!("({formula})"));
            self.looped(&head, body, out, |_, _| Ok(()))?;
            if let Some(plain) = plain {
                self.local_names.insert(var, plain);
            }
            return Ok(());
        }
        let local = &self.locals[var];
        let shape = self.sizer().storage(&local.ty, &local.name, span)?;
        let vector = shape.vector(self.plan.design);
        let ExprKind::Const(first) = &start.kind else { return Err(unsupported()) };
        let kind = if vector.signed { "to_signed" } else { "to_unsigned" };
        let value = format!("{kind}({}, {})", formula(first, step, &counter), vector.width);
        self.looped(&head, body, out, |_, out| {
            out.line(format!("{name} := {value};"));
            Ok(())
        })
    }

    /// A value as an integer.
    fn integer(&self, e: &Expr) -> Printed<String> {
        if let ExprKind::Const(value) = &e.kind {
            return Ok(value.to_string());
        }
        if let Some(plain) = self.sizer().plain(e) {
            return Ok(self.with_printer(|p| p.plain(&plain)));
        }
        let vector = self.sizer().natural(e)?;
        let node = self.sizer().fit(e, vector)?;
        Ok(self.with_printer(|p| p.integer(&node)))
    }

    fn looped(
        &mut self,
        head: &str,
        body: &Block,
        out: &mut Lines,
        before: impl FnOnce(&mut Self, &mut Lines) -> Printed<()>,
    ) -> Printed<()> {
        let (breaks, continues) = leaves(body);
        let label = if breaks || continues { self.take("iterate") } else { String::new() };
        let prefix = if label.is_empty() { String::new() } else { format!("{label} : ") };
        out.open(format!("{prefix}{head}"));
        before(self, out)?;
        self.loops.push(label);
        self.filled(body, out)?;
        self.loops.pop();
        out.close("end loop;");
        Ok(())
    }

    fn write(&self, parts: &[PrintPart], out: &mut Lines) -> Printed<()> {
        out.line(format!("std.textio.write(std.textio.output, {});", self.text(parts)?));
        Ok(())
    }

    /// Text with values in it, as a string expression.
    fn text(&self, parts: &[PrintPart]) -> Printed<String> {
        let mut texts = self.texts(parts)?;
        // A character alone is no string.
        if texts.len() < 2 {
            texts.insert(0, "\"\"".to_owned());
        }
        Ok(texts.join(" & "))
    }

    fn texts(&self, parts: &[PrintPart]) -> Printed<Vec<String>> {
        let mut texts = Vec::new();
        for part in parts {
            texts.push(match part {
                PrintPart::Text(text) => pieces(text).join(" & "),
                PrintPart::Value { value, format } => self.printed_value(value, format)?,
            });
        }
        texts.retain(|t| !t.is_empty());
        Ok(texts)
    }

    fn helper(&self, helper: Helper) {
        self.helpers.borrow_mut().insert(helper);
    }

    /// A value to print, as a string expression.
    fn printed_value(&self, value: &Expr, format: &Format) -> Printed<String> {
        if let Type::Enum(id) = value.ty {
            self.helper(Helper::NameOf(id));
            return Ok(format!("name_of({})", self.value(value, Shape::Enum(id))?));
        }
        if value.ty == Type::Bool && *format == Format::Plain {
            self.helper(Helper::ChooseText);
            return Ok(format!("choose({}, \"True\", \"False\")", self.condition(value)?));
        }
        self.helper(Helper::Digits);
        let natural = self.sizer().natural(value)?;
        if let Format::Vector { width } = format {
            let vector = Vector::unsigned(if *width == 0 { natural.width } else { *width });
            let text = self.value(value, Shape::Bits(vector))?;
            self.helper(Helper::Padded);
            return Ok(format!(
                "padded(digits({text}, 16, false), {}, '0', false)",
                vector.width.div_ceil(4)
            ));
        }
        let (base, capital, width, pad) = match format {
            Format::Number { base, width, pad } => {
                let number = match base {
                    Base::Binary => 2,
                    Base::Octal => 8,
                    Base::Decimal => 10,
                    Base::Hex | Base::HexUpper => 16,
                };
                (number, *base == Base::HexUpper, *width, *pad)
            }
            _ => (10, false, 0, Pad::Right),
        };
        let digits = if natural.signed {
            self.helper(Helper::ChooseText);
            let wide = Vector::signed(natural.width + 1);
            let text = self.value(value, Shape::Bits(wide))?;
            let zero = Expr {
                kind: ExprKind::Const(BigInt::ZERO),
                ty: Type::Int(Range::exactly(0)),
                span: value.span,
            };
            let negative = Expr {
                kind: ExprKind::Compare(pyhdl_ir::CompareOp::Lt, Box::new(value.clone()), Box::new(zero)),
                ty: Type::Bool,
                span: value.span,
            };
            let negative = self.condition(&negative)?;
            format!("choose({negative}, \"-\", \"\") & digits(unsigned(abs({text})), {base}, {capital})")
        } else {
            format!("digits({}, {base}, {capital})", self.value(value, Shape::Bits(natural))?)
        };
        if width == 0 {
            return Ok(digits);
        }
        self.helper(Helper::Padded);
        let (fill, left) = match pad {
            Pad::Right => (' ', false),
            Pad::Left => (' ', true),
            Pad::Zeros => ('0', false),
        };
        Ok(format!("padded({digits}, {width}, '{fill}', {left})"))
    }
}

/// `first + step * counter`.
fn formula(first: &BigInt, step: &BigInt, counter: &str) -> String {
    let sign = if *step < BigInt::ZERO { "-" } else { "+" };
    let by = step.magnitude();
    let scaled = if by.bits() == 1 { counter.to_owned() } else { format!("{by} * {counter}") };
    if *first == BigInt::ZERO && sign == "+" { scaled } else { format!("{first} {sign} {scaled}") }
}

fn choice(value: &BigInt, shape: Shape, integers: bool, enums: &Enums) -> Option<String> {
    match shape {
        Shape::Enum(id) => {
            let literal = u32::try_from(value.clone()).ok()?;
            ((literal as usize) < enums.literals(id).len()).then(|| enums.literal(id, literal).to_owned())
        }
        _ if integers => Some(value.to_string()),
        Shape::Bits(vector) => Some(bit_string(value, vector.width)),
        Shape::Bool => None,
    }
}

fn waveform(printer: &Printer, node: &Node, sized: bool) -> String {
    match &node.kind {
        NodeKind::Select(condition, a, b) => {
            let then = match &a.kind {
                // `when` has no parentheses to nest its first arm in.
                NodeKind::Select(..) => printer.value(a).text,
                _ => {
                    if is_condition(a) {
                        printer.value(a).text
                    } else {
                        waveform(printer, a, sized)
                    }
                }
            };
            format!("{then} when {} else {}", printer.condition(condition).text, waveform(printer, b, sized))
        }
        _ if is_condition(node) => format!("'1' when {} else '0'", printer.condition(node).text),
        _ => assigned(printer, node, sized),
    }
}

/// Several delays, of which the shortest counts.
fn several_delays(span: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(codes::STATEMENT, "VHDL-93 knows no smaller of two times")
            .at(span, "waits for the first of several delays")
            .help("wait for one delay, or choose VHDL-2008: --std 2008"),
    )
}

/// A statement for each arm of a choice, so that only the chosen arm is evaluated.
fn branches(
    printer: &Printer,
    node: &Node,
    sized: bool,
    statement: &dyn Fn(&str) -> String,
    out: &mut Lines,
) {
    match &node.kind {
        NodeKind::Select(condition, a, b) => {
            out.open(format!("if {} then", printer.condition(condition).text));
            branches(printer, a, sized, statement, out);
            out.turn("else");
            branches(printer, b, sized, statement, out);
            out.close("end if;");
        }
        _ => out.line(statement(&assigned(printer, node, sized))),
    }
}

/// A whole right side. All zeros need no width where the target has one.
fn assigned(printer: &Printer, node: &Node, sized: bool) -> String {
    match (&node.kind, node.shape) {
        (NodeKind::Const(value), Shape::Bits(_)) if sized && *value == BigInt::ZERO => {
            "(others => '0')".to_owned()
        }
        _ => printer.value(node).text,
    }
}

/// A VHDL string expression.
pub(crate) fn quote(text: &str) -> String {
    let pieces = pieces(text);
    match &pieces[..] {
        [] => "\"\"".to_owned(),
        // A character alone is no string.
        [one] if !one.starts_with('"') => format!("\"\" & {one}"),
        _ => pieces.join(" & "),
    }
}

/// The strings and control characters of a text.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut open = String::new();
    for c in text.chars() {
        let control = match c {
            '\n' => "LF",
            '\t' => "HT",
            _ => {
                match c {
                    '"' => open.push_str("\"\""),
                    ' '..='~' => open.push(c),
                    // VHDL strings are of Latin-1 characters.
                    _ => open.push('?'),
                }
                continue;
            }
        };
        if !open.is_empty() {
            pieces.push(format!("\"{}\"", std::mem::take(&mut open)));
        }
        pieces.push(control.to_owned());
    }
    if !open.is_empty() {
        pieces.push(format!("\"{open}\""));
    }
    pieces
}

/// The opposite of a condition, where that is false if something in it is unknown.
fn violation(node: &Node) -> Option<Node> {
    let kind = match &node.kind {
        NodeKind::Compare(op, a, b) => {
            let op = match op {
                CompareOp::Ne => CompareOp::Eq,
                CompareOp::Lt => CompareOp::Ge,
                CompareOp::Ge => CompareOp::Lt,
                CompareOp::Le => CompareOp::Gt,
                CompareOp::Gt => CompareOp::Le,
                CompareOp::Eq => return None,
            };
            NodeKind::Compare(op, a.clone(), b.clone())
        }
        NodeKind::Logic(op, a, b) => {
            let op = if *op == LogicOp::And { LogicOp::Or } else { LogicOp::And };
            NodeKind::Logic(op, Box::new(violation(a)?), Box::new(violation(b)?))
        }
        _ => return None,
    };
    Some(Node { kind, shape: node.shape })
}
