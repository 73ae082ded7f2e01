//! Simulations of Python designs: the host of [`pyhdl_sim`] for processes and objects that stay in Python, and the
//! binding of `Signal` objects to a simulation's store.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use pyhdl_diag::{SourceTable, Span};
use pyhdl_frontend::{LowerOptions, Lowered, lower};
use pyhdl_ir::{ProcessId, RandomNumbers, SignalId};
use pyhdl_sim::{
    Compile, Cycling, Host, HostError, HostTask, Interpreted, Observer, Outcome, Resumption, SimError,
    Simulation, Store, Value, Wait,
};
use pyhdl_wave::{Excerpt, Timescale};
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::capture::{Captured, capture};
use crate::functions::Delay;
use crate::options::{EngineChoice, next_wave, note_mode, run_options};
use crate::phases::{self, Phase};
use crate::profile;
use crate::signal::{Edge, Kind, Signal};
use crate::trace::{Problem, Selection, Waves};
use crate::watch;

/// The simulation whose processes run at the moment, or that ran last: for `now()` and for signals that only a
/// Python process knows.
static RUNNING: Mutex<Option<Running>> = Mutex::new(None);

/// Signals that only a process in Python knew, with their ids in the store.
type Found = Arc<Mutex<Vec<(SignalId, Py<Signal>)>>>;

#[derive(Clone)]
struct Running {
    store: Store,
    found: Found,
    active: bool,
}

/// The current simulation time in time steps; 0 where nothing has run.
#[pyfunction]
pub fn now() -> u64 {
    RUNNING.lock().as_ref().map_or(0, |r| r.store.time())
}

/// Binds a signal that the running simulation did not know about: a process in Python has just used it.
pub fn bind_to_running(signal: &Bound<'_, Signal>) -> Option<SignalId> {
    let running = RUNNING.lock().as_ref().filter(|r| r.active).cloned()?;
    let this = signal.get();
    if let Some(id) = this.id_in(&running.store) {
        return Some(id);
    }
    if this.is_bound() || this.follows().is_some() {
        return None;
    }
    let id = running.store.add(this.current(), matches!(this.kind(), Kind::Object));
    this.bind(&running.store, id);
    running.found.lock().push((id, signal.clone().unbind()));
    Some(id)
}

/// One simulation of a captured hierarchy.
#[pyclass(module = "pyhdl")]
pub struct Engine {
    captured: Captured,
    lowered: Arc<Lowered>,
    sources: SourceTable,
    /// `None` while it runs and after its end. The mutex only makes the class shareable between threads.
    simulation: Mutex<Option<Simulation>>,
    store: Store,
    tasks: HashMap<u32, Py<PyAny>>,
    next_task: u32,
    found: Found,
    finished: bool,
    /// The options of the run let it go no further. To the script it looks as if it could.
    over: bool,
    /// What a process has yielded to be raised.
    deferred: Option<PyErr>,
    /// The text of the exception that ended or suspended it.
    #[pyo3(get)]
    stop_message: String,
    /// What went wrong with its waves.
    wave_problems: Vec<Problem>,
}

