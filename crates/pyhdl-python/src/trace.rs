//! Waves: an observer of a simulation that writes a VCD file.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use parking_lot::Mutex;
use pyhdl_frontend::{Binding, ElabScope};
use pyhdl_ir::{Design, ScopeId, SignalId, StorageType, Visible};
use pyhdl_sim::{Observer, Store, Value};
use pyhdl_wave::{Header, Kind, Scope, Timescale, VarValue, VcdWriter, WaveId};
use pyo3::prelude::*;

use crate::capture::Captured;
use crate::signal::Signal;

/// Why a file of waves is not complete, once it is known.
pub type Problem = Arc<Mutex<Option<String>>>;

/// Writes every change of every named signal.
pub struct Waves {
    /// `None` after a write error: the simulation goes on without waves.
    writer: Option<VcdWriter>,
    path: String,
    problem: Problem,
    /// How each signal's values look; `None` for one that is not in the file.
    forms: Vec<Option<Form>>,
}

enum Form {
    Number,
    Bool,
    Enum(Vec<String>),
    /// A Python object, or nothing: the signal itself knows it.
    Object(Py<Signal>),
}

/// What a file of waves is to hold.
pub struct Selection<'a> {
    /// The signals of this scope and of the scopes inside it.
    pub root: ScopeId,
    /// The name of the outermost scope, where it is not the design's own.
    pub top: Option<&'a str>,
    pub timescale: Timescale,
    /// Also the elements of lists.
    pub lists: bool,
}

impl Waves {
    /// Starts a file.
    pub fn create(
        py: Python<'_>,
        design: &Design,
        store: &Store,
        captured: &Captured,
        path: &str,
        selection: &Selection<'_>,
    ) -> io::Result<Waves> {
        let mut header = Header { timescale: selection.timescale, scopes: Vec::new() };
        let mut forms: Vec<Option<Form>> = (0..design.signals.len()).map(|_| None).collect();
        let mut var = |name: String, id: SignalId| {
            let (kind, form) = form(py, design, id, captured.signals.get(id.index())?)?;
            forms[id.index()] = Some(form);
            Some(pyhdl_wave::Var { name, kind, signal: WaveId(id.index() as u32) })
        };
        // The places in the header of the scopes that are in it.
        let mut places: HashMap<ScopeId, usize> = HashMap::new();
        // The places of the lists in a scope.
        let mut lists: HashMap<usize, Vec<usize>> = HashMap::new();
        for (id, scope) in design.scopes.iter_enumerated() {
            let parent = scope.parent.and_then(|p| places.get(&p).copied());
            if id != selection.root && parent.is_none() {
                continue;
            }
            let unnamed = parent.filter(|_| id != selection.root && captured.unnamed.contains(&id.index()));
            let place = unnamed.unwrap_or(header.scopes.len());
            places.insert(id, place);
            if unnamed.is_none() {
                let name = selection.top.filter(|_| id == selection.root).unwrap_or(&scope.name).to_owned();
                header.scopes.push(Scope { name, parent, vars: Vec::new() });
            }
            let mut there: HashSet<WaveId> = HashSet::new();
            if unnamed.is_some() {
                let inner = lists.get(&place).into_iter().flatten();
                for scope in inner.chain([&place]) {
                    there.extend(header.scopes[*scope].vars.iter().map(|var| var.signal));
                }
            }
            let known = |id: &SignalId| there.contains(&WaveId(id.index() as u32));
            let starts = captured.elaborated.scopes.get(id.index()).map(list_starts).unwrap_or_default();
            let mut names = scope.names.iter();
            while let Some((name, visible)) = names.next() {
                // The names of the elements of a memory come next.
                let Visible::Signal(first) = visible else { continue };
                let list = starts.get(name).filter(|(_, elements)| elements.first() == Some(first));
                if let Some((list, elements)) = list {
                    names.by_ref().take(elements.len() - 1).for_each(drop);
                    if selection.lists && !elements.iter().all(known) {
                        lists.entry(place).or_default().push(header.scopes.len());
                        let vars = elements.iter().enumerate();
                        let vars = vars.filter_map(|(i, id)| var(format!("{list}({i})"), *id)).collect();
                        header.scopes.push(Scope { name: (*list).to_owned(), parent: Some(place), vars });
                    }
                } else if !known(first) {
                    header.scopes[place].vars.extend(var(name.clone(), *first));
                }
            }
        }
        let mut writer = VcdWriter::create(path, &header)?;
        let mut initial = Vec::new();
        for (id, form) in design.signals.indices().zip(&forms) {
            if let Some(form) = form {
                initial.push((WaveId(id.index() as u32), Shown::new(form, store, id)));
            }
        }
        writer.initial(initial.iter().map(|(id, shown)| (*id, shown.value())))?;
        Ok(Waves { writer: Some(writer), path: path.to_owned(), problem: Problem::default(), forms })
    }

