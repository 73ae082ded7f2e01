//! Machine code of processes: several in a row, and threads, which are entered where they waited.

use std::collections::{HashMap, HashSet};

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use cranelift_frontend::Switch;
use num_bigint::BigInt;
use num_traits::Zero;
use pyhdl_ir::{
    Block, Design, Expr, ExprKind, Process, ProcessId, ProcessKind, Reset, SignalId, Stmt, StmtKind,
    StorageType, Trigger, Type, for_each_stmt,
};
use pyhdl_sim::cycle::Role;

use crate::Refused;
use crate::body::{Body, Frame, LocalPlace, flags};
use crate::division::Division;
use crate::expr::python;
use crate::layout::{SlotPlace, word};
use crate::num::Val;
use crate::sites::Event;

/// The first branch of a process, which it may have in common with others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Guard {
    /// `@always_seq` with a reset: the signal and its active level.
    Reset(SignalId, bool),
    /// `if signal:` around everything.
    Signal(SignalId),
}

impl Body<'_, '_, '_> {
    /// Processes that run one behind the other, each to its end. Neighbours with the same first branch share it.
    pub fn sequence(&mut self, processes: &[ProcessId], division: &Division) -> Result<(), Refused> {
        let design = self.design();
        let mut at = 0;
        while at < processes.len() {
            let guard = match self.shared.options.grouping {
                true => guard(design, processes[at]),
                false => None,
            };
            let same =
                processes[at..].iter().take_while(|id| guard.is_some() && self::guard(design, **id) == guard);
            let count = same.count().max(1);
            match guard {
                Some(guard) if count > 1 => self.guarded(&processes[at..at + count], guard, division)?,
                _ => self.process(processes[at], division)?,
            }
            at += count;
        }
        Ok(())
    }

    fn guarded(&mut self, processes: &[ProcessId], guard: Guard, division: &Division) -> Result<(), Refused> {
        let design = self.design();
        let (signal, level) = match guard {
            Guard::Reset(signal, level) => (signal, level),
            Guard::Signal(signal) => (signal, true),
        };
        let value = self.signal(signal)?;
        let value = match value {
            Val::Bit(bit) => bit,
            Val::Num(limbs) => self.nums().is_true(&limbs),
        };
        let (yes, no, end) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
        match level {
            true => self.b.ins().brif(value, yes, &[], no, &[]),
            false => self.b.ins().brif(value, no, &[], yes, &[]),
        };
        for (block, first) in [(yes, true), (no, false)] {
            self.b.seal_block(block);
            self.enter(block);
            let mark = self.enter_scope();
            for id in processes {
                let process = &design.processes[*id];
                self.begin(*id, division)?;
                match (guard, &process.kind) {
                    (Guard::Reset(..), ProcessKind::Sequential { reset: Some(reset), .. }) => match first {
                        true => self.reset(process, reset)?,
                        false => self.block(&process.body)?,
                    },
                    _ => {
                        if let Some((arms, otherwise)) = only_if(&process.body) {
                            match first {
                                true => self.block(&arms[0].1)?,
                                false => self.if_(&arms[1..], otherwise)?,
                            }
                        }
                    }
                }
                self.end(*id, division)?;
            }
            self.leave_scope(mark);
            self.jump(end);
        }
        self.b.seal_block(end);
        self.enter(end);
        for id in processes {
            self.forget_driven(*id);
        }
        Ok(())
    }

    /// One activation of a process that starts at its beginning.
    pub fn process(&mut self, id: ProcessId, division: &Division) -> Result<(), Refused> {
        let process = &self.design().processes[id];
        self.begin(id, division)?;
        match &process.kind {
            ProcessKind::Sequential { reset: Some(reset), .. } => {
                let value = self.signal(reset.signal)?;
                let value = self.bit(&value);
                let level = i64::from(reset.polarity.active_high);
                let active = self.b.ins().icmp_imm(IntCC::Equal, value, level);
                let (yes, no, end) = (self.b.create_block(), self.b.create_block(), self.b.create_block());
                self.b.ins().brif(active, yes, &[], no, &[]);
                self.b.seal_block(yes);
                self.b.seal_block(no);
                self.enter(yes);
                self.reset(process, reset)?;
                self.jump(end);
                self.enter(no);
                let mark = self.enter_scope();
                self.block(&process.body)?;
                self.leave_scope(mark);
                self.jump(end);
                self.b.seal_block(end);
                self.enter(end);
            }
            _ => self.block(&process.body)?,
        }
        self.end(id, division)
    }

    /// The targets and the variables of a process get the values that they started with.
    fn reset(&mut self, process: &Process, reset: &Reset) -> Result<(), Refused> {
        let design = self.design();
        for target in &reset.targets {
            let signal = &design.signals[*target];
            let value = Expr {
                kind: ExprKind::Const(signal.init.clone()),
                ty: match &signal.ty {
                    StorageType::Bool => Type::Bool,
                    _ => Type::Int(pyhdl_ir::Range::exactly(signal.init.clone())),
                },
                span: process.span,
            };
            self.assign_signal(*target, &value, process.span)?;
        }
        self.initial_values(process)
    }

    fn initial_values(&mut self, process: &Process) -> Result<(), Refused> {
        for (id, local) in process.locals.iter_enumerated() {
            if let Some(init) = &local.init {
                let value = match local.ty {
                    StorageType::Bool => Val::Bit(self.b.ins().iconst(types::I8, i64::from(!init.is_zero()))),
                    _ => {
                        let range = crate::layout::range_of(self.design(), &local.ty);
                        let limbs = crate::layout::limbs_of(&range) as usize;
                        Val::Num(self.nums().constant(init, limbs))
                    }
                };
                self.set_local(id, &value)?;
            }
        }
        Ok(())
    }

    /// The frame of a process whose activations start at its beginning.
    fn begin(&mut self, id: ProcessId, division: &Division) -> Result<(), Refused> {
        let plan = self.shared.plan;
        let process = &self.design().processes[id];
        self.process = id;
        self.wires.clear();
        self.start = self.enter_scope();
        let exit = self.b.create_block();
        self.frame = Frame { exit: Some(exit), ..Frame::default() };
        self.frame_places(id, process, false)?;
        self.iterations = None;
        if has_loops(&process.body) {
            let rounds = self.b.declare_var(types::I64);
            let zero = self.nums().small(0);
            self.b.def_var(rounds, zero);
            self.iterations = Some(rounds);
        }
        let wires = self.shared.options.wires && plan.roles[id] == Role::Follows && division.once[id.index()];
        let whole = if wires { assigned_on_all_ways(&process.body) } else { HashSet::new() };
        for cell in &plan.drives[id] {
            if plan.cells.all[*cell].memory {
                continue;
            }
            let read_too = plan.reads[id].binary_search(cell).is_ok();
            for signal in &plan.cells.all[*cell].signals {
                if wires && !plan.shadowed[*cell] {
                    let ty = &self.design().signals[*signal].ty;
                    let held = self.hold(ty);
                    if !whole.contains(signal) {
                        let place = self.shared.layout.place(*signal)?;
                        let before = self.load_as(self.state, place, ty);
                        self.set_held(&held, &before);
                    }
                    self.wires.insert(*signal, held);
                } else if read_too && !plan.shadowed[*cell] {
                    // The cell changes at once; the process goes on to see what was there before.
                    self.signal(*signal)?;
                }
            }
        }
        Ok(())
    }

    /// Where the variables of a process are.
    fn frame_places(&mut self, id: ProcessId, process: &Process, thread: bool) -> Result<(), Refused> {
        let slots = self.shared.layout.frames[id].slots.clone();
        let mut next = process.locals.len();
        for (i, local) in process.locals.iter().enumerate() {
            let place = match (local.length, slots.get(i).copied().flatten()) {
                (Some(length), _) => {
                    let places: Vec<SlotPlace> =
                        slots[next..next + length as usize].iter().flatten().copied().collect();
                    next += length as usize;
                    let Some(first) = places.first().copied() else {
                        return Err(Refused("an empty list of variables".to_owned()));
                    };
                    let stride = places.get(1).map_or(0, |second| second.place.at - first.place.at);
                    if !thread && local.init.is_none() {
                        let nothing = self.b.ins().iconst(types::I8, 0);
                        for slot in &places {
                            self.b.ins().store(flags(), nothing, self.state, slot.assigned);
                        }
                    }
                    LocalPlace::List(first, stride as u32, length)
                }
                (None, Some(slot)) => {
                    if local.init.is_some() {
                        self.frame.definite.insert(i as u32);
                    }
                    LocalPlace::Memory(slot)
                }
                (None, None) => {
                    let held = self.hold(&local.ty);
                    let assigned = self.b.declare_var(types::I8);
                    let nothing = self.b.ins().iconst(types::I8, 0);
                    self.b.def_var(assigned, nothing);
                    let zero = match held.bit {
                        true => Val::Bit(nothing),
                        false => Val::Num(self.nums().constant(&BigInt::ZERO, held.vars.len())),
                    };
                    self.set_held(&held, &zero);
                    LocalPlace::Registers(held, assigned)
                }
            };
            self.frame.locals.push(place);
            self.frame.types.push(local.ty.clone());
            self.frame.names.push(local.name.clone());
        }
        Ok(())
    }

    /// The end of an activation: what was driven in registers is stored where someone else reads it.
    fn end(&mut self, id: ProcessId, division: &Division) -> Result<(), Refused> {
        if has_returns(&self.design().processes[id].body) {
            // Not all ways lead through all of the body.
            self.leave_scope(self.start);
        }
        if let Some(exit) = self.frame.exit {
            self.jump(exit);
            self.b.seal_block(exit);
            self.enter(exit);
        }
        self.forget_driven(id);
        let plan = self.shared.plan;
        let wires: Vec<SignalId> =
            plan.drives[id].iter().flat_map(|cell| &plan.cells.all[*cell].signals).copied().collect();
        let whole = assigned_on_all_ways(&self.design().processes[id].body);
        for signal in wires {
            let Some(held) = self.wires.get(&signal).cloned() else { continue };
            let value = self.held(&held);
            let needed = division.stored[plan.cells.of(signal).index()] || !whole.contains(&signal);
            if needed || !self.shared.options.dead_stores {
                let place = self.shared.layout.place(signal)?;
                self.store(self.state, place, &value);
            }
            self.cache(signal, value);
        }
        self.wires.clear();
        Ok(())
    }

    fn forget_driven(&mut self, id: ProcessId) {
        let plan = self.shared.plan;
        for cell in &plan.drives[id] {
            for signal in &plan.cells.all[*cell].signals {
                self.forget(*signal);
            }
        }
    }

    // ---- with functions of their own ----

    /// A process with a function of its own, or in its place inside another function.
    pub fn own(&mut self, id: ProcessId, division: &Division) -> Result<(), Refused> {
        match self.design().processes[id].kind {
            ProcessKind::Thread => self.thread(id),
            _ => self.alone(id, division),
        }
    }

    /// A process that is not a thread: then it waits again.
    fn alone(&mut self, id: ProcessId, division: &Division) -> Result<(), Refused> {
        self.process(id, division)?;
        let process = &self.design().processes[id];
        if let ProcessKind::Triggered { triggers } = &process.kind {
            self.frame = Frame::default();
            self.frame_places(id, process, false)?;
            self.note_wait(0, triggers)
        } else {
            self.note_wait(0, &[])
        }
    }

    /// A thread: entered where it waited, left where it waits again.
    fn thread(&mut self, id: ProcessId) -> Result<(), Refused> {
        let process = &self.design().processes[id];
        self.process = id;
        let cached = std::mem::replace(&mut self.caches, false);
        let left = self.b.create_block();
        self.left = Some(left);
        let mut hidden = process.locals.iter().map(|l| 1 + l.length.unwrap_or(0)).sum::<u32>();
        number(&process.body, &mut self.waits, &mut self.hidden, &mut hidden);
        self.resumptions = self.waits.iter().map(|_| self.b.create_block()).collect();
        let rounds = self.b.declare_var(types::I64);
        let zero = self.nums().small(0);
        self.b.def_var(rounds, zero);
        self.iterations = Some(rounds);
        let place = self.shared.layout.frames[id].wait;
        let wait = self.b.ins().uload32(flags(), self.state, place);
        let wait = self.b.ins().ireduce(types::I32, wait);
        let mut switch = Switch::new();
        for (number, block) in self.resumptions.iter().enumerate() {
            switch.set_entry(number as u128, *block);
        }
        let start = self.b.create_block();
        // The code before the first wait has run already; loops may lead back into it.
        switch.set_entry(self.resumptions.len() as u128 + 1, start);
        switch.emit(&mut self.b, wait, left);
        self.b.seal_block(start);
        self.enter(start);
        let exit = self.b.create_block();
        self.frame = Frame { exit: Some(exit), ..Frame::default() };
        self.frame_places(id, process, true)?;
        self.block(&process.body)?;
        self.jump(exit);
        self.b.seal_block(exit);
        self.enter(exit);
        let end = self.b.ins().iconst(types::I64, self.resumptions.len() as i64);
        self.b.ins().istore32(flags(), end, self.state, place);
        self.never_wakes(id);
        self.jump(left);
        self.b.seal_block(left);
        self.enter(left);
        self.caches = cached;
        (self.left, self.iterations) = (None, None);
        self.waits.clear();
        self.hidden.clear();
        self.resumptions.clear();
        Ok(())
    }

    fn never_wakes(&mut self, id: ProcessId) {
        if let Some(wake) = self.shared.layout.frames[id].wake {
            let never = self.nums().small(-1);
            self.set_wake(id, wake, never);
        }
    }

    fn set_wake(&mut self, id: ProcessId, place: i32, then: Value) {
        self.b.ins().store(flags(), then, self.state, place);
        if let Some(wake) = self.kept.wakes.get(&id) {
            self.b.def_var(*wake, then);
        }
    }

    pub fn wait(&mut self, stmt: &Stmt, triggers: &[Trigger]) -> Result<(), Refused> {
        let Some(number) = self.waits.get(&(stmt as *const Stmt)).copied() else {
            return Err(Refused("a wait in an unknown place".to_owned()));
        };
        self.note_wait(number, triggers)?;
        if let Some(left) = self.left {
            self.jump(left);
        }
        let resumption = self.resumptions[number as usize];
        self.b.seal_block(resumption);
        self.enter(resumption);
        Ok(())
    }

    /// Writes down what the process waits for from now on.
    fn note_wait(&mut self, number: u32, triggers: &[Trigger]) -> Result<(), Refused> {
        let id = self.process;
        let frame = self.shared.layout.frames[id].clone();
        let mut wake = None;
        for trigger in triggers {
            if let Trigger::Delay(steps) = trigger {
                let range = crate::expr::range_of_type(&steps.ty);
                let count = crate::layout::limbs_of(&range);
                if count > 1 {
                    return Err(Refused("a delay of more than 64 bits".to_owned()));
                }
                let by = self.number(steps, 1)?[0];
                if range.may_be_negative() {
                    let negative = self.b.ins().icmp_imm(IntCC::SignedLessThan, by, 0);
                    let text = "arg of delay constructor should be a natural integer";
                    self.fail_if(negative, python("TypeError", text), steps.span, &[])?;
                }
                let now = self.now();
                let then = self.b.ins().iadd(now, by);
                let over = self.b.ins().icmp(IntCC::UnsignedLessThan, then, now);
                self.fail_if(over, Event::TimeOverflow, steps.span, &[])?;
                wake = Some(match wake {
                    None => then,
                    Some(before) => self.b.ins().umin(before, then),
                });
            }
        }
        match (wake, frame.wake) {
            (Some(then), Some(place)) => self.set_wake(id, place, then),
            _ => self.never_wakes(id),
        }
        let number = self.nums().small(i64::from(number));
        self.b.ins().istore32(flags(), number, self.state, frame.wait);
        if let Some(since) = frame.since {
            let count = self.b.ins().load(types::I64, flags(), self.state, word::SINCE);
            let count = self.b.ins().iadd_imm(count, 1);
            self.b.ins().store(flags(), count, self.state, word::SINCE);
            self.b.ins().store(flags(), count, self.state, since);
        }
        Ok(())
    }
}

