//! `convert()` called from Python: an elaborated block to HDL files.

use std::collections::BTreeSet;
use std::path::Path;

use pyhdl_diag::{Diagnostic, Span};
use pyhdl_emit::{EmitOptions, Emitted, InitialValues, Language, RenameReason, Renamed};
use pyhdl_frontend::codes::NOT_PORTABLE;
use pyhdl_ir::{Design, ProcessId, StmtKind, for_each_stmt};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyString};

use crate::diagnostic::{diagnostic_error, render};
use crate::elaboration::Elaboration;
use crate::options::run_options;

/// What files of MyHDL's helper package say: scripts that compile such a file find it, and no design uses it.
const HELPER_PACKAGE: &str =
    "-- Part of the commands that scripts compile designs with. The design has its own helpers.
package pck_myhdl_011 is
end package pck_myhdl_011;
";

/// Writes a block as `verilog` or `vhdl` with the attributes of `toVerilog` or `toVHDL`. Returns the top's name, the
/// signals at its ports by name, and what is to be warned of.
#[pyfunction]
pub fn convert(
    py: Python<'_>,
    design: &Bound<'_, PyAny>,
    language: &str,
    settings: &Bound<'_, PyDict>,
) -> PyResult<(String, Py<PyDict>, Vec<String>)> {
    let elaboration = Elaboration::of(py, design)?;
    let lowered = &elaboration.lowered;
    let refuse = |d: &Diagnostic| Err(diagnostic_error(py, d, &elaboration.sources));
    let language = if language == "vhdl" { Language::Vhdl } else { Language::Verilog };
    let design = pyhdl_emit::with_user_code(&lowered.design, &lowered.code, language);
    // What an author's text replaces need not be convertible.
    let wanted = |process: ProcessId| design.processes[process].foreign.is_some();
    if let Some((_, refusal)) = lowered.refusals.iter().find(|(process, _)| wanted(*process)) {
        return refuse(refusal);
    }
    let rules = design.check();
    if let Some(error) = lowered.diagnostics.iter().chain(&rules).find(|d| d.is_error()) {
        return refuse(error);
    }
    if language.is_vhdl()
        && run_options().portable
        && let Some(span) = stepped_loop(&design)
    {
        let problem = Diagnostic::error(NOT_PORTABLE, "MyHDL does not convert a loop with a step to VHDL");
        return refuse(&problem.at(span, "here").known_as("Requirement violation"));
    }
    let settings = Settings(settings);
    let options = settings.options(&elaboration)?;
    let mut emitted = match pyhdl_emit::emit(&design, language, &options) {
        Ok(emitted) => emitted,
        Err(errors) => {
            let unknown = Diagnostic::error(pyhdl_emit::codes::STATEMENT, "this design cannot be emitted");
            return refuse(errors.first().unwrap_or(&unknown));
        }
    };
    let timescale = options.verilog.timescale.as_deref().unwrap_or(pyhdl_emit::TIMESCALE);
    let frame = settings.frame(language, &emitted, timescale)?;
    match frame.transpose() {
        Ok(frame) => emitted.files.extend(frame),
        Err(problem) => return refuse(&problem),
    }
    if language.is_vhdl() && !settings.flag("no_myhdl_package")? {
        emitted.files.push(("pck_myhdl_011.vhd".to_owned(), HELPER_PACKAGE.to_owned()));
    }
    let folder: String = settings.get("directory")?.extract()?;
    pyhdl_emit::write_files(Path::new(&folder), &emitted.files)
        .map_err(|e| PyOSError::new_err(e.to_string()))?;
    let ports = PyDict::new(py);
    for port in &emitted.ports {
        ports.set_item(&port.python_name, &elaboration.signals[port.signal.index()])?;
    }
    let warnings = lowered.diagnostics.iter().chain(&rules).map(|d| render(d, &elaboration.sources));
    let mut warnings: Vec<String> = warnings.collect();
    if language.is_vhdl() {
        let all: BTreeSet<String> = emitted.renamed.iter().map(said).collect();
        warnings.extend(all);
    }
    Ok((emitted.top, ports.unbind(), warnings))
}