impl Engine {
    /// Captures, lowers and binds. Fails where a signal belongs to another simulation that has not ended.
    pub fn create(py: Python<'_>, root: &Bound<'_, PyAny>) -> PyResult<Engine> {
        let captured = capture(py, root, false)?;
        let mut sources = SourceTable::new();
        let lowering = phases::enter(Phase::Lowering);
        let mut lowered = lower(&captured.elaborated, LowerOptions::default(), &mut sources);
        drop(lowering);
        let lower = run_options().lower;
        for (id, process) in lowered.design.processes.iter_mut_enumerated() {
            if (!lower || lowered.in_python.contains(&id))
                && !matches!(process.kind, pyhdl_ir::ProcessKind::Continuous { .. })
            {
                process.body.clear();
                process.foreign.get_or_insert_with(|| "lowering is switched off".into());
            }
        }
        if let Some(never) = lowered.diagnostics.iter().find(|d| d.is_error()) {
            return Err(crate::diagnostic::diagnostic_error(py, never, &sources));
        }
        if captured.signals.iter().any(|s| s.get().is_bound()) {
            let error = py.import("pyhdl._errors")?.getattr("SimulationError")?;
            return Err(PyErr::from_value(error.call1((
                "a signal of this design belongs to a simulation that has not ended: call quit_sim() first",
            ))?));
        }
        let mut simulation = Simulation::new(Arc::new(lowered.design.clone()));
        compile_later(&mut simulation);
        let store = simulation.store();
        for (index, signal) in captured.signals.iter().enumerate() {
            signal.get().bind(&store, SignalId::from_usize(index));
        }
        let next_task = lowered.design.processes.len() as u32;
        let mut engine = Engine {
            captured,
            lowered: Arc::new(lowered),
            sources,
            simulation: Mutex::new(Some(simulation)),
            store,
            tasks: HashMap::new(),
            next_task,
            found: Arc::default(),
            finished: false,
            over: false,
            deferred: None,
            stop_message: String::new(),
            wave_problems: Vec::new(),
        };
        if let Some(path) = next_wave() {
            let path = path.display().to_string();
            let selection = Selection::of_run(&engine.lowered.design);
            engine.write_waves(py, &path, &selection).inspect_err(|_| engine.end(py))?;
        }
        Ok(engine)
    }

    fn write_waves(&mut self, py: Python<'_>, path: &str, selection: &Selection<'_>) -> PyResult<()> {
        let design = &self.lowered.design;
        let waves = Waves::create(py, design, &self.store, &self.captured, path, selection)
            .map_err(|e| crate::diagnostic::wave_error(py, &e))?;
        self.wave_problems.push(waves.problem());
        self.observe(Box::new(waves));
        Ok(())
    }

    pub fn observe(&mut self, observer: Box<dyn Observer + Send>) {
        if let Some(simulation) = self.simulation.get_mut() {
            simulation.observe(observer);
        }
    }

    /// Runs for a number of time steps, or with `None` or 0 until nothing is left, but no longer than the options
    /// of the run allow; returns how the run ended.
    pub fn drive(&mut self, py: Python<'_>, duration: Option<u64>) -> PyResult<Outcome> {
        let Some(until) = run_options().until else { return self.advance(py, duration) };
        if self.over {
            return Ok(Outcome::NoMoreEvents);
        }
        let left = until.saturating_sub(self.store.time());
        if duration.is_some_and(|d| d > 0 && d < left) {
            return self.advance(py, duration);
        }
        let outcome = self.advance(py, Some(left))?;
        if outcome != Outcome::Suspended {
            return Ok(outcome);
        }
        self.over = true;
        self.end(py);
        self.wave_error(py)?;
        Ok(Outcome::NoMoreEvents)
    }

    fn advance(&mut self, py: Python<'_>, duration: Option<u64>) -> PyResult<Outcome> {
        let Some(mut simulation) = self.simulation.get_mut().take() else {
            return Err(PyRuntimeError::new_err("this simulation is running already"));
        };
        let before = RUNNING.lock().replace(Running {
            store: self.store.clone(),
            found: self.found.clone(),
            active: true,
        });
        let mut host = PyHost { py, engine: self };
        let start = host.engine.store.time();
        let run = phases::enter(Phase::Run);
        let result = simulation.run(&mut host, duration);
        drop(run);
        let given = self.give_back(py);
        profile::collect(&self.lowered.design, &self.sources);
        phases::count_steps(self.store.time() - start);
        self.stop_message = simulation.stop_message().to_owned();
        *self.simulation.get_mut() = Some(simulation);
        {
            let mut running = RUNNING.lock();
            match before {
                Some(outer) if outer.active => *running = Some(outer),
                _ => {
                    if let Some(running) = running.as_mut() {
                        running.active = false;
                    }
                }
            }
        }
        if !matches!(result, Ok(Outcome::Suspended) | Err(SimError::Deferred(_))) {
            self.end(py);
        }
        let outcome = result.map_err(|error| self.python_error(py, error))?;
        given?;
        if self.finished {
            self.wave_error(py)?;
        }
        Ok(outcome)
    }

