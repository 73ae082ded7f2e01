//! VHDL-2008 and VHDL-93.

mod black_box;
mod body;
mod bundles;
mod choices;
mod expr;
mod helpers;
mod process;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};

use askama::Template;
use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{Diagnostic, Diagnostics};
use pyhdl_ir::{
    Block, CodeBody, Design, Direction, Encoding, FunctionId, Item, Local, LocalId, Process, ProcessId,
    ScopeId, SignalId,
};

use crate::bundles::Bundles;
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
use crate::verilog::unsized_signal;
use crate::{EmitOptions, Emitted, EmittedPort, Language};
use body::Body;
use helpers::Helper;

/// Stands for an entity's own name while its text is compared with others'.
const OWN_NAME: &str = "\u{1}";

#[derive(Template)]
#[template(path = "file.vhd", escape = "none")]
struct File<'a> {
    /// What it comes from, where that is to be said.
    source: Option<&'a str>,
    header: Vec<&'a str>,
    library: &'a str,
    use_clauses: Vec<&'a str>,
    /// Authors' texts may print.
    textio: bool,
    /// The package that entities use.
    used: Option<&'a str>,
    package: Option<Package<'a>>,
    entities: Vec<&'a str>,
}

struct Package<'a> {
    name: &'a str,
    declarations: String,
    body: String,
}

#[derive(Template)]
#[template(path = "entity.vhd", escape = "none")]
struct Entity<'a> {
    /// The mark of where the block is.
    place: &'a str,
    name: &'a str,
    /// Where the generics are declared.
    generics: char,
    architecture: &'a str,
    doc: Vec<String>,
    ports: Vec<String>,
    declarations: Vec<String>,
    statements: Vec<String>,
}

/// What the ports' conversions add to an architecture.
#[derive(Default)]
struct Converted {
    declarations: String,
    statements: String,
}

