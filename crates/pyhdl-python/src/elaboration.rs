//! An elaborated and lowered design, as commands and conversions want it.

use pyhdl_diag::SourceTable;
use pyhdl_frontend::{LowerOptions, Lowered, lower};
use pyhdl_ir::ScopeId;
use pyhdl_sim::Store;
use pyhdl_wave::{Excerpt, Timescale};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::capture::capture;
use crate::options::run_options;
use crate::signal::Signal;
use crate::trace::{Selection, Waves};

/// An elaborated and lowered design.
pub struct Elaboration {
    pub lowered: Lowered,
    pub sources: SourceTable,
    /// The Python objects, by the number of the signal.
    pub(crate) signals: Vec<Py<Signal>>,
    /// The block that it was made from.
    #[cfg_attr(not(feature = "embed"), expect(dead_code, reason = "only the program simulates it again"))]
    pub(crate) root: Py<PyAny>,
}

/// Writes a file of waves in which nothing has happened yet.
#[pyfunction]
pub fn start_waves(
    py: Python<'_>,
    block: &Bound<'_, PyAny>,
    path: &str,
    timescale: &str,
    tracelists: bool,
    top: Option<&str>,
) -> PyResult<()> {
    let timescale: Timescale = timescale
        .parse()
        .map_err(|e: pyhdl_wave::ParseTimescaleError| PyValueError::new_err(e.to_string()))?;
    let captured = capture(py, block, false)?;
    let options = LowerOptions { portable: run_options().portable };
    let design = lower(&captured.elaborated, options, &mut SourceTable::new()).design;
    let excerpt = Excerpt::default();
    let selection = Selection { root: design.top(), top, timescale, lists: tracelists, excerpt };
    Waves::create(py, &design, &Store::new(&design), &captured, path, &selection)
        .map_err(|e| crate::diagnostic::wave_error(py, &e))?;
    Ok(())
}

impl Elaboration {
    /// Captures and lowers a block object.
    pub fn of(py: Python<'_>, root: &Bound<'_, PyAny>) -> PyResult<Elaboration> {
        let captured = capture(py, root, true)?;
        let mut sources = SourceTable::new();
        let lowered =
            lower(&captured.elaborated, LowerOptions { portable: run_options().portable }, &mut sources);
        Ok(Elaboration { lowered, sources, signals: captured.signals, root: root.clone().unbind() })
    }

    /// The instances whose instance name, path, or block function is `name`, outermost first.
    pub fn instances(&self, name: &str) -> Vec<ScopeId> {
        let design = &self.lowered.design;
        let by = |test: &dyn Fn(ScopeId) -> bool| {
            design.scopes.indices().filter(|id| test(*id)).collect::<Vec<_>>()
        };
        let path = by(&|id| design.path(id) == name || design.scopes[id].name == name);
        if !path.is_empty() {
            return path;
        }
        by(&|id| design.scopes[id].block == name)
    }
}
