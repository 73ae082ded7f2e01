//! The embedded interpreter: how the `pyhdl` program starts CPython and runs the user's files in it.

mod failure;
mod record;

pub use failure::Failure;
pub use record::{RecordedStep, Recording};

use std::cell::Cell;
use std::ffi::{CStr, CString, OsStr};
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use pyhdl_diag::{Diagnostic, SourceTable};
use pyhdl_ir::SignalId;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCFunction, PyDict, PyList};

use crate::codes::{ENVIRONMENT, INTERPRETER};
use crate::diagnostic::wave_diagnostic;
use crate::elaboration::Elaboration;
use crate::engine::Engine;
use crate::unfinished;
use failure::{explain, explain_design, flush_output, is_output_closed};
use record::Recorder;

static PACKAGE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../stdlib/pyhdl");

/// The same compiled, by the build script.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/package.bin"));

const BOOTSTRAP: &str = include_str!("bootstrap.py");

/// Lets a seed decide what generators of random numbers give.
const SEEDING: &str = include_str!("seed.py");

/// As shells report it.
const EXIT_ON_SIGTERM: &CStr = c"
import _signal
def _terminate(number, frame):
    raise SystemExit(128 + number)
if _signal.getsignal(_signal.SIGTERM) == _signal.SIG_DFL:
    _signal.signal(_signal.SIGTERM, _terminate)
";

/// A running interpreter with the `pyhdl` package in it.
pub struct Interpreter {
    /// Ctrl-C was pressed while Python did nothing.
    interrupted: Cell<bool>,
}

/// What running a file as a script did.
pub struct ScriptRun {
    /// Simulations that it ran.
    pub simulations: u32,
    /// Designs that it converted.
    pub conversions: u32,
    namespace: Py<PyDict>,
}

impl Interpreter {
    /// Starts CPython: that of the activated virtual environment if there is one, else the one this program was
    /// built for. `args` becomes `sys.argv`. A seed decides what Python's `random` and numpy's global generator give,
    /// and the order of sets; `PYHDL_SEED` has it.
    pub fn start(args: &[String], seed: Option<u32>) -> Result<Interpreter, Box<Diagnostic>> {
        let program = python_program()?;
        initialize(&program, seed)?;
        Python::attach(|py| bootstrap(py, args, seed)).map_err(|e| {
            Box::new(Diagnostic::error(INTERPRETER, format!("the embedded Python cannot be set up: {e}")))
        })?;
        Ok(Interpreter { interrupted: Cell::new(false) })
    }

    /// Runs a file as `python FILE` does. SIGTERM ends it as `sys.exit` does, unless it takes care of that itself.
    pub fn run_script(&self, file: &Path) -> Result<ScriptRun, Failure> {
        self.with(explain, |py| {
            py.run(EXIT_ON_SIGTERM, Some(&PyDict::new(py)), None)?;
            let namespace = run_file(py, file, "__main__")?;
            let simulations = py.import("pyhdl._block")?.getattr("runs")?.extract()?;
            let conversions = py.import("pyhdl._conversion")?.getattr("runs")?.extract()?;
            Ok(ScriptRun { simulations, conversions, namespace: namespace.unbind() })
        })
    }

    /// Imports a file as a module and returns its names.
    fn import(&self, py: Python<'_>, file: &Path) -> PyResult<Py<PyDict>> {
        let name = file.file_stem().and_then(OsStr::to_str).unwrap_or("design");
        Ok(run_file(py, file, name)?.unbind())
    }

    /// Finds the test bench among the names of a script and simulates it.
    pub fn simulate_bench(&self, run: &ScriptRun, file: &Path, top: Option<&str>) -> Result<(), Failure> {
        self.with(explain, |py| {
            let tops = py.import("pyhdl._tops")?;
            let bench =
                tops.call_method1("find_bench", (run.namespace.bind(py), file.display().to_string(), top))?;
            let mut engine = Engine::create(py, &bench)?;
            let result = engine.drive(py, None);
            engine.end(py);
            result.map(|_| ())
        })
    }