pub(crate) fn emit(
    mut prepared: Prepared,
    arrays: &Arrays,
    bundles: &Bundles,
    language: Language,
    options: &EmitOptions,
) -> Result<Emitted, Diagnostics> {
    let mut design = std::mem::take(&mut prepared.design);
    design.processes.iter_mut().for_each(give_defaults);
    let speculative = choices::make_lazy(&mut design)?;
    let design = &design;
    let enums = Enums::new(design, &crate::enums::used(design), language, Helper::NAMES);
    let bundles = bundles.named(design, language, &enums);
    let plan = Plan::new(design, arrays, language, options, &prepared, &enums, &bundles);
    enums.note(design, &plan.renamed);
    let top = design.top();
    let mut unit_names = Names::new(language);
    for name in Helper::NAMES {
        unit_names.take(name);
    }
    let boxes = black_boxes(design, language, options);
    for there in &boxes {
        unit_names.take(&there.module);
    }
    let top_name = unit_names.take(options.name.as_deref().unwrap_or(&design.scopes[top].block));
    let package_name = unit_names.take(&format!("{top_name}_pkg"));
    let helpers: RefCell<BTreeSet<Helper>> = RefCell::default();
    let mut comments = AuthorComments::new(options.sources, language);
    let mut modules = Modules::default();
    let mut names: Vec<Instance> = vec![Instance::default(); design.scopes.len()];
    let mut problems = Vec::new();
    let mut mapped = Mapped::default();
    let mut ports = Vec::new();
    // Children come after their parents, and have to be analysed before them.
    for id in printed_scopes(&plan).into_iter().rev() {
        let scope = &design.scopes[id];
        let printer = ArchitecturePrinter {
            plan: &plan,
            module: plan.module(id),
            enums: &enums,
            helpers: &helpers,
            speculative: &speculative,
        };
        match printer.print(&names) {
            Ok((module, mut printed)) => {
                printed.text = comments.put(&printed.text);
                let name = (id == top).then_some(top_name.as_str());
                if id == top {
                    ports = emitted_ports(design, &module, &plan.port_names(id), &enums);
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
    let helpers = helpers.into_inner();
    let has_package = !enums.is_empty() || !helpers.is_empty() || !bundles.types().is_empty();
    let modules = modules.finish(language, &mut unit_names);
    let apart = apart(&modules);
    let numbered: HashSet<&str> = apart.iter().map(|apart| apart.other.as_str()).collect();
    for module in modules.iter().filter(|module| !numbered.contains(module.name.as_str())) {
        let wanted = if module.name == top_name { options.name.as_ref() } else { None };
        plan.renamed.note(None, wanted.unwrap_or(&module.block), &module.name);
    }
    mapped.settle(&modules);
    let source = crate::source_name(design, options.sources);
    let others = boxes.iter().filter(|there| !there.library.eq_ignore_ascii_case("work"));
    let libraries: BTreeSet<String> = others.map(|there| format!("library {};", there.library)).collect();
    let source = if language == Language::Vhdl93 { crate::lines::ascii(&source) } else { source };
    let part = |name: &str, with_package: bool, entities: &[&Finished]| -> Result<Part, Diagnostics> {
        let clauses = options.vhdl.use_clauses.lines().chain(libraries.iter().map(String::as_str));
        let file = File {
            source: options.banner.then_some(source.as_str()),
            header: options.header.lines().collect(),
            library: &options.vhdl.library,
            use_clauses: clauses.collect(),
            textio: options.user_code.values().any(|code| matches!(code.vhdl, Some(CodeBody::Text(_)))),
            used: has_package.then_some(package_name.as_str()),
            package: with_package.then(|| Package {
                name: &package_name,
                declarations: package_declarations(design, &enums, &bundles, &helpers),
                body: package_body(&enums, &helpers),
            }),
            entities: entities.iter().map(|entity| entity.text.as_str()).collect(),
        };
        Ok(Part {
            name: format!("{name}.{}", output::ending(language)),
            text: crate::render(&file).map_err(|e| vec![e])?,
            modules: entities.iter().map(|entity| entity.name.clone()).collect(),
        })
    };
    let mut parts = Vec::new();
    if options.split {
        if has_package {
            parts.push(part(&package_name, true, &[])?);
        }
        for entity in &modules {
            parts.push(part(&entity.name, false, &[entity])?);
        }
    } else {
        parts.push(part(&top_name, has_package, &modules.iter().collect::<Vec<_>>())?);
    }
    let Files { files, maps, list } = output::files(parts, mapped, &top_name, language, options);
    Ok(Emitted {
        files,
        list,
        maps,
        top: top_name,
        ports,
        package: has_package.then_some(package_name),
        renamed: plan.renamed.all(),
        apart,
        outside: Vec::new(),
    })
}

fn package_declarations(
    design: &Design,
    enums: &Enums,
    made: &Bundles,
    helpers: &BTreeSet<Helper>,
) -> String {
    let mut out = Lines::at(1);
    let ids = enums.ids();
    if ids.iter().any(|id| design.enums[*id].encoding != Encoding::Binary) {
        out.line("attribute enum_encoding : string;");
    }
    for id in ids {
        let ty = &design.enums[id];
        let name = enums.type_name(id);
        out.line(format!("type {name} is ({});", enums.literals(id).join(", ")));
        if ty.encoding != Encoding::Binary {
            let codes: Vec<String> = (0..ty.literals.len() as u32)
                .map(|i| format!("{:0>width$}", ty.code(i).to_str_radix(2), width = ty.width() as usize))
                .collect();
            out.line(format!("attribute enum_encoding of {name} : type is \"{}\";", codes.join(" ")));
        }
    }
    bundles::declarations(made, enums, &mut out);
    for helper in helpers {
        out.line(format!("{};", helper.head(enums)));
    }
    out.into_text()
}

fn package_body(enums: &Enums, helpers: &BTreeSet<Helper>) -> String {
    let mut out = Lines::at(1);
    for (i, helper) in helpers.iter().enumerate() {
        if i > 0 {
            out.line("");
        }
        out.line(format!("{} is", helper.head(enums)));
        for line in helper.body(enums) {
            out.line(line);
        }
        out.line("end function;");
    }
    out.into_text()
}

fn emitted_ports(design: &Design, module: &Module, names: &[String], enums: &Enums) -> Vec<EmittedPort> {
    module
        .ports
        .iter()
        .zip(names)
        .filter_map(|((signal, direction), name)| {
            let shape = Shape::of_storage(&design.signals[*signal].ty)?;
            let vector = shape.vector(design);
            Some(EmittedPort {
                name: name.clone(),
                python_name: python_name(design, module.scope, *signal),
                signal: *signal,
                direction: *direction,
                width: vector.width,
                signed: vector.signed,
                is_bool: shape == Shape::Bool,
                enumeration: match shape {
                    Shape::Enum(id) => {
                        Some((id, enums.type_name(id).to_owned(), enums.literals(id).to_vec()))
                    }
                    _ => None,
                },
            })
        })
        .collect()
}

/// A type with its bounds.
pub(crate) fn type_name(shape: Shape, enums: &Enums) -> String {
    match shape {
        Shape::Bool => "std_logic".to_owned(),
        Shape::Bits(vector) => {
            let kind = if vector.signed { "signed" } else { "unsigned" };
            format!("{kind}({} downto 0)", vector.width - 1)
        }
        Shape::Enum(id) => enums.type_name(id).to_owned(),
    }
}

/// Prints one entity and its architecture.
pub(crate) struct ArchitecturePrinter<'a> {
    plan: &'a Plan<'a>,
    module: Module,
    enums: &'a Enums,
    helpers: &'a RefCell<BTreeSet<Helper>>,
    /// The functions that run in choices which are not taken.
    speculative: &'a HashSet<FunctionId>,
}

impl<'a> ArchitecturePrinter<'a> {
    fn print(mut self, entities: &[Instance]) -> Result<(Module, Printed), Diagnostics> {
        let design = self.plan.design;
        let scope = &design.scopes[self.module.scope];
        let mut names = std::mem::replace(&mut self.module.names, Names::new(self.plan.language));
        let architecture = names.take(&self.plan.options.vhdl.architecture);
        let memory_types: Vec<String> = self
            .module
            .memories
            .iter()
            .map(|m| match self.bundle_of(*m) {
                Some(bundle) => self.plan.bundles.types()[bundle.ty].0.clone(),
                None => names.take(&format!("{}_t", self.module.memory_names[m])),
            })
            .collect();
        let table_types: Vec<String> = self
            .module
            .tables
            .iter()
            .map(|t| names.take(&format!("{}_t", self.module.table_names[t])))
            .collect();
        let mirror_types: Vec<String> = self
            .module
            .mirrors
            .iter()
            .map(|m| names.take(&format!("{}_t", self.module.memory_names[m])))
            .collect();
        self.module.names = names;
        let mut problems = Vec::new();
        let mut keep = |result: Result<String, Box<Diagnostic>>| match result {
            Ok(text) => text,
            Err(problem) => {
                problems.push(*problem);
                String::new()
            }
        };
        let is_top = self.module.scope == design.top();
        let raw = is_top && self.plan.options.vhdl.std_logic_ports;
        let ports = keep(self.ports(raw).map(|p| p.join("\n")));
        let converted = if raw {
            self.convert_ports()
        } else if self.plan.language == Language::Vhdl93 {
            self.mirror_outputs()
        } else {
            Converted::default()
        };
        let mut declarations =
            vec![self.tables(&table_types), converted.declarations, keep(self.signals(&memory_types))];
        if is_top {
            declarations.push(self.plan.options.vhdl.declarations.clone());
        }
        for function in &self.module.functions {
            if design.functions[*function].returns.is_some() {
                declarations.push(keep(process::function(&self, *function)));
            }
        }
        declarations.push(keep(black_box::components(self.plan, self.module.scope, self.enums)));
        let (mirrors, assigns) = self.mirrors(&mirror_types)?;
        declarations.push(mirrors);
        let mut statements = vec![converted.statements, self.given_bundles(), assigns];
        statements.retain(|s| !s.is_empty());
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
                    if let Some(lines) = process::concurrent(&self, *id) {
                        assigns.push_str(&keep(lines));
                        continue;
                    }
                    keep(process::process(&self, *id))
                }
                Item::Scope(child) => self.instance(*child, &entities[child.index()]),
            };
            flush(&mut assigns, &mut statements);
            statements.push(text);
        }
        flush(&mut assigns, &mut statements);
        if !problems.is_empty() {
            return Err(problems);
        }
        let constants = settle(declarations.iter_mut().chain(&mut statements));
        // Before the signals.
        declarations[2].insert_str(0, &constant_lines(&constants));
        declarations.push(self.attributes());
        declarations.retain(|d| !d.is_empty());
        let skeleton = Entity {
            place: &mark(scope.span),
            name: OWN_NAME,
            generics: PARAMETERS,
            architecture: &architecture,
            doc: doc(scope, "--"),
            ports: ports.lines().map(str::to_owned).collect(),
            declarations,
            statements,
        };
        let text = crate::render(&skeleton).map_err(|e| vec![e])?;
        Ok((self.module, Printed { text, constants }))
    }

    fn process(&self, id: ProcessId) -> &'a Process {
        &self.plan.design.processes[id]
    }

    fn body<'b>(&'b self, locals: &'b IndexVec<LocalId, Local>, block: &Block) -> Body<'b> {
        Body::new(self.plan, &self.module, self.enums, locals, block, self.helpers)
    }

    fn shape(&self, signal: SignalId) -> Result<Shape, Box<Diagnostic>> {
        let signal = &self.plan.design.signals[signal];
        Shape::of_storage(&signal.ty).ok_or_else(|| unsized_signal(&signal.name, signal.span))
    }

    /// A constant for storage.
    fn constant_of(&self, value: &BigInt, shape: Shape) -> String {
        match shape {
            Shape::Enum(id) => {
                let literal = u32::try_from(value.clone()).unwrap_or(0);
                self.enums.literal(id, literal).to_owned()
            }
            Shape::Bool => if *value == BigInt::ZERO { "'0'" } else { "'1'" }.to_owned(),
            Shape::Bits(_) if *value == BigInt::ZERO => "(others => '0')".to_owned(),
            Shape::Bits(vector) => expr::constant(&vector.wrap(value), vector).text,
        }
    }

    /// The port declarations, aligned, without separators.
    fn ports(&self, raw: bool) -> Result<Vec<String>, Box<Diagnostic>> {
        let mut rows = Vec::new();
        for row in &self.module.rows {
            let (signal, direction) = match *row {
                Row::Port(index) => &self.module.ports[index],
                Row::Bundle(index) => {
                    let bundle = &self.module.bundles[index];
                    rows.push((bundle.name.clone(), self.bundle_port(bundle)));
                    continue;
                }
            };
            let shape = self.shape(*signal)?;
            let mut ty = match shape {
                Shape::Bits(vector) if raw && *direction != Direction::InOut => {
                    let word = match direction {
                        Direction::In => "in ",
                        _ => "out",
                    };
                    let ty = format!("{word} std_logic_vector({} downto 0)", vector.width - 1);
                    rows.push((self.module.signal_names[signal].clone(), ty));
                    continue;
                }
                _ => type_name(shape, self.enums),
            };
            let word = match direction {
                Direction::In => "in ",
                Direction::InOut => "inout",
                Direction::Out => {
                    ty.push_str(&self.initially(*signal, shape));
                    "out"
                }
            };
            rows.push((self.module.signal_names[signal].clone(), format!("{word} {ty}")));
        }
        let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let places = self.module.port_places(self.plan);
        let rows = rows.into_iter().zip(places);
        Ok(rows.map(|((name, rest), place)| format!("{place}{name:<width$} : {rest}")).collect())
    }

    /// Gives each vector port, which is a `std_logic_vector` outside, a signal inside that is a number.
    fn convert_ports(&mut self) -> Converted {
        let mut declarations = Lines::at(1);
        let mut statements = Lines::at(1);
        for (signal, direction) in self.module.single_ports() {
            let Ok(shape @ Shape::Bits(vector)) = self.shape(signal) else { continue };
            if direction == Direction::InOut {
                continue;
            }
            let port = self.module.signal_names[&signal].clone();
            let number = self.module.names.take(&format!("{port}_num"));
            let initial = self.initially(signal, shape);
            declarations.line(format!("signal {number} : {}{initial};", type_name(shape, self.enums)));
            statements.line(match direction {
                Direction::In => {
                    format!("{number} <= {}({port});", if vector.signed { "signed" } else { "unsigned" })
                }
                _ => format!("{port} <= std_logic_vector({number});"),
            });
            self.module.signal_names.insert(signal, number);
        }
        Converted { declarations: declarations.into_text(), statements: statements.into_text() }
    }

    /// Gives each output that something inside reads a signal inside: VHDL-93 reads no outputs.
    fn mirror_outputs(&mut self) -> Converted {
        let read = self.plan.reads_inside(self.module.scope);
        let mut declarations = Lines::at(1);
        let mut statements = Lines::at(1);
        for (signal, direction) in self.module.single_ports() {
            let Ok(shape) = self.shape(signal) else { continue };
            if direction != Direction::Out || !read.contains(&signal) {
                continue;
            }
            let port = self.module.signal_names[&signal].clone();
            let inside = self.module.names.take(&format!("{port}_inside"));
            let initial = self.initially(signal, shape);
            declarations.line(format!("signal {inside} : {}{initial};", type_name(shape, self.enums)));
            statements.line(format!("{port} <= {inside};"));
            self.module.signal_names.insert(signal, inside);
        }
        Converted { declarations: declarations.into_text(), statements: statements.into_text() }
    }

    /// Where signals, processes and instances come from, as attributes.
    fn attributes(&self) -> String {
        if !self.plan.options.src {
            return String::new();
        }
        let design = self.plan.design;
        let mut out = Lines::at(1);
        let name = self.module.names.clone().take("src");
        out.line(format!("attribute {name} : string;"));
        let mut tell = |of: &str, class: &str, span| {
            if let Some(place) = self.plan.src(span) {
                out.line(format!("attribute {name} of {of} : {class} is \"{place}\";"));
            }
        };
        for signal in &self.module.signals {
            let class = if self.is_constant(*signal) { "constant" } else { "signal" };
            tell(&self.module.signal_names[signal], class, design.signals[*signal].span);
        }
        for memory in &self.module.memories {
            tell(&self.module.memory_names[memory], "signal", design.memories[*memory].span);
        }
        for item in &design.scopes[self.module.scope].items {
            match item {
                Item::Process(id) if self.plan.code(*id).is_some() => {}
                Item::Process(id) => {
                    if let Some(label) = self.module.process_names.get(id) {
                        tell(label, "label", design.processes[*id].span);
                    }
                }
                Item::Scope(id) => {
                    if let Some(label) = self.module.instance_names.get(id) {
                        let scope = &design.scopes[*id];
                        tell(label, "label", scope.instance.unwrap_or(scope.span));
                    }
                }
            }
        }
        out.into_text()
    }

    /// Whether a signal is declared as a constant: an author's `Constant`, which nothing drives.
    pub(super) fn is_constant(&self, signal: SignalId) -> bool {
        let declared = &self.plan.design.signals[signal];
        declared.constant
            && declared.home == self.module.scope
            && self.module.driver(signal) == Driver::Outside
            && !self.module.ports.iter().any(|(port, _)| *port == signal)
    }

    /// ` := value`, where a signal is declared with one.
    fn initially(&self, signal: SignalId, shape: Shape) -> String {
        if !self.plan.shows_initial(self.module.driver(signal)) {
            return String::new();
        }
        if self.plan.design.signals[signal].floating {
            return format!(" := {}", expr::high_impedance(shape));
        }
        format!(" := {}", self.constant_of(self.plan.initial(signal), shape))
    }

    fn tables(&self, types: &[String]) -> String {
        let design = self.plan.design;
        let mut out = Lines::at(1);
        for (table, type_name_) in self.module.tables.iter().zip(types) {
            let name = &self.module.table_names[table];
            let entries = &design.tables[*table].entries;
            let vector = table_vector(entries);
            let ty = type_name(Shape::Bits(vector), self.enums);
            out.line(format!("type {type_name_} is array (0 to {}) of {ty};", entries.len() - 1));
            out.open(format!("constant {name} : {type_name_} := ("));
            for (i, entry) in entries.iter().enumerate() {
                let comma = if i + 1 < entries.len() { "," } else { "" };
                out.line(format!("{i} => {}{comma}", expr::constant(&vector.wrap(entry), vector).text));
            }
            out.close(");");
        }
        out.into_text()
    }

    fn signals(&self, memory_types: &[String]) -> Result<String, Box<Diagnostic>> {
        let design = self.plan.design;
        let mut out = Lines::at(1);
        for signal in &self.module.signals {
            let shape = self.shape(*signal)?;
            let name = &self.module.signal_names[signal];
            let initial = self.initially(*signal, shape);
            out.place(Some(self.module.declared_at(self.plan, *signal)));
            let class = if self.is_constant(*signal) { "constant" } else { "signal" };
            out.line(format!("{class} {name} : {}{initial};", type_name(shape, self.enums)));
        }
        self.inner_bundles(&mut out);
        for (memory, memory_type) in self.module.memories.iter().zip(memory_types) {
            let elements = &design.memories[*memory].elements;
            let shape = self.shape(elements[0])?;
            let name = &self.module.memory_names[memory];
            out.place(Some(design.memories[*memory].span));
            if self.bundle_of(*memory).is_none() {
                out.line(format!(
                    "type {memory_type} is array (0 to {}) of {};",
                    elements.len() - 1,
                    type_name(shape, self.enums)
                ));
            }
            let values: Vec<&BigInt> = elements.iter().map(|e| self.plan.initial(*e)).collect();
            let contents = if values.iter().all(|v| *v == values[0]) {
                format!("(others => {})", self.constant_of(values[0], shape))
            } else {
                let values: Vec<String> = values
                    .iter()
                    .enumerate()
                    .map(|(i, v)| format!("{i} => {}", self.constant_of(v, shape)))
                    .collect();
                format!("({})", values.join(", "))
            };
            let driven = elements.iter().any(|e| self.module.driver(*e) != Driver::Outside);
            let contents =
                if self.plan.fills(driven, &values) { format!(" := {contents}") } else { String::new() };
            out.line(format!("signal {name} : {memory_type}{contents};"));
        }
        Ok(out.into_text())
    }

    /// The arrays that authors' texts want instead of separate signals, and the assignments that fill them.
    fn mirrors(&self, types: &[String]) -> Result<(String, String), Diagnostics> {
        let mut declarations = Lines::at(1);
        let mut assigns = Lines::at(1);
        for (memory, memory_type) in self.module.mirrors.iter().zip(types) {
            let elements = &self.plan.design.memories[*memory].elements;
            let ty = type_name(self.shape(elements[0]).map_err(|e| vec![*e])?, self.enums);
            let name = &self.module.memory_names[memory];
            declarations.line(format!("type {memory_type} is array (0 to {}) of {ty};", elements.len() - 1));
            declarations.line(format!("signal {name} : {memory_type};"));
            for (i, element) in elements.iter().enumerate() {
                assigns.line(format!("{name}({i}) <= {};", self.visible(*element)));
            }
        }
        Ok((declarations.into_text(), assigns.into_text()))
    }

    fn instance(&self, child: ScopeId, entity: &Instance) -> String {
        let scope = &self.plan.design.scopes[child];
        let mut out = Lines::at(1).from(scope.instance.unwrap_or(scope.span));
        let (entity, name) = match self.plan.external(child) {
            Some(External::Named(name)) => (format!("{}(MyHDL)", scope.block), name),
            Some(External::BlackBox(there)) => {
                black_box::instance(
                    there,
                    self.plan,
                    &self.module,
                    &self.module.instance_names[&child],
                    &mut out,
                );
                return out.into_text();
            }
            None => (entity.named(), self.module.instance_names[&child].as_str()),
        };
        if scope.ports.is_empty() {
            out.line(format!("{name} : entity work.{entity};"));
            return out.into_text();
        }
        out.open(format!("{name} : entity work.{entity}"));
        out.open("port map (");
        let mut connections = Vec::with_capacity(scope.ports.len());
        let (rows, inner) = self.plan.rows(child);
        for (row, inner) in rows.iter().zip(inner) {
            match *row {
                Row::Port(index) => {
                    let outer = &self.module.signal_names[&scope.ports[index].signal];
                    connections.push((inner, outer.clone()));
                }
                Row::Bundle(index) => {
                    let bundle = &self.plan.bundles.at_ports(child)[index].0;
                    connections.extend(self.bundle_connections(bundle, &inner));
                }
            }
        }
        let width = connections.iter().map(|(inner, _)| inner.len()).max().unwrap_or(0);
        for (i, (inner, outer)) in connections.iter().enumerate() {
            let comma = if i + 1 < connections.len() { "," } else { "" };
            out.line(format!("{inner:<width$} => {outer}{comma}"));
        }
        out.close(");");
        out.into_text()
    }
}

/// Ends a run of concurrent assignments.
fn flush(assigns: &mut String, statements: &mut Vec<String>) {
    if !assigns.is_empty() {
        statements.push(std::mem::take(assigns));
    }
}
