//! Makes the [`Program`] of a design: statements become linear code.
//!
//! A process that Python would call again and again becomes an endless loop around its wait:
//! `@always_comb` is body, wait, repeat; `@always` and `@always_seq` are wait, body, repeat. So the kernel needs to
//! know nothing about kinds of processes.

use pyhdl_diag::Span;
use pyhdl_ir::{
    Block, CompareOp, Design, Function, Local, Process, ProcessKind, Reset, SignalId, Stmt, StmtKind,
    StorageType, Trigger,
};

use crate::Value;
use crate::flat_stmt::Flattener;
use crate::program::*;
use crate::store::initial_value;

/// The program of a whole design.
pub(crate) fn flatten(design: &Design) -> Program {
    let mut program = Program {
        signals: design.signals.iter().map(|s| bound(&s.ty)).collect(),
        memories: design.memories.iter().map(|m| m.elements.clone()).collect(),
        tables: design.tables.iter().map(|t| t.entries.iter().map(Value::from).collect()).collect(),
        enums: design.enums.iter().map(|e| e.literals.clone()).collect(),
        ..Program::default()
    };
    for function in &design.functions {
        let code = flatten_function(&mut program, function);
        program.functions.push(code);
    }
    for process in &design.processes {
        let code = flatten_process(&mut program, design, process);
        program.processes.push(code);
    }
    program
}

pub(crate) fn bound(ty: &StorageType) -> Bound {
    match ty {
        StorageType::Bool => Bound::Bool,
        StorageType::Bits(bits) => Bound::Bits(Bits {
            small: i64::try_from(&bits.min).ok().zip(i64::try_from(&bits.max).ok()),
            min: bits.min.clone(),
            max: bits.max.clone(),
            wraps: bits.wraps,
        }),
        StorageType::Enum(_) | StorageType::Int(_) => Bound::Free,
        StorageType::Opaque => Bound::Opaque,
    }
}

fn flatten_function(program: &mut Program, function: &Function) -> FunctionCode {
    let entry = program.ops.len() as Position;
    let mut flat = Flattener::new(program, &function.locals.raw);
    flat.block(&function.body);
    flat.op(Op::Return(None), function.span);
    let params = function.locals.iter_enumerated().take(function.params as usize);
    let inouts = params.filter(|(_, local)| local.inout).map(|(id, _)| id.index() as Slot).collect();
    FunctionCode { entry, slots: flat.slots, inouts, span: function.span }
}

fn flatten_process(program: &mut Program, design: &Design, process: &Process) -> ProcessCode {
    let entry = program.ops.len() as Position;
    let first_site = program.sites.len() as u32;
    let locals: &[Local] = &process.locals.raw;
    let foreign = process.foreign.is_some();
    let foreign_thread = foreign && matches!(process.kind, ProcessKind::Thread);
    let mut flat = Flattener::new(program, locals);
    flat.initial_values(process);
    let start = entry;
    let entry = flat.position();
    match &process.kind {
        ProcessKind::Opaque { .. } => {
            flat.op(Op::Return(None), process.span);
        }
        ProcessKind::Thread => {
            if !foreign {
                flat.block(&process.body);
            }
            flat.op(Op::Return(None), process.span);
        }
        ProcessKind::Continuous { sensitivity } | ProcessKind::Combinational { sensitivity } => {
            flat.body(process, foreign);
            let triggers = sensitivity.iter().map(|s| SiteTrigger::Change(*s)).collect();
            flat.wait(triggers, process.span);
            flat.op(Op::Jump(entry), process.span);
        }
        ProcessKind::Triggered { triggers } => {
            let triggers = triggers.iter().map(|t| flat.trigger(t)).collect();
            flat.wait(triggers, process.span);
            flat.body(process, foreign);
            flat.op(Op::Jump(entry), process.span);
        }
        ProcessKind::Sequential { clock, rising, reset } => {
            flat.wait(sequential_triggers(*clock, *rising, reset.as_ref()), process.span);
            match reset {
                None => flat.body(process, foreign),
                Some(reset) => {
                    let to_body = flat.if_reset(design, reset, process.span);
                    flat.initial_values(process);
                    if foreign {
                        flat.op(Op::ForeignReset, process.span);
                    }
                    flat.op(Op::Jump(entry), process.span);
                    flat.patch(to_body);
                    flat.body(process, foreign);
                }
            }
            flat.op(Op::Jump(entry), process.span);
        }
    }
    ProcessCode { entry: start, slots: flat.slots, foreign_thread, first_site, span: process.span }
}

