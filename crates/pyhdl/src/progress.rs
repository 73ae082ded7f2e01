//! Signs of life on a terminal while something takes its time. Elsewhere nothing is shown.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use pyhdl_python::Watcher;

/// A line on standard error that moves until this is dropped, and is gone then.
pub struct Progress(ProgressBar);

impl Progress {
    pub fn start(text: String) -> Progress {
        let bar = ProgressBar::new_spinner().with_message(text);
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(bar)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A line on standard error that counts what is done, until this is dropped.
pub struct Counter(ProgressBar);

impl Counter {
    pub fn start(seeds: usize) -> Counter {
        let bar = ProgressBar::new(seeds as u64);
        let bar = bar.with_style(style("{spinner} {pos} of {len} seeds{msg}, {eta} left"));
        bar.enable_steady_tick(Duration::from_millis(100));
        Counter(bar)
    }

    pub fn at(&self, done: usize, failed: usize) {
        if failed > 0 {
            self.0.set_message(format!(", {failed} failed"));
        }
        self.0.set_position(done as u64);
    }

    /// Does something that writes to the terminal, too.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// How long a simulation runs before anything is shown.
const QUIET: Duration = Duration::from_secs(2);

/// How often what is shown changes.
const REFRESH: Duration = Duration::from_millis(250);

/// A line on standard error that says how far a simulation has come and how fast it is; on a terminal only.
pub struct Live(Option<Arc<Line>>);

impl Live {
    /// `until` is the time at which simulations end.
    pub fn start(until: Option<u64>) -> Live {
        let line = std::io::stderr().is_terminal().then(|| {
            let line = Arc::new(Line { start: Instant::now(), until, state: Mutex::default() });
            pyhdl_python::watch(line.clone());
            line
        });
        Live(line)
    }

    /// Takes the line away.
    pub fn end(self) {
        if let Some(line) = self.0 {
            line.aside();
        }
    }
}

struct Line {
    start: Instant,
    until: Option<u64>,
    state: Mutex<LineState>,
}

#[derive(Default)]
struct LineState {
    /// When a simulation was where.
    last: Option<(Instant, u64)>,
    /// Time steps a second, of the last seconds more than of those before.
    speed: f64,
    bar: Option<ProgressBar>,
}

impl Watcher for Line {
    fn at(&self, time: &dyn Fn() -> u64) -> bool {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (then, before) = *state.last.get_or_insert_with(|| (now, time()));
        let passed = now - then;
        if passed < REFRESH || now - self.start < QUIET {
            return false;
        }
        let time = time();
        // Another simulation begins anew.
        let speed = time.saturating_sub(before) as f64 / passed.as_secs_f64();
        state.speed = if state.speed > 0.0 { 0.7 * state.speed + 0.3 * speed } else { speed };
        state.last = Some((now, time));
        let text = text(time, state.speed, self.until);
        let bar = state.bar.get_or_insert_with(|| ProgressBar::new_spinner().with_style(style("{msg}")));
        bar.set_message(text);
        true
    }

    fn aside(&self) {
        if let Some(bar) = self.state.lock().unwrap_or_else(PoisonError::into_inner).bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// What the line says.
fn text(time: u64, speed: f64, until: Option<u64>) -> String {
    let mut text = format!("time {}, {} time steps/s", HumanCount(time), HumanCount(speed as u64));
    if let Some(until) = until
        && speed >= 1.0
    {
        let left = Duration::from_secs((until.saturating_sub(time) as f64 / speed) as u64);
        text.push_str(&format!(", {} left", HumanDuration(left)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_time_speed_and_what_is_left() {
        assert_eq!(text(12_000, 1500.5, None), "time 12,000, 1,500 time steps/s");
        assert_eq!(text(12_000, 1000.0, Some(22_000)), "time 12,000, 1,000 time steps/s, 10 seconds left");
        assert_eq!(text(0, 0.0, Some(u64::MAX)), "time 0, 0 time steps/s");
    }

    #[test]
    fn nothing_is_shown_of_short_runs() {
        let line = Line { start: Instant::now(), until: None, state: Mutex::default() };
        assert!((0..1000).all(|time| !line.at(&|| time)));
    }
}
