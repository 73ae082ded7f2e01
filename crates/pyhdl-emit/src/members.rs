//! What a module declares for its ports, each by itself or in a bundle, and what the members of bundles are inside.

use std::collections::{HashMap, HashSet};

use pyhdl_diag::Span;
use pyhdl_ir::{
    BinaryOp, Block, Design, Direction, ExprKind, Item, ProcessKind, ScopeId, SignalId, for_each_node,
    for_each_stmt,
};

use crate::Language;
use crate::bundles::{Bundle, Form};
use crate::marks::mark;
use crate::plan::{Module, Plan, needed};
use crate::vector::Shape;

/// How a module declares a port.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Row {
    /// By its place among the scope's ports.
    Port(usize),
    /// By the bundle's place.
    Bundle(usize),
}

/// A bundle as a module has it.
#[derive(Clone, Debug)]
pub(crate) struct Bundled {
    pub name: String,
    /// What its object or list is called in Python.
    pub group: String,
    /// Its place among the types of bundles.
    pub ty: usize,
    pub members: Vec<SignalId>,
    /// At a port; `None` for one inside.
    pub direction: Option<Direction>,
    pub members_are: Members,
}

/// What the members of a bundle are inside of the module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Members {
    /// Parts of the bundle, by its name and theirs.
    Parts,
    /// Signals of their own that the bundle is assigned to.
    Taken,
    /// Signals of their own that are assigned to the bundle.
    Given,
}

