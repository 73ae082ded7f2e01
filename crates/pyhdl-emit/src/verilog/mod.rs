//! Verilog-2005 and SystemVerilog-2017.

pub(crate) mod always;
pub(crate) mod black_box;
pub(crate) mod body;
mod bundles;
pub(crate) mod cosimulation;
pub(crate) mod declare;
mod expr;
mod helpers;
mod jumps;
mod own_reads;
mod process;
mod reads;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};

use askama::Template;
use num_bigint::BigInt;
use pyhdl_diag::{Diagnostic, Diagnostics, Span};
use pyhdl_ir::{CodeBody, Design, Direction, EnumId, FunctionId, Item, ProcessId, ScopeId, SignalId};

use crate::bundles::{Bundles, Form};
use crate::carried::black_boxes;
use crate::comments::AuthorComments;
use crate::constants::settle;
use crate::enums::Enums;
use crate::lines::{Lines, doc};
use crate::marks::mark;
use crate::members::Row;
use crate::modules::{Finished, Instance, Modules, PARAMETERS, Printed, apart, constant_lines};
use crate::naming::Names;
use crate::output::{self, Files, Mapped, Part, python_name};
use crate::plan::{Driver, Module, Plan};
use crate::prepare::{Prepared, give_defaults};
use crate::sizing::table_vector;
use crate::storage::Arrays;
use crate::user_code::{External, filled, printed_scopes};
use crate::vector::*;
use crate::{EmitOptions, Emitted, EmittedPort, Language, codes};
use declare::{attribute, range, variable, wire};
use expr::{constant, high_impedance};
use helpers::Helper;

/// Stands for a module's own name while its text is compared with others'.
const OWN_NAME: &str = "\u{1}";

#[derive(Template)]
#[template(path = "file.v", escape = "none")]
struct File<'a> {
    /// What it comes from, where that is to be said.
    source: Option<&'a str>,
    header: Vec<&'a str>,
    /// Of a file that waits for time.
    timescale: Option<&'a str>,
    /// Declarations that several modules see.
    types: &'a str,
    modules: Vec<&'a str>,
}

#[derive(Template)]
#[template(path = "module.v", escape = "none")]
struct ModuleFile<'a> {
    attribute: &'a str,
    name: &'a str,
    doc: Vec<String>,
    ports: Vec<String>,
    sections: Vec<String>,
}

