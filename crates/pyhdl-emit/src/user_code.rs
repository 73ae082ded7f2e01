//! Blocks whose contents the author wrote in the output language.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use pyhdl_diag::Span;
use pyhdl_ir::{
    BlackBox, Block, CodeBody, CodePart, Design, Item, ProcessId, ProcessKind, ScopeId, SignalId, UserCode,
};

use crate::Language;
use crate::marks::mark;
use crate::plan::{Module, Plan};

/// A module that the design does not make.
#[derive(Clone, Copy)]
pub(crate) enum External<'a> {
    /// It is called like the block; the name is the instance's.
    Named(&'a str),
    BlackBox(&'a BlackBox),
}

/// The author's texts by the processes that stand for them.
pub type UserCodes = HashMap<ProcessId, UserCode>;

pub(crate) fn body(code: &UserCode, language: Language) -> Option<&CodeBody> {
    match language {
        Language::Verilog | Language::SystemVerilog => code.verilog.as_ref(),
        Language::Vhdl | Language::Vhdl93 => code.vhdl.as_ref(),
    }
}

/// The design in which the author's texts in one language take the place of the blocks' own contents. A text that
/// names an array of a scope further up goes there: no port is an array.
pub fn with_user_code<'d>(design: &'d Design, codes: &UserCodes, language: Language) -> Cow<'d, Design> {
    if codes.is_empty() {
        return Cow::Borrowed(design);
    }
    let mut design = design.clone();
    let mut written: Vec<(ProcessId, &UserCode)> = codes.iter().map(|(id, code)| (*id, code)).collect();
    written.sort_unstable_by_key(|(id, _)| *id);
    for (process, code) in written {
        match body(code, language) {
            None => silence(&mut design, process),
            Some(body) => replace(&mut design, process, body),
        }
    }
    Cow::Owned(design)
}

fn silence(design: &mut Design, process: ProcessId) {
    let scope = design.processes[process].scope;
    design.scopes[scope].items.retain(|item| *item != Item::Process(process));
    design.processes[process].kind = ProcessKind::Opaque { reads: Vec::new(), drives: Vec::new() };
}

fn replace(design: &mut Design, process: ProcessId, body: &CodeBody) {
    let scope = design.processes[process].scope;
    let mut replaced = vec![scope];
    while let Some(scope) = replaced.pop() {
        for item in std::mem::take(&mut design.scopes[scope].items) {
            match item {
                Item::Scope(child) => replaced.push(child),
                Item::Process(other) if other != process => {
                    let other = &mut design.processes[other];
                    other.kind = ProcessKind::Opaque { reads: Vec::new(), drives: Vec::new() };
                    other.body = Block::new();
                    other.foreign = None;
                }
                Item::Process(_) => {}
            }
        }
    }
    match array_home(design, scope, body) {
        None => design.scopes[scope].items.push(Item::Process(process)),
        Some(home) => move_up(design, process, scope, home),
    }
}

/// The scope of an array that a text in `scope` names, where that is another one.
fn array_home(design: &Design, scope: ScopeId, body: &CodeBody) -> Option<ScopeId> {
    let CodeBody::Text(parts) = body else { return None };
    parts.iter().find_map(|part| match part {
        CodePart::Memory(memory) => Some(design.memories[*memory].home).filter(|home| *home != scope),
        _ => None,
    })
}

fn move_up(design: &mut Design, process: ProcessId, scope: ScopeId, home: ScopeId) {
    let mut child = scope;
    while let Some(parent) = design.scopes[child].parent
        && parent != home
    {
        child = parent;
    }
    let items = &mut design.scopes[home].items;
    let place = items.iter().position(|item| *item == Item::Scope(child)).map_or(items.len(), |i| i + 1);
    items.insert(place, Item::Process(process));
    if child == scope {
        items.retain(|item| *item != Item::Scope(scope));
    }
    design.processes[process].scope = home;
    for signal in &mut design.signals {
        if signal.home == scope {
            signal.home = home;
        }
    }
    design.scopes[scope].ports.clear();
}

/// The scopes that are part of the output, children after their parents; not those that are modules elsewhere.
pub(crate) fn printed_scopes(plan: &Plan) -> Vec<ScopeId> {
    let mut reached: HashSet<ScopeId> = HashSet::from([plan.design.top()]);
    let mut open = vec![plan.design.top()];
    while let Some(scope) = open.pop() {
        for item in &plan.design.scopes[scope].items {
            if let Item::Scope(child) = item {
                open.push(*child);
                reached.insert(*child);
            }
        }
    }
    plan.design.scopes.indices().filter(|s| reached.contains(s) && plan.external(*s).is_none()).collect()
}

/// A text with the names that the signals have in a module; it comes from a place in the Python.
pub(crate) fn filled(plan: &Plan, module: &Module, parts: &[CodePart], span: Span) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(&match part {
            CodePart::Text(text) => text.clone(),
            CodePart::Signal(signal) => module.place(plan, *signal),
            CodePart::Memory(memory) => module.memory_names.get(memory).cloned().unwrap_or_default(),
        });
    }
    // An author's control characters would be taken for marks.
    let text: String =
        text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c }).collect();
    let place = mark(span);
    text.trim_matches('\n').lines().map(|line| format!("{place}{line}\n")).collect()
}

/// How a scope is instantiated that is a module elsewhere.
pub(crate) fn external<'a>(
    design: &Design,
    codes: &'a UserCodes,
    language: Language,
    scope: ScopeId,
) -> Option<External<'a>> {
    let [Item::Process(process)] = design.scopes[scope].items.as_slice() else { return None };
    match codes.get(process).and_then(|code| body(code, language))? {
        CodeBody::Instance(name) => Some(External::Named(name)),
        CodeBody::BlackBox(there) => Some(External::BlackBox(there)),
        CodeBody::Text(_) => None,
    }
}

impl Plan<'_> {
    /// The author's text that a process stands for.
    pub fn code(&self, process: ProcessId) -> Option<&CodeBody> {
        self.options.user_code.get(&process).and_then(|code| body(code, self.language))
    }

    /// How a scope is instantiated that is a module elsewhere.
    pub fn external(&self, scope: ScopeId) -> Option<External<'_>> {
        external(self.design, &self.options.user_code, self.language, scope)
    }

    /// Whether an author's text drives a signal as a wire.
    pub fn is_wire(&self, process: ProcessId, signal: SignalId) -> bool {
        self.options.user_code.get(&process).is_some_and(|code| code.wires.contains(&signal))
    }
}
