//! The diagnostic for a design that does not come to rest within a time step.

use std::collections::BTreeSet;

use pyhdl_diag::Diagnostic;
use pyhdl_ir::{Design, ProcessId, SignalId};

use crate::codes;

/// How many signals and processes are named.
const NAMED: usize = 6;

/// What changed and what ran in the last rounds.
#[derive(Debug, Default)]
pub(crate) struct Culprits {
    pub signals: BTreeSet<SignalId>,
    pub processes: BTreeSet<ProcessId>,
}

impl Culprits {
    /// How many rounds before the limit are watched.
    pub const ROUNDS: u64 = 200;

    pub fn diagnostic(&self, design: &Design, time: u64) -> Diagnostic {
        let mut names: Vec<String> =
            self.signals.iter().take(NAMED).map(|s| format!("`{}`", design.signal_path(*s))).collect();
        if self.signals.len() > NAMED {
            names.push(format!("{} more", self.signals.len() - NAMED));
        }
        let message = if names.is_empty() {
            format!("time does not advance beyond {time}: processes wait for `delay(0)` again and again")
        } else {
            format!("combinational loop does not settle at time {time}: {} keep changing", names.join(", "))
        };
        let mut diagnostic = Diagnostic::error(codes::DELTA_LIMIT, message);
        for process in self.processes.iter().take(NAMED) {
            let process = &design.processes[*process];
            diagnostic = diagnostic.at(process.span, format!("`{}` runs again and again", process.name));
        }
        for signal in self.signals.iter().take(NAMED) {
            let signal = &design.signals[*signal];
            diagnostic = diagnostic.at(signal.span, format!("`{}` keeps changing", signal.name));
        }
        diagnostic.help("break the loop with a register, or with a condition under which the value stays")
    }
}