    /// Where a later error is noted.
    pub fn problem(&self) -> Problem {
        self.problem.clone()
    }

    fn fail(&mut self, error: &io::Error) {
        self.writer = None;
        self.problem.lock().get_or_insert_with(|| format!("cannot write {}: {error}", self.path));
    }
}

/// The lists of signals in a scope by the name that their first element has: their own names, and their elements.
fn list_starts(scope: &ElabScope) -> HashMap<String, (&str, Vec<SignalId>)> {
    let mut found = HashMap::new();
    for (name, binding) in &scope.names {
        if let Binding::List { elements, .. } = binding {
            let signals = elements.iter().map(|element| match element {
                Binding::Signal(index) => Some(SignalId::from_usize(*index)),
                _ => None,
            });
            if let Some(signals) = signals.collect::<Option<Vec<SignalId>>>()
                && !signals.is_empty()
            {
                found.insert(format!("{name}_0"), (name.as_str(), signals));
            }
        }
    }
    found
}

/// How a signal is declared and what its values are; `None` for one that cannot be shown.
fn form(py: Python<'_>, design: &Design, id: SignalId, object: &Py<Signal>) -> Option<(Kind, Form)> {
    let of = object.get();
    if of.is_object() {
        let kind = match of.kind() {
            crate::signal::Kind::Bool => Kind::Bool,
            crate::signal::Kind::Bits(_) => Kind::Vector { width: of.width(py) },
            _ => Kind::Text,
        };
        return Some((kind, Form::Object(object.clone_ref(py))));
    }
    Some(match &design.signals[id].ty {
        StorageType::Bool => (Kind::Bool, Form::Bool),
        StorageType::Bits(bits) => (Kind::Vector { width: bits.width }, Form::Number),
        StorageType::Enum(e) => (Kind::Enum, Form::Enum(design.enums[*e].literals.clone())),
        StorageType::Int(_) => (Kind::Number, Form::Number),
        StorageType::Opaque => return None,
    })
}

/// A value on its way to the file.
enum Shown {
    Bool(bool),
    Number(Value),
    Text(String),
    HighZ,
}

impl Shown {
    fn new(form: &Form, store: &Store, id: SignalId) -> Shown {
        match form {
            Form::Bool => Shown::Bool(store.get(id).is_true()),
            Form::Number => Shown::Number(store.get(id)),
            Form::Enum(literals) => {
                let literal = store.get(id).small().and_then(|i| literals.get(usize::try_from(i).ok()?));
                Shown::Text(literal.map_or("?", |l| l.as_str()).to_owned())
            }
            Form::Object(signal) => Python::attach(|py| {
                let Ok(object) = signal.get().current_object(py) else { return Shown::Text("?".to_owned()) };
                if object.is_none() {
                    return Shown::HighZ;
                }
                match (signal.get().kind(), crate::number::number(&object)) {
                    (crate::signal::Kind::Bool, Some(value)) => Shown::Bool(value.is_true()),
                    (crate::signal::Kind::Bits(_), Some(value)) => Shown::Number(value),
                    _ => Shown::Text(object.str().map_or_else(|_| "?".to_owned(), |text| text.to_string())),
                }
            }),
        }
    }

    fn value(&self) -> VarValue<'_> {
        match self {
            Shown::Bool(value) => VarValue::Bool(*value),
            Shown::Number(Value::Big(big)) => VarValue::Big(big),
            Shown::Number(value) => VarValue::Int(value.small().unwrap_or(0)),
            Shown::Text(text) => VarValue::Text(text),
            Shown::HighZ => VarValue::HighZ,
        }
    }
}

impl Observer for Waves {
    fn delta(&mut self, time: u64, _delta: u64, changed: &[SignalId], store: &Store) {
        let Some(writer) = &mut self.writer else { return };
        for &id in changed {
            if let Some(Some(form)) = self.forms.get(id.index()) {
                let shown = Shown::new(form, store, id);
                if let Err(e) = writer.change(time, WaveId(id.index() as u32), shown.value()) {
                    return self.fail(&e);
                }
            }
        }
    }

    fn end_of_step(&mut self, time: u64, _settled: bool, _store: &Store) {
        if let Some(writer) = &mut self.writer
            && let Err(e) = writer.time(time)
        {
            self.fail(&e);
        }
    }
}

impl Drop for Waves {
    fn drop(&mut self) {
        if let Some(writer) = self.writer.take()
            && let Err(e) = writer.finish()
        {
            self.fail(&e);
        }
    }
}
