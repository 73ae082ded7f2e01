//! [`WaveError`]: why there are no waves, or not all of them.

use std::io;
use std::path::{Path, PathBuf};

/// Why a waveform file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WaveError {
    #[error("cannot write {}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("there is no scope `{pattern}`")]
    NoScope { pattern: String, nearest: Vec<String> },
    #[error("there is no signal `{pattern}`")]
    NoSignal { pattern: String, nearest: Vec<String> },
    /// Not down to the depth that is wanted; some scopes that have signals.
    #[error("the chosen scopes have no signals")]
    NoSignals { elsewhere: Vec<String> },
    #[error("they would begin at {from} and end at {to}")]
    NoTime { from: u64, to: u64 },
    #[error("the simulation ends at {end}, and they would begin at {from}")]
    TooLate { from: u64, end: u64 },
}

impl WaveError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> WaveError {
        |error| WaveError::Io { path: path.to_owned(), error }
    }
}