pub(crate) fn emit(
    mut prepared: Prepared,
    arrays: &Arrays,
    bundles: &Bundles,
    language: Language,
    options: &EmitOptions,
) -> Result<Emitted, Diagnostics> {
    let mut design = std::mem::take(&mut prepared.design);
    let settled = &prepared.settled;
    jumps::remove(&mut design);
    design.processes.iter_mut().for_each(give_defaults);
    own_reads::settle(&mut design);
    reads::move_out(&mut design, arrays);
    let design = &design;
    let top = design.top();
    let mut module_names = Names::new(language);
    for there in black_boxes(design, language, options) {
        module_names.take(&there.module);
    }
    let top_name = module_names.take(options.name.as_deref().unwrap_or(&design.scopes[top].block));
    let packaged = options.split && language == Language::SystemVerilog;
    let package = if packaged { module_names.take(&format!("{top_name}_pkg")) } else { String::new() };
    let forms = always::forms(design, arrays, settled, language, options);
    let shared = match language {
        Language::SystemVerilog => {
            let shared = Enums::new(design, &crate::enums::at_ports(design), language, &[]);
            // Files that are read one by one have only a package in common.
            if packaged { shared.within(&package) } else { shared }
        }
        _ => Enums::default(),
    };
    let bundles = bundles.named(design, language, &shared);
    let plan = Plan::new(design, arrays, language, options, &prepared, &shared, &bundles).with_forms(&forms);
    shared.note(design, &plan.renamed);
    let delayed = process::delayed_tasks(design, options.verilog.blocking);
    let mut comments = AuthorComments::new(options.sources, language);
    let mut modules = Modules::default();
    let mut names: Vec<Instance> = vec![Instance::default(); design.scopes.len()];
    let mut problems = Vec::new();
    let mut mapped = Mapped::default();
    let mut ports = Vec::new();
    // Children come after their parents.
    for id in printed_scopes(&plan).into_iter().rev() {
        let scope = &design.scopes[id];
        match ModulePrinter::new(&plan, plan.module(id), &delayed).print(&names) {
            Ok((module, mut printed)) => {
                printed.text = comments.put(&printed.text);
                let name = (id == top).then_some(top_name.as_str());
                if id == top {
                    ports = emitted_ports(design, &module, plan.port_names(id));
                }
                names[id.index()] = modules.intern(&scope.block, printed, OWN_NAME, name);
                mapped.note(&plan, id, names[id.index()].module, &module);
            }
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        problems.reverse();
        return Err(problems);
    }
    let modules = modules.finish(language, &mut module_names);
    let apart = apart(&modules);
    let numbered: HashSet<&str> = apart.iter().map(|apart| apart.other.as_str()).collect();
    for module in modules.iter().filter(|module| !numbered.contains(module.name.as_str())) {
        let wanted = if module.name == top_name { options.name.as_ref() } else { None };
        plan.renamed.note(None, wanted.unwrap_or(&module.block), &module.name);
    }
    mapped.settle(&modules);
    let source = crate::source_name(design, options.sources);
    let types = types(design, &shared, &bundles);
    let ending = match language {
        Language::Verilog if options.assertions => output::ending(Language::SystemVerilog),
        _ => output::ending(language),
    };
    let part = |name: &str, types: &str, modules: &[&Finished]| -> Result<Part, Diagnostics> {
        let file = File {
            source: options.banner.then_some(source.as_str()),
            header: options.header.lines().collect(),
            timescale: match &options.verilog.timescale {
                Some(chosen) => Some(chosen),
                None => crate::plan::waits_for_time(design).then_some(crate::TIMESCALE),
            },
            types,
            modules: modules.iter().map(|module| module.text.as_str()).collect(),
        };
        Ok(Part {
            name: format!("{name}.{ending}"),
            text: crate::render(&file).map_err(|e| vec![e])?,
            modules: modules.iter().map(|module| module.name.clone()).collect(),
        })
    };
    let mut parts = Vec::new();
    if options.split {
        if !types.is_empty() {
            parts.push(part(&package, &types, &[])?);
        }
        for module in &modules {
            parts.push(part(&module.name, "", &[module])?);
        }
    } else {
        // The top first: readers begin there, and lint tools expect the module that the file is named after.
        parts.push(part(&top_name, &types, &modules.iter().rev().collect::<Vec<_>>())?);
    }
    let Files { files, maps, list } = output::files(parts, mapped, &top_name, language, options);
    Ok(Emitted {
        files,
        list,
        maps,
        top: top_name,
        ports,
        package: None,
        renamed: plan.renamed.all(),
        apart,
        outside: Vec::new(),
    })
}

/// The types of ports, in a package where they have one.
fn types(design: &Design, shared: &Enums, made: &Bundles) -> String {
    let any = !shared.is_empty() || made.types().iter().any(|(_, form)| matches!(form, Form::Record(_)));
    let package = shared.package().filter(|_| any);
    let mut out = Lines::at(0);
    if let Some(package) = package {
        out.open(format!("package {package};"));
    }
    for (i, id) in shared.ids().into_iter().enumerate() {
        if i > 0 {
            out.line("");
        }
        enumeration(design, id, shared.type_name(id), shared.literals(id), &mut out);
    }
    bundles::declarations(design, made, shared, &mut out);
    if package.is_some() {
        out.close("endpackage");
    }
    out.into_text()
}

/// An enumeration with its codes.
fn enumeration(design: &Design, id: EnumId, name: &str, literals: &[String], out: &mut Lines) {
    let ty = &design.enums[id];
    let vector = Shape::Bits(Vector::unsigned(ty.width()));
    out.open(format!("typedef enum logic [{}:0] {{", ty.width() - 1));
    for (i, literal) in literals.iter().enumerate() {
        let comma = if i + 1 < literals.len() { "," } else { "" };
        out.line(format!("{literal} = {}{comma}", constant(&ty.code(i as u32), vector).text));
    }
    out.close(format!("}} {name};"));
}

fn emitted_ports(design: &Design, module: &Module, names: Vec<String>) -> Vec<EmittedPort> {
    module
        .ports
        .iter()
        .zip(names)
        .filter_map(|((signal, direction), name)| {
            let shape = Shape::of_storage(&design.signals[*signal].ty)?;
            let vector = shape.vector(design);
            Some(EmittedPort {
                name,
                python_name: python_name(design, module.scope, *signal),
                signal: *signal,
                direction: *direction,
                width: vector.width,
                signed: vector.signed,
                is_bool: shape == Shape::Bool,
                enumeration: match shape {
                    Shape::Enum(id) => {
                        let ty = &design.enums[id];
                        Some((id, ty.name.clone(), ty.literals.clone()))
                    }
                    _ => None,
                },
            })
        })
        .collect()
}

/// Prints one module.
pub(crate) struct ModulePrinter<'a> {
    plan: &'a Plan<'a>,
    module: Module,
    /// Tasks whose assignments take effect when the process has ended.
    delayed: &'a HashSet<FunctionId>,
    helpers: RefCell<BTreeSet<Helper>>,
    /// What processes drive that would be `always_comb`, and are not, as they call functions.
    woken: RefCell<HashSet<SignalId>>,
}

