//! [`FlowError`]: how running a tool can fail.

use std::path::PathBuf;

use pyhdl_diag::Diagnostic;

use crate::{Tool, codes};

/// Why a tool gave no result.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    #[error("{}", .0.message)]
    NotInstalled(Diagnostic),
    #[error("{} failed: {command}\n{output}", tool.title())]
    Failed {
        tool: Tool,
        /// The command line, for the reader to repeat.
        command: String,
        /// What the tool printed, shortened in the middle where it is long.
        output: String,
    },
    #[error("{} did not end within {seconds} s and was stopped: {command}\n{output}", tool.title())]
    TimedOut { tool: Tool, command: String, seconds: u64, output: String },
    #[error("interrupted")]
    Interrupted,
    #[error("{} cannot be used: {source}", path.display())]
    Files { path: PathBuf, source: std::io::Error },
    /// The caller's steps or ports contradict each other.
    #[error("the recorded inputs do not fit the ports: {0}")]
    BadReplay(String),
    #[error("{} wrote no usable results: {problem}", tool.title())]
    BadResults { tool: Tool, problem: String },
    /// The design checks something, and it does not hold.
    #[error("an assertion failed in {}: {message}", tool.title())]
    Asserted {
        tool: Tool,
        /// What the first one says.
        message: String,
    },
}

impl FlowError {
    /// The same as a diagnostic with a code; there is no place in the Python source that it could point at.
    pub fn diagnostic(&self) -> Diagnostic {
        let code = match self {
            FlowError::NotInstalled(diagnostic) => return diagnostic.clone(),
            FlowError::Failed { .. } | FlowError::Interrupted => codes::TOOL_FAILED,
            FlowError::TimedOut { .. } => codes::TOOL_TIMEOUT,
            FlowError::Files { .. } => codes::TOOL_FILES,
            FlowError::BadReplay(_) => codes::BAD_REPLAY,
            FlowError::BadResults { .. } => codes::BAD_RESULTS,
            FlowError::Asserted { .. } => codes::ASSERTED,
        };
        Diagnostic::error(code, self.to_string())
    }

    pub(crate) fn files(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        FlowError::Files { path: path.into(), source }
    }
}
