//! Random processes, and random hierarchies of blocks.

use crate::bounds::Bounds;
use crate::case::{self, CLOCKS, Case, RESETS};
use crate::choices::Choices;
use crate::expression::{Expr, Kind, Scope};
use crate::names;
use crate::signals::{Signal, Type};
use crate::statement::{Lines, Memory, Statements};

/// A block that can be instantiated.
#[derive(Clone, Debug)]
struct Block {
    name: String,
    inputs: Vec<Signal>,
    outputs: Vec<Signal>,
    /// An object with signals: its class, and what of it the block reads and drives.
    bus: Option<(String, Vec<Signal>, Vec<Signal>)>,
    /// Whether it has a number as a parameter.
    constant: bool,
}

struct Builder<'c, 'b> {
    c: &'c mut Choices<'b>,
    index: usize,
    definitions: Lines,
    blocks: Vec<Block>,
    names: usize,
}

/// One block with one process.
pub fn process(c: &mut Choices, index: usize) -> Case {
    let mut builder = Builder { c, index, definitions: Lines::default(), blocks: Vec::new(), names: 0 };
    builder.case(0)
}

/// A block with blocks inside.
pub fn hierarchy(c: &mut Choices, index: usize) -> Case {
    let mut builder = Builder { c, index, definitions: Lines::default(), blocks: Vec::new(), names: 0 };
    let levels = 1 + builder.c.below(3);
    builder.case(levels)
}

/// What a block is made of while it is written.
struct Body {
    lines: Lines,
    scope: Scope,
    /// Everything that can be connected.
    signals: Vec<Signal>,
    /// Outputs that nothing drives yet.
    undriven: Vec<Signal>,
    returned: Vec<String>,
    names: usize,
    /// Odd names that it has.
    odd: Vec<&'static str>,
}

impl Body {
    fn fresh(&mut self, c: &mut Choices, prefix: &str) -> String {
        self.names += 1;
        names::odd(c, names::ITEMS, &mut self.odd).unwrap_or_else(|| format!("{prefix}{}", self.names))
    }

    fn declare(&mut self, name: String, ty: Type, initial: i128) -> Signal {
        let signal = Signal { name, ty, initial };
        self.lines.push(
            format!("{} = {}", signal.name, signal.declaration()),
            format!("{} = signal({})", signal.name, signal.ty.model(initial)),
        );
        signal
    }

    fn readable(&mut self, signal: &Signal) {
        self.scope.values.extend(signal.reads());
        self.signals.push(signal.clone());
    }
}

/// Names of a block's parameters, in order.
fn parameters(clocks: &[&str], signals: &[&[Signal]], rest: &[&str]) -> String {
    let signals = signals.iter().flat_map(|list| list.iter().map(|s| s.name.as_str()));
    clocks.iter().copied().chain(signals).chain(rest.iter().copied()).collect::<Vec<_>>().join(", ")
}

impl Builder<'_, '_> {
    fn case(&mut self, levels: usize) -> Case {
        let index = self.index;
        let mut scope = case::scope();
        for i in 0..self.c.below(2 + usize::from(levels > 0)) {
            let name = format!("c{index}_f{i}");
            let function = case::function(self.c, name, &mut self.definitions);
            scope.functions.push(function);
        }
        let outputs: Vec<Signal> = (0..1 + self.c.below(3))
            .map(|j| {
                let ty = Type::random(self.c);
                Signal { name: format!("o{index}_{j}"), initial: ty.initial(self.c), ty }
            })
            .collect();
        let clocks: Vec<&str> = CLOCKS.iter().copied().chain(RESETS.iter().map(|r| r.0)).collect();
        let list = parameters(&clocks, &[&case::inputs(), &outputs], &[]);
        let mut body = Body {
            lines: Lines { indent: 1, ..Lines::default() },
            scope,
            signals: case::inputs(),
            undriven: outputs.clone(),
            returned: Vec::new(),
            names: 0,
            odd: Vec::new(),
        };
        self.fill(&mut body, levels, &CLOCKS, &RESETS.map(|r| r.0));
        let name = format!("c{index}_top");
        self.finish(&name, &list, body);
        let mut items = Lines { indent: 1, ..Lines::default() };
        items.push(format!("{name}_1 = {name}({list})"), format!("{name}_model({list})"));
        Case {
            definitions: std::mem::take(&mut self.definitions),
            items,
            instances: vec![format!("{name}_1")],
            outputs,
        }
    }

    fn finish(&mut self, name: &str, parameters: &str, body: Body) {
        self.definitions.hdl("@block");
        self.definitions
            .push(format!("def {name}({parameters}):"), format!("def {name}_model({parameters}):"));
        self.definitions.hdl.extend(body.lines.hdl);
        self.definitions.model.extend(body.lines.model);
        self.definitions.hdl(format!("    return {}", body.returned.join(", ")));
        self.definitions.hdl("");
    }