    /// Imports a file, elaborates its test bench or the block named `top`, and lowers it. A `top` that is an instance
    /// inside the test bench, by instance name or block name, leaves the whole test bench elaborated.
    pub fn elaborate(&self, file: &Path, top: Option<&str>) -> Result<Elaboration, Failure> {
        self.with(explain_design, |py| {
            let namespace = self.import(py, file)?;
            let tops = py.import("pyhdl._tops")?;
            let path = file.display().to_string();
            let mut root = tops.call_method1("find_root", (namespace.bind(py), &path, top))?;
            if root.is_none() {
                // No block can be called as it is: run the script up to its first simulation.
                let script = file.to_owned();
                let run = PyCFunction::new_closure(py, None, None, move |args, _| {
                    run_file(args.py(), &script, "__main__").map(|_| ())
                })?;
                root = tops.call_method1("elaborate_script", (run, namespace.bind(py), &path, top))?;
            }
            Elaboration::of(py, &root)
        })
    }

    /// Simulates an elaborated test bench and records what crosses the boundary of one of its scopes.
    pub fn record(&self, elaboration: &Elaboration, signals: &[SignalId]) -> Result<Recording, Failure> {
        self.with(explain_design, |py| {
            let mut engine = Engine::create(py, elaboration.root.bind(py))?;
            let recorder = Recorder::new(signals, engine.store());
            let recording = recorder.recording();
            engine.observe(Box::new(recorder));
            let result = engine.drive(py, None);
            engine.end(py);
            result?;
            let recording = std::mem::take(&mut *recording.lock());
            Ok(recording)
        })
    }

    /// Lets prints of Python, from now on, go where messages go.
    pub fn prints_on_stderr(&self) -> Result<(), Failure> {
        self.with(explain, |py| {
            let sys = py.import("sys")?;
            sys.setattr("stdout", sys.getattr("stderr")?)
        })
    }

    /// Whether Ctrl-C was pressed since the program, or Python, looked last. Asked again, the answer stays yes.
    pub fn interrupted(&self) -> bool {
        self.interrupted.get() || {
            let now = Python::attach(|py| py.check_signals().is_err());
            self.interrupted.set(now);
            now
        }
    }

    /// Ends Python, and tells what went wrong with the waves of simulations that had not ended.
    pub fn end(self) -> Result<(), Failure> {
        unfinished::collect();
        drop(self);
        match unfinished::collected().first() {
            Some(error) => Err(Failure::Diagnostic {
                diagnostic: Box::new(wave_diagnostic(error)),
                sources: Box::new(SourceTable::new()),
                traceback: None,
            }),
            None => Ok(()),
        }
    }

