//! Matches: processes that run one behind the other and begin with the same branch: the reset of `@always_seq`, or `if
//! enable:` around all that they do.
//!
//! Legal because they all see the values from before the delta: none of them can change the signal that the branch
//! looks at before another one has looked.
//!
//! Pays from two processes on: one branch instead of many, which the processor predicts once. What is left in the arms is
//! straight-line code, in which lanes of vectors are found (`packing`).
//!
//! Left out as `grouping`.

use cranelift_codegen::ir::InstBuilder;
use pyhdl_ir::{Block, Design, Expr, ExprKind, ProcessId, ProcessKind, SignalId, StmtKind};

use super::Pass;
use super::packing::{Unit, units};
use crate::Refused;
use crate::body::Body;
use crate::division::Division;
use crate::num::Val;

pub const PASS: Pass = Pass {
    name: "grouping",
    about: "processes with the same reset or enable share its branch",
    leave_out: |options| options.grouping = false,
};

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
            let packs = !first && self.shared.options.packing && self.shared.options.checks_by_range;
            let units = match guard {
                Guard::Reset(..) if packs => units(self.shared.plan, self.shared.layout, processes),
                _ => processes.iter().map(|id| Unit::One(*id)).collect(),
            };
            for unit in &units {
                match unit {
                    Unit::One(id) => self.guarded_arm(*id, guard, first, division)?,
                    Unit::Pack(lanes) => {
                        if let Some(first) = lanes.first() {
                            self.begin_process(first.process)?;
                            self.note_statement(first.value.span);
                        }
                        self.pack(lanes)?;
                        lanes.iter().for_each(|lane| self.forget_driven(lane.process));
                    }
                }
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

    /// One arm of the branch that a process shares with others.
    fn guarded_arm(
        &mut self,
        id: ProcessId,
        guard: Guard,
        first: bool,
        division: &Division,
    ) -> Result<(), Refused> {
        let process = &self.design().processes[id];
        self.begin(id, division)?;
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
        self.end(id, division)
    }
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
