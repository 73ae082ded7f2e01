//! Waves: an observer of a simulation that writes a VCD file.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use parking_lot::Mutex;
use pyhdl_ir::{Design, ScopeId, SignalId, StorageType, Visible};
use pyhdl_sim::{Observer, Store, Value};
use pyhdl_wave::{Header, Kind, Scope, Timescale, VarValue, VcdWriter, WaveId};

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
}

impl Waves {
    /// Starts a file of the signals of a scope and of the scopes inside it. `top` is the name of the outermost scope, where it is not the design's own.
    pub fn create(
        design: &Design,
        root: ScopeId,
        store: &Store,
        path: &str,
        timescale: Timescale,
        tracelists: bool,
        top: Option<&str>,
    ) -> io::Result<Waves> {
        let mut header = Header { timescale, scopes: Vec::new() };
        let mut forms: Vec<Option<Form>> = (0..design.signals.len()).map(|_| None).collect();
        // The places in the header of the scopes that are in it.
        let mut places: HashMap<ScopeId, usize> = HashMap::new();
        for (id, scope) in design.scopes.iter_enumerated() {
            let parent = scope.parent.and_then(|p| places.get(&p).copied());
            if id != root && parent.is_none() {
                continue;
            }
            places.insert(id, header.scopes.len());
            let mut vars = Vec::new();
            let mut listed: Vec<&str> = Vec::new();
            for (name, visible) in &scope.names {
                match visible {
                    Visible::Signal(id) => {
                        let element = listed.iter().any(|list| name.starts_with(&format!("{list}_")));
                        if element && !tracelists {
                            continue;
                        }
                        let signal = &design.signals[*id];
                        let (kind, form) = match &signal.ty {
                            StorageType::Bool => (Kind::Bool, Form::Bool),
                            StorageType::Bits(bits) => (Kind::Vector { width: bits.width }, Form::Number),
                            StorageType::Enum(e) => {
                                (Kind::Enum, Form::Enum(design.enums[*e].literals.clone()))
                            }
                            StorageType::Int(_) => (Kind::Number, Form::Number),
                            StorageType::Opaque => continue,
                        };
                        forms[id.index()] = Some(form);
                        vars.push(pyhdl_wave::Var {
                            name: name.clone(),
                            kind,
                            signal: WaveId(id.index() as u32),
                        });
                    }
                    Visible::Memory(_) => listed.push(name),
                }
            }
            header.scopes.push(Scope {
                name: top.filter(|_| id == root).unwrap_or(&scope.name).to_owned(),
                parent,
                vars,
            });
        }
        let mut writer = VcdWriter::create(path, &header)?;
        let values: Vec<(SignalId, Value)> = design
            .signals
            .indices()
            .filter(|id| forms[id.index()].is_some())
            .map(|id| (id, store.get(id)))
            .collect();
        let initial = values.iter().filter_map(|(id, value)| {
            let form = forms[id.index()].as_ref()?;
            Some((WaveId(id.index() as u32), shown(form, value)))
        });
        writer.initial(initial)?;
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

fn shown<'a>(form: &'a Form, value: &'a Value) -> VarValue<'a> {
    match form {
        Form::Bool => VarValue::Bool(value.is_true()),
        Form::Enum(literals) => {
            let literal = value.small().and_then(|i| literals.get(usize::try_from(i).ok()?));
            VarValue::Text(literal.map_or("?", |l| l.as_str()))
        }
        Form::Number => match value {
            Value::Big(big) => VarValue::Big(big),
            other => VarValue::Int(other.small().unwrap_or(0)),
        },
    }
}

impl Observer for Waves {
    fn delta(&mut self, time: u64, _delta: u64, changed: &[SignalId], store: &Store) {
        let Some(writer) = &mut self.writer else { return };
        for &id in changed {
            if let Some(Some(form)) = self.forms.get(id.index()) {
                let value = store.get(id);
                if let Err(e) = writer.change(time, WaveId(id.index() as u32), shown(form, &value)) {
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
