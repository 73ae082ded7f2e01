//! [`WaveError`]: why there are no waves, or not all of them.

use std::io;
use std::path::{Path, PathBuf};

/// Why a waveform file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WaveError {
    #[error("cannot write {}: {error}", path.display())]
    Io { path: PathBuf, error: io::Error },
}

impl WaveError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> WaveError {
        |error| WaveError::Io { path: path.to_owned(), error }
    }
}
