//! Ports that stand together: the members of an object as a structure, the elements of a list as an array. Members of
//! one bundle have one direction; what starts a process by its edges stays a port of its own.

use std::collections::{HashMap, HashSet};

use pyhdl_ir::{Design, Direction, Group, GroupKind, Item, ScopeId, SignalId};

use crate::enums::Enums;
use crate::naming::Names;
use crate::storage::waited_for;
use crate::user_code::external;
use crate::vector::Shape;
use crate::{EmitOptions, Interfaces, Language};

/// A structure or an array that modules agree on.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Form {
    /// The fields in order.
    Record(Vec<(String, Shape)>),
    /// The number of elements in each dimension, and what an element is.
    Array(Vec<u32>, Shape),
}

/// The signals of one port, or of one declaration.
#[derive(Clone, Debug)]
pub(crate) struct Bundle {
    /// As it would like to be called.
    pub name: String,
    /// What its object or list is called in the scope.
    pub group: String,
    /// Its place among the types.
    pub ty: usize,
    /// In the order of the fields or elements.
    pub members: Vec<SignalId>,
    /// Whether its object has members of the other direction in another bundle.
    one_of_two: bool,
}

#[derive(Clone, Default)]
pub(crate) struct Bundles {
    /// Types with the names that they would like to have, in the order in which scopes have them.
    types: Vec<(String, Form)>,
    /// What scopes have at their boundaries.
    at_ports: HashMap<ScopeId, Vec<(Bundle, Direction)>>,
    /// What scopes have inside.
    inside: HashMap<ScopeId, Vec<Bundle>>,
}

impl Bundles {
    /// The bundles of a design, where they are wanted.
    pub fn of(design: &Design, language: Language, options: &EmitOptions) -> Bundles {
        let mut made = Bundles::default();
        let interfaces = options.interfaces;
        if interfaces == Interfaces::Apart {
            return made;
        }
        let code = &options.user_code;
        let has_own_ports = |id| external(design, code, language, id).is_some();
        let mut makes = Maker { design, language, alone: waited_for(design), known: HashMap::new() };
        for (id, scope) in design.scopes.iter_enumerated() {
            let is_module = match id == design.top() {
                true => interfaces == Interfaces::Everywhere,
                false => !options.flat && !has_own_ports(id),
            };
            if scope.ports.is_empty() || !is_module {
                continue;
            }
            let bundles = makes.ports(id, &mut made.types);
            if !bundles.is_empty() {
                made.at_ports.insert(id, bundles);
            }
        }
        if language != Language::Verilog && !options.flat {
            for id in design.scopes.indices() {
                let bundles = makes.inside(id, &made);
                if !bundles.is_empty() {
                    made.inside.insert(id, bundles);
                }
            }
        }
        made
    }

    /// The same with names for the types that nothing else has.
    pub fn named(&self, design: &Design, language: Language, enums: &Enums) -> Bundles {
        let mut names = Names::new(language);
        let blocks = design.scopes.iter().map(|scope| scope.block.clone());
        for name in enums.all_names().into_iter().chain(blocks).filter(|_| !self.types.is_empty()) {
            if !names.is_taken(&name) {
                names.take(&name);
            }
        }
        let types = self.types.iter().map(|(name, form)| (names.take(name), form.clone())).collect();
        Bundles { types, ..self.clone() }
    }

    /// The types with their names.
    pub fn types(&self) -> &[(String, Form)] {
        &self.types
    }

    pub fn at_ports(&self, scope: ScopeId) -> &[(Bundle, Direction)] {
        self.at_ports.get(&scope).map_or(&[], Vec::as_slice)
    }

    pub fn inside(&self, scope: ScopeId) -> &[Bundle] {
        self.inside.get(&scope).map_or(&[], Vec::as_slice)
    }
}

impl Form {
    /// How a member is named behind the name of its bundle.
    pub fn access(&self, position: usize) -> String {
        match self {
            Form::Record(fields) => format!(".{}", fields[position].0),
            Form::Array(dimensions, _) => format!("({})", indices(dimensions, position).join(", ")),
        }
    }
}

/// The indices of the element at a position, where the last one counts fastest.
fn indices(dimensions: &[u32], mut position: usize) -> Vec<String> {
    let mut found = Vec::with_capacity(dimensions.len());
    for length in dimensions.iter().rev() {
        found.push((position % *length as usize).to_string());
        position /= *length as usize;
    }
    found.reverse();
    found
}

struct Maker<'a> {
    design: &'a Design,
    language: Language,
    /// Signals that stay by themselves.
    alone: HashSet<SignalId>,
    /// Types by their class, if they have one, and their form.
    known: HashMap<(Option<String>, Form), usize>,
}

