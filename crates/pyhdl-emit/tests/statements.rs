//! Random processes: the emitted Verilog and VHDL, run in other people's simulators, against the reference
//! interpreter.
//!
//! `PYHDL_SEED` replays a run and `PYHDL_BATCHES` makes it longer; the seed is printed when something differs.

mod support;

use std::sync::Arc;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_emit::Language;
use pyhdl_flow::{Step, Tool};
use pyhdl_ir::*;
use pyhdl_sim::{Host, HostError, HostTask, Outcome, Resumption, Simulation, Store, Value, Wait};
use support::random::Generator;
use support::*;

const CYCLES: usize = 40;

#[test]
fn random_processes_do_in_verilog_and_vhdl_what_the_interpreter_does() {
    let seed = environment("PYHDL_SEED", 20_261_123);
    for batch in 0..environment("PYHDL_BATCHES", 6) {
        check(seed.wrapping_add(batch));
    }
}

fn check(seed: u64) {
    let (design, inputs) = Maker::new(seed).design();
    let mut random = fastrand::Rng::with_seed(seed);
    let mut vectors: Vec<Vec<BigInt>> = Vec::new();
    for cycle in 0..CYCLES {
        let mut values: Vec<BigInt> = inputs.iter().map(|id| anything(&design, *id, &mut random)).collect();
        // The clock, then the reset, active low: at the start and now and then later.
        values[0] = BigInt::ZERO;
        values[1] = BigInt::from(u8::from(cycle > 1 && random.u8(0..12) != 0));
        vectors.push(values.clone());
        values[0] = BigInt::from(1);
        vectors.push(values);
    }
    let expected = interpret(&design, &inputs, &vectors);
    let steps: Vec<Step> = vectors
        .iter()
        .enumerate()
        .map(|(i, values)| {
            let group = values
                .iter()
                .enumerate()
                .map(|(port, value)| (port, to_bits(value, width_of(&design, inputs[port]))))
                .collect();
            Step { time: i as u64 * 10, groups: vec![group] }
        })
        .collect();
    for tool in [Tool::Ghdl, Tool::Verilator, Tool::Icarus] {
        let language = if tool == Tool::Ghdl { Language::Vhdl } else { Language::Verilog };
        let (samples, text) = run(&design, language, tool, &steps);
        for (step, (sample, expected)) in samples.iter().zip(&expected).enumerate() {
            for (output, (got, expected)) in sample.outputs.iter().zip(expected).enumerate() {
                assert_eq!(
                    got, expected,
                    "{tool:?}: output {output} at step {step} of seed {seed}, inputs {:?}\n{text}",
                    vectors[step]
                );
            }
        }
    }
}

fn anything(design: &Design, signal: SignalId, random: &mut fastrand::Rng) -> BigInt {
    match design.signals[signal].ty.value_type().range() {
        Some(Range { lo: Some(lo), hi: Some(hi) }) => match random.u8(0..5) {
            0 => lo,
            1 => hi,
            _ => {
                let size = &hi - &lo + 1u32;
                lo + BigInt::from(random.u64(..)) % size
            }
        },
        _ => BigInt::ZERO,
    }
}

/// The outputs after each vector, as bits.
fn interpret(design: &Design, inputs: &[SignalId], vectors: &[Vec<BigInt>]) -> Vec<Vec<String>> {
    let mut driven = design.clone();
    add_process(&mut driven, "stimulus", ProcessKind::Thread, IndexVec::new(), Vec::new());
    if let Some(stimulus) = driven.processes.last_mut() {
        stimulus.foreign = Some("the test drives".to_owned());
    }
    let mut simulation = Simulation::new(Arc::new(driven));
    let outputs: Vec<SignalId> = design.scopes[design.top()]
        .ports
        .iter()
        .filter(|p| p.direction == Direction::Out)
        .map(|p| p.signal)
        .collect();
    let mut bench = Bench {
        design,
        inputs,
        outputs,
        vectors: vectors.iter(),
        store: simulation.store(),
        seen: Vec::new(),
    };
    if let Err(e) = simulation.run(&mut bench, None) {
        panic!("{e:?}");
    }
    bench.seen.remove(0);
    bench.seen
}

