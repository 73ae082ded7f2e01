//! What a run spends its time on, where somebody wants to know.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// Something that takes time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// The start of the interpreter.
    Interpreter,
    /// The user's Python outside of simulations: it elaborates.
    Python,
    /// Processes become typed statements.
    Lowering,
    /// A time step becomes a plan.
    Planning,
    /// The plan becomes machine code.
    CodeGeneration,
    /// Time passes in simulations.
    Run,
    /// Waves are written.
    Waves,
}

impl Phase {
    pub const ALL: [Phase; 7] = [
        Phase::Interpreter,
        Phase::Python,
        Phase::Lowering,
        Phase::Planning,
        Phase::CodeGeneration,
        Phase::Run,
        Phase::Waves,
    ];
}

/// What was measured.
#[derive(Clone, Debug)]
pub struct Phases {
    times: [Duration; Phase::ALL.len()],
    /// Time steps that simulations have got on.
    pub steps: u64,
    now: Phase,
    since: Instant,
}

/// Whether there is anything in `PHASES`: all that is looked at where nobody wants to know.
static MEASURED: AtomicBool = AtomicBool::new(false);

static PHASES: Mutex<Option<Phases>> = Mutex::new(None);

/// Measures from now on, beginning with the start of the interpreter.
pub fn measure() {
    let phases =
        Phases { times: Default::default(), steps: 0, now: Phase::Interpreter, since: Instant::now() };
    *PHASES.lock() = Some(phases);
    MEASURED.store(true, Ordering::Relaxed);
}

/// What was measured until now.
pub fn measured() -> Option<Phases> {
    change(|phases| {
        phases.switch(phases.now);
        phases.clone()
    })
}

/// From now on it is another phase.
pub fn switch(phase: Phase) -> Option<Phase> {
    change(|phases| phases.switch(phase))
}

/// Another phase until the result is dropped; the phase before it rests meanwhile.
pub fn enter(phase: Phase) -> Inside {
    Inside { before: switch(phase) }
}

/// Part of the present phase was another one.
pub fn move_to(phase: Phase, time: Duration) {
    change(|phases| {
        phases.switch(phases.now);
        let now = phases.now as usize;
        let time = time.min(phases.times[now]);
        phases.times[now] -= time;
        phases.times[phase as usize] += time;
    });
}

/// Simulations have got on.
pub fn count_steps(steps: u64) {
    change(|phases| phases.steps += steps);
}

/// Ends a phase when it is dropped.
pub struct Inside {
    before: Option<Phase>,
}

impl Drop for Inside {
    fn drop(&mut self) {
        if let Some(before) = self.before {
            switch(before);
        }
    }
}

fn change<T>(change: impl FnOnce(&mut Phases) -> T) -> Option<T> {
    if !MEASURED.load(Ordering::Relaxed) {
        return None;
    }
    PHASES.lock().as_mut().map(change)
}

impl Phases {
    pub fn time(&self, phase: Phase) -> Duration {
        self.times[phase as usize]
    }

    fn switch(&mut self, phase: Phase) -> Phase {
        let now = Instant::now();
        self.times[self.now as usize] += now - self.since;
        self.since = now;
        std::mem::replace(&mut self.now, phase)
    }
}

#[cfg(test)]
mod tests {
    use std::thread::sleep;

    use super::*;

    #[test]
    fn phases_inside_of_others_count_once() {
        let start = Instant::now();
        measure();
        switch(Phase::Python);
        {
            let _run = enter(Phase::Run);
            sleep(Duration::from_millis(20));
            {
                let _waves = enter(Phase::Waves);
                sleep(Duration::from_millis(20));
            }
            move_to(Phase::Planning, Duration::from_millis(5));
        }
        let phases = measured().unwrap_or_else(|| panic!("nothing was measured"));
        let whole = start.elapsed();
        let sum: Duration = Phase::ALL.iter().map(|phase| phases.time(*phase)).sum();
        assert!(sum <= whole && phases.time(Phase::Waves) >= Duration::from_millis(20));
        assert_eq!(phases.time(Phase::Planning), Duration::from_millis(5));
        assert!(phases.time(Phase::Run) >= Duration::from_millis(15));
    }
}
