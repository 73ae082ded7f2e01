//! Whether a combinational process can use assignments that take effect at once. In Python they take effect when the
//! process has ended, and a process that reads what it drives then runs again, until nothing changes. If every such
//! read comes behind all assignments to the signal, one run with immediate assignments ends with the same values.

use std::collections::HashSet;

use pyhdl_ir::{
    Block, Design, Expr, ExprKind, Part, Place, Process, ProcessKind, SignalId, Stmt, StmtKind, for_each_node,
};

/// Whether the order of a body's statements would matter if its assignments took effect at once.
pub(crate) fn reads_too_early(design: &Design, process: &Process) -> bool {
    let uses = design.body_uses(&process.body);
    let own: HashSet<SignalId> = uses.drives.iter().copied().filter(|s| uses.reads.contains(s)).collect();
    if own.is_empty() {
        return false;
    }
    if !matches!(process.kind, ProcessKind::Combinational { .. } | ProcessKind::Continuous { .. }) {
        // What it drives does not start it again.
        return true;
    }
    let mut walk = Walk { design, own: &own, early: false };
    walk.block(&process.body, State::default());
    walk.early
}

/// The signals that a run of the process gives a whole new value on every way through it.
pub(crate) fn always_assigned(design: &Design, process: &Process) -> HashSet<SignalId> {
    let own = HashSet::new();
    Walk { design, own: &own, early: false }.block(&process.body, State::default()).assigned
}

/// What happened on the way to a point.
#[derive(Clone, Default)]
struct State {
    /// Signals that have their value on every way.
    assigned: HashSet<SignalId>,
    /// Signals that were read on some way.
    read: HashSet<SignalId>,
}

impl State {
    fn join(mut self, other: State) -> State {
        self.assigned.retain(|s| other.assigned.contains(s));
        self.read.extend(other.read);
        self
    }
}

struct Walk<'w> {
    design: &'w Design,
    /// Signals that the process both drives and reads.
    own: &'w HashSet<SignalId>,
    early: bool,
}

impl Walk<'_> {
    fn block(&mut self, block: &Block, mut state: State) -> State {
        for stmt in block {
            stmt.kind.for_each_expr(&mut |e| self.reads(e, &mut state));
            state = self.stmt(stmt, state);
        }
        state
    }

    fn stmt(&mut self, stmt: &Stmt, mut state: State) -> State {
        match &stmt.kind {
            StmtKind::Assign { target, .. } => {
                match (&target.place, &target.part) {
                    (Place::Signal(signal), part) => {
                        self.early |= state.read.contains(signal);
                        // The bits beside a part keep what they had: that is a read.
                        match part {
                            None => drop(state.assigned.insert(*signal)),
                            Some(Part::Bit(_) | Part::Slice { .. }) => self.read(*signal, &mut state),
                        }
                    }
                    // Memories are not followed element by element.
                    (Place::Memory { memory, .. }, _) => {
                        let elements = &self.design.memories[*memory].elements;
                        self.early |= elements.iter().any(|s| self.own.contains(s));
                    }
                    (Place::Local(_) | Place::Element { .. }, _) => {}
                }
                state
            }
            // Whichever way is taken, and also none.
            StmtKind::If { arms, otherwise } => {
                let mut after = self.block(otherwise, state.clone());
                for (_, body) in arms {
                    after = after.join(self.block(body, state.clone()));
                }
                after
            }
            StmtKind::Match { arms, otherwise, .. } => {
                let mut after = self.block(otherwise, state.clone());
                for arm in arms {
                    after = after.join(self.block(&arm.body, state.clone()));
                }
                after
            }
            StmtKind::For { body, .. } | StmtKind::While { body, .. } => {
                // Twice, for what a round reads that the next one assigns.
                let once = self.block(body, state.clone()).join(state.clone());
                self.block(body, once).join(state)
            }
            StmtKind::Call { function, .. } => {
                self.called(*function);
                state
            }
            _ => state,
        }
    }

    fn reads(&mut self, e: &Expr, state: &mut State) {
        for_each_node(e, &mut |node| match &node.kind {
            ExprKind::Signal(signal) => self.read(*signal, state),
            ExprKind::MemoryRead { memory, .. } => {
                let elements = &self.design.memories[*memory].elements;
                self.early |= elements.iter().any(|s| self.own.contains(s));
            }
            ExprKind::Call { function, .. } => self.called(*function),
            _ => {}
        });
    }

    fn read(&mut self, signal: SignalId, state: &mut State) {
        if self.own.contains(&signal) {
            self.early |= !state.assigned.contains(&signal);
            state.read.insert(signal);
        }
    }

    /// Functions are not followed.
    fn called(&mut self, function: pyhdl_ir::FunctionId) {
        let uses = self.design.body_uses(&self.design.functions[function].body);
        self.early |= uses.reads.iter().chain(&uses.drives).any(|s| self.own.contains(s));
    }
}
