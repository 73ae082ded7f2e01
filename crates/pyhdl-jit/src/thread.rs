//! Machine code of processes that are asked what they wait for, threads above all: they are entered where they waited.

use std::collections::HashMap;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use cranelift_frontend::Switch;
use pyhdl_ir::{Block, ProcessId, ProcessKind, Stmt, StmtKind, Trigger};

use crate::Refused;
use crate::body::{Body, Frame, flags};
use crate::division::Division;
use crate::expr::python;
use crate::layout::word;
use crate::sites::Event;

/// A thread with no more waits asks for one after the other which one it is at.
const FEW_WAITS: usize = 4;

impl Body<'_, '_, '_> {
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
        self.begin_process(id)?;
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
        let start = self.b.create_block();
        // The code before the first wait has run already; loops may lead back into it.
        let never = self.resumptions.len() as u32 + 1;
        let inner_first = innermost_first(&process.body);
        if self.shared.options.stepping && inner_first.len() <= FEW_WAITS {
            for number in inner_first {
                let here = self.b.ins().icmp_imm(IntCC::Equal, wait, i64::from(number));
                let elsewhere = self.b.create_block();
                self.b.ins().brif(here, self.resumptions[number as usize], &[], elsewhere, &[]);
                self.b.seal_block(elsewhere);
                self.b.switch_to_block(elsewhere);
            }
            let here = self.b.ins().icmp_imm(IntCC::Equal, wait, i64::from(never));
            self.b.ins().brif(here, start, &[], left, &[]);
        } else {
            let mut switch = Switch::new();
            for (number, block) in self.resumptions.iter().enumerate() {
                switch.set_entry(number as u128, *block);
            }
            switch.set_entry(u128::from(never), start);
            switch.emit(&mut self.b, wait, left);
        }
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

/// The numbers of the waits of a thread, those inside of most loops first: there it is most of the time.
fn innermost_first(body: &Block) -> Vec<u32> {
    fn walk(body: &Block, depth: u32, found: &mut Vec<u32>) {
        for stmt in body {
            let inside = matches!(stmt.kind, StmtKind::For { .. } | StmtKind::While { .. });
            if matches!(stmt.kind, StmtKind::Wait(_)) {
                found.push(depth);
            }
            stmt.kind.blocks().into_iter().for_each(|block| walk(block, depth + u32::from(inside), found));
        }
    }
    let mut depths = Vec::new();
    walk(body, 0, &mut depths);
    let mut numbers: Vec<u32> = (0..depths.len() as u32).collect();
    numbers.sort_by_key(|number| std::cmp::Reverse(depths[*number as usize]));
    numbers
}
