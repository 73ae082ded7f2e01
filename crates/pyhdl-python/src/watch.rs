//! Telling somebody how far a simulation has come.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTuple};

/// Somebody who shows how far simulations have come.
pub trait Watcher: Send + Sync {
    /// A simulation has got on, to this time; called often. Whether the terminal shows something now that output must
    /// not mix with.
    fn at(&self, time: &dyn Fn() -> u64) -> bool;

    /// Something else is about to be written to the terminal.
    fn aside(&self);
}

struct State {
    watcher: Arc<dyn Watcher>,
    /// Whether the streams of Python call [`Watcher::aside`].
    steps_aside: bool,
}

/// Whether there is anything in `STATE`: all that is looked at where nobody watches.
static WATCHED: AtomicBool = AtomicBool::new(false);

static STATE: Mutex<Option<State>> = Mutex::new(None);

/// From now on somebody is told.
#[cfg(feature = "embed")]
pub fn watch(watcher: Arc<dyn Watcher>) {
    *STATE.lock() = Some(State { watcher, steps_aside: false });
    WATCHED.store(true, Ordering::Relaxed);
}

/// A simulation has got on.
pub fn tell(py: Python<'_>, time: impl Fn() -> u64) {
    if !WATCHED.load(Ordering::Relaxed) {
        return;
    }
    let mut state = STATE.lock();
    let Some(state) = state.as_mut() else { return };
    if state.watcher.at(&time) && !std::mem::replace(&mut state.steps_aside, true) {
        for name in ["stdout", "stderr"] {
            // A stream of the script's own may have no place for that.
            let _ = step_aside(py, name, state.watcher.clone());
        }
    }
}

/// Lets a stream that writes to a terminal say so before it does.
fn step_aside(py: Python<'_>, name: &str, watcher: Arc<dyn Watcher>) -> PyResult<()> {
    let stream = py.import("sys")?.getattr(name)?;
    if !stream.call_method0("isatty")?.is_truthy()? {
        return Ok(());
    }
    let write = stream.getattr("write")?.unbind();
    let aside = move |args: &Bound<'_, PyTuple>, options: Option<&Bound<'_, PyDict>>| {
        watcher.aside();
        write.call(args.py(), args, options)
    };
    stream.setattr("write", PyCFunction::new_closure(py, None, None, aside)?)
}
