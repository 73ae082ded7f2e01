//! Parameters of blocks inside a design that nothing in these blocks uses: their modules have no ports for them.

use std::collections::{BTreeMap, HashSet};

use pyhdl_diag::{Diagnostic, Diagnostics, Span};

use crate::{Design, Item, ProcessKind, ScopeId, SignalId, Visible, codes};

impl Design {
    /// A warning for each parameter that no instance of its block uses. The top's are ports in any case, and have a
    /// warning of their own.
    pub(crate) fn check_parameters(&self, found: &mut Diagnostics) {
        let unknown = self.unknown_inside();
        // For each block the names that none of its instances has used so far.
        let mut blocks: BTreeMap<(Span, &str), Option<Vec<&str>>> = BTreeMap::new();
        for (id, scope) in self.scopes.iter_enumerated().skip(1) {
            let key = (scope.span, scope.block.as_str());
            if unknown[id.index()] {
                blocks.insert(key, None);
                continue;
            }
            let unused = self.unused(id);
            let names = blocks.entry(key).or_insert_with(|| Some(unused.clone()));
            if let Some(names) = names {
                let unused: HashSet<&str> = unused.into_iter().collect();
                names.retain(|name| unused.contains(name));
            }
        }
        for ((span, block), names) in &blocks {
            for name in names.iter().flatten() {
                found.push(
                    Diagnostic::warning(
                        codes::UNUSED_PORT,
                        format!(
                            "the parameter `{name}` of `{block}` is not used, and is no port of its module"
                        ),
                    )
                    .at(*span, "in this block")
                    .help("use it, or remove it from the parameters"),
                );
            }
        }
    }

    /// Names of parameters that are signals and cross no boundary. Who is handed an interface or a list need not use
    /// all of it.
    fn unused(&self, id: ScopeId) -> Vec<&str> {
        let scope = &self.scopes[id];
        let used: HashSet<SignalId> = scope.ports.iter().map(|p| p.signal).collect();
        let parameters = || scope.names.iter().take(scope.params as usize);
        let groups: HashSet<&str> = parameters()
            .filter(|(_, v)| matches!(v, Visible::Signal(s) if used.contains(s)))
            .flat_map(|(name, _)| name.match_indices('_').map(move |(at, _)| &name[..at]))
            .collect();
        let alone = |name: &str| {
            !name.match_indices('_').any(|(at, _)| {
                groups.contains(&name[..at]) || name[at + 1..].bytes().all(|b| b.is_ascii_digit())
            })
        };
        parameters()
            .filter_map(|(name, visible)| match visible {
                Visible::Signal(s)
                    if !used.contains(s)
                    // What nobody outside knows lives here.
                    && self.signals[*s].home != id
                    && !self.signals[*s].constant
                    && alone(name) =>
                {
                    Some(name.as_str())
                }
                _ => None,
            })
            .collect()
    }

    /// For each scope whether something is inside of which it is not known what it uses.
    fn unknown_inside(&self) -> Vec<bool> {
        let mut unknown = vec![false; self.scopes.len()];
        // Children come after their parents.
        for (id, scope) in self.scopes.iter_enumerated().rev() {
            unknown[id.index()] |= scope.items.iter().any(|item| match item {
                Item::Process(p) => {
                    let process = &self.processes[*p];
                    process.foreign.is_some() || matches!(process.kind, ProcessKind::Opaque { .. })
                }
                Item::Scope(child) => unknown[child.index()],
            });
        }
        unknown
    }
}
