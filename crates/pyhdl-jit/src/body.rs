//! [`Body`]: one function of machine code under construction, and how it reads and writes values.

use std::collections::{HashMap, HashSet};

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, InstBuilder, MemFlags, Value, types};
use cranelift_frontend::{FunctionBuilder, Variable};
use num_bigint::BigInt;
use pyhdl_diag::Span;
use pyhdl_ir::{Design, Expr, LocalId, ProcessId, SignalId, Stmt, StorageType};
use pyhdl_sim::cycle::{CellId, Plan};
use pyhdl_sim::profile;

use crate::kept::Kept;
use crate::layout::{Layout, Place, SlotPlace, limbs_of, range_of, word};
use crate::num::{Limbs, Nums, Val};
use crate::sites::{Event, Site, Sites};
use crate::{Options, Refused};

/// What all functions of a design share.
pub struct Shared<'a> {
    pub plan: &'a Plan,
    pub layout: &'a Layout,
    pub options: &'a Options,
    pub sites: Sites,
    /// The process of which code was made last.
    pub process: Option<ProcessId>,
}

impl<'a> Shared<'a> {
    pub fn design(&self) -> &'a Design {
        &self.plan.design
    }
}

/// A value in registers.
#[derive(Clone, Debug)]
pub struct Held {
    pub vars: Vec<Variable>,
    /// One byte, 0 or 1.
    pub bit: bool,
}

/// Where a local variable is.
#[derive(Clone, Debug)]
pub enum LocalPlace {
    /// With a byte that says whether it has a value.
    Registers(Held, Variable),
    Memory(SlotPlace),
    /// The place of the first element, bytes from one to the next, how many.
    List(SlotPlace, u32, u32),
}

/// The frame of a process or of a function called in it.
#[derive(Debug, Default)]
pub struct Frame {
    pub locals: Vec<LocalPlace>,
    pub types: Vec<StorageType>,
    pub names: Vec<String>,
    /// Variables that surely have a value here.
    pub definite: HashSet<u32>,
    /// Variables whose value is known, in unrolled loops.
    pub known: HashMap<LocalId, BigInt>,
    /// Where `return` leads, and where it leaves its value.
    pub exit: Option<Block>,
    pub result: Option<Held>,
    pub loops: Vec<LoopPlace>,
}

#[derive(Clone, Copy, Debug)]
pub struct LoopPlace {
    pub again: Block,
    pub behind: Block,
    /// Whether something jumps there.
    pub broken: bool,
}

pub struct Body<'s, 'a, 'f> {
    pub shared: &'s mut Shared<'a>,
    pub b: FunctionBuilder<'f>,
    /// The start of the memory.
    pub state: Value,
    pub process: ProcessId,
    pub frame: Frame,
    /// How deep functions are nested here.
    pub depth: u32,
    /// Signals that the process drives in registers.
    pub wires: HashMap<SignalId, Held>,
    /// Values of signals that are in registers here, in the order in which they were read.
    cached: HashMap<SignalId, Val>,
    /// What computes signals whose values are computed where they are needed.
    pub deferred: HashMap<SignalId, &'a Expr>,
    cache_order: Vec<SignalId>,
    pub caches: bool,
    /// The scope in which the process began.
    pub start: usize,
    /// The code here is never reached.
    pub dead: bool,
    /// Rounds of loops of this activation.
    pub iterations: Option<Variable>,
    /// Of a thread: the numbers of its waits and of its hidden variables.
    pub waits: HashMap<*const Stmt, u32>,
    pub hidden: HashMap<*const Stmt, u32>,
    pub resumptions: Vec<Block>,
    /// Where a thread goes when it waits.
    pub left: Option<Block>,
    /// The cells that this function writes; `None` for function 0.
    pub written: Option<HashSet<CellId>>,
    /// Of function 0.
    pub kept: Kept,
}

pub fn flags() -> MemFlags {
    MemFlags::trusted()
}

impl<'s, 'a, 'f> Body<'s, 'a, 'f> {
    /// Starts a function that takes the memory and returns a status.
    pub fn new(shared: &'s mut Shared<'a>, mut b: FunctionBuilder<'f>) -> Self {
        let entry = b.create_block();
        b.append_block_params_for_function_params(entry);
        b.switch_to_block(entry);
        b.seal_block(entry);
        let state = b.block_params(entry)[0];
        Body {
            shared,
            b,
            state,
            process: ProcessId::from_usize(0),
            frame: Frame::default(),
            depth: 0,
            wires: HashMap::new(),
            cached: HashMap::new(),
            deferred: HashMap::new(),
            cache_order: Vec::new(),
            caches: true,
            start: 0,
            dead: false,
            iterations: None,
            waits: HashMap::new(),
            hidden: HashMap::new(),
            resumptions: Vec::new(),
            left: None,
            written: None,
            kept: Kept::default(),
        }
    }