/// A loop that does not count by one.
fn stepped_loop(design: &Design) -> Option<Span> {
    let mut found = None;
    for body in design.processes.iter().map(|p| &p.body).chain(design.functions.iter().map(|f| &f.body)) {
        for_each_stmt(body, &mut |stmt| {
            if let StmtKind::For { step, .. } = &stmt.kind
                && (step.magnitude() != &1u32.into())
            {
                found.get_or_insert(stmt.span);
            }
        });
    }
    found
}

/// MyHDL's words about a name that VHDL does not allow. Here it has been replaced by another one.
fn said(renamed: &Renamed) -> String {
    let name = &renamed.name;
    match renamed.reason {
        RenameReason::Keyword => format!("VHDL keyword used: {name}"),
        RenameReason::LeadingUnderscore => format!("VHDL variable names cannot start with '_': {name}"),
        RenameReason::DoubleUnderscore => {
            format!("VHDL variable names cannot contain double underscores '__': {name}")
        }
        RenameReason::Taken => format!("Previously used name being reused: {name}"),
        other => format!("{}: {name}", other.text(Language::Vhdl)),
    }
}

/// The attributes of a converter by name.
struct Settings<'a, 'py>(&'a Bound<'py, PyDict>);

impl<'py> Settings<'_, 'py> {
    fn get(&self, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.0.as_any().get_item(name)
    }

    /// False where there is no such attribute.
    fn flag(&self, name: &str) -> PyResult<bool> {
        self.0.get_item(name)?.map_or(Ok(false), |value| value.is_truthy())
    }

    /// `None` where there is no such attribute, and where it is not text.
    fn text(&self, name: &str) -> PyResult<Option<String>> {
        let value = self.0.get_item(name)?;
        Ok(value.and_then(|v| v.cast_into::<PyString>().ok()).map(|text| text.to_string()))
    }

    fn options<'e>(&self, elaboration: &'e Elaboration) -> PyResult<EmitOptions<'e>> {
        let power_up = pyhdl_sim::power_up_values(&elaboration.lowered.design);
        let mut options = EmitOptions {
            power_up: Some(power_up.into_iter().map(|v| v.to_bigint()).collect()),
            initial_values: self.initial_values()?,
            name: self.text("name")?,
            waits: true,
            assertions: self.flag("assertions")?,
            banner: !self.flag("no_myhdl_header")?,
            user_code: elaboration.lowered.code.clone(),
            header: self.text("header")?.unwrap_or_default(),
            ..EmitOptions::new(&elaboration.sources)
        };
        options.verilog.timescale = self.text("timescale")?.filter(|chosen| chosen != pyhdl_emit::TIMESCALE);
        options.verilog.blocking =
            self.0.get_item("prefer_blocking_assignments")?.map_or(Ok(true), |v| v.is_truthy())?;
        options.verilog.sensitivity_lists = self.text("standard")?.is_some_and(|standard| standard == "1995");
        let vhdl = &mut options.vhdl;
        vhdl.architecture = self.text("architecture")?.unwrap_or(std::mem::take(&mut vhdl.architecture));
        vhdl.library = self.text("library")?.unwrap_or(std::mem::take(&mut vhdl.library));
        vhdl.use_clauses = self.text("use_clauses")?.unwrap_or_default();
        vhdl.declarations = self.text("component_declarations")?.unwrap_or_default();
        vhdl.std_logic_ports = self.flag("std_logic_ports")?;
        Ok(options)
    }

    fn initial_values(&self) -> PyResult<InitialValues> {
        let value = self.get("initial_values")?;
        Ok(if value.cast::<PyString>().is_ok() {
            InitialValues::NoZeroMemories
        } else if value.is(PyBool::new(value.py(), false)) {
            InitialValues::None
        } else {
            InitialValues::All
        })
    }

    /// The frame for cosimulation, for a top with ports.
    fn frame(
        &self,
        language: Language,
        emitted: &Emitted,
        timescale: &str,
    ) -> PyResult<Option<Result<(String, String), Diagnostic>>> {
        if !language.is_verilog() || emitted.ports.is_empty() || self.flag("no_testbench")? {
            return Ok(None);
        }
        Ok(Some(pyhdl_emit::cosimulation_frame(emitted, timescale, self.flag("trace")?)))
    }
}