/// Applies a vector every ten time steps and looks at the outputs just before the next.
struct Bench<'a> {
    design: &'a Design,
    inputs: &'a [SignalId],
    outputs: Vec<SignalId>,
    vectors: std::slice::Iter<'a, Vec<BigInt>>,
    store: Store,
    seen: Vec<Vec<String>>,
}

impl Host for Bench<'_> {
    fn resume(&mut self, _: HostTask) -> Result<Resumption, HostError> {
        let bits = |o: &SignalId| to_bits(&self.store.get(*o).to_bigint(), width_of(self.design, *o));
        self.seen.push(self.outputs.iter().map(bits).collect());
        let Some(values) = self.vectors.next() else { return Ok(Resumption::Finished) };
        for (signal, value) in self.inputs.iter().zip(values) {
            let value = match self.design.signals[*signal].ty {
                StorageType::Bool => Value::Bool(*value != BigInt::ZERO),
                _ => Value::from(value.clone()),
            };
            self.store.set_next(*signal, value);
        }
        Ok(Resumption::Wait(Wait::Delay(10)))
    }
    fn call(&mut self, _: ProcessId) -> Result<(), HostError> {
        Ok(())
    }
    fn commit(&mut self, _: SignalId) -> Result<bool, HostError> {
        Ok(false)
    }
    fn print(&mut self, _: &str) -> Result<(), HostError> {
        Ok(())
    }
    fn draw(&mut self, _: u32, _: &RandomNumbers) -> Result<Value, HostError> {
        Err("hardware draws nothing at random".into())
    }
    fn interrupted(&mut self, _time: u64) -> Result<(), HostError> {
        Ok(())
    }
    fn outcome_of(&self, _: &HostError) -> Option<Outcome> {
        None
    }
}

/// Makes designs with processes of every kind.
struct Maker {
    generator: Generator,
    inputs: Vec<SignalId>,
    /// What the process in hand may assign.
    places: Vec<Place>,
    /// Names of memories and their elements.
    names: Vec<(String, Visible)>,
    counters: u32,
    loops: u32,
    returns: bool,
}

impl Maker {
    fn new(seed: u64) -> Maker {
        let generator = Generator {
            random: fastrand::Rng::with_seed(seed),
            design: one_scope("case"),
            locals: IndexVec::new(),
            numbers: Vec::new(),
            flags: Vec::new(),
            amounts: Vec::new(),
            widest: 64,
        };
        Maker {
            generator,
            inputs: Vec::new(),
            places: Vec::new(),
            names: Vec::new(),
            counters: 0,
            loops: 0,
            returns: false,
        }
    }

    fn design(mut self) -> (Design, Vec<SignalId>) {
        let bits = |lo: i64, hi: i64| StorageType::Bits(bits_type(lo.into(), hi.into()));
        let types = [
            ("clk", StorageType::Bool),
            ("rst_n", StorageType::Bool),
            ("flag", StorageType::Bool),
            ("go", StorageType::Bool),
            ("nibble", bits(0, 15)),
            ("byte_in", bits(0, 255)),
            ("small", bits(-16, 15)),
            ("odd", bits(0, 19)),
        ];
        for (name, ty) in types {
            let id = add_signal(&mut self.generator.design, name, ty, Direction::In);
            self.inputs.push(id);
        }
        let rst = self.inputs[1];
        self.generator.design.signals[rst].reset =
            Some(ResetPolarity { active_high: false, asynchronous: self.generator.random.bool() });
        self.generator.design.tables.push(Table {
            name: "squares".to_owned(),
            entries: (0..16).map(|i| BigInt::from(i * i)).collect(),
        });
        self.generator.design.tables.push(Table {
            name: "mixed".to_owned(),
            entries: (0..7).map(|i| BigInt::from((i - 3) * 9)).collect(),
        });
        for number in 0..4 {
            self.process(number);
        }
        let mut design = self.generator.design;
        // Parameters come first.
        let top = design.top();
        design.scopes[top].names.extend(self.names);
        design.place_signals();
        (design, self.inputs)
    }

