//! `convert()` called from Python: an elaborated block to HDL files.

use std::path::Path;

use pyhdl_diag::Diagnostic;
use pyhdl_emit::{EmitOptions, Language};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;

use crate::embed::elaborate_object;
use crate::failure::diagnostic_error;

/// Writes a block as `verilog` or `vhdl` into a folder.
#[pyfunction]
#[pyo3(signature = (design, language, folder, name=None))]
pub fn convert(
    py: Python<'_>,
    design: &Bound<'_, PyAny>,
    language: &str,
    folder: &str,
    name: Option<String>,
) -> PyResult<()> {
    let elaboration = elaborate_object(py, design)?;
    let lowered = &elaboration.lowered;
    let refuse = |d: &Diagnostic| Err(diagnostic_error(py, d, &elaboration.sources));
    if let Some((_, refusal)) = lowered.refusals.first() {
        return refuse(refusal);
    }
    let rules = lowered.design.check();
    if let Some(error) = lowered.diagnostics.iter().chain(&rules).find(|d| d.is_error()) {
        return refuse(error);
    }
    let language = if language == "vhdl" { Language::Vhdl } else { Language::Verilog };
    let power_up = pyhdl_sim::power_up_values(&lowered.design);
    let options = EmitOptions {
        power_up: Some(power_up.into_iter().map(|v| v.to_bigint()).collect()),
        name,
        sources: &elaboration.sources,
    };
    let emitted = match pyhdl_emit::emit(&lowered.design, language, &options) {
        Ok(emitted) => emitted,
        Err(errors) => {
            let unknown = Diagnostic::error(pyhdl_emit::codes::STATEMENT, "this design cannot be emitted");
            return refuse(errors.first().unwrap_or(&unknown));
        }
    };
    pyhdl_emit::write_files(Path::new(folder), &emitted.files)
        .map_err(|e| PyOSError::new_err(e.to_string()))?;
    Ok(())
}
