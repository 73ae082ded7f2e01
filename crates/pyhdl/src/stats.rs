//! What a run spent its time on, as text.

use std::fmt::Write;
use std::time::Duration;

use indicatif::HumanCount;
use pyhdl_python::phases::{Phase, Phases};

/// What takes less than this would be shown as nothing.
const SHOWN: Duration = Duration::from_micros(500);

/// One line for each phase that took time, and one for all of them.
pub fn table(phases: &Phases) -> String {
    let mut out = String::new();
    let mut line = |name: &str, time: Duration, more: &str| {
        let _ = writeln!(out, "{name:<18}{:>9.3} s{more}", time.as_secs_f64());
    };
    for phase in Phase::ALL {
        let time = phases.time(phase);
        match phase {
            Phase::Run => line(name(phase), time, &speed(phases)),
            _ if time < SHOWN => {}
            _ => line(name(phase), time, ""),
        }
    }
    line("all", Phase::ALL.iter().map(|phase| phases.time(*phase)).sum(), "");
    out
}

fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::Interpreter => "interpreter",
        Phase::Python => "elaboration",
        Phase::Lowering => "lowering",
        Phase::Planning => "planning",
        Phase::CodeGeneration => "code generation",
        Phase::Run => "run",
        Phase::Waves => "waves",
    }
}

/// How fast time passed in simulations, waves included.
fn speed(phases: &Phases) -> String {
    let seconds = (phases.time(Phase::Run) + phases.time(Phase::Waves)).as_secs_f64();
    if phases.steps == 0 || seconds == 0.0 {
        return String::new();
    }
    let speed = (phases.steps as f64 / seconds) as u64;
    format!("   {} time steps, {} a second", HumanCount(phases.steps), HumanCount(speed))
}