    /// Processes and instances, until everything is driven.
    fn fill(&mut self, body: &mut Body, levels: usize, clocks: &[&str], resets: &[&str]) {
        if levels > 0 {
            for _ in 0..1 + self.c.below(3) {
                match self.c.below(3) {
                    0 => self.instance(body, levels, clocks, resets),
                    1 => {
                        let ty = Type::random(self.c);
                        let initial = ty.initial(self.c);
                        let name = body.fresh(self.c, "s");
                        let signal = body.declare(name, ty, initial);
                        self.one_process(body, vec![signal.clone()], clocks, resets);
                        body.readable(&signal);
                    }
                    _ => self.instance(body, levels, clocks, resets),
                }
            }
        }
        while !body.undriven.is_empty() {
            let count = 1 + self.c.below(body.undriven.len());
            let targets: Vec<Signal> = body.undriven.drain(..count).collect();
            self.one_process(body, targets.clone(), clocks, resets);
            // A MyHDL block may read its outputs.
            for target in &targets {
                body.readable(target);
            }
        }
    }

    fn one_process(&mut self, body: &mut Body, targets: Vec<Signal>, clocks: &[&str], resets: &[&str]) {
        let name = body.fresh(self.c, "p");
        let form = self.c.below(5);
        let mut memories = Vec::new();
        if form > 0 && self.c.chance(40) {
            let ty = loop {
                match Type::random(self.c) {
                    Type::Enum(_) if self.c.are_left() => {}
                    Type::Enum(_) => break Type::bits(0, 7),
                    ty => break ty,
                }
            };
            let name = body.fresh(self.c, "mem");
            let memory = Memory::new(self.c, name, ty);
            let (hdl, model) = memory.declaration();
            body.lines.push(hdl, model);
            memories.push(memory);
        }
        let mut scope = body.scope.clone();
        if form > 0 {
            scope.values.extend(targets.iter().flat_map(Signal::reads));
            scope.tables.extend(memories.iter().map(Memory::table));
        }
        let clock = self.c.pick(clocks);
        let mut s = Statements::new(self.c, scope, 2);
        s.signals = targets;
        s.memories = memories;
        s.may_return = form != 4;
        let mut decorator = "@always_comb".to_owned();
        let mut registration = format!("combinational.append({name})");
        match form {
            0 => {
                s.declare_locals();
                for target in s.signals.clone() {
                    s.assign(&target);
                }
                s.block(0);
            }
            1 | 2 => {
                let edge = s.c.pick(&["posedge", "negedge"]);
                let level = u8::from(edge == "posedge");
                decorator = format!("@always({clock}.{edge})");
                registration = format!("on_edge({clock}, {level}, {name})");
                s.declare_locals();
                s.block(0);
                s.show_memories();
            }
            3 => {
                let edge = s.c.pick(&["posedge", "negedge"]);
                let level = u8::from(edge == "posedge");
                let reset = s.c.pick(resets);
                decorator = format!("@always_seq({clock}.{edge}, reset={reset})");
                s.declare_locals();
                s.block(0);
                s.show_memories();
                // Reset gives a process's registers, and only what it drives, their first values.
                let driven = |name: &str, lines: &[String]| {
                    lines
                        .iter()
                        .any(|l| l.contains(&format!("nxt[{name}]")) || l.contains(&format!("nxt[{name}[")))
                };
                let mut registers: Vec<String> = Vec::new();
                for signal in &s.signals {
                    if driven(&signal.name, &s.lines.model) {
                        registers.push(signal.name.clone());
                    }
                }
                for memory in &s.memories {
                    if driven(&memory.name, &s.lines.model) {
                        registers.push(format!("*{}", memory.name));
                    }
                }
                registration =
                    format!("on_edge({clock}, {level}, {name}, {reset}, [{}])", registers.join(", "));
            }
            _ => {
                decorator = "@instance".to_owned();
                registration = format!("on_edge({clock}, 1, started({name}()))");
                s.declare_locals();
                s.lines.both("while True:");
                s.lines.indent += 1;
                s.lines.push(format!("yield {clock}.posedge"), "yield");
                s.block(0);
                s.show_memories();
                s.lines.indent -= 1;
            }
        }
        let lines = std::mem::take(&mut s.lines);
        body.lines.hdl(decorator);
        body.lines.both(format!("def {name}():"));
        body.lines.hdl.extend(lines.hdl);
        body.lines.model.extend(lines.model);
        body.lines.model(registration);
        body.returned.push(name);
    }

