//! Signs of life on a terminal while something takes its time. Elsewhere nothing is shown.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

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
        let style = ProgressStyle::with_template("{spinner} {pos} of {len} seeds{msg}, {eta} left");
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
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

impl Drop for Counter {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
