//! What the command line asks of every simulation of a run, whoever starts it: the program or the user's script.

use std::path::PathBuf;

use parking_lot::Mutex;
use pyhdl_sim::Mode;
use pyhdl_sim::cycle::PlanOptions;
use pyhdl_wave::Excerpt;
use pyo3::prelude::*;

/// How the processes of a design run that do not stay in Python.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum EngineChoice {
    /// Interpreted at first, compiled when a run lasts.
    #[default]
    Auto,
    /// Interpreted, delta cycle by delta cycle.
    Event,
    /// Compiled from the first time step on.
    Compiled(pyhdl_jit::Options),
    /// Interpreted in cycle mode from the first time step on.
    Cycle(PlanOptions),
}

impl EngineChoice {
    /// What the environment variable `PYHDL_ENGINE` says, or `Auto`.
    pub fn usual() -> EngineChoice {
        match std::env::var("PYHDL_ENGINE").as_deref() {
            Ok("event") => EngineChoice::Event,
            Ok("compiled") => EngineChoice::Compiled(pyhdl_jit::Options::default()),
            Ok("cycle") => EngineChoice::Cycle(PlanOptions::default()),
            _ => EngineChoice::Auto,
        }
    }
}

/// Options of all simulations that are made from now on.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Lower processes; off, everything runs in Python.
    pub lower: bool,
    /// Refuse what MyHDL does not convert.
    pub portable: bool,
    /// Simulations end at this time, in time steps.
    pub until: Option<u64>,
    /// How lowered processes run.
    pub engine: EngineChoice,
    /// Find out where simulations spend their time.
    pub profile: bool,
    /// Compiled code is compared with event mode every so many units of time.
    pub validate: Option<u64>,
    /// The first simulation writes waves to this file, a second one to the same name with `_2`, and so on.
    pub wave: Option<PathBuf>,
    /// What these files are to have.
    pub excerpt: Excerpt,
}

impl Default for RunOptions {
    fn default() -> Self {
        RunOptions {
            lower: true,
            portable: false,
            until: None,
            engine: EngineChoice::usual(),
            profile: false,
            validate: None,
            wave: None,
            excerpt: Excerpt::default(),
        }
    }
}

struct State {
    options: RunOptions,
    /// How each simulation that has ended was running.
    modes: Vec<Mode>,
    /// Wave files that were started.
    waves: u32,
}

static STATE: Mutex<Option<State>> = Mutex::new(None);

/// Sets the options of all simulations that are made from now on.
pub fn set_run_options(options: RunOptions) {
    *STATE.lock() = Some(State { options, modes: Vec::new(), waves: 0 });
}

/// Whether conversions refuse what MyHDL does not convert.
#[pyfunction]
pub fn set_portable(on: bool) {
    let mut state = STATE.lock();
    state
        .get_or_insert_with(|| State { options: RunOptions::default(), modes: Vec::new(), waves: 0 })
        .options
        .portable = on;
}

pub(crate) fn run_options() -> RunOptions {
    STATE.lock().as_ref().map(|state| state.options.clone()).unwrap_or_default()
}

/// How the simulations of this run were running that have ended, in the order of their ends.
pub fn modes() -> Vec<Mode> {
    STATE.lock().as_ref().map(|state| state.modes.clone()).unwrap_or_default()
}

pub(crate) fn note_mode(mode: Mode) {
    if let Some(state) = STATE.lock().as_mut() {
        state.modes.push(mode);
    }
}

/// The wave file of the next simulation.
pub(crate) fn next_wave() -> Option<PathBuf> {
    let mut state = STATE.lock();
    let state = state.as_mut()?;
    let path = state.options.wave.clone()?;
    state.waves += 1;
    if state.waves == 1 {
        return Some(path);
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("_{}", state.waves));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    Some(path.with_file_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_waves_are_numbered() {
        set_run_options(RunOptions { wave: Some("a/w.vcd".into()), ..RunOptions::default() });
        let names: Vec<PathBuf> = std::iter::from_fn(next_wave).take(3).collect();
        assert_eq!(names, ["a/w.vcd", "a/w_2.vcd", "a/w_3.vcd"].map(PathBuf::from));
    }
}
