//! What became of each seed as JUnit XML, which continuous integration reads.

use std::fmt::Display;
use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use pyhdl_diag::Diagnostic;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use tempfile::NamedTempFile;

use super::worker::{Ending, Run};
use crate::codes;

/// A file that is there as a whole or not at all.
pub struct File {
    path: PathBuf,
    /// Its contents until they are complete.
    draft: NamedTempFile,
}

impl File {
    /// Fails where there can be no such file, before anything has run.
    pub fn new(path: &Path) -> Result<File, Box<Diagnostic>> {
        if path.is_dir() {
            return Err(problem(path, &io::ErrorKind::IsADirectory));
        }
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let draft = tempfile::Builder::new()
            .prefix(".pyhdl-")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)
            .map_err(|e| problem(path, &e.kind()))?;
        Ok(File { path: path.to_owned(), draft })
    }

    /// Writes what is known of the runs of a design.
    pub fn write(mut self, design: &Path, runs: &[Run]) -> Result<(), Box<Diagnostic>> {
        let text = report(design, runs).to_string().map_err(io::Error::other);
        let written = text.and_then(|text| self.draft.write_all(text.as_bytes()));
        written.map_err(|e| problem(&self.path, &e))?;
        self.draft.persist(&self.path).map_err(|e| problem(&self.path, &e.error))?;
        Ok(())
    }
}

fn problem(path: &Path, error: &dyn Display) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(codes::OUTPUT, format!("{} cannot be written: {error}", path.display()))
            .help("choose another place with --junit"),
    )
}

fn report(design: &Path, runs: &[Run]) -> Report {
    let mut suite = TestSuite::new(design.display().to_string());
    for run in runs {
        suite.add_test_case(case(design, run));
    }
    let mut report = Report::new("pyhdl sim");
    report.set_time(runs.iter().map(|run| run.took).sum());
    report.add_test_suite(suite);
    report
}

fn case(design: &Path, run: &Run) -> TestCase {
    let status = match &run.ending {
        Ending::Passed { .. } => TestCaseStatus::success(),
        Ending::Failed { message, .. } => unsuccessful(NonSuccessKind::Failure, message),
        Ending::Died(message) => unsuccessful(NonSuccessKind::Error, message),
    };
    let mut case = TestCase::new(format!("seed {}", run.seed), status);
    case.set_classname(design.file_stem().unwrap_or_default().to_string_lossy());
    case.set_time(run.took);
    if !run.output.is_empty() {
        case.set_system_out(&run.output);
    }
    case
}

fn unsuccessful(kind: NonSuccessKind, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(message);
    status
}
