//! [`Interpreter`]: runs the code of lowered processes, one operation after the other. It is the reference that
//! other engines are compared with, so it trusts no range: every assignment is checked.

use parking_lot::MutexGuard;
use pyhdl_diag::{Diagnostic, Span};
use pyhdl_ir::{FunctionId, ProcessId};
use std::borrow::Cow;

use crate::program::*;
use crate::store::State;
use crate::{Host, HostError, SimError, Store, Value, codes, messages};

/// Calls may nest this deep; hardware functions do not recurse.
const CALL_DEPTH: u32 = 100;
/// The host is asked for interruption once in so many loop iterations.
const POLL: u64 = 1 << 16;

/// How an activation ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// At a wait: an index into [`Program::sites`]. Delays are in [`Interpreter::delays`], in the order of the
    /// site's delay triggers.
    Wait(u32),
    Finished,
}

/// Why code did not go on.
#[derive(Debug)]
pub(crate) enum Fault {
    /// `raise StopSimulation`, with its text.
    Stop(String),
    Error(Box<SimError>),
}

impl From<HostError> for Fault {
    fn from(error: HostError) -> Self {
        Fault::Error(Box::new(SimError::Host(error)))
    }
}

impl From<Diagnostic> for Fault {
    fn from(diagnostic: Diagnostic) -> Self {
        Fault::Error(Box::new(SimError::Diagnostic(diagnostic)))
    }
}

/// The state of all lowered processes: their variables and where each one goes on.
#[derive(Debug)]
pub(crate) struct Interpreter {
    program: Program,
    /// The processes' frames, and above them those of the functions being called.
    stack: Vec<Option<Value>>,
    /// Where each process's frame starts and where it goes on.
    frames: Vec<(usize, Position)>,
    pub(crate) delays: Vec<u64>,
    text: String,
    loop_limit: u64,
}

impl Interpreter {
    pub(crate) fn new(program: Program, loop_limit: u64) -> Self {
        let mut size = 0;
        let frames = program
            .processes
            .iter()
            .map(|code| {
                let base = size;
                size += code.slots as usize;
                (base, code.entry)
            })
            .collect();
        Interpreter {
            program,
            stack: vec![None; size],
            frames,
            delays: Vec::new(),
            text: String::new(),
            loop_limit,
        }
    }

    /// Which wait a process is at, counted within it; `None` for one that has ended.
    pub(crate) fn wait_of(&self, process: ProcessId) -> Option<u32> {
        let at = self.frames[process.index()].1 as usize;
        match self.program.ops.get(at.checked_sub(1)?) {
            Some(Op::Wait(site)) => site.checked_sub(self.program.processes[process].first_site),
            _ => None,
        }
    }

    /// The variables of a process.
    pub(crate) fn slots_of(&self, process: ProcessId) -> &[Option<Value>] {
        let base = self.frames[process.index()].0;
        &self.stack[base..base + self.program.processes[process].slots as usize]
    }

    /// Puts a process where it goes on behind one of its waits. `slots` may be shorter than its frame.
    pub(crate) fn place(&mut self, process: ProcessId, behind: Position, slots: &[Option<Value>]) {
        let frame = &mut self.frames[process.index()];
        frame.1 = behind;
        self.stack[frame.0..frame.0 + slots.len()].clone_from_slice(slots);
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// Runs a process from where it is up to its next wait or its end.
    pub(crate) fn run(
        &mut self,
        process: ProcessId,
        store: &Store,
        host: &mut dyn Host,
    ) -> Result<Exit, Fault> {
        let (base, position) = self.frames[process.index()];
        self.delays.clear();
        let floor = self.stack.len();
        let mut machine = Machine {
            program: &self.program,
            state: store.lock(),
            host,
            stack: &mut self.stack,
            delays: &mut self.delays,
            text: &mut self.text,
            process,
            base,
            depth: 0,
            iterations: 0,
            loop_limit: self.loop_limit,
        };
        let mut at = position;
        let result = machine.execute(&mut at);
        drop(machine);
        self.frames[process.index()].1 = at;
        // A fault inside a function leaves its frame behind.
        self.stack.truncate(floor);
        match result? {
            Left::Wait(site) => Ok(Exit::Wait(site)),
            Left::Returned(_) => Ok(Exit::Finished),
        }
    }
}

/// How a frame was left.
pub(crate) enum Left {
    Wait(u32),
    Returned(Option<Value>),
}

/// One activation.
pub(crate) struct Machine<'a> {
    pub(crate) program: &'a Program,
    pub(crate) state: MutexGuard<'a, State>,
    pub(crate) host: &'a mut dyn Host,
    pub(crate) stack: &'a mut Vec<Option<Value>>,
    delays: &'a mut Vec<u64>,
    pub(crate) text: &'a mut String,
    process: ProcessId,
    pub(crate) base: usize,
    depth: u32,
    iterations: u64,
    loop_limit: u64,
}

