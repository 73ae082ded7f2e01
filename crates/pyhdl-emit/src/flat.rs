//! `--flat`: the whole design in one module. Names carry the path of their instance.

use std::collections::HashSet;

use pyhdl_ir::{Design, Item, ScopeId};

/// The design with everything in its top; what `is_external` says to be a module elsewhere stays an instance. As deep
/// as the design is only in the length of names.
pub(crate) fn flatten(design: &mut Design, is_external: impl Fn(&Design, ScopeId) -> bool) {
    let top = design.top();
    let external: HashSet<ScopeId> =
        design.scopes.indices().filter(|scope| *scope != top && is_external(design, *scope)).collect();
    // What stands before the names of a scope; parents come before their children.
    let mut prefixes: Vec<String> = Vec::with_capacity(design.scopes.len());
    let mut inside: HashSet<ScopeId> = HashSet::new();
    for (id, scope) in design.scopes.iter_enumerated() {
        let prefix = match scope.parent {
            None => String::new(),
            Some(parent) => format!("{}{}_", prefixes[parent.index()], scope.name),
        };
        prefixes.push(prefix);
        if let Some(parent) = scope.parent
            && (external.contains(&parent) || inside.contains(&parent))
        {
            inside.insert(id);
        }
    }
    let stays = |scope: ScopeId| external.contains(&scope) || inside.contains(&scope);
    let mut items = Vec::new();
    let mut open: Vec<Item> = design.scopes[top].items.iter().rev().copied().collect();
    while let Some(item) = open.pop() {
        match item {
            Item::Scope(scope) if !external.contains(&scope) => {
                open.extend(std::mem::take(&mut design.scopes[scope].items).into_iter().rev());
                design.scopes[scope].ports.clear();
            }
            _ => items.push(item),
        }
    }
    for item in &items {
        match item {
            Item::Process(id) => {
                let process = &mut design.processes[*id];
                process.name.insert_str(0, &prefixes[process.scope.index()]);
                process.scope = top;
            }
            Item::Scope(id) => {
                let scope = &mut design.scopes[*id];
                if let Some(parent) = scope.parent.replace(top) {
                    scope.name.insert_str(0, &prefixes[parent.index()]);
                }
            }
        }
    }
    design.scopes[top].items = items;
    for signal in &mut design.signals {
        if !stays(signal.home) {
            signal.name.insert_str(0, &prefixes[signal.home.index()]);
            signal.home = top;
        }
    }
    for memory in &mut design.memories {
        if !stays(memory.home) {
            memory.name.insert_str(0, &prefixes[memory.home.index()]);
            memory.home = top;
        }
    }
    for function in &mut design.functions {
        if !stays(function.scope) {
            function.name.insert_str(0, &prefixes[function.scope.index()]);
            function.scope = top;
        }
    }
}