impl<'a> ModulePrinter<'a> {
    fn new(plan: &'a Plan<'a>, module: Module, delayed: &'a HashSet<FunctionId>) -> ModulePrinter<'a> {
        ModulePrinter { plan, module, delayed, helpers: RefCell::default(), woken: RefCell::default() }
    }

    fn print(self, modules: &[Instance]) -> Result<(Module, Printed), Diagnostics> {
        let design = self.plan.design;
        let scope = &design.scopes[self.module.scope];
        let mut problems = Vec::new();
        let mut keep = |result: Result<String, Box<Diagnostic>>| match result {
            Ok(text) => text,
            Err(problem) => {
                problems.push(*problem);
                String::new()
            }
        };
        let contents = keep(self.initial_contents());
        let tables = self.tables();
        let functions: Vec<String> =
            self.module.functions.iter().map(|f| keep(process::function(&self, *f))).collect();
        let mut items = Vec::new();
        let mut assigns = String::new();
        for item in &scope.items {
            let text = match item {
                Item::Process(id) if self.plan.code(*id).is_some() => match self.plan.code(*id) {
                    Some(CodeBody::Text(parts)) => {
                        filled(self.plan, &self.module, parts, design.processes[*id].span)
                    }
                    _ => String::new(),
                },
                Item::Process(id) => {
                    if let Some(lines) = process::continuous(&self, *id) {
                        assigns.push_str(&keep(lines));
                        continue;
                    }
                    keep(process::process(&self, *id))
                }
                Item::Scope(child) => self.instance(*child, &modules[child.index()]),
            };
            flush(&mut assigns, &mut items);
            items.push(text);
        }
        flush(&mut assigns, &mut items);
        // Behind the processes, which decide what needs a value at power-up.
        let ports = keep(self.ports().map(|p| p.join("\n")));
        let declarations = keep(self.declarations());
        if !problems.is_empty() {
            return Err(problems);
        }
        let helpers: Vec<String> = self.helpers.borrow().iter().map(|h| h.text(&self.module.names)).collect();
        let mut sections = vec![declarations, contents, self.bundle_assigns()];
        sections.extend(tables);
        sections.extend(helpers);
        sections.extend(functions);
        sections.extend(items);
        let constants = settle(&mut sections);
        sections[0].insert_str(0, &constant_lines(&constants));
        sections.retain(|s| !s.is_empty());
        let skeleton = ModuleFile {
            attribute: &attribute(self.plan, scope.span),
            name: &format!("{}{OWN_NAME}{PARAMETERS}", mark(scope.span)),
            doc: doc(scope, "//"),
            ports: ports.lines().map(str::to_owned).collect(),
            sections,
        };
        let text = crate::render(&skeleton).map_err(|e| vec![e])?;
        Ok((self.module, Printed { text, constants }))
    }

    fn shape(&self, signal: SignalId) -> Result<Shape, Box<Diagnostic>> {
        let signal = &self.plan.design.signals[signal];
        Shape::of_storage(&signal.ty).ok_or_else(|| unsized_signal(&signal.name, signal.span))
    }

    /// The port declarations, aligned, without separators.
    fn ports(&self) -> Result<Vec<String>, Box<Diagnostic>> {
        let mut rows = Vec::new();
        for row in &self.module.rows {
            let (signal, direction) = match *row {
                Row::Port(index) => &self.module.ports[index],
                Row::Bundle(index) => {
                    let bundle = &self.module.bundles[index];
                    let word = if bundle.direction == Some(Direction::In) { "input " } else { "output" };
                    rows.push((word, self.bundle_type(bundle), bundle.name.clone()));
                    continue;
                }
            };
            let shape = self.shape(*signal)?;
            let driver = self.module.driver(*signal);
            let process = matches!(driver, Driver::Process | Driver::Settled);
            let net = self.plan.design.signals[*signal].floating;
            let (word, kind) = match direction {
                Direction::In if net => ("input ", self.net(shape)),
                Direction::In => ("input ", wire(self.plan, &self.module, shape)),
                Direction::Out if process => ("output", variable(self.plan, &self.module, shape)),
                Direction::Out if net => ("output", self.net(shape)),
                Direction::Out => ("output", wire(self.plan, &self.module, shape)),
                Direction::InOut => ("inout ", self.net(shape)),
            };
            let mut name = self.module.signal_names[signal].clone();
            if *direction == Direction::Out && self.has_value(*signal) && self.plan.shows_initial(driver) {
                // The literals of enumerations get their names behind the ports.
                let value = match shape {
                    Shape::Enum(_) if self.plan.language == Language::Verilog => {
                        body::constant_of(self.plan.design, self.plan.initial(*signal), shape)
                    }
                    _ => self.initial(*signal, shape),
                };
                name.push_str(&format!(" = {value}"));
            }
            rows.push((word, kind, name));
        }
        let wide = if self.plan.language == Language::Verilog { 4 } else { 0 };
        let left = |word: &str, kind: &str| {
            let (kind, range) = kind.split_once(' ').unwrap_or((kind, ""));
            format!("{word} {kind:<wide$} {range}").trim_end().to_owned()
        };
        let rows: Vec<(String, String)> =
            rows.into_iter().map(|(word, kind, name)| (left(word, &kind), name)).collect();
        let width = rows.iter().map(|(left, _)| left.len()).max().unwrap_or(0);
        let places = self.module.port_places(self.plan);
        let rows = rows.into_iter().zip(places);
        Ok(rows.map(|((left, name), place)| format!("{place}{left:<width$} {name}")).collect())
    }

    /// Whether a signal that a process drives has a value at power-up that the process does not give it.
    fn has_value(&self, signal: SignalId) -> bool {
        match self.module.driver(signal) {
            Driver::Process => true,
            Driver::Settled => self.woken.borrow().contains(&signal),
            _ => false,
        }
    }

    /// The value that a signal is declared with.
    fn initial(&self, signal: SignalId, shape: Shape) -> String {
        match self.plan.design.signals[signal].floating {
            true => high_impedance(shape),
            false => self.constant_of(self.plan.initial(signal), shape),
        }
    }

    /// A constant for storage.
    fn constant_of(&self, value: &BigInt, shape: Shape) -> String {
        match shape {
            Shape::Enum(id) => {
                let literal = u32::try_from(value.clone()).unwrap_or(0);
                match self.module.literal_names.get(&(id, literal)) {
                    Some(name) => name.clone(),
                    None => {
                        let ty = &self.plan.design.enums[id];
                        constant(&ty.code(literal), Shape::Bits(Vector::unsigned(ty.width()))).text
                    }
                }
            }
            Shape::Bool => constant(value, shape).text,
            Shape::Bits(vector) => constant(&vector.wrap(value), shape).text,
        }
    }

    /// What stands in front of the name of a net.
    fn net(&self, shape: Shape) -> String {
        format!("wire {}", range(shape, self.plan.design))
    }

    fn declarations(&self) -> Result<String, Box<Diagnostic>> {
        let design = self.plan.design;
        let mut out = Lines::at(1);
        for id in &self.module.enums {
            let count = design.enums[*id].literals.len() as u32;
            let literals: Vec<String> =
                (0..count).map(|i| self.module.literal_names[&(*id, i)].clone()).collect();
            enumeration(design, *id, &self.module.enum_names[id], &literals, &mut out);
        }
        for (id, literal) in &self.module.literals {
            if self.module.enum_names.contains_key(id) {
                continue;
            }
            let ty = &design.enums[*id];
            let vector = Shape::Bits(Vector::unsigned(ty.width()));
            let name = &self.module.literal_names[&(*id, *literal)];
            out.line(format!(
                "localparam {}{name} = {};",
                range(vector, design),
                constant(&ty.code(*literal), vector).text
            ));
        }
        for signal in &self.module.signals {
            let shape = self.shape(*signal)?;
            let name = &self.module.signal_names[signal];
            let initial = self.initial(*signal, shape);
            let driver = self.module.driver(*signal);
            out.place(Some(self.module.declared_at(self.plan, *signal)));
            let kind = match driver {
                Driver::Process | Driver::Settled => variable(self.plan, &self.module, shape),
                _ if design.signals[*signal].floating => self.net(shape),
                // A net of an enumeration's type would have to be declared as both.
                Driver::Outside if !matches!(shape, Shape::Enum(_)) => self.net(shape),
                _ => wire(self.plan, &self.module, shape),
            };
            let valued = match driver {
                Driver::Process | Driver::Settled => {
                    self.has_value(*signal) && self.plan.shows_initial(driver)
                }
                Driver::Outside => true,
                Driver::Assignment | Driver::Instance => false,
            };
            let initial = if valued { format!(" = {initial}") } else { String::new() };
            out.line(format!("{}{kind}{name}{initial};", attribute(self.plan, design.signals[*signal].span)));
        }
        self.inner_bundles(&mut out);
        for memory in &self.module.memories {
            let elements = &design.memories[*memory].elements;
            let shape = self.shape(elements[0])?;
            let name = &self.module.memory_names[memory];
            out.place(Some(design.memories[*memory].span));
            let attribute = attribute(self.plan, design.memories[*memory].span);
            let kind = variable(self.plan, &self.module, shape);
            out.line(format!("{attribute}{kind}{name} [0:{}];", elements.len() - 1));
        }
        for memory in &self.module.mirrors {
            let elements = &design.memories[*memory].elements;
            let shape = self.shape(elements[0])?;
            let name = &self.module.memory_names[memory];
            out.line(format!("{}{name} [0:{}];", self.net(shape), elements.len() - 1));
            for (i, element) in elements.iter().enumerate() {
                out.line(format!("assign {name}[{i}] = {};", self.module.place(self.plan, *element)));
            }
        }
        Ok(out.into_text())
    }

    /// The contents of the memories at power-up.
    fn initial_contents(&self) -> Result<String, Box<Diagnostic>> {
        let design = self.plan.design;
        let mut out = Lines::at(1);
        for memory in &self.module.memories {
            let elements = &design.memories[*memory].elements;
            let shape = self.shape(elements[0])?;
            let name = &self.module.memory_names[memory];
            let values: Vec<&BigInt> = elements.iter().map(|e| self.plan.initial(*e)).collect();
            if !self.plan.fills(elements.iter().any(|e| self.module.driver(*e) != Driver::Outside), &values) {
                continue;
            }
            out.place(Some(design.memories[*memory].span));
            let mut names = Names::new(self.plan.language);
            let index = names.take_inside("index", &self.module.names);
            let label = names.take_inside(&format!("{name}_initial"), &self.module.names);
            out.open(format!("initial begin : {label}"));
            if values.len() > 2 && values.iter().all(|v| *v == values[0]) {
                out.line(format!("integer {index};"));
                out.open(format!(
                    "for ({index} = 0; {index} < {}; {index} = {index} + 1) begin",
                    values.len()
                ));
                out.line(format!("{name}[{index}] = {};", self.constant_of(values[0], shape)));
                out.close("end");
            } else {
                for (i, value) in values.iter().enumerate() {
                    out.line(format!("{name}[{i}] = {};", self.constant_of(value, shape)));
                }
            }
            out.close("end");
        }
        Ok(out.into_text())
    }

    /// Constant tables as functions, which every tool makes a ROM of.
    fn tables(&self) -> Vec<String> {
        let design = self.plan.design;
        self.module
            .tables
            .iter()
            .map(|table| {
                let name = &self.module.table_names[table];
                let entries = &design.tables[*table].entries;
                let vector = table_vector(entries);
                let width = index_width(entries.len() as u64);
                let index = Names::new(self.plan.language).take_inside("index", &self.module.names);
                let mut out = Lines::at(1);
                out.open(format!(
                    "function automatic {}{name}(input {}{index});",
                    declare::value(self.plan, &self.module, Shape::Bits(vector)),
                    declare::value(self.plan, &self.module, Shape::Bits(Vector::unsigned(width)))
                ));
                out.open(format!("case ({index})"));
                for (i, entry) in entries.iter().enumerate() {
                    let entry = constant(&vector.wrap(entry), Shape::Bits(vector)).text;
                    out.line(format!("{width}'d{i}: {name} = {entry};"));
                }
                if entries.len() < 1 << width.min(63) {
                    let zero = constant(&BigInt::ZERO, Shape::Bits(vector)).text;
                    out.line(format!("default: {name} = {zero};"));
                }
                out.close("endcase");
                out.close("endfunction");
                out.into_text()
            })
            .collect()
    }

    fn instance(&self, child: ScopeId, module: &Instance) -> String {
        let scope = &self.plan.design.scopes[child];
        let mut out = Lines::at(1).from(scope.instance.unwrap_or(scope.span));
        let (module, name) = match self.plan.external(child) {
            Some(External::Named(name)) => (scope.block.clone(), name),
            Some(External::BlackBox(there)) => {
                black_box::instance(there, &self.module, &self.module.instance_names[&child], &mut out);
                return out.into_text();
            }
            None => (module.named(), self.module.instance_names[&child].as_str()),
        };
        let attribute = attribute(self.plan, scope.instance.unwrap_or(scope.span));
        if scope.ports.is_empty() {
            out.line(format!("{attribute}{module} {name} ();"));
            return out.into_text();
        }
        out.open(format!("{attribute}{module} {name} ("));
        let (rows, inner) = self.plan.rows(child);
        let width = inner.iter().map(String::len).max().unwrap_or(0);
        for (i, (row, name)) in rows.iter().zip(&inner).enumerate() {
            let after = if i + 1 < rows.len() { ")," } else { ")" };
            let before = format!(".{name:<width$} (");
            match *row {
                Row::Port(index) => {
                    let outer = &self.module.signal_names[&scope.ports[index].signal];
                    out.line(format!("{before}{outer}{after}"));
                }
                Row::Bundle(index) => {
                    let bundle = &self.plan.bundles.at_ports(child)[index].0;
                    self.bundle_connection(bundle, &before, after, &mut out);
                }
            }
        }
        out.close(");");
        out.into_text()
    }

    fn process(&self, id: ProcessId) -> &pyhdl_ir::Process {
        &self.plan.design.processes[id]
    }
}

/// Ends a run of continuous assignments.
fn flush(assigns: &mut String, items: &mut Vec<String>) {
    if !assigns.is_empty() {
        items.push(std::mem::take(assigns));
    }
}

pub(crate) fn unsized_signal(name: &str, span: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(codes::UNSIZED, format!("`{name}` has no width"))
            .at(span, "hardware needs a number of bits")
            .help("give it one: Signal(intbv(0)[8:]), or bounds: Signal(intbv(0, min=0, max=100))"),
    )
}
