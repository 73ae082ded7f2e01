//! What enumeration types and their literals are called where several modules see them: in VHDL's package, at the
//! top of a SystemVerilog file.

use std::collections::{BTreeSet, HashMap, HashSet};

use pyhdl_ir::{Design, EnumId, StorageType};

use crate::Language;
use crate::keywords::is_keyword;
use crate::naming::{Names, Renames};

/// The names of enumeration types and their literals.
#[derive(Clone, Default)]
pub(crate) struct Enums {
    types: HashMap<EnumId, String>,
    literals: HashMap<EnumId, Vec<String>>,
    written: HashMap<EnumId, Vec<String>>,
    /// What else has a name beside them.
    helpers: Vec<String>,
    /// The package that they are in, for languages in which that stands before their names.
    package: Option<String>,
}

impl Enums {
    /// Names for the enumerations of `used`; `helpers` are the functions beside them.
    pub fn new(design: &Design, used: &BTreeSet<EnumId>, language: Language, helpers: &[&str]) -> Enums {
        let mut names = Names::new(language);
        let taken = names_in(design, &names);
        let mut enums =
            Enums { helpers: helpers.iter().map(|name| (*name).to_owned()).collect(), ..Enums::default() };
        for name in helpers {
            names.take(name);
        }
        for id in used {
            enums.types.insert(*id, names.take(&design.enums[*id].name));
        }
        for id in used {
            let ty = &design.enums[*id];
            let literals = ty
                .literals
                .iter()
                .map(|literal| {
                    // A literal that something else is called, or that the language knows, gets its type's name in front.
                    let clash = taken.contains(&names.key(literal))
                        || is_keyword(literal, language)
                        || names.is_taken(literal);
                    if clash { names.take(&format!("{}_{literal}", ty.name)) } else { names.take(literal) }
                })
                .collect();
            enums.literals.insert(*id, literals);
            enums.written.insert(*id, ty.literals.clone());
        }
        enums
    }

    /// The same in a package whose name stands before theirs.
    pub fn within(mut self, package: &str) -> Enums {
        self.package = Some(package.to_owned());
        self
    }

    pub fn package(&self) -> Option<&str> {
        self.package.as_deref()
    }

    /// A name as modules see it.
    pub fn seen(&self, name: &str) -> String {
        match &self.package {
            Some(package) => format!("{package}::{name}"),
            None => name.to_owned(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// The enumerations, in their order.
    pub fn ids(&self) -> Vec<EnumId> {
        let mut ids: Vec<EnumId> = self.types.keys().copied().collect();
        ids.sort();
        ids
    }

    pub fn contains(&self, id: EnumId) -> bool {
        self.types.contains_key(&id)
    }

    /// Notes which names are not those of the author.
    pub fn note(&self, design: &Design, renamed: &Renames) {
        for (id, name) in &self.types {
            renamed.note(None, &design.enums[*id].name, name);
        }
        for (id, literals) in &self.literals {
            for (written, literal) in self.written[id].iter().zip(literals) {
                renamed.note(None, written, literal);
            }
        }
    }

    pub fn type_name(&self, id: EnumId) -> &str {
        self.types.get(&id).map_or("", String::as_str)
    }

    pub fn literal(&self, id: EnumId, literal: u32) -> &str {
        self.literals(id).get(literal as usize).map_or("", String::as_str)
    }

    pub fn literals(&self, id: EnumId) -> &[String] {
        self.literals.get(&id).map_or(&[], Vec::as_slice)
    }

    /// A literal as the author wrote it.
    pub fn python_literal(&self, id: EnumId, literal: usize) -> String {
        self.written.get(&id).and_then(|l| l.get(literal)).cloned().unwrap_or_default()
    }

    /// All names that these types bring into every entity.
    pub fn all_names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.types.values().chain(self.literals.values().flatten()).cloned().collect();
        names.extend(self.helpers.iter().cloned());
        names.sort();
        names
    }
}

/// The enumerations that ports have: modules agree on them.
pub(crate) fn at_ports(design: &Design) -> BTreeSet<EnumId> {
    let ports = design.scopes.iter().flat_map(|scope| &scope.ports);
    ports
        .filter_map(|port| match design.signals[port.signal].ty {
            StorageType::Enum(id) => Some(id),
            _ => None,
        })
        .collect()
}

/// The enumerations that signals or variables have.
pub(crate) fn used(design: &Design) -> BTreeSet<EnumId> {
    let of = |ty: &StorageType| match ty {
        StorageType::Enum(id) => Some(*id),
        _ => None,
    };
    let locals = design
        .processes
        .iter()
        .flat_map(|p| &p.locals)
        .chain(design.functions.iter().flat_map(|f| &f.locals));
    design.signals.iter().filter_map(|s| of(&s.ty)).chain(locals.filter_map(|l| of(&l.ty))).collect()
}

/// Every name of a design that ends up inside a module, as the language compares them.
fn names_in(design: &Design, region: &Names) -> HashSet<String> {
    let mut names = HashSet::new();
    let mut add = |name: &str| {
        names.insert(region.key(name));
    };
    design.signals.iter().for_each(|s| add(&s.name));
    design.memories.iter().for_each(|m| add(&m.name));
    design.tables.iter().for_each(|t| add(&t.name));
    for scope in &design.scopes {
        add(&scope.name);
        add(&scope.block);
        scope.ports.iter().for_each(|p| add(&p.name));
    }
    for process in &design.processes {
        add(&process.name);
        process.locals.iter().for_each(|l| add(&l.name));
    }
    for function in &design.functions {
        add(&function.name);
        function.locals.iter().for_each(|l| add(&l.name));
    }
    names
}