    fn wrapping(&mut self) -> StorageType {
        if self.generator.random.u8(0..4) == 0 {
            // Bounds that no vector has.
            let count = self.generator.random.i64(2..300);
            let min = -self.generator.random.i64(0..count);
            let bits = bits_type(min.into(), (min + count - 1).into());
            return StorageType::Bits(BitsType { wraps: true, ..bits });
        }
        let width = self.generator.random.u32(1..12);
        let bound = if self.generator.random.bool() { Range::signed(width) } else { Range::unsigned(width) };
        match (bound.lo, bound.hi) {
            (Some(min), Some(max)) => StorageType::Bits(BitsType { width, min, max, wraps: true }),
            _ => StorageType::Bool,
        }
    }

    fn process(&mut self, number: u32) {
        let sequential = self.generator.random.bool();
        self.leaves();
        self.generator.locals = IndexVec::new();
        self.places.clear();
        self.returns = sequential;
        let mut body = Vec::new();
        let mut outputs = Vec::new();
        for i in 0..3 {
            let ty = if i == 0 { StorageType::Bool } else { self.wrapping() };
            let name = format!("out_{number}_{i}");
            let id = add_signal(&mut self.generator.design, &name, ty, Direction::Out);
            outputs.push(id);
            self.places.push(Place::Signal(id));
            if sequential {
                let leaf = self.generator.make(ExprKind::Signal(id));
                self.leaf(leaf);
            }
        }
        if sequential && self.generator.random.bool() {
            self.memory(number);
        }
        for i in 0..3 {
            let ty = if i == 0 { StorageType::Bool } else { self.wrapping() };
            let id = self.generator.locals.push(Local::new(format!("local_{i}"), ty));
            self.places.push(Place::Local(id));
        }
        // Everything has a value before anything else happens: no latches, no variables without a value.
        for place in self.places.clone() {
            if !matches!(place, Place::Memory { .. }) {
                let value = self.generator.integer(1);
                let first = assign(place.clone(), None, self.wanted(&place, value));
                if sequential && matches!(place, Place::Signal(_)) {
                    // A register may keep its value.
                    let arms = vec![(self.generator.boolean(1), vec![first])];
                    body.push(Stmt { kind: StmtKind::If { arms, otherwise: Vec::new() }, span: nowhere() });
                } else {
                    body.push(first);
                }
            }
            if let Place::Local(id) = place {
                let leaf = self.generator.make(ExprKind::Local(id));
                self.leaf(leaf);
            }
        }
        let statements = self.block(3);
        body.extend(statements);
        let kind = if sequential {
            let clock = self.inputs[0];
            let rising = self.generator.random.u8(0..4) != 0;
            let reset = self.generator.random.bool().then(|| Reset {
                signal: self.inputs[1],
                polarity: self.generator.design.signals[self.inputs[1]]
                    .reset
                    .unwrap_or(ResetPolarity { active_high: false, asynchronous: false }),
                targets: outputs,
            });
            ProcessKind::Sequential { clock, rising, reset }
        } else {
            let sensitivity = self.generator.design.body_uses(&body).reads.into_iter().collect();
            ProcessKind::Combinational { sensitivity }
        };
        let locals = std::mem::take(&mut self.generator.locals);
        add_process(&mut self.generator.design, &format!("process_{number}"), kind, locals, body);
    }

    /// What every process may read: the inputs but clock and reset.
    fn leaves(&mut self) {
        self.generator.numbers.clear();
        self.generator.flags.clear();
        for at in 2..self.inputs.len() {
            let id = self.inputs[at];
            let leaf = self.generator.make(ExprKind::Signal(id));
            self.leaf(leaf);
        }
        let nibble = self.generator.make(ExprKind::Signal(self.inputs[4]));
        self.generator.amounts = vec![nibble];
    }

    fn leaf(&mut self, leaf: Expr) {
        if leaf.ty == Type::Bool {
            self.generator.flags.push(leaf.clone());
        }
        self.generator.numbers.push(leaf);
    }

