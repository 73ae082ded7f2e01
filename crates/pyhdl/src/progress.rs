//! Signs of life on a terminal while something takes its time. Elsewhere nothing is shown.

use std::time::Duration;

use indicatif::ProgressBar;

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
