//! Waves of simulations that have not ended when Python does: a script that runs a bench for some time steps leaves it
//! suspended.

use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use pyhdl_wave::{WaveError, WaveWriter};
use pyo3::prelude::*;

use crate::phases::{self, Phase};

/// A file of waves; `None` once it is complete, and after an error.
pub type WaveFile = Arc<Mutex<Option<WaveWriter>>>;

/// All files that may not be complete.
static FILES: Mutex<Vec<Weak<Mutex<Option<WaveWriter>>>>> = Mutex::new(Vec::new());

/// What went wrong at the end, for the program that this Python is inside of, if it is.
static COLLECTED: Mutex<Option<Vec<WaveError>>> = Mutex::new(None);

/// Completes a file when Python ends, if that has not happened by then.
pub fn remember(file: &WaveFile) {
    let mut files = FILES.lock();
    files.retain(|known| known.strong_count() > 0);
    files.push(Arc::downgrade(file));
}

/// Completes all files: Python ends.
#[pyfunction]
pub fn finish_waves(py: Python<'_>) -> PyResult<()> {
    let _phase = phases::enter(Phase::Waves);
    let files = std::mem::take(&mut *FILES.lock());
    let writers = files.iter().filter_map(Weak::upgrade).filter_map(|file| file.lock().take());
    let errors: Vec<WaveError> = writers.filter_map(|writer| writer.finish().err()).collect();
    match (&mut *COLLECTED.lock(), errors.first()) {
        (Some(collected), _) => collected.extend(errors),
        (None, Some(error)) => return Err(crate::diagnostic::wave_error(py, error)),
        (None, None) => {}
    }
    Ok(())
}

/// From now on nothing is raised at the end of Python: [`collected`] has it.
#[cfg(feature = "embed")]
pub fn collect() {
    COLLECTED.lock().get_or_insert_default();
}

/// What went wrong at the end of Python.
#[cfg(feature = "embed")]
pub fn collected() -> Vec<WaveError> {
    COLLECTED.lock().take().unwrap_or_default()
}