/// The numbers of waits and hidden variables, in the order of the text.
fn number(
    block: &Block,
    waits: &mut HashMap<*const Stmt, u32>,
    hidden: &mut HashMap<*const Stmt, u32>,
    next: &mut u32,
) {
    for stmt in block {
        match &stmt.kind {
            StmtKind::Wait(_) => {
                waits.insert(stmt, waits.len() as u32);
            }
            StmtKind::For { .. } => {
                hidden.insert(stmt, *next);
                *next += 2;
            }
            StmtKind::Match { .. } => {
                hidden.insert(stmt, *next);
                *next += 1;
            }
            _ => {}
        }
        for inner in stmt.kind.blocks() {
            number(inner, waits, hidden, next);
        }
    }
}

fn has_loops(body: &Block) -> bool {
    let mut found = false;
    for_each_stmt(body, &mut |stmt| {
        found |= matches!(stmt.kind, StmtKind::While { .. } | StmtKind::For { .. } | StmtKind::Call { .. });
        stmt.kind.for_each_expr(&mut |e| {
            pyhdl_ir::for_each_node(e, &mut |node| found |= matches!(node.kind, ExprKind::Call { .. }));
        });
    });
    found
}

type If<'d> = (&'d [(Expr, Block)], &'d Block);

/// The `if` that is all of a body.
fn only_if(body: &Block) -> Option<If<'_>> {
    let mut statements = body.iter().filter(|s| !matches!(s.kind, StmtKind::Comment(_)));
    match (statements.next().map(|s| &s.kind), statements.next()) {
        (Some(StmtKind::If { arms, otherwise }), None) => Some((arms, otherwise)),
        _ => None,
    }
}