    fn memory(&mut self, number: u32) {
        let ty = self.wrapping();
        let depth = self.generator.random.usize(2..20);
        let design = &mut self.generator.design;
        let name = format!("memory_{number}");
        let top = design.top();
        let elements: Vec<SignalId> = (0..depth)
            .map(|i| {
                design.signals.push(Signal {
                    name: format!("{name}_{i}"),
                    home: top,
                    ty: ty.clone(),
                    init: BigInt::ZERO,
                    constant: false,
                    floating: false,
                    reset: None,
                    span: nowhere(),
                })
            })
            .collect();
        for (i, element) in elements.iter().enumerate() {
            self.names.push((format!("{name}_{i}"), Visible::Signal(*element)));
        }
        let id = design.memories.push(Memory { name: name.clone(), home: top, elements, span: nowhere() });
        self.names.push((name, Visible::Memory(id)));
        let index = self.position(depth);
        let read = self.generator.make(ExprKind::MemoryRead { memory: id, index: Box::new(index) });
        self.leaf(read);
        let index = self.position(depth);
        self.places.push(Place::Memory { memory: id, index });
    }

    /// Something from 0 to `depth - 1`.
    fn position(&mut self, depth: usize) -> Expr {
        let value = self.generator.leaf();
        let depth = self.generator.constant(depth as i64);
        self.generator.make(ExprKind::Binary(BinaryOp::Mod, Box::new(value), Box::new(depth)))
    }

    fn block(&mut self, depth: u32) -> Block {
        let count = self.generator.random.usize(1..4);
        (0..count).map(|_| self.stmt(depth)).collect()
    }

    fn stmt(&mut self, depth: u32) -> Stmt {
        let kind = match self.generator.random.u8(0..16) {
            0..=2 if depth > 0 => {
                let arms = (0..self.generator.random.usize(1..3))
                    .map(|_| (self.generator.boolean(2), self.block(depth - 1)))
                    .collect();
                let otherwise = if self.generator.random.bool() { self.block(depth - 1) } else { Vec::new() };
                StmtKind::If { arms, otherwise }
            }
            3 | 4 if depth > 0 => self.choice(depth),
            5 | 6 if depth > 0 => self.count(depth),
            7 if depth > 0 => return self.repeat(depth),
            8 if self.loops > 0 => {
                let leave = if self.generator.random.bool() { StmtKind::Break } else { StmtKind::Continue };
                let body = vec![Stmt { kind: leave, span: nowhere() }];
                StmtKind::If { arms: vec![(self.generator.boolean(1), body)], otherwise: Vec::new() }
            }
            9 if self.returns => {
                let body = vec![Stmt { kind: StmtKind::Return(None), span: nowhere() }];
                StmtKind::If { arms: vec![(self.generator.boolean(1), body)], otherwise: Vec::new() }
            }
            _ => return self.assignment(),
        };
        Stmt { kind, span: nowhere() }
    }

    fn assignment(&mut self) -> Stmt {
        let mut place = self.places[self.generator.random.usize(0..self.places.len())].clone();
        // Verilator does not take delayed assignments to arrays inside loops that it does not unroll.
        if self.loops > 0 && matches!(place, Place::Memory { .. }) {
            place = self.places[0].clone();
        }
        let width = match self.storage(&place) {
            // Emission refuses parts of what wraps around elsewhere than a vector.
            StorageType::Bits(bits)
                if bits.range() == Range::unsigned(bits.width)
                    || bits.range() == Range::signed(bits.width) =>
            {
                bits.width
            }
            _ => 0,
        };
        let value = self.generator.integer(2);
        match self.generator.random.u8(0..6) {
            0 if width > 0 => {
                let index = self.position(width as usize);
                let value = self.generator.boolean(2);
                assign(place, Some(Part::Bit(index)), value)
            }
            1 if width > 2 => {
                let low = self.generator.random.u32(0..width - 1);
                let part = self.generator.random.u32(1..=width - low);
                let value = self.generator.make(ExprKind::Unsigned { value: Box::new(value), width: part });
                let low = if self.generator.random.bool() {
                    self.generator.constant(low.into())
                } else {
                    self.position((width - part + 1) as usize)
                };
                assign(place, Some(Part::Slice { low, width: part }), value)
            }
            _ => {
                let value = self.wanted(&place, value);
                assign(place, None, value)
            }
        }
    }

    fn storage(&self, place: &Place) -> StorageType {
        let design = &self.generator.design;
        match place {
            Place::Signal(id) => design.signals[*id].ty.clone(),
            Place::Local(id) | Place::Element { local: id, .. } => self.generator.locals[*id].ty.clone(),
            Place::Memory { memory, .. } => design.signals[design.memories[*memory].elements[0]].ty.clone(),
        }
    }

