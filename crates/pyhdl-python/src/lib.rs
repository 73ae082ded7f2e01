//! Everything that touches CPython: the value types of the language, the capture of an elaboration as plain data,
//! processes that stay in Python, and the embedded interpreter of the `pyhdl` program.

mod capture;
pub mod codes;
mod convert;
mod diagnostic;
mod elaboration;
#[cfg(feature = "embed")]
mod embed;
mod engine;
mod enums;
mod folder;
mod functions;
mod intbv;
mod number;
mod operators;
mod options;
pub mod phases;
pub mod profile;
mod random;
mod signal;
mod trace;
mod unfinished;
mod watch;

pub use elaboration::Elaboration;
#[cfg(feature = "embed")]
pub use embed::{Failure, Interpreter, RecordedStep, Recording, ScriptRun};
pub use options::{EngineChoice, RunOptions, modes, set_run_options};
pub use pyhdl_jit as jit;
pub use pyhdl_sim::Mode;
pub use pyhdl_wave::Excerpt;
#[cfg(feature = "embed")]
pub use watch::{Watcher, watch};

use pyo3::prelude::*;

/// The part of the `pyhdl` package that is written in Rust.
#[pymodule]
pub mod _core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::convert::convert;
    #[pymodule_export]
    use crate::diagnostic::{DiagnosticHolder, make_diagnostic_error};
    #[pymodule_export]
    use crate::elaboration::start_waves;
    #[pymodule_export]
    use crate::engine::{Engine, now};
    #[pymodule_export]
    use crate::enums::{EnumItem, EnumType, make_enum};
    #[pymodule_export]
    use crate::functions::{Delay, bin, concat, downrange};
    #[pymodule_export]
    use crate::intbv::{IntBv, ModBv};
    #[pymodule_export]
    use crate::options::set_portable;
    #[pymodule_export]
    use crate::signal::{
        ConstantSignal, Edge, OpenPort, ResetSignal, Signal, concat_signal, elaborating, negedge, posedge,
        signal, tristate_signal,
    };

    #[pymodule_export]
    use crate::unfinished::finish_waves;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::folder::remember();
        let atexit = module.py().import("atexit")?;
        atexit.call_method1("register", (module.getattr("finish_waves")?,)).map(|_| ())
    }
}

/// The check of the build script.
#[cfg(test)]
#[path = "../build/libpython.rs"]
mod libpython;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use crate::libpython::problem;

    #[test]
    fn a_python_with_its_shared_library_can_be_embedded() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("libpython3.11.so"), "").unwrap();
        assert_eq!(problem("/usr/bin/python3", true, Some(folder.path()), Some("python3.11")), None);
    }

    #[test]
    fn a_missing_library_is_named_with_what_to_install() {
        let folder = tempfile::tempdir().unwrap();
        let said = problem("/usr/bin/python3", true, Some(folder.path()), Some("python3.11")).unwrap();
        assert!(said.contains("no libpython3.11.so in") && said.contains("libpython3-dev"), "{said}");
    }

    #[test]
    fn a_static_python_is_refused_with_what_to_install() {
        let said = problem("/opt/bin/python3", false, None, None).unwrap();
        assert!(said.contains("/opt/bin/python3") && said.contains("--enable-shared"), "{said}");
    }
}