    /// An instance of a block that exists, or of a new one.
    fn instance(&mut self, body: &mut Body, levels: usize, clocks: &[&str], resets: &[&str]) {
        let block = if !self.blocks.is_empty() && self.c.below(3) == 1 {
            let i = self.c.below(self.blocks.len());
            self.blocks[i].clone()
        } else {
            let block = self.new_block(levels - 1, &body.scope);
            self.blocks.push(block.clone());
            block
        };
        let mut actuals = vec![self.c.pick(clocks).to_owned(), self.c.pick(resets).to_owned()];
        for input in &block.inputs {
            let fitting: Vec<Signal> = body.signals.iter().filter(|s| s.ty == input.ty).cloned().collect();
            if fitting.is_empty() || self.c.below(3) == 0 {
                let name = body.fresh(self.c, "w");
                let wire = body.declare(name, input.ty.clone(), input.initial);
                self.drive(body, &wire);
                body.readable(&wire);
                actuals.push(wire.name);
            } else {
                actuals.push(self.c.pick(&fitting).name);
            }
        }
        let mut made = Vec::new();
        for output in &block.outputs {
            let name = body.fresh(self.c, "y");
            let wire = body.declare(name, output.ty.clone(), output.initial);
            actuals.push(wire.name.clone());
            made.push(wire);
        }
        if let Some((class, inputs, outputs)) = &block.bus {
            let name = body.fresh(self.c, "bus");
            body.lines.push(format!("{name} = {class}()"), format!("{name} = {class}_model()"));
            let of = |s: &Signal| Signal { name: s.name.replace("bus.", &format!("{name}.")), ..s.clone() };
            for input in inputs {
                self.drive(body, &of(input));
            }
            made.extend(outputs.iter().map(of));
            actuals.push(name);
        }
        if block.constant {
            actuals.push((1 + self.c.below(15)).to_string());
        }
        let name = body.fresh(self.c, "u");
        let list = actuals.join(", ");
        body.lines.push(format!("{name} = {}({list})", block.name), format!("{}_model({list})", block.name));
        body.returned.push(name);
        for wire in made {
            body.readable(&wire);
        }
    }

    /// A wire with an expression behind it.
    fn drive(&mut self, body: &mut Body, wire: &Signal) {
        let name = body.fresh(self.c, "p");
        let mut s = Statements::new(self.c, body.scope.clone(), 2);
        s.assign(wire);
        let lines = std::mem::take(&mut s.lines);
        body.lines.hdl("@always_comb");
        body.lines.both(format!("def {name}():"));
        body.lines.hdl.extend(lines.hdl);
        body.lines.model.extend(lines.model);
        body.lines.model(format!("combinational.append({name})"));
        body.returned.push(name);
    }

    fn new_block(&mut self, levels: usize, outer: &Scope) -> Block {
        self.names += 1;
        let name = format!("c{}_b{}", self.index, self.names);
        let mut odd = Vec::new();
        let mut formal = |c: &mut Choices, prefix: &str, short: &str, count: usize| -> Vec<Signal> {
            (0..count)
                .map(|i| {
                    let ty = Type::random(c);
                    let odd = names::odd(c, names::PORTS, &mut odd);
                    let name = format!("{prefix}{}", odd.unwrap_or_else(|| format!("{short}{i}")));
                    Signal { name, initial: ty.initial(c), ty }
                })
                .collect()
        };
        let (ins, outs) = (1 + self.c.below(3), 1 + self.c.below(2));
        let inputs = formal(self.c, "", "a", ins);
        let outputs = formal(self.c, "", "q", outs);
        let bus = self.c.chance(30).then(|| {
            let (ins, outs) = (1 + self.c.below(2), 1 + self.c.below(2));
            (format!("{name}_bus"), formal(self.c, "bus.", "x", ins), formal(self.c, "bus.", "z", outs))
        });
        let constant = self.c.chance(30);
        let mut scope =
            Scope { values: Vec::new(), tables: outer.tables.clone(), functions: outer.functions.clone() };
        scope.tables.retain(|t| t.hdl.chars().all(|c| c.is_ascii_uppercase()));
        if constant {
            scope.values.push(Expr::same("K", Kind::Number, Bounds::around(1, 15)));
        }
        let mut body = Body {
            lines: Lines { indent: 1, ..Lines::default() },
            scope,
            signals: Vec::new(),
            undriven: outputs.clone(),
            returned: Vec::new(),
            names: 0,
            odd: Vec::new(),
        };
        for input in &inputs {
            body.readable(input);
        }
        let mut rest = Vec::new();
        if let Some((class, ins, outs)) = &bus {
            rest.push("bus");
            for input in ins {
                body.readable(input);
            }
            body.undriven.extend(outs.iter().cloned());
            self.definitions.push(format!("class {class}:"), format!("class {class}_model:"));
            self.definitions.both("    def __init__(self):");
            for field in ins.iter().chain(outs) {
                let short = field.name.replace("bus.", "self.");
                self.definitions.push(
                    format!("        {short} = {}", field.declaration()),
                    format!("        {short} = signal({})", field.ty.model(field.initial)),
                );
            }
            self.definitions.hdl("");
        }
        if constant {
            rest.push("K");
        }
        let list = parameters(&["clk", "rst"], &[&inputs, &outputs], &rest);
        self.fill(&mut body, levels, &["clk"], &["rst"]);
        self.finish(&name, &list, body);
        Block { name, inputs, outputs, bus, constant }
    }
}