fn guard(design: &Design, id: ProcessId) -> Option<Guard> {
    match &design.processes[id].kind {
        ProcessKind::Sequential { reset: Some(reset), .. } => {
            Some(Guard::Reset(reset.signal, reset.polarity.active_high))
        }
        ProcessKind::Triggered { .. } | ProcessKind::Sequential { .. } => {
            let (arms, _) = only_if(&design.processes[id].body)?;
            let mut condition = &arms.first()?.0;
            while let ExprKind::Truth(inner) = &condition.kind {
                condition = inner;
            }
            match condition.kind {
                ExprKind::Signal(signal) => Some(Guard::Signal(signal)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The signals that get a whole new value whatever happens.
fn assigned_on_all_ways(body: &Block) -> HashSet<SignalId> {
    if has_returns(body) { HashSet::new() } else { assigned(body) }
}

fn has_returns(body: &Block) -> bool {
    let mut returns = false;
    for_each_stmt(body, &mut |stmt| returns |= matches!(stmt.kind, StmtKind::Return(_)));
    returns
}

fn assigned(body: &Block) -> HashSet<SignalId> {
    let mut all = HashSet::new();
    for stmt in body {
        match &stmt.kind {
            StmtKind::Assign { target, .. } if target.part.is_none() => {
                if let pyhdl_ir::Place::Signal(signal) = target.place {
                    all.insert(signal);
                }
            }
            StmtKind::If { arms, otherwise } => {
                let mut common = assigned(otherwise);
                for (_, arm) in arms {
                    let here = assigned(arm);
                    common.retain(|signal| here.contains(signal));
                }
                all.extend(common);
            }
            StmtKind::Match { arms, otherwise, .. } => {
                let mut common = assigned(otherwise);
                for arm in arms {
                    let here = assigned(&arm.body);
                    common.retain(|signal| here.contains(signal));
                }
                all.extend(common);
            }
            _ => {}
        }
    }
    all
}