    fn with<T>(
        &self,
        explain: fn(Python<'_>, &PyErr) -> Failure,
        f: impl FnOnce(Python<'_>) -> PyResult<T>,
    ) -> Result<T, Failure> {
        Python::attach(|py| {
            let result = f(py);
            match (result, flush_output(py)) {
                (Ok(value), Ok(())) => Ok(value),
                (Ok(_), Err(output)) => Err(output),
                (Err(error), Err(output)) if error.is_instance_of::<PyOSError>(py) => Err(output),
                (Err(error), Ok(())) if is_output_closed(py, &error) => Err(Failure::OutputClosed),
                (Err(error), _) => Err(explain(py, &error)),
            }
        })
    }
}

impl Drop for Interpreter {
    /// Ends Python as it would end by itself: threads are waited for, `atexit` functions run, files are flushed.
    fn drop(&mut self) {
        // What other code has dropped meanwhile is really dropped now.
        Python::attach(|_| {});
        // SAFETY: this thread started the interpreter, and nothing attaches to it afterwards: the program has one
        // `Interpreter`, and what it gives out is only used while it lives.
        unsafe {
            pyo3::ffi::PyGILState_Ensure();
            pyo3::ffi::Py_FinalizeEx();
        }
    }
}

/// The interpreter whose environment is wanted.
fn python_program() -> Result<PathBuf, Box<Diagnostic>> {
    let Some(environment) = std::env::var_os("VIRTUAL_ENV").map(PathBuf::from) else {
        return Ok(PathBuf::from(env!("PYHDL_PYTHON")));
    };
    let version = env!("PYHDL_PYTHON_VERSION");
    let library = environment.join("lib").join(format!("python{version}"));
    if !library.is_dir() {
        return Err(Box::new(
            Diagnostic::error(
                ENVIRONMENT,
                format!(
                    "the activated environment {} is not for Python {version}, which this program contains",
                    environment.display()
                ),
            )
            .help(format!("make the environment with python{version}, or build pyhdl while it is activated")),
        ));
    }
    Ok(environment.join("bin").join("python3"))
}

fn initialize(program: &Path, seed: Option<u32>) -> Result<(), Box<Diagnostic>> {
    pyo3::append_to_inittab!(_core);
    let fail = |what: &str| {
        Box::new(
            Diagnostic::error(INTERPRETER, format!("the embedded Python cannot be started: {what}"))
                .help("install the Python that pyhdl was built for, or build pyhdl again"),
        )
    };
    let name = CString::new(program.display().to_string()).map_err(|_| fail("its path has a zero byte"))?;
    // SAFETY: this is CPython's documented way to start an interpreter; the configuration is initialised before it is
    // used and cleared afterwards, the strings outlive the calls, and no interpreter runs in this process before.
    unsafe {
        use pyo3::ffi;
        let mut config = std::mem::MaybeUninit::<ffi::PyConfig>::zeroed();
        ffi::PyConfig_InitPythonConfig(config.as_mut_ptr());
        let config_ptr = config.as_mut_ptr();
        (*config_ptr).parse_argv = 0;
        if let Some(seed) = seed.filter(|_| std::env::var_os("PYTHONHASHSEED").is_none()) {
            ((*config_ptr).use_hash_seed, (*config_ptr).hash_seed) = (1, seed.into());
        }
        let mut status =
            ffi::PyConfig_SetBytesString(config_ptr, &raw mut (*config_ptr).program_name, name.as_ptr());
        if ffi::PyStatus_Exception(status) == 0 {
            status = ffi::Py_InitializeFromConfig(config_ptr);
        }
        ffi::PyConfig_Clear(config_ptr);
        if ffi::PyStatus_Exception(status) != 0 {
            let message = if status.err_msg.is_null() {
                "unknown reason".into()
            } else {
                std::ffi::CStr::from_ptr(status.err_msg).to_string_lossy().into_owned()
            };
            return Err(fail(&message));
        }
        // The thread state is given back so that `Python::attach` can take it.
        ffi::PyEval_SaveThread();
    }
    Ok(())
}

use crate::_core;

fn bootstrap(py: Python<'_>, args: &[String], seed: Option<u32>) -> PyResult<()> {
    let sources = PyDict::new(py);
    for file in PACKAGE.files().filter(|f| f.path().extension().is_some_and(|e| e == "py")) {
        if let (Some(name), Some(text)) =
            (file.path().file_stem().and_then(OsStr::to_str), file.contents_utf8())
        {
            sources.set_item(name, text)?;
        }
    }
    let globals = PyDict::new(py);
    globals.set_item("SOURCES", sources)?;
    globals.set_item("COMPILED", PyBytes::new(py, COMPILED))?;
    globals.set_item("ARGS", PyList::new(py, args)?)?;
    let code = CString::new(BOOTSTRAP).unwrap_or_default();
    py.run(&code, Some(&globals), None)?;
    let Some(seed) = seed else { return Ok(()) };
    let globals = PyDict::new(py);
    globals.set_item("SEED", seed)?;
    let code = CString::new(SEEDING).unwrap_or_default();
    py.run(&code, Some(&globals), None)
}

/// Runs a file in a module of the given name, with its folder first on the module search path.
fn run_file<'py>(py: Python<'py>, file: &Path, name: &str) -> PyResult<Bound<'py, PyDict>> {
    let text = std::fs::read(file)?;
    let path = file.display().to_string();
    let sys = py.import("sys")?;
    let folder = std::path::absolute(file)?;
    let folder = folder.parent().unwrap_or(Path::new(".")).display().to_string();
    let search = sys.getattr("path")?.cast_into::<PyList>()?;
    if search.is_empty() || search.get_item(0)?.extract::<String>().ok().as_deref() != Some(&folder) {
        search.insert(0, &folder)?;
    }
    let code = py.import("builtins")?.getattr("compile")?.call1((PyBytes::new(py, &text), &path, "exec"))?;
    let module = if name == "__main__" {
        py.import("__main__")?.into_any()
    } else {
        let module = py.import("types")?.getattr("ModuleType")?.call1((name,))?;
        sys.getattr("modules")?.set_item(name, &module)?;
        module
    };
    let namespace = module.getattr("__dict__")?.cast_into::<PyDict>()?;
    namespace.set_item("__name__", name)?;
    namespace.set_item("__file__", &path)?;
    namespace.set_item("__builtins__", py.import("builtins")?)?;
    py.import("builtins")?.getattr("exec")?.call1((code, &namespace))?;
    Ok(namespace)
}