impl<'a> Machine<'a> {
    /// Runs the current frame from `at`, which is left behind the wait.
    fn execute(&mut self, at: &mut Position) -> Result<Left, Fault> {
        let program: &'a Program = self.program;
        loop {
            let here = *at as usize;
            *at += 1;
            match &program.ops[here] {
                Op::SetSignal { signal, value } => {
                    let bound = &program.signals[*signal];
                    let value = self.value_for(bound, *value)?;
                    let value = self.fit(bound, value, program.op_spans[here])?;
                    self.state.set_next(*signal, value);
                }
                Op::SetLocal { slot, bound, value } => {
                    let bound = &program.locals[*bound as usize];
                    let value = self.value_for(bound, *value)?;
                    let value = self.fit(bound, value, program.op_spans[here])?;
                    self.set_slot(*slot, value);
                }
                Op::SetElement { list, bound, index, value } => {
                    let bound = &program.locals[*bound as usize];
                    let value = self.value_for(bound, *value)?;
                    let slot = self.list_slot(*list, *index)?;
                    let value = self.fit(bound, value, program.op_spans[here])?;
                    self.set_slot(slot, value);
                }
                Op::SetMemory { memory, index, value } => {
                    let value = self.object(*value)?;
                    let signal = self.element(*memory, *index)?;
                    let value = self.fit(&program.signals[signal], value, program.op_spans[here])?;
                    self.state.set_next(signal, value);
                }
                Op::SetPart(part) => {
                    self.set_part(&program.parts[*part as usize], program.op_spans[here])?;
                }
                Op::JumpIfFalse { condition, to } => {
                    if !self.truth(*condition)? {
                        *at = *to;
                    }
                }
                Op::Jump(to) => *at = *to,
                Op::Loop(to) => {
                    *at = *to;
                    self.count_iteration(program.op_spans[here])?;
                }
                Op::Next { counter, stop, var, step, exit } => {
                    if !self.next(*counter, *stop, *var, *step)? {
                        *at = *exit;
                    }
                }
                Op::Save { slot, value } => {
                    let value = self.number(*value)?;
                    self.set_slot(*slot, value);
                }
                Op::Draw { slot, draw } => {
                    let (generator, numbers) = &program.draws[*draw as usize];
                    let host = &mut *self.host;
                    let value = MutexGuard::unlocked(&mut self.state, || host.draw(*generator, numbers))?;
                    self.set_slot(*slot, value);
                }
                Op::Switch { slot, switch } => {
                    let switch = &program.switches[*switch as usize];
                    *at = match self.slot(*slot) {
                        Some(value) => match switch.arms.binary_search_by(|(v, _)| v.cmp(value)) {
                            Ok(arm) => switch.arms[arm].1,
                            Err(_) => switch.otherwise,
                        },
                        None => switch.otherwise,
                    };
                }
                Op::JumpIfOther { slot, case, to } => {
                    let found = self.slot(*slot).is_some_and(|v| program.cases[*case as usize].contains(v));
                    if !found {
                        *at = *to;
                    }
                }
                Op::Wait(site) => {
                    self.evaluate_delays(*site)?;
                    return Ok(Left::Wait(*site));
                }
                Op::Return(value) => {
                    let value = value.map(|v| self.object(v)).transpose()?;
                    // A finished thread stays at its return.
                    *at = here as Position;
                    return Ok(Left::Returned(value));
                }
                Op::Clear { slots } => {
                    let end = program.processes[self.process].slots;
                    for range in slots {
                        let range = range.start.min(end) as usize..range.end.min(end) as usize;
                        self.stack[self.base + range.start..self.base + range.end].fill(None);
                    }
                }
                Op::Foreign => {
                    let (host, process) = (&mut *self.host, self.process);
                    MutexGuard::unlocked(&mut self.state, || host.call(process))?;
                }
                Op::ForeignReset => {
                    let (host, process) = (&mut *self.host, self.process);
                    MutexGuard::unlocked(&mut self.state, || host.reset(process))?;
                }
                Op::Assert { condition, message } => {
                    if !self.truth(*condition)? {
                        self.write_pieces(*message)?;
                        let message = self.text.clone();
                        return Err(self.python("AssertionError", message, program.op_spans[here]));
                    }
                }
                Op::Print(print) => {
                    self.write_pieces(*print)?;
                    let (host, text) = (&mut *self.host, self.text.as_str());
                    MutexGuard::unlocked(&mut self.state, || host.print(text))?;
                }
                Op::Raise { exception, message } => {
                    self.write_pieces(*message)?;
                    let message = self.text.clone();
                    if exception == "StopSimulation" {
                        return Err(Fault::Stop(message));
                    }
                    return Err(self.python(exception.clone(), message, program.op_spans[here]));
                }
                Op::Call { function, args, variables } => {
                    let args = &program.operands[args.start as usize..args.end as usize];
                    self.call_with(*function, args, variables, program.op_spans[here])?;
                }
            }
        }
    }

    /// Makes a text anew.
    fn write_pieces(&mut self, print: u32) -> Result<(), Fault> {
        self.text.clear();
        let program = self.program;
        for piece in &program.prints[print as usize] {
            self.write_piece(piece)?;
        }
        Ok(())
    }