    /// Python has its generators of random numbers as if it had given all numbers that were drawn.
    fn give_back(&mut self, py: Python<'_>) -> PyResult<()> {
        self.captured.generators.iter_mut().try_for_each(|generator| generator.give_back(py))
    }

    /// An error where waves could not be written to their end.
    fn wave_error(&mut self, py: Python<'_>) -> PyResult<()> {
        match self.wave_problems.iter().find_map(|p| p.lock().take()) {
            Some(error) => Err(crate::diagnostic::wave_error(py, &error)),
            None => Ok(()),
        }
    }

    /// Gives the signals their values back and closes what watched.
    pub fn end(&mut self, py: Python<'_>) {
        if std::mem::replace(&mut self.finished, true) {
            return;
        }
        for signal in &self.captured.signals {
            signal.get().unbind(py);
        }
        for (_, signal) in self.found.lock().drain(..) {
            signal.get().unbind(py);
        }
        for cosimulation in &self.captured.cosimulations {
            // What cannot be ended has ended by itself.
            let _ = cosimulation.bind(py).call_method0("close");
        }
        self.tasks.clear();
        if let Some(simulation) = self.simulation.get_mut().take() {
            note_mode(simulation.mode());
        }
    }

    fn python_error(&self, py: Python<'_>, error: SimError) -> PyErr {
        let located = |error: PyErr, span: Span| {
            self.attach(py, &error, span);
            error
        };
        match error {
            SimError::Host(error) | SimError::Deferred(error) => match error.downcast::<Raised>() {
                Ok(raised) => raised.0,
                Err(other) => PyRuntimeError::new_err(other.to_string()),
            },
            SimError::OutOfBounds { message, span, .. } => located(PyValueError::new_err(message), span),
            SimError::Python { exception, message, span, .. } => {
                let made = py.import("builtins").and_then(|builtins| {
                    let class = builtins.getattr(&*exception)?;
                    if message.is_empty() { class.call0() } else { class.call1((&message,)) }
                });
                located(made.map_or_else(|error| error, PyErr::from_value), span)
            }
            SimError::Diagnostic(diagnostic) => {
                crate::diagnostic::diagnostic_error(py, &diagnostic, &self.sources)
            }
        }
    }

    /// Notes on the exception where in the Python the lowered process was.
    fn attach(&self, py: Python<'_>, error: &PyErr, span: Span) {
        let file = self.sources.get(span.file);
        let place = (
            file.path.display().to_string(),
            file.line(span.start),
            file.column(span.start),
            file.line(span.end),
            file.column(span.end),
        );
        // An exception that takes no attributes still tells what happened.
        let _ = error.value(py).setattr("__pyhdl_span__", place);
    }