impl Plan<'_> {
    /// How a module's ports are declared, in order, and under which names.
    pub fn rows(&self, scope: ScopeId) -> (Vec<Row>, Vec<String>) {
        let mut names = self.region_of(scope);
        let ports = &self.design.scopes[scope].ports;
        let bundles = self.bundles.at_ports(scope);
        let mut of: HashMap<SignalId, usize> = HashMap::new();
        for (index, (bundle, _)) in bundles.iter().enumerate() {
            of.extend(bundle.members.iter().map(|member| (*member, index)));
        }
        let mut declared = HashSet::new();
        let mut rows = Vec::new();
        for (index, port) in ports.iter().enumerate() {
            match of.get(&port.signal) {
                Some(bundle) if declared.insert(bundle) => rows.push(Row::Bundle(*bundle)),
                Some(_) => {}
                None => rows.push(Row::Port(index)),
            }
        }
        let wanted = |row: &Row| match *row {
            Row::Port(index) => ports[index].name.as_str(),
            Row::Bundle(index) => bundles[index].0.name.as_str(),
        };
        let taken = rows.iter().map(|row| names.take(wanted(row))).collect();
        (rows, taken)
    }

    /// The names of a module's ports in order, seen from outside.
    pub fn port_names(&self, scope: ScopeId) -> Vec<String> {
        let (rows, names) = self.rows(scope);
        let mut of: HashMap<SignalId, String> = HashMap::new();
        let ports = &self.design.scopes[scope].ports;
        for (row, name) in rows.into_iter().zip(names) {
            match row {
                Row::Port(index) => {
                    of.insert(ports[index].signal, name);
                }
                Row::Bundle(index) => {
                    let bundle = &self.bundles.at_ports(scope)[index].0;
                    let form = &self.bundles.types()[bundle.ty].1;
                    let part = |(position, member): (usize, &SignalId)| {
                        (*member, format!("{name}{}", form.access(position)))
                    };
                    of.extend(bundle.members.iter().enumerate().map(part));
                }
            }
        }
        ports.iter().map(|p| of.get(&p.signal).cloned().unwrap_or_default()).collect()
    }

    /// Names what a module has for its ports: how they are declared, and the bundles, also those inside. `take` makes a
    /// name. Members that are signals of their own get none yet.
    pub fn name_ports(
        &self,
        scope: ScopeId,
        mut take: impl FnMut(&str) -> String,
        signal_names: &mut HashMap<SignalId, String>,
    ) -> (Vec<Row>, Vec<Bundled>) {
        let (rows, _) = self.rows(scope);
        let mut bundles: Vec<Bundled> = self
            .bundles
            .at_ports(scope)
            .iter()
            .map(|(bundle, direction)| Bundled {
                name: String::new(),
                group: bundle.group.clone(),
                ty: bundle.ty,
                members: bundle.members.clone(),
                direction: Some(*direction),
                members_are: self.members_at(scope, bundle, *direction),
            })
            .collect();
        for row in &rows {
            match *row {
                Row::Port(index) => {
                    let port = &self.design.scopes[scope].ports[index];
                    signal_names.insert(port.signal, take(&port.name));
                }
                Row::Bundle(index) => {
                    bundles[index].name = take(&self.bundles.at_ports(scope)[index].0.name);
                    self.name_parts(&bundles[index], signal_names);
                }
            }
        }
        for bundle in self.bundles.inside(scope) {
            let bundle = Bundled {
                name: take(&bundle.name),
                group: bundle.group.clone(),
                ty: bundle.ty,
                members: bundle.members.clone(),
                direction: None,
                members_are: Members::Parts,
            };
            self.name_parts(&bundle, signal_names);
            bundles.push(bundle);
        }
        (rows, bundles)
    }

    /// What the members of a bundle at a scope's ports are inside.
    fn members_at(&self, scope: ScopeId, bundle: &Bundle, direction: Direction) -> Members {
        let record = matches!(self.bundles.types()[bundle.ty].1, Form::Record(_));
        match (self.language, direction) {
            (Language::Vhdl, _) | (Language::Vhdl93, Direction::In) => Members::Parts,
            (Language::Vhdl93, _) => {
                // Outputs cannot be read.
                let read = self.reads_inside(scope);
                if bundle.members.iter().any(|m| read.contains(m)) { Members::Given } else { Members::Parts }
            }
            (_, Direction::In) => {
                if record {
                    Members::Parts
                } else {
                    Members::Taken
                }
            }
            // Parts of one variable with several drivers are too much for many tools.
            _ if self.comes_whole(scope, bundle) => {
                if record {
                    Members::Parts
                } else {
                    Members::Taken
                }
            }
            _ => Members::Given,
        }
    }

    /// Whether an instance in the scope drives all of a bundle.
    fn comes_whole(&self, scope: ScopeId, bundle: &Bundle) -> bool {
        self.design.scopes[scope].items.iter().any(|item| match item {
            Item::Scope(child) => self.bundles.at_ports(*child).iter().any(|(inner, direction)| {
                *direction == Direction::Out && inner.ty == bundle.ty && inner.members == bundle.members
            }),
            Item::Process(_) => false,
        })
    }

    /// What processes of a scope read, and what instances read that do not take it as part of one of the bundles.
    pub fn reads_one_by_one(&self, scope: ScopeId, bundles: &[Bundled]) -> HashSet<SignalId> {
        let design = self.design;
        let mut read = HashSet::new();
        for item in &design.scopes[scope].items {
            match item {
                // An author's text may name anything.
                Item::Process(id) if self.code(*id).is_some() => {
                    read.extend(bundles.iter().flat_map(|b| b.members.iter().copied()));
                }
                Item::Process(id) => {
                    let process = &design.processes[*id];
                    read.extend(design.reads(process));
                    if let ProcessKind::Combinational { sensitivity }
                    | ProcessKind::Continuous { sensitivity } = &process.kind
                    {
                        read.extend(needed(design, process, sensitivity));
                    }
                }
                Item::Scope(child) => {
                    let whole = |inner: &&(Bundle, Direction)| {
                        bundles.iter().any(|b| b.ty == inner.0.ty && b.members == inner.0.members)
                    };
                    let as_one: HashSet<SignalId> = self
                        .bundles
                        .at_ports(*child)
                        .iter()
                        .filter(whole)
                        .flat_map(|(inner, _)| inner.members.iter().copied())
                        .collect();
                    let ports = design.scopes[*child].ports.iter();
                    let inputs = ports.filter(|p| p.direction != Direction::Out).map(|p| p.signal);
                    read.extend(inputs.filter(|signal| !as_one.contains(signal)));
                }
            }
        }
        read
    }

    /// What processes and instances of a scope read.
    pub fn reads_inside(&self, scope: ScopeId) -> HashSet<SignalId> {
        let design = self.design;
        let mut read = HashSet::new();
        for item in &design.scopes[scope].items {
            match item {
                Item::Process(id) => read.extend(design.uses(&design.processes[*id]).reads),
                Item::Scope(child) => {
                    let ports = design.scopes[*child].ports.iter();
                    read.extend(ports.filter(|p| p.direction != Direction::Out).map(|p| p.signal));
                }
            }
        }
        read
    }

    /// Whether a part of a structure is read as a signal of its own: Icarus Verilog 11 takes signed members for
    /// unsigned, and chooses no bits of members as it runs.
    fn is_taken_out(&self, form: &Form, position: usize, member: SignalId) -> bool {
        match form {
            Form::Record(fields) if self.language.is_verilog() => {
                let signed = matches!(fields[position].1, Shape::Bits(vector) if vector.signed);
                signed || self.chosen_from.contains(&member)
            }
            _ => false,
        }
    }

    /// Names the members that are parts of a bundle.
    fn name_parts(&self, bundle: &Bundled, signal_names: &mut HashMap<SignalId, String>) {
        if bundle.members_are == Members::Parts {
            let form = &self.bundles.types()[bundle.ty].1;
            for (position, member) in bundle.members.iter().enumerate() {
                if !self.is_taken_out(form, position, *member) {
                    signal_names.insert(*member, format!("{}{}", bundle.name, form.access(position)));
                }
            }
        }
    }
}