    /// Runs a function to its end in a frame of its own.
    pub(crate) fn call(
        &mut self,
        function: FunctionId,
        args: &[NodeId],
        span: Span,
    ) -> Result<Option<Value>, Fault> {
        self.call_with(function, args, &[], span)
    }

    /// A call, after which the caller's variables have the values that parameters passed by reference have got.
    fn call_with(
        &mut self,
        function: FunctionId,
        args: &[NodeId],
        variables: &[Option<Slot>],
        span: Span,
    ) -> Result<Option<Value>, Fault> {
        if self.depth == CALL_DEPTH {
            return Err(self.python("RecursionError", "maximum recursion depth exceeded", span));
        }
        let code = &self.program.functions[function];
        let base = self.stack.len();
        for arg in args {
            // The frame of a nested call in a later argument is pushed above and popped again.
            let value = self.object(*arg)?;
            self.stack.push(Some(value));
        }
        self.stack.resize(base + (code.slots as usize).max(args.len()), None);
        let outer = std::mem::replace(&mut self.base, base);
        self.depth += 1;
        let mut at = code.entry;
        let left = self.execute(&mut at)?;
        self.depth -= 1;
        self.base = outer;
        for (param, variable) in code.inouts.iter().zip(variables_of(&code.inouts, variables)) {
            if let Some(slot) = variable {
                self.stack[outer + slot as usize] = self.stack[base + *param as usize].take();
            }
        }
        self.stack.truncate(base);
        match left {
            Left::Returned(value) => Ok(value),
            Left::Wait(_) => Err(Diagnostic::error(codes::WAIT_IN_FUNCTION, "a function waits for an event")
                .at(code.span, "only an instance process can wait")
                .into()),
        }
    }

    /// The value to be assigned: for bits only the number counts.
    #[inline]
    fn value_for(&mut self, bound: &Bound, value: NodeId) -> Result<Value, Fault> {
        match bound {
            Bound::Bits(_) => self.number(value),
            _ => self.object(value),
        }
    }

    #[inline]
    pub(crate) fn slot(&self, slot: Slot) -> Option<&Value> {
        self.stack[self.base + slot as usize].as_ref()
    }

    #[inline]
    pub(crate) fn set_slot(&mut self, slot: Slot, value: Value) {
        self.stack[self.base + slot as usize] = Some(value);
    }

    /// Puts the next number of a range in `var`; false where there is none.
    fn next(&mut self, counter: Slot, stop: Slot, var: Slot, step: NodeId) -> Result<bool, Fault> {
        let (Some(now), Some(stop), Node::Const(step_by)) =
            (self.slot(counter), self.slot(stop), &self.program.nodes[step as usize])
        else {
            return Ok(false);
        };
        if if step_by.is_negative() { now <= stop } else { now >= stop } {
            return Ok(false);
        }
        let now = now.clone();
        let then = now.clone().binary(pyhdl_ir::BinaryOp::Add, step_by.clone());
        let then = then.map_err(|e| self.arithmetic(e, step))?;
        self.set_slot(counter, then);
        self.set_slot(var, now);
        Ok(true)
    }

    fn count_iteration(&mut self, span: Span) -> Result<(), Fault> {
        self.iterations += 1;
        if self.iterations.is_multiple_of(POLL) {
            let host = &mut *self.host;
            let time = self.state.time;
            MutexGuard::unlocked(&mut self.state, || host.interrupted(time))?;
        }
        if self.iterations > self.loop_limit {
            let process = self.program.processes[self.process].span;
            return Err(messages::never_yields(self.loop_limit, span, process).into());
        }
        Ok(())
    }

    fn evaluate_delays(&mut self, site: u32) -> Result<(), Fault> {
        let program = self.program;
        for trigger in &program.sites[site as usize].triggers {
            if let SiteTrigger::Delay(node) = trigger {
                let steps = self.eval(*node)?;
                let span = program.node_spans[*node as usize];
                if steps.is_negative() {
                    let text = "arg of delay constructor should be a natural integer";
                    return Err(self.python("TypeError", text, span));
                }
                let steps =
                    u64::try_from(steps.to_bigint()).map_err(|_| messages::time_overflow(Some(span)))?;
                self.delays.push(steps);
            }
        }
        Ok(())
    }

    /// A Python exception at a place of this process.
    pub(crate) fn python(
        &self,
        exception: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
        span: Span,
    ) -> Fault {
        let (exception, message) = (exception.into(), message.into());
        Fault::Error(Box::new(SimError::Python { exception, message, span, process: self.process }))
    }

    pub(crate) fn out_of_bounds(&self, message: String, span: Span) -> Fault {
        Fault::Error(Box::new(SimError::OutOfBounds { message, span, process: self.process }))
    }
}

/// The caller's slots for the parameters that are passed by reference.
fn variables_of(inouts: &[Slot], variables: &[Option<Slot>]) -> impl Iterator<Item = Option<Slot>> {
    inouts.iter().map(|param| variables.get(*param as usize).copied().flatten())
}