fn sequential_triggers(clock: SignalId, rising: bool, reset: Option<&Reset>) -> Vec<SiteTrigger> {
    let edge =
        |signal, rising| if rising { SiteTrigger::Rising(signal) } else { SiteTrigger::Falling(signal) };
    let mut triggers = vec![edge(clock, rising)];
    if let Some(reset) = reset
        && reset.polarity.asynchronous
    {
        triggers.push(edge(reset.signal, reset.polarity.active_high));
    }
    triggers
}

impl Flattener<'_> {
    /// The body of a process that runs from its start each time.
    fn body(&mut self, process: &Process, foreign: bool) {
        if foreign {
            self.op(Op::Foreign, process.span);
            return;
        }
        if !process.locals.is_empty() {
            let slots = self.fresh_slots(&process.locals.raw);
            self.op(Op::Clear { slots }, process.span);
        }
        self.repeated_block(&process.body);
    }

    /// Gives the targets of a reset their initial values; returns the jump to patch for "not in reset".
    fn if_reset(&mut self, design: &Design, reset: &Reset, span: Span) -> Position {
        let level = self.node(Node::Const(Value::Bool(reset.polarity.active_high)), span);
        let signal = self.node(Node::Signal(reset.signal), span);
        let condition = self.node(Node::Compare(CompareOp::Eq, signal, level), span);
        let jump = self.op(Op::JumpIfFalse { condition, to: 0 }, span);
        for &target in &reset.targets {
            let value = self.node(Node::Const(initial_value(&design.signals[target])), span);
            self.op(Op::SetSignal { signal: target, value }, span);
        }
        jump
    }

    /// Gives the variables that keep their values those that they start with.
    fn initial_values(&mut self, process: &Process) {
        for (id, local) in process.locals.iter_enumerated() {
            if let Some(init) = &local.init {
                let value = match local.ty {
                    StorageType::Bool => Value::Bool(*init != num_bigint::BigInt::ZERO),
                    _ => Value::from(init),
                };
                let value = self.node(Node::Const(value), process.span);
                self.set_local(id, value, process.span);
            }
        }
    }

    pub(crate) fn trigger(&mut self, trigger: &Trigger) -> SiteTrigger {
        match trigger {
            Trigger::Change(signal) => SiteTrigger::Change(*signal),
            Trigger::Rising(signal) => SiteTrigger::Rising(*signal),
            Trigger::Falling(signal) => SiteTrigger::Falling(*signal),
            Trigger::Delay(steps) => SiteTrigger::Delay(self.expr(steps)),
        }
    }

    pub(crate) fn wait(&mut self, triggers: Vec<SiteTrigger>, span: Span) {
        let site = self.program.sites.len() as u32;
        self.program.sites.push(WaitSite { triggers });
        self.op(Op::Wait(site), span);
    }

    /// A body that is left by its end or by a `return`, both of which go on behind it.
    fn repeated_block(&mut self, body: &Block) {
        let outer = self.returns.replace(Vec::new());
        self.block(body);
        let returns = std::mem::replace(&mut self.returns, outer);
        for jump in returns.into_iter().flatten() {
            self.patch(jump);
        }
    }
}

/// Whether a statement needs no code.
pub(crate) fn is_silent(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::Comment(_))
}