    /// Ends the function: all went well.
    pub fn finish(mut self) {
        if !self.dead {
            self.return_status(0);
        }
        self.b.seal_all_blocks();
        self.b.finalize();
    }

    pub fn return_status(&mut self, status: i64) {
        let status = self.b.ins().iconst(types::I32, status);
        self.b.ins().return_(&[status]);
    }

    pub fn design(&self) -> &'a Design {
        self.shared.design()
    }

    pub fn nums(&mut self) -> Nums<'_, 'f> {
        Nums { b: &mut self.b }
    }

    // ---- blocks ----

    pub fn enter(&mut self, block: Block) {
        self.b.switch_to_block(block);
        self.dead = false;
    }

    pub fn jump(&mut self, block: Block) {
        if !self.dead {
            self.b.ins().jump(block, &[]);
            self.dead = true;
        }
    }

    /// What is in registers from here on is forgotten at the matching [`Body::leave_scope`].
    pub fn enter_scope(&self) -> usize {
        self.cache_order.len()
    }

    pub fn leave_scope(&mut self, mark: usize) {
        for signal in self.cache_order.drain(mark..) {
            self.cached.remove(&signal);
        }
    }

    pub fn cache(&mut self, signal: SignalId, value: Val) {
        if self.caches && self.cached.insert(signal, value).is_none() {
            self.cache_order.push(signal);
        }
    }

    pub fn is_cached(&self, signal: SignalId) -> bool {
        self.cached.contains_key(&signal)
    }

    pub fn forget(&mut self, signal: SignalId) {
        // It stays in `cache_order`, whose length marks scopes.
        self.cached.remove(&signal);
    }

    /// Code of a process comes next.
    pub fn begin_process(&mut self, id: ProcessId) -> Result<(), Refused> {
        self.process = id;
        self.shared.process = Some(id);
        match self.shared.options.has_code(id, self.design().processes.len()) {
            true => Ok(()),
            false => Err(Refused("its code is left out".to_owned())),
        }
    }

    // ---- where the simulation is, for a profile ----

    /// A statement of the process begins. One of another file is part of the statement that calls it.
    pub fn note_statement(&mut self, span: Span) {
        if self.shared.options.profile && span.file == self.design().processes[self.process].span.file {
            self.note(profile::place(self.process, span));
        }
    }

    /// No process runs.
    pub fn note_between(&mut self) {
        if self.shared.options.profile {
            self.note(profile::BETWEEN);
        }
    }

    fn note(&mut self, place: u64) {
        if !self.dead {
            let at = self.b.ins().load(types::I64, flags(), self.state, word::PLACE);
            let place = self.b.ins().iconst(types::I64, place as i64);
            self.b.ins().store(flags(), place, at, 0);
        }
    }

    // ---- leaving the normal way ----

    pub fn site(&mut self, event: Event, span: Span, arguments: &[Limbs]) -> i64 {
        let arguments = arguments.iter().map(|a| a.len() as u32).collect();
        self.shared.sites.push(Site { event, process: self.process, span, arguments });
        self.shared.sites.len() as i64
    }

    /// Puts the arguments where cold calls find them.
    pub fn pass(&mut self, arguments: &[Limbs]) -> Result<(), Refused> {
        let mut at = self.shared.layout.arguments;
        let total: usize = arguments.iter().map(Vec::len).sum();
        if total > crate::layout::ARGUMENTS as usize {
            return Err(Refused("a text of too many values".to_owned()));
        }
        for limb in arguments.iter().flatten() {
            self.b.ins().store(flags(), *limb, self.state, at);
            at += 8;
        }
        Ok(())
    }

    /// Ends the run with an error if the condition (one byte) is not 0.
    pub fn fail_if(
        &mut self,
        condition: Value,
        event: Event,
        span: Span,
        arguments: &[Limbs],
    ) -> Result<(), Refused> {
        let site = self.site(event, span, arguments);
        let (fails, goes_on) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(fails);
        self.b.ins().brif(condition, fails, &[], goes_on, &[]);
        self.b.seal_block(fails);
        self.b.seal_block(goes_on);
        self.b.switch_to_block(fails);
        self.pass(arguments)?;
        self.return_status(site);
        self.b.switch_to_block(goes_on);
        Ok(())
    }

    /// Ends the function with an error, whatever it is.
    pub fn fail(&mut self, event: Event, span: Span, arguments: &[Limbs]) -> Result<(), Refused> {
        let site = self.site(event, span, arguments);
        self.pass(arguments)?;
        self.return_status(site);
        self.dead = true;
        Ok(())
    }

    // ---- memory ----

    /// Reads a number; `bit` for one that is 0 or 1.
    pub fn load(&mut self, base: Value, place: Place, bit: bool) -> Val {
        let Place { at, shape } = place;
        if bit && shape.bytes == 1 {
            return Val::Bit(self.b.ins().load(types::I8, flags(), base, at));
        }
        let one = match (shape.bytes, shape.signed) {
            (1, false) => self.b.ins().uload8(types::I64, flags(), base, at),
            (1, true) => self.b.ins().sload8(types::I64, flags(), base, at),
            (2, false) => self.b.ins().uload16(types::I64, flags(), base, at),
            (2, true) => self.b.ins().sload16(types::I64, flags(), base, at),
            (4, false) => self.b.ins().uload32(flags(), base, at),
            (4, true) => self.b.ins().sload32(flags(), base, at),
            _ => self.b.ins().load(types::I64, flags(), base, at),
        };
        let mut limbs = vec![one];
        for i in 1..shape.limbs() {
            limbs.push(self.b.ins().load(types::I64, flags(), base, at + 8 * i as i32));
        }
        Val::Num(limbs)
    }

    /// Reads a number of a type, in as many limbs as its range needs.
    pub fn load_as(&mut self, base: Value, place: Place, ty: &StorageType) -> Val {
        let value = self.load(base, place, *ty == StorageType::Bool);
        self.as_type(value, place, ty)
    }

    /// Reads a number of one limb that nobody writes as long as this function runs: its load may be done anywhere.
    fn load_steady(&mut self, place: Place, bit: bool) -> Val {
        let Place { at, shape } = place;
        let steady = flags().with_readonly().with_can_move();
        let ty = match shape.bytes {
            1 => types::I8,
            2 => types::I16,
            4 => types::I32,
            _ => types::I64,
        };
        let value = self.b.ins().load(ty, steady, self.state, at);
        match ty {
            types::I8 if bit => Val::Bit(value),
            types::I64 => Val::Num(vec![value]),
            _ if shape.signed => Val::Num(vec![self.b.ins().sextend(types::I64, value)]),
            _ => Val::Num(vec![self.b.ins().uextend(types::I64, value)]),
        }
    }

    fn as_type(&mut self, value: Val, place: Place, ty: &StorageType) -> Val {
        match value {
            Val::Num(mut limbs) => {
                let wanted = limbs_of(&range_of(self.design(), ty)) as usize;
                if limbs.len() < wanted && !place.shape.signed {
                    let zero = self.nums().small(0);
                    limbs.resize(wanted, zero);
                }
                let limbs = self.nums().resize(limbs, wanted);
                Val::Num(limbs)
            }
            bit => bit,
        }
    }

    pub fn store(&mut self, base: Value, place: Place, value: &Val) {
        let Place { at, shape } = place;
        if let (Val::Bit(bit), 1) = (value, shape.bytes) {
            self.b.ins().store(flags(), *bit, base, at);
            return;
        }
        let limbs = self.limbs(value);
        let limbs = self.nums().resize(limbs, shape.limbs() as usize);
        let limb = limbs[0];
        match shape.bytes {
            1 => {
                self.b.ins().istore8(flags(), limb, base, at);
            }
            2 => {
                self.b.ins().istore16(flags(), limb, base, at);
            }
            4 => {
                self.b.ins().istore32(flags(), limb, base, at);
            }
            _ => {
                for (i, limb) in limbs.iter().enumerate() {
                    self.b.ins().store(flags(), *limb, base, at + 8 * i as i32);
                }
            }
        }
    }

    /// A value as a number.
    pub fn limbs(&mut self, value: &Val) -> Limbs {
        match value {
            Val::Bit(bit) => vec![self.b.ins().uextend(types::I64, *bit)],
            Val::Num(limbs) => limbs.clone(),
        }
    }

    /// A value that is 0 or 1 as one byte.
    pub fn bit(&mut self, value: &Val) -> Value {
        match value {
            Val::Bit(bit) => *bit,
            Val::Num(limbs) => self.b.ins().ireduce(types::I8, limbs[0]),
        }
    }

    // ---- registers ----

    pub fn hold(&mut self, ty: &StorageType) -> Held {
        let bit = *ty == StorageType::Bool;
        let limbs = limbs_of(&range_of(self.design(), ty));
        self.hold_limbs(limbs, bit)
    }

    pub fn hold_limbs(&mut self, limbs: u32, bit: bool) -> Held {
        let vars = match bit {
            true => vec![self.b.declare_var(types::I8)],
            false => (0..limbs).map(|_| self.b.declare_var(types::I64)).collect(),
        };
        Held { vars, bit }
    }

    pub fn set_held(&mut self, held: &Held, value: &Val) {
        if held.bit {
            let bit = self.bit(value);
            self.b.def_var(held.vars[0], bit);
            return;
        }
        let limbs = self.limbs(value);
        let limbs = self.nums().resize(limbs, held.vars.len());
        for (var, limb) in held.vars.iter().zip(limbs) {
            self.b.def_var(*var, limb);
        }
    }

    pub fn held(&mut self, held: &Held) -> Val {
        if held.bit {
            return Val::Bit(self.b.use_var(held.vars[0]));
        }
        Val::Num(held.vars.iter().map(|var| self.b.use_var(*var)).collect())
    }

    // ---- signals ----

    /// The time of this step.
    pub fn now(&mut self) -> Value {
        match self.kept.now {
            Some(now) => now,
            None => self.b.ins().load(types::I64, flags(), self.state, word::NOW),
        }
    }

    /// The current value.
    pub fn signal(&mut self, signal: SignalId) -> Result<Val, Refused> {
        if let Some(value) = self.cached.get(&signal) {
            return Ok(value.clone());
        }
        if let Some(e) = self.deferred.get(&signal) {
            return self.compute_deferred(signal, e);
        }
        if let Some(kept) = self.kept.signals.get(&signal) {
            let current = kept.current.clone();
            return Ok(self.held(&current));
        }
        let place = self.shared.layout.place(signal)?;
        let ty = &self.design().signals[signal].ty;
        let plan = self.shared.plan;
        let cell = plan.cells.of(signal);
        let value = match &self.written {
            Some(written) if !written.contains(&cell) && place.shape.bytes <= 8 => {
                let value = self.load_steady(place, *ty == StorageType::Bool);
                self.as_type(value, place, ty)
            }
            _ => self.load_as(self.state, place, ty),
        };
        if !(plan.cells.all[cell].memory && plan.drives[self.process].binary_search(&cell).is_ok()) {
            self.cache(signal, value.clone());
        }
        Ok(value)
    }

    // ---- variables ----

    pub fn local(&mut self, local: LocalId, span: Span) -> Result<Val, Refused> {
        let at = local.index();
        let ty = self.frame.types[at].clone();
        let place = self.frame.locals[at].clone();
        if !self.frame.definite.contains(&(at as u32)) {
            let assigned = match &place {
                LocalPlace::Registers(_, assigned) => self.b.use_var(*assigned),
                LocalPlace::Memory(slot) => self.b.ins().load(types::I8, flags(), self.state, slot.assigned),
                LocalPlace::List(..) => return Err(Refused("a whole list of variables".to_owned())),
            };
            let missing = self.b.ins().icmp_imm(IntCC::Equal, assigned, 0);
            let event = self.unbound(at);
            self.fail_if(missing, event, span, &[])?;
        }
        match place {
            LocalPlace::Registers(held, _) => Ok(self.held(&held)),
            LocalPlace::Memory(slot) => Ok(self.load_as(self.state, slot.place, &ty)),
            LocalPlace::List(..) => Err(Refused("a whole list of variables".to_owned())),
        }
    }

    pub fn unbound(&self, local: usize) -> Event {
        let name = &self.frame.names[local];
        Event::Python {
            exception: "UnboundLocalError".into(),
            message: format!("cannot access local variable '{name}' where it is not associated with a value"),
        }
    }

    pub fn set_local(&mut self, local: LocalId, value: &Val) -> Result<(), Refused> {
        let at = local.index();
        match self.frame.locals[at].clone() {
            LocalPlace::Registers(held, assigned) => {
                self.set_held(&held, value);
                let one = self.b.ins().iconst(types::I8, 1);
                self.b.def_var(assigned, one);
            }
            LocalPlace::Memory(slot) => {
                self.store(self.state, slot.place, value);
                let one = self.b.ins().iconst(types::I8, 1);
                self.b.ins().store(flags(), one, self.state, slot.assigned);
            }
            LocalPlace::List(first, stride, length) => {
                for i in 0..length {
                    let by = (i * stride) as i32;
                    let place = Place { at: first.place.at + by, ..first.place };
                    self.store(self.state, place, value);
                    let one = self.b.ins().iconst(types::I8, 1);
                    self.b.ins().store(flags(), one, self.state, first.assigned + by);
                }
            }
        }
        self.frame.definite.insert(at as u32);
        Ok(())
    }

    /// The address of an element, whose index is known to be within the list.
    pub fn element(&mut self, base: i32, bytes: u32, index: Value) -> Value {
        let offset = match bytes.is_power_of_two() {
            true => self.b.ins().ishl_imm(index, i64::from(bytes.trailing_zeros())),
            false => self.b.ins().imul_imm(index, i64::from(bytes)),
        };
        let offset = self.b.ins().iadd_imm(offset, i64::from(base));
        self.b.ins().iadd(self.state, offset)
    }
}