    /// The generator behind a host task.
    fn generator<'py>(&mut self, py: Python<'py>, task: HostTask) -> PyResult<Bound<'py, PyAny>> {
        if let Some(generator) = self.tasks.get(&task.0) {
            return Ok(generator.clone_ref(py).into_bound(py));
        }
        let host = self.lowered.hosts.get(ProcessId::from_usize(task.0 as usize)).copied().flatten();
        let Some(process) = host.and_then(|h| self.captured.processes.get(h as usize)) else {
            return Err(PyRuntimeError::new_err("a process without a generator"));
        };
        let process = process.bind(py);
        let generator = if is_generator(process) { process.clone() } else { process.getattr("gen")? };
        self.tasks.insert(task.0, generator.clone().unbind());
        Ok(generator)
    }

    fn wait(&mut self, clause: &Bound<'_, PyAny>) -> PyResult<Wait> {
        if let Ok(edge) = clause.cast::<Edge>() {
            let edge = edge.get();
            let id = self.id(edge.sig.bind(clause.py()))?;
            return Ok(if edge.rising { Wait::Rising(id) } else { Wait::Falling(id) });
        }
        if let Ok(delay) = clause.cast::<Delay>() {
            return Ok(Wait::Delay(delay.get().steps));
        }
        if let Ok(signal) = clause.cast::<Signal>() {
            return Ok(Wait::Change(self.id(signal)?));
        }
        if clause.is_none() {
            return Ok(Wait::Now);
        }
        if clause.is_instance_of::<PyTuple>() || clause.is_instance_of::<PyList>() {
            let waits: PyResult<Vec<Wait>> = clause.try_iter()?.map(|c| self.wait(&c?)).collect();
            return Ok(Wait::Any(waits?));
        }
        if is_generator(clause) {
            return Ok(self.fork(clause.clone()));
        }
        if clause.is_instance(&clause.py().import("pyhdl._process")?.getattr("Process")?)? {
            return Ok(self.fork(clause.getattr("gen")?));
        }
        if let Ok(clauses) = clause.getattr("_join_clauses") {
            let waits: PyResult<Vec<Wait>> = clauses.try_iter()?.map(|c| self.wait(&c?)).collect();
            return Ok(Wait::All(waits?));
        }
        if clause.is_instance_of::<pyo3::exceptions::PyBaseException>() {
            self.deferred.get_or_insert_with(|| PyErr::from_value(clause.clone()));
            return Ok(Wait::Now);
        }
        Err(PyTypeError::new_err(format!("yield clause {} has type {}", clause.repr()?, clause.get_type())))
    }

    fn fork(&mut self, generator: Bound<'_, PyAny>) -> Wait {
        let task = self.next_task;
        self.next_task += 1;
        self.tasks.insert(task, generator.unbind());
        Wait::Fork(HostTask(task))
    }

    fn id(&self, signal: &Bound<'_, Signal>) -> PyResult<SignalId> {
        signal
            .get()
            .id_in(&self.store)
            .or_else(|| bind_to_running(signal))
            .ok_or_else(|| PyValueError::new_err("this process waits for a signal of another simulation"))
    }
}

/// Activations after which a run counts as a long one: so many, and so many for each process.
const LONG: (u64, u64) = (20_000, 30);

/// Lets the simulation go on in machine code, as the options of the run say.
fn compile_later(simulation: &mut Simulation) {
    let profile = run_options().profile;
    let usual = pyhdl_jit::Options { profile, ..pyhdl_jit::Options::default() };
    let (after, options) = match run_options().engine {
        EngineChoice::Event => return,
        EngineChoice::Auto => (LONG.0 + LONG.1 * simulation.processes() as u64, usual),
        EngineChoice::Compiled(options) => (0, pyhdl_jit::Options { profile, ..options }),
        EngineChoice::Cycle(options) => {
            let compile: Compile =
                Box::new(|plan, watched| Ok(Box::new(Interpreted::new(plan, watched)?) as Box<_>));
            let validate = run_options().validate;
            return simulation.cycle(Cycling { after: 0, options, compile, validate });
        }
    };
    simulation.cycle(Cycling {
        after,
        options: options.plan.clone(),
        compile: Box::new(move |plan, watched| {
            let _generation = phases::enter(Phase::CodeGeneration);
            pyhdl_jit::compile(plan, &options, watched)
        }),
        validate: run_options().validate,
    });
}

/// Whether an object can be resumed as a generator.
fn is_generator(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: the object is alive; the check reads its type only.
    unsafe { pyo3::ffi::PyGen_Check(object.as_ptr()) != 0 }
}

/// A Python exception on its way through the kernel.
#[derive(Debug)]
struct Raised(PyErr);

impl std::fmt::Display for Raised {
    /// The exception's own text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Python::attach(|py| f.write_str(&self.0.value(py).str().map_or(String::new(), |s| s.to_string())))
    }
}

