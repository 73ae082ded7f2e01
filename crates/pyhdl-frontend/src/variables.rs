//! Variables outside of processes that processes change: objects that a closure changes in place (`v[3:0] = x`) and
//! variables that one declares `nonlocal` or `global`. Where one process alone uses such a variable, it is a variable
//! of that process which keeps its value from one activation to the next.

use std::collections::{HashMap, HashSet};

use pyhdl_diag::Span;
use pyhdl_ir::*;

use crate::body::Body;
use crate::lowering::Lowering;
use crate::scan::scan;
use crate::value::{Lower, Meaning, PyType};
use crate::{Binding, ElabFunction, ElabItem, kinds};

/// Who uses a variable that changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum User {
    /// One process, by [`crate::ElabProcess::host`].
    Process(u32),
    /// Several processes, or a function that processes call.
    Several,
}

impl Lowering<'_> {
    /// Finds the variables that change, by their identity.
    pub fn find_variables(&mut self) {
        let mut users: HashMap<u64, User> = HashMap::new();
        let mut changed: HashSet<u64> = HashSet::new();
        let elab = self.elab;
        for scope in &elab.scopes {
            for item in &scope.items {
                if let ElabItem::Process(process) = item {
                    self.note(&process.function, User::Process(process.host), &mut users, &mut changed);
                }
            }
        }
        for function in &elab.functions {
            self.note(function, User::Several, &mut users, &mut changed);
        }
        users.retain(|identity, _| changed.contains(identity));
        self.variables = users;
    }

    fn note(
        &mut self,
        function: &ElabFunction,
        user: User,
        users: &mut HashMap<u64, User>,
        changed: &mut HashSet<u64>,
    ) {
        let variables: Vec<(&String, u64)> =
            function.bindings.iter().filter_map(|(name, b)| Some((name, identity(b)?))).collect();
        if variables.is_empty() {
            return;
        }
        for (_, identity) in &variables {
            users
                .entry(*identity)
                .and_modify(|u| *u = if *u == user { user } else { User::Several })
                .or_insert(user);
        }
        let Some(path) = &function.file else { return };
        let Ok(file) = self.sources.file(path, self.table) else { return };
        let Ok(def) = self.sources.function(file, function.line, &function.name, self.table) else { return };
        let found = scan(&def.body);
        for (name, identity) in variables {
            let own = found.bound.contains(name);
            if !own && (found.mutated.contains(name) || found.outer.contains(name)) {
                changed.insert(identity);
            }
        }
    }
}

/// The identity of what a binding stands for, if that can change.
fn identity(binding: &Binding) -> Option<u64> {
    match binding {
        Binding::Bits { identity, .. } | Binding::Variable { identity, .. } => Some(*identity),
        _ => None,
    }
}

impl Body<'_, '_, '_> {
    /// Makes the variables that the process with this number alone changes its own.
    pub fn keep_variables(&mut self, host: u32, span: Span) -> Lower<()> {
        for (name, binding) in self.bindings {
            let Some(identity) = identity(binding) else { continue };
            if self.low.variables.get(&identity) != Some(&User::Process(host)) {
                continue;
            }
            let value = match binding {
                Binding::Variable { value, .. } => (**value).clone(),
                // The object's own identity says that it changes; its value now is the first one.
                Binding::Bits { value, ty, .. } => {
                    Binding::Bits { value: value.clone(), ty: ty.clone(), identity: 0 }
                }
                _ => continue,
            };
            let value = self.as_value(Meaning::Static(value), span)?;
            let init = match &value.expr.kind {
                ExprKind::Const(value) => value.clone(),
                ExprKind::EnumLiteral(_, index) => (*index).into(),
                _ => continue,
            };
            let py = match value.py {
                PyType::Bits(None) => PyType::Int,
                other => other,
            };
            let local = Local { init: Some(init), ..Local::new(name.clone(), py.storage()) };
            let id = self.locals.push(local);
            self.names.insert(name.clone(), (id, py));
            // Whoever looks at the variable after the simulation sees what the process has left in it.
            self.in_python = true;
        }
        Ok(())
    }

    /// Whether a name means a variable that changes and is not the process's own.
    pub fn is_shared(&self, name: &str) -> bool {
        let of = self.bindings.get(name).and_then(identity);
        !self.names.contains_key(name)
            && of.is_some_and(|identity| self.low.variables.contains_key(&identity))
    }

    /// Refuses the use of a variable that changes and is not the process's own.
    pub fn shared_variable<T>(&self, span: Span) -> Lower<T> {
        let refused: Lower<T> = self.unsupported(
            "a variable that changes and that several processes or functions use",
            span,
            "keep the value in a Signal",
        );
        refused.map_err(|refusal| Box::new(refusal.known_as(kinds::FREE_VARIABLE)))
    }
}
