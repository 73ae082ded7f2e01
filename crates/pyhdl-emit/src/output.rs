//! From printed modules to files: the places of their lines, and what is in each module.

use std::collections::{HashMap, HashSet};

use pyhdl_ir::{Design, ScopeId, SignalId};

use crate::map::{MappedModule, SourceMap};
use crate::marks::strip;
use crate::modules::Finished;
use crate::plan::{Module, Plan};
use crate::{EmitOptions, Language};

/// What the modules are in Python, by their numbers, then by their names as emitted.
#[derive(Default)]
pub(crate) struct Mapped {
    numbered: HashMap<usize, MappedModule>,
    modules: HashMap<String, MappedModule>,
}

impl Mapped {
    /// Notes that a scope has a module.
    pub fn note(&mut self, plan: &Plan, scope: ScopeId, number: usize, module: &Module) {
        let path = plan.design.path(scope);
        if let Some(known) = self.numbered.get_mut(&number) {
            known.instances.push(path);
            return;
        }
        let block = plan.design.scopes[scope].block.clone();
        let names = names(plan, scope, module);
        let module = MappedModule { name: String::new(), block, instances: vec![path], names };
        self.numbered.insert(number, module);
    }

    /// Gives the modules the names that they have in the end.
    pub fn settle(&mut self, finished: &[Finished]) {
        for (number, module) in finished.iter().enumerate() {
            if let Some(mapped) = self.numbered.remove(&number) {
                self.modules
                    .insert(module.name.clone(), MappedModule { name: module.name.clone(), ..mapped });
            }
        }
    }

    fn take(&mut self, name: &str) -> Option<MappedModule> {
        let mut module = self.modules.remove(name)?;
        // Scopes are printed from the leaves.
        module.instances.reverse();
        Some(module)
    }
}

fn names(plan: &Plan, scope: ScopeId, module: &Module) -> Vec<(String, String)> {
    let design = plan.design;
    let path = |signal: SignalId| match plan.paths.get(signal.index()) {
        Some(path) => path.clone(),
        None => python_name(design, scope, signal),
    };
    let ports =
        plan.port_names(scope).into_iter().zip(&module.ports).map(|(name, port)| (name, path(port.0)));
    let signals = module.signals.iter().map(|signal| (module.signal_names[signal].clone(), path(*signal)));
    let at_ports = plan.arrays.at_ports(scope).into_iter().map(|(memory, _)| memory);
    let memories = module
        .memories
        .iter()
        .copied()
        .chain(at_ports.filter(|memory| !module.memories.contains(memory)))
        .map(|memory| (module.memory_names[&memory].clone(), design.memories[memory].name.clone()));
    let bundles = module.bundles.iter().map(|bundle| (bundle.name.clone(), bundle.group.clone()));
    // One name, as that of a list which is an array inside, is said once.
    let mut said = HashSet::new();
    let all = ports.chain(signals).chain(bundles).chain(memories);
    all.filter(|(name, _)| said.insert(name.clone())).collect()
}

/// What a signal is called in a scope in Python.
pub(crate) fn python_name(design: &Design, scope: ScopeId, signal: SignalId) -> String {
    let port = design.scopes[scope].ports.iter().find(|p| p.signal == signal);
    port.map_or_else(|| design.signals[signal].name.clone(), |p| p.name.clone())
}

/// One file to be: its name, its text with marks, and the names of the modules in it.
pub(crate) struct Part {
    pub name: String,
    pub text: String,
    pub modules: Vec<String>,
}

/// Files, their maps, and the list of the files where there may be several.
pub(crate) struct Files {
    pub files: Vec<(String, String)>,
    pub maps: Vec<SourceMap>,
    pub list: Option<(String, String)>,
}

pub(crate) fn files(
    parts: Vec<Part>,
    mut mapped: Mapped,
    top: &str,
    language: Language,
    options: &EmitOptions,
) -> Files {
    let mut files = Vec::new();
    let mut maps = Vec::new();
    for part in parts {
        let (text, places) = strip(&part.text);
        let modules = part.modules.iter().filter_map(|name| mapped.take(name)).collect();
        maps.push(SourceMap::new(&part.name, &text, &places, modules, options.sources));
        files.push((part.name, text));
    }
    let list = options.split.then(|| {
        let names: String = files.iter().map(|(name, _)| format!("{name}\n")).collect();
        (format!("{top}.{}.f", ending(language)), names)
    });
    Files { files, maps, list }
}

/// The ending of the names of files.
pub(crate) fn ending(language: Language) -> &'static str {
    match language {
        Language::Verilog => "v",
        Language::SystemVerilog => "sv",
        Language::Vhdl | Language::Vhdl93 => "vhd",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_list_names_every_file() {
        let sources = pyhdl_diag::SourceTable::new();
        let options = EmitOptions { split: true, ..EmitOptions::new(&sources) };
        let part = |name: &str| Part { name: name.to_owned(), text: "x\n".to_owned(), modules: Vec::new() };
        let files =
            files(vec![part("b.v"), part("a.v")], Mapped::default(), "a", Language::Verilog, &options);
        assert_eq!(files.list, Some(("a.v.f".to_owned(), "b.v\na.v\n".to_owned())));
    }
}
