//! Waves: an observer of a simulation that writes a waveform file.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parking_lot::Mutex;
use pyhdl_frontend::{Binding, ElabScope};
use pyhdl_ir::{Design, ScopeId, SignalId, StorageType, Visible};
use pyhdl_sim::cycle::{Spot, Watcher};
use pyhdl_sim::{Observer, Store, Value};
use pyhdl_wave::{
    Excerpt, Header, Kind, Sampling, Scope, Timescale, VarValue, WaveError, WaveId, WaveWriter,
};
use pyo3::prelude::*;

use crate::capture::Captured;
use crate::options::run_options;
use crate::phases::{self, Phase};
use crate::signal::Signal;
use crate::unfinished::{self, WaveFile};

/// Why a file of waves is not complete, once it is known.
pub type Problem = Arc<Mutex<Option<WaveError>>>;

/// Writes every change of every named signal.
pub struct Waves {
    /// Where there is none any more, the simulation goes on without waves.
    file: WaveFile,
    problem: Problem,
    /// Where each signal's values come from; `None` for one that is not in the file.
    sources: Vec<Option<Source>>,
}

enum Source {
    Store,
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
    /// What of all that.
    pub excerpt: Excerpt,
}

impl Selection<'_> {
    /// What the options of the run ask for.
    pub fn of_run(design: &Design) -> Self {
        let excerpt = run_options().excerpt;
        Selection { root: design.top(), top: None, timescale: Timescale::default(), lists: true, excerpt }
    }
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
    ) -> Result<Waves, WaveError> {
        let enums = design.enums.iter().map(|e| e.literals.clone()).collect();
        let mut header = Header { timescale: selection.timescale, enums, scopes: Vec::new() };
        let mut sources: Vec<Option<Source>> = (0..design.signals.len()).map(|_| None).collect();
        let mut var = |name: String, id: SignalId| {
            let (kind, source) = source(py, design, id, captured.signals.get(id.index())?)?;
            sources[id.index()] = Some(source);
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
                let of = Some(scope.block.clone());
                header.scopes.push(Scope { name, of, list: false, parent, vars: Vec::new() });
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
                        let (name, parent) = ((*list).to_owned(), Some(place));
                        header.scopes.push(Scope { name, of: None, list: true, parent, vars });
                    }
                } else if !known(first) {
                    header.scopes[place].vars.extend(var(name.clone(), *first));
                }
            }
        }
        let mut writer = WaveWriter::create(path, header, &selection.excerpt)?;
        for (id, source) in sources.iter_mut().enumerate() {
            if !writer.has(WaveId(id as u32)) {
                *source = None;
            }
        }
        let mut initial = Vec::new();
        for (id, source) in design.signals.indices().zip(&sources) {
            if let Some(source) = source {
                initial.push((WaveId(id.index() as u32), Shown::new(source, store, id)));
            }
        }
        writer.initial(initial.iter().map(|(id, shown)| (*id, shown.value())))?;
        let file = Arc::new(Mutex::new(Some(writer)));
        unfinished::remember(&file);
        Ok(Waves { file, problem: Problem::default(), sources })
    }

    /// Where a later error is noted.
    pub fn problem(&self) -> Problem {
        self.problem.clone()
    }

    /// Does something with the file, and ends it where it is complete or something went wrong.
    fn writing(&self, f: impl FnOnce(&mut WaveWriter) -> Result<(), WaveError>) {
        let mut file = self.file.lock();
        let Some(writer) = &mut *file else { return };
        let _phase = phases::enter(Phase::Waves);
        if let Err(error) = f(writer) {
            self.problem.lock().get_or_insert(error);
        }
        if writer.is_complete() {
            *file = None;
        }
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

/// How a signal is declared and where its values come from; `None` for one that cannot be shown.
fn source(py: Python<'_>, design: &Design, id: SignalId, object: &Py<Signal>) -> Option<(Kind, Source)> {
    let of = object.get();
    if of.is_object() {
        let kind = match of.kind() {
            crate::signal::Kind::Bool => Kind::Bool,
            crate::signal::Kind::Bits(_) => Kind::Vector { width: of.width(py) },
            _ => Kind::Text,
        };
        return Some((kind, Source::Object(object.clone_ref(py))));
    }
    let kind = match &design.signals[id].ty {
        StorageType::Bool => Kind::Bool,
        StorageType::Bits(bits) => Kind::Vector { width: bits.width },
        StorageType::Enum(e) => Kind::Enum(e.index() as u32),
        StorageType::Int(_) => Kind::Number,
        StorageType::Opaque => return None,
    };
    Some((kind, Source::Store))
}

/// A value on its way to the file.
enum Shown {
    Value(Value),
    Text(String),
    HighZ,
}

impl Shown {
    fn new(source: &Source, store: &Store, id: SignalId) -> Shown {
        match source {
            Source::Store => Shown::Value(store.get(id)),
            Source::Object(signal) => Python::attach(|py| Shown::of_object(py, signal.get())),
        }
    }

    fn of_object(py: Python<'_>, signal: &Signal) -> Shown {
        let Ok(object) = signal.current_object(py) else { return Shown::Text("?".to_owned()) };
        if object.is_none() {
            return Shown::HighZ;
        }
        match (signal.kind(), crate::number::number(&object)) {
            (crate::signal::Kind::Bool, Some(value)) => Shown::Value(Value::Bool(value.is_true())),
            (crate::signal::Kind::Bits(_), Some(value)) => Shown::Value(value),
            _ => Shown::Text(object.str().map_or_else(|_| "?".to_owned(), |text| text.to_string())),
        }
    }

    fn value(&self) -> VarValue<'_> {
        match self {
            Shown::Value(Value::Bool(bit)) => VarValue::Bool(*bit),
            Shown::Value(Value::Int(number)) => VarValue::Int(*number),
            Shown::Value(Value::Big(big)) => VarValue::Big(big),
            Shown::Text(text) => VarValue::Text(text),
            Shown::HighZ => VarValue::HighZ,
        }
    }
}

