//! [`front`]: bytes as a Python file, from there to a design and to HDL, as `pyhdl emit` does it.

use indexmap::IndexMap;
use num_bigint::BigInt;
use pyhdl_diag::{Diagnostic, RenderStyle, SourceTable, render};
use pyhdl_emit::{EmitOptions, Language};
use pyhdl_frontend::{
    Binding, ElabFunction, ElabItem, ElabProcess, ElabProcessKind, ElabScope, ElabTrigger, Elaborated,
    LowerOptions, Lowered, lower,
};

use crate::functions::{Found, functions, words};
use crate::usual::{Usual, visible};

const FILE: &str = "design.py";

/// How far a text has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reached {
    /// There is nothing in it that could be a process.
    Nothing,
    /// A process stays in Python, or the design breaks a rule.
    Refused,
    /// One language at least cannot say it.
    Checked,
    /// HDL in both languages.
    Written,
}

/// Takes any bytes the whole way. Panics where something is wrong with the program, never because of the bytes.
pub fn front(data: &[u8]) -> Reached {
    let text = pyhdl_syntax::decode(data);
    let elaborated = elaborated(&text);
    if elaborated.scopes[0].items.is_empty() {
        // Where there are processes, the lowering looks for their functions.
        crate::syntax::syntax(&text);
        return Reached::Nothing;
    }
    let options = Options::of(&text);
    let mut sources = SourceTable::new();
    sources.add(FILE, text);
    let lowered = lower(&elaborated, LowerOptions { portable: options.portable }, &mut sources);
    if let Err(broken) = lowered.design.validate() {
        panic!("the design breaks a promise: {}", broken[0]);
    }
    let printed = lowered.design.to_text();
    match pyhdl_ir::text::parse(&printed) {
        Ok(read) => assert!(read == lowered.design, "another design is read from\n{printed}"),
        // The reader looks after its stack.
        Err(e) if e.message.contains("nested levels") => {}
        Err(e) => panic!("the text of the design is not read: {e}\n{printed}"),
    }
    emit(&lowered, &sources, &options)
}

/// What words of the first line choose, if it is a comment.
struct Options {
    portable: bool,
    /// Test benches are printed as well.
    waits: bool,
    /// What the conversion functions of the package can choose.
    other: bool,
}

impl Options {
    fn of(text: &str) -> Options {
        let line = text.lines().next().filter(|line| line.starts_with('#')).unwrap_or("");
        let has = |word| line.contains(word);
        Options { portable: has("portable"), waits: has("waits"), other: has("other") }
    }
}

fn emit(lowered: &Lowered, sources: &SourceTable, options: &Options) -> Reached {
    let show = |diagnostic: &Diagnostic| {
        render(diagnostic, sources, RenderStyle::default());
    };
    lowered.refusals.iter().for_each(|(_, refusal)| show(refusal));
    let found: Vec<Diagnostic> = lowered.diagnostics.iter().cloned().chain(lowered.design.check()).collect();
    found.iter().for_each(show);
    if !lowered.refusals.is_empty() || found.iter().any(Diagnostic::is_error) {
        return Reached::Refused;
    }
    let settled = pyhdl_sim::power_up_values(&lowered.design);
    let mut chosen = EmitOptions {
        power_up: Some(settled.into_iter().map(|v| v.to_bigint()).collect()),
        waits: options.waits,
        ..EmitOptions::new(sources)
    };
    if options.other {
        chosen.initial_values = pyhdl_emit::InitialValues::None;
        chosen.verilog.blocking = false;
        chosen.verilog.sensitivity_lists = true;
        chosen.vhdl.std_logic_ports = true;
        chosen.interfaces = pyhdl_emit::Interfaces::Everywhere;
    }
    let mut reached = Reached::Written;
    for language in [Language::Vhdl, Language::Verilog] {
        let design = pyhdl_emit::with_user_code(&lowered.design, &lowered.code, language);
        if let Err(diagnostics) = pyhdl_emit::emit(&design, language, &chosen) {
            assert!(diagnostics.iter().any(Diagnostic::is_error), "no text, and nothing that says why");
            diagnostics.iter().for_each(show);
            reached = Reached::Checked;
        }
    }
    reached
}