impl std::error::Error for Raised {}

fn raised(error: PyErr) -> HostError {
    Box::new(Raised(error))
}

struct PyHost<'a, 'py> {
    py: Python<'py>,
    engine: &'a mut Engine,
}

impl PyHost<'_, '_> {
    /// To be called before Python runs: it finds its generators of random numbers as it would without us.
    fn give_back(&mut self) -> Result<(), HostError> {
        self.engine.give_back(self.py).map_err(raised)
    }
}

impl Host for PyHost<'_, '_> {
    fn resume(&mut self, task: HostTask) -> Result<Resumption, HostError> {
        self.give_back()?;
        watch::tell(self.py, || self.engine.store.time());
        let generator = self.engine.generator(self.py, task).map_err(raised)?;
        // SAFETY: `generator` is a live object of this interpreter, and the interpreter is attached; the result is
        // a new reference or null with or without an exception set.
        let clause =
            unsafe { Bound::from_owned_ptr_or_opt(self.py, pyo3::ffi::PyIter_Next(generator.as_ptr())) };
        match clause {
            Some(clause) => self.engine.wait(&clause).map(Resumption::Wait).map_err(raised),
            None => match PyErr::take(self.py) {
                Some(error) => Err(raised(error)),
                None => {
                    self.engine.tasks.remove(&task.0);
                    Ok(Resumption::Finished)
                }
            },
        }
    }

    fn call(&mut self, process: ProcessId) -> Result<(), HostError> {
        self.give_back()?;
        let host = self.engine.lowered.hosts[process].map(|h| h as usize);
        let Some(process) = host.and_then(|h| self.engine.captured.processes.get(h)) else {
            return Err(raised(PyRuntimeError::new_err("a process without a function")));
        };
        let function = process.bind(self.py).getattr("func").map_err(raised)?;
        function.call0().map(|_| ()).map_err(raised)
    }

    fn reset(&mut self, process: ProcessId) -> Result<(), HostError> {
        self.give_back()?;
        let host = self.engine.lowered.hosts[process].map(|h| h as usize);
        let Some(process) = host.and_then(|h| self.engine.captured.processes.get(h)) else { return Ok(()) };
        process.bind(self.py).call_method0("reset_variables").map(|_| ()).map_err(raised)
    }

    fn commit(&mut self, signal: SignalId) -> Result<bool, HostError> {
        self.give_back()?;
        let known = self.engine.captured.signals.get(signal.index()).map(|s| s.clone_ref(self.py));
        let object = known.or_else(|| {
            let found = self.engine.found.lock();
            found.iter().find(|(id, _)| *id == signal).map(|(_, s)| s.clone_ref(self.py))
        });
        match object {
            Some(object) => object.get().commit_object(self.py).map_err(raised),
            None => Ok(false),
        }
    }

    fn print(&mut self, text: &str) -> Result<(), HostError> {
        self.give_back()?;
        let write = || self.py.import("sys")?.getattr("stdout")?.call_method1("write", (text,));
        write().map(|_| ()).map_err(|e| raised(crate::diagnostic::print_error(self.py, e)))
    }

    fn draw(&mut self, generator: u32, numbers: &RandomNumbers) -> Result<Value, HostError> {
        match self.engine.captured.generators.get_mut(generator as usize) {
            Some(generator) => generator.draw(self.py, numbers).map_err(raised),
            None => Err(raised(PyRuntimeError::new_err("a generator of random numbers that nobody knows"))),
        }
    }

    fn draw_quickly(&mut self, generator: u32, numbers: &RandomNumbers) -> Option<i64> {
        self.engine.captured.generators.get_mut(generator as usize)?.draw_own(numbers)
    }

    fn deferred(&mut self) -> Option<HostError> {
        self.engine.deferred.take().map(raised)
    }

    fn has_deferred(&self) -> bool {
        self.engine.deferred.is_some()
    }

    fn is_alone(&self) -> bool {
        self.engine.captured.cosimulations.is_empty()
    }