impl Observer for Waves {
    fn delta(&mut self, time: u64, _delta: u64, changed: &[SignalId], store: &Store) {
        self.writing(|writer| {
            for &id in changed {
                if let Some(Some(source)) = self.sources.get(id.index()) {
                    let shown = Shown::new(source, store, id);
                    writer.change(time, WaveId(id.index() as u32), shown.value())?;
                }
            }
            Ok(())
        });
    }

    fn watcher(&mut self, spots: &[Spot], memory: &[u8], objects: &[SignalId]) -> Option<Box<dyn Watcher>> {
        // What Python has to be asked for is not in the memory.
        if objects.iter().any(|id| matches!(self.sources.get(id.index()), Some(Some(Source::Object(_))))) {
            return None;
        }
        let of = |spot: &Spot| {
            let source = self.sources.get(spot.signal.index())?;
            let Spot { at, bytes, signed, signal, copied } = *spot;
            let signal = WaveId(signal.index() as u32);
            let spot = pyhdl_wave::Spot { signal, at, bytes, signed, copied };
            matches!(source, Some(Source::Store)).then_some(spot)
        };
        let spots: Vec<pyhdl_wave::Spot> = spots.iter().filter_map(of).collect();
        let sampling = self.file.lock().take().map(|writer| Sampling::new(writer, &spots, memory));
        Some(Box::new(Sampled { sampling, file: self.file.clone(), problem: self.problem.clone() }))
    }

    fn end_of_step(&mut self, time: u64, _settled: bool, _store: &Store) {
        self.writing(|writer| writer.time(time));
    }
}

/// Waves of a simulation that an engine runs.
struct Sampled {
    /// `None` where there is no file any more.
    sampling: Option<Sampling>,
    file: WaveFile,
    problem: Problem,
}

impl Watcher for Sampled {
    fn step(&mut self, time: u64, memory: &[u8]) {
        if let Some(sampling) = &mut self.sampling {
            sampling.step(time, memory);
        }
    }

    fn broken(&mut self, time: u64, memory: &[u8]) {
        if let Some(sampling) = &mut self.sampling {
            sampling.broken(time, memory);
        }
    }

    fn pause(&mut self) {
        if let Some(sampling) = &mut self.sampling {
            let _phase = phases::enter(Phase::Waves);
            sampling.pause();
        }
    }
}

impl Drop for Sampled {
    fn drop(&mut self) {
        let Some(sampling) = self.sampling.take() else { return };
        let _phase = phases::enter(Phase::Waves);
        let (writer, result) = sampling.finish();
        if let Err(error) = result {
            self.problem.lock().get_or_insert(error);
        }
        *self.file.lock() = writer.filter(|writer| !writer.is_complete());
    }
}

impl Drop for Waves {
    fn drop(&mut self) {
        let _phase = phases::enter(Phase::Waves);
        if let Some(writer) = self.file.lock().take()
            && let Err(error) = writer.finish()
        {
            self.problem.lock().get_or_insert(error);
        }
    }
}
