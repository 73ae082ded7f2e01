//! Machine code of processes: several in a row, each to its end.

use std::collections::HashSet;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, types};
use num_bigint::BigInt;
use num_traits::Zero;
use pyhdl_ir::{
    Block, Expr, ExprKind, Process, ProcessId, ProcessKind, Reset, SignalId, StmtKind, StorageType, Type,
    for_each_stmt,
};

use crate::Refused;
use crate::body::{Body, Frame, LocalPlace, flags};
use crate::division::Division;
use crate::layout::SlotPlace;
use crate::num::Val;
use crate::passes::wires::assigned_on_all_ways;

impl Body<'_, '_, '_> {
    /// One activation of a process that starts at its beginning.
    pub fn process(&mut self, id: ProcessId, division: &Division) -> Result<(), Refused> {
        let process = &self.design().processes[id];
        if self.defer(id, division) {
            return Ok(());
        }
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
    pub fn reset(&mut self, process: &Process, reset: &Reset) -> Result<(), Refused> {
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
    pub fn begin(&mut self, id: ProcessId, division: &Division) -> Result<(), Refused> {
        let plan = self.shared.plan;
        let process = &self.design().processes[id];
        self.begin_process(id)?;
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
        let wires = self.may_have_wires(id, division);
        let whole = if wires { assigned_on_all_ways(&process.body) } else { HashSet::new() };
        for cell in plan.drives[id].iter().filter(|cell| !plan.cells.all[**cell].memory) {
            let read_too = plan.reads[id].binary_search(cell).is_ok();
            for signal in &plan.cells.all[*cell].signals {
                if wires && !plan.shadowed[*cell] {
                    self.begin_wire(*signal, whole.contains(signal))?;
                } else if read_too && !plan.shadowed[*cell] {
                    // The cell changes at once; the process goes on to see what was there before.
                    self.signal(*signal)?;
                }
            }
        }
        Ok(())
    }

    /// Where the variables of a process are.
    pub fn frame_places(&mut self, id: ProcessId, process: &Process, thread: bool) -> Result<(), Refused> {
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
    pub fn end(&mut self, id: ProcessId, division: &Division) -> Result<(), Refused> {
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
        self.shared.process = None;
        let plan = self.shared.plan;
        let driven: Vec<SignalId> =
            plan.drives[id].iter().flat_map(|cell| &plan.cells.all[*cell].signals).copied().collect();
        let whole = assigned_on_all_ways(&self.design().processes[id].body);
        for signal in driven {
            self.end_wire(signal, division, whole.contains(&signal))?;
        }
        self.wires.clear();
        Ok(())
    }

    pub fn forget_driven(&mut self, id: ProcessId) {
        let plan = self.shared.plan;
        for cell in &plan.drives[id] {
            for signal in &plan.cells.all[*cell].signals {
                self.forget(*signal);
            }
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

pub fn has_returns(body: &Block) -> bool {
    let mut returns = false;
    for_each_stmt(body, &mut |stmt| returns |= matches!(stmt.kind, StmtKind::Return(_)));
    returns
}