impl Module {
    /// The marks of the declarations of the ports.
    pub fn port_places(&self, plan: &Plan) -> Vec<String> {
        let scope = &plan.design.scopes[self.scope];
        let of_ports: HashMap<SignalId, Option<Span>> =
            scope.ports.iter().map(|p| (p.signal, p.span)).collect();
        let place = |row: &Row| {
            let signal = match *row {
                Row::Port(index) => self.ports[index].0,
                Row::Bundle(index) => self.bundles[index].members[0],
            };
            of_ports.get(&signal).copied().flatten().unwrap_or(scope.span)
        };
        self.rows.iter().map(|row| mark(place(row))).collect()
    }

    /// Where a signal that the module declares comes from: one that is in a port comes from the block.
    pub fn declared_at(&self, plan: &Plan, signal: SignalId) -> Span {
        let declared = &plan.design.signals[signal];
        if declared.home == self.scope { declared.span } else { plan.design.scopes[self.scope].span }
    }

    /// The ports that are no part of a bundle.
    pub fn single_ports(&self) -> Vec<(SignalId, Direction)> {
        let single = |row: &Row| match *row {
            Row::Port(index) => Some(self.ports[index]),
            Row::Bundle(_) => None,
        };
        self.rows.iter().filter_map(single).collect()
    }

    /// What a bundle of an instance is connected to, where the module has it as one.
    pub fn whole(&self, bundle: &Bundle) -> Option<&Bundled> {
        let same = |b: &&Bundled| b.ty == bundle.ty && b.members == bundle.members;
        self.bundles.iter().find(same).filter(|b| b.members_are != Members::Given)
    }
}

/// The signals of which expressions read bits whose position is only known as they run.
pub(crate) fn chosen_from(design: &Design) -> HashSet<SignalId> {
    let mut found = HashSet::new();
    let mut look = |body: &Block| {
        for_each_stmt(body, &mut |stmt| {
            stmt.kind.for_each_expr(&mut |e| {
                for_each_node(e, &mut |node| {
                    let (value, position) = match &node.kind {
                        ExprKind::Bit { value, index } => (value, index),
                        ExprKind::Slice { value, low, .. } => (value, low),
                        ExprKind::Binary(BinaryOp::ShiftRight, value, by) => (value, by),
                        _ => return,
                    };
                    if let (ExprKind::Signal(signal), false) =
                        (&value.kind, matches!(position.kind, ExprKind::Const(_)))
                    {
                        found.insert(*signal);
                    }
                });
            });
        });
    };
    design.processes.iter().for_each(|p| look(&p.body));
    design.functions.iter().for_each(|f| look(&f.body));
    found
}
