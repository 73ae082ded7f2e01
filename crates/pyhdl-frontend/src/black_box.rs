//! Blocks that are modules elsewhere: which of their ports are outputs, as their models say.

use std::collections::{BTreeSet, HashMap};

use pyhdl_diag::{Diagnostic, Diagnostics};
use pyhdl_ir::{
    BlackBox, BoxPort, CodeBody, Design, Direction, ProcessId, ProcessKind, ScopeId, SignalId, StorageType,
    UserCode,
};

use crate::{ElabBlackBox, codes};

/// The module as a design knows it. What drives its ports is found when all models are there.
pub(crate) fn black_box(design: &Design, scope: ScopeId, there: &ElabBlackBox) -> BlackBox {
    let is_vhdl = |file: &std::path::PathBuf| {
        let ending = file.extension().map(|e| e.to_ascii_lowercase());
        ending.is_some_and(|e| e == "vhd" || e == "vhdl")
    };
    let port = |(name, signal, direction): &(String, usize, Option<Direction>)| BoxPort {
        name: name.clone(),
        signal: SignalId::from_usize(*signal),
        direction: direction.unwrap_or(Direction::In),
    };
    BlackBox {
        module: there.module.clone(),
        library: there.library.clone().unwrap_or_else(|| "work".to_owned()),
        component: there.library.is_none() && !there.files.iter().any(is_vhdl),
        parameters: there.parameters.clone(),
        ports: there.ports.iter().map(port).collect(),
        numeric: there.numeric,
        known: false,
        files: there.files.clone(),
        span: design.scopes[scope].span,
    }
}

/// Gives the ports of black boxes their directions: those that are said, or else those that the models show.
pub(crate) fn settle(
    design: &mut Design,
    boxes: &HashMap<ProcessId, &ElabBlackBox>,
    codes: &mut HashMap<ProcessId, UserCode>,
    diagnostics: &mut Diagnostics,
) {
    if boxes.is_empty() {
        return;
    }
    let models = Models::new(design, boxes);
    let mut ids: Vec<ProcessId> = boxes.keys().copied().collect();
    ids.sort_unstable();
    for id in ids {
        let scope = design.processes[id].scope;
        let Some(model) = models.of.get(&scope) else { continue };
        let mut ports = Vec::new();
        for (name, signal, said) in &boxes[&id].ports {
            let signal = SignalId::from_usize(*signal);
            let error = |message: String| {
                Diagnostic::error(codes::BLACK_BOX, message).at(design.scopes[scope].span, "this block")
            };
            let drives = model.drives.contains(&signal);
            if drives && *said == Some(Direction::In) {
                let found = error(format!("the model drives `{name}`, which is said to be an input"));
                diagnostics.push(found.help("name it in outputs=, or correct the model"));
            }
            if matches!(design.signals[signal].ty, StorageType::Enum(_) | StorageType::Opaque) {
                let found = error(format!("`{name}` has a type that modules elsewhere do not know"));
                diagnostics.push(found.help("connect bool signals and bit vectors"));
            }
            if said.is_none() && !drives && model.in_python {
                let found = error(format!(
                    "nothing says whether `{name}` is an input or an output: the model is not convertible"
                ));
                diagnostics.push(found.help("name all ports: @blackbox(inputs=[...], outputs=[...])"));
            }
            let direction = match said {
                Some(direction) => *direction,
                None if design.signals[signal].floating => Direction::InOut,
                None if drives => Direction::Out,
                None => Direction::In,
            };
            ports.push(BoxPort { name: name.clone(), signal, direction });
        }
        let of = |wanted: fn(Direction) -> bool| -> Vec<SignalId> {
            ports.iter().filter(|p| wanted(p.direction)).map(|p| p.signal).collect()
        };
        let (reads, drives) = (of(|d| d != Direction::Out), of(|d| d != Direction::In));
        if let Some(code) = codes.get_mut(&id) {
            code.wires = drives.clone();
            for body in [&mut code.verilog, &mut code.vhdl] {
                if let Some(CodeBody::BlackBox(there)) = body {
                    there.ports.clone_from(&ports);
                }
            }
        }
        design.processes[id].kind = ProcessKind::Opaque { reads, drives };
    }
}

/// What the models of black boxes do.
struct Models {
    of: HashMap<ScopeId, Model>,
}

#[derive(Clone, Default)]
struct Model {
    drives: BTreeSet<SignalId>,
    /// Some of it stays in Python.
    in_python: bool,
}

impl Models {
    fn new(design: &Design, boxes: &HashMap<ProcessId, &ElabBlackBox>) -> Models {
        let mut of: HashMap<ScopeId, Model> =
            boxes.keys().map(|id| (design.processes[*id].scope, Model::default())).collect();
        // The innermost box that each scope is part of; parents come before their children.
        let mut owners: Vec<Option<ScopeId>> = Vec::with_capacity(design.scopes.len());
        for (id, scope) in design.scopes.iter_enumerated() {
            let around = scope.parent.and_then(|p| owners[p.index()]);
            owners.push(if of.contains_key(&id) { Some(id) } else { around });
        }
        for (id, process) in design.processes.iter_enumerated() {
            if let Some(owner) = owners[process.scope.index()]
                && !boxes.contains_key(&id)
                && let Some(model) = of.get_mut(&owner)
            {
                model.drives.extend(design.uses(process).drives);
                model.in_python |= process.foreign.is_some();
            }
        }
        // What a box inside does, the one around it does as well.
        for id in design.scopes.indices().rev() {
            if owners[id.index()] == Some(id)
                && let Some(outer) = design.scopes[id].parent.and_then(|p| owners[p.index()])
            {
                let inner = of.get(&id).cloned().unwrap_or_default();
                if let Some(model) = of.get_mut(&outer) {
                    model.drives.extend(inner.drives);
                    model.in_python |= inner.in_python;
                }
            }
        }
        Models { of }
    }
}