impl Maker<'_> {
    /// The bundles at a scope's boundary, in the order of its objects and lists.
    fn ports(&mut self, id: ScopeId, types: &mut Vec<(String, Form)>) -> Vec<(Bundle, Direction)> {
        let scope = &self.design.scopes[id];
        let ports: HashMap<SignalId, (&str, Direction)> =
            scope.ports.iter().map(|p| (p.signal, (p.name.as_str(), p.direction))).collect();
        let mut taken: HashSet<SignalId> = HashSet::new();
        let mut found = Vec::new();
        for group in &scope.groups {
            // Members whose port is named after another object stay with that.
            let member = |(name, signal): &(String, SignalId)| {
                let (port, direction) = *ports.get(signal)?;
                let own = port.strip_prefix(group.name.as_str())?.strip_prefix('_')? == name.as_str();
                let alone = self.alone.contains(signal) || taken.contains(signal);
                let shape = Shape::of_storage(&self.design.signals[*signal].ty)?;
                (own && !alone).then(|| (name.clone(), *signal, shape, direction))
            };
            let members: Vec<(String, SignalId, Shape, Direction)> =
                group.members.iter().filter_map(member).collect();
            let part = |wanted: Direction| -> Vec<(String, SignalId, Shape)> {
                let of = members.iter().filter(|(.., direction)| *direction == wanted);
                of.map(|(name, signal, shape, _)| (name.clone(), *signal, *shape)).collect()
            };
            let parts: Vec<_> = [Direction::In, Direction::Out]
                .into_iter()
                .map(|direction| (part(direction), direction))
                .filter(|(part, _)| part.len() > 1)
                .collect();
            let several = parts.len() > 1;
            for (part, direction) in parts {
                let whole = part.len() == group.members.len();
                let word = if direction == Direction::In { "in" } else { "out" };
                let Some(ty) = self.type_of(group, &part, whole, types) else { continue };
                let name = if several { format!("{}_{word}", group.name) } else { group.name.clone() };
                let members: Vec<SignalId> = part.into_iter().map(|(_, signal, _)| signal).collect();
                taken.extend(&members);
                let group = group.name.clone();
                found.push((Bundle { name, group, ty, members, one_of_two: several }, direction));
            }
        }
        found
    }

    /// The type of some members of a group; `None` where they stay apart.
    fn type_of(
        &mut self,
        group: &Group,
        part: &[(String, SignalId, Shape)],
        whole: bool,
        types: &mut Vec<(String, Form)>,
    ) -> Option<usize> {
        let (class, form, wanted) = match &group.kind {
            GroupKind::Object { .. } if self.language == Language::Verilog => return None,
            GroupKind::Object { class } => {
                let mut names = Names::new(self.language);
                let fields: Vec<(String, Shape)> =
                    part.iter().map(|(name, _, shape)| (names.take(name), *shape)).collect();
                let class_name = snake_case(class);
                // The part with the first member has the name of the class, the other one goes back.
                let back = if part[0].0 == group.members[0].0 { "" } else { "_back" };
                let wanted = format!("{class_name}{back}_t");
                (Some(class.clone()), Form::Record(fields), wanted)
            }
            GroupKind::List { dimensions } => {
                let shape = part[0].2;
                // Vectors do not become enumerations by themselves.
                let apart = self.language.is_verilog() && matches!(shape, Shape::Enum(_));
                if !whole || apart || part.iter().any(|(.., other)| *other != shape) {
                    return None;
                }
                let lengths: Vec<String> = dimensions.iter().map(u32::to_string).collect();
                let wanted = format!("array_{}_of_{}", lengths.join("_"), self.word(shape));
                (None, Form::Array(dimensions.clone(), shape), wanted)
            }
        };
        let key = (class, form);
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        types.push((wanted, key.1.clone()));
        self.known.insert(key, types.len() - 1);
        Some(types.len() - 1)
    }

    fn word(&self, shape: Shape) -> String {
        match shape {
            Shape::Bool => "std_logic".to_owned(),
            Shape::Bits(vector) if vector.signed => format!("signed_{}", vector.width),
            Shape::Bits(vector) => format!("unsigned_{}", vector.width),
            Shape::Enum(id) => self.design.enums[id].name.clone(),
        }
    }

    /// What a scope declares as bundles: signals of its own that come as one from an instance, or go as one to it.
    fn inside(&self, id: ScopeId, made: &Bundles) -> Vec<Bundle> {
        let design = self.design;
        let scope = &design.scopes[id];
        let mut taken: HashSet<SignalId> = scope.ports.iter().map(|p| p.signal).collect();
        let mut of_group: HashMap<SignalId, &Group> = HashMap::new();
        for group in &scope.groups {
            for (_, signal) in &group.members {
                of_group.entry(*signal).or_insert(group);
            }
        }
        let mut found = Vec::new();
        for item in &scope.items {
            let Item::Scope(child) = item else { continue };
            for (bundle, direction) in made.at_ports(*child) {
                let declared = self.language.is_vhdl()
                    || (*direction == Direction::Out && matches!(made.types[bundle.ty].1, Form::Record(_)));
                let own = |signal: &SignalId| {
                    let declared = &design.signals[*signal];
                    declared.home == id && !declared.constant && !taken.contains(signal)
                };
                let group = of_group.get(&bundle.members[0]);
                if let (true, Some(group)) = (declared && bundle.members.iter().all(own), group) {
                    taken.extend(&bundle.members);
                    let word = if *direction == Direction::Out { "from" } else { "to" };
                    let name = match bundle.one_of_two {
                        true => format!("{}_{word}_{}", group.name, design.scopes[*child].name),
                        false => group.name.clone(),
                    };
                    let group = group.name.clone();
                    found.push(Bundle {
                        name,
                        group,
                        ty: bundle.ty,
                        members: bundle.members.clone(),
                        one_of_two: false,
                    });
                }
            }
        }
        found
    }
}

/// `AxiLite` as `axi_lite`.
fn snake_case(class: &str) -> String {
    let mut out = String::new();
    let mut lower = false;
    for c in class.chars() {
        if c.is_uppercase() && lower {
            out.push('_');
        }
        lower = c.is_lowercase() || c.is_ascii_digit();
        out.extend(c.to_lowercase());
    }
    out
}