    fn exchange(&mut self, time: u64, pending: bool) -> Result<bool, HostError> {
        let mut again = false;
        if !self.engine.captured.cosimulations.is_empty() {
            self.give_back()?;
        }
        for cosimulation in &self.engine.captured.cosimulations {
            let asked = cosimulation.bind(self.py).call_method1("exchange", (time, pending || again));
            again |= asked.and_then(|answer| answer.is_truthy()).map_err(raised)?;
        }
        Ok(again)
    }

    fn advance(&mut self, time: u64) -> Result<(), HostError> {
        if !self.engine.captured.cosimulations.is_empty() {
            self.give_back()?;
        }
        for cosimulation in &self.engine.captured.cosimulations {
            cosimulation.bind(self.py).call_method1("advance", (time,)).map_err(raised)?;
        }
        Ok(())
    }

    fn planned(&self, took: Duration) {
        phases::move_to(Phase::Planning, took);
    }

    fn interrupted(&mut self, time: u64) -> Result<(), HostError> {
        self.give_back()?;
        watch::tell(self.py, || time);
        self.py.check_signals().map_err(raised)
    }

    fn outcome_of(&self, error: &HostError) -> Option<Outcome> {
        let Raised(error) = error.downcast_ref::<Raised>()?;
        let errors = self.py.import("pyhdl._errors").ok()?;
        let is = |name| errors.getattr(name).is_ok_and(|class| error.is_instance(self.py, &class));
        if is("StopSimulation") {
            Some(Outcome::Stopped)
        } else {
            is("_SuspendSimulation").then_some(Outcome::Suspended)
        }
    }
}

#[pymethods]
impl Engine {
    /// Captures and lowers the hierarchy under a block, or a list of blocks and processes.
    #[new]
    fn new(root: &Bound<'_, PyAny>) -> PyResult<Engine> {
        Engine::create(root.py(), root)
    }

    /// Runs for a number of time steps, or until nothing is left. Returns "suspended", "stopped" or "no more events".
    #[pyo3(signature = (duration=None))]
    fn run(&mut self, py: Python<'_>, duration: Option<u64>) -> PyResult<&'static str> {
        Ok(match self.drive(py, duration)? {
            Outcome::Suspended => "suspended",
            Outcome::Stopped => "stopped",
            Outcome::NoMoreEvents => "no more events",
        })
    }

    /// Ends the simulation: the signals have their initial values again.
    fn quit(&mut self, py: Python<'_>) -> PyResult<()> {
        self.end(py);
        self.wave_error(py)
    }

    /// Writes waves of all signals to a file from now on, or of those of one block and of what is inside it.
    #[pyo3(signature = (path, timescale="1ns", tracelists=true, top=None, block=None))]
    fn trace(
        &mut self,
        py: Python<'_>,
        path: &str,
        timescale: &str,
        tracelists: bool,
        top: Option<&str>,
        block: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let root = block.and_then(|block| self.captured.blocks.get(&(block.as_ptr() as usize)));
        let root = pyhdl_ir::ScopeId::from_usize(root.copied().unwrap_or(0));
        let timescale: Timescale = timescale
            .parse()
            .map_err(|e: pyhdl_wave::ParseTimescaleError| PyValueError::new_err(e.to_string()))?;
        let selection = Selection { root, top, timescale, lists: tracelists, excerpt: Excerpt::default() };
        self.write_waves(py, path, &selection)
    }

    #[getter]
    fn finished(&self) -> bool {
        self.finished && !self.over
    }

    /// For each process that stays in Python: its name and why.
    fn foreign(&self) -> Vec<(String, String)> {
        let processes = self.lowered.design.processes.iter();
        processes.filter_map(|p| p.foreign.clone().map(|reason| (p.name.clone(), reason))).collect()
    }
}

#[cfg(feature = "embed")]
impl Engine {
    pub fn store(&self) -> &Store {
        &self.store
    }
}