/// The text as one hierarchy: a top, and a block inside it with the processes whose names begin with `sub`.
fn elaborated(text: &str) -> Elaborated {
    let mut usual = Usual::of(text);
    let found = functions(text);
    let mut methods = Vec::new();
    for function in found.iter().filter(|f| f.decorator.is_none()) {
        let index = usual.elab.functions.len();
        usual.elab.functions.push(ElabFunction { defaults: defaults(function), ..bare(function) });
        let own = function.parameters.split(',').next().unwrap_or("").trim();
        if own == "self" {
            methods.push((function.name, index));
        } else {
            let called = Binding::Function { function: index, receiver: None };
            usual.names.insert(function.name.to_owned(), called);
        }
    }
    if let Some(Binding::Object { type_name, identity, attributes }) = usual.names.get_mut("bus") {
        let own = Binding::Object {
            type_name: type_name.clone(),
            identity: *identity,
            attributes: attributes.clone(),
        };
        for (name, function) in methods {
            let method = Binding::Function { function, receiver: Some(Box::new(own.clone())) };
            attributes.insert(name.to_owned(), method);
        }
    }
    let mut elab = std::mem::take(&mut usual.elab);
    for (function, found) in elab.functions.iter_mut().zip(found.iter().filter(|f| f.decorator.is_none())) {
        function.bindings = bindings(found, &usual);
    }
    let mut top = scope("top", &usual, None);
    let mut part = scope("part", &usual, Some(0));
    part.params = part.names.len();
    for found in &found {
        let Some(decorator) = found.decorator else { continue };
        let Some(kind) = kind(decorator, &usual, &elab) else { continue };
        let function = ElabFunction { bindings: bindings(found, &usual), ..bare(found) };
        let items = if found.name.starts_with("sub") { &mut part.items } else { &mut top.items };
        // The Python side numbers the processes.
        let host = found.line;
        items.push(ElabItem::Process(Box::new(ElabProcess { kind, function, host })));
    }
    top.items.extend(usual.shadows.iter().map(|s| ElabItem::Shadow(*s)));
    top.items.extend(usual.buses.iter().map(|b| ElabItem::Bus(*b)));
    elab.scopes.push(top);
    if !part.items.is_empty() {
        elab.scopes[0].items.push(ElabItem::Scope(1));
        elab.scopes.push(part);
    }
    elab
}

fn scope(name: &str, usual: &Usual, parent: Option<usize>) -> ElabScope {
    let mut names = IndexMap::new();
    let mut params = 0;
    for (index, (name, binding)) in usual.names.iter().enumerate() {
        if let Some(binding) = visible(binding) {
            names.insert(name.clone(), binding);
        }
        if index < usual.params {
            params = names.len();
        }
    }
    ElabScope {
        name: name.to_owned(),
        block: name.to_owned(),
        parent,
        items: Vec::new(),
        names,
        params,
        directions: Vec::new(),
        code: None,
        doc: None,
        file: FILE.into(),
        line: 1,
    }
}

/// The names that a function uses.
fn bindings(found: &Found, usual: &Usual) -> IndexMap<String, Binding> {
    let known = |word: &str| Some((word.to_owned(), usual.names.get(word)?.clone()));
    words(found.body).filter_map(known).collect()
}

fn bare(found: &Found) -> ElabFunction {
    ElabFunction {
        name: found.name.to_owned(),
        file: Some(FILE.into()),
        line: found.line,
        bindings: IndexMap::new(),
        defaults: IndexMap::new(),
    }
}

/// Parameters with an integer as their default.
fn defaults(found: &Found) -> IndexMap<String, Binding> {
    let parameters = found.parameters.split(',').filter_map(|p| p.split_once('='));
    let default = |(name, value): (&str, &str)| {
        let value: BigInt = value.trim().parse().ok()?;
        Some((name.trim().to_owned(), Binding::Int(value)))
    };
    parameters.filter_map(default).collect()
}

/// `None` for what makes no process: `block`, or a decorator of somebody else's.
fn kind(decorator: &str, usual: &Usual, elab: &Elaborated) -> Option<ElabProcessKind> {
    let (name, rest) = decorator.split_once('(').unwrap_or((decorator, ""));
    let arguments = rest.rsplit_once(')').map_or(rest, |(inside, _)| inside);
    match name.trim() {
        "instance" => Some(ElabProcessKind::Instance),
        "always_comb" => Some(ElabProcessKind::Combinational),
        "always_seq" => {
            let (edge, rest) = arguments.split_once(',').unwrap_or((arguments, ""));
            let (clock, rising) = match trigger(edge, usual)? {
                ElabTrigger::Rising(clock) => (clock, true),
                ElabTrigger::Falling(clock) => (clock, false),
                _ => return None,
            };
            let reset = usual.signal_named(rest.trim().trim_start_matches("reset=").trim());
            let reset = reset.filter(|signal| elab.signals[*signal].reset.is_some());
            Some(ElabProcessKind::Sequential { clock, rising, reset })
        }
        "always" => {
            let triggers: Vec<_> = arguments
                .split(',')
                .flat_map(|a| a.split(" or "))
                .filter_map(|a| trigger(a, usual))
                .collect();
            (!triggers.is_empty()).then_some(ElabProcessKind::Always(triggers))
        }
        _ => None,
    }
}

fn trigger(text: &str, usual: &Usual) -> Option<ElabTrigger> {
    let text = text.trim();
    if let Some(steps) = text.strip_prefix("delay(") {
        return steps.trim_end_matches(')').trim().parse().ok().map(ElabTrigger::Delay);
    }
    let edge = |suffix| text.strip_suffix(suffix).and_then(|name| usual.signal_named(name));
    if let Some(signal) = edge(".posedge") {
        return Some(ElabTrigger::Rising(signal));
    }
    if let Some(signal) = edge(".negedge") {
        return Some(ElabTrigger::Falling(signal));
    }
    usual.signal_named(text).map(ElabTrigger::Change)
}