    /// A value that the place takes: truth for a bit, anything for what wraps.
    fn wanted(&mut self, place: &Place, value: Expr) -> Expr {
        match self.storage(place) {
            StorageType::Bool if value.ty != Type::Bool => {
                self.generator.make(ExprKind::Truth(Box::new(value)))
            }
            _ => value,
        }
    }

    fn choice(&mut self, depth: u32) -> StmtKind {
        let subject = self.generator.leaf();
        if subject.ty == Type::Bool {
            return StmtKind::If { arms: vec![(subject, self.block(depth - 1))], otherwise: Vec::new() };
        }
        let mut first = self.generator.random.i64(-4..4);
        let guarded = self.generator.random.u8(0..3) == 0;
        let arms = (0..self.generator.random.usize(1..4))
            .map(|_| {
                let patterns: Vec<BigInt> =
                    (0..self.generator.random.i64(1..4)).map(|i| BigInt::from(first + i)).collect();
                first += 4;
                let guard = guarded.then(|| self.generator.boolean(1));
                MatchArm { patterns, guard, body: self.block(depth - 1), span: crate::support::nowhere() }
            })
            .collect();
        StmtKind::Match { subject, arms, otherwise: self.block(depth - 1) }
    }

    fn count(&mut self, depth: u32) -> StmtKind {
        self.counters += 1;
        let start = self.generator.random.i64(-3..8);
        let length = self.generator.random.i64(0..6);
        let step = [1, 1, -1, 2, -3][self.generator.random.usize(0..5)];
        let stop = start + step * length;
        let (lo, hi) = (start.min(stop - step), start.max(stop - step));
        let ty = StorageType::Int(Range::new(lo, hi));
        let var = self.generator.locals.push(Local::new(format!("i{}", self.counters), ty));
        let (numbers, flags) = (self.generator.numbers.len(), self.generator.flags.len());
        let leaf = self.generator.make(ExprKind::Local(var));
        self.leaf(leaf);
        self.loops += 1;
        let body = self.block(depth - 1);
        self.loops -= 1;
        self.generator.numbers.truncate(numbers);
        self.generator.flags.truncate(flags);
        StmtKind::For {
            var,
            start: self.generator.constant(start),
            stop: self.generator.constant(stop),
            step: step.into(),
            body,
        }
    }

    /// A `while` that ends: it counts a local of its own.
    fn repeat(&mut self, depth: u32) -> Stmt {
        self.counters += 1;
        let ty = StorageType::Bits(BitsType { wraps: true, ..bits_type(0.into(), 15.into()) });
        let var = self.generator.locals.push(Local::new(format!("n{}", self.counters), ty));
        let zero = self.generator.constant(0);
        let one = self.generator.constant(1);
        let limit = self.generator.random.i64(1..6);
        let limit = self.generator.constant(limit);
        let read = self.generator.make(ExprKind::Local(var));
        let go = self.generator.boolean(1);
        let below =
            self.generator.make(ExprKind::Compare(CompareOp::Lt, Box::new(read.clone()), Box::new(limit)));
        let condition = self.generator.make(ExprKind::Logic(LogicOp::And, Box::new(below), Box::new(go)));
        let next = self.generator.make(ExprKind::Binary(BinaryOp::Add, Box::new(read), Box::new(one)));
        let mut body = vec![assign(Place::Local(var), None, next)];
        self.loops += 1;
        body.extend(self.block(depth - 1));
        self.loops -= 1;
        let looped = Stmt { kind: StmtKind::While { condition, body }, span: nowhere() };
        let always = self.generator.constant(1);
        let always = self.generator.make(ExprKind::Truth(Box::new(always)));
        // Two statements where one is wanted.
        let both = vec![assign(Place::Local(var), None, zero), looped];
        Stmt { kind: StmtKind::If { arms: vec![(always, both)], otherwise: Vec::new() }, span: nowhere() }
    }
}

fn assign(place: Place, part: Option<Part>, value: Expr) -> Stmt {
    let target = Target { place, part, span: nowhere() };
    Stmt { kind: StmtKind::Assign { target, value }, span: nowhere() }
}
